//! What a loader has to say about the documents that it read, and where.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Odd, and taken as it was meant.
    Warning,
    /// Something is left out of what was loaded because of it.
    Error,
}

/// A finding in a WSDL or schema document.
///
/// Shown as `bank.wsdl:12:3: error: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// The document.
    pub location: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let Self { message, location, line, column, .. } = self;
        write!(f, "{location}:{line}:{column}: {severity}: {message}")
    }
}

/// Why nothing could be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadError {
    /// The finding that ended the loading.
    pub cause: Diagnostic,
    /// What else was found.
    pub earlier: Vec<Diagnostic>,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl std::error::Error for LoadError {}
