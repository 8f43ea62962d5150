#!/bin/sh
# Generates a client from the WSDLs at a URL, compiles and runs it: client.sh URL
set -e
base=${1%/RPC2}
for service in Fortune Bank Echo; do
    path=$(echo $service | tr A-Z a-z)
    # each in a namespace of its own, where names such as Nothing cannot meet
    wsdl -nologo -n:$service -out:"$WORK/$service.cs" "$base/$path?wsdl" > "$WORK/$service.log" 2>&1 || { cat "$WORK/$service.log"; exit 1; }
    if grep -i warning "$WORK/$service.log" "$WORK/$service.cs"; then exit 1; fi
done
mcs -nologo -nowarn:169,649 -r:System.Web.Services -out:"$WORK/client.exe" Client.cs "$WORK/Fortune.cs" "$WORK/Bank.cs" "$WORK/Echo.cs"
exec mono "$WORK/client.exe" "$base"
