//! Descriptions, writers and readers of named fields.
//!
//! All fields of a type share one way out for errors, so that a field costs
//! little code: a labelled block that yields which field failed.

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

/// Statements that write the fields of `self`; `ty` is an expression for the `&'static StructType`.
pub(crate) fn encode(root: &Path, fields: &[Field], ty: &TokenStream) -> TokenStream {
    let writes: Vec<_> = on_wire(fields)
        .enumerate()
        .map(|(index, field)| {
            let (index, ident) = (Literal::usize_unsuffixed(index), &field.ident);
            let write = field.codec.encode(root, quote!(&self.#ident), quote!(__out));
            quote! {
                if let ::core::result::Result::Err(__error) =
                    __out.field(&__type.fields[#index], |__out| #write)
                {
                    break '__failed (#index, __error);
                }
            }
        })
        .collect();
    if writes.is_empty() {
        return quote!(__out.structure(#ty, |_| ::core::result::Result::Ok(())));
    }
    quote! {
        let __type: &'static #root::model::StructType = #ty;
        __out.structure(__type, |__out| {
            let (__index, __error): (usize, #root::wire::CodecError) = '__failed: {
                #(#writes)*
                return ::core::result::Result::Ok(());
            };
            ::core::result::Result::Err(__error.in_field(__type.fields[__index].name.clone()))
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
    let unknown = quote! {
        #root::wire::CodecError::new(
            #root::wire::ErrorKind::UnknownField(::std::string::ToString::to_string(&__index)),
        )
    };
    if wired.is_empty() {
        return decode_empty(&wrap(construct(fields, |_, _| TokenStream::new())), ty, &unknown);
    }
    let slots: Vec<_> = (0..wired.len()).map(|i| format_ident!("__{i}")).collect();
    let indices: Vec<_> = (0..wired.len()).map(Literal::usize_unsuffixed).collect();
    let types = wired.iter().map(|f| &f.codec.ty);
    let decoders: Vec<_> = wired.iter().map(|f| f.codec.decode(root)).collect();

    let positional = construct(fields, |index, field| {
        let (read, index) = (field.codec.decode(root), Literal::usize_unsuffixed(index));
        quote! {
            match #read(__from) {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(__error) => {
                    break '__failed (#index, ::core::option::Option::Some(__error));
                }
            }
        }
    });
    let keyed = construct(fields, |index, field| {
        let slot = format_ident!("__{index}");
        let instead = absent(root, index, field);
        quote! {
            match #slot {
                ::core::option::Option::Some(__value) => __value,
                ::core::option::Option::None => #instead,
            }
        }
    });
    let (positional, keyed) = (wrap(positional), wrap(keyed));
    quote! {
        let __type: &'static #root::model::StructType = #ty;
        let mut __fields = __from.begin_struct(__type)?;
        let (__index, __error): (usize, ::core::option::Option<#root::wire::CodecError>) = '__failed: {
            if __D::POSITIONAL {
                return ::core::result::Result::Ok(#positional);
            }
            #(let mut #slots: ::core::option::Option<#types> = ::core::option::Option::None;)*
            while let ::core::option::Option::Some(__index) = __from.next_field(&mut __fields, __type)? {
                let __read = match __index {
                    #(#indices => #decoders(__from).map(|__value| #slots = ::core::option::Option::Some(__value)),)*
                    _ => return ::core::result::Result::Err(#unknown),
                };
                if let ::core::result::Result::Err(__error) = __read {
                    break '__failed (__index, ::core::option::Option::Some(__error));
                }
            }
            return ::core::result::Result::Ok(#keyed);
        };
        let __name = __type.fields[__index].name.clone();
        ::core::result::Result::Err(match __error {
            ::core::option::Option::Some(__error) => __error.in_field(__name),
            ::core::option::Option::None => #root::wire::CodecError::new(
                #root::wire::ErrorKind::MissingField(__name.into_owned()),
            )
            .at(__from.offset()),
        })
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

/// The expression for a field that a message leaves out.
fn absent(root: &Path, index: usize, field: &Field) -> TokenStream {
    if let Some(fallback) = &field.default {
        return fallback.render();
    }
    let index = Literal::usize_unsuffixed(index);
    let fail = quote!(break '__failed (#index, ::core::option::Option::None));
    match field.codec.missing(root) {
        Some(missing) => quote! {
            match #missing {
                ::core::option::Option::Some(__value) => __value,
                ::core::option::Option::None => #fail,
            }
        },
        None => fail,
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
