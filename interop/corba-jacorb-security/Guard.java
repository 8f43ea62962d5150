// The services by JacORB, over TLS alone and for callers that sign in by CSIv2 (GSSUP): Guard PORT

import java.util.Map;
import org.jacorb.sasPolicy.SASPolicyValues;
import org.jacorb.sasPolicy.SASPolicyValuesHelper;
import org.jacorb.sasPolicy.SAS_POLICY_TYPE;
import org.jacorb.security.sas.GssUpContext;
import org.omg.CORBA.Any;
import org.omg.CORBA.ORB;
import org.omg.CSIIOP.EstablishTrustInClient;
import org.omg.IOP.Codec;
import org.omg.PortableServer.POA;
import org.omg.PortableServer.Servant;

public final class Guard {
    public static void main(String[] args) throws Exception {
        Home home = new Home(args[0],
            "OAAddress", "iiop://127.0.0.1:0",
            "OASSLAddress", "iiop://127.0.0.1:" + args[0],
            "jacorb.security.sas.contextClass", Passwords.class.getName());
        short trust = EstablishTrustInClient.value;
        Any wanted = home.orb.create_any();
        SASPolicyValuesHelper.insert(wanted, new SASPolicyValues(trust, trust, true));
        POA guarded = home.adapter("guarded", home.orb.create_policy(SAS_POLICY_TYPE.value, wanted));
        for (Map.Entry<String, Servant> one : Services.all().entrySet()) {
            home.serve(guarded, one.getKey(), one.getValue());
        }
        home.run();
    }

    /** Lets in who knows the password. */
    public static final class Passwords extends GssUpContext {
        @Override
        public boolean validateContext(ORB orb, Codec codec, byte[] token) {
            return super.validateContext(orb, codec, token)
                && new String(initialContextToken.username).equals("ann")
                && new String(initialContextToken.password).equals("s3cret");
        }
    }

    private Guard() {}
}
