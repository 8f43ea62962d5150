// kinds.idl by JacORB's compiled stubs, for farcall to call: TypesServer PORT
// $WORK/echo.ior refers to "echo".

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import kinds.*;
import org.omg.CORBA.Any;
import org.omg.CORBA.CompletionStatus;
import org.omg.CORBA.DoubleHolder;
import org.omg.CORBA.IntHolder;
import org.omg.CORBA.NO_PERMISSION;
import org.omg.CORBA.StringHolder;
import org.omg.CORBA.TypeCode;

public final class TypesServer {
    public static void main(String[] args) throws Exception {
        Home home = new Home(args[0]);
        Values.register(home.orb);
        home.serve(home.adapter("objects"), "echo", new Answers());
        home.run();
    }

    private static final class Answers extends EchoPOA {
        private int counted;

        public String name() { return "JacORB"; }
        public int twice(int x) { return 2 * x; }
        public synchronized int count() { return counted; }
        public synchronized void count(int v) { counted = v; }
        public synchronized void bump(int by) { counted += by; }
        public boolean echo_boolean(boolean x) { return x; }
        public byte echo_octet(byte x) { return x; }
        public char echo_char(char x) { return x; }
        public short echo_short(short x) { return x; }
        public short echo_ushort(short x) { return x; }
        public int echo_long(int x) { return x; }
        public int echo_ulong(int x) { return x; }
        public long echo_longlong(long x) { return x; }
        public long echo_ulonglong(long x) { return x; }
        public float echo_float(float x) { return x; }
        public double echo_double(double x) { return x; }
        public String echo_string(String x) { return x; }
        public char echo_wchar(char x) { return x; }
        public String echo_wstring(String x) { return x; }
        public String[] echo_widenames(String[] x) { return x; }
        public String echo_tenchars(String x) { return x; }
        public BigDecimal echo_price(BigDecimal x) { return x; }
        public BigDecimal echo_even(BigDecimal x) { return x; }
        public byte[] echo_octets(byte[] x) { return x; }
        public double[] echo_doubles(double[] x) { return x; }
        public int[] echo_uptofive(int[] x) { return x; }
        public int[][] echo_jagged(int[][] x) { return x; }
        public double[][] echo_matrix(double[][] x) { return x; }
        public String[] echo_names(String[] x) { return x; }
        public Color echo_color(Color x) { return x; }
        public Basic echo_basic(Basic x) { return x; }
        public Nested[] echo_nesteds(Nested[] x) { return x; }
        public Tree echo_tree(Tree x) { return x; }
        public ByLong echo_bylong(ByLong x) { return x; }
        public ByBoolean echo_byboolean(ByBoolean x) { return x; }
        public ByChar echo_bychar(ByChar x) { return x; }
        public ByColor echo_bycolor(ByColor x) { return x; }
        public ByLongLong echo_bylonglong(ByLongLong x) { return x; }
        public Any echo_any(Any x) { return x; }
        public Any[] echo_anys(Any[] x) { return x; }
        public TypeCode echo_typecode(TypeCode x) { return x; }
        public org.omg.CORBA.Object echo_object(org.omg.CORBA.Object x) { return x; }
        public Base echo_base(Base x) { return x; }
        public Node echo_node(Node x) { return x; }
        public Named echo_named(Named x) { return x; }
        public String[] echo_boxed(String[] x) { return x; }
        public boolean same(Node a, Node b) { return a == b; }
        public int measured(Named x) { return x.name.length(); }

        public int mixed(int a, StringHolder text, ColorHolder hue, OctetsHolder data) {
            data.value = text.value.getBytes(StandardCharsets.UTF_8);
            text.value += "!";
            hue.value = Color.blue;
            return 2 * a;
        }

        public void nothing_but_outs(IntHolder a, DoubleHolder b) {
            a.value = 1;
            b.value = 2.5;
        }

        public void refuse(int code) throws Bare, Refused {
            if (code == 0) throw new Bare();
            throw new Refused(code, "because", Color.green);
        }

        public void forbid() { throw new NO_PERMISSION("never", 7, CompletionStatus.COMPLETED_NO); }

        public void slow(int ms) {
            try {
                Thread.sleep(ms);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private TypesServer() {}
}
