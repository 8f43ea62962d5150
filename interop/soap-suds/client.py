"""suds against farcall, over the WSDL that farcall gives for each service."""

import datetime
import sys
from decimal import Decimal

import suds
from suds.client import Client
from suds.transport.http import HttpTransport

sys.path.insert(0, sys.path[0] + "/../xmlrpc-python")
from tap import Tap

BASE = sys.argv[1].rsplit("/RPC2", 1)[0]
tap = Tap()


class Offline(HttpTransport):
    """A WSDL must stand alone: whatever else is fetched is a failure."""

    def open(self, request):
        if not request.url.startswith(BASE):
            raise RuntimeError(f"the WSDL makes suds fetch {request.url}")
        return super().open(request)


def client(name):
    return Client(f"{BASE}/{name}?wsdl", cache=None, transport=Offline(timeout=20))


def fault(call):
    try:
        return f"returned {call()!r}"
    except suds.WebFault as error:
        return error.fault


def plain(value):
    """A complex value as dicts and lists."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, suds.sudsobject.Object):
        return {name: plain(member) for name, member in suds.sudsobject.asdict(value).items()}
    return str(value) if isinstance(value, str) else value


fortune = client("fortune").service.get_cookie()
tap.report(bool(fortune), "fortune", fortune)
strings = client("strings").service
tap.equal("reverse", lambda: plain(strings.reverse("añb")), "bña")
tap.equal("join", lambda: plain(strings.join(["a", "b"], "-")), "a-b")

bank = client("bank").service
opened = bank.open("sue", 10.0)
tap.report("/bank/A" in opened.Address, "bank.open", opened)
opened = bank.open("sue")
tap.report("/bank/A" in opened.Address, "without the optional amount", opened)
refused = fault(lambda: bank.open("sue", -5.0))
members = getattr(getattr(refused, "detail", None), "InsufficientFunds", None)
tap.report(members is not None and float(members.requested) == 5.0, "a typed fault has its members", refused)

echo_client = client("echo")
echo = echo_client.service
for name, value in [
    ("bool", True),
    ("i8", -128),
    ("u8", 255),
    ("i32", -(2**31)),
    ("i64", -(2**63)),
    ("u64", 2**64 - 1),
    ("f64", 0.1),
    ("decimal", Decimal("-12345678901234567890123456789012345.678")),
    ("string", "a<b>&\"'"),
    ("string", "😀漢字"),
    ("bytes", "AP8="),
    ("date", datetime.date(2026, 11, 22)),
    ("time", datetime.time(14, 8, 55)),
    ("datetime", datetime.datetime(2026, 11, 22, 14, 8, 55)),
    ("list", ["one"]),
    ("list", ["a", "b"]),
    ("numbers", [1, -2, 3]),
    ("optional", "x"),
    ("optional", None),
    ("color", "green"),
]:
    tap.equal(f"echo.{name} {str(value)[:40]}", lambda: plain(getattr(echo, name)(value)), value)
# what suds has read for the empty text is None
tap.equal("echo.string of nothing", lambda: echo.string(""), None)
structure = {"name": "n", "size": 1, "ratio": 0.5, "tags": ["t"], "note": "x"}
tap.equal("echo.structure", lambda: plain(echo.structure(structure)), structure)
tap.equal("its absent member", lambda: "note" in plain(echo.structure({**structure, "note": None})), False)
tap.equal("echo.structures", lambda: plain(echo.structures([structure, structure])), [structure, structure])
made = echo_client.factory.create("ns1:StructureType")
made.name, made.size, made.ratio, made.tags = "made", 2, 0.25, []
tap.equal("of a type of the WSDL", lambda: plain(echo.structure(made))["name"], "made")
entries = {"entry": [{"key": "a", "value": 1}, {"key": "b", "value": -1}]}
tap.equal("echo.map", lambda: plain(echo.map(entries)), entries)
tap.equal("echo.tree", lambda: plain(echo.tree({"label": "r", "branches": [{"label": "l"}]}))["branches"][0]["label"], "l")
invalid = fault(lambda: echo.char("two"))
tap.report(str(getattr(invalid, "faultcode", "")).endswith(":Client"), "the caller's mistake is said to be his", invalid)
tap.close()
