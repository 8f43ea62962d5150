"""The contract of farcall's built-in services, called by omniORBpy.

    client.py HOST:PORT VERSION

The stubs are made from farcall.idl, in the directory of the environment variable WORK.
"""

import os
import subprocess
import sys

sys.path[:0] = [os.environ["WORK"], os.path.dirname(os.path.abspath(__file__))]

import tap
from omniORB import CORBA
import farcall

address, version = sys.argv[1:]


def check(orb):
    def at(key):
        url = "corbaloc:iiop:%s@%s/%s" % (version, address, key)
        return orb.string_to_object(url)

    def same(name, *values, by=None):
        operation = getattr(echo, name)
        for value in values:
            tap.equal("%s echo.%s(%.40r)" % (version, name, value), lambda: operation(value), by or value)

    fortune = at("fortune")._narrow(farcall.Fortune)
    tap.true(version + " fortune.get_cookie", lambda: len(fortune.get_cookie()) > 0)
    tap.true(version + " _is_a", lambda: fortune._is_a("IDL:farcall/Fortune:1.0"))
    tap.true(version + " not _is_a", lambda: not fortune._is_a("IDL:farcall/Bank:1.0"))
    tap.true(version + " not _non_existent", lambda: not fortune._non_existent())
    tap.true(version + " _non_existent", lambda: at("nobody")._non_existent())

    strings = at("strings")._narrow(farcall.Strings)
    tap.equal(version + " reverse", lambda: strings.reverse("farcall"), "llacraf")
    tap.equal(version + " upper, ISO 8859-1", lambda: strings.upper("jörg"), "JÖRG")
    tap.equal(version + " join", lambda: strings.join(["a", "", "b"], "-"), "a--b")
    tap.equal(version + " split", lambda: strings.split("a,b", ","), ["a", "b"])
    tap.equal(version + " word_count", lambda: strings.text_word_count("to be or not"), 4)

    echo = at("echo")._narrow(farcall.Echo)
    tap.equal(version + " echo.nothing", lambda: echo.nothing(), None)
    same("bool", True, False)
    same("u8", 0, 255)
    same("i16", -32768, 32767)
    same("u16", 65535)
    same("i32", -2147483648, 2147483647)
    same("u32", 4294967295)
    same("i64", -(2**63), 2**63 - 1)
    same("u64", 2**64 - 1)
    same("f32", 0.5, float("-inf"))
    same("f64", 0.1, 5e-324, -0.0, float("inf"))
    same("decimal", "-12.50")
    same("_char" if hasattr(echo, "_char") else "char", "x", "é")
    same("string" if hasattr(echo, "string") else "_string", "", "text", "é" * 1000)
    same("bytes", b"", bytes(range(256)), b"x" * 3_000_000)
    same("datetime", "2026-11-22T12:00:00Z")
    same("list", [], ["", "b"])
    same("numbers", [], [1, -1], list(range(100_000)))
    same("array", [1, 2, 3])

    def text(value):
        union = farcall.OptionalString(None, None)
        union._d, union._v = value is not None, value
        return union

    def plain(value):
        """As something that == compares."""
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        if hasattr(value, "_d"):
            return (value._d, plain(value._v))
        if hasattr(value, "__dict__") and not isinstance(value, CORBA.Object):
            return {name: plain(item) for name, item in vars(value).items()}
        return value

    def alike(name, *values):
        operation = getattr(echo, name)
        for value in values:
            shown = "%s echo.%s(%.60r)" % (version, name, plain(value))
            tap.equal(shown, lambda: plain(operation(value)), plain(value))

    alike("map", [], [farcall.Entry("a", 1), farcall.Entry("b", -2)])
    alike("optional", text(None), text(""), text("x"))
    alike("optionals", [], [text(None), text("x")])
    alike("pair", farcall.Pair("a", 7))
    tap.equal(version + " echo.color", lambda: echo.color(farcall.green), farcall.green)
    polygon = farcall.Shape(2, [farcall.Corner(0.5, 1), farcall.Corner(2, 3)])
    alike("shape", farcall.Shape(0, None), farcall.Shape(1, 2.5), polygon)
    structure = farcall.Structure("n", -1, 0.25, ["a", ""], text("note"))
    alike("structure", structure, farcall.Structure("", 0, 0.0, [], text(None)))
    alike("structures", [], [structure] * 100)
    leaf = farcall.Tree("leaf", [])
    alike("tree", leaf, farcall.Tree("root", [leaf, farcall.Tree("b", [leaf])]))

    def echo_any(name, typecode, value):
        any_ = CORBA.Any(typecode, value)

        def call():
            back = (echo.any if hasattr(echo, "any") else echo._any)(any_)
            return back.typecode().equivalent(typecode), plain(back.value())

        tap.equal("%s echo.any %s" % (version, name), call, (True, plain(value)))

    echo_any("null", CORBA.TC_null, None)
    echo_any("long", CORBA.TC_long, -7)
    echo_any("double", CORBA.TC_double, 0.1)
    echo_any("string", CORBA.TC_string, "x")
    echo_any("struct", CORBA.TypeCode(CORBA.id(farcall.Structure)), structure)
    echo_any("union", CORBA.TypeCode(CORBA.id(farcall.Shape)), polygon)
    echo_any("enum", CORBA.TypeCode(CORBA.id(farcall.Color)), farcall.blue)
    echo_any("sequence", CORBA.TypeCode(CORBA.id(farcall.Structures)), [structure, structure])
    echo_any("array", CORBA.TypeCode(CORBA.id(farcall.Three)), [1, 2, 3])
    echo_any("recursive", CORBA.TypeCode(CORBA.id(farcall.Tree)), farcall.Tree("r", [leaf, leaf]))
    if version == "1.2":
        # a corbaloc does not say the code sets, without which omniORB sends no wide text
        made = ["genior", "IDL:farcall/Echo:1.0", *address.split(":"), "echo"]
        ior = subprocess.run(made, check=True, capture_output=True, text=True).stdout.strip()
        echo = orb.string_to_object(ior)._narrow(farcall.Echo)
        echo_any("wstring", CORBA.TC_wstring, "x")
        echo_any("wstring beyond ISO 8859-1", CORBA.TC_wstring, "漢字 😀")
        echo_any("empty wstring", CORBA.TC_wstring, "")
        echo_any("wchar", CORBA.TC_wchar, "漢")

    tap.equal(version + " echo.reference nil", lambda: echo.reference(None), None)
    tap.true(version + " echo.reference", lambda: len(echo.reference(fortune).get_cookie()) > 0)

    bank = at("bank")._narrow(farcall.Bank)

    def amount(value):
        union = farcall.OptionalDouble(None, None)
        union._d, union._v = value is not None, value
        return union

    account = bank.open("ann", amount(10.0))
    tap.equal(version + " account.owner", account.owner, "ann")
    tap.equal(version + " account.balance", account.balance, 10.0)
    tap.equal(version + " bank.balance", lambda: bank.balance(account.number()), 10.0)
    tap.equal(version + " bank.open without", lambda: bank.open("bob", amount(None)).balance(), 0.0)
    tap.true(version + " account._is_a", lambda: account._is_a("IDL:farcall/Account:1.0"))
    tap.true(version + " account not _is_a", lambda: not account._is_a("IDL:farcall/Bank:1.0"))
    again = orb.string_to_object(orb.object_to_string(account))._narrow(farcall.Account)
    tap.equal(version + " its IOR", again.balance, 10.0)
    tap.raises(
        version + " account.withdraw too much",
        lambda: account.withdraw(11.0),
        lambda e: isinstance(e, farcall.InsufficientFunds) and (e.balance, e.requested) == (10.0, 11.0),
    )
    tap.raises(
        version + " bank.balance of nobody",
        lambda: bank.balance("nobody"),
        lambda e: isinstance(e, farcall.NoSuchAccount) and e.account == "nobody",
    )

    tap.equal(version + " bank.close", lambda: bank.close(account.number()), 10.0)
    tap.true(version + " account._non_existent", lambda: account._non_existent())
    tap.raises(version + " a closed account", account.balance, lambda e: isinstance(e, CORBA.OBJECT_NOT_EXIST))

    def system(name, minor=None, completed=CORBA.COMPLETED_NO):
        kind = getattr(CORBA, name)
        return lambda e: isinstance(e, kind) and e.completed == completed and minor in (None, e.minor)

    wrong = at("fortune")._unchecked_narrow(farcall.Strings)
    tap.raises(version + " BAD_OPERATION", lambda: wrong.upper("x"), system("BAD_OPERATION"))
    nobody = at("nobody")._unchecked_narrow(farcall.Strings)
    tap.raises(version + " OBJECT_NOT_EXIST", lambda: nobody.upper("x"), system("OBJECT_NOT_EXIST"))
    tap.raises(version + " MARSHAL", lambda: echo.decimal("x"), system("MARSHAL"))


check(CORBA.ORB_init(["-ORBmaxGIOPVersion", version, "-ORBgiopMaxMsgSize", "16777216"]))
tap.done()
