"""The contract of farcall's built-in services (interop/README.md), over Python's xmlrpc.server.

It is no peer: the foreign clients are run against it to prove the clients themselves
(`cargo xtask interop --against xmlrpc-contract`). Usage: server.py PORT
"""

import datetime
import inspect
import sys
import xmlrpc.client
from socketserver import ThreadingMixIn
from xml.parsers.expat import ExpatError
from xmlrpc.client import Fault
from xmlrpc.server import (
    MultiPathXMLRPCServer,
    SimpleXMLRPCDispatcher,
    SimpleXMLRPCRequestHandler,
)

sys.path.insert(0, sys.path[0] + "/../xmlrpc-python")
import validator1

PARSE_ERROR, NO_METHOD, BAD_PARAMS = -32700, -32601, -32602


def typed(*kinds):
    """A method whose arguments must be of these types, as a typed server checks them."""

    def decorate(method):
        method.kinds = kinds
        return method

    return decorate


def echo_of(*kinds):
    return typed(kinds)(lambda value: value)



@typed()
def get_cookie():
    return "A journey of a thousand miles begins with a single step."


@typed((str,))
def reverse(text):
    return text[::-1]


@typed((str,))
def upper(text):
    return text.upper()


@typed((list,), (str,))
def join(parts, separator):
    return separator.join(parts)


@typed((str,))
def word_count(text):
    return len(text.split())


@typed((str,), (float, int, type(None)))
def bank_open(owner, initial=None):
    if initial is not None and initial < 0:
        raise Fault(1, "InsufficientFunds")
    return owner


def echo(value):
    return value


@typed()
def nothing():
    return None


SERVICES = {
    "fortune": {"get_cookie": get_cookie},
    "strings": {"reverse": reverse, "upper": upper, "join": join, "text.word_count": word_count},
    "echo": {
        "nothing": nothing,
        "bool": echo_of(bool),
        "i32": echo_of(int),
        "i64": echo_of(int),
        "f64": echo_of(float),
        "string": echo_of(str),
        "bytes": echo_of(bytes),
        "datetime": echo_of(datetime.datetime),
        "list": echo_of(list),
        "map": echo_of(dict),
        "optional": echo_of(str, type(None)),
        "structure": echo_of(dict),
    },
    "bank": {"open": bank_open},
    "validator1": validator1.METHODS,
}


class Dispatcher(SimpleXMLRPCDispatcher):
    """Stock dispatch with the published fault codes."""

    def __init__(self):
        super().__init__(allow_none=True, encoding="utf-8", use_builtin_types=True)
        self.register_introspection_functions()
        self.register_multicall_functions()
        self.register_function(self.capabilities, "system.getCapabilities")

    def capabilities(self):
        url = "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php"
        return {"faults_interop": {"specUrl": url, "specVersion": 20010516}}

    def system_methodSignature(self, name):
        if name not in self.funcs:
            raise Fault(NO_METHOD, name)
        return [["string"]]

    def system_multicall(self, calls):
        if any(call["methodName"] == "system.multicall" for call in calls):
            return [{"faultCode": BAD_PARAMS, "faultString": "recursive"} for _ in calls]
        results = []
        for call in calls:
            try:
                results.append([self._dispatch(call["methodName"], call["params"])])
            except Fault as fault:
                results.append({"faultCode": fault.faultCode, "faultString": fault.faultString})
        return results

    def _dispatch(self, name, params):
        method = self.funcs.get(name)
        if method is None:
            raise Fault(NO_METHOD, f"no method {name}")
        kinds = getattr(method, "kinds", None)
        try:
            inspect.signature(method).bind(*params)
        except TypeError as error:
            raise Fault(BAD_PARAMS, str(error)) from error
        for kind, value in zip(kinds or (), params):
            if type(value) not in kind:
                raise Fault(BAD_PARAMS, f"{value!r} is not a {kind}")
        return method(*params)

    def _marshaled_dispatch(self, data, dispatch_method=None, path=None):
        try:
            xmlrpc.client.loads(data)
        except (ExpatError, xmlrpc.client.ResponseError) as error:
            fault = Fault(PARSE_ERROR, str(error))
            return xmlrpc.client.dumps(fault, encoding="utf-8").encode()
        return super()._marshaled_dispatch(data, dispatch_method, path)


def dump_text(self, value, write):
    """As the library does, but a carriage return survives."""
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    write(f"<value><string>{value}</string></value>\n".replace("\r", "&#13;"))


def dump_number(self, value, write):
    """As the library does, but i8 too."""
    kind = "int" if -(2**31) <= value < 2**31 else "i8"
    write(f"<value><{kind}>{value}</{kind}></value>\n")


class Server(ThreadingMixIn, MultiPathXMLRPCServer):
    daemon_threads = True


class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ()
    protocol_version = "HTTP/1.1"


def main():
    xmlrpc.client.Marshaller.dispatch[str] = dump_text
    xmlrpc.client.Marshaller.dispatch[int] = dump_number
    port = int(sys.argv[1])
    server = Server(("127.0.0.1", port), Handler, logRequests=False)
    whole = Dispatcher()
    whole.register_function(echo, "echo")
    for service, methods in SERVICES.items():
        alone = Dispatcher()
        for name, method in methods.items():
            whole.register_function(method, f"{service}.{name}")
            alone.register_function(method, name)
        server.add_dispatcher(f"/{service}", alone)
    server.add_dispatcher("/RPC2", whole)
    server.add_dispatcher("/", whole)
    server.serve_forever()


main()
