#!/bin/sh
# Generates a client from the WSDLs at a URL, compiles and runs it: client.sh URL
set -e
base=${1%/RPC2}
LIKE=$WORK/server sh generate.sh "$WORK/client" "$base/fortune?wsdl" "$base/bank?wsdl" "$base/echo?wsdl"
g++ -std=c++17 -O0 -w -I"$WORK/client" -I. -o "$WORK/client/client" client.cpp "$WORK"/client/soap*Proxy.cpp \
    "$WORK/client/soapC.o" -lgsoap++
exec "$WORK/client/client" "$base"
