"""What is bound survives kill -9 at any moment: python killed.py NAMECLT

Starts `farcall names serve`, binds names one after the other, kills the server
in the middle, starts it again, and asks for all that it said it had bound.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

checks = 0


def ok(condition, name, why=""):
    global checks
    checks += 1
    print(f"{'ok' if condition else 'not ok'} {checks} - {name}")
    if not condition:
        print("#", why)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(port):
    file = os.path.join(os.environ["WORK"], "killed.redb")
    command = [os.environ["FARCALL"], "names", "serve", "--listen", f"127.0.0.1:{port}", "--file", file]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline()
    assert "NameService" in line, line
    return server


def names(port, *arguments):
    reference = f"NameService=corbaloc:iiop:1.2@127.0.0.1:{port}/NameService"
    command = [sys.argv[1], "-ORBInitRef", reference, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30)


def bind_until_dead(port, bound, started):
    for index in range(10_000):
        if names(port, "bind", f"n{index:05}", "corbaloc::127.0.0.1:1/x").returncode != 0:
            return
        bound.append(f"n{index:05}")
        if index == 20:
            started.set()


def main():
    for round_ in range(3):
        port = free_port()
        server = serve(port)
        if round_ == 0:
            names(port, "bind_new_context", "kept")
        bound, started = [], threading.Event()
        before = names(port, "list").stdout.split()
        for name in before:
            if name.startswith("n"):
                names(port, "unbind", name)
        binder = threading.Thread(target=bind_until_dead, args=(port, bound, started))
        binder.start()
        started.wait(60)
        time.sleep(0.05 * round_)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        binder.join()
        server = serve(port)
        listed = names(port, "list").stdout.split()
        missing = [name for name in bound if name not in listed]
        ok(len(bound) > 20 and not missing, f"all of round {round_} is there", f"{len(bound)} bound, missing {missing}")
        ok("kept/" in listed and len(listed) <= len(bound) + 2, f"and no more in round {round_}", listed)
        server.terminate()
        ok(server.wait(30) == 0, f"the server ends in round {round_}")
    print(f"1..{checks}")


main()
