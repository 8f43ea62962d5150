// Calls objects of farcall that are elsewhere, in each version of GIOP: Caller HOST:PORT

import java.util.Properties;
import org.omg.CORBA.ORB;
import test.Listener;
import test.ListenerHelper;

public final class Caller {
    public static void main(String[] args) throws Exception {
        ORB orb = ORB.init(new String[0], new Properties());
        for (String version : new String[] {"1.0", "1.1", "1.2"}) {
            for (String key : new String[] {"listener", "moved", "moved-twice", "moved-for-good", "object"}) {
                String url = "corbaloc:iiop:" + version + "@" + args[0] + "/" + key;
                Listener listener = ListenerHelper.unchecked_narrow(orb.string_to_object(url));
                for (int i = 1; i <= 2; i++) {
                    Tap.equal(version + " " + key + ", call " + i, () -> listener.heard("hello"), 5);
                }
                Tap.equal(version + " " + key + " is a listener", () -> listener._is_a(ListenerHelper.id()), true);
            }
            String nowhere = "corbaloc:iiop:" + version + "@" + args[0] + "/moved-nowhere";
            Tap.raises(version + " moved-nowhere",
                () -> ListenerHelper.unchecked_narrow(orb.string_to_object(nowhere)).heard("hello"),
                thrown -> thrown instanceof org.omg.CORBA.OBJECT_NOT_EXIST);
        }
        Tap.done();
        orb.destroy();
    }

    private Caller() {}
}
