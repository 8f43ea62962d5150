//! `farcall serve`, called by what it prints.

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{compact, program, run};

/// A running `farcall serve`, killed when dropped.
struct Serving {
    child: Child,
    /// All that it printed.
    text: String,
}

impl Serving {
    fn start(arguments: &[&str]) -> Self {
        let mut command = program();
        let mut child = command
            .arg("serve")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut text = String::new();
        // the last service's last line
        let is_last =
            |line: &str| line.starts_with("  farcall  farcall call ") && line.contains("/validator1 ");
        while !text.lines().last().is_some_and(is_last) {
            let read = out.read_line(&mut text).unwrap();
            if read == 0 {
                let mut complaint = String::new();
                child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
                panic!("serve ended: {text}{complaint}");
            }
        }
        child.stdout = Some(out.into_inner());
        Self { child, text }
    }

    /// `scheme://host:port` of the first URL.
    fn base(&self) -> String {
        self.text.lines().nth(1).unwrap().trim().trim_end_matches('/').to_owned()
    }

    fn address(&self) -> String {
        self.base().rsplit('/').next().unwrap().to_owned()
    }

    fn lines(&self, label: &str) -> Vec<String> {
        let label = format!("  {label} ");
        self.text.lines().filter_map(|l| l.strip_prefix(&label)).map(|l| l.trim().to_owned()).collect()
    }

    /// Asks it to stop, and gives the exit code.
    fn stop(mut self) -> Option<i32> {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let end = Instant::now() + Duration::from_secs(10);
        while Instant::now() < end {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it did not stop");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // it may have ended
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_printed_line_works() {
    let serving = Serving::start(&["--listen", "127.0.0.1:0"]);
    let services = ["bank", "echo", "fortune", "meerkat", "strings", "validator1"];
    let (base, at) = (serving.base(), serving.address());
    for service in services {
        for line in [
            format!("xmlrpc+{base}/{service}"),
            format!("soap+{base}/{service}  (described at ?wsdl)"),
            format!("corbaloc::{at}/{service}"),
        ] {
            assert!(serving.text.contains(&format!("  {line}\n")), "{line}: {}", serving.text);
        }
    }
    let directory = std::path::Path::new(env!("CARGO_BIN_EXE_farcall")).parent().unwrap();
    let path = format!("{}:{}", directory.display(), std::env::var("PATH").unwrap_or_default());
    for (label, tool) in [("farcall", "true"), ("curl", "curl --version"), ("python", "python3 --version")] {
        let lines = serving.lines(label);
        assert_eq!(lines.len(), services.len() + 1, "{label}: {}", serving.text);
        let here = Command::new("sh").args(["-c", tool]).stdout(Stdio::null()).status();
        if !here.is_ok_and(|status| status.success()) {
            eprintln!("{label} is not here, so that its lines are not tried");
            continue;
        }
        for line in lines {
            let ran = Command::new("sh").args(["-c", &line]).env("PATH", &path).output().unwrap();
            let out = String::from_utf8_lossy(&ran.stdout);
            assert!(ran.status.success() && !out.is_empty() && !out.contains("<fault>"), "{line}: {ran:?}");
        }
    }
    assert_eq!(serving.stop(), Some(0));
}

#[test]
fn built_in_services_answer() {
    let serving = Serving::start(&["--listen", "127.0.0.1:0"]);
    let at = serving.address();
    assert_eq!(run(&["call", &at, "strings.reverse", "abc"], &[], "").ok(), "\"cba\"\n");
    let out = run(&["call", &at, "echo", r#"{"a":1}"#], &[], "").ok();
    assert_eq!(compact(&out), r#"{"a":1}"#);
    run(&["list", &at], &[], "").ok();
}

#[test]
fn a_running_call_ends_before_the_server_does() {
    let serving = Serving::start(&["--listen", "127.0.0.1:0", "--drain", "5s"]);
    let at = serving.address();
    // a request that is half sent is a call that runs
    let mut stream = std::net::TcpStream::connect(&at).unwrap();
    let body = "<methodCall><methodName>strings.upper</methodName><params><param><value>x</value></param></params></methodCall>";
    let head = format!(
        "POST /RPC2 HTTP/1.1\r\nHost: {at}\r\nContent-Length: {}\r\nContent-Type: text/xml\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let waiting = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        stream.write_all(body.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    });
    assert_eq!(serving.stop(), Some(0));
    let reply = waiting.join().unwrap();
    assert!(reply.contains("<string>X</string>") || reply.contains("<value>X</value>"), "{reply}");
}

#[test]
fn a_taken_port_is_named_and_another_proposed() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let err = run(&["serve", "--listen", &format!("127.0.0.1:{port}")], &[], "").fails(4);
    for part in [format!("where: 127.0.0.1:{port}"), format!("--listen 127.0.0.1:{}", port.wrapping_add(1))] {
        assert!(err.contains(&part), "{part}: {err}");
    }
}

#[test]
fn unix_sockets_users_and_limits() {
    let directory = tempfile::tempdir().unwrap();
    let (socket, users) = (directory.path().join("s"), directory.path().join("users"));
    std::fs::write(&users, "ann:pa55word\n").unwrap();
    let (socket, users) = (socket.to_str().unwrap(), users.to_str().unwrap());
    let serving = Serving::start(&["--unix", socket, "--user", users, "--max-message", "2K"]);
    assert!(serving.base().starts_with("http+unix://%2F"), "{}", serving.text);
    assert!(!serving.text.contains("corbaloc:"), "{}", serving.text);
    let target = format!("unix:{socket}");
    let call = |value: &str, password: &str| {
        run(&["call", &target, "echo", value, "-u", "ann"], &[("FARCALL_PASSWORD", password)], "")
    };
    assert_eq!(call("1", "pa55word").ok(), "1\n");
    call("1", "wrong").fails(5);
    call(&format!("\"{}\"", "x".repeat(4000)), "pa55word").fails(5);
    let url = format!("{}/strings", serving.base());
    assert_eq!(
        run(&["call", &url, "upper", "x", "-u", "ann"], &[("FARCALL_PASSWORD", "pa55word")], "").ok(),
        "\"X\"\n"
    );
    assert_eq!(serving.stop(), Some(0));
    assert!(!std::path::Path::new(socket).exists());
}

#[test]
fn tls_beside_plain() {
    let directory = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let (cert, key) = (directory.path().join("cert.pem"), directory.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let (cert, key) = (cert.to_str().unwrap(), key.to_str().unwrap());
    let serving = Serving::start(&["--listen", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key]);
    assert!(serving.base().starts_with("https://"), "{}", serving.text);
    for (label, tool) in [("python", "python3 --version"), ("curl", "curl --version")] {
        let here = Command::new("sh").args(["-c", tool]).stdout(Stdio::null()).status();
        if here.is_ok_and(|status| status.success()) {
            let ran = Command::new("sh").args(["-c", &serving.lines(label)[0]]).output().unwrap();
            assert!(ran.status.success(), "{label}: {ran:?}");
        }
    }
    let line = serving.lines("farcall").remove(0);
    assert!(line.contains(&format!("--cacert {cert}")), "{line}");
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    run(&words, &[], "").ok();
    run(&["call", &serving.address(), "echo", "1"], &[], "").ok();
    run(&["serve", "--tls-cert", cert], &[], "").fails(2);
    let at = serving.address();
    assert!(serving.text.contains(&format!("  corbaloc::{at}/strings\n")), "{}", serving.text);
    let reference = format!("corbaloc:ssliop:1.2@{at}/strings");
    assert!(serving.text.contains(&format!("  {reference}\n")), "{}", serving.text);
    let file = directory.path().join("strings.ior");
    let url = format!("https://{at}/strings/ior");
    let page = Command::new("curl").args(["-s", "--cacert", cert, &url, "-o"]).arg(&file).status();
    let file = format!("@{}", file.display());
    let references =
        if page.is_ok_and(|status| status.success()) { vec![&reference, &file] } else { vec![&reference] };
    for target in references {
        assert_eq!(run(&["call", target, "upper", "x", "--cacert", cert], &[], "").ok(), "\"X\"\n");
        assert!(
            run(&["call", target, "upper", "x"], &[], "").fails(4).contains("not signed by an authority")
        );
    }
}

#[test]
fn printed_lines_sign_in() {
    let directory = tempfile::tempdir().unwrap();
    let users = directory.path().join("users");
    std::fs::write(&users, "an n:p@ss%word\n").unwrap();
    let serving = Serving::start(&["--listen", "127.0.0.1:0", "--user", users.to_str().unwrap()]);
    let reference = format!("corbaloc::{}/strings", serving.address());
    let line = format!("  {reference}  (signing in by CSIv2, GSSUP)\n");
    assert!(serving.text.contains(&line), "{}", serving.text);
    let call = |more: &[&str], password: &str| {
        let words = [&["call", &reference, "upper", "x"][..], more].concat();
        run(&words, &[("FARCALL_PASSWORD", password)], "")
    };
    assert_eq!(call(&["-u", "an n"], "p@ss%word").ok(), "\"X\"\n");
    assert!(call(&["-u", "an n"], "other").fails(5).contains("NO_PERMISSION"));
    call(&[], "").fails(5);
    call(&["-u", "an n", "--digest"], "p@ss%word").fails(2);
    let directory = std::path::Path::new(env!("CARGO_BIN_EXE_farcall")).parent().unwrap();
    let path = format!("{}:{}", directory.display(), std::env::var("PATH").unwrap_or_default());
    for (label, tool) in [("python", "python3"), ("farcall", "farcall")] {
        let mut sh = Command::new("sh");
        sh.env("PATH", &path).env("FARCALL_PASSWORD", "p@ss%word");
        if !sh.args(["-c", &format!("{tool} --version >/dev/null")]).status().unwrap().success() {
            eprintln!("{label} is not here, so that its line is not tried");
            continue;
        }
        let mut sh = Command::new("sh");
        sh.env("PATH", &path).env("FARCALL_PASSWORD", "p@ss%word");
        let ran = sh.args(["-c", &serving.lines(label)[0]]).output().unwrap();
        assert!(ran.status.success(), "{label}: {ran:?}");
    }
}
