#!/bin/sh
# What wsimport makes of WSDLs, compiled with a program: generate.sh FOLDER PROGRAM.java FORTUNE BANK ECHO, each
# a file or a URL.
set -e
. ./jars.sh
folder=$1 program=$2
mkdir -p "$folder/source" "$folder/classes"
shift 2
for package in fortune bank echo; do
    options=
    if [ $package = echo ]; then
        # Operations and types of echo differ by no more than a capital, which Java's classes may not;
        # and an operation is called char, which Java's methods may not.
        sed "s|WSDL|$1|" bindings.xml > "$folder/bindings.xml"
        options="-B-XautoNameResolution -b $folder/bindings.xml"
    fi
    java com.sun.tools.ws.WsImport -quiet -Xnocompile -extension $options -d "$folder/source" -p $package "$1"
    shift
done
javac -nowarn -d "$folder/classes" "$program" "$folder"/source/*/*.java
