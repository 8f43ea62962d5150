//! What attributes and documentation say of a declaration as a whole: its
//! name, scope and repository id, alike for types, exceptions and services.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{Attribute, Ident, Path};

use crate::attr::{self, Errors, Item};
use crate::case::Case;

/// The names of a declaration.
pub(crate) struct Head {
    /// Where the library is.
    pub(crate) root: Path,
    pub(crate) name: String,
    pub(crate) scope: String,
    pub(crate) id: Option<String>,
    pub(crate) doc: String,
    pub(crate) case: Option<Case>,
    /// Whether each instance has a name of its own, made of its arguments'.
    pub(crate) is_generic: bool,
}

/// The keys that [`Head::take`] knows, for messages.
pub(crate) const KEYS: &str = "`name`, `scope`, `id`, `rename_all`, `crate`";

impl Head {
    /// What there is without any attribute.
    pub(crate) fn new(ident: &Ident, attrs: &[Attribute]) -> Self {
        Self {
            root: attr::default_root(),
            name: ident.unraw().to_string(),
            scope: String::new(),
            id: None,
            doc: attr::doc(attrs),
            case: None,
            is_generic: false,
        }
    }

    /// Takes an item; false if it is none of the names.
    pub(crate) fn take(&mut self, item: &Item, errors: &mut Errors) -> bool {
        match item.key.to_string().as_str() {
            "name" => set(&mut self.name, item.name(errors)),
            "scope" => set(&mut self.scope, item.name(errors)),
            "id" => self.id = item.name(errors),
            "rename_all" => self.case = Case::parse(item, errors),
            "crate" => set(&mut self.root, item.path(errors)),
            _ => return false,
        }
        true
    }

    /// Whether the scope is a namespace of XML.
    pub(crate) fn is_uri(&self) -> bool {
        self.scope.contains(':') && !self.scope.contains("::")
    }

    /// The name of something inside, spelled as `rename_all` says.
    pub(crate) fn spell(&self, ident: &Ident) -> String {
        let name = ident.unraw().to_string();
        self.case.map_or_else(|| name.clone(), |case| case.apply(&name))
    }

    /// The CORBA repository id, declared or as IDL makes it of scope and name.
    pub(crate) fn repository_id(&self) -> String {
        let Self { id, scope, name, .. } = self;
        // a namespace of XML is no scope of modules
        let is_uri = scope.contains("://") || scope.starts_with("urn:");
        match id {
            Some(id) => id.clone(),
            None if scope.is_empty() || is_uri => format!("IDL:{name}:1.0"),
            None => format!("IDL:{}/{name}:1.0", scope.replace("::", "/")),
        }
    }

    /// The members of a type's description that it gives.
    pub(crate) fn render(&self) -> TokenStream {
        let (scope, doc) = (text(&self.scope), text(&self.doc));
        let name = if self.is_generic {
            let root = &self.root;
            quote!(::std::borrow::Cow::Borrowed(#root::wire::derive::name::<Self>()))
        } else {
            text(&self.name)
        };
        let id = optional_text(self.id.as_deref());
        quote!(name: #name, scope: #scope, repository_id: #id, doc: #doc)
    }
}

fn set<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

/// A text that is borrowed for ever.
pub(crate) fn text(text: &str) -> TokenStream {
    quote!(::std::borrow::Cow::Borrowed(#text))
}

/// Such a text, or none.
pub(crate) fn optional_text(value: Option<&str>) -> TokenStream {
    match value.map(text) {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}
