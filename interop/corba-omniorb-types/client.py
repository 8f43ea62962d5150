"""Every construct of IDL, called by omniORBpy.

    client.py HOST:PORT VERSION KEY

The stubs are made from kinds.idl, in the directory of the environment variable WORK.
"""

import os
import sys
import time

sys.path[:0] = [os.environ["WORK"], os.path.join(os.path.dirname(os.path.abspath(__file__)), "../corba-omniorb-python")]

import subprocess

import tap
import shapes
from omniORB import CORBA, fixed
import kinds

address, version, key = sys.argv[1:4]
KNOWN = (str, bytes, int, float, bool, CORBA.Object)


def plain(value):
    """As something that == compares; shared and cyclic values by number."""
    seen = {}

    def inside(value):
        if isinstance(value, (list, tuple)):
            return [inside(item) for item in value]
        if isinstance(value, CORBA.ValueBase):
            if id(value) in seen:
                return ("again", seen[id(value)])
            seen[id(value)] = len(seen)
            return [type(value).__name__] + [(n, inside(v)) for n, v in sorted(vars(value).items())]
        if isinstance(value, CORBA.Any):
            return ("any", str(value.typecode().kind()), inside(value.value()))
        if isinstance(value, CORBA.TypeCode):
            return str(value)
        if hasattr(value, "_v"):
            return ("union", inside(value._v))
        if hasattr(value, "__dict__") and not isinstance(value, KNOWN) and hasattr(value, "_NP_RepositoryId"):
            return [(name, inside(item)) for name, item in sorted(vars(value).items())]
        return value

    return inside(value)


def named(name):
    return "%s %s %s" % (version, key, name)


def at(orb, key):
    # a corbaloc does not say the code sets, without which omniORB sends no wide text
    if version == "1.2":
        made = ["genior", "IDL:kinds/Echo:1.0", *address.split(":"), key]
        url = subprocess.run(made, check=True, capture_output=True, text=True).stdout.strip()
    else:
        url = "corbaloc:iiop:%s@%s/%s" % (version, address, key)
    return orb.string_to_object(url)


def basic(n=1):
    return kinds.Basic(True, 255, "x", -n, 65535, -(2**31), 2**32 - 1, -(2**63), 2**64 - 1, 0.5, 0.1, "text")


def tree(label, *branches):
    return kinds.Tree(label, list(branches))


def union(of, label, value):
    return of(label, value)


def node(label, left=None, right=None):
    made = kinds.Node()
    made.label, made.left, made.right = label, left, right
    return made


def person(name, age, friend=None):
    made = kinds.Person()
    made.name, made.age, made.friend = name, age, friend
    return made


def square(side):
    made = shapes.Square()
    made.side = side
    return made


def group(*parts):
    made = shapes.Group()
    made.parts = list(parts)
    return made


def checks(orb):
    echo = at(orb, key)._narrow(kinds.Echo)

    def same(name, *values):
        operation = getattr(echo, "echo_" + name)
        for value in values:
            shown = named("%s(%.60r)" % (name, plain(value)))
            tap.equal(shown, lambda: plain(operation(value)), plain(value))

    same("boolean", True, False)
    same("octet", 0, 255)
    same("char", "x", "~")
    same("short", -32768, 32767)
    same("ushort", 65535)
    same("long", -(2**31), 2**31 - 1)
    same("ulong", 2**32 - 1)
    same("longlong", -(2**63))
    same("ulonglong", 2**64 - 1)
    same("float", 0.5, float("-inf"))
    same("double", 0.1, 5e-324)
    same("string", "", "Jörg", "x" * 100_000)
    same("tenchars", "0123456789")
    tap.equal(named("price"), lambda: str(echo.echo_price(fixed("-123.45"))), "-123.45")
    tap.equal(named("even"), lambda: str(echo.echo_even(fixed("1234"))), "1234")
    same("octets", b"", bytes(range(256)), bytes(8 << 20))
    same("doubles", [], [0.5, -1.25], [float(n) for n in range(50_000)])
    same("uptofive", [], [1, 2, 3, 4, 5])
    same("jagged", [], [[], [1], [1, 2]])
    same("matrix", [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    same("names", ["a", ""])
    same("color", kinds.blue)
    same("basic", basic())
    nested = kinds.Nested(basic(7), kinds.green, b"\0\1")
    same("nesteds", [], [nested] * 100)
    same("tree", tree("leaf"), tree("r", tree("a"), tree("b", tree("c"))))
    same("bylong", kinds.ByLong(1, 7), kinds.ByLong(2, 8), kinds.ByLong(-5, "t"), kinds.ByLong(99, kinds.red))
    same("byboolean", kinds.ByBoolean(True, "y"), kinds.ByBoolean(False, -3))
    same("bychar", kinds.ByChar("a", 5), kinds.ByChar("b", basic()))
    tap.true(named("bychar without a case"), lambda: echo.echo_bychar(kinds.ByChar("z", None))._d not in "ab")
    same("bycolor", kinds.ByColor(kinds.red, b"\7"), kinds.ByColor(kinds.green, "g"))
    same("bylonglong", kinds.ByLongLong(9000000000, 1.5), kinds.ByLongLong(0, tree("t")))

    def code(of):
        return CORBA.TypeCode(CORBA.id(of))

    def echo_any(name, typecode, value):
        def call():
            back = echo.echo_any(CORBA.Any(typecode, value))
            return back.typecode().equivalent(typecode), plain(back.value())

        tap.equal(named("any " + name), call, (True, plain(value)))

    echo_any("null", CORBA.TC_null, None)
    echo_any("long", CORBA.TC_long, 5)
    echo_any("string", CORBA.TC_string, "é")
    echo_any("alias of a bounded string", code(kinds.TenChars), "short")
    echo_any("bounded sequence", code(kinds.UpToFive), [1, 2])
    echo_any("sequences of bounded sequences", code(kinds.Jagged), [[1], []])
    echo_any("matrix", code(kinds.Matrix), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    echo_any("struct", code(kinds.Nested), nested)
    echo_any("recursive struct", code(kinds.Tree), tree("r", tree("a")))
    echo_any("union", code(kinds.ByLong), kinds.ByLong(-5, "t"))
    echo_any("union by char", code(kinds.ByChar), kinds.ByChar("b", basic()))
    echo_any("union by enum", code(kinds.ByColor), kinds.ByColor(kinds.green, "g"))
    echo_any("enum", code(kinds.Color), kinds.blue)
    echo_any("exception", code(kinds.Refused), kinds.Refused(1, "w", kinds.red))
    echo_any("TypeCode", CORBA.TC_TypeCode, code(kinds.Tree))
    echo_any("any in any", CORBA.TC_any, CORBA.Any(CORBA.TC_any, CORBA.Any(CORBA.TC_short, 3)))
    echo_any("reference", CORBA.TypeCode("IDL:kinds/Echo:1.0"), None)
    same("anys", [], [CORBA.Any(CORBA.TC_long, 1), CORBA.Any(code(kinds.Color), kinds.red)])

    for of in [kinds.Nested, kinds.Tree, kinds.ByLong, kinds.ByColor, kinds.Jagged, kinds.Matrix, kinds.Refused]:
        tap.true(named("TypeCode of %s" % of.__name__.split(".")[-1] if hasattr(of, "__name__") else "TypeCode"),
                 lambda: echo.echo_typecode(code(of)).equivalent(code(of)))
    for of in [CORBA.TC_long, CORBA.TC_wstring, CORBA.TC_any, CORBA.TC_TypeCode, CORBA.TC_Object, CORBA.TC_void]:
        tap.true(named("TypeCode %s" % of.kind()), lambda: echo.echo_typecode(of).equivalent(of))

    tap.equal(named("object nil"), lambda: echo.echo_object(None), None)
    tap.equal(named("base nil"), lambda: echo.echo_base(None), None)
    tap.equal(named("object"), lambda: echo.echo_object(echo)._narrow(kinds.Echo).twice(4), 8)
    tap.equal(named("base"), lambda: echo.echo_base(echo).twice(5), 10)
    tap.true(named("_is_a of a base"), lambda: echo._is_a("IDL:kinds/Base:1.0"))

    tap.true(named("name"), lambda: len(echo._get_name()) > 0)
    echo._set_count(5)
    tap.equal(named("count"), lambda: echo._get_count(), 5)
    echo.bump(2)

    def bumped():
        for _ in range(100):
            if echo._get_count() == 7:
                return True
            time.sleep(0.02)

    tap.true(named("oneway"), bumped)
    tap.equal(named("mixed"), lambda: echo.mixed(21, "in"), (42, "in!", kinds.blue, b"in"))
    tap.equal(named("nothing but outs"), lambda: echo.nothing_but_outs(), (1, 2.5))
    context = CORBA.Context("", None)
    for name, value in (("lang", "de"), ("user.name", "ann"), ("other", "no")):
        context.set_one_value(name, value)
    tap.equal(named("context"), lambda: echo.with_words("x", context), "x;lang=de;user.name=ann")

    tap.raises(named("user exception"), lambda: echo.refuse(3),
               lambda e: isinstance(e, kinds.Refused) and (e.code, e.why, e.hue) == (3, "because", kinds.green))
    tap.raises(named("exception without members"), lambda: echo.refuse(0), lambda e: isinstance(e, kinds.Bare))
    tap.raises(named("system exception"), lambda: echo.forbid(),
               lambda e: isinstance(e, CORBA.NO_PERMISSION) and e.minor == 7 and e.completed == CORBA.COMPLETED_NO)

    if version == "1.2":
        same("wstring", "", "x", "漢字 😀")
        same("widenames", [], ["a", "ж"])
        same("wchar", "ж")
        same("node", None, node("leaf"), node("r", node("a"), node("b", node("c"))))
        shared = node("s")
        same("node", node("r", shared, shared), node("r", node("a", shared), shared))
        tap.equal(named("the same value twice"), lambda: echo.same(shared, shared), True)
        tap.equal(named("two equal values"), lambda: echo.same(node("s"), node("s")), False)
        same("named", None, person("ann", 30), person("ann", 30, person("bob", 31)))
        one = person("ann", 30)
        one.friend = person("bob", 31, one) if key == "dynamic" else None
        same("named", one)
        tap.equal(named("truncated"), lambda: echo.measured(person("ann", 30, person("bob", 1))), 3)
        same("boxed", None, ["a", ""])
        same("shape", None, square(2.0), group(square(1.0), None, group()))
        one = square(3.0)
        same("shape", group(one, one))
        same("shapes", [], [square(1.0), None])
        tap.equal(named("shape that is an object"), lambda: echo.echo_shape(echo).area(), 0.25)
        tap.equal(named("objects and values"),
                  lambda: [shape.area() for shape in echo.echo_shapes([echo, square(2.0), group(echo)])],
                  [0.25, 4.0, 0.25])
        for of in [kinds.Shape, kinds.Group]:
            tap.true(named("TypeCode of %s" % of.__name__), lambda: echo.echo_typecode(code(of)).equivalent(code(of)))
        if key == "dynamic":
            ring = node("ring")
            ring.right = ring
            same("node", ring)
        echo_any("value", code(kinds.Node), node("r", shared, shared))
        echo_any("truncatable value", code(kinds.Person), person("ann", 30))
        echo_any("wstring", CORBA.TC_wstring, "ж")
        tap.true(named("TypeCode of a value"), lambda: echo.echo_typecode(code(kinds.Person)).equivalent(code(kinds.Person)))


options = ["-ORBmaxGIOPVersion", version, "-ORBgiopMaxMsgSize", "33554432", "-ORBnativeCharCodeSet", "UTF-8"]
checks(CORBA.ORB_init(options if version == "1.2" else options[:4]))
tap.done()
