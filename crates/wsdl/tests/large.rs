//! A description of 10 MB in many documents: loaded in seconds, and in memory in proportion.

use std::fmt::Write;
use std::time::{Duration, Instant};

use farcall_wsdl::LoadOptions;
use farcall_wsdl::load;
use farcall_wsdl::resolver::{ResolveError, Resolver};

const DOCUMENTS: usize = 40;
const TYPES: usize = 500;

/// Makes the documents as they are asked for: `0.xsd` imports all the others.
struct Made;

impl Resolver for Made {
    fn open(&self, location: &str, _limit: usize) -> Result<Vec<u8>, ResolveError> {
        let number: usize = location.trim_end_matches(".xsd").parse().unwrap_or_default();
        let mut text = format!(
            r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t{number}" xmlns:n="urn:t{next}"
            targetNamespace="urn:t{number}" elementFormDefault="qualified">"#,
            next = (number + 1) % DOCUMENTS
        );
        for other in (0..DOCUMENTS).filter(|other| *other != number) {
            let _ = write!(text, r#"<xs:import namespace="urn:t{other}" schemaLocation="{other}.xsd"/>"#);
        }
        for ty in 0..TYPES {
            let _ = write!(
                text,
                r#"<xs:complexType name="Type{ty}"><xs:annotation><xs:documentation>The type of this number, which
                says a little about itself as generated descriptions do.</xs:documentation></xs:annotation><xs:sequence>
                <xs:element name="first" type="xs:string"/><xs:element name="second" type="xs:dateTime" minOccurs="0"/>
                <xs:element name="same" type="t:Type{same}" minOccurs="0"/>
                <xs:element name="other" type="n:Type{ty}" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>"#,
                same = (ty + 1) % TYPES
            );
        }
        text.push_str("</xs:schema>");
        Ok(text.into_bytes())
    }
}

/// The most memory that the process had so far, in MiB.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<usize>().ok().map(|kib| kib / 1024)
}

#[test]
fn ten_megabytes_load_in_seconds_and_in_bounded_memory() {
    let size: usize =
        (0..DOCUMENTS).map(|n| Made.open(&format!("{n}.xsd"), 0).map_or(0, |text| text.len())).sum();
    assert!(size > 10 << 20, "{size}");
    let began = Instant::now();
    let found = load("0.xsd", &Made, &LoadOptions::default()).unwrap();
    let took = began.elapsed();
    assert_eq!((found.documents.len(), found.diagnostics.len()), (DOCUMENTS, 0));
    assert!(found.types.len() >= DOCUMENTS * TYPES);
    // unoptimised, and on a machine that may be busy
    assert!(took < Duration::from_secs(60), "{took:?}");
    if let Some(peak) = peak() {
        assert!(peak < 40 * (size >> 20), "{peak} MiB for {} MiB", size >> 20);
    }
    // a bound that is smaller is named, and what fits is read
    let mut options = LoadOptions::default();
    options.bytes = 1 << 20;
    let part = load("0.xsd", &Made, &options).unwrap();
    assert!(part.errors().any(|error| error.message.contains("LoadOptions::bytes")));
    assert!(part.types.len() < found.types.len());
}
