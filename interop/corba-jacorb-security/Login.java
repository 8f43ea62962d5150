// Signs in by CSIv2 (GSSUP), then calls the contract of farcall's built-in services:
//     Login HOST:PORT VERSION USER PASSWORD

import farcall.Fortune;
import farcall.FortuneHelper;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jacorb.security.sas.GssUpContext;
import org.omg.CORBA.ORB;

public final class Login {
    private static final int CROWD = 16;

    public static void main(String[] args) throws Exception {
        GssUpContext.setUsernamePassword(args[2], args[3]);
        ORB orb = ORB.init(new String[0], new Properties());
        String url = "corbaloc:ssliop:" + args[1] + "@" + args[0] + "/fortune";
        Fortune fortune = FortuneHelper.unchecked_narrow(orb.string_to_object(url));
        try {
            // over one connection, before any of them is answered
            int good = atOnce(fortune::get_cookie);
            Tap.equal("calls at once", () -> good, CROWD);
        } catch (ExecutionException why) {
            Tap.bailOut(why.getCause());
        }
        orb.destroy();
        Client.main(new String[] {args[0], args[1]});
    }

    /** How many of so many calls that are made at once succeed. */
    private static int atOnce(Callable<?> call) throws Exception {
        ExecutorService crowd = Executors.newFixedThreadPool(CROWD);
        List<Callable<Object>> calls = new ArrayList<>();
        for (int i = 0; i < CROWD; i++) calls.add(call::call);
        int good = 0;
        for (Future<Object> done : crowd.invokeAll(calls)) {
            done.get();
            good++;
        }
        crowd.shutdown();
        return good;
    }

    private Login() {}
}
