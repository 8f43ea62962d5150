import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import javax.xml.namespace.QName;
import javax.xml.rpc.ParameterMode;
import org.apache.axis.AxisFault;
import org.apache.axis.Constants;
import org.apache.axis.client.Call;
import org.apache.axis.client.Service;
import org.apache.axis.encoding.ser.BeanDeserializerFactory;
import org.apache.axis.encoding.ser.BeanSerializerFactory;

/** Axis against farcall, rpc/encoded without a WSDL. Usage: Client URL */
public class Client {
    private static String base;
    private static int count;
    private static int failed;

    /** A type that contains itself. */
    public static class Tree {
        private String label;
        private Tree[] branches;

        public Tree() {}

        public Tree(String label, Tree... branches) {
            this.label = label;
            this.branches = branches;
        }

        public String getLabel() {
            return label;
        }

        public void setLabel(String label) {
            this.label = label;
        }

        public Tree[] getBranches() {
            return branches;
        }

        public void setBranches(Tree[] branches) {
            this.branches = branches;
        }
    }

    interface Made {
        Object make() throws Exception;
    }

    static void equal(String name, Object wanted, Made made) {
        count++;
        Object got;
        try {
            got = made.make();
        } catch (Exception error) {
            got = error;
        }
        boolean good = Objects.deepEquals(got, wanted);
        System.out.println((good ? "ok " : "not ok ") + count + " - " + name);
        if (!good) {
            failed++;
            System.out.println("# got    " + shown(got) + "\n# wanted " + shown(wanted));
        }
    }

    static String shown(Object value) {
        return value instanceof Object[] items ? Arrays.deepToString(items) : String.valueOf(value).replace("\n", "\n# ");
    }

    /** A call of an operation with one parameter and a result of that type; null for whatever comes. */
    static Call call(String service, String namespace, String operation, QName type) throws Exception {
        Call call = (Call) new Service().createCall();
        call.setTargetEndpointAddress(base + "/" + service);
        call.setOperationName(new QName("urn:farcall:" + namespace, operation));
        call.setTimeout(20000);
        QName tree = new QName("urn:farcall:Echo", "TreeType");
        call.registerTypeMapping(
                Tree.class, tree, new BeanSerializerFactory(Tree.class, tree), new BeanDeserializerFactory(Tree.class, tree));
        if (type != null) {
            call.setReturnType(type);
        }
        return call;
    }

    static Object echo(String operation, QName type, Object value) throws Exception {
        Call call = call("echo", "Echo", operation, type);
        call.addParameter("x", type, ParameterMode.IN);
        return call.invoke(new Object[] {value});
    }

    static Object any(Object value) throws Exception {
        Call call = call("echo", "Echo", "any", Constants.XSD_ANYTYPE);
        call.addParameter("x", Constants.XSD_ANYTYPE, ParameterMode.IN);
        Object got = call.invoke(new Object[] {value});
        return got instanceof List<?> items ? items.toArray() : got;
    }

    public static void main(String[] arguments) {
        base = arguments[0].replaceFirst("/RPC2$", "");
        equal("fortune", true, () -> !call("fortune", "Fortune", "get_cookie", Constants.XSD_STRING).invoke(new Object[] {}).equals(""));
        equal("reverse, its parameter without a name", "cba", () -> {
            // without a type either: the reply says none
            Object got = call("strings", "Strings", "reverse", null).invoke(new Object[] {"abc"});
            return got instanceof org.w3c.dom.Element element ? element.getTextContent() : got;
        });
        equal("join", "a-b", () -> {
            Call call = call("strings", "Strings", "join", Constants.XSD_STRING);
            call.addParameter("parts", Constants.SOAP_ARRAY, ParameterMode.IN);
            call.addParameter("separator", Constants.XSD_STRING, ParameterMode.IN);
            return call.invoke(new Object[] {new String[] {"a", "b"}, "-"});
        });
        equal("echo.bool", true, () -> echo("bool", Constants.XSD_BOOLEAN, true));
        equal("echo.i32", Integer.MIN_VALUE, () -> echo("i32", Constants.XSD_INT, Integer.MIN_VALUE));
        equal("echo.i64", Long.MAX_VALUE, () -> echo("i64", Constants.XSD_LONG, Long.MAX_VALUE));
        for (double number : new double[] {0.1, -1e300, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
            equal("echo.f64 " + number, number, () -> echo("f64", Constants.XSD_DOUBLE, number));
        }
        BigDecimal digits = new BigDecimal("-12345678901234567890123456789012345.678");
        equal("echo.decimal", digits, () -> echo("decimal", Constants.XSD_DECIMAL, digits));
        for (String text : new String[] {"", "a<b>&\"'", "😀漢字", "  spaces  "}) {
            equal("echo.string " + text, text, () -> echo("string", Constants.XSD_STRING, text));
        }
        byte[] octets = {0, 1, (byte) 255};
        equal("echo.bytes", octets, () -> echo("bytes", Constants.XSD_BASE64, octets));
        equal("echo.optional nil", null, () -> echo("optional", Constants.XSD_STRING, null));
        Calendar when = Calendar.getInstance(TimeZone.getTimeZone("GMT+05:30"));
        when.setTimeInMillis(1795000000250L);
        // Axis writes the moment in UTC
        equal("echo.datetime", when.getTimeInMillis(), () ->
                ((Calendar) echo("datetime", Constants.XSD_DATETIME, when)).getTimeInMillis());
        equal("echo.any int", 5, () -> any(5));
        equal("echo.any text", "x", () -> any("x"));
        equal("echo.any nil", null, () -> any(null));
        equal("echo.any array", new Object[] {1, "two", null}, () -> any(new Object[] {1, "two", null}));
        equal("echo.any empty array", new Object[] {}, () -> any(new Object[] {}));
        Map<Object, Object> map = new HashMap<>(Map.of("k", 1, "v", "two"));
        equal("echo.any map", map, () -> any(map));
        equal("echo.any empty map", new HashMap<>(), () -> any(new HashMap<>()));
        QName tree = new QName("urn:farcall:Echo", "TreeType");
        Tree leaf = new Tree("leaf");
        equal("a bean, and one that is shared", "root", () -> {
            Call call = call("echo", "Echo", "tree", Constants.XSD_ANYTYPE);
            call.setReturnType(tree, Tree.class);
            call.addParameter("x", tree, ParameterMode.IN);
            call.invoke(new Object[] {new Tree("root", leaf, leaf)});
            return call.getMessageContext().getResponseMessage().getSOAPPartAsString().split("leaf").length == 3
                    ? "root" : call.getMessageContext().getResponseMessage().getSOAPPartAsString();
        });
        equal("a cycle is refused by name", true, () -> {
            Tree cycle = new Tree("r");
            cycle.setBranches(new Tree[] {cycle});
            try {
                return echo("tree", tree, cycle);
            } catch (AxisFault fault) {
                return fault.getFaultString().contains("cycle") ? true : fault.getFaultString();
            }
        });
        equal("the caller's mistake is said to be his", "Client", () -> {
            try {
                return echo("i32", Constants.XSD_STRING, "many");
            } catch (AxisFault fault) {
                return fault.getFaultCode().getLocalPart();
            }
        });
        System.out.println("1.." + count);
        System.exit(failed > 0 ? 1 : 0);
    }
}
