//! From what is known of an exception to its implementations.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path, Type};

use super::model::{Exception, One, Shape};
use crate::structure::render as fields;

pub(crate) fn render(exception: &Exception) -> TokenStream {
    match &exception.shape {
        Shape::One(one) => render_one(exception, one),
        Shape::Several(variants) => render_several(&exception.head.root, &exception.ident, variants),
    }
}

fn render_one(exception: &Exception, one: &One) -> TokenStream {
    let Exception { ident, head, .. } = exception;
    let (root, code) = (&head.root, one.code);
    let body = fields::describe(head, &one.fields);
    let ty = quote!(&__TYPE.body);
    let encode = fields::encode(root, &one.fields, &ty);
    let decode = fields::decode(root, &one.fields, &ty, |value| quote!(::core::option::Option::Some(#value)));
    let display = display(exception, one);
    quote! {
        const _: () = {
            static __TYPE: #root::model::ExceptionType = #root::model::ExceptionType { body: #body, code: #code };
            #[automatically_derived]
            impl ::core::fmt::Display for #ident {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #display
                }
            }
            #[automatically_derived]
            impl ::std::error::Error for #ident {}
            #[automatically_derived]
            impl #root::wire::Exception for #ident {
                fn types() -> ::std::vec::Vec<&'static #root::model::ExceptionType> {
                    ::std::vec![&__TYPE]
                }
                fn ty(&self) -> &'static #root::model::ExceptionType {
                    &__TYPE
                }
                fn encode_members<__E: #root::wire::Encoder>(&self, __out: &mut __E) -> #root::wire::Written {
                    #encode
                }
                fn decode_members<__D: #root::wire::Decoder>(
                    __name: &str,
                    __from: &mut __D,
                ) -> ::core::result::Result<::core::option::Option<Self>, #root::wire::CodecError> {
                    if __name != __TYPE.body.name && ::core::option::Option::Some(__name) != __TYPE.body.repository_id.as_deref() {
                        return ::core::result::Result::Ok(::core::option::Option::None);
                    }
                    #decode
                }
            }
        };
    }
}

/// The text for people: the message with the fields that it names, or the exception's name.
fn display(exception: &Exception, one: &One) -> TokenStream {
    let Some(message) = &one.message else {
        let name = &exception.head.name;
        return quote!(__f.write_str(#name));
    };
    let members = one.fields.iter().map(|field| &field.ident);
    quote! {
        #[allow(unused_variables)]
        let Self { #(#members),* } = self;
        ::core::write!(__f, #message)
    }
}

fn render_several(root: &Path, ident: &Ident, variants: &[(Ident, Type)]) -> TokenStream {
    let names: Vec<_> = variants.iter().map(|(name, _)| name).collect();
    let types: Vec<_> = variants.iter().map(|(_, ty)| ty).collect();
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    #(Self::#names(__inner) => ::core::fmt::Display::fmt(__inner, __f),)*
                }
            }
        }
        #[automatically_derived]
        impl ::std::error::Error for #ident {
            fn source(&self) -> ::core::option::Option<&(dyn ::std::error::Error + 'static)> {
                match self {
                    #(Self::#names(__inner) => ::std::error::Error::source(__inner),)*
                }
            }
        }
        #[automatically_derived]
        impl #root::wire::Exception for #ident {
            fn types() -> ::std::vec::Vec<&'static #root::model::ExceptionType> {
                let mut __types = ::std::vec::Vec::new();
                #(__types.extend(<#types as #root::wire::Exception>::types());)*
                __types
            }
            fn ty(&self) -> &'static #root::model::ExceptionType {
                match self {
                    #(Self::#names(__inner) => #root::wire::Exception::ty(__inner),)*
                }
            }
            fn encode_members<__E: #root::wire::Encoder>(&self, __out: &mut __E) -> #root::wire::Written {
                match self {
                    #(Self::#names(__inner) => #root::wire::Exception::encode_members(__inner, __out),)*
                }
            }
            fn decode_members<__D: #root::wire::Decoder>(
                __name: &str,
                __from: &mut __D,
            ) -> ::core::result::Result<::core::option::Option<Self>, #root::wire::CodecError> {
                #(if let ::core::option::Option::Some(__inner) =
                    <#types as #root::wire::Exception>::decode_members(__name, __from)?
                {
                    return ::core::result::Result::Ok(::core::option::Option::Some(Self::#names(__inner)));
                })*
                ::core::result::Result::Ok(::core::option::Option::None)
            }
        }
        #(
            #[automatically_derived]
            impl ::core::convert::From<#types> for #ident {
                fn from(__inner: #types) -> Self {
                    Self::#names(__inner)
                }
            }
        )*
    }
}
