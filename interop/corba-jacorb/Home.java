// What the servers of these cases have in common: an ORB of JacORB at a port, and objects whose keys are known.

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Stream;
import org.omg.CORBA.ORB;
import org.omg.CORBA.Policy;
import org.omg.PortableServer.IdAssignmentPolicyValue;
import org.omg.PortableServer.LifespanPolicyValue;
import org.omg.PortableServer.POA;
import org.omg.PortableServer.POAHelper;
import org.omg.PortableServer.Servant;

final class Home {
    final ORB orb;
    final POA root;

    /** Listens at a port of 127.0.0.1; more properties, each a name and a value, are added or replace others. */
    Home(String port, String... more) throws Exception {
        Properties properties = new Properties();
        properties.put("OAAddress", "iiop://127.0.0.1:" + port);
        properties.put("jacorb.implname", "interop");
        properties.put("jacorb.native_char_codeset", "UTF8");
        // more calls at once than its queue holds wait, instead of being refused with TRANSIENT
        properties.put("jacorb.poa.queue_wait", "on");
        for (int i = 0; i < more.length; i += 2) properties.put(more[i], more[i + 1]);
        orb = ORB.init(new String[0], properties);
        root = POAHelper.narrow(orb.resolve_initial_references("RootPOA"));
    }

    /** An adapter of objects that last, and have the ids that they are given. */
    POA adapter(String name, Policy... more) throws Exception {
        Policy lasting = root.create_lifespan_policy(LifespanPolicyValue.PERSISTENT);
        Policy named = root.create_id_assignment_policy(IdAssignmentPolicyValue.USER_ID);
        Policy[] policies = Stream.concat(Stream.of(lasting, named), Arrays.stream(more)).toArray(Policy[]::new);
        return root.create_POA(name, root.the_POAManager(), policies);
    }

    /** Has a servant be the object of that key: the reference to it. */
    org.omg.CORBA.Object serve(POA adapter, String key, Servant servant) throws Exception {
        adapter.activate_object_with_id(key.getBytes(), servant);
        org.omg.CORBA.Object reference = adapter.servant_to_reference(servant);
        publish(key, reference);
        return reference;
    }

    /** Has a reference be called by that key of a corbaloc, and writes it to $WORK/KEY.ior. */
    void publish(String key, org.omg.CORBA.Object reference) throws Exception {
        // JacORB's own keys begin with the names of its adapters
        ((org.jacorb.orb.ORB) orb).addObjectKey(key, reference);
        Files.writeString(Path.of(System.getenv("WORK"), key + ".ior"), orb.object_to_string(reference));
    }

    /** Serves until the process is ended. */
    void run() throws Exception {
        root.the_POAManager().activate();
        System.out.println("serving");
        orb.run();
    }
}
