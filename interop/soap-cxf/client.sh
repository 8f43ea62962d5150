#!/bin/sh
# Generates a client from the WSDLs at a URL, compiles and runs it: client.sh URL; JARS is where CXF is.
set -e
base=${1%/RPC2}
sh generate.sh "$WORK/client" Client "$base/fortune?wsdl" "$base/bank?wsdl" "$base/echo?wsdl"
exec java -cp "$WORK/client/classes:$JARS/*" Client "$base"
