//! Secrets come from files, the environment and standard input, and are shown nowhere.

mod common;

use std::io::Write as _;

use common::{Served, run};

const PASSWORD: &str = "pa55 <word>";

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn passwords_come_from_everywhere_but_the_line() {
    let server = Served::with_users();
    let at = server.address.as_str();
    let password = file(&format!("{PASSWORD}\n"));
    let from_file = format!("ann:@{}", password.path().display());
    let call = |user: &str, environment: &[(&str, &str)], input: &str| {
        run(&["call", at, "bank.echo", "1", "-u", user], environment, input)
    };
    for ran in [
        call(&from_file, &[], ""),
        call("ann", &[("FARCALL_PASSWORD", PASSWORD)], ""),
        call("ann:env:MY_PASSWORD", &[("MY_PASSWORD", PASSWORD)], ""),
        call("ann:@-", &[], PASSWORD),
    ] {
        assert_eq!((ran.err.as_str(), ran.code), ("", 0));
    }
    let warned = call(&format!("ann:{PASSWORD}"), &[], "");
    assert!(warned.err.starts_with("warning: a password on the line"), "{warned:?}");
    warned.ok();
    let err = call("ann", &[("FARCALL_PASSWORD", "wrong")], "").fails(5);
    assert!(err.contains("missing or wrong") && err.contains("-u USER"), "{err}");
    run(&["call", at, "bank.echo", "1"], &[], "").fails(5);
}

#[test]
fn nothing_shows_a_secret() {
    let server = Served::with_users();
    let (password, key) = (file(PASSWORD), file("k3y-of-mine"));
    let user = format!("ann:@{}", password.path().display());
    let header = format!("X-Key: @{}", key.path().display());
    let argument = format!("@{}", password.path().display());
    let base =
        ["call", &server.address, "bank.echo", &argument, "-u", &user, "-H", &header, "-H", "X-Plain: seen"];
    for more in [&["-v"][..], &["--dry-run"], &["--as", "curl"], &["--as", "python"], &["--as", "rust"]] {
        let ran = run(&[&base[..], more].concat(), &[], "");
        let shown = if more == ["-v"] { ran.err.clone() } else { ran.out.clone() };
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(shown.contains("seen") && shown.contains("***"), "{more:?}: {shown}");
        for secret in [PASSWORD, "pa55 &lt;word", "k3y-of-mine", "YW5uOnBhNTUgPHdvcmQ+"] {
            assert!(!shown.contains(secret), "{more:?} shows {secret}: {shown}");
        }
    }
    let verbose = run(&[&base[..], &["-v"]].concat(), &[], "").err;
    for part in
        ["> POST http://", "> authorization: Basic ***", "> x-key: ***", "< 200 OK", "<methodResponse>"]
    {
        assert!(verbose.contains(part), "{part}: {verbose}");
    }
}

#[test]
fn tokens_and_headers_are_sent() {
    let server = Served::start();
    let dry = |more: &[&str]| {
        let base = ["call", &server.address, "bank.echo", "1", "--dry-run"];
        run(&[&base[..], more].concat(), &[("TOKEN", "t0ken-1")], "")
    };
    assert!(dry(&["--bearer", "env:TOKEN"]).ok().contains("authorization: Bearer ***\n"));
    assert!(dry(&["-H", "X-A: b"]).ok().contains("x-a: b\n"));
    assert!(dry(&["-H", "nonsense"]).fails(2).contains("no ':'"));
    assert!(dry(&["--bearer", "env:NO_SUCH_VARIABLE"]).fails(2).contains("NO_SUCH_VARIABLE"));
    assert!(dry(&["--bearer", "t0ken-1"]).err.contains("warning"));
}
