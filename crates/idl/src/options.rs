//! How a run is set up: [`Options`], [`Limits`], and [`Loader`], which reads files.

use std::collections::BTreeMap;
use std::io;

/// Where included files come from.
///
/// ```
/// use std::collections::BTreeMap;
/// use farcall_idl::Loader;
///
/// let files = BTreeMap::from([("a.idl".to_owned(), "typedef long A;".to_owned())]);
/// assert!(files.load("a.idl").is_ok());
/// assert!(files.load("b.idl").is_err());
/// ```
pub trait Loader {
    /// The content of the file of that name.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] lets the search go on in the next include path; other errors
    /// are reported.
    fn load(&self, name: &str) -> io::Result<Vec<u8>>;
}

/// Reads from the file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Loader for Disk {
    fn load(&self, name: &str) -> io::Result<Vec<u8>> {
        if std::fs::metadata(name)?.is_dir() {
            return Err(io::ErrorKind::NotFound.into());
        }
        std::fs::read(name)
    }
}

impl Loader for BTreeMap<String, String> {
    fn load(&self, name: &str) -> io::Result<Vec<u8>> {
        self.get(name).map(|text| text.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// What a run may use up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of a file.
    pub file_size: usize,
    /// Files, each as often as it is included.
    pub files: usize,
    /// Files that include one another.
    pub include_depth: usize,
    /// Tokens, after macros are expanded.
    pub tokens: usize,
    /// Declarations, types and expressions within one another.
    pub depth: usize,
    /// Diagnostics.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_size: 64 << 20,
            files: 4096,
            include_depth: 64,
            tokens: 1 << 20,
            depth: 100,
            diagnostics: 100,
        }
    }
}

/// How a run is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where `#include` looks, in order; for quoted names, after the including file's directory.
    pub include_paths: Vec<String>,
    /// Macros that are defined before the first line, with their text. `__FARCALL_IDL__` is, and
    /// `__OMNIIDL__`: texts ask for it to learn whether escaped identifiers are understood.
    pub defines: Vec<(String, String)>,
    /// What the run may use up.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        let defines = ["__FARCALL_IDL__", "__OMNIIDL__"].map(|name| (name.to_owned(), "1".to_owned()));
        Self { include_paths: Vec::new(), defines: defines.into(), limits: Limits::default() }
    }
}

impl Options {
    /// Adds a directory to search.
    #[must_use]
    pub fn include(mut self, path: impl Into<String>) -> Self {
        self.include_paths.push(path.into());
        self
    }

    /// Defines a macro.
    #[must_use]
    pub fn define(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.defines.push((name.into(), text.into()));
        self
    }
}
