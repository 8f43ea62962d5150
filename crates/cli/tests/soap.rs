//! What is of SOAP alone: signing in by its header, and files beside its XML.

mod common;

use std::io::Write as _;

use common::{Served, run};

const PASSWORD: &str = "pa55 <word>";

fn file(octets: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(octets).unwrap();
    file
}

#[test]
fn wsse_signs_in_and_shows_no_password() {
    let server = Served::with_wsse();
    let target = format!("soap+http://{}/echo", server.address);
    let password = file(PASSWORD.as_bytes());
    let user = format!("ann:@{}", password.path().display());
    let base = ["call", &target, "string", "hi", "--wsse", &user];
    assert_eq!(run(&base, &[], "").ok().trim(), "\"hi\"");
    for more in [&["-v"][..], &["--dry-run"], &["-v", "--wsse-text"], &["--dry-run", "--wsse-text"]] {
        let ran = run(&[&base[..], more].concat(), &[], "");
        let shown = format!("{}{}", ran.out, ran.err);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(shown.contains("UsernameToken") && !shown.contains("pa55"), "{more:?}: {shown}");
    }
    let wrong = ["call", &target, "string", "hi", "--wsse", "ann:wrong"];
    let err = run(&wrong, &[], "").fails(5);
    assert!(err.contains("the user or password is wrong"), "{err}");
    run(&["call", &target, "string", "hi"], &[], "").fails(5);
    let elsewhere = ["call", &server.address, "echo.string", "hi", "--wsse", &user];
    assert!(run(&elsewhere, &[], "").fails(2).contains("--wsse is for SOAP"));
}

#[test]
fn files_go_beside_the_xml() {
    let server = Served::built_in();
    let target = format!("soap+http://{}/echo", server.address);
    let octets = file(&[0, 255, b'\r', b'\n', b'-', b'-']);
    let attached = format!("pic={}", octets.path().display());
    let call = |more: &[&str]| run(&[&["call", target.as_str()], more].concat(), &[], "");
    let out = call(&["bytes", "cid:pic", "--attach", &attached]).ok();
    assert!(out.contains("AP8NCi0t"), "{out}");
    let shown = call(&["bytes", "cid:pic", "--attach", &attached, "--dry-run"]).ok();
    assert!(shown.contains("href=\"cid:pic\"") && shown.contains("application/xop+xml"), "{shown}");
    // a text stays one, and refers to the file
    let shown = call(&["string", "cid:pic", "--attach", &attached, "--dry-run"]).ok();
    assert!(shown.contains(">cid:pic<") && shown.contains("Content-ID: <pic>"), "{shown}");
    assert!(!shown.contains("xop+xml"), "{shown}");
    for wrong in ["pic", "=f", "a b=f", "pic=/no/such/file"] {
        call(&["bytes", "cid:pic", "--attach", wrong]).fails(2);
    }
}

#[test]
fn long_requests_go_compressed_if_that_is_asked_for() {
    let server = Served::built_in();
    let target = format!("soap+http://{}/echo", server.address);
    for (text, compressed) in [("short".to_owned(), false), ("long ".repeat(1000), true)] {
        let ran = run(&["call", &target, "string", &text, "--gzip", "-v"], &[], "");
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.contains(&text), "{ran:?}");
        assert_eq!(ran.err.contains("content-encoding: gzip"), compressed, "{ran:?}");
    }
    run(&["call", &server.address, "echo.string", "x", "--gzip"], &[], "").fails(2);
}
