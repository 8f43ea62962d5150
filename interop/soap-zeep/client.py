"""zeep against farcall, over the WSDL that farcall gives for each service."""

import datetime
import math
import sys
import uuid
from decimal import Decimal

import lxml.etree
import zeep

sys.path.insert(0, sys.path[0] + "/../xmlrpc-python")
from tap import Tap

BASE = sys.argv[1].rsplit("/RPC2", 1)[0]
tap = Tap()


class Offline(zeep.Transport):
    """A WSDL must stand alone: whatever else is fetched is a failure."""

    def load(self, url):
        if not url.startswith(BASE):
            raise RuntimeError(f"the WSDL makes zeep fetch {url}")
        return super().load(url)


def service(name, query="wsdl"):
    return zeep.Client(f"{BASE}/{name}?{query}", transport=Offline(timeout=20, operation_timeout=20))


def fault(call):
    try:
        return f"returned {call()!r}"
    except zeep.exceptions.Fault as error:
        return error


def plain(value):
    """What zeep made of a complex value, as dicts and lists."""
    return zeep.helpers.serialize_object(value, dict)


fortune = service("fortune")
cookie = fortune.service.get_cookie()
tap.report(isinstance(cookie, str) and cookie != "", "fortune", cookie)

both = service("fortune", "wsdl12")
ports = {port.name: port for port in next(iter(both.wsdl.services.values())).ports.values()}
tap.report(len(ports) == 2, "a port for each version", list(ports))
for name in ports:
    got = both.bind("Fortune", name).get_cookie()
    tap.report(isinstance(got, str) and got != "", f"fortune by {name}", got)

strings = service("strings").service
tap.equal("reverse", lambda: strings.reverse("añb"), "bña")
tap.equal("empty text", lambda: strings.upper(""), None)
tap.equal("join", lambda: strings.join(["a", "b", "c"], "-"), "a-b-c")
tap.equal("join of one", lambda: strings.join(["a"], "-"), "a")
tap.equal("join of none", lambda: strings.join([], "-"), None)
tap.equal("split", lambda: strings.split("a,b", ","), ["a", "b"])
tap.equal("split of one", lambda: strings.split("a", ","), ["a"])
tap.equal("a dotted name", lambda: strings["text.word_count"]("two words"), 2)

bank = service("bank")
owner = f"ann-{uuid.uuid4()}"
opened = bank.service.open(owner, 10.0)
tap.report("/bank/A" in opened.Address, "bank.open", opened)
tap.equal("open without the optional amount", lambda: "/bank/A" in bank.service.open(owner="bob").Address, True)
account = bank.service.accounts(owner)[0].id
url = opened.Address
account_object = zeep.Client(f"{url}?wsdl", transport=Offline(timeout=20, operation_timeout=20)).service
tap.equal("an object at its own URL, by its own WSDL", lambda: (account_object.owner(), account_object.balance()), (owner, 10.0))
tap.equal("deposit", lambda: bank.service.deposit(account, 2.5), 12.5)
tap.equal(
    "accounts",
    lambda: plain(bank.service.accounts(owner)),
    [{"id": account, "owner": owner, "balance": 12.5}],
)
tap.equal("no accounts", lambda: plain(bank.service.accounts("nobody")), [])
refused = fault(lambda: bank.service.withdraw(account, 99.0))
detail = getattr(refused, "detail", None)
tap.report(detail is not None and len(detail) == 1, "a typed fault has its detail", refused)
if detail is not None:
    funds = bank.get_element("{urn:farcall:Bank}InsufficientFunds").parse(detail[0], bank.wsdl.types)
    tap.report((funds.balance, funds.requested) == (12.5, 99.0), "its members", funds)
unknown = fault(lambda: bank.service.balance("X"))
tap.report("NoSuchAccount" in getattr(getattr(unknown, "detail", [None])[0], "tag", ""), "another typed fault", unknown)

client = service("echo")
echo = client.service
tap.equal("nothing", lambda: echo.nothing(), None)
for name, value in [
    ("bool", True),
    ("bool", False),
    ("i8", -128),
    ("u8", 255),
    ("i16", -32768),
    ("u16", 65535),
    ("i32", -2147483648),
    ("u32", 4294967295),
    ("i64", -9223372036854775808),
    ("u64", 18446744073709551615),
    ("f64", 0.1),
    ("f64", -1e300),
    ("f64", math.inf),
    ("f64", -math.inf),
    ("f32", 1.5),
    ("decimal", Decimal("-12345678901234567890123456789012345.678")),
    ("char", "é"),
    ("string", "a<b>&\"'"),
    ("string", "  spaces  "),
    ("string", "😀漢字"),
    ("bytes", bytes(range(256))),
    ("date", datetime.date(2026, 11, 22)),
    ("time", datetime.time(14, 8, 55)),
    ("datetime", datetime.datetime(2026, 11, 22, 14, 8, 55)),
    ("numbers", [1]),
    ("numbers", [1, -2, 3]),
    ("list", ["one"]),
    ("list", ["a", "b"]),
    ("array", [1, 2, 3]),
    ("optional", "x"),
    ("optional", None),
    ("color", "green"),
]:
    tap.equal(f"echo.{name} {str(value)[:40]}", lambda: getattr(echo, name)(value), value)
tap.true("echo.f64 NaN", lambda: math.isnan(echo.f64(math.nan)))
for zone in ["+05:30", "-08:00", "+00:00"]:
    when = datetime.datetime.fromisoformat(f"2026-11-22T14:08:55{zone}")
    tap.true(f"echo.datetime {zone}", lambda: echo.datetime(when) == when and echo.datetime(when).utcoffset() == when.utcoffset())
big = bytes(1 << 20)
tap.true("echo.bytes 1 MiB", lambda: echo.bytes(big) == big)
tap.equal("echo.optionals", lambda: echo.optionals([zeep.xsd.Nil, "x", zeep.xsd.Nil]), [None, "x", None])
tap.equal("echo.list of none", lambda: echo.list([]), [])
structure = {"name": "n", "size": 1, "ratio": 0.5, "tags": ["t"], "note": None}
tap.equal("echo.structure", lambda: plain(echo.structure(structure)), structure)
full = {"name": "", "size": -1, "ratio": 2.0, "tags": ["a", "b"], "note": "x"}
tap.equal("echo.structures", lambda: [s["size"] for s in plain(echo.structures([structure, full]))], [1, -1])
# zeep takes a result of one part for that part
entries = [{"key": "a", "value": 1}, {"key": "b", "value": -1}]
tap.equal("echo.map", lambda: plain(echo.map({"entry": entries})), entries)
numbered = [{"key": 7, "value": "seven"}]
tap.equal("echo.numbered", lambda: plain(echo.numbered({"entry": numbered})), numbered)
with client.settings(raw_response=True):
    raw = echo.map({"entry": []}).text
    tap.report("return></" in raw, "echo.map empty is there, and empty", raw)
    raw = echo.optional(None).text
    tap.report("return" not in raw, "echo.optional None is absent", raw)
    raw = echo.optional("").text
    tap.report("return></" in raw, "echo.optional of empty text is there", raw)
tap.equal("echo.pair", lambda: plain(echo.pair({"item1": "a", "item2": 1})), {"item1": "a", "item2": 1})
some = {"map": {"entry": [{"key": "a", "value": 1}]}}
nothing = {"text": None, "texts": [], "list": None, "dictionary": None, "nil": None, "nils": []}
for what, members in [
    ("None", {}),
    ('""', {"text": ""}),
    ("[]", {"list": {"item": []}}),
    ("[one]", {"texts": ["one"], "list": {"item": ["x"]}}),
    ("{}", {"map": {"entry": []}, "dictionary": {"entry": []}}),
    ("[nil]", {"nils": [zeep.xsd.Nil, "x", zeep.xsd.Nil]}),
]:
    wanted = {**nothing, **some, **members}
    wanted["nils"] = [None if item is zeep.xsd.Nil else item for item in wanted["nils"]]
    sparse = lambda: {name: value for name, value in sorted(plain(echo.sparse({**some, **members})).items())}
    tap.equal(f"keeps {what}", sparse, dict(sorted(wanted.items())))
# what zeep reads as None, and what it has no value for
with client.settings(raw_response=True):
    for what, members, shows in [
        ('""', {"text": ""}, ["text></"]),
        ("[]", {"list": {"item": []}}, ["list></"]),
        ("{}", {"map": {"entry": []}, "dictionary": {"entry": []}}, ["map></", "dictionary></"]),
        ("nil", {"nil": zeep.xsd.Nil}, ['nil xsi:nil="true"']),
    ]:
        raw = echo.sparse({**some, **members}).text
        tap.report(all(part in raw for part in shows), "keeps nil" if what == "nil" else f"in the message, {what} is kept", raw)
scalars = {
    "truth": True, "tiny": -128, "octet": 255, "small": -32768, "usmall": 65535, "middle": -(2**31),
    "umiddle": 2**32 - 1, "large": -(2**63), "ularge": 2**64 - 1, "single": 1.5, "double": 0.1,
    "exact": Decimal("-12345678901234567890123456789012345.678"), "text": " a<b>&\"' ]]> 😀 ", "octets": b"\0\xff",
    "moment": datetime.datetime(2026, 11, 22, 14, 8, 55, 250000, datetime.timezone.utc), "day": datetime.date(2026, 11, 22),
    "clock": datetime.time(14, 8, 55), "span": datetime.timedelta(days=1, seconds=4.5), "color": "blue",
}
tap.true("echo.scalars", lambda: plain(echo.scalars(scalars)) == scalars)
told = lxml.etree.fromstring('<e:Told xmlns:e="urn:else">x</e:Told>')
tap.equal("a header that may be ignored is", lambda: echo.i32(1, _soapheaders=[told]), 1)
tree = {"label": "r", "branches": [{"label": "l", "branches": []}]}
tap.equal("echo.tree", lambda: plain(echo.tree(tree)), tree)
tap.equal("echo.shape circle", lambda: plain(echo.shape({"circle": 1.5}))["circle"], 1.5)
corner = {"item": [{"x": 1.0, "y": 2.0}]}
tap.equal("echo.shape polygon", lambda: plain(echo.shape({"polygon": corner}))["polygon"], corner)
for kind, value in [(zeep.xsd.String(), "x"), (zeep.xsd.Int(), 5), (zeep.xsd.Double(), 1.5), (zeep.xsd.Boolean(), True)]:
    tap.equal(f"echo.any {kind}", lambda: echo.any(zeep.xsd.AnyObject(kind, value)), value)
tap.true("echo.reference", lambda: plain(echo.reference({"Address": "http://127.0.0.1:1/x"}))["Address"] == "http://127.0.0.1:1/x")
Structure = client.get_type("{urn:farcall:Echo}StructureType")
told = {**full, "name": "n"}
tap.equal("echo.any of a struct of the service", lambda: plain(echo.any(zeep.xsd.AnyObject(Structure, Structure(**told)))), told)
# lists and maps where anything may stand are of types that the schema has
any_list, any_map = (client.get_type("{urn:farcall:Echo}" + name) for name in ("ListOfAnyType", "MapOfAnyTypeToAnyType"))
of = lambda kind, value: zeep.xsd.AnyObject(kind, value)
numbers = [of(zeep.xsd.Int(), 1), of(zeep.xsd.String(), "two")]
tap.equal("echo.any of a list", lambda: plain(echo.any(of(any_list, any_list(item=numbers)))), [1, "two"])
entry = {"key": of(zeep.xsd.String(), "k"), "value": of(zeep.xsd.Int(), 1)}
tap.equal("echo.any of a map", lambda: plain(echo.any(of(any_map, any_map(entry=[entry])))), [{"key": "k", "value": 1}])
for version, query in [("1.1", "wsdl"), ("1.2", "wsdl12")]:
    both = service("echo", query)
    names = list(next(iter(both.wsdl.services.values())).ports)
    bound = both.bind("Echo", next(name for name in names if ("12" in name) == (version == "1.2")))
    space = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}[version]
    role = "actor" if version == "1.1" else "role"
    header = lambda more: lxml.etree.fromstring(f'<e:Told xmlns:e="urn:else" xmlns:s="{space}" s:mustUnderstand="1" {more}>x</e:Told>')
    refused = fault(lambda: bound.i32(1, _soapheaders=[header("")]))
    tap.report("MustUnderstand" in str(getattr(refused, "code", "")), f"SOAP {version}: a header that must be understood is refused as such", refused)
    tap.equal(f"SOAP {version}: one for somebody else is not", lambda: bound.i32(1, _soapheaders=[header(f's:{role}="urn:somebody"')]), 1)
    wrong = fault(lambda: bound.char("two"))
    codes = [str(code) for code in getattr(wrong, "subcodes", None) or []]
    tap.report(version == "1.1" or any("BadArguments" in code for code in codes), f"SOAP {version}: what is wrong with a fault is in its subcode", (wrong, codes))
invalid = fault(lambda: echo.char("two"))
tap.report(getattr(invalid, "code", "").endswith(":Client"), "the caller's mistake is said to be his", invalid)
tap.report("line " in str(invalid) and "/soap-env:Body/ns0:char/ns0:x" in str(invalid), "with its place", invalid)
tap.close()
