/* A server of xmlrpc-c's Abyss. Usage: server PORT */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <xmlrpc-c/base.h>
#include <xmlrpc-c/server.h>
#include <xmlrpc-c/server_abyss.h>

static xmlrpc_value *echo(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call) {
    (void)info, (void)call;
    xmlrpc_value *value = NULL;
    xmlrpc_array_read_item(env, params, 0, &value);
    return value;
}

static xmlrpc_value *nothing(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call) {
    (void)params, (void)info, (void)call;
    return xmlrpc_nil_new(env);
}

static xmlrpc_value *add(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call) {
    (void)info, (void)call;
    xmlrpc_int32 a, b;
    xmlrpc_decompose_value(env, params, "(ii)", &a, &b);
    return env->fault_occurred ? NULL : xmlrpc_int_new(env, a + b);
}

static xmlrpc_value *fail(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call) {
    (void)info, (void)call;
    xmlrpc_int32 code;
    const char *text;
    xmlrpc_decompose_value(env, params, "(is)", &code, &text);
    if (!env->fault_occurred) {
        xmlrpc_env_set_fault(env, code, text);
        free((void *)text);
    }
    return NULL;
}

static xmlrpc_int32 sum(xmlrpc_env *env, xmlrpc_value *stooges) {
    xmlrpc_int32 moe = 0, larry = 0, curly = 0;
    xmlrpc_decompose_value(env, stooges, "{s:i,s:i,s:i,*}", "moe", &moe, "larry", &larry, "curly",
                           &curly);
    return moe + larry + curly;
}

static xmlrpc_value *easy(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call) {
    (void)info, (void)call;
    xmlrpc_value *stooges = NULL;
    xmlrpc_array_read_item(env, params, 0, &stooges);
    xmlrpc_int32 total = env->fault_occurred ? 0 : sum(env, stooges);
    if (stooges)
        xmlrpc_DECREF(stooges);
    return env->fault_occurred ? NULL : xmlrpc_int_new(env, total);
}

static xmlrpc_value *times(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call) {
    (void)info, (void)call;
    xmlrpc_int32 n;
    xmlrpc_decompose_value(env, params, "(i)", &n);
    if (env->fault_occurred)
        return NULL;
    return xmlrpc_build_value(env, "{s:i,s:i,s:i}", "times10", n * 10, "times100", n * 100,
                              "times1000", n * 1000);
}

static const struct xmlrpc_method_info3 methods[] = {
    {.methodName = "echo", .methodFunction = echo},
    {.methodName = "nothing", .methodFunction = nothing},
    {.methodName = "add", .methodFunction = add, .signatureString = "i:ii", .help = "The sum"},
    {.methodName = "fail", .methodFunction = fail},
    {.methodName = "validator1.easyStructTest", .methodFunction = easy},
    {.methodName = "validator1.echoStructTest", .methodFunction = echo},
    {.methodName = "validator1.simpleStructReturnTest", .methodFunction = times},
};

static void check(const xmlrpc_env *env) {
    if (env->fault_occurred) {
        fprintf(stderr, "server: %s\n", env->fault_string);
        exit(1);
    }
}

/* Abyss listens on every address unless it is given a socket. */
static int listen_on(int port) {
    int handle = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (handle < 0 || bind(handle, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("server");
        exit(1);
    }
    return handle;
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_limit_set(XMLRPC_XML_SIZE_LIMIT_ID, 16 * 1024 * 1024);
    xmlrpc_registry *registry = xmlrpc_registry_new(&env);
    check(&env);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        xmlrpc_registry_add_method3(&env, registry, &methods[i]);
        check(&env);
    }
    xmlrpc_server_abyss_parms parms;
    memset(&parms, 0, sizeof parms);
    parms.config_file_name = NULL;
    parms.registryP = registry;
    parms.uri_path = "/RPC2";
    parms.socket_bound = 1;
    parms.socket_handle = listen_on(atoi(argv[1]));
    xmlrpc_server_abyss(&env, &parms, XMLRPC_APSIZE(socket_handle));
    check(&env);
    return 0;
}
