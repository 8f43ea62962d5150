//! OMG IDL: read, checked, turned into the interface model, and written from it.
//!
//! * [`compile`] reads a text with all that it includes, and says what is wrong, with positions.
//! * [`Specification`] is what it declares, with all names resolved and repository ids worked out.
//! * [`lower`] turns that into the interface model, and [`emit`] writes the model as IDL.
//! * [`format()`] lays a text out.
//!
//! ```
//! use farcall_idl::{Disk, Options, compile};
//!
//! let text = "module demo { interface Fortune { string get_cookie(); }; };";
//! let compiled = compile("fortune.idl", text, &Options::default(), &Disk);
//! let fortune = compiled.specification().unwrap().find("demo::Fortune").unwrap();
//! assert_eq!(compiled.specification().unwrap().decl(fortune).repository_id, "IDL:demo/Fortune:1.0");
//!
//! let compiled = compile("bad.idl", "struct S { lnog x; };", &Options::default(), &Disk);
//! assert!(compiled.specification().is_err());
//! assert!(compiled.report().starts_with("bad.idl:1:12: error: nothing of the name 'lnog' is declared here"));
//! ```

mod ast;
mod diagnostics;
mod emit;
mod format;
mod lexer;
mod lower;
mod options;
mod parser;
mod preprocess;
mod resolve;
mod source;
mod spec;

pub use diagnostics::{Diagnostic, Severity};
pub use emit::{EmitError, emit, identifier};
pub use format::format;
pub use lower::{LowerError, Model, lower};
pub use options::{Disk, Limits, Loader, Options};
pub use source::{Source, Sources, Span};
pub use spec::{
    Annotation, Basic, Case, Const, Decl, DeclId, DeclKind, InterfaceDecl, Member, OperationDecl, Param,
    Specification, StateMember, Ty, ValueDecl,
};

/// What came of a text.
#[derive(Clone, Debug)]
pub struct Compiled {
    specification: Specification,
    failed: bool,
    /// The files that were read.
    pub sources: Sources,
    /// What is to be said of them, in the order of the phases: errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// A text was refused; [`Compiled::report`] says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

impl Compiled {
    /// What the text declares.
    ///
    /// # Errors
    /// If anything was wrong with it; the error shows all of it as [`Compiled::report`] does.
    pub fn specification(&self) -> Result<&Specification, Refused> {
        if self.failed { Err(Refused(self.report())) } else { Ok(&self.specification) }
    }

    /// True if it was accepted; there may be warnings.
    #[must_use]
    pub fn accepted(&self) -> bool {
        !self.failed
    }

    /// All diagnostics as compilers print them, with source lines.
    #[must_use]
    pub fn report(&self) -> String {
        self.diagnostics.iter().map(|d| d.render(&self.sources)).collect()
    }
}

/// Compiles a text; `name` is what diagnostics call it, and where `#include "…"` looks first.
#[must_use]
pub fn compile(name: &str, text: &str, options: &Options, loader: &dyn Loader) -> Compiled {
    let mut sources = Sources::default();
    let mut diagnostics = diagnostics::Diagnostics::new(options.limits.diagnostics);
    let stream =
        preprocess::preprocess(name, text.to_owned(), options, loader, &mut sources, &mut diagnostics);
    let definitions = parser::parse(stream, options.limits.depth, &mut diagnostics);
    // What could not be read would only be missed.
    let specification = if diagnostics.failed() {
        Specification::default()
    } else {
        resolve::resolve(&definitions, &mut diagnostics)
    };
    Compiled { specification, failed: diagnostics.failed(), sources, diagnostics: diagnostics.into_items() }
}

/// Compiles a file and what it includes.
///
/// # Errors
/// If the file itself cannot be read; all else is among the diagnostics.
pub fn compile_file(path: &str, options: &Options) -> std::io::Result<Compiled> {
    let octets = Disk.load(path)?;
    if octets.len() > options.limits.file_size {
        let text = format!("{path} has more octets than the limit `file_size` allows");
        return Err(std::io::Error::other(text));
    }
    Ok(compile(path, &source::decode(octets), options, &Disk))
}
