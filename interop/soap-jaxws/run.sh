#!/bin/sh
# Runs a program that generate.sh compiled: run.sh FOLDER CLASS ARGUMENT
. ./jars.sh
exec java -Dsun.net.httpserver.nodelay=true -cp "$WORK/$1/classes:$CLASSPATH" "$2" "$3"
