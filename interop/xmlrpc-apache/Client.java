// The contract of farcall's services, called by Apache XML-RPC 3.1 with its extensions: Client URL

import java.net.URL;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.xmlrpc.XmlRpcException;
import org.apache.xmlrpc.client.XmlRpcClient;
import org.apache.xmlrpc.client.XmlRpcClientConfigImpl;

/** Apache's client against farcall: chunked, compressed, with extensions. Usage: Client URL */
public class Client {
    private static final XmlRpcClient CLIENT = new XmlRpcClient();
    private static int count;
    private static int failed;

    public static void main(String[] arguments) throws Exception {
        XmlRpcClientConfigImpl config = new XmlRpcClientConfigImpl();
        config.setServerURL(new URL(arguments[0]));
        config.setEnabledForExtensions(true);
        config.setContentLengthOptional(true);
        config.setGzipCompressing(true);
        config.setGzipRequesting(true);
        CLIENT.setConfig(config);

        equal("text", "AÉ<&😀", "strings.upper", "aé<&😀");
        equal("a long", 12345678901L, "echo", 12345678901L);
        equal("echo.i64", 12345678901L, "echo.i64", 12345678901L);
        equal("null", null, "echo", (Object) null);
        equal("no result", null, "echo.nothing");
        equal("a short, as an int", 3, "echo", (short) 3);
        equal("a double", 0.1, "echo", 0.1);
        equal("a date", new Date(1795356535000L), "echo", new Date(1795356535000L));
        Map<String, Object> struct = new TreeMap<>();
        struct.put("a", 1);
        struct.put("n", null);
        struct.put("l", 5000000000L);
        equal("a struct", struct, "echo", struct);
        equal("an array", "[1, x, null]", "echo", (Object) new Object[] {1, "x", null});
        equal("octets", "[0, -1]", "echo", (Object) new byte[] {0, -1});
        fault("an unknown method", -32601, "no.such");
        fault("parameters too many", -32602, "strings.upper", "a", "b");
        System.out.println("1.." + count);
        System.exit(failed == 0 ? 0 : 1);
    }

    private static void equal(String name, Object wanted, String method, Object... parameters) {
        Object got;
        try {
            got = CLIENT.execute(method, parameters);
        } catch (XmlRpcException error) {
            got = error;
        }
        if (got instanceof Object[] array) {
            got = Arrays.toString(array);
        } else if (got instanceof byte[] octets) {
            got = Arrays.toString(octets);
        }
        report(Objects.equals(got, wanted), name, got);
    }

    private static void fault(String name, int code, String method, Object... parameters) {
        try {
            report(false, name, CLIENT.execute(method, parameters));
        } catch (XmlRpcException error) {
            report(error.code == code, name, error);
        }
    }

    private static void report(boolean good, String name, Object got) {
        count++;
        System.out.println((good ? "ok " : "not ok ") + count + " - " + name);
        if (!good) {
            failed++;
            System.out.println("# got " + String.valueOf(got).replace('\n', ' '));
        }
    }
}
