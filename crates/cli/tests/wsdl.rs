//! Calls whose types come from WSDL.

mod common;

use common::{Served, compact, run};

#[test]
fn a_wsdl_tells_what_a_server_can_do() {
    let server = Served::built_in();
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().to_str().unwrap();
    let file = run(&["gen", "wsdl", "bank", "-o", out], &[], "").ok();
    let target = format!("soap+http://{}/bank?x", server.address);
    for wsdl in [file.trim(), "http://{t}/bank?wsdl"] {
        let with = |arguments: &[&str]| server.farcall(&[arguments, &["--wsdl", wsdl]].concat());
        let list = with(&["list", &target]).ok();
        assert!(list.contains("withdraw"), "{list}");
        assert!(with(&["describe", &target, "open"]).ok().starts_with("open(owner: string, initial: "));
        let opened = with(&["call", &target, "open", "initial:=7", "owner=ann"]).ok();
        assert!(opened.contains("/bank/A"), "{opened}");
        let accounts = compact(&with(&["call", &target, "accounts", "ann"]).ok());
        let number = accounts.split('"').nth(3).unwrap();
        let balance = with(&["call", &target, "balance", number]).ok();
        assert_eq!(balance, "7.0\n");
        assert!(accounts.starts_with(r#"[{"id":""#) && accounts.contains(r#""balance":7.0"#), "{accounts}");
        assert!(with(&["call", &target, "withdraw", number, "9"]).fails(64).contains("does not cover"));
        assert!(with(&["call", &target, "nothing"]).fails(3).contains("there is no 'nothing'"));
    }
    let rust = run(&["gen", "rust", file.trim()], &[], "").ok();
    assert!(rust.contains("pub trait Bank") && rust.contains("pub struct Statement"), "{rust}");
}

#[test]
fn a_url_with_wsdl_describes_itself() {
    // not the built-in service of that name
    let server = Served::start();
    let target = "soap+http://{t}/bank?wsdl";
    assert!(server.farcall(&["list", target]).ok().contains("Opens an account."));
    let out = server.farcall(&["call", target, "open", "ann", "5"]).ok();
    assert_eq!(compact(&out), r#"{"owner":"ann","balance":5.0}"#);
    server.farcall(&["call", target, "balance", "x"]).fails(3);
    let guarded = Served::with_users();
    let url = format!("soap+http://{}/bank?wsdl", guarded.address);
    run(&["list", &url, "-u", "ann"], &[("FARCALL_PASSWORD", "pa55 <word>")], "").ok();
    assert!(run(&["list", &url], &[], "").fails(3).contains("401"));
}

#[test]
fn what_cannot_be_loaded_is_told() {
    let server = Served::built_in();
    let with = |wsdl: &str| server.farcall(&["list", "soap+http://{t}/x", "--wsdl", wsdl]).fails(3);
    assert!(with("/no/such.wsdl").contains("/no/such.wsdl"));
    assert!(with("http://{t}/nothing?wsdl").contains("404"));
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("x.wsdl");
    std::fs::write(&file, "<a>\n</b>").unwrap();
    assert!(with(file.to_str().unwrap()).contains("x.wsdl:2:"));
}

#[test]
fn operations_that_are_not_spoken_can_be_looked_at_only() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().to_str().unwrap();
    let file = run(&["gen", "wsdl", "strings", "-o", out], &[], "").ok();
    let text = std::fs::read_to_string(file.trim()).unwrap();
    let on = |arguments: &[&str]| run(&[arguments, &["--wsdl", file.trim()]].concat(), &[], "");
    std::fs::write(file.trim(), text.replace("soapAction=\"", "soapAction=\"other:")).unwrap();
    let ran = on(&["call", "soap+http://h/x", "reverse", "abc", "--dry-run", "-v"]);
    assert_eq!((ran.code, ran.err.matches("such as other:").count()), (0, 1), "{ran:?}");
    std::fs::write(file.trim(), text.replace("style=\"document\"", "style=\"rpc\"")).unwrap();
    assert!(on(&["list", "soap+http://h/x"]).ok().contains("reverse"));
    let err = on(&["call", "soap+http://h/x", "reverse", "abc", "--dry-run"]).fails(3);
    assert!(err.contains("not document/literal wrapped"), "{err}");
}
