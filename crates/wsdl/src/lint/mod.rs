//! Where a description leaves the rules of the WS-I Basic Profile 1.1 (and 1.2, which has them too):
//! those on descriptions that can be told from the documents alone.
//!
//! A finding is no error: such descriptions load here. It is what other stacks may refuse.
//!
//! ```
//! use farcall_wsdl::{LoadOptions, lint};
//!
//! let wsdl = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:a">
//!   <message name="in"><part name="a" element="x:e" type="x:t" xmlns:x="urn:x"/></message>
//! </definitions>"#;
//! let report = lint::check_str(wsdl, "a.wsdl", &LoadOptions::default())?;
//! let found = report.findings.iter().find(|finding| finding.rule == "R2306").unwrap();
//! assert!(found.to_string().starts_with("a.wsdl:2:22: R2306: "));
//! # Ok::<(), farcall_wsdl::LoadError>(())
//! ```

mod bindings;
mod documents;
mod index;
mod messages;
mod schemas;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, LoadError, Severity};
use crate::dom::{Document, Node, Place};
use crate::load::{self, LoadOptions};
use crate::resolver::{Files, Nothing, Resolver};
use index::Index;

/// A place that breaks a rule of the Basic Profile.
///
/// Shown as `bank.wsdl:12:3: R2706: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's number in the profile, such as `R2706`.
    pub rule: &'static str,
    /// False where the profile says that one should not rather than must not.
    pub must: bool,
    /// What is against the rule.
    pub message: String,
    /// The document.
    pub location: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, message, location, line, column, .. } = self;
        write!(f, "{location}:{line}:{column}: {rule}: {message}")
    }
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Places that break rules, in the order of the documents.
    pub findings: Vec<Finding>,
    /// Documents that could not be read, so that not all was checked.
    pub unread: Vec<Diagnostic>,
}

/// Checks a file, with imports from its directory and those below.
///
/// # Errors
/// As [`load_file`](crate::load_file).
pub fn check_file(path: &Path, options: &LoadOptions) -> Result<Report, LoadError> {
    check(&path.to_string_lossy(), &Files::beside(path), options)
}

/// Checks the document at a location, with imports from where a resolver finds them.
///
/// # Errors
/// As [`load`](crate::load()).
pub fn check(location: &str, resolver: &dyn Resolver, options: &LoadOptions) -> Result<Report, LoadError> {
    let bytes = load::open(location, resolver, options)?;
    check_bytes(&bytes, location, resolver, options)
}

/// Checks a document that is at hand, with imports from where a resolver finds them.
///
/// # Errors
/// As [`load_bytes`](crate::load_bytes).
pub fn check_bytes(
    bytes: &[u8],
    location: &str,
    resolver: &dyn Resolver,
    options: &LoadOptions,
) -> Result<Report, LoadError> {
    let (documents, diagnostics) = load::documents(bytes, location, resolver, options)?;
    let unread = diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect();
    let index = Index::new(&documents);
    let mut found = Found { places: Vec::new(), most: options.diagnostics };
    documents::check(&index, &mut found);
    schemas::check(&index, &mut found);
    messages::check(&index, &mut found);
    bindings::check(&index, &mut found);
    Ok(Report { findings: found.sorted(&documents), unread })
}

/// Checks a document without imports.
///
/// # Errors
/// As [`load_file`](crate::load_file).
pub fn check_str(text: &str, location: &str, options: &LoadOptions) -> Result<Report, LoadError> {
    check_bytes(text.as_bytes(), location, &Nothing, options)
}

/// What was found so far.
struct Found {
    places: Vec<(&'static str, bool, String, Place)>,
    most: usize,
}

impl Found {
    fn must(&mut self, rule: &'static str, node: Node<'_>, message: impl Into<String>) {
        self.add(rule, true, node.place(), message.into());
    }

    fn should(&mut self, rule: &'static str, node: Node<'_>, message: impl Into<String>) {
        self.add(rule, false, node.place(), message.into());
    }

    fn add(&mut self, rule: &'static str, must: bool, place: Place, message: String) {
        if self.places.len() < self.most {
            self.places.push((rule, must, message, place));
        }
    }

    fn sorted(self, documents: &[Arc<Document>]) -> Vec<Finding> {
        let order = |place: &Place| documents.iter().position(|of| Arc::ptr_eq(of, &place.document));
        let mut places = self.places;
        places.sort_by_cached_key(|(rule, _, _, place)| (order(place), place.offset, *rule));
        let finding = |(rule, must, message, place): (_, _, _, Place)| {
            let at = place.position();
            let location = place.document.location.clone();
            Finding { rule, must, message, location, line: at.line, column: at.column }
        };
        places.into_iter().map(finding).collect()
    }
}
