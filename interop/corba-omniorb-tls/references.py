"""Fetches the references of farcall's services from its port: references.py HOST:PORT DIRECTORY.

Then has catior say what omniORB reads in one; reports in the Test Anything Protocol.
"""

import os
import ssl
import subprocess
import sys
import urllib.request

address, directory = sys.argv[1:]
work = os.environ["WORK"]
trust = ssl.create_default_context(cafile=f"{work}/ca.pem")
trust.load_cert_chain(f"{work}/peer.pem")
os.makedirs(directory, exist_ok=True)
for service in ["fortune", "strings", "echo", "bank"]:
    with urllib.request.urlopen(f"https://{address}/{service}/ior", context=trust) as answer:
        ior = answer.read().decode()
    with open(f"{directory}/{service}.ior", "w") as file:
        file.write(ior)

host, port = address.split(":")
shown = subprocess.run(["catior", ior.strip()], capture_output=True, text=True, check=True).stdout
checks = {
    # nobody is served without TLS, and so there is no other port
    "the profile has port 0": f'IIOP 1.2 {host} 0 "bank"' in shown,
    # integrity, confidentiality, trust in the target and in the client; all but trust in the target required
    "TLS and a certificate are demanded": f"TAG_SSL_SEC_TRANS port = {port} supports 102 requires 70" in shown,
}
for number, (name, good) in enumerate(checks.items(), 1):
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    if not good:
        print("".join(f"# {line}\n" for line in shown.splitlines()), end="")
print(f"1..{len(checks)}")
