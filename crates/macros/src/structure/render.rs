//! Descriptions, writers and readers of named fields.
//!
//! A field costs one call of `wire::derive` a direction, which keeps what is
//! compiled small and its error paths in the library.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Path;

use super::model::{Codec, Fallback, Field, Xml, XmlKind};
use crate::head::{Head, optional_text, text};

impl Codec {
    /// The function that describes it.
    pub(crate) fn describe(&self, root: &Path) -> TokenStream {
        let Self { ty, with } = self;
        match with {
            Some(module) => quote!(#module::describe),
            None => quote!(<#ty as #root::wire::Describe>::describe),
        }
    }

    /// An expression that writes what that reference expression refers to.
    pub(crate) fn encode(&self, root: &Path, value: impl ToTokens, out: impl ToTokens) -> TokenStream {
        let Self { ty, with } = self;
        match with {
            Some(module) => quote!(#module::encode(#value, #out)),
            None => quote!(<#ty as #root::wire::Encode>::encode(#value, #out)),
        }
    }

    /// The function that reads it.
    pub(crate) fn decode(&self, root: &Path) -> TokenStream {
        let Self { ty, with } = self;
        match with {
            Some(module) => quote!(#module::decode),
            None => quote!(<#ty as #root::wire::Decode>::decode),
        }
    }

    /// An expression for what stands for it where it is missing, as an option; none if nothing does.
    pub(crate) fn missing(&self, root: &Path) -> Option<TokenStream> {
        let ty = &self.ty;
        self.with.is_none().then(|| quote!(<#ty as #root::wire::Decode>::missing()))
    }
}

impl Fallback {
    fn render(&self) -> TokenStream {
        match self {
            Self::Default => quote!(::core::default::Default::default()),
            Self::Call(path) => quote!(#path()),
        }
    }
}

impl Xml {
    fn render(&self, root: &Path) -> TokenStream {
        let (namespace, local) =
            (optional_text(self.namespace.as_deref()), optional_text(self.local.as_deref()));
        let kind = match self.kind {
            XmlKind::Element => quote!(Element),
            XmlKind::Attribute => quote!(Attribute),
            XmlKind::Text => quote!(Text),
            XmlKind::Nillable => quote!(Nillable),
            XmlKind::Content => quote!(Content),
        };
        quote! {
            #root::model::XmlName { namespace: #namespace, local: #local, kind: #root::model::XmlKind::#kind }
        }
    }
}

fn on_wire(fields: &[Field]) -> impl Iterator<Item = &Field> {
    fields.iter().filter(|f| !f.skip)
}

/// The constant expression of a `StructType`.
pub(crate) fn describe(head: &Head, fields: &[Field]) -> TokenStream {
    let root = &head.root;
    let names = head.render();
    let fields = on_wire(fields).map(|field| {
        let (name, doc, ty) = (text(&field.name), text(&field.doc), field.codec.describe(root));
        let plain = field.doc.is_empty()
            && field.default.is_none()
            && field.xml.kind == XmlKind::Element
            && field.xml.namespace.is_none()
            && field.xml.local.is_none();
        if plain {
            return quote!(#root::model::Field::new(#name, #root::model::TypeRef::Static(#ty)));
        }
        let (default, xml) = (field.default.is_some(), field.xml.render(root));
        quote! {
            #root::model::Field {
                name: #name,
                ty: #root::model::TypeRef::Static(#ty),
                default: #default,
                doc: #doc,
                xml: #xml,
            }
        }
    });
    quote! {
        #root::model::StructType { #names, fields: ::std::borrow::Cow::Borrowed(&[#(#fields),*]) }
    }
}

/// Items of the three implementations for a struct that may be of fixed size.
pub(crate) struct Plain {
    pub(crate) span: TokenStream,
    pub(crate) put: TokenStream,
    pub(crate) get: TokenStream,
}

/// Whether they are is seen from the types of the fields; fields with codecs of their own are not, and
/// a struct that is not on the wire as it is in memory is left alone.
pub(crate) fn plain(root: &Path, fields: &[Field]) -> Option<Plain> {
    if fields.is_empty() || fields.iter().any(|f| f.skip || f.codec.with.is_some()) {
        return None;
    }
    let idents: Vec<_> = fields.iter().map(|f| &f.ident).collect();
    let types: Vec<_> = fields.iter().map(|f| &f.codec.ty).collect();
    let plain = quote!(#root::wire::plain);
    Some(Plain {
        span: quote! {
            const SPAN: ::core::option::Option<#plain::Span> =
                #plain::Span::chain(&[#(<#types as #root::wire::Describe>::SPAN),*]);
        },
        put: quote! {
            #[inline(always)]
            fn put(&self, __out: &mut #plain::Put<'_>) -> ::core::option::Option<()> {
                #(<#types as #root::wire::Encode>::put(&self.#idents, __out)?;)*
                ::core::option::Option::Some(())
            }
        },
        get: quote! {
            #[inline(always)]
            fn get(__from: &mut #plain::Get<'_>) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(Self {
                    #(#idents: <#types as #root::wire::Decode>::get(__from)?,)*
                })
            }
        },
    })
}

/// Statements that write the fields of `self`; `ty` is an expression for the `&'static StructType`.
pub(crate) fn encode(root: &Path, fields: &[Field], ty: &TokenStream) -> TokenStream {
    let writes = on_wire(fields).enumerate().map(|(index, field)| {
        let (index, ident, of) = (Literal::usize_unsuffixed(index), &field.ident, &field.codec.ty);
        match &field.codec.with {
            None => quote!(#root::wire::derive::write::<_, #of>(__out, #ty, #index, &self.#ident)?;),
            Some(module) => quote! {
                #root::wire::derive::write_with(__out, #ty, #index, |__out| #module::encode(&self.#ident, __out))?;
            },
        }
    });
    let writes: Vec<_> = writes.collect();
    let out = if writes.is_empty() { quote!(_) } else { quote!(__out) };
    quote! {
        __out.structure(#ty, |#out| {
            #(#writes)*
            ::core::result::Result::Ok(())
        })
    }
}

/// Statements that read the fields and return `wrap(Self { … })` in `Ok`.
pub(crate) fn decode(
    root: &Path,
    fields: &[Field],
    ty: &TokenStream,
    wrap: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let wired: Vec<&Field> = on_wire(fields).collect();
    let unknown = quote!(#root::wire::derive::no_such(__index, &(#ty).name));
    if wired.is_empty() {
        return decode_empty(&wrap(construct(fields, |_, _| TokenStream::new())), ty, &unknown);
    }
    let slots: Vec<_> = (0..wired.len()).map(|i| format_ident!("__{i}")).collect();
    let indices: Vec<_> = (0..wired.len()).map(Literal::usize_unsuffixed).collect();
    let types = wired.iter().map(|f| &f.codec.ty);
    let reads = wired.iter().enumerate().map(|(index, field)| read(root, index, field, ty));
    let positional = wrap(construct(fields, |index, field| read(root, index, field, ty)));
    let keyed = wrap(construct(fields, |index, field| present(root, index, field, ty)));
    quote! {
        let mut __fields = __from.begin_struct(#ty)?;
        if __D::POSITIONAL {
            return ::core::result::Result::Ok(#positional);
        }
        #(let mut #slots: ::core::option::Option<#types> = ::core::option::Option::None;)*
        while let ::core::option::Option::Some(__index) = __from.next_field(&mut __fields, #ty)? {
            match __index {
                #(#indices => #slots = ::core::option::Option::Some(#reads),)*
                _ => return ::core::result::Result::Err(#unknown),
            }
        }
        ::core::result::Result::Ok(#keyed)
    }
}

/// An expression that reads the value of a field.
fn read(root: &Path, index: usize, field: &Field, ty: &TokenStream) -> TokenStream {
    let (index, of) = (Literal::usize_unsuffixed(index), &field.codec.ty);
    match &field.codec.with {
        None => quote!(#root::wire::derive::read::<#of, _>(__from, #ty, #index)?),
        Some(module) => quote! {
            #module::decode(__from).map_err(|__error| #root::wire::derive::in_field(__error, #ty, #index))?
        },
    }
}

/// An expression for a field that was read, or what stands for it.
fn present(root: &Path, index: usize, field: &Field, ty: &TokenStream) -> TokenStream {
    let (slot, index) = (format_ident!("__{index}"), Literal::usize_unsuffixed(index));
    let otherwise = match (&field.default, &field.codec.with) {
        (Some(fallback), _) => fallback.render(),
        (None, None) => return quote!(#root::wire::derive::present(__from, #ty, #index, #slot)?),
        (None, Some(_)) => quote! {
            return ::core::result::Result::Err(#root::wire::derive::missing(#ty, #index, __from.offset()))
        },
    };
    quote! {
        match #slot {
            ::core::option::Option::Some(__value) => __value,
            ::core::option::Option::None => #otherwise,
        }
    }
}

fn decode_empty(value: &TokenStream, ty: &TokenStream, unknown: &TokenStream) -> TokenStream {
    quote! {
        let mut __fields = __from.begin_struct(#ty)?;
        if __D::POSITIONAL {
            return ::core::result::Result::Ok(#value);
        }
        match __from.next_field(&mut __fields, #ty)? {
            ::core::option::Option::None => ::core::result::Result::Ok(#value),
            ::core::option::Option::Some(__index) => ::core::result::Result::Err(#unknown),
        }
    }
}

/// `Self { … }`, where `value` gives the fields that are on the wire, by position there.
fn construct(fields: &[Field], value: impl Fn(usize, &Field) -> TokenStream) -> TokenStream {
    let mut wired = 0;
    let members = fields.iter().map(|field| {
        let ident = &field.ident;
        if field.skip {
            let instead = field.default.as_ref().unwrap_or(&Fallback::Default).render();
            return quote!(#ident: #instead);
        }
        let value = value(wired, field);
        wired += 1;
        quote!(#ident: #value)
    });
    quote!(Self { #(#members),* })
}
