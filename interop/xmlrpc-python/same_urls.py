"""xmlrpc.client against the very URLs at which the SOAP clients of a case call. Usage: same_urls.py URL"""

import sys
import urllib.request
import xmlrpc.client

from tap import Tap

BASE = sys.argv[1].rsplit("/RPC2", 1)[0]
tap = Tap()


def service(name):
    return xmlrpc.client.ServerProxy(f"{BASE}/{name}")


tap.true("fortune", lambda: service("fortune").get_cookie() != "")
tap.equal("bank", lambda: service("bank").accounts("nobody"), [])
tap.equal("echo", lambda: service("echo").structures([{"name": "n", "size": 1, "ratio": 0.5, "tags": ["t"]}]),
          [{"name": "n", "size": 1, "ratio": 0.5, "tags": ["t"]}])
for name in ["fortune", "bank", "echo"]:
    location = f'location="{BASE}/{name}"'
    tap.true(f"the WSDL of {name} has that URL", lambda: location in urllib.request.urlopen(f"{BASE}/{name}?wsdl").read().decode())
tap.close()
