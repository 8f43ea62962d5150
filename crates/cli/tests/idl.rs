//! Calls whose types come from IDL files or built-in services, over SOAP and CORBA.

mod common;

use std::path::PathBuf;

use common::{Served, compact, run};

const IDL: &str = r#"
#include "types.idl"
module farcall {
    interface Fortune { /* A saying. */ string get_cookie(); };
    interface Bank {
        string open(in string owner, in money initial);
        money deposit(in string account, in money amount) raises (NoSuchAccount);
    };
    interface Other { long deposit(); void mix(out long a, in string b, inout long c); };
};
"#;

const TYPES: &str = "module farcall { typedef double money; exception NoSuchAccount { string account; }; };";

/// A directory with `test.idl`, and `more/types.idl`, which it includes.
fn files() -> (tempfile::TempDir, String, String) {
    let directory = tempfile::tempdir().unwrap();
    let more = directory.path().join("more");
    std::fs::create_dir(&more).unwrap();
    let write = |path: PathBuf, text: &str| {
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    write(more.join("types.idl"), TYPES);
    let file = write(directory.path().join("test.idl"), IDL);
    (directory, file, more.display().to_string())
}

#[test]
fn an_idl_file_tells_what_a_reference_can_do() {
    let server = Served::built_in();
    let (_directory, file, include) = files();
    let with = |arguments: &[&str]| server.farcall(&[arguments, &["--idl", &file, "-I", &include]].concat());
    let cookie = with(&["call", "corbaloc::{t}/fortune", "get_cookie"]).ok();
    assert!(cookie.starts_with('"') && cookie.len() > 4, "{cookie}");
    let list = with(&["list", "corbaloc::{t}/fortune", "--interface", "Fortune"]).ok();
    assert_eq!(list.split_whitespace().collect::<Vec<_>>(), ["get_cookie", "A", "saying."]);
    let described = with(&["describe", "corbaloc::{t}/bank", "open"]).ok();
    assert_eq!(described, "open(owner: string, initial: f64) → string\n");
    let template = with(&["template", "corbaloc::{t}/bank", "open"]).ok();
    assert_eq!(compact(&template), r#"{"owner":"","initial":0.0}"#);
    // the type makes a double of 7, and names are in any order
    let err = with(&[
        "call",
        "corbaloc::{t}/bank",
        "deposit",
        "amount:=7",
        "account=none",
        "--interface",
        "farcall::Bank",
    ]);
    assert!(err.fails(255).contains(
        r#"NoSuchAccount:1.0 (fault 658471364)
 with: {"account":"none"}"#
    ));
    let described = with(&["describe", "corbaloc::h/x", "mix"]).ok();
    assert_eq!(described, "mix(b: string, out a: i32, inout c: i32) → void\n");
    assert_eq!(compact(&with(&["template", "corbaloc::h/x", "mix"]).ok()), r#"{"b":"","c":0}"#);
    let ran = with(&["call", "corbaloc::h/x", "mix", "text", "7", "--dry-run"]);
    assert!(ran.code == 0 && ran.out.contains("text"), "{ran:?}");
    let json = with(&["call", "http://{t}/fortune", "get_cookie"]).ok();
    assert!(json.starts_with('"'), "{json}");
}

#[test]
fn what_an_idl_file_does_not_tell_is_an_error() {
    let server = Served::built_in();
    let (_directory, file, include) = files();
    let with = |arguments: &[&str], include: &str| {
        server.farcall(&[arguments, &["--idl", &file, "-I", include]].concat())
    };
    let err = with(&["call", "corbaloc::{t}/bank", "depsit"], &include).fails(3);
    assert!(err.contains("perhaps it is deposit"), "{err}");
    let err = with(&["call", "corbaloc::{t}/bank", "deposit"], &include).fails(2);
    assert!(err.contains("farcall::Bank, farcall::Other"), "{err}");
    let err = with(&["list", "corbaloc::{t}/bank", "--interface", "None"], &include).fails(3);
    assert!(err.contains("farcall::Fortune"), "{err}");
    let err = with(&["list", "corbaloc::{t}/bank"], "/none").fails(3);
    assert!(err.contains("test.idl:2:") && err.contains("types.idl"), "{err}");
    let err = run(&["list", "corbaloc::h/x", "--idl", "/no/such.idl"], &[], "").fails(2);
    assert!(err.contains("/no/such.idl"), "{err}");
}

#[test]
fn built_in_services_need_no_file() {
    let server = Served::built_in();
    for target in ["soap+http://{t}/strings", "corbaloc::{t}/strings", "corbaloc:iiop:1.2@{t}/strings"] {
        assert_eq!(server.farcall(&["call", target, "reverse", "abc"]).ok(), "\"cba\"\n", "{target}");
        assert!(server.farcall(&["list", target]).ok().contains("reverse"), "{target}");
    }
    let opened = server.farcall(&["call", "corbaloc::{t}/bank", "open", "ann", "5"]).ok();
    let account = opened.trim().trim_matches('"');
    assert_eq!(server.farcall(&["call", account, "balance"]).ok(), "5.0\n");
    let account = server.farcall(&["call", account, "number"]).ok();
    let account = account.trim().trim_matches('"');
    let err = server.farcall(&["call", "soap+http://{t}/bank", "withdraw", account, "9"]);
    assert!(err.fails(64).contains("does not cover"));
    for target in ["corbaloc::{t}/other", "soap+http://{t}/other"] {
        assert!(server.farcall(&["call", target, "f"]).fails(2).contains("--idl"), "{target}");
    }
}

#[test]
fn requests_over_other_protocols_can_be_looked_at() {
    let out =
        run(&["call", "soap+http://nowhere.invalid/strings", "upper", "abc", "--dry-run"], &[], "").ok();
    assert!(out.starts_with("POST /strings HTTP/1.1\n") && out.contains(">abc<"), "{out}");
    let out = run(&["call", "corbaloc::nowhere.invalid/strings", "upper", "abc", "--dry-run"], &[], "").ok();
    assert!(out.starts_with("000000  47 49 4f 50 01 02 ") && out.contains("upper"), "{out}");
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "hush-hush\n").unwrap();
    let word = format!("@{}", secret.path().display());
    let out = run(&["call", "corbaloc::nowhere.invalid/strings", "upper", &word, "--dry-run"], &[], "").ok();
    assert!(!out.contains("hush") && !out.contains("68 75 73 68"), "{out}");
    run(&["call", "corbaloc::h/strings", "upper", "x", "--as", "python"], &[], "").fails(2);
    run(&["call", "corbaloc::h/strings", "upper", "x", "-H", "A: b"], &[], "").fails(2);
    run(&["call", "corbaloc:nonsense", "upper", "x"], &[], "").fails(2);
}
