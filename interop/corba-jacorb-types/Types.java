// Every construct of kinds.idl, called by JacORB's compiled stubs: Types HOST:PORT VERSION KEY

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.Callable;
import kinds.*;
import org.omg.CORBA.Any;
import org.omg.CORBA.CompletionStatus;
import org.omg.CORBA.DoubleHolder;
import org.omg.CORBA.IntHolder;
import org.omg.CORBA.NO_PERMISSION;
import org.omg.CORBA.ORB;
import org.omg.CORBA.Policy;
import org.omg.CORBA.SetOverrideType;
import org.omg.CORBA.StringHolder;
import org.omg.CORBA.TCKind;
import org.omg.CORBA.TypeCode;
import org.omg.Messaging.RELATIVE_RT_TIMEOUT_POLICY_TYPE;

public final class Types {
    private static ORB orb;

    public static void main(String[] args) throws Exception {
        String version = args[1], key = args[2];
        orb = ORB.init(new String[0], new Properties());
        Values.register(orb);
        Echo echo = EchoHelper.narrow(orb.string_to_object("corbaloc:iiop:" + version + "@" + args[0] + "/" + key));
        scalars(echo);
        sequences(echo);
        unions(echo);
        anys(echo);
        if (version.equals("1.2")) {
            wide(echo);
            // the typed server of farcall has values without cycles
            values(echo, !key.equals("echo"));
        }
        rest(echo);
        Tap.done();
        orb.destroy();
    }

    private static Basic basic() {
        return new Basic(true, (byte) 255, 'x', Short.MIN_VALUE, (short) -1, Integer.MIN_VALUE, -1, Long.MIN_VALUE,
            -1L, 0.5f, 0.1, "text");
    }

    private static String shown(Basic b) {
        return b.flag + " " + b.small + b.letter + b.s + " " + b.us + " " + b.l + " " + b.ul + " " + b.ll + " " + b.ull
            + " " + b.f + " " + b.d + b.text;
    }

    private static Nested nested() {
        return new Nested(basic(), Color.green, new byte[] {0, 1});
    }

    private static String shown(Nested n) {
        return shown(n.inner) + n.hue.value() + Arrays.toString(n.data);
    }

    private static Tree tree() {
        Tree leaf = new Tree("leaf", new Tree[0]);
        return new Tree("r", new Tree[] {leaf, new Tree("b", new Tree[] {leaf})});
    }

    private static String shown(Tree tree) {
        StringBuilder out = new StringBuilder(tree.label).append('(');
        for (Tree branch : tree.branches) out.append(shown(branch));
        return out.append(')').toString();
    }

    private static void scalars(Echo echo) {
        Tap.equal("boolean", () -> echo.echo_boolean(true) && !echo.echo_boolean(false), true);
        Tap.equal("octet", () -> echo.echo_octet((byte) 255), (byte) 255);
        Tap.equal("char", () -> echo.echo_char('~'), '~');
        Tap.equal("short", () -> echo.echo_short(Short.MIN_VALUE), Short.MIN_VALUE);
        Tap.equal("unsigned short", () -> echo.echo_ushort((short) -1), (short) -1);
        Tap.equal("long", () -> echo.echo_long(Integer.MIN_VALUE), Integer.MIN_VALUE);
        Tap.equal("unsigned long", () -> echo.echo_ulong(-1), -1);
        Tap.equal("long long", () -> echo.echo_longlong(Long.MIN_VALUE), Long.MIN_VALUE);
        Tap.equal("unsigned long long", () -> echo.echo_ulonglong(-1L), -1L);
        Tap.equal("float", () -> echo.echo_float(Float.NEGATIVE_INFINITY), Float.NEGATIVE_INFINITY);
        Tap.equal("double", () -> echo.echo_double(5e-324), 5e-324);
        for (String text : new String[] {"", "text", "x".repeat(100_000)}) {
            Tap.equal("string of " + text.length(), () -> echo.echo_string(text), text);
        }
        Tap.equal("bounded string", () -> echo.echo_tenchars("0123456789"), "0123456789");
        Tap.equal("fixed", () -> echo.echo_price(new BigDecimal("-123.45")), new BigDecimal("-123.45"));
        Tap.equal("fixed of even digits", () -> echo.echo_even(new BigDecimal("1234")), new BigDecimal("1234"));
        Tap.equal("enum", () -> echo.echo_color(Color.blue).value(), Color._blue);
    }

    private static void sequences(Echo echo) {
        byte[] octets = new byte[8 << 20];
        for (int i = 0; i < octets.length; i++) octets[i] = (byte) (i % 251);
        Tap.equal("no octets", () -> echo.echo_octets(new byte[0]), new byte[0]);
        Tap.equal("octets of 8 MiB", () -> echo.echo_octets(octets), octets);
        double[] doubles = new double[50_000];
        Arrays.setAll(doubles, i -> -0.5 * i);
        Tap.equal("doubles", () -> echo.echo_doubles(doubles), doubles);
        Tap.equal("bounded sequence", () -> echo.echo_uptofive(new int[] {1, 2, 3, 4, 5}), new int[] {1, 2, 3, 4, 5});
        int[][] jagged = {{}, {1}, {1, 2}};
        Tap.equal("sequence of sequences", () -> echo.echo_jagged(jagged), jagged);
        double[][] matrix = {{1, 2, 3}, {4, 5, 6}};
        Tap.equal("array of arrays", () -> echo.echo_matrix(matrix), matrix);
        Tap.equal("array of strings", () -> echo.echo_names(new String[] {"a", ""}), new String[] {"a", ""});
        Tap.equal("struct", () -> shown(echo.echo_basic(basic())), shown(basic()));
        Tap.equal("structs in structs", () -> {
            Nested[] hundred = new Nested[100];
            Arrays.fill(hundred, nested());
            Nested[] back = echo.echo_nesteds(hundred);
            return back.length + shown(back[99]);
        }, 100 + shown(nested()));
        Tap.equal("recursive struct", () -> shown(echo.echo_tree(tree())), shown(tree()));
    }

    private static void unions(Echo echo) {
        Tap.equal("union, a label of two", () -> {
            ByLong number = new ByLong();
            number.number(2, 7);
            ByLong back = echo.echo_bylong(number);
            return back.number();
        }, 7);
        Tap.equal("union, a negative label", () -> {
            ByLong text = new ByLong();
            text.text("t");
            ByLong back = echo.echo_bylong(text);
            return back.discriminator() + back.text();
        }, "-5t");
        Tap.equal("union, its default", () -> {
            ByLong hue = new ByLong();
            hue.hue(Color.green);
            return echo.echo_bylong(hue).hue().value();
        }, Color._green);
        Tap.equal("union by boolean", () -> {
            ByBoolean no = new ByBoolean();
            no.no(-3);
            ByBoolean back = echo.echo_byboolean(no);
            return back.discriminator() + "" + back.no();
        }, "false-3");
        Tap.equal("union by char", () -> {
            ByChar whole = new ByChar();
            whole.whole(basic());
            return shown(echo.echo_bychar(whole).whole());
        }, shown(basic()));
        Tap.equal("union without a member", () -> {
            ByChar nothing = new ByChar();
            nothing.__default('z');
            char label = echo.echo_bychar(nothing).discriminator();
            return label != 'a' && label != 'b';
        }, true);
        Tap.equal("union by enum", () -> {
            ByColor text = new ByColor();
            text.text("g");
            return echo.echo_bycolor(text).text();
        }, "g");
        Tap.equal("union by unsigned long long", () -> {
            ByLongLong grown = new ByLongLong();
            grown.grown(tree());
            return shown(echo.echo_bylonglong(grown).grown());
        }, shown(tree()));
    }

    private interface Fill {
        void in(Any any) throws Exception;
    }

    private static void any(Echo echo, String name, Fill fill) {
        Tap.equal("any of " + name, () -> {
            Any sent = orb.create_any();
            fill.in(sent);
            Any back = echo.echo_any(sent);
            return back.type().equivalent(sent.type()) && back.equal(sent);
        }, true);
    }

    private static void anys(Echo echo) throws Exception {
        any(echo, "long", a -> a.insert_long(5));
        any(echo, "struct", a -> BasicHelper.insert(a, basic()));
        any(echo, "structs in a struct", a -> NestedHelper.insert(a, nested()));
        any(echo, "recursive struct", a -> TreeHelper.insert(a, tree()));
        any(echo, "bounded sequence", a -> UpToFiveHelper.insert(a, new int[] {1, 2}));
        any(echo, "array", a -> NamesHelper.insert(a, new String[] {"a", "b"}));
        any(echo, "enum", a -> ColorHelper.insert(a, Color.blue));
        any(echo, "union", a -> {
            ByColor text = new ByColor();
            text.text("g");
            ByColorHelper.insert(a, text);
        });
        any(echo, "fixed", a -> PriceHelper.insert(a, new BigDecimal("-123.45")));
        any(echo, "exception", a -> RefusedHelper.insert(a, new Refused(1, "w", Color.red)));
        any(echo, "any", a -> {
            Any inner = orb.create_any();
            inner.insert_short((short) 3);
            a.insert_any(inner);
        });
        Tap.equal("anys", () -> {
            Any text = orb.create_any(), number = orb.create_any();
            text.insert_string("x");
            number.insert_double(0.5);
            Any[] back = echo.echo_anys(new Any[] {text, number, orb.create_any()});
            return back[0].extract_string() + back[1].extract_double() + (back[2].type().kind() == TCKind.tk_null);
        }, "x0.5true");
        TypeCode[] codes = {NestedHelper.type(), TreeHelper.type(), ByLongHelper.type(), ByBooleanHelper.type(),
            ByCharHelper.type(), JaggedHelper.type(), MatrixHelper.type(), PriceHelper.type(), TenCharsHelper.type(),
            PersonHelper.type(), NodeHelper.type(), BoxedHelper.type(), RefusedHelper.type(), EchoHelper.type()};
        for (TypeCode code : codes) {
            Tap.equal("TypeCode of " + code.name(), () -> echo.echo_typecode(code).equivalent(code), true);
        }
        for (TCKind kind : new TCKind[] {TCKind.tk_void, TCKind.tk_null, TCKind.tk_wstring, TCKind.tk_TypeCode}) {
            Tap.equal("TypeCode of kind " + kind.value(), () -> echo.echo_typecode(orb.get_primitive_tc(kind)).kind(), kind);
        }
    }

    private static void wide(Echo echo) {
        String text = "\u6f22\u5b57 \ud83d\ude00";
        Tap.equal("string beyond ISO 8859-1", () -> echo.echo_string(text), text);
        for (String wide : new String[] {"", "x", text}) {
            Tap.equal("wstring of " + wide.length(), () -> echo.echo_wstring(wide), wide);
        }
        Tap.equal("wchar", () -> echo.echo_wchar('\u0436'), '\u0436');
        Tap.equal("wstrings", () -> echo.echo_widenames(new String[] {"a", "\u0436"}), new String[] {"a", "\u0436"});
    }

    private static void values(Echo echo, boolean cycles) {
        Tap.equal("null value", () -> echo.echo_node(null), null);
        Node shared = new Values.NodeValue("s", null, null);
        Tap.equal("shared value", () -> {
            Node back = echo.echo_node(new Values.NodeValue("r", shared, shared));
            return back.left == back.right && back.left.label.equals("s");
        }, true);
        Tap.equal("the same value twice", () -> echo.same(shared, shared), true);
        Tap.equal("two equal values", () -> echo.same(shared, new Values.NodeValue("s", null, null)), false);
        Tap.equal("value", () -> echo.echo_named(new Values.NamedValue("n")).name, "n");
        Tap.equal("derived value in a chunked one", () -> {
            Named friend = new Values.PersonValue("bob", 31, null);
            Person ann = (Person) echo.echo_named(new Values.PersonValue("ann", 30, friend));
            Person bob = (Person) ann.friend;
            return ann.name + ann.age + bob.name + bob.age;
        }, "ann30bob31");
        Named bob = new Values.PersonValue("bob", 1, null);
        Tap.equal("truncated value", () -> echo.measured(new Values.PersonValue("ann", 30, bob)), 3);
        Tap.equal("boxed value", () -> echo.echo_boxed(new String[] {"a", ""}), new String[] {"a", ""});
        Tap.equal("null boxed value", () -> echo.echo_boxed(null), null);
        Tap.equal("any of value", () -> {
            Any sent = orb.create_any();
            NodeHelper.insert(sent, new Values.NodeValue("r", shared, shared));
            Node back = NodeHelper.extract(echo.echo_any(sent));
            return back.left == back.right && back.label.equals("r");
        }, true);
        if (cycles) {
            Tap.equal("cyclic value", () -> {
                Node ring = new Values.NodeValue("ring", null, null);
                ring.right = ring;
                Node back = echo.echo_node(ring);
                return back.right == back && back.left == null;
            }, true);
        }
    }

    private static void rest(Echo echo) {
        Tap.equal("nil", () -> echo.echo_object(null), null);
        Tap.equal("a reference that came back", () -> EchoHelper.narrow(echo.echo_object(echo)).twice(4), 8);
        Tap.equal("a reference to a base", () -> echo.echo_base(echo).twice(4), 8);
        Tap.equal("attribute", () -> echo.name().isEmpty(), false);
        Tap.equal("attribute set", () -> {
            echo.count(5);
            return echo.count();
        }, 5);
        Tap.equal("oneway", () -> {
            echo.bump(2);
            for (int i = 0; i < 100 && echo.count() != 7; i++) Thread.sleep(20);
            return echo.count();
        }, 7);
        Tap.equal("in, inout and out", () -> {
            StringHolder text = new StringHolder("in");
            ColorHolder hue = new ColorHolder();
            OctetsHolder data = new OctetsHolder();
            int number = echo.mixed(21, text, hue, data);
            return number + text.value + hue.value.value() + data.value.length;
        }, "42in!" + Color._blue + 2);
        Tap.equal("nothing but outs", () -> {
            IntHolder a = new IntHolder();
            DoubleHolder b = new DoubleHolder();
            echo.nothing_but_outs(a, b);
            return a.value + b.value;
        }, 3.5);
        Callable<?> refused = () -> {
            echo.refuse(3);
            return null;
        };
        Tap.raises("exception", refused, thrown -> {
            Refused why = (Refused) thrown;
            return why.code == 3 && why.why.equals("because") && why.hue == Color.green;
        });
        Callable<?> bare = () -> {
            echo.refuse(0);
            return null;
        };
        Tap.raises("exception without members", bare, thrown -> thrown instanceof Bare);
        Callable<?> forbidden = () -> {
            echo.forbid();
            return null;
        };
        Tap.raises("system exception", forbidden, thrown -> {
            NO_PERMISSION why = (NO_PERMISSION) thrown;
            return why.minor == 7 && why.completed == CompletionStatus.COMPLETED_NO;
        });
        Callable<?> slow = () -> {
            Any time = orb.create_any();
            // of 100 ns
            time.insert_ulonglong(2_000_000);
            Policy policy = orb.create_policy(RELATIVE_RT_TIMEOUT_POLICY_TYPE.value, time);
            Policy[] policies = {policy};
            EchoHelper.unchecked_narrow(echo._set_policy_override(policies, SetOverrideType.SET_OVERRIDE)).slow(1000);
            return null;
        };
        Tap.raises("timeout", slow, thrown -> thrown instanceof org.omg.CORBA.TIMEOUT);
    }

    private Types() {}
}
