import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.jws.WebMethod;
import javax.jws.WebParam;
import javax.jws.WebResult;
import javax.jws.WebService;
import javax.xml.bind.annotation.XmlAccessType;
import javax.xml.bind.annotation.XmlAccessorType;
import javax.xml.bind.annotation.XmlElement;
import javax.xml.bind.annotation.XmlRootElement;
import javax.xml.namespace.QName;
import javax.xml.ws.BindingType;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.Endpoint;
import javax.xml.ws.RequestWrapper;
import javax.xml.ws.ResponseWrapper;
import javax.xml.ws.Service;
import javax.xml.ws.WebServiceFeature;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.soap.Addressing;
import javax.xml.ws.soap.AddressingFeature;
import javax.xml.ws.soap.MTOM;
import javax.xml.ws.soap.MTOMFeature;
import javax.xml.ws.soap.SOAPBinding;

/** The JAX-WS reference implementation by MTOM. Usage: Peer client URL, or Peer server PORT */
public class Peer {
    static final String NAMESPACE = "urn:farcall:Echo";

    // the wrappers, which the runtime would make by a library that Debian leaves out
    @XmlRootElement(name = "bytes", namespace = NAMESPACE)
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class Bytes {
        @XmlElement(name = "x", namespace = NAMESPACE)
        public byte[] x;
    }

    @XmlRootElement(name = "bytesResponse", namespace = NAMESPACE)
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class BytesResponse {
        @XmlElement(name = "return", namespace = NAMESPACE)
        public byte[] _return;
    }

    @XmlRootElement(name = "string", namespace = NAMESPACE)
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class String_ {
        @XmlElement(name = "x", namespace = NAMESPACE)
        public String x;
    }

    @XmlRootElement(name = "stringResponse", namespace = NAMESPACE)
    @XmlAccessorType(XmlAccessType.FIELD)
    public static class StringResponse {
        @XmlElement(name = "return", namespace = NAMESPACE)
        public String _return;
    }

    /** So much of farcall's echo as it takes to see octets. */
    @WebService(name = "Echo", targetNamespace = NAMESPACE)
    public interface Echo {
        @WebMethod(action = NAMESPACE + "#bytes")
        @RequestWrapper(localName = "bytes", targetNamespace = NAMESPACE, className = "Peer$Bytes")
        @ResponseWrapper(localName = "bytesResponse", targetNamespace = NAMESPACE, className = "Peer$BytesResponse")
        @WebResult(name = "return", targetNamespace = NAMESPACE)
        byte[] bytes(@WebParam(name = "x", targetNamespace = NAMESPACE) byte[] x);

        @WebMethod(action = NAMESPACE + "#string")
        @RequestWrapper(localName = "string", targetNamespace = NAMESPACE, className = "Peer$String_")
        @ResponseWrapper(localName = "stringResponse", targetNamespace = NAMESPACE, className = "Peer$StringResponse")
        @WebResult(name = "return", targetNamespace = NAMESPACE)
        String string(@WebParam(name = "x", targetNamespace = NAMESPACE) String x);
    }

    @MTOM(threshold = 500)
    @WebService(endpointInterface = "Peer$Echo", targetNamespace = NAMESPACE)
    public static class Mirror implements Echo {
        public byte[] bytes(byte[] x) {
            return x;
        }

        public String string(String x) {
            return x;
        }
    }

    @MTOM(threshold = 500)
    @BindingType(SOAPBinding.SOAP12HTTP_BINDING)
    @WebService(endpointInterface = "Peer$Echo", targetNamespace = NAMESPACE)
    public static class Mirror12 extends Mirror {}

    /** Wants the headers of WS-Addressing. */
    @Addressing(required = true)
    @WebService(endpointInterface = "Peer$Echo", targetNamespace = NAMESPACE)
    public static class Addressed extends Mirror {}

    private static int count;
    private static int failed;

    static void check(String name, boolean good, Object why) {
        count++;
        System.out.println((good ? "ok " : "not ok ") + count + " - " + name);
        if (!good) {
            failed++;
            System.out.println("# " + why);
        }
    }

    static byte[] octets(int size) {
        byte[] octets = new byte[size];
        for (int at = 0; at < size; at++) {
            octets[at] = (byte) (at * 7 ^ at >> 8);
        }
        return octets;
    }

    static Echo connect(String url, String port, WebServiceFeature... features) throws Exception {
        Service service = Service.create(new URL(url + "/echo?wsdl12"), new QName(NAMESPACE, "Echo"));
        return service.getPort(new QName(NAMESPACE, port), Echo.class, features);
    }

    static String replyType(Echo echo) {
        Map<String, Object> context = ((BindingProvider) echo).getResponseContext();
        @SuppressWarnings("unchecked")
        Map<String, List<String>> headers =
            (Map<String, List<String>>) context.get(MessageContext.HTTP_RESPONSE_HEADERS);
        return String.valueOf(headers.get("Content-type") == null
            ? headers.get("content-type") : headers.get("Content-type"));
    }

    static void client(String url) throws Exception {
        for (String port : new String[] {"EchoPort", "EchoPort12"}) {
            String version = port.endsWith("12") ? "1.2" : "1.1";
            Echo echo = connect(url, port, new MTOMFeature(500));
            for (int size : new int[] {0, 499, 500, 5000, 1 << 20, 16 << 20}) {
                byte[] sent = octets(size);
                byte[] got = echo.bytes(sent);
                check(version + ": " + size + " octets", Arrays.equals(sent, got), got.length);
                boolean mtom = replyType(echo).contains("multipart/related");
                check(version + ": reply to them by MTOM", mtom == size >= 1024, replyType(echo));
            }
            Echo plain = connect(url, port);
            check(version + ": without MTOM", Arrays.equals(octets(5000), plain.bytes(octets(5000))), "");
            check(version + ": reply without MTOM", !replyType(plain).contains("multipart"), replyType(plain));
            String text = "ä < € &";
            check(version + ": text beside it", text.equals(echo.string(text)), "");
            Echo addressed = connect(url, port, new AddressingFeature(true, true), new MTOMFeature(500));
            check(version + ": WS-Addressing", text.equals(addressed.string(text)), "");
            check(version + ": WS-Addressing and MTOM",
                Arrays.equals(octets(9000), addressed.bytes(octets(9000))), "");
        }
        System.out.println("1.." + count);
        System.exit(failed == 0 ? 0 : 1);
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("client")) {
            client(args[1]);
            return;
        }
        String base = "http://127.0.0.1:" + args[1];
        Endpoint.publish(base + "/echo", new Mirror());
        Endpoint.publish(base + "/echo12", new Mirror12());
        Endpoint.publish(base + "/addressed", new Addressed());
    }
}
