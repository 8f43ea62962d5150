"""omniORB's nameclt against a naming service: python nameclt.py NAMECLT REFERENCE"""

import os
import subprocess
import sys

checks = 0


def ok(condition, name, why=""):
    global checks
    checks += 1
    print(f"{'ok' if condition else 'not ok'} {checks} - {name}")
    for line in str(why).splitlines() if not condition else []:
        print("#", line)


def names(*arguments, advanced=False):
    command = [sys.argv[1], *(["-advanced"] if advanced else [])]
    command += ["-ORBInitRef", f"NameService={sys.argv[2]}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout + done.stderr


def main():
    object_ = "corbaloc::127.0.0.1:1/thing"
    code, out = names("list")
    ok(code == 0 and not out.strip(), "an empty root is listed", out)
    code, out = names("bind_new_context", "banks")
    ok(code == 0 and "IOR:" in out, "a new context is bound", out)
    context = out.strip().splitlines()[-1]
    code, out = names("bind", "banks/main.account", object_)
    ok(code == 0, "an object is bound inside", out)
    code, out = names("bind", "banks/main.account", object_)
    ok(code != 0 and "bound" in out.lower(), "it is bound once", out)
    code, out = names("list")
    ok(code == 0 and out.split() == ["banks/"], "the context is listed", out)
    code, out = names("list", "banks")
    ok(code == 0 and out.split() == ["main.account"], "what is in it is listed", out)
    code, first = names("resolve", "banks/main.account")
    ok(code == 0 and "IOR:" in first, "the object is resolved", first)
    code, out = names("rebind", "banks/main.account", "corbaloc::127.0.0.1:1/other", advanced=True)
    ok(code == 0, "it is bound anew", out)
    code, out = names("resolve", "banks/main.account")
    ok(code == 0 and out != first, "and resolved anew", out)
    code, out = names("resolve", "banks/none")
    ok(code != 0, "what is not bound is not found", out)
    code, out = names("bind_context", "again", context, advanced=True)
    ok(code == 0, "a context is bound under another name", out)
    code, out = names("resolve", "again/main.account")
    ok(code == 0 and "IOR:" in out, "and followed", out)
    code, out = names("remove_context", "banks")
    ok(code != 0, "a context with something in it stays", out)
    code, out = names("unbind", "again/main.account")
    ok(code == 0, "the object is unbound", out)
    code, out = names("remove_context", "again")
    ok(code == 0, "the context is removed by its other name", out)
    # nameclt itself refuses to unbind what is bound as a context
    ours = subprocess.run([os.environ["FARCALL"], "names", "unbind", "banks", "--at", sys.argv[2]], timeout=30)
    ok(ours.returncode == 0, "its first name is unbound")
    code, out = names("list")
    ok(code == 0 and not out.strip(), "nothing is left", out)
    for index in range(60):
        names("bind", f"n{index:02}", object_)
    code, out = names("list")
    ok(code == 0 and len(out.split()) == 60, "a long list comes whole", out)
    print(f"1..{checks}")


main()
