"""The Python subject: xmlrpc.server of the standard library, a thread a connection, keep-alive on.

Prints its address on the first line and ends when its standard input does, as every subject of the bench.
"""

import os
import socketserver
import sys
import threading
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer


class Handler(SimpleXMLRPCRequestHandler):
    protocol_version = "HTTP/1.1"  # the default, 1.0, closes after every call
    rpc_paths = ("/RPC2",)


class Server(socketserver.ThreadingMixIn, SimpleXMLRPCServer):
    daemon_threads = True
    request_queue_size = 256  # the default of 5 drops some of 64 callers' connects


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)


def echo(value):
    return value


server = Server(
    ("127.0.0.1", 0), requestHandler=Handler, logRequests=False, allow_none=False, use_builtin_types=True
)
for name in ("int", "struct", "structs", "bytes"):
    server.register_function(echo, "bench.echo_" + name)
threading.Thread(target=end_with_stdin, daemon=True).start()
print("127.0.0.1:%d" % server.server_address[1], flush=True)
server.serve_forever()
