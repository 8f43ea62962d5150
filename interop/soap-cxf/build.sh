#!/bin/sh
# Generates and compiles the server, from the WSDLs that farcall writes; JARS is where CXF is.
set -e
for service in fortune bank echo; do $FARCALL gen wsdl $service > "$WORK/$service.wsdl"; done
sh generate.sh "$WORK/server" Server "$WORK/fortune.wsdl" "$WORK/bank.wsdl" "$WORK/echo.wsdl"
