"""omniORBpy's CosNaming against a naming service: python contexts.py REFERENCE"""

import sys

from omniORB import CORBA
import CosNaming

checks = 0


def ok(condition, name, why=""):
    global checks
    checks += 1
    print(f"{'ok' if condition else 'not ok'} {checks} - {name}")
    if not condition:
        print("#", why)


def name(*parts):
    return [CosNaming.NameComponent(*part.split(".", 1)) if "." in part else CosNaming.NameComponent(part, "") for part in parts]


def raises(exception, call, *arguments):
    try:
        return f"no exception but {call(*arguments)!r}"
    except exception as found:
        return found
    except CORBA.Exception as other:
        return repr(other)


def main():
    orb = CORBA.ORB_init(sys.argv)
    root = orb.string_to_object(sys.argv[1])._narrow(CosNaming.NamingContextExt)
    ok(root is not None, "the root is a NamingContextExt")
    thing = orb.string_to_object("corbaloc::127.0.0.1:1/thing")
    ok(root._is_a("IDL:omg.org/CosNaming/NamingContext:1.0"), "and a NamingContext")
    inner = root.bind_new_context(name("py"))
    inner.bind(name("a.b"), thing)
    ok(inner._is_equivalent(root.resolve(name("py"))), "a context is found again")
    found = raises(CosNaming.NamingContext.NotFound, root.resolve, name("py", "x", "y"))
    ok(getattr(found, "why", None) == CosNaming.NamingContext.missing_node and len(found.rest_of_name) == 2, "NotFound says where", found)
    found = raises(CosNaming.NamingContext.NotFound, root.resolve, name("py", "a.b", "y"))
    ok(getattr(found, "why", None) == CosNaming.NamingContext.not_context, "and why", found)
    found = raises(CosNaming.NamingContext.InvalidName, root.resolve, [])
    ok(isinstance(found, CosNaming.NamingContext.InvalidName), "an empty name is none", found)
    found = raises(CosNaming.NamingContext.NotEmpty, inner.destroy)
    ok(isinstance(found, CosNaming.NamingContext.NotEmpty), "a context with something in it stays", found)
    for index in range(5):
        inner.bind(name(f"n{index}"), thing)
    first, rest = inner.list(2)
    ok(len(first) == 2 and rest is not None, "a part of a list, and an iterator", first)
    more, one = rest.next_one()
    ok(more and one.binding_type == CosNaming.nobject, "one more", one)
    more, some = rest.next_n(10)
    ok(more and len(some) == 3, "all others", some)
    ok(not rest.next_one()[0] and not rest.next_n(1)[0], "and none after them")
    rest.destroy()
    ok(rest._non_existent(), "an iterator that was destroyed is gone")
    ok(root.to_string(name("a/b.c", "d")) == "a\\/b.c/d", "to_string", root.to_string(name("a/b.c", "d")))
    back = root.to_name("a\\/b.c/d")
    ok((back[0].id, back[0].kind, back[1].id) == ("a/b", "c", "d"), "to_name", back)
    url = root.to_url(":h:1", "a.b/c d")
    ok(url == "corbaname::h:1#a.b/c%20d", "to_url", url)
    ok(root.resolve_str("py/a.b")._is_equivalent(thing), "resolve_str")
    place = sys.argv[1].split(":", 2)[2].split("@")[1].split("/")[0]
    ok(orb.string_to_object(f"corbaname::{place}#py/a.b")._is_equivalent(thing), "corbaname")
    alone = root.new_context()
    root.rebind_context(name("py"), alone)
    ok(raises(CosNaming.NamingContext.NotFound, root.resolve, name("py", "a.b")).why == CosNaming.NamingContext.missing_node, "another context in its place")
    root.unbind(name("py"))
    alone.destroy()
    ok(alone._non_existent(), "a context that was destroyed is gone")
    print(f"1..{checks}")


main()
