"""A Rust trait without any IDL of its own: its IDL is fetched from the port, compiled, and called.

    fetched.py HOST:PORT

The stubs go to the directory `fetched` below that of the environment variable WORK.
"""

import os
import subprocess
import sys
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(os.environ["WORK"], "fetched")
sys.path[:0] = [OUT, HERE]
ADDRESS = sys.argv[1]


def fetch(service):
    """Compiles what the server says of a service; each has a prefix of files of its own."""
    text = urllib.request.urlopen("http://%s/%s/idl" % (ADDRESS, service), timeout=20).read()
    path = os.path.join(OUT, service + ".idl")
    with open(path, "wb") as file:
        file.write(text)
    subprocess.run(["omniidl", "-bpython", "-C", OUT, path], check=True)


os.makedirs(OUT, exist_ok=True)
for name in ("fortune", "bank"):
    fetch(name)

import tap
from omniORB import CORBA
import farcall
import farcall_types

orb = CORBA.ORB_init(sys.argv[:1], CORBA.ORB_ID)


def at(key):
    return orb.string_to_object("corbaloc:iiop:1.2@%s/%s" % (ADDRESS, key))


tap.true("fortune", lambda: len(at("fortune")._narrow(farcall.Fortune).get_cookie()) > 0)

bank = at("bank")._narrow(farcall.Bank)
some = farcall_types.OptionalDouble(True, 5.0)
account = bank.open("fetched", some)
tap.equal("an optional that is there", lambda: account.balance(), 5.0)
none = farcall_types.OptionalDouble(False, None)
tap.equal("an optional that is not", lambda: bank.open("bob", none).balance(), 0.0)


def refused():
    try:
        account.withdraw(7.5)
    except farcall.InsufficientFunds as exception:
        return exception.balance, exception.requested
    return None


tap.equal("a typed exception", refused, (5.0, 7.5))
tap.equal("structs in a sequence", lambda: [a.owner for a in bank.accounts(
    farcall_types.OptionalString(True, "fetched"))], ["fetched"])
tap.done()
