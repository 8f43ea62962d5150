"""Requests as other stacks write them, over Python's http.client. Usage: raw.py URL"""

import datetime
import http.client
import sys
import urllib.parse
from xmlrpc.client import Fault, loads

import tap

URL = urllib.parse.urlsplit(sys.argv[1])
CHECKS = tap.Tap()

# Each is the inside of <value>, and what echo must return.
VALUES = {
    "untyped text": ("plain", "plain"),
    "untyped white space": ("  ", "  "),
    "no content": ("", ""),
    "empty string element": ("<string/>", ""),
    "white space in int": ("<int> 42\n</int>", 42),
    "white space around the type": ("\n  <i4>42</i4>\n  ", 42),
    "plus sign": ("<int>+7</int>", 7),
    "leading zeros": ("<int>007</int>", 7),
    "greatest i8": (f"<i8>{2**63 - 1}</i8>", 2**63 - 1),
    "least i8": (f"<i8>{-2**63}</i8>", -(2**63)),
    "plain 1e300": (f"<double>{'1' + '0' * 300}</double>", 1e300),
    "exponent": ("<double>1.5e-7</double>", 1.5e-7),
    "minus zero": ("<double>-0.0</double>", -0.0),
    "CDATA": ("<string>a<![CDATA[<b>&]]>c</string>", "a<b>&c"),
    "comment in text": ("<string>a<!-- b -->c</string>", "ac"),
    "astral character reference": ("<string>&#x1F600;&#128512;</string>", "😀😀"),
    "carriage return reference": ("<string>a&#13;&#10;b</string>", "a\r\nb"),
    "base64 on several lines": ("<base64>\nAAEC\n AwQF\n</base64>", bytes(range(6))),
    "base64 without padding": ("<base64>AAE</base64>", b"\x00\x01"),
    "nil": ("<nil/>", None),
    "ex:nil": (f'<ex:nil xmlns:ex="http://ws.apache.org/xmlrpc/namespaces/extensions"/>', None),
    "ex:i8 by another prefix": (
        '<x:i8 xmlns:x="http://ws.apache.org/xmlrpc/namespaces/extensions">5</x:i8>',
        5,
    ),
    "array without values": ("<array><data/></array>", []),
    "member order": (
        "<struct><member><name>b</name><value>1</value></member>"
        "<member><name>a</name><value>2</value></member></struct>",
        {"b": "1", "a": "2"},
    ),
    "date": (
        "<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>",
        datetime.datetime(1998, 7, 17, 14, 8, 55),
    ),
}


def post(body, headers=(), path=URL.path):
    connection = http.client.HTTPConnection(URL.hostname, URL.port, timeout=20)
    try:
        chunked = "Transfer-Encoding" in dict(headers)
        headers = {"Content-Type": "text/xml", **dict(headers)}
        connection.request("POST", path, body, headers, encode_chunked=chunked)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def result(body, headers=()):
    response, text = post(body, headers)
    if response.status != 200:
        raise RuntimeError(f"HTTP {response.status}")
    try:
        return loads(text, use_builtin_types=True)[0][0]
    except Fault as fault:
        return fault


def request(value, method="echo"):
    return (
        f"<?xml version='1.0'?><methodCall><methodName>{method}</methodName>"
        f"<params><param><value>{value}</value></param></params></methodCall>"
    ).encode()


def code(body):
    fault = result(body)
    return fault.faultCode if isinstance(fault, Fault) else f"no fault but {fault!r}"


def in_pieces(data):
    for start in range(0, len(data), 7):
        yield data[start : start + 7]


def main():
    for name, (value, wanted) in VALUES.items():
        CHECKS.equal(name, lambda: result(request(value)), wanted)

    latin = "<?xml version='1.0' encoding='iso-8859-1'?>".encode()
    body = latin + request("<string>naïve</string>").split(b"?>", 1)[1].decode().encode("latin-1")
    CHECKS.equal("ISO-8859-1", lambda: result(body), "naïve")
    marked = b"\xef\xbb\xbf" + request("<string>é</string>")
    CHECKS.equal("byte order mark", lambda: result(marked), "é")

    chunked = [("Transfer-Encoding", "chunked")]
    CHECKS.equal("chunked", lambda: result(in_pieces(request("a")), chunked), "a")
    for kind in ("application/xml", "application/octet-stream", "text/xml; charset=utf-8"):
        CHECKS.equal(f"Content-Type {kind}", lambda: result(request("a"), [("Content-Type", kind)]), "a")

    without = b"<methodCall><methodName>fortune.get_cookie</methodName></methodCall>"
    CHECKS.true("no params element", lambda: isinstance(result(without), str))

    CHECKS.equal("not XML", lambda: code(b"hello"), -32700)
    CHECKS.equal("empty body", lambda: code(b""), -32700)
    CHECKS.equal("ill-formed XML", lambda: code(request("</x>")), -32700)
    response, _ = post(b"hello")
    CHECKS.equal("a fault is HTTP 200", lambda: response.status, 200)
    response, text = post(request("é"))
    kind = response.getheader("Content-Type", "")
    CHECKS.report(kind.startswith("text/xml"), "response is text/xml", kind)
    CHECKS.equal("response length", lambda: int(response.getheader("Content-Length")), len(text))
    CHECKS.close()


main()
