//! Code that is generated from a WSDL compiles, reads as it was looked at, and says of itself what
//! the WSDL says.
//!
//! To accept a change of the generator, run with `FARCALL_BLESS=1`.

use std::collections::HashSet;
use std::path::Path;

use farcall::model::{Field, Interface, Type, TypeRef, XmlKind};
use farcall::wire::Remote;
use farcall_build::{Builder, Error, wsdl_files};
use farcall_codegen::Options;
use farcall_wsdl::mapping::{CaseName, case_name};
use farcall_wsdl::{Definitions, LoadOptions, load_file};

#[rustfmt::skip]
#[path = "generated/library.rs"]
#[allow(clippy::use_self, reason = "a lint of this workspace")]
mod library;

const WSDL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/library.wsdl");

fn loaded() -> Definitions {
    let found = load_file(Path::new(WSDL), &LoadOptions::default().with_strict(true)).unwrap();
    assert_eq!(found.diagnostics, []);
    found
}

#[test]
fn what_is_generated_is_what_was_looked_at() {
    let files = wsdl_files(&loaded(), &[], Options::new("library")).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/generated/library.rs");
    if std::env::var_os("FARCALL_BLESS").is_some() {
        std::fs::write(path, &files["library.rs"]).unwrap();
    }
    assert_eq!(files["library.rs"], std::fs::read_to_string(path).unwrap_or_default());
}

#[test]
fn generated_code_says_what_the_wsdl_says() {
    let definitions = loaded();
    let [library, counter] = definitions.interfaces()[..] else { panic!() };
    same_interface(<library::library::LibraryClient>::interface(), library);
    same_interface(<library::library::CounterClient>::interface(), counter);
}

fn same_interface(ours: &Interface, theirs: &Interface) {
    let mut seen = HashSet::new();
    assert_eq!((&ours.name, &ours.scope, &ours.doc), (&theirs.name, &theirs.scope, &theirs.doc));
    assert_eq!(ours.operations.len(), theirs.operations.len());
    for (ours, theirs) in ours.operations.iter().zip(&theirs.operations) {
        let at = theirs.name.to_string();
        assert_eq!((&ours.name, ours.oneway), (&theirs.name, theirs.oneway));
        assert_eq!(ours.params.len(), theirs.params.len(), "{at}");
        for (ours, theirs) in
            ours.params.iter().chain(&ours.outs).zip(theirs.params.iter().chain(&theirs.outs))
        {
            assert_eq!(ours.field.name, theirs.field.name, "{at}");
            same(&ours.field.ty, &theirs.field.ty, &at, &mut seen);
        }
        same(&ours.result, &theirs.result, &at, &mut seen);
        for (ours, theirs) in ours.exceptions.iter().zip(&theirs.exceptions) {
            assert_eq!((&ours.body.name, &ours.body.scope), (&theirs.body.name, &theirs.body.scope), "{at}");
            same_fields(&ours.body.fields, &theirs.body.fields, &theirs.body.scope, &at, &mut seen);
        }
        let (ours, theirs) = (ours.xml.as_ref().unwrap(), theirs.xml.as_ref().unwrap());
        assert_eq!(ours.action, theirs.action, "{at}");
        for (ours, theirs) in [(&ours.request, &theirs.request), (&ours.response, &theirs.response)] {
            assert_eq!((&ours.wrapper, ours.encoded), (&theirs.wrapper, theirs.encoded), "{at}");
            assert_eq!(ours.headers, theirs.headers, "{at}");
            for (part, name) in &ours.parts {
                assert_eq!(theirs.part(part), Some(name), "{at}");
            }
        }
    }
}

/// Compares two types with all that they are made of; names and namespaces in XML too.
fn same(ours: &TypeRef, theirs: &TypeRef, at: &str, seen: &mut HashSet<String>) {
    let (ours, theirs) = (ours.resolve(), theirs.resolve());
    assert_eq!(ours.qualified_name(), theirs.qualified_name(), "{at}");
    if let Some((scope, name)) = theirs.qualified_name()
        && !seen.insert(format!("{scope} {name}"))
    {
        return;
    }
    let at = &format!("{at}/{theirs}");
    match (ours, theirs) {
        (Type::Struct(ours), Type::Struct(theirs)) => {
            same_fields(&ours.fields, &theirs.fields, &theirs.scope, at, seen);
        }
        (Type::Union(ours), Type::Union(theirs)) => {
            assert_eq!(ours.cases.len(), theirs.cases.len(), "{at}");
            for index in 0..theirs.cases.len() {
                let (our, their) = (&ours.cases[index], &theirs.cases[index]);
                assert_eq!(
                    (&our.name, our.labels.is_empty()),
                    (&their.name, their.labels.is_empty()),
                    "{at}"
                );
                let [named, wanted] = [ours, theirs].map(|union| match case_name(union, index) {
                    // the namespace of the union's type, which is its scope
                    Some(CaseName::Element(None, local)) => {
                        Some(CaseName::Element(Some(&union.scope), local))
                    }
                    name => name,
                });
                assert_eq!(named, wanted, "{at}");
                same(&our.ty, &their.ty, at, seen);
            }
        }
        (Type::Enum(ours), Type::Enum(theirs)) => assert_eq!(ours.members, theirs.members, "{at}"),
        (ours, theirs) => {
            assert_eq!(std::mem::discriminant(ours), std::mem::discriminant(theirs), "{at}");
            for (ours, theirs) in ours.children().into_iter().zip(theirs.children()) {
                same(ours, theirs, at, seen);
            }
        }
    }
}

fn same_fields(ours: &[Field], theirs: &[Field], scope: &str, at: &str, seen: &mut HashSet<String>) {
    let names = |fields: &[Field]| fields.iter().map(|f| f.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(ours), names(theirs), "{at}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        let at = &format!("{at}.{}", theirs.name);
        assert_eq!(ours.xml.kind, theirs.xml.kind, "{at}");
        let unnamed = matches!(theirs.xml.kind, XmlKind::Text | XmlKind::Content);
        let attribute = theirs.xml.kind == XmlKind::Attribute;
        let namespace = |field: &Field| match field.xml.namespace.as_deref() {
            None if attribute => String::new(),
            namespace => namespace.unwrap_or(scope).to_owned(),
        };
        let local = |field: &Field| field.xml.local.as_deref().unwrap_or(&field.name).to_owned();
        assert!(unnamed || namespace(ours) == namespace(theirs), "{at}");
        assert_eq!(local(ours), local(theirs), "{at}");
        assert_eq!(ours.doc, theirs.doc, "{at}");
        same(&ours.ty, &theirs.ty, at, seen);
    }
}

#[test]
fn a_build_script_gets_code_or_reasons() {
    let directory = std::env::temp_dir().join(format!("farcall-build-wsdl-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let builder = Builder::new().out_dir(&directory);
    builder.clone().only("count").wsdl(WSDL).unwrap();
    let code = std::fs::read_to_string(directory.join("library.rs")).unwrap();
    assert!(code.contains("pub trait Counter") && code.contains("enum Kind"), "{code}");
    assert!(!code.contains("trait Library") && !code.contains("struct Entry"), "{code}");
    let error = builder.clone().only("burn").wsdl(WSDL).unwrap_err();
    assert!(matches!(&error, Error::Refused { report, .. } if report.contains("burn")), "{error}");
    let broken = directory.join("broken.wsdl");
    let text = std::fs::read_to_string(WSDL).unwrap().replace("message=\"t:count\"", "message=\"t:nothing\"");
    std::fs::write(&broken, text).unwrap();
    builder.wsdl(&broken).unwrap();
    let code = std::fs::read_to_string(directory.join("broken.rs")).unwrap();
    assert!(code.contains("there is no message {urn:library}nothing"), "{code}");
    let error = builder.strict().wsdl(&broken).unwrap_err().to_string();
    assert!(error.contains("broken.wsdl") && error.contains("operation count is left out"), "{error}");
    std::fs::remove_dir_all(&directory).unwrap();
}
