"""xmlrpc.client calls an object at the URL that an operation gave it. Usage: objects.py URL"""

import sys
import xmlrpc.client

from tap import Tap

BASE = sys.argv[1].rsplit("/RPC2", 1)[0]
tap = Tap()
bank = xmlrpc.client.ServerProxy(f"{BASE}/bank")


def fault(call):
    try:
        return f"returned {call()!r}"
    except xmlrpc.client.Fault as error:
        return error.faultString


def batch():
    calls = xmlrpc.client.MultiCall(xmlrpc.client.ServerProxy(url))
    calls.balance()
    calls.owner()
    return calls()


url = bank.open("ann", 10.0)
tap.true("the URL of an object", lambda: url.startswith(f"{BASE}/bank/A"))
account = xmlrpc.client.ServerProxy(url)
tap.equal("owner", account.owner, "ann")
tap.equal("deposit", lambda: account.deposit(2.5), 12.5)
tap.true("a typed fault", lambda: "InsufficientFunds" in fault(lambda: account.withdraw(99.0)))
tap.true("what it can do", lambda: {"balance", "deposit"} <= set(account.system.listMethods()))
tap.equal("a batch", lambda: list(batch()), [12.5, "ann"])
number = account.number()
tap.equal("by its number", lambda: bank.balance(number), 12.5)
tap.true("a URL that nobody was given", lambda: "no object" in fault(xmlrpc.client.ServerProxy(f"{BASE}/bank/{number}").balance))
tap.equal("close", lambda: bank.close(number), 12.5)
tap.true("a closed account", lambda: "no object" in fault(account.balance))


tap.close()
