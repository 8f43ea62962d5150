//! Reading a description and all that it imports.

mod binding;
mod documents;
pub(crate) mod messages;
mod operation;
mod signature;
pub(crate) mod standard;
mod xml;

use std::path::Path;
use std::sync::Arc;

use farcall_xml::Limits;

use crate::definitions::Definitions;
use crate::diagnostic::{Diagnostic, LoadError, Severity};
use crate::dom::Document;
use crate::resolver::{Files, Nothing, Resolver};
use documents::Documents;

/// Bounds on what a description may ask for; each is named in the error that it raises.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoadOptions {
    /// Bytes in all documents together; 64 MiB unless set.
    pub bytes: usize,
    /// Documents; 1000 unless set.
    pub documents: usize,
    /// Fields of all types together, those that a type inherits counted again; 500,000 unless set.
    pub fields: usize,
    /// Elements of included schemas that take the namespace of what includes them, counted for each
    /// namespace; 4,000,000 unless set.
    pub included: usize,
    /// Findings that are kept; 200 unless set. Loading goes on without reporting more.
    pub diagnostics: usize,
    /// Bounds on each document.
    pub xml: Limits,
    /// Whether what would be left out makes the loading fail.
    pub strict: bool,
}

impl LoadOptions {
    /// Sets whether what would be left out makes the loading fail.
    #[must_use]
    pub fn with_strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            documents: 1000,
            fields: 500_000,
            included: 4_000_000,
            diagnostics: 200,
            xml: Limits::default(),
            strict: false,
        }
    }
}

/// Loads a WSDL or schema file, with imports from its directory and those below.
///
/// # Errors
/// [`LoadError`] if the file cannot be read or is neither WSDL 1.1 nor XML Schema. Whatever is
/// wrong further in is left out and said in [`Definitions::diagnostics`], unless
/// [`LoadOptions::strict`] makes an error of it.
pub fn load_file(path: &Path, options: &LoadOptions) -> Result<Definitions, LoadError> {
    load(&path.to_string_lossy(), &Files::beside(path), options)
}

/// Loads the document at a location, and its imports, from where a resolver finds them.
///
/// # Errors
/// Those of [`load_file`].
pub fn load(
    location: &str,
    resolver: &dyn Resolver,
    options: &LoadOptions,
) -> Result<Definitions, LoadError> {
    let bytes = open(location, resolver, options)?;
    load_bytes(&bytes, location, resolver, options)
}

/// The first document.
pub(crate) fn open(
    location: &str,
    resolver: &dyn Resolver,
    options: &LoadOptions,
) -> Result<Vec<u8>, LoadError> {
    resolver.open(location, options.bytes).map_err(|error| LoadError {
        cause: Diagnostic {
            severity: Severity::Error,
            message: error.to_string(),
            location: location.to_owned(),
            line: 1,
            column: 1,
        },
        earlier: Vec::new(),
    })
}

/// Loads a document that is at hand; `location` is where its relative imports start from.
///
/// # Errors
/// Those of [`load_file`].
pub fn load_bytes(
    bytes: &[u8],
    location: &str,
    resolver: &dyn Resolver,
    options: &LoadOptions,
) -> Result<Definitions, LoadError> {
    let mut documents = Documents::new(resolver, options);
    documents.read_all(bytes, location)?;
    let mut definitions = binding::definitions(documents, options);
    let first = definitions.diagnostics.iter().position(|d| d.severity == Severity::Error);
    match first.filter(|_| options.strict) {
        Some(first) => {
            let cause = definitions.diagnostics.remove(first);
            Err(LoadError { cause, earlier: definitions.diagnostics })
        }
        None => Ok(definitions),
    }
}

/// Reads a document and what it imports, without making anything of them; and what could not be read.
pub(crate) fn documents(
    bytes: &[u8],
    location: &str,
    resolver: &dyn Resolver,
    options: &LoadOptions,
) -> Result<(Vec<Arc<Document>>, Vec<Diagnostic>), LoadError> {
    let mut documents = Documents::new(resolver, options);
    documents.read_all(bytes, location)?;
    Ok(documents.into_read())
}

/// Loads a document without imports.
///
/// # Errors
/// Those of [`load_file`].
pub fn load_str(text: &str, location: &str, options: &LoadOptions) -> Result<Definitions, LoadError> {
    load_bytes(text.as_bytes(), location, &Nothing, options)
}
