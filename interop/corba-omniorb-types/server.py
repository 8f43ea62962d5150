"""Every construct of IDL by omniORBpy, for farcall to call.

    server.py PORT [OPTION OF omniORB]...

The stubs are made from kinds.idl, in the directory of the environment variable WORK. The object
"echo" answers; "forward" forwards every call to it.
"""

import os
import sys
import time

sys.path.insert(0, os.environ["WORK"])

import omniORB
from omniORB import CORBA
import kinds
import kinds__POA
import shapes  # so that values of those types can be read


def same(self, x):
    return x


class Echo(kinds__POA.Echo):
    count = 0

    def _get_name(self):
        return "omniORBpy"

    def area(self):
        return 0.25

    def twice(self, x):
        return 2 * x

    def _get_count(self):
        return self.count

    def _set_count(self, count):
        self.count = count

    def bump(self, by):
        self.count += by

    def same(self, a, b):
        return a is b

    def measured(self, x):
        return len(x.name)

    def mixed(self, a, text):
        return 2 * a, text + "!", kinds.blue, text.encode()

    def nothing_but_outs(self):
        return 1, 2.5

    def refuse(self, code):
        if code == 0:
            raise kinds.Bare()
        raise kinds.Refused(code, "because", kinds.green)

    def forbid(self):
        raise CORBA.NO_PERMISSION(7, CORBA.COMPLETED_NO)

    def slow(self, ms):
        time.sleep(ms / 1000)

    def with_words(self, x, context):
        try:
            found = context.get_values("*")
        except CORBA.BAD_CONTEXT:  # there is nothing in it
            found = {}
        return x + ";" + ";".join("%s=%s" % one for one in sorted(found.items()))


for name in dir(kinds._objref_Echo):
    if name.startswith("echo_"):
        setattr(Echo, name, same)


def elsewhere(self, *_):
    raise omniORB.LOCATION_FORWARD(echo._this(), 0)


Elsewhere = type("Elsewhere", (kinds__POA.Echo,), {name: elsewhere for name in vars(Echo)
                                                   if name.startswith(("echo_", "_get", "twice", "same"))})
endpoint = "giop:tcp:127.0.0.1:" + sys.argv[1]
sizes = ["-ORBgiopMaxMsgSize", "33554432"]
orb = CORBA.ORB_init(["-ORBendPoint", endpoint, "-ORBnativeCharCodeSet", "UTF-8", *sizes, *sys.argv[2:]])
poa = orb.resolve_initial_references("omniINSPOA")
echo = Echo()
for key, servant in [("echo", echo), ("forward", Elsewhere())]:
    poa.activate_object_with_id(key.encode(), servant)
poa._get_the_POAManager().activate()
with open(os.path.join(os.environ["WORK"], "echo.ior"), "w") as file:
    file.write(orb.object_to_string(echo._this()))
orb.run()
