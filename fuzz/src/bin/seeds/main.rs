//! Writes the corpora: `cargo run -p farcall-fuzz --bin seeds`. Inputs that
//! found something are added by hand, under a name that says what.

mod soap;

use std::path::Path;
use std::{fs, io};

use bytes::Bytes;
use farcall_corba::cdr::encode_value;
use farcall_corba::csi::{InitialContextToken, SasContext, SecurityMechanism};
use farcall_corba::giop::split_fragments;
use farcall_corba::ior::Component;
use farcall_model::{Any, ObjectRef, Record, Type, Value};

const VALUES: &[(&str, &str)] = &[
    ("int", "<value><int>-12</int></value>"),
    ("int-spaces", "<value>\n <i4> +7 </i4>\n</value>"),
    ("i8", "<value><i8>9223372036854775807</i8></value>"),
    ("boolean", "<value><boolean>1</boolean></value>"),
    ("double", "<value><double>-1.5e-7</double></value>"),
    ("double-inf", "<value><double>INF</double></value>"),
    ("string", "<value><string>a &lt; b &#x1D11E; &#13;</string></value>"),
    ("untyped", "<value>seven</value>"),
    ("empty", "<value/>"),
    ("spaces", "<value>  </value>"),
    ("cdata", "<value>x<![CDATA[<&]]>y<!-- c --><?p i?></value>"),
    ("base64", "<value><base64>YWJj\nZA==</base64></value>"),
    ("date", "<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>"),
    ("date-zone", "<value><dateTime.iso8601>1998-07-17T14:08:55.25+05:30</dateTime.iso8601></value>"),
    ("nil", "<value><nil/></value>"),
    ("nil-apache", "<value><ex:nil xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"/></value>"),
    (
        "apache",
        "<value xmlns:a='http://ws.apache.org/xmlrpc/namespaces/extensions'><array><data><value><a:i1>1</a:i1></value>\
         <value><a:i2>2</a:i2></value><value><a:float>0.5</a:float></value><value><a:bigdecimal>1.50</a:bigdecimal></value>\
         <value><a:dateTime>2026-11-22T10:00:00Z</a:dateTime></value></data></array></value>",
    ),
    ("array", "<value><array><data><value><int>1</int></value><value>b</value></data></array></value>"),
    ("array-bare", "<value><array><value><int>1</int></value></array></value>"),
    ("array-empty", "<value><array><data/></array></value>"),
    (
        "array-nested",
        "<value><array><data><value><array><data><value/></data></array></value></data></array></value>",
    ),
    ("struct", "<value><struct><member><name>a</name><value><int>1</int></value></member></struct></value>"),
    ("struct-empty", "<value><struct/></value>"),
    (
        "struct-spaces",
        "<value>\n<struct>\n<member>\n<name>a&amp;b</name>\n<value>x</value>\n</member>\n<member><name>c</name>\
         <value><array><data/></array></value></member></struct></value>",
    ),
    (
        "ints",
        "<value><array><data><value><int>1</int></value><value><int>-2147483648</int></value><value><i4>3</i4></value>\
         </data></array></value>",
    ),
    (
        "truths",
        "<value><array><data><value><boolean>1</boolean></value><value><boolean>0</boolean></value></data></array></value>",
    ),
    (
        "dates",
        "<value><array><data><value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>\
         <value><dateTime.iso8601>20261122T00:00:00Z</dateTime.iso8601></value></data></array></value>",
    ),
    (
        "tuples",
        "<value><array><data><value><array><data><value><string>a</string></value><value><double>1.5</double></value>\
         </data></array></value><value><array><data><value>b</value><value><nil/></value></data></array></value></data></array></value>",
    ),
    (
        "lists",
        "<value><struct><member><name>a</name><value><array><data><value><int>1</int></value></data></array></value></member>\
         <member><name>b</name><value><array><data></data></array></value></member></struct></value>",
    ),
    (
        "pairs",
        "<value><array><data><value><array><data><value><int>1</int></value><value>one</value></data></array></value>\
         </data></array></value>",
    ),
];

const DOCUMENTS: &[(&str, &str)] = &[
    ("plain", "<a>text</a>"),
    ("declaration", "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes'?>\n<a/>"),
    ("namespaces", "<p:a xmlns:p='u' xmlns='v' p:b='1' b='2'><c xmlns=''/><p:d/></p:a>"),
    ("attributes", "<a b=\"&lt;&#10;'\" c='\"&gt;' d=''/>"),
    ("references", "<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x1D11E;</a>"),
    ("cdata", "<a><![CDATA[<b>]]]]><![CDATA[>]]></a>"),
    ("comments", "<!-- a --><a><!-- - - --></a><!-- b -->\n"),
    ("instructions", "<?a?><?b c?><a><?d e?></a>"),
    ("ends-of-lines", "<a\r\nb='\t'\r>\r\n\r</a\n>"),
    ("deep", "<a><b><c><d><e><f/></e></d></c></b></a>"),
    ("siblings", "<a><b/><b/><c/><b>x</b></a>"),
    ("doctype", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"),
    ("unbalanced", "<a><b></a></b>"),
    ("cut", "<a><b c='"),
    ("empty", ""),
    ("names", "<é.-_1 :a='x'/>"),
    ("mark", "\u{FEFF}<a/>"),
    ("latin1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>x</a>"),
];

const TIMES: &[&str] = &[
    "1998-07-17T14:08:55",
    "19980717T14:08:55",
    "19980717T140855Z",
    "1998-07-17 14:08:55.123456789+05:30",
    "19980717T14:08:55,5-0330",
    "19980717",
    "0000-00-00T00:00:00",
    "1998-12-31T23:59:60Z",
    "1998-12-31T24:00:00",
    "-0044-03-15",
    "2024-02-29",
    "9999-12-31T23:59:59.999999999+14:00",
    "14:08",
    "14:08:55.5",
    "140855",
    "P1Y2M3DT4H5M6.7S",
    "-P1M",
    "PT0S",
    "P0D",
    "PT1.5S",
    "P357913941Y",
    "PT18446744073709551615S",
    "12.50",
    "-0.10",
    "+5",
    ".5",
    "5.",
    "-00012",
    "0",
    "123456789012345678901234567890.123456789",
];

const JSONS: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "99999999999999999999999999",
    "1.5",
    "-0.0",
    "1e300",
    "1e400",
    "5e-324",
    "\"\"",
    "\"a\\u0000\\ud834\\udd1e\\n\"",
    "[]",
    "[[],[null]]",
    "{}",
    "{\"a\":{\"b\":[1,2]},\"a b\":\"\"}",
    "{\"$bytes\":\"YWJj\"}",
    "{\"$datetime\":\"2026-11-22T00:00:00Z\"}",
    "{\"$decimal\":\"1.50\"}",
    "{\"$bytes\":1}",
    "{\"$decimal\":\"x\"}",
    " [ 1 , 2 ] ",
    "[1,",
    "{\"a\":1,\"a\":2}",
];

fn call(method: &str, params: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>"
    )
}

fn entry(method: &str, params: &str) -> String {
    format!(
        "<value><struct><member><name>methodName</name><value>{method}</value></member><member><name>params</name>\
         <value><array><data>{params}</data></array></value></member></struct></value>"
    )
}

fn batch(entries: &str) -> String {
    call("system.multicall", &format!("<param><value><array><data>{entries}</data></array></value></param>"))
}

fn requests() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = VALUES
        .iter()
        .map(|(name, value)| (format!("echo-{name}"), call("echo", &format!("<param>{value}</param>"))))
        .collect();
    let named = [
        ("bare", "<methodCall><methodName>echo</methodName></methodCall>".to_owned()),
        ("unknown", call("nothing.at.all", "")),
        ("fail", call("fail", "<param><value>why</value></param>")),
        ("list", call("system.listMethods", "")),
        ("help", call("system.methodHelp", "<param><value>echo</value></param>")),
        ("signature", call("system.methodSignature", "<param><value>echo</value></param>")),
        ("abilities", call("system.getCapabilities", "")),
        ("batch", batch(&format!("{}{}", entry("echo", "<value><int>1</int></value>"), entry("fail", "")))),
        ("batch-odd", batch(&format!("<value>x</value>{}<value><struct/></value>", entry("nothing", "")))),
        ("batch-recursive", batch(&entry("system.multicall", &entry("echo", "")))),
        ("batch-empty", batch("")),
        ("no-call", "<methodResponse/>".to_owned()),
    ];
    all.extend(named.map(|(name, text)| (name.to_owned(), text)));
    all
}

fn responses() -> Vec<(String, String)> {
    let fault = |inner: &str| {
        format!("<methodResponse><fault><value><struct>{inner}</struct></value></fault></methodResponse>")
    };
    let code = "<member><name>faultCode</name><value><int>4</int></value></member>";
    let text = "<member><name>faultString</name><value>Too many.</value></member>";
    let mut all: Vec<(String, String)> = VALUES
        .iter()
        .take(20)
        .map(|(name, value)| {
            let text = format!("<methodResponse><params><param>{value}</param></params></methodResponse>");
            (format!("response-{name}"), text)
        })
        .collect();
    all.push(("fault".into(), fault(&format!("{code}{text}"))));
    all.push(("fault-text".into(), fault(text)));
    all.push(("fault-empty".into(), fault("")));
    all.push(("response-nothing".into(), "<methodResponse><params/></methodResponse>".into()));
    all
}

fn write(target: &str, seeds: impl IntoIterator<Item = (String, Vec<u8>)>) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    for (name, seed) in seeds {
        fs::write(folder.join(name), seed)?;
    }
    Ok(())
}

fn named(texts: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    texts.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

fn numbered(texts: &[&str]) -> Vec<(String, Vec<u8>)> {
    texts.iter().enumerate().map(|(i, text)| (format!("{i:02}"), text.as_bytes().to_vec())).collect()
}

fn octets(texts: Vec<(String, String)>) -> Vec<(String, Vec<u8>)> {
    texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

/// Values of every kind as `any`, in both byte orders where they are recorded.
fn cdr_values() -> Vec<(String, Vec<u8>)> {
    let record = Record::new().with("a", 1).with("b", Value::Sequence(vec![Value::from("x"), Value::Nil]));
    let union = Value::Union("case".into(), Box::new(Value::from(1.5)));
    let map = Value::Map(vec![(Value::from("k"), Value::from(true)), (Value::from(""), Value::from(false))]);
    let reference = ObjectRef::new("IDL:a/B:1.0").with_address("corbaloc::h:1/k").with_address("http://h/");
    let optional = Any { ty: Type::Optional(Type::WideString.into()).into(), value: Value::from("\u{6f22}") };
    let values = [
        ("nil", Value::Nil),
        ("long", Value::from(-7)),
        ("text", Value::from("text")),
        ("char", Value::from('\u{436}')),
        ("octets", Value::Bytes(vec![0, 255].into())),
        ("numbers", Value::Sequence(vec![Value::from(1_i64), Value::from(2_i64)])),
        ("record", Value::from(record)),
        ("union", union),
        ("map", map),
        ("reference", Value::Object(reference)),
        ("optional", Value::Any(Box::new(optional))),
    ];
    values.map(|(name, value)| (name.to_owned(), encode_value(&value).unwrap_or_default().to_vec())).into()
}

fn recorded() -> Vec<(String, Vec<u8>)> {
    let unhex = |line: &str| -> Vec<u8> {
        let digits = line.trim();
        (0..digits.len())
            .step_by(2)
            .filter_map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
            .collect()
    };
    let pings = [
        ("omniorb-1.0", include_str!("../../../../golden/corba/ping-omniorb-1.0.hex")),
        ("omniorb-1.1", include_str!("../../../../golden/corba/ping-omniorb-1.1.hex")),
        ("omniorb-1.2", include_str!("../../../../golden/corba/ping-omniorb-1.2.hex")),
        ("jacorb-1.2", include_str!("../../../../golden/corba/ping-jacorb-1.2.hex")),
    ];
    let mut all: Vec<(String, Vec<u8>)> = pings.map(|(name, line)| (name.to_owned(), unhex(line))).into();
    let fragments = split_fragments([unhex(pings[3].1), vec![7; 300]].concat(), 64);
    all.push(("fragments".into(), fragments));
    all.push(("close".into(), b"GIOP\x01\x02\x01\x05\0\0\0\0GIOP\x01\0\0\x06\0\0\0\0".to_vec()));
    all
}

/// Values of value types, of `types.rs`, behind the octets that say order, version and type.
fn typed() -> Vec<(String, Vec<u8>)> {
    let node = b"\x02\xff\xff\x7f\x0f\0\0\0IDL:t/Node:1.0\0\0\x02\0\0\0a\0\0\0";
    let named = b"\x00\xff\xff\x7f\0\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0a";
    let chunked = [
        b"\x0e\xff\xff\x7f\x02\0\0\0\x11\0\0\0IDL:t/Person:1.0\0\0\0\0\x10\0\0\0IDL:t/Named:1.0\0".as_slice(),
        b"\x14\0\0\0\x01\0\0\0\0\0\0\0\x02\0\0\0\0a\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\xff\xff\xff\xff",
    ]
    .concat();
    let mut all = Vec::new();
    for which in 0..12_u8 {
        let with = |octets: &[u8]| [&[5, which], octets].concat();
        all.push((format!("null-{which}"), with(&[0; 64])));
        all.push((format!("node-{which}"), with(&[node.as_slice(), &[0; 8]].concat())));
        all.push((
            format!("ring-{which}"),
            with(&[node.as_slice(), b"\xff\xff\xff\xff\xd8\xff\xff\xff\0\0\0\0"].concat()),
        ));
        all.push((format!("named-{which}"), with(named)));
        all.push((format!("chunked-{which}"), with(&chunked)));
    }
    all
}

fn scripts() -> Vec<(String, Vec<u8>)> {
    let in_turn: Vec<u8> = (0..60).map(|n| (n % 3) << 4).collect();
    let begun = [9, 9, 9, 7, 1, 200, 3, 3, 3];
    vec![
        ("in-turn".into(), [begun.as_slice(), &in_turn].concat()),
        ("one-by-one".into(), begun.to_vec()),
        ("lost".into(), [begun.as_slice(), &in_turn, &[13, 13]].concat()),
        ("cut".into(), [begun.as_slice(), &in_turn[..5], &[15]].concat()),
        ("twice".into(), [begun.as_slice(), &in_turn[..5], &[14, 30]].concat()),
    ]
}

const KINDS: &str = include_str!("../../../../interop/corba-omniorb-types/kinds.idl");
const FARCALL: &str = include_str!("../../../../interop/corba-omniorb-python/farcall.idl");

const IDLS: &[&str] = &[
    "#include \"a.idl\"\n#define N 3\ntypedef sequence<a, N> s; const unsigned long c = (1 << N) | 0x0f;",
    "module m { interface I; interface J { I f(in any x) context (\"a*\"); }; interface I : J { readonly attribute long x; oneway void g(); }; };",
    "valuetype V { private long x; factory make(in long x); }; valuetype W : truncatable V supports I {}; abstract interface I {};",
    "#pragma prefix \"x.org\"\nmodule a { enum E { b, c }; union U switch (E) { case ::a::b: string<3> s; default: fixed<3,1> f; }; };",
    "typedef long _interface; struct struct_ { long _in; }; native N; local interface L { N f(); };",
];

const REFERENCES: &[&str] = &[
    include_str!("../../../../golden/corba/genior-omniorb-4.2.5.ior"),
    "corbaloc::localhost/fortune",
    "corbaloc:iiop:1.1@[::1]:2809,:host:1/a%2fb",
    "corbaname::localhost:2809#a.b/c\\.d",
];

/// Security contexts of clients, and the mechanisms of a server.
fn security() -> Vec<(String, Vec<u8>)> {
    let target = SecurityMechanism::gssup("farcall", true);
    let token = |user: &str, password: &str, target_name| InitialContextToken {
        username: user.into(),
        password: password.into(),
        target_name,
    };
    let tokens = [
        token("ann", "secret", target.target_name.clone()),
        token("", "a token", Bytes::new()),
        token(&"u".repeat(200), "", Bytes::new()),
    ];
    let contexts = tokens.iter().filter_map(|token| SasContext::establish(token).ok());
    let mechanism = Component::Csi(target).encode().map(|component| component.data);
    contexts.chain(mechanism).enumerate().map(|(i, octets)| (format!("{i:02}"), octets.to_vec())).collect()
}

fn main() -> io::Result<()> {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let latin1 = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>".to_vec();
    write("xml_reader", named(DOCUMENTS))?;
    write("xml_reader", named(VALUES))?;
    write("xml_reader", [("utf16".into(), wide("\u{FEFF}<a>é</a>")), ("latin1-octets".into(), latin1)])?;
    write("xmlrpc_value", named(VALUES))?;
    write("xmlrpc_message", octets(requests()))?;
    write("xmlrpc_message", octets(responses()))?;
    write("http_body", octets(requests()))?;
    write("http_body", [("utf16".into(), wide(&format!("\u{FEFF}{}", call("echo", ""))))])?;
    write("model_texts", numbered(TIMES))?;
    write("json", numbered(JSONS))?;
    write("cdr_value", cdr_values())?;
    write("giop_stream", recorded())?;
    write("cdr_types", typed())?;
    write("giop_peer", scripts())?;
    write("idl_text", [("kinds".into(), KINDS.into()), ("farcall".into(), FARCALL.into())])?;
    write("idl_text", numbered(IDLS))?;
    write("sas_context", security())?;
    write("ior_text", numbered(REFERENCES))?;
    write("soap_envelope", octets(soap::envelopes()))?;
    write("soap_mime", named(soap::MESSAGES))?;
    write("soap_header", named(soap::HEADERS))?;
    write("wsdl_load", named(soap::DESCRIPTIONS))?;
    write("wsdl_load", octets(soap::emitted()))
}
