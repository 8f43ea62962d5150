//! What a derive knows of the fields of a struct.

use syn::{Ident, Path, Type};

/// One field.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) codec: Codec,
    /// The name on the wire.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) default: Option<Fallback>,
    /// Not on the wire.
    pub(crate) skip: bool,
    pub(crate) xml: Xml,
}

/// How a value is described, written and read: by its type, or by a module that stands in.
pub(crate) struct Codec {
    pub(crate) ty: Type,
    pub(crate) with: Option<Path>,
}

/// What stands for a field that is missing.
pub(crate) enum Fallback {
    Default,
    Call(Path),
}

/// How a field stands in XML.
#[derive(Default)]
pub(crate) struct Xml {
    pub(crate) namespace: Option<String>,
    pub(crate) local: Option<String>,
    pub(crate) kind: XmlKind,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum XmlKind {
    #[default]
    Element,
    Attribute,
    Text,
    Nillable,
    Content,
}
