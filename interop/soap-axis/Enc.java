import java.util.Calendar;
import java.util.Objects;

/** The operations of golden/soap/enc.wsdl on Axis, rpc/encoded: every bean and every text in a multiRef. */
public class Enc {
    /** A link of a chain. */
    public static class Node {
        private String label;
        private int num;
        private float real;
        private Node next;

        public String getLabel() {
            return label;
        }

        public void setLabel(String label) {
            this.label = label;
        }

        public int getNum() {
            return num;
        }

        public void setNum(int num) {
            this.num = num;
        }

        public float getReal() {
            return real;
        }

        public void setReal(float real) {
            this.real = real;
        }

        public Node getNext() {
            return next;
        }

        public void setNext(Node next) {
            this.next = next;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Node node
                    && Objects.equals(label, node.label)
                    && num == node.num
                    && real == node.real
                    && Objects.equals(next, node.next);
        }

        @Override
        public int hashCode() {
            return Objects.hash(label, num, real, next);
        }
    }

    public String echoString(String v) throws Exception {
        if (v.equals("fail")) {
            throw new Exception("as asked");
        }
        return v;
    }

    public String[] echoStringArray(String[] v) {
        return v;
    }

    public double echoDouble(double v) {
        return v;
    }

    public Calendar echoDate(Calendar v) {
        return v;
    }

    public byte[] echoBase64(byte[] v) {
        return v;
    }

    public Node echoNode(Node v) {
        return v;
    }

    /** Equal nodes come back as one, which Axis writes once and refers to. */
    public Node[] echoNodeArray(Node[] v) {
        for (int i = 1; i < v.length; i++) {
            if (v[i].equals(v[0])) {
                v[i] = v[0];
            }
        }
        return v;
    }

    public Object echoAny(Object v) {
        return v;
    }
}
