#!/bin/sh
# Generates and compiles the server, from the WSDLs that farcall writes.
set -e
for service in fortune bank echo; do $FARCALL gen wsdl $service > "$WORK/$service.wsdl"; done
sh generate.sh "$WORK/server" "$WORK/fortune.wsdl" "$WORK/bank.wsdl" "$WORK/echo.wsdl"
g++ -std=c++17 -O0 -w -DWITH_PURE_VIRTUAL -I"$WORK/server" -o "$WORK/server/server" server.cpp "$WORK"/server/soapBankBindingService.cpp \
    "$WORK/server/soapEchoBindingService.cpp" "$WORK/server/soapC.o" -lgsoap++ -lpthread
