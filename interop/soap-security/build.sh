#!/bin/sh
# Builds the server in $WORK from what Debian's gsoap has.
set -e
plugin=/usr/share/gsoap/plugin
soapcpp2 -c -S -x -L -d "$WORK" -I/usr/share/gsoap/import echo.h
gcc -w -DWITH_OPENSSL -DWITH_DOM -DWITH_GZIP -I"$WORK" -I"$plugin" -o "$WORK/server" server.c "$WORK/soapC.c" \
    "$WORK/soapServer.c" "$plugin/wsseapi.c" "$plugin/smdevp.c" "$plugin/mecevp.c" "$plugin/threads.c" /usr/share/gsoap/custom/struct_timeval.c \
    -lgsoapssl -lssl -lcrypto -lz -lpthread
