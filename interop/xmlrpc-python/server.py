"""Python's xmlrpc.server as it comes, allow_none on. Usage: server.py PORT"""

import sys
import time
from socketserver import ThreadingMixIn
from xmlrpc.client import Fault
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

import validator1


def add(a, b):
    """The sum of two numbers."""
    return a + b


def fail(code, text):
    """Always a fault, with this code and text."""
    raise Fault(code, text)


def slow(seconds):
    """Answers after that many seconds."""
    time.sleep(seconds)
    return seconds


class Server(ThreadingMixIn, SimpleXMLRPCServer):
    daemon_threads = True


class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ("/RPC2",)
    protocol_version = "HTTP/1.1"


def main():
    address = ("127.0.0.1", int(sys.argv[1]))
    server = Server(address, Handler, allow_none=True, use_builtin_types=True)
    server.register_introspection_functions()
    server.register_multicall_functions()
    server.register_function(lambda value: value, "echo")
    server.register_function(lambda: None, "nothing")
    for method in (add, fail, slow):
        server.register_function(method)
    for name, method in validator1.METHODS.items():
        server.register_function(method, f"validator1.{name}")
    server.serve_forever()


main()
