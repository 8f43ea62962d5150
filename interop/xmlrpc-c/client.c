/* xmlrpc-c's client against the contract of farcall's services. Usage: client URL */

#include <stdio.h>
#include <string.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/client.h>

static const char *url;
static int count, failed;

static void report(int good, const char *name, const char *why) {
    printf("%s %d - %s\n", good ? "ok" : "not ok", ++count, name);
    if (!good) {
        printf("# %s\n", why);
        failed++;
    }
}

/* Calls `method` with `params`, which it takes; NULL after a fault. */
static xmlrpc_value *call(xmlrpc_env *env, const char *method, xmlrpc_value *params) {
    xmlrpc_server_info *server = xmlrpc_server_info_new(env, url);
    xmlrpc_value *result = NULL;
    if (!env->fault_occurred) {
        result = xmlrpc_client_call_server_params(env, server, method, params);
        xmlrpc_server_info_free(server);
    }
    xmlrpc_DECREF(params);
    return env->fault_occurred ? NULL : result;
}

static xmlrpc_value *one(xmlrpc_env *env, xmlrpc_value *value) {
    xmlrpc_value *params = xmlrpc_array_new(env);
    xmlrpc_array_append_item(env, params, value);
    xmlrpc_DECREF(value);
    return params;
}

/* The XML of a value: what comparing values is here. */
static void xml_of(xmlrpc_env *env, xmlrpc_value *value, char *into, size_t size) {
    xmlrpc_mem_block *block = xmlrpc_mem_block_new(env, 0);
    xmlrpc_serialize_value(env, block, value);
    size_t length = xmlrpc_mem_block_size(block);
    length = length < size ? length : size - 1;
    memcpy(into, xmlrpc_mem_block_contents(block), length);
    into[length] = 0;
    xmlrpc_mem_block_free(block);
}

/* The method must return exactly `wanted`, which this takes, as it does `params`. */
static void equal(const char *name, const char *method, xmlrpc_value *params,
                  xmlrpc_value *wanted) {
    static char a[65536], b[65536], why[160000];
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *got = call(&env, method, params);
    if (!env.fault_occurred) {
        xml_of(&env, got, a, sizeof a);
        xml_of(&env, wanted, b, sizeof b);
        xmlrpc_DECREF(got);
    }
    if (env.fault_occurred)
        snprintf(why, sizeof why, "%d: %s", env.fault_code, env.fault_string);
    else
        snprintf(why, sizeof why, "got %s wanted %s", a, b);
    for (char *c = why; *c; c++)
        *c = *c == '\n' || *c == '\r' ? ' ' : *c;
    report(!env.fault_occurred && strcmp(a, b) == 0, name, why);
    xmlrpc_DECREF(wanted);
    xmlrpc_env_clean(&env);
}

static void echo(const char *name, xmlrpc_value *value) {
    char label[200];
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_INCREF(value);
    snprintf(label, sizeof label, "echo %s", name);
    equal(label, "echo", one(&env, value), value);
    xmlrpc_env_clean(&env);
}

static void fault(const char *name, const char *method, xmlrpc_value *params, int code) {
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *got = call(&env, method, params);
    report(env.fault_occurred && env.fault_code == code, name,
           env.fault_occurred ? env.fault_string : "no fault");
    if (got)
        xmlrpc_DECREF(got);
    xmlrpc_env_clean(&env);
}

static void echoes(xmlrpc_env *env) {
    unsigned char octets[256];
    for (int i = 0; i < 256; i++)
        octets[i] = (unsigned char)i;
    echo("nil", xmlrpc_nil_new(env));
    echo("boolean", xmlrpc_bool_new(env, 1));
    echo("least i4", xmlrpc_int_new(env, -2147483647 - 1));
    echo("greatest i8", xmlrpc_i8_new(env, 9223372036854775807LL));
    echo("least i8", xmlrpc_i8_new(env, -9223372036854775807LL - 1));
    echo("0.1", xmlrpc_double_new(env, 0.1));
    echo("1/3", xmlrpc_double_new(env, 1.0 / 3));
    echo("1e300", xmlrpc_double_new(env, 1e300));
    echo("minus zero", xmlrpc_double_new(env, -0.0));
    echo("empty text", xmlrpc_string_new(env, ""));
    echo("white space only", xmlrpc_string_new(env, " \t\n "));
    echo("entity text", xmlrpc_string_new(env, "<a href=\"x\">&amp; 'q' ]]> &#65;</a>"));
    echo("Chinese text", xmlrpc_string_new(env, "漢字"));
    echo("all octets", xmlrpc_base64_new(env, sizeof octets, octets));
    echo("empty binary", xmlrpc_base64_new(env, 0, octets));
    echo("date", xmlrpc_datetime_new_str(env, "19980717T14:08:55"));
    echo("empty array", xmlrpc_array_new(env));
    echo("array of one", xmlrpc_build_value(env, "(i)", 1));
    echo("array in array", xmlrpc_build_value(env, "(())"));
    echo("mixed array", xmlrpc_build_value(env, "(isn(){})", 1, "a"));
    echo("empty struct", xmlrpc_struct_new(env));
    echo("struct", xmlrpc_build_value(env, "{s:i,s:s}", "z", 1, "a", "two"));
    echo("odd member name", xmlrpc_build_value(env, "{s:i}", "a b <&> é", 1));
    echo("nested struct", xmlrpc_build_value(env, "{s:{s:({s:()})}}", "a", "b", "c"));
}

static void astral(void) {
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_value *text = xmlrpc_string_new(&env, "😀");
    if (env.fault_occurred)
        report(0, "echo astral text", env.fault_string);
    else
        echo("astral text", text);
    xmlrpc_env_clean(&env);
}

static void services(xmlrpc_env *env) {
    equal("strings.join", "strings.join", xmlrpc_build_value(env, "((sss)s)", "a", "", "b", ", "),
          xmlrpc_string_new(env, "a, , b"));
    equal("strings.reverse", "strings.reverse", xmlrpc_build_value(env, "(s)", "漢 a"),
          xmlrpc_string_new(env, "a 漢"));
    equal("echo.nothing", "echo.nothing", xmlrpc_array_new(env), xmlrpc_nil_new(env));
    equal("echo.f64", "echo.f64", xmlrpc_build_value(env, "(d)", 0.1), xmlrpc_double_new(env, 0.1));
    equal("echo.list", "echo.list", xmlrpc_build_value(env, "((s))", "one"),
          xmlrpc_build_value(env, "(s)", "one"));
    equal("echo.map", "echo.map", xmlrpc_build_value(env, "({s:i})", "a", 1),
          xmlrpc_build_value(env, "{s:i}", "a", 1));
    equal("easyStructTest", "validator1.easyStructTest",
          xmlrpc_build_value(env, "({s:i,s:i,s:i})", "moe", 1, "larry", 2, "curly", 4),
          xmlrpc_int_new(env, 7));
    equal("echoStructTest", "validator1.echoStructTest",
          xmlrpc_build_value(env, "({s:(i),s:{}})", "b", 1, "a"),
          xmlrpc_build_value(env, "{s:(i),s:{}}", "b", 1, "a"));
    fault("unknown method", "no.such.method", xmlrpc_array_new(env), -32601);
    fault("too few parameters", "strings.reverse", xmlrpc_array_new(env), -32602);
    fault("wrong type", "strings.reverse", xmlrpc_build_value(env, "(i)", 5), -32602);
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    url = argv[1];
    setvbuf(stdout, NULL, _IOLBF, 0);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_client_init2(&env, XMLRPC_CLIENT_NO_FLAGS, "interop", "1", NULL, 0);
    echoes(&env);
    astral();
    services(&env);
    xmlrpc_client_cleanup();
    if (env.fault_occurred)
        fprintf(stderr, "client: %s\n", env.fault_string);
    printf("1..%d\n", count);
    return failed || env.fault_occurred;
}
