// The services by JacORB, for farcall to call: Server PORT

import java.util.Map;
import java.util.Properties;
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
        for (Map.Entry<String, Servant> one : Services.all().entrySet()) {
            poa.activate_object_with_id(one.getKey().getBytes(), one.getValue());
            // the key of a corbaloc, for JacORB's own keys begin with the names of its adapters
            ((org.jacorb.orb.ORB) orb).addObjectKey(one.getKey(), poa.servant_to_reference(one.getValue()));
        }
        root.the_POAManager().activate();
        System.out.println("serving");
        orb.run();
    }

    private Server() {}
}
