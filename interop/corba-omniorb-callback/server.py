"""omniORBpy is called back, and calls back: over new connections, or over those that are there.

    server.py PORT

The stubs are made from callback.idl, in the directory of the environment variable WORK, and the
reference to the peer goes there as peer.ior.
"""

import os
import sys

WORK = os.environ["WORK"]
sys.path.insert(0, WORK)

from omniORB import BiDirPolicy, CORBA, PortableServer
import test
import test__POA


class Listener(test__POA.Listener):
    def heard(self, what):
        return len(what)

    def _default_POA(self):
        return poa


class Peer(test__POA.Peer):
    def tell(self, whom, what):
        return whom.heard(what)

    def visit(self, there, what):
        return there.tell(listener._this(), what)

    def _default_POA(self):
        return poa


options = ["-ORBendPoint", "giop:tcp:127.0.0.1:" + sys.argv[1], "-ORBclientCallTimeOutPeriod", "5000"]
options += ["-ORBacceptBiDirectionalGIOP", "1", "-ORBofferBiDirectionalGIOP", "1"]
options += ["-ORBclientTransportRule", "* bidir,unix,tcp", "-ORBserverTransportRule", "* bidir,unix,tcp"]
orb = CORBA.ORB_init(options)
root = orb.resolve_initial_references("RootPOA")
both = CORBA.Any(CORBA.TC_ushort, BiDirPolicy.BOTH)
policies = [
    orb.create_policy(BiDirPolicy.BIDIRECTIONAL_POLICY_TYPE, both),
    root.create_implicit_activation_policy(PortableServer.IMPLICIT_ACTIVATION),
]
poa = root.create_POA("callbacks", root._get_the_POAManager(), policies)
listener = Listener()
with open(os.path.join(WORK, "peer.ior"), "w") as file:
    file.write(orb.object_to_string(Peer()._this()))
# it listens from here on
root._get_the_POAManager().activate()
print("serving", flush=True)
orb.run()
