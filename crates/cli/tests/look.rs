//! `list`, `describe`, `template`, `--dry-run`, `--as`, `completions`, and TLS.

mod common;

use std::process::Command;

use common::{Served, compact, run};

#[test]
fn a_service_can_be_looked_at() {
    let server = Served::start();
    let list = server.farcall(&["list", "{t}"]).ok();
    assert!(
        list.lines().any(|line| line.starts_with("bank.open ") && line.ends_with("  Opens an account.")),
        "{list}"
    );
    assert!(list.contains("system.listMethods"), "{list}");
    let names = server.farcall(&["list", "{t}#bank", "-o", "json"]).ok();
    assert!(names.contains(r#""name": "open""#) && !names.contains("system."), "{names}");
    let open = server.farcall(&["describe", "{t}", "bank.open"]).ok();
    assert!(open.starts_with("bank.open(param1: string, param2: f64) → "), "{open}");
    assert!(open.contains("\n    A negative first payment is refused.\n"), "{open}");
    let all = server.farcall(&["describe", "{t}"]).ok();
    assert!(all.contains("bank.at(param1: datetime) → datetime\n"), "{all}");
    let json = server.farcall(&["describe", "{t}#bank", "open", "-o", "json"]).ok();
    assert!(compact(&json).contains(r#""params":[{"name":"param1","type":"string"}"#), "{json}");
    assert!(server.farcall(&["describe", "{t}", "bank.opne"]).fails(3).contains("perhaps it is bank.open"));
}

#[test]
fn a_template_is_data_for_a_call() {
    let server = Served::start();
    let template = server.farcall(&["template", "{t}", "bank.open"]).ok();
    assert_eq!(compact(&template), r#"["",0.0]"#);
    let out = run(&["call", &server.address, "bank.open", "-d", "@-"], &[], &template).ok();
    assert_eq!(compact(&out), r#"{"owner":"","balance":0.0}"#);
    server.farcall(&["template", "{t}", "nothing"]).fails(3);
}

#[test]
fn a_dry_run_is_the_request_and_sends_nothing() {
    let out = run(&["call", "xmlrpc+https://nowhere.invalid:1/x?y", "a.b", "1", "--dry-run"], &[], "").ok();
    let (head, body) = out.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some("POST /x?y HTTP/1.1"));
    for line in
        ["host: nowhere.invalid:1", "content-type: text/xml", &format!("content-length: {}", body.len() - 1)]
    {
        assert!(head.lines().any(|l| l == line), "{line}: {head}");
    }
    assert!(
        body.starts_with("<?xml")
            && body.ends_with("</methodCall>\n")
            && body.contains("<i4>1</i4>") | body.contains("<int>1</int>"),
        "{body}"
    );
}

#[test]
fn snippets_make_the_same_call() {
    let server = Served::start();
    let snippet = |language: &str| {
        let arguments = [
            "call",
            "http://{t}#bank",
            "echo",
            "it's",
            r#"{"a":[null,2.0,9000000000],"at":{"$datetime":"2026-11-22T01:02:03Z"}}"#,
        ];
        server.farcall(&[&arguments[..1], &arguments[1..4], &["--as", language]].concat()).ok()
    };
    let curl = snippet("curl");
    assert!(
        curl.starts_with("curl -sS http://") && curl.contains(r"it'\''s") && curl.contains("bank.echo"),
        "{curl}"
    );
    let rust = snippet("rust");
    assert!(rust.contains("#bank\")?;") && rust.contains("call_values(\"echo\", &params)"), "{rust}");
    for (shell, program) in [("sh", snippet("curl")), ("python3", snippet("python"))] {
        let Ok(ran) = Command::new(shell).args(["-c", &program]).output() else {
            eprintln!("{shell} is not here, so that its snippet is not run");
            continue;
        };
        let out = String::from_utf8_lossy(&ran.stdout).into_owned();
        if shell == "sh" && ran.status.code() == Some(127) {
            eprintln!("curl is not here, so that its snippet is not run");
            continue;
        }
        assert!(out.contains("it's"), "{shell}: {ran:?}");
    }
}

#[test]
fn completions_are_scripts() {
    assert!(run(&["completions", "bash"], &[], "").ok().contains("_farcall"));
    assert!(run(&["--version"], &[], "").ok().starts_with("farcall "));
}

#[test]
fn tls_is_checked() {
    let made =
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let server = Served::with_tls(chain.as_bytes(), key.as_bytes());
    let directory = tempfile::tempdir().unwrap();
    let ca = directory.path().join("ca.pem");
    std::fs::write(&ca, &chain).unwrap();
    let call = ["call", "https://{t}/RPC2", "bank.echo", "1"];
    assert_eq!(server.farcall(&[&call[..], &["--cacert", ca.to_str().unwrap()]].concat()).ok(), "1\n");
    assert!(server.farcall(&call).fails(4).contains("not signed by an authority"));
    let err = server.farcall(&[&call[..], &["--cacert", "/no/such.pem"]].concat()).fails(2);
    assert!(err.contains("/no/such.pem"), "{err}");
}
