//! All that IDL can say, generated, looked at and compiled.
//!
//! To accept a change of the generator, run with `FARCALL_BLESS=1`.

use std::collections::BTreeMap;

use farcall::wire::Remote as _;
use farcall_codegen::{Files, Generator, Layout, Options};
use farcall_idl::{Model, compile, lower};
use farcall_model::Interface;

#[rustfmt::skip]
#[path = "generated/everything.rs"]
#[allow(clippy::use_self, reason = "a lint of this workspace")]
mod everything;

fn model(text: &str) -> Model {
    let compiled = compile("t.idl", text, &farcall_idl::Options::default(), &BTreeMap::new());
    lower(compiled.specification().unwrap_or_else(|e| panic!("{e}"))).unwrap()
}

fn generated(model: &Model, options: Options) -> Files {
    Generator::new(options)
        .interfaces(&model.interfaces)
        .types(&model.types)
        .exceptions(model.exceptions.iter().copied())
        .aliases(&model.aliases)
        .constants(&model.constants)
        .left_out(model.left_out.iter().map(String::as_str))
        .files()
        .unwrap()
}

#[test]
fn every_construct_is_generated_as_it_was_looked_at() {
    let model = model(include_str!("everything.idl"));
    let files = generated(&model, Options::new("everything").source("everything.idl"));
    assert_eq!(files.keys().collect::<Vec<_>>(), ["everything.rs"]);
    let path = format!("{}/tests/generated/everything.rs", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("FARCALL_BLESS").is_some() {
        std::fs::write(&path, &files["everything.rs"]).unwrap();
    }
    assert!(files["everything.rs"] == std::fs::read_to_string(&path).unwrap_or_default(), "{path} differs");
}

#[test]
fn modules_stand_in_files_of_their_own_if_asked() {
    let text = "struct Top { long x; }; module A { module type { struct S { Top t; }; }; };";
    let files = generated(&model(text), Options::new("out").layout(Layout::Files));
    assert_eq!(files.keys().collect::<Vec<_>>(), ["out.rs", "out/a.rs", "out/a/type.rs"]);
    assert!(files["out.rs"].contains("pub mod a;"));
    assert!(files["out/a.rs"].contains("pub mod r#type;"));
    assert!(files["out/a/type.rs"].contains("pub t: super::super::Top,"));
}

/// The interfaces of the compiled golden file.
fn compiled() -> Vec<&'static Interface> {
    use everything::{bank, names};
    vec![
        <bank::ClerkClient>::interface(),
        <bank::AccountClient>::interface(),
        <bank::ShelfClient>::interface(),
        <bank::PrintableClient>::interface(),
        <bank::LoudClient>::interface(),
        <bank::PressClient>::interface(),
        <names::ServiceClient>::interface(),
    ]
}

#[test]
fn what_is_compiled_is_what_the_idl_said() {
    let model = model(include_str!("everything.idl"));
    for interface in compiled() {
        let name = format!("{}::{}", interface.scope, interface.name);
        assert_eq!(interface, model.interface(&name).unwrap(), "{name}");
    }
}

#[test]
fn idl_of_traits_gives_the_same_traits() {
    let text = farcall_idl::emit(compiled()).unwrap();
    let again = model(&text);
    for interface in compiled() {
        let name = format!("{}::{}", interface.scope, interface.name);
        assert_eq!(interface, again.interface(&name).unwrap(), "{text}");
    }
    let options = || Options::new("everything").layout(Layout::Nested);
    let first = Generator::new(options()).interfaces(compiled()).files().unwrap();
    let second = Generator::new(options()).interfaces(&again.interfaces).files().unwrap();
    let (first, second) = (&first["everything.rs"], &second["everything.rs"]);
    let other = first.lines().zip(second.lines()).find(|(first, second)| first != second);
    assert_eq!(other, None, "{text}");
    // what omniORB's compiler has no words for
    omniidl(&text.replace("balance raises (::Bank::Closed)", "balance"));
}

/// omniORB's compiler takes it, where that is installed.
fn omniidl(text: &str) {
    let file = std::env::temp_dir().join(format!("farcall-codegen-{}.idl", std::process::id()));
    std::fs::write(&file, text).unwrap();
    let output = std::process::Command::new("omniidl").arg("-bdump").arg(&file).output();
    std::fs::remove_file(&file).unwrap();
    if let Ok(output) = output {
        assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    }
}
