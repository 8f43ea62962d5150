//! Whatever the text: an answer, in bounded time and memory, and never a panic.

use std::collections::BTreeMap;

use farcall_idl::{Compiled, Options, compile};
use proptest::prelude::*;

fn run(text: &str) -> Compiled {
    compile("t.idl", text, &Options::default(), &BTreeMap::new())
}

fn refused(text: &str, piece: &str) {
    let report = run(text).report();
    assert!(report.contains(piece), "{}", report.chars().take(500).collect::<String>());
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = 10_000;
    let nested =
        |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(deep), close.repeat(deep));
    for text in [
        nested("module M {", "", "};"),
        format!("typedef {} t;", nested("sequence<", "long", ">")),
        format!("typedef {} t;", nested("map<long, ", "long", ">")),
        format!("const long x = {};", nested("(", "1", ")")),
        format!("const long x = {}1;", "-".repeat(deep)),
        nested("struct S { ", "long x;", "} s;"),
        nested("union U switch (long) { case 1: ", "long x;", "} s;"),
        format!("union U switch ({}", "union U switch (".repeat(deep)),
        format!("typedef long a{};", "[2]".repeat(deep)),
        format!("typedef sequence<long, {};", nested("(", "1", ")")),
    ] {
        refused(&text, "limit `depth`");
    }
    refused(&format!("#if {}1\n#endif", "(".repeat(deep)), "nests deeper");
    refused(&format!("#if {}1\n#endif", "!".repeat(deep)), "nests deeper");
    refused(
        &format!("#define F(x) x\ntypedef {}", "F(".repeat(200) + "long" + &")".repeat(200)),
        "nest more than",
    );
    refused(&format!("#define F(x) x\ntypedef {}", nested("F(", "long", ")")), "limit `tokens`");
}

#[test]
fn long_is_not_deep() {
    let sum = format!("const long x = 0{};", " + 1".repeat(100_000));
    assert!(run(&sum).accepted());
    assert!(run(&"typedef long a_b_c; ".replace("a_b_c", "x")).accepted());
    let many: String = (0..20_000).map(|i| format!("typedef long t{i};\n")).collect();
    assert!(run(&many).accepted());
}

#[test]
fn inheritance_does_not_multiply() {
    let chain = |first: &str, next: &dyn Fn(usize) -> String| {
        (1..1500).map(next).fold(first.to_owned(), |text, one| text + &one + "\n")
    };
    let interfaces = chain("interface I0 { void f(); };", &|i| format!("interface I{i} : I{} {{}};", i - 1));
    refused(&interfaces, "inherits, through others, from more than");
    let values = chain("valuetype V0 {};", &|i| format!("valuetype V{i} : V{} {{}};", i - 1));
    refused(&values, "inherits, through others, from more than");
    let structs =
        chain("struct S0 { long a0; };", &|i| format!("struct S{i} : S{} {{ long a{i}; }};", i - 1));
    refused(&structs, "inherit more than");

    let operations: String = (0..2000).map(|i| format!("void f{i}();")).collect();
    let heirs: String = (0..2000).map(|i| format!("interface H{i} : A, B {{}};")).collect();
    refused(
        &format!("interface A {{ {operations} }}; interface B : A {{}}; {heirs}"),
        "inherited from several bases",
    );
    let heirs: String = (0..2000).map(|i| format!("interface H{i} : A {{}};")).collect();
    let compiled = run(&format!("interface A {{ {operations} }}; {heirs}"));
    let error = farcall_idl::lower(compiled.specification().unwrap()).unwrap_err();
    assert!(error.to_string().contains("more than 200000 operations"), "{error}");
}

#[test]
fn many_of_all_is_not_slow() {
    let cases: String = (0..20_000).map(|i| format!("case {i}: long c{i};")).collect();
    assert!(run(&format!("union U switch (long) {{ {cases} }};")).accepted());
    let names: Vec<String> = (0..20_000).map(|i| format!("e{i}")).collect();
    assert!(run(&format!("enum E {{ {} }};", names.join(","))).accepted());
    let aliases: String = (1..20_000).map(|i| format!("typedef T{} T{i};", i - 1)).collect();
    let compiled =
        run(&format!("typedef long T0; {aliases} union U switch (T19999) {{ case 1: T19999 x; }};"));
    assert!(compiled.accepted(), "{}", compiled.report());
}

#[test]
fn macros_cannot_fill_memory() {
    let mut text = "#define A0 x x\n".to_owned();
    for i in 1..64 {
        text += &format!("#define A{i} A{0} A{0}\n", i - 1);
    }
    refused(&format!("{text}A63"), "limit `tokens`");
    let mut chain = "#define A0 long\n".to_owned();
    for i in 1..5000 {
        chain += &format!("#define A{i} A{}\n", i - 1);
    }
    refused(&format!("{chain}typedef A4999 x;"), "nest more than");
    // A macro that names itself is left alone, as in C.
    assert!(run("#define long long\ntypedef long x;").accepted());
}

#[test]
fn includes_are_bounded() {
    let files = BTreeMap::from([("a.idl".to_owned(), "#include \"a.idl\"\n#include \"a.idl\"\n".to_owned())]);
    let report = compile("t.idl", "#include \"a.idl\"\n", &Options::default(), &files).report();
    assert!(report.contains("limit `include_depth`"), "{report}");
}

#[test]
fn diagnostics_are_bounded() {
    let compiled = run(&"struct ; ".repeat(100_000));
    assert!(compiled.diagnostics.len() <= 100);
}

const PIECES: &[&str] = &[
    "module",
    "interface",
    "struct",
    "union",
    "switch",
    "case",
    "default",
    "enum",
    "typedef",
    "const",
    "valuetype",
    "abstract",
    "bitmask",
    "bitset",
    "bitfield",
    "custom",
    "truncatable",
    "supports",
    "factory",
    "public",
    "private",
    "exception",
    "raises",
    "oneway",
    "attribute",
    "readonly",
    "sequence",
    "string",
    "wstring",
    "fixed",
    "long",
    "unsigned",
    "octet",
    "boolean",
    "any",
    "Object",
    "void",
    "in",
    "out",
    "A",
    "B",
    "_C",
    "A::B",
    "::",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    ">>",
    "[",
    "]",
    ";",
    ";",
    ",",
    ":",
    "=",
    "+",
    "-",
    "~",
    "1",
    "0x1F",
    "2.5",
    "3.5d",
    "'c'",
    "L'c'",
    "\"s\"",
    "@",
    "@optional",
    "TRUE",
    "\n#define A B\n",
    "\n#define F(x) x ## A #x\n",
    "F(",
    "\n#if A\n",
    "\n#else\n",
    "\n#endif\n",
    "\n#include \"t.idl\"\n",
    "\n#pragma prefix \"p\"\n",
    "\n#pragma ID A \"IDL:x:1.0\"\n",
    "\n#pragma version A 1.2\n",
    "component",
    "home",
    "manages",
    "typeid",
    "typeprefix",
    "import",
    "native",
    "local",
    "map",
    "/*",
    "*/",
    "//",
    "\\\n",
    "struct A {",
    "};",
    "interface A {",
    "long B;",
    "module M {",
    "typedef long A;",
    "union U switch (long) {",
    "case 1:",
    "struct A;",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_gets_an_answer(text in "\\PC*") {
        run(&text);
    }

    #[test]
    fn any_octets_get_an_answer(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        run(&octets.iter().map(|b| char::from(*b)).collect::<String>());
    }

    #[test]
    fn any_words_of_idl_get_an_answer(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60),
    ) {
        let text = pieces.join(" ");
        let compiled = compile("t.idl", &text, &Options::default(), &BTreeMap::from([("t.idl".to_owned(), "long".to_owned())]));
        let _ = compiled.report();
    }
}
