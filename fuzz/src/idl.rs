//! OMG IDL: any text is compiled or refused with a place, and laid out as one that means the same.

use std::collections::BTreeMap;

use farcall_idl::{Options, compile, format, lower};

pub(crate) const WORDS: &[&str] = &[
    "module m {",
    "interface I : J {",
    "valuetype V : truncatable W {",
    "union U switch (long) { case 1: default:",
    "struct S {",
    "sequence<S, 3>",
    "typedef ",
    "const long c = 1 << 3;",
    "enum E { a, b };",
    "fixed<5, 2>",
    "::m::",
    "#include \"a.idl\"\n",
    "#define X(a) a##b\n",
    "#if defined(X)\n",
    "#pragma prefix \"x\"\n",
    "in ",
    "};",
    "/*",
    "\"",
];

/// Octets are a text of IDL. What is accepted is accepted laid out anew too.
pub fn idl_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let files = BTreeMap::from([("a.idl".to_owned(), "typedef long a;".to_owned())]);
    let compiled = compile("fuzz.idl", &text, &Options::default(), &files);
    let report = compiled.report();
    let Ok(specification) = compiled.specification() else {
        assert!(
            report.contains("fuzz.idl:") || report.contains("a.idl:"),
            "an error without a place: {report}"
        );
        return;
    };
    // exceptions stay for as long as the program runs
    if !text.contains("exception") {
        let _ = lower(specification);
    }
    let formatted = format(&text);
    let again = compile("fuzz.idl", &formatted, &Options::default(), &files);
    assert!(again.accepted(), "{}\n{formatted}", again.report());
}
