//! Interfaces of the model as Rust source: the trait and the types that a
//! person would have written, with `farcall`'s derives on them. What marshals
//! them stays in the macros; generated code is for reading.
//!
//! Files are made in memory ([`Files`]); whoever asked writes them.
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

mod names;
mod rust;

use std::collections::BTreeMap;

pub use rust::rust;

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
    /// What was generated is not Rust: a defect of the generator, to be reported with the interface.
    #[error("the code generated for {interface} does not parse: {reason}")]
    Malformed {
        /// The interface.
        interface: String,
        /// What the parser says.
        reason: String,
    },
}
