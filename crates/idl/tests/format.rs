//! Texts laid out: looks, and that nothing but white space changes.

use std::collections::BTreeMap;

use farcall_idl::{Options, compile, format};
use proptest::prelude::*;

#[test]
fn layout() {
    let text = "/* Head.\n * More.\n */\n\n\n\n#ifndef   A\n#define A \\\n  1\nmodule m{   // why\ntypedef sequence< sequence<long> ,A>x ;
  /** Doc.\n   * Of it.\n   */
interface I:B,::C {
readonly attribute   long a ,b;
void f ( in m::x y,\nout ::m::x z )raises( E,F );
oneway void g();};\n
enum E{a,\nb // second\n};
union U switch(long){case 1:\nlong p;
case - 2 : case 3: string q[ 2 ];default: ::m::x r;};
const long n=-(1+2)*~3<<4;
    struct S {};\n@range( min=1 )struct T { long\nx; };
};\n#endif";
    let expected = "/* Head.
 * More.
 */

#ifndef   A
#define A \\
  1
module m { // why
    typedef sequence<sequence<long>, A> x;
    /** Doc.
     * Of it.
     */
    interface I : B, ::C {
        readonly attribute long a, b;
        void f(in m::x y,
            out ::m::x z) raises (E, F);
        oneway void g(); };

    enum E { a,
        b // second
    };
    union U switch (long) { case 1:
            long p;
        case -2: case 3: string q[2]; default: ::m::x r; };
    const long n = -(1 + 2) * ~3 << 4;
    struct S {};
    @range(min = 1) struct T { long
            x; };
};
#endif
";
    let found = format(text);
    assert_eq!(found, expected, "\n{found}");
    assert_eq!(format(&found), found);
}

/// All that is not white space.
fn essence(text: &str) -> String {
    text.replace("\\\n", "").replace("\\\r\n", "").chars().filter(|c| !c.is_whitespace()).collect()
}

const PIECES: &[&str] = &[
    "module",
    "M",
    "{",
    "}",
    ";",
    "interface",
    "I",
    ":",
    ",",
    "::",
    "enum",
    "case",
    "default",
    "1",
    "-",
    "+",
    "~",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    ">>",
    "<<",
    "=",
    "'a'",
    "L\"w\"",
    "\"s // x\"",
    "// c\n",
    "/* d */",
    "/* e\n  f */",
    "\n",
    "\n\n\n",
    "\n#define X 1\n",
    "\n#if A \\\n B\n",
    "@",
    "sequence",
    "raises",
    "union",
    "switch",
    "\\\n",
    "1e+5",
    ".5",
];

proptest! {
    #[test]
    fn nothing_but_space_changes(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)) {
        let text = pieces.join(" ");
        let once = format(&text);
        prop_assert_eq!(essence(&once), essence(&text), "{}", once);
        prop_assert_eq!(&format(&once), &once, "{}", text);
        let report = |text: &str| {
            let compiled = compile("t.idl", text, &Options::default(), &BTreeMap::new());
            compiled.diagnostics.iter().map(|d| d.message.clone()).collect::<Vec<_>>()
        };
        prop_assert_eq!(report(&once), report(&text), "{}", once);
    }

    #[test]
    fn any_text_is_taken(text in "\\PC*") {
        let _ = format(&text);
    }
}
