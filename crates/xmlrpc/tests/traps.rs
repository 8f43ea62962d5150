//! Traps of reading values, as real stacks set them. Each test is named after its trap.

use std::collections::BTreeMap;

use bytes::Bytes;
use farcall_model::{DateTime, Decimal, Record, Value};
use farcall_wire::{CodecError, Decode, ErrorKind};
use farcall_xmlrpc::{Options, decode_value};

fn read<T: Decode>(text: &str) -> Result<T, CodecError> {
    decode_value(text, Options::default())
}

fn good<T: Decode>(text: &str) -> T {
    read(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn any(text: &str) -> Value {
    good(text)
}

/// The error, which must say where.
fn bad<T: Decode + std::fmt::Debug>(text: &str) -> CodecError {
    let error = read::<T>(text).expect_err(text);
    assert!(error.offset().is_some_and(|at| at <= text.len()), "no place: {error}");
    assert!(error.to_string().contains("line "), "no line: {error}");
    error
}

#[test]
fn white_space_inside_numbers_is_passed_over() {
    assert_eq!(good::<i32>("<value><int>\n\t 7 \r\n</int></value>"), 7);
    assert_eq!(good::<i32>("<value>\n<i4> -7</i4>\n</value>"), -7);
    assert_eq!(good::<i64>("<value><i8> 7 </i8></value>"), 7);
    assert!(good::<bool>("<value><boolean> 1\n</boolean></value>"));
    assert_eq!(good::<f64>("<value><double> 1.5 </double></value>"), 1.5);
    assert_eq!(any("<value> <int> 7 </int> </value>"), Value::I32(7));
}

#[test]
fn numbers_have_any_sign_and_leading_zeros() {
    assert_eq!(good::<i32>("<value><int>+7</int></value>"), 7);
    assert_eq!(good::<i32>("<value><int>-0</int></value>"), 0);
    assert_eq!(good::<i32>("<value><int>0000000000000000007</int></value>"), 7);
    assert_eq!(good::<f64>("<value><double>+.5</double></value>"), 0.5);
    assert_eq!(good::<f64>("<value><double>5.</double></value>"), 5.0);
    assert_eq!(good::<f64>("<value><double>1E+2</double></value>"), 100.0);
    for text in ["", " ", "-", "+", "0x10", "1_000", "1 2", "--1", "1.0", "٣", "1e3"] {
        bad::<i32>(&format!("<value><int>{text}</int></value>"));
    }
    for text in ["", " ", ".", "-", "e5", "1e", "1,5", "0x1p3", "1 2"] {
        bad::<f64>(&format!("<value><double>{text}</double></value>"));
    }
}

#[test]
fn a_value_without_a_type_is_text() {
    assert_eq!(any("<value>seven</value>"), Value::from("seven"));
    assert_eq!(any("<value>7</value>"), Value::from("7"));
    assert_eq!(good::<String>("<value>a &lt; b</value>"), "a < b");
}

#[test]
fn an_empty_value_is_empty_text() {
    for text in
        ["<value></value>", "<value/>", "<value><string/></value>", "<value><string></string></value>"]
    {
        assert_eq!(any(text), Value::from(""), "{text}");
        assert_eq!(good::<String>(text), "", "{text}");
        assert_eq!(good::<Option<String>>(text), Some(String::new()), "{text}");
    }
}

#[test]
fn a_value_of_nothing_but_spaces_keeps_them() {
    assert_eq!(any("<value>  </value>"), Value::from("  "));
    assert_eq!(good::<String>("<value> \n\t </value>"), " \n\t ");
    assert_eq!(good::<String>("<value><string>  x  </string></value>"), "  x  ");
    assert_eq!(good::<Option<String>>("<value>  </value>"), Some("  ".into()));
}

#[test]
fn spaces_beside_a_type_are_not_text() {
    assert_eq!(any("<value>\n  <string>x</string>\n</value>"), Value::from("x"));
    let error = bad::<Value>("<value>x<int>1</int></value>");
    assert!(matches!(error.kind(), ErrorKind::Structure(_)), "{error}");
    bad::<Value>("<value><int>1</int>x</value>");
    bad::<Value>("<value><int>1</int><int>2</int></value>");
}

#[test]
fn an_array_without_data_keeps_its_values() {
    let items = Value::Sequence(vec![Value::I32(1), Value::from("b")]);
    let inner = "<value><int>1</int></value><value>b</value>";
    assert_eq!(any(&format!("<value><array>{inner}</array></value>")), items);
    assert_eq!(any(&format!("<value> <array> <data> {inner} </data> </array> </value>")), items);
    assert_eq!(
        good::<Vec<i32>>(
            "<value><array>\n<value><int>1</int></value>\n<value><int>2</int></value>\n</array></value>"
        ),
        [1, 2]
    );
    for empty in [
        "<array/>",
        "<array></array>",
        "<array> </array>",
        "<array><data/></array>",
        "<array><data> </data></array>",
    ] {
        let text = format!("<value>{empty}</value>");
        assert_eq!(any(&text), Value::Sequence(vec![]), "{empty}");
        assert_eq!(good::<Vec<i32>>(&text), [0_i32; 0], "{empty}");
        assert_eq!(
            good::<Vec<Vec<i32>>>(&format!("<value><array>{text}{text}</array></value>")),
            [[0; 0]; 2]
        );
        assert_eq!(good::<BTreeMap<i32, i32>>(&text), BTreeMap::new(), "{empty}");
    }
    bad::<Value>("<value><array><data></data><data></data></array></value>");
    bad::<Value>("<value><array><value>1</value><data></data></array></value>");
    bad::<Value>("<value><array><data><int>1</int></data></array></value>");
}

#[test]
fn extensions_are_known_by_namespace_whatever_the_prefix() {
    let space = "http://ws.apache.org/xmlrpc/namespaces/extensions";
    for (open, close) in
        [(format!("<value xmlns:ex='{space}'>"), "ex"), (format!("<value xmlns:ns0=\"{space}\">"), "ns0")]
    {
        let read =
            |element: &str| any(&format!("{open}{}</value>", element.replace("P:", &format!("{close}:"))));
        assert_eq!(read("<P:nil/>"), Value::Nil);
        assert_eq!(read("<P:nil></P:nil>"), Value::Nil);
        assert_eq!(read("<P:i8>9223372036854775807</P:i8>"), Value::I64(i64::MAX));
        assert_eq!(read("<P:i1>-128</P:i1>"), Value::I8(-128));
        assert_eq!(read("<P:i2>32767</P:i2>"), Value::I16(32767));
        assert_eq!(read("<P:float>0.5</P:float>"), Value::F32(0.5));
        assert_eq!(read("<P:bigdecimal>1.50</P:bigdecimal>"), Value::Decimal("1.50".parse().unwrap()));
        assert_eq!(read("<P:biginteger>123456789012345678901</P:biginteger>").kind(), "decimal");
        assert_eq!(read("<P:dateTime>2026-11-22T10:00:00.5Z</P:dateTime>").kind(), "datetime");
    }
    // declared on the element itself, as the default namespace, and not at all
    assert_eq!(any(&format!("<value><nil xmlns='{space}'/></value>")), Value::Nil);
    assert_eq!(any("<value><nil/></value>"), Value::Nil);
    assert_eq!(any("<value><i8>5</i8></value>"), Value::I64(5));
    assert_eq!(good::<Option<i32>>(&format!("<value><a:nil xmlns:a='{space}'/></value>")), None);
    assert_eq!(good::<Option<i32>>("<value> <nil></nil> </value>"), None);
    assert_eq!(good::<Option<i32>>("<value><int>3</int></value>"), Some(3));
    // another namespace is another type; no namespace for a prefix is ill-formed
    let error = bad::<Value>("<value><x:nil xmlns:x='urn:other'/></value>");
    assert!(error.to_string().contains("x:nil"), "{error}");
    let error = bad::<Value>("<value><ex:nil/></value>");
    assert!(matches!(error.kind(), ErrorKind::Syntax(_)), "{error}");
}

#[test]
fn a_message_may_have_a_default_namespace() {
    let text = "<value xmlns='urn:x'><struct><member><name>a</name><value><int>1</int></value></member></struct></value>";
    assert_eq!(any(text), Value::Struct(Record::new().with("a", 1)));
}

#[test]
fn cdata_is_text_and_is_joined() {
    assert_eq!(any("<value><string><![CDATA[<a> & b]]></string></value>"), Value::from("<a> & b"));
    assert_eq!(any("<value>x<![CDATA[<]]>y<![CDATA[]]>z</value>"), Value::from("x<yz"));
    assert_eq!(any("<value><![CDATA[  ]]></value>"), Value::from("  "));
    assert_eq!(good::<i32>("<value><int><![CDATA[7]]></int></value>"), 7);
    assert_eq!(any("<value><string>]]<![CDATA[]]]]><![CDATA[>]]></string></value>"), Value::from("]]]]>"));
    bad::<Value>("<value><string>]]></string></value>");
    bad::<Value>("<value><string><![CDATA[</string></value>");
}

#[test]
fn comments_and_instructions_are_passed_over_wherever_they_stand() {
    let text = "<!-- a --><?pi?><value><!-- b --><?pi x?> <struct><!-- c --><member><!-- d --><name>a<!-- e -->b</name>\
                <?pi y?><value><int>1<!-- f -->2</int><!-- g --></value></member><!-- h --></struct></value><!-- i -->";
    assert_eq!(any(text), Value::Struct(Record::new().with("ab", 12)));
    assert_eq!(good::<BTreeMap<String, i32>>(text), BTreeMap::from([("ab".into(), 12)]));
    assert_eq!(any("<value>a<!-- x -->b<?y z?>c</value>"), Value::from("abc"));
    bad::<Value>("<value><!-- a -- b --></value>");
    bad::<Value>("<value><?xml version='1.0'?></value>");
}

#[test]
fn character_references_are_read_astral_ones_too() {
    assert_eq!(any("<value>&#65;&#x42;&#x1D11E;&#119070;</value>"), Value::from("AB𝄞𝄞"));
    assert_eq!(any("<value>&#13;&#10;&#9;</value>"), Value::from("\r\n\t"));
    assert_eq!(any("<value>&lt;&gt;&amp;&quot;&apos;</value>"), Value::from("<>&\"'"));
    assert_eq!(good::<i32>("<value><int>&#49;&#50;</int></value>"), 12);
    assert_eq!(any("<value>&#00000000000000000000000065;</value>"), Value::from("A"));
    // Apache's client writes the halves of a surrogate pair
    assert_eq!(any("<value>a&#55348;&#56606;&#xD834;&#xDD1E;b</value>"), Value::from("a𝄞𝄞b"));
    for reference in [
        "&#55348;",
        "&#55348;x&#56606;",
        "&#56606;&#55348;",
        "&#55348;&#55348;",
        "&#55348;&#65;",
        "&#55348;&#x000000000DD1E;",
        "&#55348;&",
        "&#55348;&amp;",
        "&#0;",
        "&#x0;",
        "&#8;",
        "&#xD800;",
        "&#xDFFF;",
        "&#xFFFE;",
        "&#x110000;",
        "&#99999999999999999999;",
        "&#;",
        "&#x;",
        "&;",
        "&nbsp;",
        "&",
        "&lt",
        "&#-1;",
        "&#+1;",
        "&#xg;",
        "& amp;",
    ] {
        bad::<Value>(&format!("<value>{reference}</value>"));
    }
}

#[test]
fn a_carriage_return_is_a_line_feed_and_a_referenced_one_is_not() {
    assert_eq!(any("<value>a\r\nb\rc&#13;d</value>"), Value::from("a\nb\nc\rd"));
}

#[test]
fn base64_comes_with_and_without_line_breaks_and_padding() {
    let octets = Bytes::from_static(b"abcd");
    for text in [
        "YWJjZA==",
        "YWJjZA",
        "YWJjZA=",
        "YWJj\nZA==\n",
        " YWJj ZA== ",
        "\r\nYW\r\nJj\tZA\r\n==",
        "YWJj&#10;ZA==",
        "<![CDATA[YWJjZA==]]>",
    ] {
        let text = format!("<value><base64>{text}</base64></value>");
        assert_eq!(good::<Bytes>(&text), octets, "{text}");
        assert_eq!(good::<Vec<u8>>(&text), octets, "{text}");
        assert_eq!(any(&text), Value::Bytes(octets.clone()), "{text}");
    }
    for empty in ["<base64/>", "<base64></base64>", "<base64>\n</base64>"] {
        assert_eq!(good::<Bytes>(&format!("<value>{empty}</value>")), Bytes::new(), "{empty}");
    }
    for text in ["YWJjZ", "YW*j", "YWJj====", "=", "YQ==YQ==", "YWJj-_==", "é"] {
        bad::<Bytes>(&format!("<value><base64>{text}</base64></value>"));
    }
    // MIME wraps at 76 characters
    let long: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let xml = farcall_xmlrpc::encode_value(&long, Options::default()).unwrap();
    let digits = xml.trim_start_matches("<value><base64>").trim_end_matches("</base64></value>");
    let lines: Vec<&str> =
        (0..digits.len()).step_by(76).map(|at| &digits[at..digits.len().min(at + 76)]).collect();
    for end in ["\n", "\r\n", "&#13;\n"] {
        let wrapped = format!("<value><base64>\n{}\n</base64></value>", lines.join(end));
        assert_eq!(good::<Vec<u8>>(&wrapped), long);
    }
}

#[test]
fn dates_come_in_every_variant_and_keep_their_zone() {
    for (text, expected) in [
        ("19980717T14:08:55", "1998-07-17T14:08:55"),
        ("1998-07-17T14:08:55", "1998-07-17T14:08:55"),
        ("19980717T140855", "1998-07-17T14:08:55"),
        ("1998-07-17 14:08:55", "1998-07-17T14:08:55"),
        ("19980717T14:08:55Z", "1998-07-17T14:08:55Z"),
        ("19980717T14:08:55+0000", "1998-07-17T14:08:55Z"),
        ("19980717T14:08:55+05:30", "1998-07-17T14:08:55+05:30"),
        ("19980717T14:08:55-0330", "1998-07-17T14:08:55-03:30"),
        ("19980717T14:08:55+02", "1998-07-17T14:08:55+02:00"),
        ("19980717T14:08:55.250", "1998-07-17T14:08:55.25"),
        ("1998-07-17T14:08:55.123456789123Z", "1998-07-17T14:08:55.123456789Z"),
        ("19980717T14:08:55,5", "1998-07-17T14:08:55.5"),
        ("19980717T14:08", "1998-07-17T14:08:00"),
        ("19980717", "1998-07-17T00:00:00"),
        ("\n 19980717T14:08:55 \n", "1998-07-17T14:08:55"),
        ("00000000T00:00:00", "0000-00-00T00:00:00"),
        ("19981231T23:59:60", "1998-12-31T23:59:60"),
    ] {
        let xml = format!("<value><dateTime.iso8601>{text}</dateTime.iso8601></value>");
        assert_eq!(good::<DateTime>(&xml).to_string(), expected, "{text}");
        assert_eq!(any(&xml), Value::DateTime(expected.parse().unwrap()), "{text}");
    }
    for text in [
        "",
        "yesterday",
        "1998",
        "19981317T00:00:00",
        "19980732T00:00:00",
        "19980717T25:00:00",
        "19980717T14:61:55",
        "1998-0717T14:08:55",
        "19980717T14:08:55X",
        "19980717T14:08:55+",
        "19980717T14:08:55 x",
        "19980717T14:08:55.",
        "19980717T14:08:55+99:99",
    ] {
        bad::<DateTime>(&format!("<value><dateTime.iso8601>{text}</dateTime.iso8601></value>"));
    }
}

#[test]
fn integers_out_of_range_are_errors_and_never_clamped() {
    for (element, text) in [
        ("int", "99999999999999999999999999"),
        ("i4", "-9223372036854775809"),
        ("i8", "9223372036854775808"),
        ("i8", "-9223372036854775809"),
        ("i1", "128"),
        ("i2", "-32769"),
    ] {
        let xml = format!("<value><{element}>{text}</{element}></value>");
        assert!(matches!(bad::<Value>(&xml).kind(), ErrorKind::Range { .. }), "{xml}");
        assert!(matches!(bad::<i64>(&xml).kind(), ErrorKind::Range { .. }), "{xml}");
    }
    assert_eq!(good::<i32>("<value><int>-2147483648</int></value>"), i32::MIN);
    assert_eq!(good::<i64>("<value><i8>-9223372036854775808</i8></value>"), i64::MIN);
    // node's xmlrpc and Go's kolo write every integer as int: nothing is lost where there is room for it
    assert_eq!(good::<i64>("<value><int>1700000000000</int></value>"), 1_700_000_000_000);
    assert_eq!(good::<u32>("<value><i4>4294967295</i4></value>"), u32::MAX);
    assert_eq!(any("<value><i4>-2147483649</i4></value>"), Value::I64(-2_147_483_649));
    assert_eq!(any("<value><int>-2147483648</int></value>"), Value::I32(i32::MIN));
    // what fits the wire and not the type asked for
    for wide in ["<value><int>2147483648</int></value>", "<value><i4>-2147483649</i4></value>"] {
        assert!(matches!(bad::<i32>(wide).kind(), ErrorKind::Range { .. }), "{wide}");
    }
    let three = "<value><int>300</int></value>";
    bad::<u8>(three);
    bad::<i8>(three);
    bad::<u16>("<value><int>-1</int></value>");
    bad::<u64>("<value><i8>-1</i8></value>");
    bad::<i32>("<value><i8>2147483648</i8></value>");
    bad::<f32>("<value><double>1e300</double></value>");
}

#[test]
fn infinities_and_nan_are_refused_with_a_reason() {
    for text in ["INF", "-INF", "+inf", "Infinity", "NaN", "nan", "NAN", "1.#INF", "1e999", "-1e999"] {
        let xml = format!("<value><double>{text}</double></value>");
        for error in [bad::<f64>(&xml), bad::<Value>(&xml), bad::<f32>(&xml)] {
            assert!(matches!(error.kind(), ErrorKind::Range { .. }), "{error}");
            assert!(error.to_string().contains(text) && error.to_string().contains("double"), "{error}");
        }
    }
    assert!(bad::<f64>("<value><double>INF</double></value>").to_string().contains("no NaN or infinity"));
}

#[test]
fn truth_values_are_one_and_zero() {
    for (text, value) in [("1", true), ("0", false), ("true", true), ("false", false)] {
        assert_eq!(good::<bool>(&format!("<value><boolean>{text}</boolean></value>")), value);
    }
    for text in ["", "2", "-1", "TRUE", "yes", "01", "1 0"] {
        bad::<bool>(&format!("<value><boolean>{text}</boolean></value>"));
    }
}

#[test]
fn a_type_that_xml_rpc_does_not_have_is_refused_by_name() {
    for element in ["foo", "Int", "INT", "integer", "Struct", "data", "value", "i16", "datetime.iso8601"] {
        let error = bad::<Value>(&format!("<value><{element}></{element}></value>"));
        assert!(error.to_string().contains(&format!("<{element}>")), "{error}");
    }
}

#[test]
fn a_value_of_another_type_is_refused_by_both_names() {
    let error = bad::<i32>("<value><string>7</string></value>");
    assert!(error.to_string().contains("found string"), "{error}");
    bad::<i32>("<value>7</value>");
    bad::<String>("<value><int>7</int></value>");
    bad::<Vec<i32>>("<value><struct/></value>");
    bad::<BTreeMap<String, i32>>("<value><int>7</int></value>");
    bad::<i32>("<value><double>7</double></value>");
    bad::<bool>("<value><int>1</int></value>");
    bad::<i32>("<value><nil/></value>");
    assert_eq!(good::<f64>("<value><int>7</int></value>"), 7.0, "whole doubles come as ints");
}

#[test]
fn a_struct_comes_in_any_shape_that_is_one() {
    let one = Value::Struct(Record::new().with("a", 1));
    for text in [
        "<struct><member><name>a</name><value><int>1</int></value></member></struct>",
        "<struct>\n<member>\n<name>a</name>\n<value><int>1</int></value>\n</member>\n</struct>",
        "<struct ><member ><name >a</name ><value ><int >1</int ></value ></member ></struct >",
    ] {
        assert_eq!(any(&format!("<value>{text}</value>")), one, "{text}");
    }
    for empty in ["<struct/>", "<struct></struct>", "<struct>\n</struct>"] {
        assert_eq!(any(&format!("<value>{empty}</value>")), Value::Struct(Record::new()), "{empty}");
    }
    let empty_name = "<value><struct><member><name/><value>x</value></member></struct></value>";
    assert_eq!(any(empty_name), Value::Struct(Record::new().with("", "x")));
    let spaces = "<value><struct><member><name> a </name><value>x</value></member></struct></value>";
    assert_eq!(any(spaces), Value::Struct(Record::new().with(" a ", "x")), "a name is text");
    for text in [
        "<struct><member><name>a</name></member></struct>",
        "<struct><member><value>x</value></member></struct>",
        "<struct><member><name>a</name><value>x</value><value>y</value></member></struct>",
        "<struct><member><value>x</value><name>a</name></member></struct>",
        "<struct><value>x</value></struct>",
        "<struct>text</struct>",
        "<struct><member><name><b>a</b></name><value>x</value></member></struct>",
    ] {
        bad::<Value>(&format!("<value>{text}</value>"));
    }
}

fn member(name: &str) -> String {
    format!("<member><name>{name}</name><value>x</value></member>")
}

#[test]
fn a_member_that_is_there_twice_is_refused() {
    // few members and many are looked up in different ways
    for others in [0, 1, 14, 15, 16, 17, 40] {
        let names: Vec<String> = (0..others).map(|i| format!("m{i}")).chain(["twice".into()]).collect();
        let once: String = names.iter().map(|name| member(name)).collect();
        assert!(read::<Value>(&format!("<value><struct>{once}</struct></value>")).is_ok());
        for (at, name) in names.iter().enumerate().step_by(7) {
            let text = format!("<value><struct>{once}{}</struct></value>", member(name));
            let error = bad::<Value>(&text);
            assert_eq!(error.kind(), &ErrorKind::DuplicateField(name.clone()), "{at}");
            bad::<BTreeMap<String, String>>(&text);
        }
    }
    bad::<BTreeMap<i32, i32>>(
        "<value><array><data><value><array><data><value><int>1</int></value><value><int>2</int></value></data></array></value>\
         <value><array><data><value><int>1</int></value><value><int>3</int></value></data></array></value></data></array></value>",
    );
}

#[test]
fn pairs_of_a_map_are_two() {
    let pair = |inner: &str| {
        format!(
            "<value><array><data><value><array><data>{inner}</data></array></value></data></array></value>"
        )
    };
    let int = "<value><int>1</int></value>";
    assert_eq!(good::<BTreeMap<i32, i32>>(&pair(&format!("{int}{int}"))), BTreeMap::from([(1, 1)]));
    for inner in [String::new(), int.into(), format!("{int}{int}{int}")] {
        bad::<BTreeMap<i32, i32>>(&pair(&inner));
    }
}

#[test]
fn decimals_come_as_text_and_as_numbers() {
    let number: Decimal = "12.50".parse().unwrap();
    for text in ["<string>12.50</string>", "12.50", "<double>12.50</double>", " <string> 12.50 </string>"] {
        assert_eq!(good::<Decimal>(&format!("<value>{text}</value>")), number, "{text}");
    }
    bad::<Decimal>("<value>1e5</value>");
    bad::<Decimal>("<value>twelve</value>");
}

#[test]
fn a_single_character_is_one() {
    assert_eq!(good::<char>("<value><string>𝄞</string></value>"), '𝄞');
    assert_eq!(good::<char>("<value> </value>"), ' ');
    bad::<char>("<value></value>");
    bad::<char>("<value>ab</value>");
}

#[test]
fn nothing_may_follow_a_value() {
    bad::<Value>("<value>1</value><value>2</value>");
    bad::<Value>("<value>1</value>x");
    bad::<Value>("");
    bad::<Value>(" ");
    bad::<Value>("x<value>1</value>");
    assert_eq!(any("<value>1</value>\n<!-- end -->\n"), Value::from("1"));
}
