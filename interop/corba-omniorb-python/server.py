"""The same services by omniORBpy, for farcall to call.

    server.py PORT

The stubs are made from farcall.idl, in the directory of the environment variable WORK.
"""

import os
import sys
import threading

sys.path.insert(0, os.environ["WORK"])

from omniORB import CORBA
import farcall
import farcall__POA


class Fortune(farcall__POA.Fortune):
    def get_cookie(self):
        return "You will meet a tall, dark ORB."


class Strings(farcall__POA.Strings):
    def reverse(self, s):
        return s[::-1]

    def upper(self, s):
        return s.upper()

    def lower(self, s):
        return s.lower()

    def join(self, parts, separator):
        return separator.join(parts)

    def split(self, s, separator):
        return s.split(separator)

    def length(self, s):
        return len(s)

    def text_word_count(self, s):
        return len(s.split())


class Echo(farcall__POA.Echo):
    def nothing(self):
        pass


def same(self, x):
    return x


for name in dir(farcall._objref_Echo):
    if not name.startswith("__") and name != "nothing" and not hasattr(CORBA.Object, name):
        setattr(Echo, name, same)


class Account(farcall__POA.Account):
    def __init__(self, number, owner, initial):
        self._number, self._owner, self._balance = number, owner, initial

    def number(self):
        return self._number

    def owner(self):
        return self._owner

    def balance(self):
        return self._balance

    def withdraw(self, amount):
        if amount == 0:
            raise CORBA.NO_PERMISSION(7, CORBA.COMPLETED_NO)
        if amount > self._balance:
            raise farcall.InsufficientFunds(self._balance, amount)
        self._balance -= amount
        return self._balance


class Bank(farcall__POA.Bank):
    def __init__(self):
        self.lock = threading.Lock()
        self.accounts = {}

    def open(self, owner, initial):
        with self.lock:
            number = "P%d" % len(self.accounts)
            self.accounts[number] = Account(number, owner, initial._v if initial._d else 0.0)
            return self.accounts[number]._this()

    def account(self, number):
        if number not in self.accounts:
            raise farcall.NoSuchAccount(number)
        return self.accounts[number]

    def balance(self, number):
        return self.account(number).balance()

    def withdraw(self, number, amount):
        return self.account(number).withdraw(amount)


endpoint = "giop:tcp:127.0.0.1:" + sys.argv[1]
orb = CORBA.ORB_init(["-ORBendPoint", endpoint, "-ORBgiopMaxMsgSize", "16777216", "-ORBnativeCharCodeSet", "UTF-8"])
poa = orb.resolve_initial_references("omniINSPOA")
for key, servant in [("fortune", Fortune()), ("strings", Strings()), ("echo", Echo()), ("bank", Bank())]:
    poa.activate_object_with_id(key.encode(), servant)
for adapter in [poa, orb.resolve_initial_references("RootPOA")]:
    adapter._get_the_POAManager().activate()
orb.run()
