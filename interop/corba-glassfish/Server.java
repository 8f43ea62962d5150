// The services by the ORB of GlassFish, for farcall to call: Server PORT

import com.sun.corba.ee.spi.misc.ORBConstants;
import java.util.Map;
import java.util.Properties;
import org.omg.PortableServer.POA;
import org.omg.PortableServer.POAHelper;
import org.omg.PortableServer.Servant;

public final class Server {
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.put("org.omg.CORBA.ORBClass", "com.sun.corba.ee.impl.orb.ORBImpl");
        properties.put(ORBConstants.PERSISTENT_SERVER_PORT_PROPERTY, args[0]);
        properties.put(ORBConstants.ORB_SERVER_ID_PROPERTY, "1");
        properties.put(ORBConstants.SERVER_HOST_PROPERTY, "127.0.0.1");
        org.omg.CORBA.ORB orb = org.omg.CORBA.ORB.init(new String[0], properties);
        POA root = POAHelper.narrow(orb.resolve_initial_references("RootPOA"));
        for (Map.Entry<String, Servant> one : Services.all().entrySet()) {
            root.activate_object(one.getValue());
            // the name of an initial service is a key of a corbaloc
            ((com.sun.corba.ee.spi.orb.ORB) orb)
                .register_initial_reference(one.getKey(), root.servant_to_reference(one.getValue()));
        }
        root.the_POAManager().activate();
        System.out.println("serving");
        orb.run();
    }

    private Server() {}
}
