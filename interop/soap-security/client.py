"""Python's zeep signs in to farcall by WS-Security, in every way that it has. Usage: client.py URL"""

import sys
from datetime import datetime, timedelta, timezone

import requests
from lxml import etree
from zeep import Client, Transport
from zeep.exceptions import Fault
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU

URL = sys.argv[1] + "/echo"
CHECKS = []


def check(name, good, why=""):
    CHECKS.append(good)
    print(f"{'ok' if good else 'not ok'} {len(CHECKS)} - {name}")
    if not good:
        print(f"# {why}")


def client(token, wsdl="?wsdl"):
    session = requests.Session()
    return Client(URL + wsdl, wsse=token, transport=Transport(session=session))


def timestamp(seconds, at=None):
    at = at or datetime.now(timezone.utc)
    element = WSU.Timestamp()
    form = "%Y-%m-%dT%H:%M:%SZ"
    element.append(WSU.Created(at.strftime(form)))
    element.append(WSU.Expires((at + timedelta(seconds=seconds)).strftime(form)))
    return element


def works(name, token, wsdl="?wsdl"):
    try:
        got = client(token, wsdl).service.string("ä <")
        check(name, got == "ä <", got)
    except Exception as error:  # whatever it is, the check has failed
        check(name, False, repr(error))


def refused(name, token, code):
    try:
        check(name, False, client(token).service.string("x"))
    except Fault as fault:
        check(name, fault.code.endswith(":" + code), fault.code)


class Kept:
    """Sends one and the same header again."""

    def __init__(self, token):
        self.token, self.header = token, None

    def apply(self, envelope, headers):
        if self.header is None:
            self.token.apply(envelope, headers)
            self.header = etree.tostring(envelope[0])
        else:
            envelope.insert(0, etree.fromstring(self.header))
        return envelope, headers

    def verify(self, envelope):
        pass


for wsdl in ("?wsdl", "?wsdl12"):
    works(f"text {wsdl}", UsernameToken("ann", "secret"), wsdl)
    works(f"digest {wsdl}", UsernameToken("ann", "secret", use_digest=True), wsdl)
    works(
        f"digest with a timestamp {wsdl}",
        UsernameToken("ann", "secret", use_digest=True, timestamp_token=timestamp(60)),
        wsdl,
    )
past = datetime.now(timezone.utc) - timedelta(hours=1)
refused("wrong text", UsernameToken("ann", "Secret"), "FailedAuthentication")
refused("wrong digest", UsernameToken("ann", "Secret", use_digest=True), "FailedAuthentication")
refused("nobody", UsernameToken("bob", "secret", use_digest=True), "FailedAuthentication")
refused("nothing", None, "InvalidSecurity")
refused("expired", UsernameToken("ann", "secret", timestamp_token=timestamp(60, past)), "MessageExpired")
refused("created long ago", UsernameToken("ann", "secret", use_digest=True, created=past), "MessageExpired")
kept = Kept(UsernameToken("ann", "secret", use_digest=True))
works("first time", kept)
refused("second time", kept, "FailedAuthentication")
print(f"1..{len(CHECKS)}")
sys.exit(not all(CHECKS))
