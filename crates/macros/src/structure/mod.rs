//! Named fields, of structs and of exceptions alike.

pub(crate) mod model;
pub(crate) mod parse;
pub(crate) mod render;
