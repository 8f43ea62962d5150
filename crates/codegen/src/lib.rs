//! Interfaces of the model as Rust source: the trait and the types that a
//! person would have written, with `farcall`'s derives on them. What marshals
//! them stays in the macros; generated code is for reading.
//!
//! Files are made in memory ([`Files`]); whoever asked writes them.
//!
//! * [`rust`]: one interface, in one file without modules.
//! * [`Generator`]: any number of interfaces, types, exceptions, constants and aliases, in modules
//!   by their scopes.
//!
//! ```
//! use farcall_model::{Interface, Operation, Param, Type, TypeRef};
//!
//! let interface = Interface::new("Calculator").with_operation(
//!     Operation::new("add")
//!         .with_param(Param::new("a", TypeRef::from(Type::I32)))
//!         .with_result(TypeRef::from(Type::I32)),
//! );
//! let files = farcall_codegen::rust(&interface)?;
//! assert!(files["calculator.rs"].contains("async fn add(&self, a: i32) -> Result<i32, Fault>;"));
//! # Ok::<(), farcall_codegen::Error>(())
//! ```

mod docs;
mod generator;
mod layout;
mod names;
mod nodes;
mod options;
mod plan;
mod recursion;
mod scopes;
mod traits;
mod write;
mod xml;

use std::collections::BTreeMap;

pub use generator::{Generator, rust};
pub use options::{Layout, Options};

/// A name as Rust calls modules and files.
///
/// ```
/// assert_eq!(farcall_codegen::module_name("CosNaming"), "cos_naming");
/// assert_eq!(farcall_codegen::module_name("type"), "type");
/// ```
#[must_use]
pub fn module_name(name: &str) -> String {
    names::plain(&names::snake(name)).to_owned()
}

/// Source files by their path, relative to where they are to stand.
pub type Files = BTreeMap<String, String>;

/// Why there is no code for an interface.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A construct that the generated language has nothing for.
    #[error("{place}: {what} has no counterpart in Rust yet")]
    Unsupported {
        /// The operation or type.
        place: String,
        /// The construct.
        what: String,
    },
    /// Types or modules within one another, more than Rust's compiler takes.
    #[error("{place} is nested more than {limit} levels deep")]
    TooDeep {
        /// The operation, type or module.
        place: String,
        /// As deep as may be.
        limit: usize,
    },
    /// What was generated is not Rust: a defect of the generator, to be reported with its source.
    #[error("the code generated as {file} does not parse: {reason}")]
    Malformed {
        /// The file.
        file: String,
        /// What the parser says.
        reason: String,
    },
}
