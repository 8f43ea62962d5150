#!/bin/sh
# What gSOAP makes of WSDLs: generate.sh FOLDER FORTUNE BANK ECHO, each a file or a URL. In that order
# the namespaces become ns1, ns2 and ns3. The large soapC.cpp is compiled to soapC.o, unless there is one
# of the same source in the folder LIKE.
set -e
folder=$1
shift
mkdir -p "$folder"
cd "$folder"
wsdl2h -v -o all.h "$@" > wsdl2h.log 2>&1 || { cat wsdl2h.log; exit 1; }
soapcpp2 -1 -j -x -I/usr/share/gsoap/import all.h > soapcpp2.log 2>&1 || { cat soapcpp2.log; exit 1; }
# WS-Addressing comes with gSOAP, which says so when a WSDL has it too; what JAX-WS is told is none of its business
if grep -iE '^(warning|.*\*\*warning|.*\*\*error)' wsdl2h.log soapcpp2.log | grep -vE "Built-in schema|'jaxws:bindings' .* is skipped"; then exit 1; fi
same() { for file in soapC.cpp soapH.h soapStub.h; do
    [ -f "$LIKE/$file" ] && grep -v SOAP_SOURCE_STAMP "$LIKE/$file" > other.tmp || return 1
    grep -v SOAP_SOURCE_STAMP $file | cmp -s - other.tmp || return 1
done; }
if [ -n "$LIKE" ] && same; then cp "$LIKE/soapC.o" .; else g++ -O0 -w -c soapC.cpp; fi
