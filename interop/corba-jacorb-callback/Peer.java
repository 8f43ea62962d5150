// Calls back whoever calls, over connections of its own or over those that are there, and has some calls
// made elsewhere: Peer PORT

import org.omg.BiDirPolicy.BIDIRECTIONAL_POLICY_TYPE;
import org.omg.BiDirPolicy.BOTH;
import org.omg.BiDirPolicy.BidirectionalPolicyValueHelper;
import org.omg.CORBA.Any;
import org.omg.CORBA.LocalObject;
import org.omg.CORBA.Policy;
import org.omg.PortableInterceptor.ForwardRequest;
import org.omg.PortableInterceptor.ORBInitInfo;
import org.omg.PortableInterceptor.ORBInitializer;
import org.omg.PortableInterceptor.ServerRequestInfo;
import org.omg.PortableInterceptor.ServerRequestInterceptor;
import org.omg.PortableServer.POA;
import org.omg.PortableServer.RequestProcessingPolicyValue;
import org.omg.PortableServer.Servant;
import org.omg.PortableServer.ServantActivator;
import org.omg.PortableServer.ServantLocator;
import org.omg.PortableServer.ServantLocatorPackage.CookieHolder;
import org.omg.PortableServer.ServantManager;
import org.omg.PortableServer.ServantRetentionPolicyValue;
import test.Hub;
import test.Listener;
import test.ListenerHelper;
import test.ListenerPOA;
import test.PeerPOA;

public final class Peer {
    private static final String LISTENER = "IDL:test/Listener:1.0";
    private static Listener listener;

    public static void main(String[] args) throws Exception {
        String initializer = "org.omg.PortableInterceptor.ORBInitializerClass.";
        Home home = new Home(args[0],
            initializer + "bidir", "org.jacorb.orb.giop.BiDirConnectionInitializer",
            initializer + "moved", Moved.class.getName());
        Any both = home.orb.create_any();
        BidirectionalPolicyValueHelper.insert(both, BOTH.value);
        POA callers = home.adapter("callbacks", home.orb.create_policy(BIDIRECTIONAL_POLICY_TYPE.value, both));
        listener = ListenerHelper.narrow(home.serve(callers, "listener", new Ear()));
        home.serve(callers, "peer", new Mouth());
        home.serve(callers, "moved", new Ear());
        managed(home, "located", ServantRetentionPolicyValue.NON_RETAIN, new Locator());
        managed(home, "activated", ServantRetentionPolicyValue.RETAIN, new Activator());
        home.run();
    }

    /** An object of an adapter that asks a manager for its servant. */
    private static void managed(Home home, String key, ServantRetentionPolicyValue kept, ServantManager manager)
            throws Exception {
        Policy asks = home.root.create_request_processing_policy(RequestProcessingPolicyValue.USE_SERVANT_MANAGER);
        POA adapter = home.adapter(key, asks, home.root.create_servant_retention_policy(kept));
        adapter.set_servant_manager(manager);
        home.publish(key, adapter.create_reference_with_id(key.getBytes(), LISTENER));
    }

    private static final class Ear extends ListenerPOA {
        public int heard(String what) {
            return what.length();
        }
    }

    private static final class Mouth extends PeerPOA {
        public int tell(Listener whom, String what) {
            return whom.heard(what);
        }

        public int visit(Hub there, String what) {
            return there.tell(listener, what);
        }
    }

    private static final class Locator extends LocalObject implements ServantLocator {
        public Servant preinvoke(byte[] id, POA adapter, String operation, CookieHolder cookie)
                throws org.omg.PortableServer.ForwardRequest {
            throw new org.omg.PortableServer.ForwardRequest(listener);
        }

        public void postinvoke(byte[] id, POA adapter, String operation, Object cookie, Servant servant) {}
    }

    private static final class Activator extends LocalObject implements ServantActivator {
        public Servant incarnate(byte[] id, POA adapter) throws org.omg.PortableServer.ForwardRequest {
            throw new org.omg.PortableServer.ForwardRequest(listener);
        }

        public void etherealize(byte[] id, POA adapter, Servant servant, boolean ending, boolean used) {}
    }

    /** Has the calls of "moved" made where the listener is. */
    public static final class Moved extends LocalObject implements ORBInitializer, ServerRequestInterceptor {
        public void pre_init(ORBInitInfo info) {}

        public void post_init(ORBInitInfo info) {
            try {
                info.add_server_request_interceptor(this);
            } catch (org.omg.CORBA.UserException twice) {
                throw new org.omg.CORBA.INITIALIZE(twice.toString());
            }
        }

        /** The first of its points at which the object is known. */
        public void receive_request(ServerRequestInfo info) throws ForwardRequest {
            if (new String(info.object_id()).equals("moved")) throw new ForwardRequest(listener);
        }

        public String name() { return "moved"; }
        public void destroy() {}
        public void receive_request_service_contexts(ServerRequestInfo info) {}
        public void send_reply(ServerRequestInfo info) {}
        public void send_exception(ServerRequestInfo info) {}
        public void send_other(ServerRequestInfo info) {}
    }

    private Peer() {}
}
