//! One small schema for each construct of XML Schema, and what becomes of it.

mod common;

use common::{TNS, schema, shown, ty};
use farcall_model::Type;
use farcall_wsdl::mapping::own_type;
use farcall_wsdl::schema::{ConstraintKind, Type as SchemaType};
use farcall_wsdl::{LoadOptions, QName, Severity, load_str};

/// A complex type called `A` with this inside.
fn complex(inside: &str) -> String {
    ty(&format!(r#"<xs:complexType name="A">{inside}</xs:complexType>"#), "A")
}

#[test]
fn sequences_and_occurrence() {
    let shown = complex(
        r#"<xs:sequence>
          <xs:element name="one" type="xs:int"/>
          <xs:element name="maybe" type="xs:string" minOccurs="0"/>
          <xs:element name="nil" type="xs:string" nillable="true"/>
          <xs:element name="both" type="xs:string" nillable="true" minOccurs="0"/>
          <xs:element name="many" type="xs:double" maxOccurs="unbounded"/>
          <xs:element name="holes" type="xs:double" nillable="true" minOccurs="0" maxOccurs="3"/>
          <xs:element name="none" type="xs:int" minOccurs="0" maxOccurs="0"/>
          <xs:element name="bare" type="xs:int" form="unqualified"/>
          <xs:element name="anything"/>
        </xs:sequence>"#,
    );
    assert_eq!(
        shown,
        "struct A {one: i32, maybe: optional<string>, ?nil: optional<string>, both: optional<optional<string>>, \
         many: sequence<f64>, holes: sequence<optional<f64>>, ~bare: i32, anything: any}"
    );
}

#[test]
fn built_in_types_by_width() {
    let types = [
        ("boolean", "bool"),
        ("byte", "i8"),
        ("unsignedByte", "u8"),
        ("short", "i16"),
        ("unsignedShort", "u16"),
        ("int", "i32"),
        ("unsignedInt", "u32"),
        ("long", "i64"),
        ("unsignedLong", "u64"),
        ("float", "f32"),
        ("double", "f64"),
        ("decimal", "decimal"),
        ("integer", "decimal"),
        ("token", "string"),
        ("anyURI", "string"),
        ("QName", "string"),
        ("gYear", "string"),
        ("base64Binary", "bytes"),
        ("dateTime", "datetime"),
        ("date", "date"),
        ("time", "time"),
        ("duration", "duration"),
        ("anyType", "any"),
    ];
    for (xsd, model) in types {
        let shown = complex(&format!(r#"<xs:sequence><xs:element name="a" type="xs:{xsd}"/></xs:sequence>"#));
        assert_eq!(shown, format!("struct A {{a: {model}}}"), "{xsd}");
    }
}

#[test]
fn all_is_fields_in_any_order() {
    let shown = complex(
        r#"<xs:all><xs:element name="a" type="xs:int" minOccurs="0"/><xs:element name="b" type="xs:int"/></xs:all>"#,
    );
    assert_eq!(shown, "struct A {a: optional<i32>, b: i32}");
}

#[test]
fn choices_are_unions_without_an_element_of_their_own() {
    let inside = r#"<xs:complexType name="A"><xs:sequence><xs:element name="first" type="xs:int"/>
        <xs:choice><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:string"/>
          <xs:sequence><xs:element name="d" type="xs:int"/><xs:element name="e" type="xs:int"/></xs:sequence>
          <xs:element name="f" type="xs:int" maxOccurs="unbounded"/></xs:choice></xs:sequence></xs:complexType>"#;
    let found = schema(inside);
    let Type::Struct(a) = found.types[&QName::new(TNS, "A")].resolve() else { panic!() };
    assert_eq!(common::field(&a.fields[1]), "*choice: AChoice");
    assert_eq!(
        shown(a.fields[1].ty.resolve()),
        "union AChoice {b: i32, c: string, group: AChoiceGroup inline, f: AChoiceGroup2 inline}"
    );
    let repeated = complex(
        r#"<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="b" type="xs:int"/>
        <xs:element name="c" type="xs:string"/></xs:choice>"#,
    );
    assert_eq!(repeated, "struct A {*choice: sequence<AChoice>}");
    let optional = complex(
        r#"<xs:choice><xs:element name="b" type="xs:int" minOccurs="0"/><xs:element name="c" type="xs:int"/></xs:choice>"#,
    );
    assert_eq!(optional, "struct A {*choice: optional<AChoice>}");
    for nothing in [
        "<xs:choice/>",
        "<xs:sequence><xs:choice/><xs:choice><xs:sequence/><xs:choice/></xs:choice></xs:sequence>",
    ] {
        assert_eq!(complex(nothing), "struct A {}", "{nothing}");
    }
}

#[test]
fn a_type_that_is_one_choice_is_a_union() {
    let two = r#"<xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:string"/>"#;
    for content in [
        format!("<xs:choice>{two}</xs:choice>"),
        format!("<xs:sequence><xs:choice>{two}</xs:choice></xs:sequence>"),
    ] {
        assert_eq!(complex(&content), "union A {b: i32, c: string}");
    }
    let with_attribute = format!(r#"<xs:choice>{two}</xs:choice><xs:attribute name="at" type="xs:int"/>"#);
    assert!(complex(&with_attribute).starts_with("struct A {*choice: AChoice"));
    // what is derived from has fields of its own to add to
    let derived = format!(
        r#"<xs:complexType name="A"><xs:choice>{two}</xs:choice></xs:complexType>
        <xs:complexType name="B"><xs:complexContent><xs:extension base="tns:A"><xs:sequence>
          <xs:element name="d" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>"#
    );
    let found = schema(&derived);
    assert_eq!(shown(found.types[&QName::new(TNS, "B")].resolve()), "struct B {*choice: BChoice, d: i32}");
}

#[test]
fn wildcards_and_any_attribute() {
    let shown = complex(
        r###"<xs:sequence><xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence><xs:anyAttribute/>"###,
    );
    assert_eq!(shown, "struct A {*any: sequence<any>}");
    let found =
        schema(r#"<xs:complexType name="A"><xs:anyAttribute processContents="skip"/></xs:complexType>"#);
    let SchemaType::Complex(kept) = &*found.schemas.types[&QName::new(TNS, "A")] else { panic!() };
    assert_eq!(kept.attributes.any.as_ref().unwrap().process_contents, "skip");
}

#[test]
fn attributes_groups_and_defaults() {
    let shown = ty(
        r#"<xs:attribute name="global" type="xs:int"/>
        <xs:attributeGroup name="G"><xs:attribute name="g" type="xs:string"/><xs:attribute ref="t:global"/></xs:attributeGroup>
        <xs:group name="E"><xs:sequence><xs:element name="e" type="xs:int"/></xs:sequence></xs:group>
        <xs:complexType name="A"><xs:sequence><xs:group ref="t:E" minOccurs="0"/></xs:sequence>
          <xs:attribute name="id" type="xs:ID" use="required"/><xs:attribute name="e" type="xs:int"/>
          <xs:attribute name="gone" use="prohibited"/><xs:attributeGroup ref="t:G"/></xs:complexType>"#,
        "A",
    );
    assert_eq!(
        shown,
        "struct A {e: optional<i32>, @id: string, @e2: optional<i32> <e>, @g: optional<string>, @global: optional<i32>}"
    );
}

#[test]
fn extension_adds_and_restriction_replaces() {
    let base = r#"<xs:complexType name="B"><xs:sequence><xs:element name="a" type="xs:int"/>
        <xs:element name="b" type="xs:int" minOccurs="0"/></xs:sequence><xs:attribute name="x" type="xs:int"/></xs:complexType>"#;
    let extended = r#"<xs:complexType name="A"><xs:complexContent><xs:extension base="t:B"><xs:sequence>
        <xs:element name="c" type="xs:int"/></xs:sequence><xs:attribute name="y" type="xs:int"/></xs:extension></xs:complexContent></xs:complexType>"#;
    assert_eq!(
        ty(&format!("{extended}{base}"), "A"),
        "struct A {a: i32, b: optional<i32>, c: i32, @x: optional<i32>, @y: optional<i32>}"
    );
    let restricted = r#"<xs:complexType name="A"><xs:complexContent><xs:restriction base="t:B"><xs:sequence>
        <xs:element name="a" type="xs:int"/></xs:sequence><xs:attribute name="x" use="prohibited"/></xs:restriction></xs:complexContent></xs:complexType>"#;
    assert_eq!(ty(&format!("{base}{restricted}"), "A"), "struct A {a: i32}");
}

#[test]
fn what_derives_may_stand_for_its_base() {
    let inside = r#"<xs:complexType name="Shape"><xs:sequence><xs:element name="id" type="xs:int"/></xs:sequence></xs:complexType>
        <xs:complexType name="Round" abstract="true"><xs:complexContent><xs:extension base="t:Shape"/></xs:complexContent></xs:complexType>
        <xs:complexType name="Circle"><xs:complexContent><xs:extension base="t:Round"><xs:sequence>
          <xs:element name="radius" type="xs:double"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
        <xs:complexType name="A"><xs:sequence><xs:element name="shape" type="t:Shape"/>
          <xs:element name="round" type="t:Round"/><xs:element name="circle" type="t:Circle"/></xs:sequence></xs:complexType>"#;
    assert_eq!(ty(inside, "A"), "struct A {shape: ShapeOrDerived, round: Round, circle: Circle}");
    let found = schema(inside);
    let Type::Struct(a) = found.types[&QName::new(TNS, "A")].resolve() else { panic!() };
    let either = &a.fields[0].ty;
    assert_eq!(
        shown(either.resolve()),
        "union ShapeOrDerived {Shape: Shape xsi:type=Shape, Circle: Circle xsi:type=Circle}"
    );
    assert_eq!(own_type(either).resolve().name(), Some("Shape"));
    let round = &a.fields[1].ty;
    assert_eq!(shown(round.resolve()), "union Round {Circle: Circle xsi:type=Circle}");
    assert_eq!(own_type(round), round);
    // what xsi:type names is the type alone
    assert_eq!(ty(inside, "Shape"), "struct Shape {id: i32}");
}

#[test]
fn an_element_named_for_a_type_stands_for_its_own() {
    let inside = r#"<xs:element name="Beer"><xs:complexType><xs:sequence><xs:element name="name" type="xs:string"/>
        </xs:sequence></xs:complexType></xs:element>
        <xs:element name="Code"><xs:simpleType><xs:restriction base="t:Code"/></xs:simpleType></xs:element>
        <xs:complexType name="A"><xs:sequence><xs:element name="beer" type="t:Beer"/></xs:sequence>
        <xs:attribute name="code" type="t:Code"/></xs:complexType>"#;
    let found = schema(inside);
    let errors: Vec<_> = found.errors().map(|e| e.message.as_str()).collect();
    assert_eq!(errors, ["simple types derive more than 64 deep, or from themselves; read as string"]);
    let a = shown(found.types[&QName::new(TNS, "A")].resolve());
    assert_eq!(a, "struct A {beer: Beer, @code: optional<string>}");
    assert!(found.diagnostics[0].message.contains("read as that of the element"), "{:?}", found.diagnostics);
}

#[test]
fn simple_and_mixed_content() {
    let simple = complex(
        r#"<xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="unit" type="xs:string"/></xs:extension></xs:simpleContent>"#,
    );
    assert_eq!(simple, "struct A {=value: decimal, @unit: optional<string>}");
    let mixed = ty(
        r#"<xs:complexType name="A" mixed="true"><xs:sequence><xs:element name="b" type="xs:int"/></xs:sequence></xs:complexType>"#,
        "A",
    );
    assert_eq!(mixed, "struct A {=text: optional<string>, b: i32}");
}

#[test]
fn simple_types() {
    let facets = r#"<xs:simpleType name="A"><xs:restriction base="xs:int"><xs:maxInclusive value="9"/></xs:restriction></xs:simpleType>"#;
    assert_eq!(ty(facets, "A"), "i32");
    let colors = r#"<xs:simpleType name="A"><xs:restriction base="xs:token"><xs:enumeration value="red"/>
        <xs:enumeration value="dark blue"/><xs:enumeration value="red"/></xs:restriction></xs:simpleType>"#;
    assert_eq!(ty(colors, "A"), "enum A {red, dark blue}");
    let list = r#"<xs:simpleType name="A"><xs:list itemType="xs:int"/></xs:simpleType>"#;
    assert_eq!(ty(list, "A"), "struct A {=value: sequence<i32>}");
    assert_eq!(
        ty(
            &format!(
                r#"{list}<xs:complexType name="C"><xs:attribute name="a" type="t:A"/></xs:complexType>"#
            ),
            "C"
        ),
        "struct C {@a: optional<sequence<i32>>}"
    );
    let union = format!(
        r#"{colors}<xs:simpleType name="U"><xs:union memberTypes="t:A"><xs:simpleType><xs:restriction base="xs:string">
        <xs:enumeration value="none"/></xs:restriction></xs:simpleType></xs:union></xs:simpleType>
        <xs:simpleType name="V"><xs:union memberTypes="t:A xs:int"/></xs:simpleType>"#
    );
    assert_eq!(ty(&union, "U"), "enum U {red, dark blue, none}");
    assert_eq!(ty(&union, "V"), "string");
}

#[test]
fn substitution_groups_are_choices() {
    let found = schema(
        r#"<xs:element name="shape" type="xs:string" abstract="true"/>
        <xs:element name="circle" type="xs:double" substitutionGroup="t:shape"/>
        <xs:element name="disc" substitutionGroup="t:circle"/>
        <xs:complexType name="A"><xs:sequence><xs:element ref="t:shape" maxOccurs="unbounded"/></xs:sequence></xs:complexType>"#,
    );
    assert_eq!(found.diagnostics, []);
    let Type::Struct(a) = found.types[&QName::new(TNS, "A")].resolve() else { panic!() };
    assert_eq!(common::field(&a.fields[0]), "*shape: sequence<ShapeSubstitution>");
    let Type::Sequence(item) = a.fields[0].ty.resolve() else { panic!() };
    assert_eq!(shown(item.resolve()), "union ShapeSubstitution {circle: f64, disc: f64}");
    let all_abstract = ty(
        r#"<xs:element name="shape" type="xs:string" abstract="true"/>
        <xs:element name="round" type="xs:string" abstract="true" substitutionGroup="t:shape"/>
        <xs:complexType name="A"><xs:sequence><xs:element ref="t:shape"/></xs:sequence></xs:complexType>"#,
        "A",
    );
    assert_eq!(all_abstract, "struct A {shape: string}");
}

#[test]
fn abstract_types_are_told_by_xsi_type() {
    let shown = ty(
        r#"<xs:complexType name="A" abstract="true"><xs:sequence/></xs:complexType>
        <xs:complexType name="B"><xs:complexContent><xs:extension base="t:A"/></xs:complexContent></xs:complexType>
        <xs:complexType name="C"><xs:complexContent><xs:extension base="t:B"/></xs:complexContent></xs:complexType>"#,
        "A",
    );
    assert_eq!(shown, "union A {B: B xsi:type=B, C: C xsi:type=C}");
}

#[test]
fn recursion_and_anonymous_types() {
    let found = schema(
        r#"<xs:element name="tree"><xs:complexType><xs:sequence>
          <xs:element name="leaf"><xs:complexType><xs:attribute name="n" type="xs:int"/></xs:complexType></xs:element>
          <xs:element ref="t:tree" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
        <xs:complexType name="A"><xs:sequence><xs:element name="a" type="t:A" minOccurs="0"/></xs:sequence></xs:complexType>"#,
    );
    assert_eq!(found.diagnostics, []);
    assert_eq!(shown(found.types[&QName::new(TNS, "A")].resolve()), "struct A {a: optional<A>}");
    let tree = &found.elements[&QName::new(TNS, "tree")];
    assert_eq!(shown(tree.ty.resolve()), "struct tree {leaf: treeLeaf, tree: sequence<tree>}");
}

#[test]
fn repeated_groups_become_structs_without_an_element() {
    let shown = complex(
        r#"<xs:sequence maxOccurs="unbounded"><xs:element name="k" type="xs:int"/><xs:element name="v" type="xs:int"/></xs:sequence>"#,
    );
    assert_eq!(shown, "struct A {*group: sequence<AGroup>}");
    // with one element there is nothing to keep together
    let shown =
        complex(r#"<xs:sequence maxOccurs="unbounded"><xs:element name="k" type="xs:int"/></xs:sequence>"#);
    assert_eq!(shown, "struct A {k: sequence<i32>}");
}

#[test]
fn soap_arrays_are_sequences() {
    let array = |of: &str| {
        format!(
            r#"<xs:complexType name="A"><xs:complexContent><xs:restriction base="enc:Array">
            <xs:attribute ref="enc:arrayType" wsdl:arrayType="{of}"/></xs:restriction></xs:complexContent></xs:complexType>"#
        )
    };
    assert_eq!(ty(&array("xs:int[]"), "A"), "sequence<i32>");
    assert_eq!(ty(&array("xs:int[,]"), "A"), "sequence<sequence<i32>>");
    assert_eq!(ty(&array("xs:int[][]"), "A"), "sequence<sequence<i32>>");
    let by_element = r#"<xs:complexType name="A"><xs:complexContent><xs:restriction base="enc:Array"><xs:sequence>
        <xs:element name="item" type="xs:string" maxOccurs="unbounded"/></xs:sequence></xs:restriction></xs:complexContent></xs:complexType>"#;
    assert_eq!(ty(by_element, "A"), "sequence<string>");
    assert_eq!(
        complex(r#"<xs:sequence><xs:element name="s" type="enc:string"/></xs:sequence>"#),
        "struct A {s: string}"
    );
}

#[test]
fn arrays_and_maps_in_themselves_come_to_an_end() {
    let array = |name: &str, of: &str| {
        format!(
            r#"<xs:complexType name="{name}"><xs:complexContent><xs:restriction base="enc:Array">
            <xs:attribute ref="enc:arrayType" wsdl:arrayType="t:{of}[]"/></xs:restriction></xs:complexContent></xs:complexType>"#
        )
    };
    assert_eq!(ty(&array("A", "A"), "A"), "sequence<any>");
    assert_eq!(ty(&(array("A", "B") + &array("B", "A")), "A"), "sequence<any>");
    let tree = r#"<xs:complexType name="T"><xs:sequence><xs:element name="t" type="t:A"/></xs:sequence></xs:complexType>"#;
    assert_eq!(ty(&(array("A", "T") + tree), "A"), "sequence<T>");
    let map = |value: &str| {
        format!(
            r#"<xs:complexType name="A"><xs:sequence><xs:element name="entry" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
            <xs:sequence><xs:element name="key" type="xs:string"/><xs:element name="value" type="{value}"/></xs:sequence>
            </xs:complexType></xs:element></xs:sequence></xs:complexType>"#
        )
    };
    assert_eq!(ty(&map("xs:int"), "A"), "map<string, i32>");
    assert_eq!(ty(&map("t:A"), "A"), "struct A {entry: sequence<AEntry>}");
}

#[test]
fn facets_and_keys_are_kept() {
    let found = schema(
        r#"<xs:simpleType name="S"><xs:restriction base="xs:string"><xs:pattern value="[a-z]+"/></xs:restriction></xs:simpleType>
        <xs:element name="r" type="xs:string"><xs:key name="k"><xs:selector xpath="t:a"/><xs:field xpath="@id"/></xs:key>
        <xs:keyref name="l" refer="t:k"><xs:selector xpath="t:b"/><xs:field xpath="@ref"/></xs:keyref></xs:element>"#,
    );
    let SchemaType::Simple(simple) = &*found.schemas.types[&QName::new(TNS, "S")] else { panic!() };
    assert_eq!((&*simple.facets[0].name, &*simple.facets[0].value), ("pattern", "[a-z]+"));
    let constraints = &found.schemas.elements[&QName::new(TNS, "r")].constraints;
    assert_eq!(constraints[0].fields, ["@id"]);
    assert_eq!(constraints[1].kind, ConstraintKind::Keyref);
    assert_eq!(constraints[1].refer, Some(QName::new(TNS, "k")));
}

#[test]
fn documentation_becomes_doc() {
    let found = schema(
        r#"<xs:complexType name="A"><xs:annotation><xs:documentation>  First.
            Second. </xs:documentation></xs:annotation><xs:sequence><xs:element name="a" type="xs:int"><xs:annotation>
            <xs:documentation>An <b>a</b></xs:documentation></xs:annotation></xs:element></xs:sequence></xs:complexType>"#,
    );
    let Type::Struct(a) = found.types[&QName::new(TNS, "A")].resolve() else { panic!() };
    assert_eq!(a.doc, "First.\nSecond.");
    assert_eq!(a.fields[0].doc, "An\na");
}

#[test]
fn what_is_missing_is_said_and_left_open() {
    let found = schema(
        r#"<xs:complexType name="A"><xs:sequence><xs:element name="a" type="t:Gone"/><xs:element ref="t:gone"/>
        <xs:group ref="t:lost"/><xs:element name="b" type="string"/></xs:sequence><xs:attribute ref="t:x"/></xs:complexType>"#,
    );
    let messages: Vec<_> = found.diagnostics.iter().map(|d| (d.severity, &*d.message)).collect();
    assert!(
        messages.contains(&(Severity::Error, "there is no type {urn:t}Gone; read as anyType")),
        "{messages:?}"
    );
    assert!(
        messages.contains(&(Severity::Error, "there is no element {urn:t}gone; read as any")),
        "{messages:?}"
    );
    assert!(
        messages.iter().any(|(s, m)| *s == Severity::Warning && m.starts_with("there is no type string;"))
    );
    assert_eq!(
        shown(found.types[&QName::new(TNS, "A")].resolve()),
        "struct A {a: any, *any: any, b: string}"
    );
    let gone = found.diagnostics.iter().find(|d| d.message.contains("Gone")).unwrap();
    assert_eq!((&*gone.location, gone.line), ("t.xsd", 3));
}

#[test]
fn drafts_are_read_as_the_recommendation() {
    let text = r#"<schema xmlns="http://www.w3.org/2000/10/XMLSchema" targetNamespace="urn:t">
        <complexType name="A"><element name="at" type="timeInstant" minOccurs="0"/>
        <element name="n" type="int" maxOccurs="*"/></complexType></schema>"#;
    let found = load_str(text, "t.xsd", &LoadOptions::default()).unwrap();
    assert_eq!(
        shown(found.types[&QName::new(TNS, "A")].resolve()),
        "struct A {~at: optional<datetime>, ~n: sequence<i32>}"
    );
}

#[test]
fn what_goes_round_for_ever_ends() {
    for inside in [
        r#"<xs:complexType name="A"><xs:complexContent><xs:extension base="t:A"/></xs:complexContent></xs:complexType>"#,
        r#"<xs:simpleType name="A"><xs:restriction base="t:B"/></xs:simpleType>
           <xs:simpleType name="B"><xs:restriction base="t:A"/></xs:simpleType>"#,
        r#"<xs:group name="G"><xs:sequence><xs:group ref="t:G"/><xs:group ref="t:G"/></xs:sequence></xs:group>
           <xs:complexType name="A"><xs:group ref="t:G"/></xs:complexType>"#,
        r#"<xs:attributeGroup name="G"><xs:attributeGroup ref="t:G"/><xs:attributeGroup ref="t:G"/></xs:attributeGroup>
           <xs:complexType name="A"><xs:attributeGroup ref="t:G"/></xs:complexType>"#,
        r#"<xs:element name="a" substitutionGroup="t:b"/><xs:element name="b" substitutionGroup="t:a"/>
           <xs:complexType name="A"><xs:sequence><xs:element ref="t:a"/></xs:sequence></xs:complexType>"#,
    ] {
        assert!(schema(inside).types.contains_key(&QName::new(TNS, "A")), "{inside}");
    }
}

#[test]
fn groups_that_double_stay_within_the_limit() {
    let mut inside = String::from(
        r#"<xs:group name="g0"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:group>"#,
    );
    for n in 1..40 {
        let below = n - 1;
        inside.push_str(&format!(
            r#"<xs:group name="g{n}"><xs:sequence><xs:group ref="t:g{below}"/><xs:group ref="t:g{below}"/></xs:sequence></xs:group>"#
        ));
    }
    inside.push_str(r#"<xs:complexType name="A"><xs:group ref="t:g39"/></xs:complexType>"#);
    let text = format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">{inside}</xs:schema>"#
    );
    let mut options = LoadOptions::default();
    options.fields = 10_000;
    let found = load_str(&text, "t.xsd", &options).unwrap();
    assert!(found.errors().any(|d| d.message.contains("`LoadOptions::fields`")), "{:?}", found.diagnostics);
}

#[test]
fn facets_and_defaults_are_documented() {
    let found = schema(
        r#"<xs:simpleType name="Name"><xs:restriction base="xs:string"><xs:maxLength value="9"/>
          <xs:pattern value="[a-z]+"/></xs:restriction></xs:simpleType>
        <xs:complexType name="A"><xs:sequence><xs:element name="name" default="x"><xs:annotation>
          <xs:documentation>Who.</xs:documentation></xs:annotation><xs:simpleType><xs:restriction base="t:Name">
          <xs:maxLength value="4"/></xs:restriction></xs:simpleType></xs:element></xs:sequence>
          <xs:attribute name="version" type="xs:int" fixed="1"/></xs:complexType>"#,
    );
    let Type::Struct(a) = found.types[&QName::new(TNS, "A")].resolve() else { panic!() };
    assert_eq!(
        a.fields[0].doc,
        "Who.\n\nRestricted by `maxLength=\"4\"`, `pattern=\"[a-z]+\"`.\n`x` if it is left out."
    );
    assert_eq!(a.fields[1].doc, "Always `1`.");
}
