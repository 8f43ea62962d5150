import bank.*;
import echo.*;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import javax.jws.WebService;
import javax.xml.datatype.Duration;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.ws.Endpoint;
import javax.xml.ws.soap.SOAPFaultException;
import javax.xml.ws.wsaddressing.W3CEndpointReference;

/** JAX-WS as the server of our interfaces. Usage: Server PORT */
public class Server {
    public static void main(java.lang.String[] arguments) {
        java.lang.String base = "http://127.0.0.1:" + arguments[0];
        Endpoint.publish(base + "/echo", new Mirror());
        Endpoint.publish(base + "/bank", new Vault());
    }

    /** Gives everything back. */
    @WebService(endpointInterface = "echo.Echo", targetNamespace = "urn:farcall:Echo", serviceName = "Echo", portName = "EchoPort")
    public static class Mirror implements Echo {
        public void nothing() {}
        public boolean bool(boolean x) { return x; }
        public byte i8(byte x) { return x; }
        public short u8(short x) { return x; }
        public short i16(short x) { return x; }
        public int u16(int x) { return x; }
        public int i32(int x) { return x; }
        public long u32(long x) { return x; }
        public long i64(long x) { return x; }
        public BigInteger u64(BigInteger x) { return x; }
        public float f32(float x) { return x; }
        public double f64(double x) { return x; }
        public BigDecimal decimal(BigDecimal x) { return x; }
        public java.lang.String _char(java.lang.String x) { return x; }
        public java.lang.String string(java.lang.String x) { return x; }
        public byte[] bytes(byte[] x) { return x; }
        public XMLGregorianCalendar datetime(XMLGregorianCalendar x) { return x; }
        public XMLGregorianCalendar date(XMLGregorianCalendar x) { return x; }
        public XMLGregorianCalendar time(XMLGregorianCalendar x) { return x; }
        public Duration duration(Duration x) { return x; }
        public List<java.lang.String> list(List<java.lang.String> x) { return x; }
        public List<Integer> numbers(List<Integer> x) { return x; }
        public List<Integer> array(List<Integer> x) { return x; }
        public MapOfStringToInt map(MapOfStringToInt x) { return x; }
        public MapOfIntToString numbered(MapOfIntToString x) { return x; }
        public java.lang.String optional(java.lang.String x) { return x; }
        public List<java.lang.String> optionals(List<java.lang.String> x) { return x; }
        public TupleOfStringAndInt pair(TupleOfStringAndInt x) { return x; }
        public ColorType color(ColorType x) { return x; }
        public ShapeType shape(ShapeType x) { return x; }
        public StructureType structure(StructureType x) { return x; }
        public List<StructureType> structures(List<StructureType> x) { return x; }
        public ScalarsType scalars(ScalarsType x) { return x; }
        public SparseType sparse(SparseType x) { return x; }
        public TreeType tree(TreeType x) { return x; }
        public java.lang.Object any(java.lang.Object x) { return x; }
        public W3CEndpointReference reference(W3CEndpointReference x) { return x; }
    }

    /** Has two accounts, and refuses what changes them. */
    @WebService(endpointInterface = "bank.Bank", targetNamespace = "urn:farcall:Bank", serviceName = "Bank", portName = "BankPort")
    public static class Vault implements Bank {
        public W3CEndpointReference open(java.lang.String owner, Double initial) { throw new UnsupportedOperationException("open"); }
        public W3CEndpointReference account(java.lang.String number) { throw new UnsupportedOperationException("account"); }
        public double deposit(java.lang.String account, double amount) { return amount; }

        public double withdraw(java.lang.String account, double amount) throws InsufficientFundsFault {
            InsufficientFunds funds = new InsufficientFunds();
            funds.setBalance(1.5);
            funds.setRequested(amount);
            throw new InsufficientFundsFault("too poor", funds);
        }

        public double balance(java.lang.String account) throws NoSuchAccountFault {
            NoSuchAccount missing = new NoSuchAccount();
            missing.setAccount(account);
            throw new NoSuchAccountFault("no such account", missing);
        }

        public List<Statement> accounts(java.lang.String owner) {
            Stream<java.lang.String> ids = "nobody".equals(owner) ? Stream.of() : Stream.of("A", "B");
            return ids.map(id -> {
                Statement account = new Statement();
                account.setId(id);
                account.setOwner(owner);
                account.setBalance(0.5);
                return account;
            }).toList();
        }

        /** An undeclared fault of the caller's. */
        public double close(java.lang.String account) {
            try {
                var factory = javax.xml.soap.SOAPFactory.newInstance();
                var code = new javax.xml.namespace.QName("http://schemas.xmlsoap.org/soap/envelope/", "Client");
                throw new SOAPFaultException(factory.createFault("an undeclared fault", code));
            } catch (javax.xml.soap.SOAPException error) {
                throw new IllegalStateException(error);
            }
        }
    }
}
