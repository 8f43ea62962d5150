"""Checks reported in the Test Anything Protocol."""

import math
import sys


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def report(self, good, name, why=""):
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good:
            self.failed += 1
            for line in str(why).splitlines():
                print(f"# {line[:2000]}")

    def equal(self, name, call, wanted):
        """`call()` must return exactly `wanted`, types included."""
        try:
            got = call()
        except Exception as error:
            self.report(False, name, f"{type(error).__name__}: {error}")
            return
        self.report(same(got, wanted), name, f"got    {got!r}\nwanted {wanted!r}")

    def true(self, name, test):
        try:
            self.report(test(), name, "not true")
        except Exception as error:
            self.report(False, name, f"{type(error).__name__}: {error}")

    def close(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def same(a, b):
    """Equal, and of the same types all the way down; -0.0 is not 0.0."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return a == b and math.copysign(1, a) == math.copysign(1, b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[name], b[name]) for name in a)
    return a == b
