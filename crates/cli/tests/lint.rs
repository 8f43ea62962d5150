//! `farcall lint`: files, servers' descriptions, formats and exit codes.

mod common;

use common::{Ran, Served, run};

fn farcall(arguments: &[&str]) -> Ran {
    run(arguments, &[], "")
}

const BAD: &str = "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' targetNamespace='urn:a'>\n \
                   <message name='m'><part name='p' element='x:e' type='x:e' xmlns:x='urn:x'/></message>\n\
                   </definitions>\n";

#[test]
fn violations_are_told_with_their_places() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("bad.wsdl");
    std::fs::write(&file, BAD).unwrap();
    let file = file.to_str().unwrap();
    let lines = farcall(&["lint", file]);
    assert_eq!(lines.code, 1, "{lines:?}");
    assert!(lines.out.contains(&format!("{file}:2:20: R2306: the part 'p' has both")), "{lines:?}");
    assert!(lines.err.contains("violations of the WS-I Basic Profile"), "{lines:?}");
    let json = farcall(&["lint", file, "-o", "json"]);
    assert!(json.out.contains("\"rule\": \"R2306\"") && json.out.contains("\"line\": 2"), "{json:?}");
    let table = farcall(&["lint", file, "-o", "table"]);
    assert!(table.out.contains("R2306  must  "), "{table:?}");
    assert_eq!(farcall(&["lint", "/none.wsdl"]).code, 3);
}

#[test]
fn what_farcall_serves_keeps_the_rules() {
    let served = Served::built_in();
    for service in ["fortune", "bank", "echo"] {
        let report = farcall(&["lint", &format!("http://{}/{service}?wsdl", served.address)]);
        assert_eq!((report.code, report.out.as_str()), (0, ""), "{report:?}");
    }
}
