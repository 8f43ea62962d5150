//! `farcall call` against a server in this process.

mod common;

use common::{Served, compact, run};

#[test]
fn values_go_there_and_back() {
    let server = Served::start();
    for value in [
        "null",
        "true",
        "-7",
        "9223372036854775807",
        "2.0",
        r#""<a> & 漢字""#,
        "[]",
        r#"{"z":[1,{"b":""}],"a":[[]]}"#,
    ] {
        let out = server.farcall(&["call", "{t}", "-o", "json", "--", "bank.echo", value]).ok();
        assert_eq!(compact(&out), value);
    }
    let out = server.farcall(&["call", "http://{t}/bank", "open", "ann", "5"]);
    assert_eq!(compact(&out.ok()), r#"{"owner":"ann","balance":5.0}"#);
    let out = server.farcall(&["call", "http://{t}#bank", "echo", "two words", "-v"]);
    assert!(out.err.contains("note: 'two words' is not JSON, so it is sent as text"), "{out:?}");
    assert_eq!(out.ok(), "\"two words\"\n");
}

#[test]
fn names_and_data_become_parameters() {
    let server = Served::start();
    for arguments in [
        &["call", "{t}", "bank.open", "param2:=5", "param1=ann"][..],
        &["call", "{t}", "bank.open", "-d", r#"["ann",5]"#],
        &["call", "{t}", "bank.open", "-d", r#"{"param1":"ann","param2":5}"#],
        &["call", "{t}", "bank.open", "--typed", "param1=ann", "param2=5"],
    ] {
        assert_eq!(
            compact(&server.farcall(arguments).ok()),
            r#"{"owner":"ann","balance":5.0}"#,
            "{arguments:?}"
        );
    }
    let out = server.farcall(&["call", "{t}", "bank.echo", "name=5", "list:=[5]"]).ok();
    assert_eq!(compact(&out), r#"{"name":"5","list":[5]}"#);
    let out = run(&["call", &server.address, "bank.echo", "-d", "-"], &[], "[{\"a\":1}]").ok();
    assert_eq!(compact(&out), r#"{"a":1}"#);
}

#[test]
fn types_are_fitted_when_asked_for() {
    let server = Served::start();
    let when = ["call", "{t}", "bank.at", "2026-11-22T01:02:03Z"];
    let sent = |more: &[&str]| server.farcall(&[&when[..], &["--dry-run"], more].concat()).ok();
    assert!(sent(&[]).contains("<string>2026-11-22T01:02:03Z</string>"), "{}", sent(&[]));
    assert!(sent(&["--typed"]).contains("<dateTime.iso8601>20261122T01:02:03Z</"), "{}", sent(&["--typed"]));
    let err = server.farcall(&["call", "{t}", "bank.at", "[]"]).fails(64);
    assert!(err.contains("-32602") && err.contains("--typed"), "{err}");
    let out = server.farcall(&[&when[..], &["--typed"]].concat()).ok();
    assert_eq!(out, "\"2026-11-22T01:02:03Z\"\n");
    let out = server.farcall(&["call", "{t}", "bank.at", r#"{"$datetime":"2026-11-22T01:02:03"}"#]).ok();
    assert_eq!(out, "\"2026-11-22T01:02:03\"\n");
    let err = server.farcall(&["call", "{t}", "bank.at", "x", "--typed"]).fails(3);
    assert!(err.contains("'x' is not a valid"), "{err}");
    let err = server.farcall(&["call", "{t}", "bank.opn", "x", "--typed"]).fails(3);
    assert!(err.contains("perhaps it is bank.open"), "{err}");
}

#[test]
fn results_are_printed_as_asked_for() {
    let server = Served::start();
    let all = |format: &str| server.farcall(&["-o", format, "call", "{t}", "bank.all"]).ok();
    assert_eq!(all("table"), "OWNER      BALANCE\nann        5.0\nbob\\u{9b}  12.5\n");
    assert_eq!(
        all("json").replace([' ', '\n'], ""),
        r#"[{"owner":"ann","balance":5.0},{"owner":"bob\u009b","balance":12.5}]"#
    );
    assert!(all("yaml").starts_with("-\n  owner: ann\n  balance: 5.0\n"), "{}", all("yaml"));
    let raw = all("raw");
    assert!(raw.starts_with("<?xml") && raw.trim_end().ends_with("</methodResponse>"), "{raw}");
}

#[test]
fn exit_codes_tell_failures_apart() {
    let server = Served::start();
    for (arguments, code) in [
        (&["call", "{t}", "bank.fail", "4", "too bad"][..], 68),
        (&["call", "{t}", "bank.fail", "1000", "far"], 255),
        (&["call", "{t}", "bank.fail", "-32500", "gone"], 64),
        (&["call", "{t}", "no.such"], 64),
        (&["call", "{t}"], 2),
        (&["call", "nowhere", "x"], 2),
        (&["call", "xmlrpc+ftp://h/", "x"], 2),
        (&["call", "{t}", "bank.echo", "-d", "[1", "-o", "json"], 3),
        (&["call", "{t}", "bank.echo", "{a:1}"], 3),
        (&["call", "127.0.0.1:1", "x"], 4),
        (&["call", "{t}/nowhere", "x"], 4),
        (&["call", "http+unix://%2Fno%2Fsuch/x", "x"], 4),
        (&["call", "{t}", "bank.slow", "--deadline", "100ms"], 4),
        (&["call", "{t}", "bank.all", "--max-message", "50"], 5),
        (&["call", "{t}", "bank.echo", "[[[[[[1]]]]]]", "--max-depth", "3"], 5),
    ] {
        let ran = server.farcall(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {ran:?}");
        assert!(!ran.err.is_empty() && ran.out.is_empty(), "{ran:?}");
    }
}

#[test]
fn errors_are_json_where_results_are() {
    let server = Served::start();
    let error = |arguments: &[&str]| {
        let err = server.farcall(arguments).err;
        err.parse::<serde_json::Value>().unwrap_or_else(|e| panic!("{e}: {err}"))["error"].clone()
    };
    let fault = error(&["call", "{t}", "bank.fail", "4", "too bad", "-o", "json"]);
    assert_eq!((fault["code"].as_i64(), fault["exit"].as_i64()), (Some(4), Some(68)));
    assert!(fault["message"].as_str().is_some_and(|text| text.contains("too bad")), "{fault}");
    let refused = error(&["call", "127.0.0.1:1", "x", "-o", "json"]);
    assert_eq!((refused["kind"].as_str(), refused["completed"].as_str()), (Some("transport"), Some("no")));
    for named in ["where", "cause", "try"] {
        assert!(refused[named].is_string(), "{named}: {refused}");
    }
    assert_eq!(error(&["call", "-o", "json"])["exit"], 2);
}

#[test]
fn an_error_says_where_why_and_what_to_try() {
    let err = run(&["call", "127.0.0.1:1", "x"], &[], "").fails(4);
    for part in [
        "error: x: cannot connect",
        "where: http://127.0.0.1:1",
        "cause: ",
        "try: farcall list '127.0.0.1:1' -v",
    ] {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[test]
fn output_that_cannot_be_written_is_a_failure_and_a_closed_pipe_is_none() {
    let server = Served::start();
    let to = |redirection: &str| {
        let line = format!("\"$0\" call {} bank.all {redirection}", server.address);
        let run =
            std::process::Command::new("bash").args(["-c", &line, env!("CARGO_BIN_EXE_farcall")]).output();
        run.unwrap()
    };
    if std::path::Path::new("/dev/full").exists() {
        let full = to(">/dev/full");
        assert_eq!(full.status.code(), Some(1), "{full:?}");
        assert!(String::from_utf8_lossy(&full.stderr).contains("where: standard output"), "{full:?}");
    }
    let closed = to("| true; exit ${PIPESTATUS[0]}");
    assert_eq!((closed.status.code(), closed.stderr.len()), (Some(0), 0), "{closed:?}");
}
