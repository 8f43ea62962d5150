//! Calls whose types come from WSDL.

mod common;

use std::io::{Read as _, Write as _};

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

/// The WSDL of the text functions at a server, in a file.
fn strings(server: &Served, directory: &tempfile::TempDir) -> String {
    let location = format!("http://{}/strings", server.address);
    let out = directory.path().to_str().unwrap();
    let file = run(&["gen", "wsdl", "strings", "-o", out, "--location", &location], &[], "").ok();
    file.trim().to_owned()
}

#[test]
fn a_wsdl_file_is_a_target_itself() {
    let server = Served::built_in();
    let directory = tempfile::tempdir().unwrap();
    let file = strings(&server, &directory);
    assert!(run(&["list", &file], &[], "").ok().contains("reverse"));
    assert_eq!(compact(&run(&["template", &file, "reverse"], &[], "").ok()), r#"{"s":""}"#);
    assert_eq!(run(&["call", &file, "reverse", "abc"], &[], "").ok(), "\"cba\"\n");
    // in the version that is asked for, with what the header says
    let header = "<h:x xmlns:h='urn:h'/>";
    let ran = run(&["call", &file, "reverse", "abc", "--soap", "1.2", "-v", "-H", header], &[], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, "\"cba\"\n"), "{ran:?}");
    for line in [
        "application/soap+xml; charset=utf-8; action=",
        "\n    <h:x xmlns:h='urn:h'/>\n",
        "\n    <n:reverse>\n      <n:s>abc</n:s>\n",
    ] {
        assert!(ran.err.contains(line), "{line}: {}", ran.err);
    }
    let err = run(&["call", &file, "reverse", "abc", "-H", "session=1"], &[], "").fails(3);
    assert!(err.contains("no header 'session' is declared"), "{err}");
    run(&["call", &server.address, "strings.reverse", "abc", "--soap", "1.2"], &[], "").fails(2);
}

#[test]
fn what_the_wsdl_says_is_what_is_sent() {
    let server = Served::built_in();
    let directory = tempfile::tempdir().unwrap();
    let file = strings(&server, &directory);
    let text = std::fs::read_to_string(&file).unwrap();
    let dry = |changed: String, more: &[&str]| {
        std::fs::write(&file, changed).unwrap();
        run(&[&["call", &file, "reverse", "abc", "--dry-run"], more].concat(), &[], "").ok()
    };
    let sent = dry(text.replace("soapAction=\"", "soapAction=\"other:"), &[]);
    assert!(sent.contains("soapaction: \"other:"), "{sent}");
    let element = "<xsd:element name=\"Session\" type=\"xsd:string\"/></xsd:schema>";
    let message = "<wsdl:message name=\"H\"><wsdl:part name=\"h\" element=\"tns:Session\"/></wsdl:message>";
    let body = "<soap:body use=\"literal\"/>";
    let header = format!("<soap:header message=\"tns:H\" part=\"h\" use=\"literal\"/>{body}");
    let declared = text
        .replacen("</xsd:schema>", element, 1)
        .replacen("<wsdl:portType", &format!("{message}<wsdl:portType"), 1)
        .replace(body, &header);
    let sent = dry(declared, &["-H", "Session=a<b"]);
    assert!(sent.contains(">a&lt;b</n:Session></s:Header>"), "{sent}");
}

#[test]
fn an_envelope_is_sent_as_it_is() {
    let server = Served::built_in();
    let envelope = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>\
                    <upper xmlns='urn:farcall:Strings'><s>ab</s></upper></e:Body></e:Envelope>";
    let target = format!("soap+http://{}/strings", server.address);
    let out = run(&["send", &target, "-", "--action", "urn:farcall:Strings#upper"], &[], envelope).ok();
    assert!(out.contains(">AB</"), "{out}");
    let ran = run(&["send", &target, "-"], &[], "<e:Envelope/>");
    assert!(ran.code == 64 && ran.out.contains("Fault>") && ran.err.contains("500"), "{ran:?}");
    run(&["send", &server.address, "-"], &[], envelope).fails(2);
}

/// Gives that schema to everybody who asks, with what they ask in the list.
fn schema_elsewhere() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/o.xsd", listener.local_addr().unwrap());
    let asked = std::sync::Arc::default();
    let (schema, heard) = (
        "<x:schema xmlns:x='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:o'>\
         <x:simpleType name='Name'><x:restriction base='x:string'/></x:simpleType></x:schema>",
        std::sync::Arc::<std::sync::Mutex<Vec<String>>>::clone(&asked),
    );
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).unwrap();
            heard.lock().unwrap().push(String::from_utf8_lossy(&head[..read]).into_owned());
            let length = schema.len();
            let reply =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{schema}");
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    (url, asked)
}

#[test]
fn a_wsdl_imports_from_other_hosts_if_it_may() {
    let server = Served::built_in();
    let directory = tempfile::tempdir().unwrap();
    let file = strings(&server, &directory);
    let (url, asked) = schema_elsewhere();
    let text = std::fs::read_to_string(&file).unwrap();
    let import = format!("qualified\"><xsd:import namespace=\"urn:o\" schemaLocation=\"{url}\"/>");
    let changed = text.replacen("qualified\">", &import, 1).replacen(
        "name=\"s\" type=\"xsd:string\"",
        "name=\"s\" type=\"o:Name\" xmlns:o=\"urn:o\"",
        1,
    );
    std::fs::write(&file, changed).unwrap();
    let call = |more: &[&str]| run(&[&["call", &file, "reverse", "abc"], more].concat(), &[], "");
    // it is a warning, and an error where nothing may be wrong
    let ran = call(&[]);
    assert!(ran.err.contains(&format!("{url} is refused")), "{ran:?}");
    assert!(call(&["--strict"]).fails(3).contains("is refused"));
    assert!(asked.lock().unwrap().is_empty());
    let elsewhere = ["--imports-from", &url];
    for more in
        [&elsewhere[..], &["--strict", "--imports-from", "http://127.0.0.1:1", "--imports-from", &url]]
    {
        let ran = call(more);
        assert_eq!((ran.code, &*ran.out, &*ran.err), (0, "\"cba\"\n", ""), "{ran:?}");
    }
    assert!(asked.lock().unwrap()[0].starts_with("GET /o.xsd"));
}

#[test]
fn strictness_is_of_replies_too() {
    let server = Served::built_in();
    let directory = tempfile::tempdir().unwrap();
    let file = strings(&server, &directory);
    let text = std::fs::read_to_string(&file).unwrap();
    // the server knows nothing of this one
    let (before, after) = text.split_once("name=\"reverseResponse\"").unwrap();
    let more = "<xsd:element name=\"more\" type=\"xsd:string\"/></xsd:sequence>";
    let changed = format!("{before}name=\"reverseResponse\"{}", after.replacen("</xsd:sequence>", more, 1));
    std::fs::write(&file, changed).unwrap();
    let ran = run(&["call", &file, "reverse", "abc"], &[], "");
    assert!(ran.code == 0 && ran.out.contains("cba"), "{ran:?}");
    let err = run(&["call", &file, "reverse", "abc", "--strict"], &[], "").fails(4);
    assert!(err.contains("expected string, found nothing"), "{err}");
}
