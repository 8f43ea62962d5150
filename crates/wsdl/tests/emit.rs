//! What is emitted, read back.

use farcall_builtin::{
    BankClient, EchoClient, FortuneClient, MeerkatClient, StringsClient, Validator1Client,
};
use farcall_model::{
    Case, Direction, ExceptionType, Field, Interface, Knot, ObjectType, Operation, Param, StructType, Type,
    TypeRef, UnionType, XmlKind,
};
use farcall_wire::Remote;
use farcall_wsdl::mapping::WSA;
use farcall_wsdl::{Definitions, EmitError, EmitOptions, LoadOptions, Protocol, QName, emit, load_str};

const NAMESPACE: &str = "http://t.example/t";

fn options() -> EmitOptions {
    EmitOptions::new(NAMESPACE, "t", "http://127.0.0.1:2809/t").with_soap12(true)
}

fn read_back(interface: &Interface) -> Definitions {
    let text = emit(interface, &options()).unwrap();
    let found = load_str(&text, "t.wsdl", &LoadOptions::default()).unwrap();
    assert_eq!(found.diagnostics, [], "{text}");
    found
}

fn echo(ty: Type) -> Interface {
    let ty = TypeRef::from(ty);
    Interface::new("T")
        .with_scope("t")
        .with_operation(Operation::new("echo").with_param(Param::new("x", ty.clone())).with_result(ty))
}

#[test]
fn every_service_that_comes_along_reads_back_as_it_is() {
    let interfaces = [
        <BankClient<()> as Remote>::interface(),
        <EchoClient<()> as Remote>::interface(),
        <FortuneClient<()> as Remote>::interface(),
        <MeerkatClient<()> as Remote>::interface(),
        <StringsClient<()> as Remote>::interface(),
        <Validator1Client<()> as Remote>::interface(),
    ];
    for interface in interfaces {
        let found = read_back(interface);
        let protocols: Vec<_> = found.bindings.iter().map(|b| b.protocol.clone()).collect();
        assert_eq!(protocols, [Protocol::Soap11, Protocol::Soap12]);
        let binding = &found.bindings[0];
        assert_eq!(binding.operations.len(), interface.operations.len());
        for (operation, bound) in interface.operations.iter().zip(&binding.operations) {
            let read = binding.interface.operation(&bound.name).unwrap();
            assert!(bound.wrapped, "{}", bound.name);
            assert_eq!((&read.name, &read.doc), (&operation.name, &operation.doc));
            assert_eq!(read.params.len(), operation.params.len(), "{}", operation.name);
            for (read, param) in read.params.iter().zip(&operation.params) {
                assert_eq!(read.field.name, param.field.name);
                assert!(
                    alike(&read.field.ty, &param.field.ty, 0),
                    "{}: {} {}",
                    operation.name,
                    read.field.ty,
                    param.field.ty
                );
            }
            assert!(alike(&read.result, &operation.result, 0), "{}: {}", operation.name, read.result);
            let names =
                |op: &Operation| op.exceptions.iter().map(|e| e.body.name.to_string()).collect::<Vec<_>>();
            assert_eq!(names(read), names(operation));
        }
    }
}

/// Whether a type came back as itself, or as what XML has instead: an array as a sequence, a char as
/// text, and so on.
fn alike(read: &TypeRef, emitted: &TypeRef, depth: usize) -> bool {
    let next = |a: &TypeRef, b: &TypeRef| depth > 4 || alike(a, b, depth + 1);
    match (read.resolve(), emitted.resolve()) {
        (Type::Optional(a), Type::Optional(b))
        | (Type::Sequence(a), Type::Sequence(b) | Type::Array(b, _)) => next(a, b),
        (Type::Map(k, v), Type::Map(l, w)) => next(k, l) && next(v, w),
        (Type::String, Type::Char) => true,
        (Type::Struct(a), Type::Tuple(items)) => a.fields.len() == items.len(),
        (Type::Struct(a), Type::Struct(b)) => {
            is_named(&a.name, &b.name)
                && a.doc == b.doc
                && a.fields.len() == b.fields.len()
                && a.fields
                    .iter()
                    .zip(b.fields.iter())
                    .all(|(f, g)| f.name == g.name && f.doc == g.doc && next(&f.ty, &g.ty))
        }
        // inside an optional a sequence has an element of its own
        (Type::Struct(a), Type::Sequence(_)) if a.fields.len() == 1 => next(&a.fields[0].ty, emitted),
        (Type::Union(a), Type::Union(b)) => {
            is_named(&a.name, &b.name)
                && (&a.doc, a.cases.len()) == (&b.doc, b.cases.len())
                && a.cases.iter().zip(b.cases.iter()).all(|(f, g)| {
                    // a case without a value is an element without content
                    f.name == g.name && (next(&f.ty, &g.ty) || matches!(g.ty.resolve(), Type::Void))
                })
        }
        (Type::Struct(a), Type::Object(_)) => a.scope == WSA,
        (Type::Enum(a), Type::Enum(b)) => a.members == b.members,
        (a, b) => a == b,
    }
}

/// Whether a type has its name, or the one that it gets where an operation has it.
fn is_named(read: &str, emitted: &str) -> bool {
    read.strip_suffix("Type").unwrap_or(read) == emitted
}

#[test]
fn nothing_empty_and_nil_have_a_place_each() {
    let optional = |ty: Type| Type::Optional(ty.into());
    let list = || Type::Sequence(Type::String.into());
    for (ty, element) in [
        (optional(Type::I32), r#"<xsd:element name="x" type="xsd:int" minOccurs="0"/>"#),
        (
            optional(optional(Type::I32)),
            r#"<xsd:element name="x" type="xsd:int" minOccurs="0" nillable="true"/>"#,
        ),
        (list(), r#"<xsd:element name="x" type="xsd:string" minOccurs="0" maxOccurs="unbounded"/>"#),
        (optional(list()), r#"<xsd:element name="x" type="tns:ListOfString" minOccurs="0"/>"#),
        (
            Type::Sequence(optional(Type::String).into()),
            r#"<xsd:element name="x" type="xsd:string" minOccurs="0" maxOccurs="unbounded" nillable="true"/>"#,
        ),
        (
            Type::Sequence(list().into()),
            r#"<xsd:element name="x" type="tns:ListOfString" minOccurs="0" maxOccurs="unbounded"/>"#,
        ),
        (
            Type::Array(Type::U8.into(), 3),
            r#"<xsd:element name="x" type="xsd:unsignedByte" minOccurs="3" maxOccurs="3"/>"#,
        ),
        (
            Type::Map(Type::String.into(), Type::I64.into()),
            r#"<xsd:element name="x" type="tns:MapOfStringToLong"/>"#,
        ),
        (Type::Any, r#"<xsd:element name="x" type="xsd:anyType" nillable="true"/>"#),
    ] {
        let text = emit(&echo(ty.clone()), &options()).unwrap();
        assert!(text.contains(element), "{ty}: {text}");
        read_back(&echo(ty));
    }
}

#[test]
fn types_live_in_the_namespace_of_their_scope() {
    let place = |scope: &'static str| {
        let mut body = StructType::new("Place", vec![Field::new("x".into(), Type::F64.into())]);
        body.scope = scope.into();
        Type::Struct(body)
    };
    let interface = Interface::new("T")
        .with_scope("t")
        .with_operation(Operation::new("a").with_param(Param::new("x", place("t").into())))
        .with_operation(Operation::new("b").with_param(Param::new("x", place("urn:other").into())))
        .with_operation(Operation::new("c").with_param(Param::new("x", place("m::n").into())));
    let found = read_back(&interface);
    // some generators put the types of all namespaces together
    for (namespace, name) in
        [(NAMESPACE, "Place"), ("urn:other", "Place"), ("http://t.example/t/m/n", "PlaceType")]
    {
        assert!(found.types.contains_key(&QName::new(namespace, name)), "{namespace}");
    }
}

#[test]
fn a_type_that_holds_itself_is_declared_once() {
    let knot = Knot::new();
    let branches = Type::Sequence(TypeRef::Knot(knot.clone())).into();
    knot.tie(Type::Struct(StructType::new("Tree", vec![Field::new("branches".into(), branches)])));
    let operation = Operation::new("grow").with_result(TypeRef::Knot(knot)).with_doc("Grows <one>.");
    let text = emit(&Interface::new("T").with_operation(operation), &options()).unwrap();
    assert_eq!(text.matches("name=\"Tree\"").count(), 1);
    assert!(text.contains("<wsdl:documentation>Grows &lt;one&gt;.</wsdl:documentation>"));
}

#[test]
fn attributes_text_names_and_directions() {
    let mut unit = Field::new("unit".into(), Type::Optional(Type::String.into()).into());
    unit.xml.kind = XmlKind::Attribute;
    let mut amount = Field::new("amount".into(), Type::Decimal.into());
    amount.xml.kind = XmlKind::Text;
    let money = Type::Struct(StructType::new("Money", vec![unit, amount]));
    let mut back = Param::new("return", Type::I32.into());
    back.direction = Direction::Out;
    let mut both = Param::new("a b", Type::I32.into());
    both.direction = Direction::InOut;
    let operation = Operation::new("pay").with_param(back).with_param(both).with_result(money.into());
    let found = read_back(&Interface::new("T").with_operation(operation));
    let reply = &found.elements[&QName::new(NAMESPACE, "payResponse")];
    let Type::Struct(reply) = reply.ty.resolve() else { panic!() };
    let names: Vec<_> = reply.fields.iter().map(|f| &*f.name).collect();
    assert_eq!(names, ["result", "return", "a_x0020_b"]);
    let Type::Struct(money) = reply.fields[0].ty.resolve() else { panic!() };
    let kinds: Vec<_> = money.fields.iter().map(|f| (f.xml.kind, &*f.name)).collect();
    assert_eq!(kinds, [(XmlKind::Text, "value"), (XmlKind::Attribute, "unit")]);
}

#[test]
fn lists_and_mixed_content() {
    let mut list = Field::new("list".into(), Type::Sequence(Type::I32.into()).into());
    list.xml.kind = XmlKind::Attribute;
    let mut text = Field::new("text".into(), Type::Optional(Type::String.into()).into());
    text.xml.kind = XmlKind::Text;
    let child = Field::new("child".into(), Type::Bool.into());
    let found = read_back(&echo(Type::Struct(StructType::new("S", vec![text, child, list]))));
    let Type::Struct(read) = found.types[&QName::new(NAMESPACE, "S")].resolve() else { panic!() };
    let fields: Vec<_> =
        read.fields.iter().map(|f| format!("{:?} {}: {}", f.xml.kind, f.name, f.ty)).collect();
    assert_eq!(
        fields,
        ["Text text: optional<string>", "Element child: bool", "Attribute list: sequence<i32>"]
    );
}

#[test]
fn unions_hold_one_element_and_references_an_address() {
    let case = |name: &'static str, ty: Type| Case {
        name: name.into(),
        labels: Vec::new().into(),
        ty: ty.into(),
        doc: "".into(),
    };
    let shape = UnionType {
        name: "Shape".into(),
        scope: "t".into(),
        repository_id: None,
        doc: "".into(),
        discriminator: Type::String.into(),
        cases: vec![case("point", Type::Void), case("path", Type::Sequence(Type::F64.into()))].into(),
    };
    let text = emit(&echo(Type::Union(shape)), &options()).unwrap();
    assert!(text.contains(r#"<xsd:element name="point" type="tns:Nothing"/>"#), "{text}");
    assert!(text.contains(r#"<xsd:element name="path" type="tns:ListOfDouble"/>"#), "{text}");
    let text =
        emit(&echo(Type::Object(ObjectType { interface: "Bank".into(), repository_id: None })), &options())
            .unwrap();
    // wsimport wants the first beside the type, CXF's wsdl2java all of them
    for name in ["EndpointReference", "ReplyTo", "From", "FaultTo"] {
        let element = format!(r#"<xsd:element name="{name}" type="wsa:EndpointReferenceType"/>"#);
        assert!(text.contains(&element), "{name}: {text}");
    }
    assert!(text.contains(r#"type="wsa:EndpointReferenceType""#), "{text}");
}

#[test]
fn what_cannot_be_told_apart_is_refused() {
    let twice = Interface::new("T").with_operation(Operation::new("a")).with_operation(Operation::new("a"));
    assert!(matches!(emit(&twice, &options()), Err(EmitError::Collision { .. })));
    let reply =
        Interface::new("T").with_operation(Operation::new("a")).with_operation(Operation::new("aResponse"));
    let refused = emit(&reply, &options()).unwrap_err();
    assert!(refused.to_string().contains("aResponse"), "{refused}");
    fn endless() -> &'static Type {
        static TYPE: std::sync::OnceLock<Type> = std::sync::OnceLock::new();
        TYPE.get_or_init(|| Type::Sequence(TypeRef::Static(endless)))
    }
    let forever = Type::Sequence(TypeRef::Static(endless));
    assert!(matches!(emit(&echo(forever), &options()), Err(EmitError::TooDeep { .. })));
    let mut any = Field::new("a".into(), Type::Sequence(Type::Any.into()).into());
    any.xml.kind = XmlKind::Attribute;
    let refused = emit(&echo(Type::Struct(StructType::new("S", vec![any]))), &options());
    assert!(matches!(refused, Err(EmitError::NotSimple { .. })), "{refused:?}");
}

#[test]
fn exceptions_and_one_way_operations() {
    static REFUSED: std::sync::LazyLock<ExceptionType> = std::sync::LazyLock::new(|| ExceptionType {
        body: StructType::new("Refused", vec![Field::new("why".into(), Type::String.into())]),
        code: 7,
    });
    let interface = Interface::new("T")
        .with_operation(Operation::new("ask").with_exceptions(vec![&REFUSED]))
        .with_operation(Operation::new("again").with_exceptions(vec![&REFUSED]))
        .with_operation(Operation::new("tell").oneway());
    let found = read_back(&interface);
    let operations = &found.bindings[0].interface.operations;
    assert_eq!(operations[0].exceptions[0].body.name, "Refused");
    assert_eq!(operations[1].exceptions[0].body.fields[0].name, "why");
    assert!(operations[2].oneway && !operations[0].oneway);
    assert_eq!(found.bindings[0].operations[0].action.as_deref(), Some("http://t.example/t#ask"));
}

#[test]
fn what_was_loaded_is_emitted_alike() {
    let text = r#"<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:t="http://t.example/t"
        xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://t.example/t"><w:types>
      <xs:schema targetNamespace="urn:other"><xs:element name="far" type="xs:int"/></xs:schema>
      <xs:schema targetNamespace="http://t.example/t" xmlns:o="urn:other">
        <xs:element name="op"><xs:complexType><xs:sequence><xs:element name="x" type="t:X"/></xs:sequence></xs:complexType></xs:element>
        <xs:complexType name="X"><xs:sequence>
          <xs:element name="nil" type="xs:int" nillable="true"/>
          <xs:choice maxOccurs="unbounded"><xs:element name="a" type="xs:int"/><xs:element ref="o:far"/>
            <xs:sequence><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"/></xs:sequence></xs:choice>
          <xs:sequence minOccurs="0" maxOccurs="unbounded"><xs:element name="k" type="xs:int"/><xs:element name="v" type="t:Base"/></xs:sequence>
          <xs:any minOccurs="0"/></xs:sequence></xs:complexType>
        <xs:complexType name="Base" abstract="true"/>
        <xs:complexType name="One"><xs:complexContent><xs:extension base="t:Base"/></xs:complexContent></xs:complexType>
      </xs:schema></w:types>
      <w:message name="m"><w:part name="p" element="t:op"/></w:message>
      <w:portType name="P"><w:operation name="op"><w:input message="t:m"/></w:operation></w:portType></w:definitions>"#;
    let first = load_str(text, "t.wsdl", &LoadOptions::default()).unwrap();
    assert_eq!(first.diagnostics, []);
    let second = read_back(&first.unbound[0]);
    let fields = |found: &Definitions| {
        let Type::Struct(x) = found.types[&QName::new(NAMESPACE, "X")].resolve() else { panic!() };
        let shown = |f: &Field| format!("{:?} {} {} {:?}", f.xml.kind, f.name, f.ty, f.xml.namespace);
        x.fields.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(fields(&first), fields(&second));
    assert!(second.types.contains_key(&QName::new(NAMESPACE, "One")));
    assert!(second.elements.contains_key(&QName::new("urn:other", "far")));
}

/// What generators make classes of in a WSDL: types, elements of types without a name, the port type.
fn classes(wsdl: &str) -> Vec<String> {
    let named = |line: &str| line.split("name=\"").nth(1)?.split('"').next().map(str::to_owned);
    let is_type =
        |line: &str| ["<xsd:complexType name", "<xsd:simpleType name"].iter().any(|t| line.starts_with(t));
    let is_whole = |line: &str| line.starts_with("<wsdl:portType") || line.starts_with("<wsdl:message");
    let is_fault = |line: &str| !line.starts_with("<wsdl:message") || line.contains("Fault\"");
    let global = |line: &&str| line.starts_with("      <xsd:element") && !line.contains(" type=");
    let elements = wsdl.lines().filter(global).filter_map(named);
    let lines = wsdl.lines().map(str::trim_start);
    let types = lines.filter(|line| is_type(line) || (is_whole(line) && is_fault(line))).filter_map(named);
    let key = |name: String| name.to_lowercase().replace(['_', '-', '.'], "");
    elements.chain(types).map(key).collect()
}

#[track_caller]
fn has_no_class_twice(wsdl: &str) {
    let mut found = classes(wsdl);
    found.sort();
    let twice: Vec<_> = found.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(twice.is_empty(), "{twice:?} in {wsdl}");
}

fn structure(scope: &str, name: &str) -> StructType {
    StructType {
        name: name.to_owned().into(),
        scope: scope.to_owned().into(),
        repository_id: None,
        doc: "".into(),
        fields: vec![Field::new("x".into(), Type::I32.into())].into(),
    }
}

#[test]
fn no_generator_makes_one_class_of_two_names() {
    for interface in [
        <BankClient<()> as Remote>::interface(),
        <EchoClient<()> as Remote>::interface(),
        <FortuneClient<()> as Remote>::interface(),
    ] {
        has_no_class_twice(&emit(interface, &options()).unwrap());
    }
    let exception = |name: &str| &*Box::leak(Box::new(ExceptionType { body: structure("t", name), code: 1 }));
    let with = |name: &str, types: &[(&str, &str)]| {
        types.iter().fold(Operation::new(name.to_owned()), |operation, (scope, ty)| {
            let param = format!("p{}", operation.params.len());
            operation.with_param(Param::new(param, Type::Struct(structure(scope, ty)).into()))
        })
    };
    let shop = Interface::new("Shop")
        .with_scope("t")
        .with_operation(
            with("order", &[("t", "Order"), ("t", "OrderResponse"), ("t", "OrderType"), ("t", "SHOP")])
                .with_exceptions(vec![exception("Refused"), exception("list_all")]),
        )
        .with_operation(with(
            "listAll",
            &[
                ("t", "List_All"),
                ("t", "refused"),
                ("t", "RefusedFault"),
                ("t", "LineItem"),
                ("t", "Line.Item"),
            ],
        ))
        .with_operation(
            with("note", &[("t", "NoteResponse"), ("other", "Order"), ("other", "LineItem")]).oneway(),
        )
        .with_operation(
            with("texts", &[])
                .with_result(
                    Type::Map(
                        Type::String.into(),
                        Type::Sequence(Type::Struct(structure("t", "ListOfInt")).into()).into(),
                    )
                    .into(),
                )
                .with_param(Param::new("n", Type::Optional(Type::Sequence(Type::I32.into()).into()).into())),
        )
        .with_operation(
            with("ListOf_String", &[]).with_param(Param::new(
                "n",
                Type::Optional(Type::Sequence(Type::String.into()).into()).into(),
            )),
        );
    let text = emit(&shop, &options()).unwrap();
    has_no_class_twice(&text);
    let declared = |name: &str| text.contains(&format!("<xsd:complexType name=\"{name}\">"));
    for name in [
        // left as they are: nothing else has their name
        "OrderType",
        "Refused",
        "LineItem",
        "NoteResponse",
        "ListOfInt",
        // named as an operation, a reply, the port type, an exception, another type
        "OrderType2",
        "OrderResponseType",
        "SHOPType",
        "refusedType",
        "Line.ItemType",
    ] {
        assert!(declared(name), "{name}: {text}");
    }
    // an exception's element goes with its type
    assert!(text.contains(r#"<xsd:element name="list_allType" type="tns:list_allType"/>"#), "{text}");
    assert_eq!(load_str(&text, "t.wsdl", &LoadOptions::default()).unwrap().diagnostics, []);
}

#[test]
fn an_operation_called_by_a_keyword_of_java_says_its_method() {
    let text = emit(&Interface::new("T").with_operation(Operation::new("char")), &options()).unwrap();
    let method = "<jaxws:bindings>\n        <jaxws:method name=\"_char\"/>\n      </jaxws:bindings>";
    assert!(text.contains(method) && text.contains("xmlns:jaxws"), "{text}");
    assert_eq!(load_str(&text, "t.wsdl", &LoadOptions::default()).unwrap().diagnostics, []);
    let text = emit(&echo(Type::I32), &options()).unwrap();
    assert!(!text.contains("jaxws"), "{text}");
}

#[test]
fn lists_and_maps_of_anything_are_declared_where_anything_may_stand() {
    let has = |interface: &Interface, name: &str| {
        emit(interface, &options()).unwrap().matches(&format!("<xsd:complexType name=\"{name}\">")).count()
    };
    let names = ["ListOfAnyType", "MapOfAnyTypeToAnyType"];
    assert_eq!(names.map(|name| has(&echo(Type::Any), name)), [1, 1]);
    assert_eq!(names.map(|name| has(&echo(Type::I32), name)), [0, 0]);
    // those of the interface's own are the same
    let own = Type::Optional(Type::Sequence(Type::Any.into()).into());
    assert_eq!(names.map(|name| has(&echo(own.clone()), name)), [1, 1]);
    let taken = echo(Type::Any).with_operation(Operation::new("listOfAnyType"));
    assert_eq!(has(&taken, "ListOfAnyTypeType"), 1);
    read_back(&taken);
}
