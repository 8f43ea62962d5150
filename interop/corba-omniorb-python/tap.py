"""Checks reported in the Test Anything Protocol."""

import math
import sys

count = 0
failed = 0


def report(good, name, why=""):
    global count, failed
    count += 1
    print("%s %d - %s" % ("ok" if good else "not ok", count, name))
    if not good:
        failed += 1
        for line in str(why).splitlines():
            print("# " + line[:500])


def told(error):
    return "%s: %s" % (type(error).__name__, error)


def equal(name, call, wanted):
    """`call()` must return `wanted`; -0.0 is not 0.0."""
    try:
        got = call()
    except Exception as error:
        return report(False, name, told(error))
    good = got == wanted and type(got) is type(wanted)
    if isinstance(wanted, float):
        good = good and math.copysign(1, got) == math.copysign(1, wanted)
    report(good, name, "got    %.200r\nwanted %.200r" % (got, wanted))


def true(name, call):
    try:
        report(call(), name, "not true")
    except Exception as error:
        report(False, name, told(error))


def raises(name, call, wanted):
    """`call()` must raise something of which `wanted` is true."""
    try:
        report(False, name, "got %r" % (call(),))
    except Exception as error:
        report(wanted(error), name, told(error))


def done():
    print("1..%d" % count)
    sys.exit(1 if failed else 0)
