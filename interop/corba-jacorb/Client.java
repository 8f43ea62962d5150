// The contract of farcall's built-in services, called by the ORB of Java that system properties name:
//     Client HOST:PORT VERSION [IOR OF echo]
// Some have wide text only with a reference that says the code sets. With TLS where $SCHEME is ssliop.

import farcall.*;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.omg.CORBA.Any;
import org.omg.CORBA.BAD_OPERATION;
import org.omg.CORBA.CompletionStatus;
import org.omg.CORBA.MARSHAL;
import org.omg.CORBA.OBJECT_NOT_EXIST;
import org.omg.CORBA.ORB;
import org.omg.CORBA.SystemException;
import org.omg.CORBA.TCKind;

public final class Client {
    private static String address;
    private static String version;
    private static ORB orb;

    public static void main(String[] args) throws Exception {
        address = args[0];
        version = args[1];
        orb = ORB.init(new String[0], new Properties());
        try {
            checks(args.length > 2 ? orb.string_to_object(args[2]) : at("echo"));
        } catch (Exception why) {
            Tap.bailOut(why);
        }
        Tap.done();
        orb.destroy();
    }

    private static void checks(org.omg.CORBA.Object echo) throws Exception {
        texts();
        echoes(EchoHelper.narrow(at("echo")));
        if (version.equals("1.2")) wide(EchoHelper.narrow(echo));
        references();
        bank();
        faults();
    }

    private static org.omg.CORBA.Object at(String key) {
        String scheme = System.getenv().getOrDefault("SCHEME", "iiop");
        return orb.string_to_object("corbaloc:" + scheme + ":" + version + "@" + address + "/" + key);
    }

    private static void texts() {
        Fortune fortune = FortuneHelper.narrow(at("fortune"));
        Tap.equal("get_cookie", () -> fortune.get_cookie().length() > 0, true);
        Tap.equal("_is_a", () -> fortune._is_a("IDL:farcall/Fortune:1.0"), true);
        Tap.equal("not _is_a", () -> fortune._is_a("IDL:farcall/Bank:1.0"), false);
        Tap.equal("not _non_existent", () -> fortune._non_existent(), false);
        Tap.equal("_non_existent", () -> at("nobody")._non_existent(), true);
        Strings strings = StringsHelper.narrow(at("strings"));
        Tap.equal("reverse", () -> strings.reverse("farcall"), "llacraf");
        Tap.equal("upper, ISO 8859-1", () -> strings.upper("j\u00f6rg"), "J\u00d6RG");
        Tap.equal("join", () -> strings.join(new String[] {"a", "", "b"}, "-"), "a--b");
        Tap.equal("split", () -> strings.split("a,b", ","), new String[] {"a", "b"});
        Tap.equal("word_count", () -> strings.text_word_count("to be or not"), 4);
    }

    private static void echoes(Echo echo) {
        Tap.equal("nothing", () -> { echo.nothing(); return true; }, true);
        Tap.equal("bool", () -> echo.bool(true) && !echo.bool(false), true);
        Tap.equal("u8", () -> echo.u8((byte) 255), (byte) 255);
        Tap.equal("i16", () -> echo.i16(Short.MIN_VALUE), Short.MIN_VALUE);
        Tap.equal("u16", () -> echo.u16((short) 65535), (short) 65535);
        Tap.equal("i32", () -> echo.i32(Integer.MIN_VALUE), Integer.MIN_VALUE);
        Tap.equal("u32", () -> echo.u32(-1), -1);
        Tap.equal("i64", () -> echo.i64(Long.MIN_VALUE), Long.MIN_VALUE);
        Tap.equal("u64", () -> echo.u64(-1L), -1L);
        Tap.equal("f32", () -> echo.f32(Float.NEGATIVE_INFINITY), Float.NEGATIVE_INFINITY);
        for (double x : new double[] {0.1, 5e-324, -0.0, Double.POSITIVE_INFINITY}) {
            Tap.equal("f64 " + x, () -> echo.f64(x), x);
        }
        Tap.equal("decimal", () -> echo.decimal("-12.50"), "-12.50");
        Tap.equal("char", () -> echo._char('x'), 'x');
        Tap.equal("char beyond ASCII", () -> echo._char('\u00e9'), '\u00e9');
        for (String x : new String[] {"", "text", "\u00e9".repeat(1000)}) {
            Tap.equal("string of " + x.length(), () -> echo.string(x), x);
        }
        byte[] octets = new byte[8 << 20];
        for (int i = 0; i < octets.length; i++) octets[i] = (byte) (i % 251);
        Tap.equal("no octets", () -> echo.bytes(new byte[0]), new byte[0]);
        Tap.equal("octets of 8 MiB", () -> echo.bytes(octets), octets);
        int[] numbers = new int[100_000];
        Arrays.setAll(numbers, i -> -i);
        Tap.equal("numbers", () -> echo.numbers(numbers), numbers);
        Tap.equal("array", () -> echo.array(new int[] {1, 2, 3}), new int[] {1, 2, 3});
        Tap.equal("list", () -> echo.list(new String[] {"", "b"}), new String[] {"", "b"});
        Tap.equal("map", () -> {
            Entry[] back = echo.map(new Entry[] {new Entry("a", 1), new Entry("b", -2)});
            return back.length + back[0].key + back[0].value + back[1].key + back[1].value;
        }, "2a1b-2");
        Tap.equal("optional", () -> text(echo.optional(optional("x"))), "x");
        Tap.equal("optional, none", () -> text(echo.optional(optional(null))), null);
        Tap.equal("color", () -> echo.color(Color.green).value(), Color._green);
        Tap.equal("union", () -> {
            Corner[] back = echo.shape(polygon()).polygon();
            return back[1].x + back[1].y;
        }, 5.0);
        Tap.equal("union without a member", () -> {
            Shape point = new Shape();
            point.__default(0);
            return echo.shape(point).discriminator();
        }, 0);
        Tap.equal("structures", () -> {
            Structure[] hundred = new Structure[100];
            Arrays.fill(hundred, structure());
            Structure[] back = echo.structures(hundred);
            return back.length + shown(back[99]);
        }, 100 + shown(structure()));
        Tap.equal("tree", () -> shown(echo.tree(tree())), shown(tree()));
        anys(echo);
    }

    private static void anys(Echo echo) {
        any(echo, "long", a -> a.insert_long(-7));
        any(echo, "double", a -> a.insert_double(0.1));
        any(echo, "string", a -> a.insert_string("x"));
        any(echo, "boolean", a -> a.insert_boolean(true));
        any(echo, "long long", a -> a.insert_longlong(Long.MIN_VALUE));
        any(echo, "struct", a -> StructureHelper.insert(a, structure()));
        any(echo, "union", a -> ShapeHelper.insert(a, polygon()));
        any(echo, "enum", a -> ColorHelper.insert(a, Color.blue));
        any(echo, "sequence", a -> StructuresHelper.insert(a, new Structure[] {structure(), structure()}));
        any(echo, "array", a -> ThreeHelper.insert(a, new int[] {1, 2, 3}),
            a -> Arrays.toString(ThreeHelper.extract(a)));
        any(echo, "recursive struct", a -> TreeHelper.insert(a, tree()), a -> shown(TreeHelper.extract(a)));
        any(echo, "TypeCode", a -> a.insert_TypeCode(StructureHelper.type()));
        any(echo, "any in any", a -> {
            Any inner = orb.create_any();
            inner.insert_short((short) 3);
            a.insert_any(inner);
        });
        Tap.equal("any null", () -> echo.any(orb.create_any()).type().kind(), TCKind.tk_null);
    }

    private static void wide(Echo echo) {
        any(echo, "wstring", a -> a.insert_wstring("\u6f22\u5b57 \ud83d\ude00"));
        any(echo, "wchar", a -> a.insert_wchar('\u6f22'));
    }

    private interface Fill {
        void in(Any any);
    }

    private interface Show {
        String of(Any any);
    }

    private static void any(Echo echo, String name, Fill fill) {
        any(echo, name, fill, null);
    }

    /** Compares what `show` gives, for the ORB of GlassFish cannot compare arrays and recursive structs in anys. */
    private static void any(Echo echo, String name, Fill fill, Show show) {
        Tap.equal("any " + name, () -> {
            Any sent = orb.create_any();
            fill.in(sent);
            Any back = echo.any(sent);
            boolean same = show == null ? back.equal(sent) : show.of(back).equals(show.of(sent));
            return back.type().equivalent(sent.type()) && same;
        }, true);
    }

    private static void references() {
        Echo echo = EchoHelper.narrow(at("echo"));
        Tap.equal("reference nil", () -> echo.reference(null), null);
        Fortune fortune = FortuneHelper.narrow(at("fortune"));
        Tap.equal("reference", () -> echo.reference(fortune).get_cookie().length() > 0, true);
        Tap.equal("IOR made here", () -> {
            String ior = orb.object_to_string(fortune);
            return FortuneHelper.narrow(orb.string_to_object(ior)).get_cookie().length() > 0;
        }, true);
    }

    private static void bank() throws Exception {
        Bank bank = BankHelper.narrow(at("bank"));
        OptionalDouble ten = new OptionalDouble();
        ten.value(10.0);
        Account account = bank.open("ann", ten);
        Tap.equal("account.owner", account::owner, "ann");
        Tap.equal("account.balance", account::balance, 10.0);
        Tap.equal("bank.balance", () -> bank.balance(account.number()), 10.0);
        OptionalDouble none = new OptionalDouble();
        none.__default(false);
        Tap.equal("open without", () -> bank.open("bob", none).balance(), 0.0);
        Tap.equal("account._is_a", () -> account._is_a("IDL:farcall/Account:1.0"), true);
        Tap.equal("account by its IOR", () -> {
            String ior = orb.object_to_string(account);
            return AccountHelper.narrow(orb.string_to_object(ior)).owner();
        }, "ann");
        Tap.raises("withdraw too much", () -> account.withdraw(11.0), thrown -> {
            InsufficientFunds funds = (InsufficientFunds) thrown;
            return funds.balance == 10.0 && funds.requested == 11.0;
        });
        Tap.raises("balance of nobody", () -> bank.balance("nobody"),
            thrown -> ((NoSuchAccount) thrown).account.equals("nobody"));
        Tap.equal("bank.close", () -> bank.close(account.number()), 10.0);
        Tap.raises("a closed account", account::balance, thrown -> thrown instanceof OBJECT_NOT_EXIST);
    }

    private static void faults() {
        system("BAD_OPERATION", BAD_OPERATION.class,
            () -> StringsHelper.unchecked_narrow(at("fortune")).upper("x"));
        system("OBJECT_NOT_EXIST", OBJECT_NOT_EXIST.class,
            () -> StringsHelper.unchecked_narrow(at("nobody")).upper("x"));
        system("MARSHAL", MARSHAL.class, () -> EchoHelper.unchecked_narrow(at("echo")).decimal("x"));
    }

    private static void system(String name, Class<? extends SystemException> kind, Callable<?> call) {
        Tap.raises(name, call, thrown -> kind.isInstance(thrown)
            && ((SystemException) thrown).completed == CompletionStatus.COMPLETED_NO);
    }

    private static OptionalString optional(String text) {
        OptionalString union = new OptionalString();
        if (text == null) union.__default(false);
        else union.value(text);
        return union;
    }

    private static String text(OptionalString union) {
        return union.discriminator() ? union.value() : null;
    }

    private static Shape polygon() {
        Shape shape = new Shape();
        shape.polygon(new Corner[] {new Corner(0.5, 1), new Corner(2, 3)});
        return shape;
    }

    private static Structure structure() {
        return new Structure("n", -1, 0.25, new String[] {"a", ""}, optional("note"));
    }

    private static String shown(Structure s) {
        return s.name + s.size + s.ratio + Arrays.toString(s.tags) + text(s.note);
    }

    private static Tree tree() {
        Tree leaf = new Tree("leaf", new Tree[0]);
        return new Tree("root", new Tree[] {leaf, new Tree("b", new Tree[] {leaf})});
    }

    private static String shown(Tree tree) {
        StringBuilder out = new StringBuilder(tree.label).append('(');
        for (Tree branch : tree.branches) out.append(shown(branch));
        return out.append(')').toString();
    }

    private Client() {}
}
