//! What `#[derive(Exception)]` knows of a type.

use syn::{Ident, LitStr, Type};

use crate::head::Head;
use crate::structure::model::Field;

pub(crate) struct Exception {
    pub(crate) ident: Ident,
    pub(crate) head: Head,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    One(One),
    /// One of several: variants that carry an exception each.
    Several(Vec<(Ident, Type)>),
}

/// A single exception.
pub(crate) struct One {
    pub(crate) fields: Vec<Field>,
    pub(crate) code: i32,
    /// A format string; the name where there is none.
    pub(crate) message: Option<LitStr>,
}
