// The services by Apache XML-RPC 3.1, for farcall to call: Server PORT

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.xmlrpc.server.PropertyHandlerMapping;
import org.apache.xmlrpc.server.XmlRpcServerConfigImpl;
import org.apache.xmlrpc.webserver.WebServer;

/** What Apache's server writes when its extensions are on. Usage: Server PORT */
public class Server {
    public static class Odds {
        public Object echo(Map<String, Object> value) {
            return value;
        }

        public Map<String, Object> extensions() {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("wide", 12345678901L);
            all.put("nil", null);
            all.put("single", 1.5f);
            all.put("short", (short) 3);
            all.put("byte", (byte) 4);
            all.put("decimal", new BigDecimal("1.50"));
            all.put("integer", new BigInteger("12345678901234567890123"));
            return all;
        }

        public Object fail(int code) {
            throw new IllegalStateException("too <bad>");
        }
    }

    public static void main(String[] arguments) throws Exception {
        WebServer server = new WebServer(Integer.parseInt(arguments[0]));
        PropertyHandlerMapping mapping = new PropertyHandlerMapping();
        mapping.addHandler("h", Odds.class);
        server.getXmlRpcServer().setHandlerMapping(mapping);
        ((XmlRpcServerConfigImpl) server.getXmlRpcServer().getConfig()).setEnabledForExtensions(true);
        server.start();
        System.out.println("serving");
    }
}
