import bank.*;
import echo.*;
import fortune.*;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.xml.bind.JAXB;
import javax.xml.bind.JAXBElement;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.namespace.QName;
import javax.xml.ws.soap.SOAPFaultException;
import javax.xml.ws.wsaddressing.W3CEndpointReference;
import javax.xml.ws.wsaddressing.W3CEndpointReferenceBuilder;

/** JAX-WS's generated proxies against farcall. Usage: Client BASE-URL */
public class Client {
    private static int count;
    private static int failed;

    interface Test {
        boolean test() throws Exception;
    }

    static void report(boolean good, java.lang.String name, java.lang.Object why) {
        count++;
        System.out.println((good ? "ok " : "not ok ") + count + " - " + name);
        if (!good) {
            failed++;
            System.out.println("# " + java.lang.String.valueOf(why).replace("\n", "\n# "));
        }
    }

    static void isTrue(java.lang.String name, Test test) {
        try {
            report(test.test(), name, "not true");
        } catch (Exception error) {
            report(false, name, error);
        }
    }

    /** Calls an operation of echo with a value, which must come back. */
    static <T> void same(java.lang.String name, UnaryOperator<T> operation, T value) {
        try {
            T got = operation.apply(value);
            report(Objects.deepEquals(plain(got), plain(value)), name, "got    " + plain(got) + "\nwanted " + plain(value));
        } catch (Exception error) {
            report(false, name, error);
        }
    }

    /** A bean as its XML, for beans do not compare. */
    static java.lang.Object plain(java.lang.Object value) {
        if (value instanceof List<?> items) {
            return items.stream().map(Client::plain).toList().toString();
        }
        if (value == null || !value.getClass().getName().startsWith("echo.") || value instanceof Enum) {
            return value;
        }
        StringWriter out = new StringWriter();
        JAXB.marshal(value, out);
        return out.toString();
    }

    public static void main(java.lang.String[] arguments) throws Exception {
        java.lang.String base = arguments[0];
        System.setProperty("javax.xml.accessExternalSchema", "http");
        Fortune fortune = new Fortune_Service(new URL(base + "/fortune?wsdl")).getFortunePort();
        isTrue("fortune", () -> !fortune.getCookie().isEmpty());
        banking(new Bank_Service(new URL(base + "/bank?wsdl")).getBankPort());
        Echo echo = new Echo_Service(new URL(base + "/echo?wsdl")).getEchoPort();
        scalars(echo);
        compounds(echo);
        keeps(echo);
        isTrue("the caller's mistake is said to be his", () -> {
            try {
                echo._char("two");
                return false;
            } catch (SOAPFaultException error) {
                return error.getFault().getFaultCodeAsQName().getLocalPart().equals("Client");
            }
        });
        System.out.println("1.." + count);
        System.exit(failed > 0 ? 1 : 0);
    }

    static void banking(Bank bank) throws Exception {
        isTrue("no accounts", () -> bank.accounts("nobody").isEmpty());
        isTrue("open gives a reference", () -> bank.open("jaxws", 10.0).toString().contains("/bank/A"));
        Statement account = bank.accounts("jaxws").get(0);
        isTrue("accounts", () -> account.getOwner().equals("jaxws") && account.getBalance() == 10);
        isTrue("deposit", () -> bank.deposit(account.getId(), 2.5) == 12.5);
        isTrue("a typed fault with its members", () -> {
            try {
                bank.withdraw(account.getId(), 99);
                return false;
            } catch (InsufficientFundsFault fault) {
                return fault.getFaultInfo().getBalance() == 12.5 && fault.getFaultInfo().getRequested() == 99;
            }
        });
        isTrue("another typed fault", () -> {
            try {
                bank.balance("X");
                return false;
            } catch (NoSuchAccountFault fault) {
                return fault.getFaultInfo().getAccount().equals("X");
            }
        });
    }

    static void scalars(Echo echo) throws Exception {
        same("bool", echo::bool, true);
        same("i8", echo::i8, Byte.MIN_VALUE);
        same("u8", echo::u8, (short) 255);
        same("i16", echo::i16, Short.MIN_VALUE);
        same("u16", echo::u16, 65535);
        same("i32", echo::i32, Integer.MIN_VALUE);
        same("u32", echo::u32, 4294967295L);
        same("i64", echo::i64, Long.MIN_VALUE);
        same("u64", echo::u64, new BigInteger("18446744073709551615"));
        same("f32", echo::f32, 1.5f);
        for (double number : new double[] {0.1, -1e300, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
            same("f64 " + number, echo::f64, number);
        }
        BigDecimal digits = new BigDecimal("-12345678901234567890123456789012345.678");
        same("decimal of 38 digits", echo::decimal, digits);
        same("char", echo::_char, "é");
        for (java.lang.String text : List.of("", "a<b>&\"'", "  spaces  ", "😀漢字")) {
            same("string " + text, echo::string, text);
        }
        byte[] big = new byte[1 << 20];
        new Random(1).nextBytes(big);
        same("bytes", echo::bytes, new byte[] {0, 1, -1});
        same("bytes 1 MiB", echo::bytes, big);
        DatatypeFactory types = DatatypeFactory.newInstance();
        for (java.lang.String zone : List.of("Z", "", "+05:30", "-08:00", ".250Z")) {
            same("datetime " + zone, echo::datetime, types.newXMLGregorianCalendar("2026-11-22T14:08:55" + zone));
        }
        same("date", echo::date, types.newXMLGregorianCalendar("2026-11-22"));
        same("time", echo::time, types.newXMLGregorianCalendar("14:08:55"));
        same("duration", echo::duration, types.newDuration("P1DT2H3M4.5S"));
        same("color", echo::color, ColorType.GREEN);
        ScalarsType all = new ScalarsType();
        all.setTruth(true);
        all.setTiny(Byte.MIN_VALUE);
        all.setOctet((short) 255);
        all.setSmall(Short.MIN_VALUE);
        all.setUsmall(65535);
        all.setMiddle(Integer.MIN_VALUE);
        all.setUmiddle(4294967295L);
        all.setLarge(Long.MIN_VALUE);
        all.setUlarge(new BigInteger("18446744073709551615"));
        all.setSingle(1.5f);
        all.setDouble(0.1);
        all.setExact(digits);
        all.setText(" a<b>&\"' ]]> 😀 ");
        all.setOctets(new byte[] {0, -1});
        all.setMoment(types.newXMLGregorianCalendar("2026-11-22T14:08:55.25+05:30"));
        all.setDay(types.newXMLGregorianCalendar("2026-11-22"));
        all.setClock(types.newXMLGregorianCalendar("14:08:55"));
        all.setSpan(types.newDuration("P1DT2H3M4.5S"));
        all.setColor(ColorType.BLUE);
        same("scalars", echo::scalars, all);
    }

    static MapOfStringToInt map(java.lang.String... keys) {
        MapOfStringToInt map = new MapOfStringToInt();
        for (java.lang.String key : keys) {
            MapOfStringToInt.Entry entry = new MapOfStringToInt.Entry();
            entry.setKey(key);
            entry.setValue(key.length());
            map.getEntry().add(entry);
        }
        return map;
    }

    static void compounds(Echo echo) {
        isTrue("nothing", () -> {
            echo.nothing();
            return true;
        });
        for (List<java.lang.String> list : List.of(List.<java.lang.String>of(), List.of("one"), List.of("a", "", "c"))) {
            same("list of " + list.size(), echo::list, list);
        }
        same("numbers", echo::numbers, List.of(1, -2));
        same("array", echo::array, List.of(1, 2, 3));
        for (java.lang.String text : Arrays.asList("x", "", null)) {
            same("optional " + text, echo::optional, text);
        }
        same("optionals", echo::optionals, Arrays.asList(null, "x", null));
        same("map", echo::map, map("a", "bb"));
        same("map of none", echo::map, map());
        MapOfIntToString numbered = new MapOfIntToString();
        MapOfIntToString.Entry entry = new MapOfIntToString.Entry();
        entry.setKey(7);
        entry.setValue("seven");
        numbered.getEntry().add(entry);
        same("numbered", echo::numbered, numbered);
        TupleOfStringAndInt pair = new TupleOfStringAndInt();
        pair.setItem1("a");
        pair.setItem2(1);
        same("pair", echo::pair, pair);
        ShapeType point = new ShapeType();
        point.setPoint(new NothingType());
        same("shape point", echo::shape, point);
        ShapeType circle = new ShapeType();
        circle.setCircle(1.5);
        same("shape circle", echo::shape, circle);
        Corner corner = new Corner();
        corner.setX(1);
        corner.setY(-2);
        ShapeType polygon = new ShapeType();
        polygon.setPolygon(new ListOfCorner());
        polygon.getPolygon().getItem().add(corner);
        same("shape polygon", echo::shape, polygon);
        StructureType one = new StructureType();
        one.setName("n");
        one.setSize(1);
        one.setRatio(0.5);
        one.getTags().add("t");
        StructureType two = new StructureType();
        two.setName("");
        two.setNote("x");
        same("structure", echo::structure, one);
        same("structures", echo::structures, List.of(one, two));
        TreeType tree = new TreeType();
        TreeType leaf = new TreeType();
        tree.setLabel("r");
        leaf.setLabel("l");
        tree.getBranches().addAll(List.of(leaf, leaf));
        same("tree", echo::tree, tree);
        for (java.lang.Object any : Arrays.asList(5, "five", 1.5, true, null)) {
            same("any " + any, echo::any, any);
        }
        W3CEndpointReference reference = new W3CEndpointReferenceBuilder().address("http://127.0.0.1:1/x").build();
        isTrue("reference", () -> echo.reference(reference).toString().contains("http://127.0.0.1:1/x"));
    }

    static void keeps(Echo echo, java.lang.String what, Consumer<SparseType> fill) {
        SparseType sparse = new SparseType();
        sparse.setMap(map("a"));
        fill.accept(sparse);
        same("keeps " + what, echo::sparse, sparse);
    }

    static void keeps(Echo echo) {
        keeps(echo, "None", sparse -> {});
        keeps(echo, "\"\"", sparse -> sparse.setText(""));
        keeps(echo, "[]", sparse -> sparse.setList(new ListOfString()));
        keeps(echo, "[one]", sparse -> {
            sparse.getTexts().add("one");
            sparse.setList(new ListOfString());
            sparse.getList().getItem().add("");
        });
        keeps(echo, "{}", sparse -> {
            sparse.setMap(map());
            sparse.setDictionary(map());
        });
        keeps(echo, "nil", sparse -> {
            QName name = new QName("urn:farcall:Echo", "nil");
            JAXBElement<java.lang.String> nil = new JAXBElement<>(name, java.lang.String.class, null);
            nil.setNil(true);
            sparse.setNil(nil);
        });
        keeps(echo, "[nil]", sparse -> sparse.getNils().addAll(Arrays.asList(null, "", null)));
    }
}
