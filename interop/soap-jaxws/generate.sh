#!/bin/sh
# What wsimport makes of WSDLs, compiled with a program: generate.sh FOLDER PROGRAM.java FORTUNE BANK ECHO, each
# a file or a URL.
set -e
. ./jars.sh
folder=$1 program=$2
mkdir -p "$folder/source" "$folder/classes"
shift 2
for package in fortune bank echo; do
    java com.sun.tools.ws.WsImport -quiet -Xnocompile -d "$folder/source" -p $package "$1"
    shift
done
javac -nowarn -d "$folder/classes" "$program" "$folder"/source/*/*.java
