//! One small text for every construct, and what is made of it.

use std::collections::BTreeMap;

use farcall_idl::{Compiled, Const, DeclKind, Options, Specification, compile};

fn run(text: &str) -> Compiled {
    let compiled = compile("t.idl", text, &Options::default(), &BTreeMap::new());
    assert!(compiled.accepted(), "{text}\n{}", compiled.report());
    compiled
}

fn spec(text: &str) -> Specification {
    run(text).specification().unwrap().clone()
}

/// Repository id of a declaration.
fn id(spec: &Specification, name: &str) -> String {
    let decl = spec.find(name).unwrap_or_else(|| panic!("no {name}"));
    spec.decl(decl).repository_id.clone()
}

fn value(spec: &Specification, name: &str) -> Const {
    match &spec.decl(spec.find(name).unwrap()).kind {
        DeclKind::Const { value, .. } => value.clone(),
        other => panic!("{name} is {other:?}"),
    }
}

/// Texts that are accepted without a word.
const TABLE: &[&str] = &[
    "",
    "// nothing but a comment",
    "@annotation note { long n default 3; enum Level { low, high }; Level l default low; };
     module M { @annotation mark {}; @note(n = 4) struct S { @mark long annotation; }; };",
    "module A { module B { typedef long C; }; }; module A { typedef B::C D; typedef ::A::B::C E; };",
    "typedef long a, b[2], c[2][3];",
    "typedef sequence<sequence<octet>, 5> a; typedef sequence<sequence<octet> > b;",
    "typedef string<10> a; typedef wstring<10> b; typedef string c; typedef wstring d;",
    "typedef fixed<10, 2> money; const fixed rate = 1.25d; const money half = 0.5d;",
    "typedef int8 a; typedef uint8 b; typedef int16 c; typedef uint16 d; typedef int32 e; typedef uint32 f;",
    "typedef long int64; typedef int64 a; typedef uint64 b;",
    "typedef map<string, long> m; typedef map<string, sequence<long>, 3> n; interface I { void map(in long map); };",
    "typedef any a; typedef Object o; typedef long double d; typedef unsigned long long u; typedef CORBA::TypeCode t;",
    "struct S { long a, b[3]; string c; struct T { octet d; } e; enum F { g, h } i; };",
    "struct S; typedef sequence<S> Ss; struct S { Ss children; };",
    "struct S { long a; }; struct T : S { long b; };",
    "struct S { sequence<S> children; };",
    "union U switch (long) { case 1: case -2: long a; case 3: string b; default: octet c; };",
    "union U switch (char) { case 'a': long a; case '\\x41': long b; case '\\'': long c; };",
    "union U switch (boolean) { case TRUE: long a; };",
    "union U switch (octet) { case 255: long a; }; union V switch (wchar) { case L'x': long a; };",
    "union U switch (unsigned long long) { case 18446744073709551615: long a; };",
    "enum E { a, b }; union U switch (E) { case a: long x; case ::b: short y; };",
    "module M { enum E { a, b }; }; union U switch (M::E) { case M::a: long x; };",
    "union U switch (enum E { a, b }) { case a: long x; };",
    "union U; typedef sequence<U> Us; union U switch (long) { case 1: Us more; };",
    "interface I; interface J { I other(); }; interface I : J { J other_too(); };",
    "interface A { void f(); }; interface B : A {}; interface C : A {}; interface D : B, C { void g(); };",
    "interface A { typedef long t; }; interface B : A { typedef short t; void f(in t x, in A::t y); };",
    "interface I { readonly attribute long a, b; attribute string c; };",
    "exception E {}; interface I { readonly attribute long a raises (E); attribute long b getraises (E) setraises (E); };",
    "exception E { long code; string why; }; interface I { void f(in long a, out long b, inout long c) raises (E); };",
    "interface I { oneway void f(in long a); void g() context (\"a.b\", \"c*\"); };",
    "abstract interface A { void f(); }; interface B : A {}; local interface L : B { native Handle; Handle h(); };",
    "native Servant; local interface POA { void activate(in Servant s); };",
    "valuetype V { public long a; private string b; factory make(in long a); void op(); attribute long c; };",
    "valuetype V; struct S { V first; }; valuetype V { public V next; };",
    "valuetype A { public long x; }; valuetype B : truncatable A { public long y; }; custom valuetype C : A {};",
    "abstract valuetype A { void f(); }; interface I {}; valuetype V : A supports I { public long x; };",
    "valuetype Names sequence<string>; valuetype Flag boolean; valuetype Point struct P { long x; };",
    "eventtype E { public long x; }; abstract eventtype F {};",
    "interface I {}; eventtype E {}; component C supports I { provides I p; uses multiple I q; uses Object r; emits E s; publishes E t; consumes E u; attribute long v; };",
    "component C {}; valuetype K {}; home H manages C primarykey K { factory make(in long a); finder find(in K by); void f(); };",
    "module M { typedef long a; }; typeid M::a \"IDL:b:2.0\"; typeprefix M \"x.y\";",
    "interface I { void home(); void component(in long uses); typedef long provides; attribute provides import_; };",
    "typedef long _interface; struct _struct { _interface _long; };",
    "typedef Object _Factory; typedef sequence<Factory> Factories;",
    "@final struct S { @key long a; @optional string b; @default(5) long c; @range(min = 1, max = 5) long d; };",
    "@verbatim(language = \"c++\", text = \"x\") interface I { @oneway(TRUE) void f(@unused in long a); };",
    "struct S { @default(flag0 | ~flag1) long a; @default(true) boolean b; @range(min = -limit) long c; };",
    "@bit_bound(16) enum E { @value(4) a, b };",
    "bitmask M { a, b, @position(5) c, d }; @bit_bound(8) bitmask N { a, @position(7) b }; const M k = M::a | M::c;",
    "bitset B { bitfield<3> a; bitfield<4>; bitfield<12, short> x, y; }; typedef B C; bitset D : C { bitfield<1> e; };",
    "bitset None {}; struct S { None a; };",
    "struct bitmask { long bitset; }; typedef bitmask bitfield; typedef bitfield bitset; interface I { void bitmask(); };",
    "struct S { sequence<string<5>> a; sequence<map<string<3>, fixed<5, 2>>> b; string<8 >> 2> c; sequence<long, 8 >> 1> d; };",
    "const long n = 3; struct S { sequence<string<n>> a; sequence<sequence<octet, (n >> 1)>> b; };",
    "struct S { long a; }; typedef S T; struct U : T { long b; };",
    "const long a = 1 + 2 * 3 - (4 << 2) % 5 / 1 | 8 & 12 ^ 3; typedef long b[a];",
    "const char c = 'a'; const wchar d = L'\\u00e9'; const string s = \"a\" \"b\"; const wstring w = L\"x\"; const boolean t = TRUE;",
    "const unsigned long m = ~0; const long long n = -9223372036854775808; const octet o = 0xff; const short p = -0x8000;",
    "const float f = 1; const double d = .5e-3; const long double l = 1.; const double g = d * 2 + f;",
    "#define LIMIT 10\n#define PAIR(a, b) a first; b second\nstruct S { PAIR(long, string); octet data[LIMIT]; };",
    "#define NAME(x) x ## Seq\n#define TEXT(x) #x\ntypedef sequence<long> NAME(Long); const string s = TEXT(a b);",
    "#ifndef A\n#define A\n#endif\n#if defined(A) && !defined B && (1 + 1 == 2 ? 1 : 0)\ntypedef long x;\n#elif 1\n#error no\n#else\n#error no\n#endif",
    "#if 0\n'unclosed \" $ #else inside\n# if 1\n#error no\n# endif\n#endif\ntypedef long \\\n a;",
    "#pragma unknown to us\n#ident \"x\"\n#line 5\n# 1 \"x.idl\" 2\n#\n",
];

#[test]
fn each_construct_is_accepted() {
    for text in TABLE {
        let compiled = run(text);
        assert!(compiled.diagnostics.is_empty(), "{text}\n{}", compiled.report());
    }
}

#[test]
fn what_is_odd_is_said() {
    for (text, piece) in [
        ("interface I;", "announced, but defined nowhere"),
        ("typedef long a;; typedef long b;", "ends nothing"),
        ("struct S {}; struct T : S {};", "which only IDL 4 allows"),
        ("import ::Components;", "reads nothing"),
        ("const string s = \"\\q\";", "is no escape and read as 'q'"),
        ("#define A 1\n#define A 2\n", "defined anew"),
        ("#warning look here\n", "look here"),
    ] {
        let compiled = run(text);
        assert!(compiled.report().contains(piece), "{text}\n{}", compiled.report());
    }
}

#[test]
fn constants_are_worked_out() {
    let text = "const long a = 1 + 2 * 3 - (4 << 2) % 5; const unsigned short b = ~0; const long c = -7 / 2;
        const long d = 010 + 0x10;";
    let spec = spec(text);
    let values = ["a", "b", "c", "d"].map(|name| value(&spec, name));
    assert_eq!(values, [6, 65535, -3, 24].map(Const::Integer));

    let text = "module M { const long n = 3; enum E { x, y }; const E e_value = y; const string s = \"a\\x41\\n\"; };
        const double d = 1.5 * 2; const fixed f = 1.50d * 3d; const wstring w = L\"\\u20ac\"; const char c = '\\101';
        const long long n = M::n * 2;";
    let spec = self::spec(text);
    assert_eq!(value(&spec, "M::e_value"), Const::Enum(spec.find("M::y").unwrap()));
    assert_eq!(value(&spec, "M::s"), Const::Text("aA\n".into()));
    assert_eq!(value(&spec, "d"), Const::Float(3.0));
    assert_eq!(value(&spec, "f"), Const::Fixed("4.5".parse().unwrap()));
    assert_eq!(value(&spec, "w"), Const::Text("€".into()));
    assert_eq!(value(&spec, "c"), Const::Char(65));
    assert_eq!(value(&spec, "n"), Const::Integer(6));
}

#[test]
fn repository_ids() {
    let included = "typedef long Bare;\n#pragma prefix \"inner\"\ntypedef long Inner;\n";
    let files = BTreeMap::from([("d/inc.idl".to_owned(), included.to_owned())]);
    let text = "typedef long Before;
#pragma prefix \"omg.org\"
module M {
    interface I { exception E {}; struct S { struct T { long x; } t2; }; enum F { one }; void op(); };
    #include <inc.idl>
    typedef long A;
    #pragma prefix \"other\"
    typedef long B;
    module N { typedef long C; };
    #pragma version A 2.3
    #pragma ID B \"LOCAL:b\"
};
module M { typedef long D; };
#pragma ID M::N::C \"IDL:c:1.0\"
";
    let compiled = compile("t.idl", text, &Options::default().include("d"), &files);
    assert!(compiled.accepted(), "{}", compiled.report());
    let spec = compiled.specification().unwrap();
    for (name, expected) in [
        ("Before", "IDL:Before:1.0"),
        ("M", "IDL:omg.org/M:1.0"),
        ("M::I", "IDL:omg.org/M/I:1.0"),
        ("M::I::E", "IDL:omg.org/M/I/E:1.0"),
        ("M::I::S::T", "IDL:omg.org/M/I/S/T:1.0"),
        ("M::I::one", "IDL:omg.org/M/I/one:1.0"),
        ("M::I::op", "IDL:omg.org/M/I/op:1.0"),
        ("M::Bare", "IDL:Bare:1.0"),
        ("M::Inner", "IDL:inner/Inner:1.0"),
        ("M::A", "IDL:omg.org/M/A:2.3"),
        ("M::B", "LOCAL:b"),
        ("M::N", "IDL:other/N:1.0"),
        ("M::N::C", "IDL:c:1.0"),
        ("M::D", "IDL:omg.org/M/D:1.0"),
    ] {
        assert_eq!(id(spec, name), expected, "{name}");
    }
    let spec = self::spec(
        "module A { typeprefix A \"x.y\"; typedef long T; }; module A { typedef long U; }; typeid A::U \"IDL:u:3.0\";",
    );
    let ids = ["A", "A::T", "A::U"].map(|name| id(&spec, name));
    assert_eq!(ids, ["IDL:x.y/A:1.0", "IDL:x.y/A/T:1.0", "IDL:u:3.0"]);
}

#[test]
fn comments_are_documentation() {
    let text = "/* A licence. */

/**
 * What it is for.
 *
 * And more.
 */
interface I {
    // What it does,
    // and how.
    void f(in long a, // the first
           in long b);
    long g(); // after it
    /// Of the type. /* not ended
    struct S {
        long x; ///< Of x.
        //--------
        long y;
    };
    enum E { one, // Of one.
             two  // Of two.
    };
};";
    let spec = spec(text);
    let doc = |name: &str| spec.decl(spec.find(name).unwrap()).doc.clone();
    assert_eq!(doc("I"), "What it is for.\n\nAnd more.");
    assert_eq!(doc("I::f"), "What it does,\nand how.");
    assert_eq!(doc("I::g"), "after it");
    assert_eq!(doc("I::S"), "Of the type. /* not ended");
    assert_eq!(doc("I::one"), "Of one.");
    assert_eq!(doc("I::two"), "Of two.");
    let DeclKind::Struct { members, .. } = &spec.decl(spec.find("I::S").unwrap()).kind else { panic!() };
    assert_eq!((members[0].doc.as_str(), members[1].doc.as_str()), ("Of x.", ""));
    let DeclKind::Operation(f) = &spec.decl(spec.find("I::f").unwrap()).kind else { panic!() };
    assert_eq!(f.params[0].member.doc, "the first");
}

#[test]
fn annotations_are_kept() {
    let spec = spec(
        "enum K { a }; @nested @range(min = 1, max = 2 * 3) struct S { @unit(\"m\") @kind(a) @other(b) long x; };",
    );
    let decl = spec.decl(spec.find("S").unwrap());
    let names: Vec<&str> = decl.annotations.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["nested", "range"]);
    assert_eq!(decl.annotations[1].params[1], (Some("max".to_owned()), Const::Integer(6)));
    let DeclKind::Struct { members, .. } = &decl.kind else { panic!() };
    let values: Vec<&Const> = members[0].annotations.iter().map(|a| &a.params[0].1).collect();
    let expected =
        [&Const::Text("m".into()), &Const::Enum(spec.find("a").unwrap()), &Const::Text("b".into())];
    assert_eq!(values, expected);
}

#[test]
fn includes_are_searched_in_order() {
    let files = BTreeMap::from([
        ("src/near.idl".to_owned(), "#pragma once\ntypedef long Near;\n#include \"far.idl\"\n".to_owned()),
        ("lib/near.idl".to_owned(), "#error the wrong one\n".to_owned()),
        ("lib/far.idl".to_owned(), "#ifndef FAR\n#define FAR\ntypedef long Far;\n#endif\n".to_owned()),
    ]);
    let text = "#include \"near.idl\"\n#include \"near.idl\"\n#include <far.idl>\n#define WHICH <far.idl>\n#include WHICH\n";
    let compiled = compile("src/t.idl", text, &Options::default().include("lib"), &files);
    assert!(compiled.accepted(), "{}", compiled.report());
    let names: Vec<&str> = compiled.sources.files().iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["src/t.idl", "src/near.idl", "lib/far.idl", "lib/far.idl", "lib/far.idl"]);
    let compiled = compile("src/t.idl", "#include <near.idl>\n", &Options::default().include("lib"), &files);
    assert!(compiled.report().contains("the wrong one"));
}
