//! What `#[service]` knows of a trait.

use syn::{Ident, ItemTrait, Path, Type};

use crate::head::Head;

pub(crate) struct Service {
    /// The trait as it is to stand in the expansion.
    pub(crate) item: ItemTrait,
    pub(crate) head: Head,
    /// The repository ids of what it inherits from.
    pub(crate) bases: Vec<String>,
    /// The function that completes the interface.
    pub(crate) with: Option<Path>,
    pub(crate) operations: Vec<Operation>,
}

/// A method of the trait.
pub(crate) struct Operation {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) doc: String,
    /// True if it takes the call's context first.
    pub(crate) context: bool,
    pub(crate) params: Vec<Param>,
    /// What it returns: an `Outcome`.
    pub(crate) outcome: Type,
    /// What it returns beside parameters that come back, if there are such.
    pub(crate) returned: Option<Type>,
    /// The parameters that come back.
    pub(crate) outs: Vec<Out>,
    pub(crate) oneway: bool,
    pub(crate) idempotent: bool,
    /// The strings of the caller's context that are sent along.
    pub(crate) strings: Vec<String>,
}

/// A parameter of a method.
pub(crate) struct Param {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Type,
}

/// A parameter that comes back.
pub(crate) struct Out {
    pub(crate) name: String,
    pub(crate) ty: Type,
}
