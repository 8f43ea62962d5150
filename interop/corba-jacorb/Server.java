// The services of ../corba-omniorb-python/farcall.idl by JacORB, for farcall to call: Server PORT

import farcall.*;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.omg.CORBA.Any;
import org.omg.CORBA.CompletionStatus;
import org.omg.CORBA.NO_PERMISSION;
import org.omg.CORBA.Policy;
import org.omg.PortableServer.IdAssignmentPolicyValue;
import org.omg.PortableServer.LifespanPolicyValue;
import org.omg.PortableServer.POA;
import org.omg.PortableServer.POAHelper;
import org.omg.PortableServer.Servant;

public final class Server {
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.put("org.omg.CORBA.ORBClass", "org.jacorb.orb.ORB");
        properties.put("org.omg.CORBA.ORBSingletonClass", "org.jacorb.orb.ORBSingleton");
        properties.put("OAAddress", "iiop://127.0.0.1:" + args[0]);
        properties.put("jacorb.implname", "interop");
        properties.put("jacorb.native_char_codeset", "UTF8");
        // more calls at once than its queue holds wait, instead of being refused with TRANSIENT
        properties.put("jacorb.poa.queue_wait", "on");
        org.omg.CORBA.ORB orb = org.omg.CORBA.ORB.init(new String[0], properties);
        POA root = POAHelper.narrow(orb.resolve_initial_references("RootPOA"));
        POA poa = root.create_POA("objects", root.the_POAManager(), new Policy[] {
            root.create_lifespan_policy(LifespanPolicyValue.PERSISTENT),
            root.create_id_assignment_policy(IdAssignmentPolicyValue.USER_ID)
        });
        Map<String, Servant> servants = new HashMap<>();
        servants.put("fortune", new FortuneServant());
        servants.put("strings", new StringsServant());
        servants.put("echo", new EchoServant());
        servants.put("bank", new BankServant());
        for (Map.Entry<String, Servant> one : servants.entrySet()) {
            poa.activate_object_with_id(one.getKey().getBytes(), one.getValue());
            // the key of a corbaloc, for JacORB's own keys begin with the names of its adapters
            ((org.jacorb.orb.ORB) orb).addObjectKey(one.getKey(), poa.servant_to_reference(one.getValue()));
        }
        root.the_POAManager().activate();
        System.out.println("serving");
        orb.run();
    }

    private static final class FortuneServant extends FortunePOA {
        public String get_cookie() {
            return "A large volume of adventures may be grasped by him who interests his heart in everything.";
        }
    }

    private static final class StringsServant extends StringsPOA {
        public String reverse(String s) {
            return new StringBuilder(s).reverse().toString();
        }

        public String upper(String s) {
            return s.toUpperCase(java.util.Locale.ROOT);
        }

        public String lower(String s) {
            return s.toLowerCase(java.util.Locale.ROOT);
        }

        public String join(String[] parts, String separator) {
            return String.join(separator, parts);
        }

        public String[] split(String s, String separator) {
            return s.split(java.util.regex.Pattern.quote(separator), -1);
        }

        public int length(String s) {
            return s.codePointCount(0, s.length());
        }

        public int text_word_count(String s) {
            return s.trim().split("\\s+").length;
        }
    }

    private static final class EchoServant extends EchoPOA {
        public void nothing() {}
        public boolean bool(boolean x) { return x; }
        public byte u8(byte x) { return x; }
        public short i16(short x) { return x; }
        public short u16(short x) { return x; }
        public int i32(int x) { return x; }
        public int u32(int x) { return x; }
        public long i64(long x) { return x; }
        public long u64(long x) { return x; }
        public float f32(float x) { return x; }
        public double f64(double x) { return x; }
        public String decimal(String x) { return x; }
        public char _char(char x) { return x; }
        public String string(String x) { return x; }
        public byte[] bytes(byte[] x) { return x; }
        public String datetime(String x) { return x; }
        public String[] list(String[] x) { return x; }
        public int[] numbers(int[] x) { return x; }
        public int[] array(int[] x) { return x; }
        public Entry[] map(Entry[] x) { return x; }
        public OptionalString optional(OptionalString x) { return x; }
        public OptionalString[] optionals(OptionalString[] x) { return x; }
        public Pair pair(Pair x) { return x; }
        public Color color(Color x) { return x; }
        public Shape shape(Shape x) { return x; }
        public Structure structure(Structure x) { return x; }
        public Structure[] structures(Structure[] x) { return x; }
        public Tree tree(Tree x) { return x; }
        public Any any(Any x) { return x; }
        public Fortune reference(Fortune x) { return x; }
    }

    private static final class AccountServant extends AccountPOA {
        private final String number;
        private final String owner;
        private double balance;

        AccountServant(String number, String owner, double balance) {
            this.number = number;
            this.owner = owner;
            this.balance = balance;
        }

        public String number() {
            return number;
        }

        public String owner() {
            return owner;
        }

        public synchronized double balance() {
            return balance;
        }

        public synchronized double withdraw(double amount) throws InsufficientFunds {
            if (amount == 0) throw new NO_PERMISSION("not zero", 7, CompletionStatus.COMPLETED_NO);
            if (amount > balance) throw new InsufficientFunds(balance, amount);
            return balance -= amount;
        }
    }

    private static final class BankServant extends BankPOA {
        private final Map<String, AccountServant> accounts = new HashMap<>();

        public synchronized Account open(String owner, OptionalDouble initial) {
            String number = "J" + accounts.size();
            double balance = initial.discriminator() ? initial.value() : 0.0;
            AccountServant account = new AccountServant(number, owner, balance);
            accounts.put(number, account);
            return account._this(_orb());
        }

        private synchronized AccountServant account(String number) throws NoSuchAccount {
            AccountServant account = accounts.get(number);
            if (account == null) throw new NoSuchAccount(number);
            return account;
        }

        public double balance(String number) throws NoSuchAccount {
            return account(number).balance();
        }

        public double withdraw(String number, double amount) throws InsufficientFunds, NoSuchAccount {
            return account(number).withdraw(amount);
        }

        public synchronized double close(String number) throws NoSuchAccount {
            double balance = account(number).balance();
            accounts.remove(number);
            return balance;
        }
    }

    private Server() {}
}
