"""Python's xmlrpc.client against the contract of farcall's services. Usage: client.py URL"""

import datetime
import sys
from xmlrpc.client import Fault, MultiCall, ServerProxy, Transport

import tap

URL = sys.argv[1]
BASE = URL.removesuffix("/RPC2")
CHECKS = tap.Tap()

VALUES = {
    "None": None,
    "true": True,
    "false": False,
    "zero": 0,
    "minus one": -1,
    "greatest i4": 2**31 - 1,
    "least i4": -(2**31),
    "0.1": 0.1,
    "1/3": 1 / 3,
    "1e300": 1e300,
    "least double": 5e-324,
    "greatest double": sys.float_info.max,
    "minus zero": -0.0,
    "whole double": 2.0,
    "empty text": "",
    "one space": " ",
    "white space only": "  \t\n ",
    "white space around": "  a  ",
    "two lines": "a\nb",
    "carriage return": "a\r\nb",
    "entity text": "<a href=\"x\">&amp; 'q' ]]> &#65;</a>",
    "Latin text": "naïve café",
    "Chinese text": "漢字",
    "astral text": "😀𝄞",
    "combining text": "e\u0301",
    "long text": "0123456789" * 10_000,
    "empty array": [],
    "array of one": [1],
    "array in array": [[]],
    "deep array": [[[[[1]]]]],
    "mixed array": [1, "a", None, 2.5, b"x", True, {}, []],
    "long array": list(range(10_000)),
    "empty struct": {},
    "struct": {"a": 1, "b": "two"},
    "member order": {"z": 1, "a": 2, "m": 3},
    "empty member name": {"": 1},
    "odd member name": {"a b <&> é": 1},
    "struct of None": {"none": None},
    "nested struct": {"a": {"b": {"c": [{"d": []}]}}},
    "empty binary": b"",
    "one octet": b"\x00",
    "all octets": bytes(range(256)),
    "64 KiB binary": bytes(range(256)) * 256,
    "date": datetime.datetime(1998, 7, 17, 14, 8, 55),
    "date before 1970": datetime.datetime(1901, 1, 2, 3, 4, 5),
    "leap day": datetime.datetime(2024, 2, 29, 23, 59, 59),
}

TYPED = {
    "bool": [True, False],
    "i32": [0, 2**31 - 1, -(2**31)],
    "i64": [0, 2**31 - 1],
    "f64": [0.1, 1e300, -0.0, 2.0],
    "string": ["", " ", "😀", "<&>"],
    "bytes": [b"", bytes(range(256))],
    "datetime": [datetime.datetime(1998, 7, 17, 14, 8, 55)],
    "list": [[], ["one"], ["", "two", "😀"]],
    "map": [{}, {"a": 1, "b": -2}],
    "optional": [None, "", "some"],
    "structure": [
        {"name": "a", "size": 3, "ratio": 0.5, "tags": ["x"], "note": "n"},
        {"name": "", "size": 0, "ratio": 0.0, "tags": []},
    ],
}


class Gzip(Transport):
    """Compresses requests of more than 100 octets and asks for compressed responses."""

    encode_threshold = 100
    seen = None

    def parse_response(self, response):
        self.seen = response.getheader("Content-Encoding", "")
        return super().parse_response(response)


def proxy(url=URL, **more):
    return ServerProxy(url, allow_none=True, use_builtin_types=True, **more)


def fault_of(call):
    try:
        return f"no fault but {call()!r}"
    except Fault as fault:
        return fault.faultCode


def services(server):
    text = "The quick 漢字 😀"
    CHECKS.true("fortune.get_cookie", lambda: len(server.fortune.get_cookie()) > 0)
    CHECKS.equal("strings.reverse", lambda: server.strings.reverse(text), text[::-1])
    CHECKS.equal("strings.reverse of nothing", lambda: server.strings.reverse(""), "")
    CHECKS.equal("strings.upper", lambda: server.strings.upper("straße é"), "STRASSE É")
    CHECKS.equal("strings.join", lambda: server.strings.join(["a", "", "b"], ", "), "a, , b")
    CHECKS.equal("strings.join of one", lambda: server.strings.join(["a"], "-"), "a")
    CHECKS.equal("strings.join of none", lambda: server.strings.join([], "-"), "")
    CHECKS.equal("nested service", lambda: server.strings.text.word_count("a b  c"), 3)
    CHECKS.true("bank.open", lambda: server.bank.open("Ada", 10.0) is not None)
    CHECKS.true("bank.open without the optional", lambda: server.bank.open("Ada") is not None)
    CHECKS.true("bank.open with nil", lambda: server.bank.open("Ada", None) is not None)
    try:
        server.bank.open("Ada", -1.0)
        CHECKS.report(False, "bank.open refused", "no fault")
    except Fault as fault:
        good = "InsufficientFunds" in fault.faultString
        CHECKS.report(good, "bank.open refused", repr(fault))


def echoes(server):
    for name, value in VALUES.items():
        CHECKS.equal(f"echo {name}", lambda: server.echo(value), value)
    CHECKS.equal("echo.nothing", lambda: server.echo.nothing(), None)
    for name, values in TYPED.items():
        for value in values:
            label = f"echo.{name} {value!r:.40}"
            CHECKS.equal(label, lambda: getattr(server.echo, name)(value), value)


def paths():
    """Every service at a path of its own, too."""
    CHECKS.equal("path /", lambda: proxy(BASE + "/").strings.upper("a"), "A")
    CHECKS.equal("path /strings", lambda: proxy(BASE + "/strings").upper("a"), "A")
    CHECKS.equal("path /strings, nested", lambda: proxy(BASE + "/strings").text.word_count("a"), 1)
    CHECKS.equal("path /echo", lambda: proxy(BASE + "/echo").i32(7), 7)
    struct = {"moe": 1, "larry": 2, "curly": 3}
    CHECKS.equal("path /validator1", lambda: proxy(BASE + "/validator1").easyStructTest(struct), 6)


def validator(server):
    v = server.validator1
    stooges = {"moe": 1, "larry": 2, "curly": 4}
    CHECKS.equal("arrayOfStructsTest", lambda: v.arrayOfStructsTest([stooges] * 3), 12)
    counts = {
        "ctLeftAngleBrackets": 2,
        "ctRightAngleBrackets": 1,
        "ctAmpersands": 3,
        "ctApostrophes": 1,
        "ctQuotes": 4,
    }
    text = "<<>&&&'\"\"\"\" end"
    CHECKS.true("countTheEntities", lambda: v.countTheEntities(text) == counts)
    CHECKS.equal("easyStructTest", lambda: v.easyStructTest(stooges), 7)
    odd = {"b": [1, {"x": ""}], "a": {}, "é": True}
    CHECKS.equal("echoStructTest", lambda: v.echoStructTest(odd), odd)
    many = [-7, True, "tëxt", 3.25, datetime.datetime(1998, 7, 17, 14, 8, 55), b"\x00\xfe"]
    CHECKS.equal("manyTypesTest", lambda: v.manyTypesTest(*many), many)
    items = [f"item {n}" for n in range(150)]
    CHECKS.equal("moderateSizeArrayCheck", lambda: v.moderateSizeArrayCheck(items), "item 0item 149")
    day = {f"{n:02}": {"moe": n, "larry": n, "curly": n} for n in range(1, 31)}
    months = {f"{n:02}": day for n in range(1, 13)}
    CHECKS.equal("nestedStructTest", lambda: v.nestedStructTest({"1999": months, "2000": months}), 3)
    times = {"times10": -70, "times100": -700, "times1000": -7000}
    CHECKS.true("simpleStructReturnTest", lambda: v.simpleStructReturnTest(-7) == times)


def faults(server):
    CHECKS.equal("unknown method", lambda: fault_of(lambda: server.no.such.method(1)), -32601)
    CHECKS.equal("unknown in a service", lambda: fault_of(lambda: server.strings.nope()), -32601)
    CHECKS.equal("too few parameters", lambda: fault_of(lambda: server.strings.reverse()), -32602)
    too_many = lambda: server.strings.reverse("a", "b")
    CHECKS.equal("too many parameters", lambda: fault_of(too_many), -32602)
    CHECKS.equal("wrong type", lambda: fault_of(lambda: server.strings.reverse(5)), -32602)
    CHECKS.equal("after a fault", lambda: server.strings.upper("a"), "A")


def system(server):
    names = server.system.listMethods()
    for name in ("fortune.get_cookie", "strings.text.word_count", "system.multicall", "echo.i32"):
        CHECKS.report(name in names, f"listMethods has {name}", names)
    CHECKS.true("listMethods has no name twice", lambda: len(set(names)) == len(names))
    signature = lambda: server.system.methodSignature("strings.reverse")
    CHECKS.true("methodSignature", lambda: signature()[0][0] == "string")
    CHECKS.true("methodHelp", lambda: isinstance(server.system.methodHelp("strings.reverse"), str))
    unknown = lambda: fault_of(lambda: server.system.methodSignature("no.such"))
    CHECKS.equal("methodSignature of an unknown method", unknown, -32601)
    faults_interop = lambda: server.system.getCapabilities()["faults_interop"]["specVersion"]
    CHECKS.equal("getCapabilities", faults_interop, 20010516)


def multicall(server):
    calls = MultiCall(server)
    calls.strings.upper("a")
    calls.echo(None)
    calls.echo([])
    CHECKS.equal("multicall", lambda: list(calls()), ["A", None, []])
    calls = MultiCall(server)
    calls.strings.upper("a")
    calls.no.such.method()
    calls.strings.upper("b")
    results = calls()
    CHECKS.equal("multicall before a fault", lambda: results[0], "A")
    CHECKS.equal("multicall fault", lambda: fault_of(lambda: results[1]), -32601)
    CHECKS.equal("multicall after a fault", lambda: results[2], "B")
    CHECKS.equal("multicall of nothing", lambda: list(MultiCall(server)()), [])
    inner = {"methodName": "system.multicall", "params": [[]]}
    recursive = server.system.multicall([inner])
    CHECKS.true("multicall is not recursive", lambda: "faultCode" in recursive[0])


def compressed():
    transport = Gzip(use_builtin_types=True)
    server = proxy(transport=transport)
    text = "compress me " * 1000
    CHECKS.equal("gzip request", lambda: server.echo(text), text)
    CHECKS.report(transport.seen == "gzip", "gzip response", transport.seen)


def main():
    server = proxy()
    services(server)
    echoes(server)
    paths()
    validator(server)
    faults(server)
    system(server)
    multicall(server)
    compressed()
    CHECKS.close()


main()
