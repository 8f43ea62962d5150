#!/bin/sh
# What wsdl2java makes of WSDLs, compiled with a program of soap-jaxws: generate.sh FOLDER PROGRAM FORTUNE BANK ECHO,
# each of the last three a file or a URL.
set -e
folder=$1 program=$2
mkdir -p "$folder/source" "$folder/classes"
shift 2
for package in fortune bank echo; do
    # it reports errors and exits with 0 all the same
    java -cp "$JARS/*" org.apache.cxf.tools.wsdlto.WSDLToJava -d "$folder/source" -p $package "$1"
    [ -d "$folder/source/$package" ]
    shift
done
# the API's new name
sed 's/javax\.\(xml\.ws\|xml\.bind\|xml\.soap\|jws\)/jakarta.\1/' "../soap-jaxws/$program.java" > "$folder/source/$program.java"
javac -nowarn -cp "$JARS/*" -d "$folder/classes" "$folder/source/$program.java" "$folder"/source/*/*.java
