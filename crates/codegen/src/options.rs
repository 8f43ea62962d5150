//! What can be chosen about generated code.

use std::collections::BTreeMap;

/// How generated items are spread over modules and files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// One file without modules, whatever the scopes.
    Flat,
    /// One file, with a module in it for each scope.
    #[default]
    Nested,
    /// A file for each module: `name.rs`, `name/scope.rs`, ….
    Files,
}

/// What can be chosen about generated code.
///
/// ```
/// use farcall_codegen::{Layout, Options};
///
/// let options = Options::new("bank").layout(Layout::Files).module("urn:example:bank:v1", "bank");
/// assert_eq!(options.name, "bank");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// What the first file is called, without `.rs`.
    pub name: String,
    /// How items are spread over modules and files.
    pub layout: Layout,
    /// What they are generated from, for the comment at the top: a file's name or a URL.
    pub source: Option<String>,
    /// True for a file that `include!` takes in, which can have no inner attributes.
    pub included: bool,
    /// Modules of scopes whose own names would not do, as paths such as `onvif::media`; by scope.
    pub modules: BTreeMap<String, String>,
}

impl Options {
    /// Options for code whose first file is `name.rs`.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Sets how items are spread over modules and files.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Sets what the comment at the top names as the source.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Says that the file is taken in by `include!`.
    #[must_use]
    pub fn included(mut self) -> Self {
        self.included = true;
        self
    }

    /// Sets the module of a scope.
    #[must_use]
    pub fn module(mut self, scope: impl Into<String>, path: impl Into<String>) -> Self {
        self.modules.insert(scope.into(), path.into());
        self
    }
}
