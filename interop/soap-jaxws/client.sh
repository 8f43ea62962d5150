#!/bin/sh
# Generates a client from the WSDLs at a URL, compiles and runs it: client.sh URL
set -e
base=${1%/RPC2}
sh generate.sh "$WORK/client" Client.java "$base/fortune?wsdl" "$base/bank?wsdl" "$base/echo?wsdl"
exec sh run.sh client Client "$base"
