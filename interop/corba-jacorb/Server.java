// The services by JacORB, for farcall to call: Server PORT

import java.util.Map;
import org.omg.PortableServer.POA;
import org.omg.PortableServer.Servant;

public final class Server {
    public static void main(String[] args) throws Exception {
        Home home = new Home(args[0]);
        POA objects = home.adapter("objects");
        for (Map.Entry<String, Servant> one : Services.all().entrySet()) {
            home.serve(objects, one.getKey(), one.getValue());
        }
        home.run();
    }

    private Server() {}
}
