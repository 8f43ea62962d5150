//! Value types: structs whose values have an identity, and enums of them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Ident, Type};

use super::model::{ValueHead, ValueKind, Wire};
use crate::head::text;
use crate::structure::model::Field;
use crate::structure::render as fields;

/// A value type with state of its own.
pub(super) fn structure(wire: &Wire, value: &ValueHead, members: &[Field]) -> TokenStream {
    let root = &wire.head.root;
    let body = fields::describe(&wire.head, members);
    let kind = match value.kind {
        ValueKind::Plain => quote!(Plain),
        ValueKind::Truncatable => quote!(Truncatable),
        ValueKind::Custom => quote!(Custom),
        ValueKind::Boxed => quote!(Boxed),
    };
    let bases = value.bases.iter().map(|base| text(base));
    let ty = quote! {
        #root::model::ValueType {
            body: #body,
            kind: #root::model::ValueKind::#kind,
            bases: ::std::borrow::Cow::Borrowed(&[#(#bases),*]),
            derived: ::std::borrow::Cow::Borrowed(&[]),
        }
    };
    let inside = quote!((&__VALUE.body));
    let encode = fields::encode(root, members, &inside);
    let decode = fields::decode(root, members, &inside, |value| value);
    let write = quote! {
        __out.value(__VALUE, __identity, |__out| #root::wire::Valued::encode_state(self, __out))
    };
    impls(wire, &ty, &write, &encode, &decode)
}

/// A value type without state, whose values are of one of those that derive from it.
pub(super) fn one_of(wire: &Wire, variants: &[(Ident, Type)]) -> TokenStream {
    let root = &wire.head.root;
    let names = wire.head.render();
    let types = variants.iter().map(|(_, ty)| ty);
    let ty = quote! {
        #root::model::ValueType {
            body: #root::model::StructType { #names, fields: ::std::borrow::Cow::Borrowed(&[]) },
            kind: #root::model::ValueKind::Abstract,
            bases: ::std::borrow::Cow::Borrowed(&[]),
            derived: ::std::borrow::Cow::Borrowed(&[
                #(#root::model::TypeRef::Static(<#types as #root::wire::Describe>::describe)),*
            ]),
        }
    };
    let encodes = variants
        .iter()
        .map(|(ident, _)| quote!(Self::#ident(__value) => #root::wire::Valued::encode_state(__value, __out)));
    let writes = variants.iter().map(|(ident, _)| {
        quote! {
            Self::#ident(__value) => match __identity {
                ::core::option::Option::Some(__address) => {
                    #root::wire::Encode::encode_shared(__value, __address, __out)
                }
                ::core::option::Option::None => #root::wire::Encode::encode(__value, __out),
            }
        }
    });
    let decodes = variants.iter().enumerate().map(|(index, (ident, ty))| {
        let index = Literal::usize_unsuffixed(index);
        quote! {
            ::core::option::Option::Some(#index) => {
                <#ty as #root::wire::Valued>::decode_state(__from, ::core::option::Option::None).map(Self::#ident)
            }
        }
    });
    let encode = quote!(match self { #(#encodes),* });
    let write = quote!(match self { #(#writes),* });
    let decode = quote! {
        match __derived {
            #(#decodes)*
            _ => ::core::result::Result::Err(
                #root::wire::valuetype::no_derived(__VALUE, #root::wire::Decoder::offset(__from)),
            ),
        }
    };
    impls(wire, &ty, &write, &encode, &decode)
}

/// The implementations, from the statements that write the value with its identity, and that
/// write and read what is inside.
fn impls(
    wire: &Wire,
    ty: &TokenStream,
    write: &TokenStream,
    encode: &TokenStream,
    decode: &TokenStream,
) -> TokenStream {
    let (ident, root, label) = (&wire.ident, &wire.head.root, &wire.head.name);
    let result = quote!(::core::result::Result);
    quote! {
        const _: () = {
            static __TYPE: #root::model::Type = #root::model::Type::Value(#ty);
            static __VALUE: &#root::model::ValueType = match &__TYPE {
                #root::model::Type::Value(__value) => __value,
                _ => ::core::unreachable!(),
            };
            impl #ident {
                fn __write<__E: #root::wire::Encoder>(
                    &self,
                    __identity: ::core::option::Option<usize>,
                    __out: &mut __E,
                ) -> #root::wire::Written {
                    #write
                }
            }
            #[automatically_derived]
            impl #root::wire::Valued for #ident {
                fn value_type() -> &'static #root::model::ValueType {
                    __VALUE
                }

                fn encode_state<__E: #root::wire::Encoder>(&self, __out: &mut __E) -> #root::wire::Written {
                    #encode
                }

                fn decode_state<__D: #root::wire::Decoder>(
                    __from: &mut __D,
                    __derived: ::core::option::Option<usize>,
                ) -> #result<Self, #root::wire::CodecError> {
                    let _ = __derived;
                    #decode
                }
            }
            #[automatically_derived]
            impl #root::wire::Describe for #ident {
                const NULLABLE: bool = true;
                const LABEL: #root::wire::Label = #root::wire::Label::new(#label);

                fn describe() -> &'static #root::model::Type {
                    &__TYPE
                }
            }
            #[automatically_derived]
            impl #root::wire::Encode for #ident {
                fn encode<__E: #root::wire::Encoder>(&self, __out: &mut __E) -> #root::wire::Written {
                    self.__write(::core::option::Option::None, __out)
                }

                fn encode_shared<__E: #root::wire::Encoder>(
                    &self,
                    __address: usize,
                    __out: &mut __E,
                ) -> #root::wire::Written {
                    self.__write(::core::option::Option::Some(__address), __out)
                }
            }
            #[automatically_derived]
            impl #root::wire::Decode for #ident {
                fn decode<__D: #root::wire::Decoder>(
                    __from: &mut __D,
                ) -> #result<Self, #root::wire::CodecError> {
                    let __found = #root::wire::valuetype::decode_option::<Self, _>(__from)?;
                    __found.ok_or_else(|| {
                        #root::wire::valuetype::null(__VALUE, #root::wire::Decoder::offset(__from))
                    })
                }

                fn decode_option<__D: #root::wire::Decoder>(
                    __from: &mut __D,
                ) -> #result<::core::option::Option<Self>, #root::wire::CodecError> {
                    #root::wire::valuetype::decode_option(__from)
                }

                fn decode_shared<__D: #root::wire::Decoder>(
                    __from: &mut __D,
                ) -> #result<::core::option::Option<::std::sync::Arc<Self>>, #root::wire::CodecError> {
                    #root::wire::valuetype::decode_shared(__from)
                }
            }
        };
    }
}
