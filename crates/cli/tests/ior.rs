//! `farcall ior`.

mod common;

use common::{compact, run};

/// Written by omniORB's genior.
const OMNI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden/corba/genior-omniorb-4.2.5.ior");

#[test]
fn references_are_taken_apart() {
    let text = run(&["ior", "show", &format!("@{OMNI}")], &[], "").ok();
    for part in ["IDL:farcall/Fortune:1.0", "127.0.0.1 port 15101", "ORB ", "UTF-8"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let told = run(&["ior", "show", &format!("@{OMNI}"), "-o", "json"], &[], "").ok();
    let told: serde_json::Value = told.parse().unwrap();
    let profile = &told["profiles"][0];
    assert_eq!((&told["type"], &profile["port"]), (&"IDL:farcall/Fortune:1.0".into(), &15101.into()));
    assert!(profile["components"].as_array().unwrap().iter().any(|component| component["char"].is_array()));
    let told = run(&["ior", "show", "corbaname::h:1#a/b.c", "-o", "json"], &[], "").ok();
    let expected = concat!(
        r#"{"name":"a/b.c","context":{"type":"","profiles":"#,
        r#"[{"tag":0,"version":"1.2","host":"h","port":1,"key":"NameService","components":[]}]}}"#
    );
    assert_eq!(compact(&told), expected);
    for wrong in ["IOR:00ff", "corbaloc:x", "http://h"] {
        run(&["ior", "show", wrong], &[], "").fails(3);
    }
}

#[test]
fn references_are_made() {
    let flags = ["--host", "10.0.0.1", "--key", "a%00b", "--type", "IDL:m/A:1.0"];
    let make = |more: &[&str]| run(&[&["ior", "make"], &flags[..], more].concat(), &[], "");
    let made = make(&[]).ok();
    assert!(made.starts_with("IOR:00000000"), "{made}");
    assert!(make(&["--little-endian"]).ok().starts_with("IOR:01000000"));
    let show = |ior: &str| run(&["ior", "show", ior.trim()], &[], "").ok();
    let told = show(&make(&["--port", "15101", "--iiop", "1.1"]).ok());
    assert_eq!(told, "type      IDL:m/A:1.0\nIIOP 1.1  10.0.0.1 port 15101  key a%00b\n");
    assert!(show(&made).contains("IIOP 1.2  10.0.0.1 port 2809"));
    make(&["--iiop", "2.0"]).fails(2);
    run(&["ior", "make", "--host", "h", "--key", "%x"], &[], "").fails(2);
    run(&["ior", "make", "--key", "x"], &[], "").fails(2);
}
