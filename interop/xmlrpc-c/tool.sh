#!/bin/sh
# The xmlrpc tool against the contract of farcall's services; it knows scalar parameters only.
# Usage: tool.sh URL
url=$1
count=0
failed=0

# check NAME WANTED METHOD [PARAMETER…]: the tool must print WANTED.
check() {
    name=$1 wanted=$2
    shift 2
    got=$(xmlrpc "$url" "$@" 2>&1 | sed -e '/^Result:$/d' -e '/^$/d')
    count=$((count + 1))
    case $got in
    *"$wanted"*) echo "ok $count - $name" ;;
    *)
        failed=$((failed + 1))
        echo "not ok $count - $name"
        echo "$got" | sed 's/^/# /'
        ;;
    esac
}

check "greatest i4" "Integer: 2147483647" echo i/2147483647
check "least i4" "Integer: -2147483648" echo i/-2147483648
check "greatest i8" "64-bit integer: 9223372036854775807" echo I/9223372036854775807
check "least i8" "64-bit integer: -9223372036854775808" echo I/-9223372036854775808
check "text" "String: 'a <b> & \xc3\xa9'" echo "s/a <b> & é"
check "empty text" "String: ''" echo s/
check "boolean" "Boolean: FALSE" echo b/false
check "double" "Floating Point: -0.500000" echo d/-0.5
check "nil" "Nil" echo n/
check "binary" "Bit string: 00ff10" echo h/00ff10
check "strings.upper" "String: 'ABC'" strings.upper s/abc
check "strings.text.word_count" "Integer: 3" strings.text.word_count "s/a b  c"
check "echo.i64" "64-bit integer: 9223372036854775807" echo.i64 I/9223372036854775807
check "fortune.get_cookie" "String: '" fortune.get_cookie
check "simpleStructReturnTest" "Struct of 3 members:" validator1.simpleStructReturnTest i/7
check "listMethods" "strings.text.word_count" system.listMethods
check "unknown method" "fault code -32601" no.such.method
check "too few parameters" "fault code -32602" strings.reverse
check "wrong type" "fault code -32602" strings.reverse i/5

echo "1..$count"
[ "$failed" -eq 0 ]
