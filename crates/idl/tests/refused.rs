//! One small text for every error: where it is found, and a piece of what is said.

use std::collections::BTreeMap;

use farcall_idl::{Compiled, Options, compile};

fn run(text: &str) -> Compiled {
    compile("t.idl", text, &Options::default(), &BTreeMap::new())
}

/// Text, line, column, piece of the message.
const TABLE: &[(&str, usize, usize, &str)] = &[
    // Lexer.
    ("const char c = 'ab';", 1, 16, "one character between"),
    ("const char c = '';", 1, 16, "holds one character"),
    ("const string s = \"a\nb\";", 1, 18, "no closing '\"'"),
    ("const string s = \"a\\0b\";", 1, 20, "other than NUL"),
    ("typedef long $x;", 1, 14, "starts nothing that IDL knows"),
    ("/* never ends", 1, 1, "no closing '*/'"),
    ("const wchar c = L'\u{1f600}';", 1, 17, "does not fit"),
    // Preprocessor.
    ("#include \"absent.idl\"\n", 1, 1, "there is no file 'absent.idl'"),
    ("#include absent\n", 1, 1, "expected #include"),
    ("\n#error no good\n", 2, 1, "#error no good"),
    ("#if 1\ntypedef long a;", 1, 1, "no '#endif'"),
    ("#endif", 1, 1, "without '#if'"),
    ("#else", 1, 1, "without '#if'"),
    ("#if 0\n#else\n#else\n#endif", 3, 1, "after '#else'"),
    ("#if (1\n#endif", 1, 1, "expected ')'"),
    ("#if 1 / 0\n#endif", 1, 1, "divides by zero"),
    ("#frob", 1, 1, "is no directive"),
    ("#define 1", 1, 1, "expected #define NAME"),
    ("#define F(a) a\ntypedef F(long, x;", 2, 9, "no closing ')'"),
    ("#define F(a, b) a\ntypedef F(long) x;", 2, 9, "takes 2 arguments, here are 1"),
    ("#pragma prefix omg.org", 1, 1, "expected #pragma prefix"),
    ("#pragma version X one", 1, 1, "expected #pragma version"),
    // Parser.
    ("typedef long a\ntypedef long b;", 1, 15, "expected ';' here, found 'typedef'"),
    ("interface I { void f(long x); };", 1, 22, "'in', 'out' or 'inout'"),
    ("interface struct {};", 1, 11, "found the keyword 'struct'"),
    ("interface Object {};", 1, 11, "found the keyword 'Object'"),
    ("interface object {};", 1, 11, "differs from the keyword 'Object' only in case"),
    ("typedef unsigned char c;", 1, 18, "'short' or 'long' after 'unsigned'"),
    ("bitmask M { a, };", 1, 16, "expected an identifier, found '}'"),
    ("@bit_bound(65) bitmask M { a };", 1, 24, "expected @bit_bound of 1 to 64"),
    ("@bit_bound(3) bitmask M { a, b, c, d };", 1, 36, "'d' is bit 3, beyond the 3"),
    ("bitmask M { a, @position(0) b };", 1, 29, "'b' is bit 0, as 'a' is"),
    ("bitmask M { a, A };", 1, 16, "only in case"),
    ("bitset B { bitfield<0> a; };", 1, 21, "1 to 64 bits"),
    ("bitset B { bitfield<65> a; };", 1, 21, "1 to 64 bits"),
    ("bitset B { bitfield<40> a; bitfield<30> b; };", 1, 8, "has 70 bits"),
    ("bitset B { bitfield<9, octet> a; };", 1, 24, "holds 9 bits"),
    ("bitset B { bitfield<4, string> a; };", 1, 24, "integer type or boolean"),
    ("typedef long L; bitset B : L { bitfield<4> a; };", 1, 28, "expected a bitset"),
    ("bitset B { long a; };", 1, 12, "expected 'bitfield'"),
    ("enum E { };", 1, 10, "expected an identifier, found '}'"),
    ("enum E { a, };", 1, 13, "another name after ','"),
    ("union U switch (long) { long x; };", 1, 25, "expected 'case', 'default' or '}'"),
    ("module M { typedef long a;", 1, 27, "expected '}', found the end of the file"),
    ("}", 1, 1, "expected a declaration, found '}'"),
    ("frob", 1, 1, "expected a declaration: module"),
    ("const long a = ;", 1, 16, "expected a constant expression"),
    ("interface I { attribute long x raises (E); };", 1, 31, "expected ';' here"),
    ("interface I { 3; };", 1, 15, "expected an operation"),
    ("component C { void f(); };", 1, 15, "expected provides"),
    ("abstract struct S { long x; };", 1, 10, "expected 'interface' or 'valuetype'"),
    // Names.
    ("struct S { lnog x; };", 1, 12, "nothing of the name 'lnog'"),
    ("typedef long Account; typedef Acount b;", 1, 31, "'Account' is declared"),
    ("interface Foo {}; typedef foo bar;", 1, 27, "differs in case from the declared 'Foo'"),
    ("typedef long a; typedef short a;", 1, 31, "declared twice"),
    ("typedef long a; typedef short A;", 1, 31, "only in case"),
    ("module M { typedef long m; };", 1, 25, "name of the scope that it is in"),
    (
        "typedef long T; interface I { struct S { T a; }; typedef short T; };",
        1,
        64,
        "was used in this scope already",
    ),
    (
        "typedef long T; interface I { void f(in T a); typedef short T; };",
        1,
        61,
        "was used in this scope already",
    ),
    ("module M {}; typedef M::a b;", 1, 25, "there is no 'a' in 'M'"),
    ("typedef long M; typedef M::a b;", 1, 28, "has no scope"),
    ("module M { typedef long a; }; typedef ::a b;", 1, 41, "nothing of the name 'a'"),
    ("module M {}; typedef M b;", 1, 22, "'M' is a module"),
    ("exception E {}; struct S { E e; };", 1, 28, "'E' is an exception"),
    ("interface I { void f(in long a, in long A); };", 1, 41, "only in case"),
    (
        "interface A { typedef long t; }; interface B { typedef long t; }; interface C : A, B { void f(in t x); };",
        1,
        98,
        "inherited from several places",
    ),
    // Types.
    ("struct S { S x; };", 1, 12, "not complete here"),
    ("struct S; struct R { S x; }; struct S { long a; };", 1, 22, "not complete here"),
    ("struct S; typedef sequence<S> T;", 1, 8, "announced, but defined nowhere"),
    ("struct S { void x; };", 1, 12, "'void' is the result"),
    ("typedef sequence<void> s;", 1, 18, "items of type 'void'"),
    ("typedef fixed<32, 2> f;", 1, 15, "1 to 31 digits"),
    ("typedef fixed<3, 4> f;", 1, 18, "after the point"),
    ("typedef long a[0];", 1, 16, "0 is no size"),
    ("typedef string<-1> s;", 1, 16, "-1 is no size"),
    ("typedef string<1.5> s;", 1, 16, "expected a size"),
    // Constants.
    ("const octet x = 256;", 1, 17, "out of the range of 'octet'"),
    ("const short x = 40000;", 1, 17, "out of the range of 'short'"),
    ("const unsigned long x = -1;", 1, 25, "out of the range of 'unsigned long'"),
    ("const long long x = 9223372036854775808;", 1, 21, "out of the range"),
    ("const long x = 1 << 64;", 1, 16, "shifts by 64"),
    ("const long x = 1 % 0;", 1, 16, "divides by zero"),
    ("const long x = 1.5;", 1, 16, "found a floating point number"),
    ("const double x = 1e999;", 1, 18, "larger than any type"),
    ("const float x = 1e39;", 1, 17, "out of the range of 'float'"),
    ("const char c = \"a\";", 1, 16, "expected a character, found a string"),
    ("const char c = L'a';", 1, 16, "expected a character, found a wide character"),
    ("const wstring s = \"a\";", 1, 19, "expected a wide string"),
    ("const string<3> s = \"abcd\";", 1, 21, "has 4 characters; the type holds 3"),
    ("const boolean b = 1;", 1, 19, "expected TRUE or FALSE"),
    ("const long x = TRUE + 1;", 1, 16, "'+' does nothing with a boolean"),
    ("enum E { a }; enum F { b }; const E x = b;", 1, 41, "not of the enumeration 'E'"),
    ("struct S { long x; }; const S s = 1;", 1, 35, "constants are"),
    ("interface I {}; const long x = I;", 1, 32, "'I' is an interface"),
    ("const long x = 08;", 1, 16, "is octal"),
    // Unions.
    (
        "union U switch (string) { case 1: long a; };",
        1,
        17,
        "expected an integer, char, boolean or enumeration",
    ),
    ("union U switch (long) { case 1: long a; case 1: short b; };", 1, 46, "was there before"),
    ("union U switch (long) { default: long a; default: short b; };", 1, 42, "has one default"),
    (
        "union U switch (boolean) { case TRUE: long a; case FALSE: short b; default: char c; };",
        1,
        68,
        "nothing is left for a default",
    ),
    ("union U switch (char) { case 97: long a; };", 1, 30, "expected a character"),
    ("union U switch (octet) { case 256: long a; };", 1, 31, "out of the range"),
    // Interfaces.
    ("interface I; interface J : I {};", 1, 28, "only announced"),
    ("struct S { long x; }; interface J : S {};", 1, 37, "expected an interface; 'S' is a struct"),
    ("interface A {}; interface B : A, A {};", 1, 34, "inherited twice"),
    (
        "interface A { void f(); }; interface B { void f(); }; interface C : A, B {};",
        1,
        65,
        "inherits 'f' from two places",
    ),
    ("interface A { void f(); }; interface B : A { void F(); };", 1, 51, "collides with the inherited 'f'"),
    ("interface A {}; abstract interface B : A {};", 1, 40, "abstract ones only"),
    ("local interface A {}; interface B : A {};", 1, 37, "is local"),
    ("abstract interface A; interface A {};", 1, 33, "abstract or local in one place"),
    ("interface I { oneway long f(); };", 1, 22, "can only be 'void'"),
    ("interface I { oneway void f(out long x); };", 1, 38, "can only be 'in'"),
    ("exception E {}; interface I { oneway void f() raises (E); };", 1, 55, "hear of its exceptions"),
    ("struct S { long x; }; interface I { void f() raises (S); };", 1, 54, "expected an exception"),
    // Value types.
    ("abstract valuetype V { public long x; };", 1, 24, "has no state"),
    (
        "valuetype V {}; valuetype W : truncatable V {}; valuetype X : truncatable W, V {};",
        1,
        78,
        "only the first base may",
    ),
    ("abstract valuetype A {}; valuetype V : truncatable A {};", 1, 36, "can be truncated"),
    ("valuetype V {}; valuetype B V;", 1, 27, "anything but another value"),
    ("interface A {}; interface B {}; valuetype V supports A, B {};", 1, 57, "no second"),
    // Repository ids.
    (
        "#pragma prefix \"A\"\ninterface I;\n#pragma prefix \"B\"\ninterface I {};",
        4,
        11,
        "differ from that of its announcement",
    ),
    (
        "typedef long a;\n#pragma ID a \"IDL:x:1.0\"\n#pragma ID a \"IDL:y:1.0\"\n",
        3,
        1,
        "was set to another before",
    ),
    ("#pragma ID a \"IDL:x:1.0\"\n", 1, 1, "nothing of the name 'a'"),
];

#[test]
fn each_error_is_found_where_it_is() {
    let mut missed = Vec::new();
    for (text, line, column, piece) in TABLE {
        let compiled = run(text);
        let errors: Vec<_> = compiled
            .diagnostics
            .iter()
            .map(|d| (compiled.sources.position(d.span), d.message.as_str()))
            .collect();
        let found = errors.iter().any(|(at, message)| *at == (*line, *column) && message.contains(piece));
        if !found || compiled.accepted() {
            missed.push(format!("{text}\n  {errors:?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn several_errors_are_found_in_one_run() {
    let text =
        "struct A { lnog x; shrot y; };\nstruct B { dobule z; };\ninterface C { void f() raises (E); };";
    assert_eq!(run(text).diagnostics.len(), 4);
    let text = "struct A { long 1; };\ninterface B { void f(; long g(in long); };\ntypedef ;\nconst long x = 3\nmodule M {};";
    let compiled = run(text);
    let lines: Vec<usize> =
        compiled.diagnostics.iter().map(|d| compiled.sources.position(d.span).0).collect();
    assert_eq!(lines, [1, 2, 2, 3, 4], "{}", compiled.report());
}

#[test]
fn a_report_shows_line_place_and_includes() {
    let files = BTreeMap::from([("a/b.idl".to_owned(), "\nstruct S {\n    lnog x;\n};\n".to_owned())]);
    let compiled = compile("a/t.idl", "// first\n#include \"b.idl\"\n", &Options::default(), &files);
    let expected = "a/b.idl:3:5: error: nothing of the name 'lnog' is declared here\n\
                    3 |     lnog x;\n  |     ^^^^\n  included from a/t.idl:2\n";
    assert_eq!(compiled.report(), expected);
}
