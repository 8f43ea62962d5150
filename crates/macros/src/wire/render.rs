//! From what is known of a type to its `Describe`, `Encode` and `Decode`.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{GenericParam, Generics, Path, Type};

use super::model::{Case, Discriminator, Member, Shape, Union, Wire};
use super::value;
use crate::head::{Head, text};
use crate::structure::model::Codec;
use crate::structure::render as fields;

/// The scope of discriminators that are names in XML: the namespace of `xsi:type`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

pub(crate) fn render(wire: &Wire) -> TokenStream {
    let root = &wire.head.root;
    match &wire.shape {
        Shape::Struct(members) => named(wire, "Struct", &fields::describe(&wire.head, members), |ty| {
            (fields::encode(root, members, ty), fields::decode(root, members, ty, |value| value))
        }),
        Shape::Enum(members) => named(wire, "Enum", &enum_type(wire, members), |ty| {
            (encode_enum(members, ty), decode_enum(root, members, ty))
        }),
        Shape::Union(union) => named(wire, "Union", &union_type(&wire.head, union), |ty| {
            (encode_union(root, &union.cases, ty), decode_union(root, &union.cases, ty))
        }),
        Shape::Value(value, members) => value::structure(wire, value, members),
        Shape::Values(variants) => value::one_of(wire, variants),
        Shape::Newtype(codec) => newtype(wire, codec),
        Shape::Tuple(types) => tuple(wire, types),
    }
}

/// A type that has a description of its own.
///
/// The description is a static; that of a generic type, which cannot be, is
/// an associated constant, one for each instance. `body` gives the statements
/// that write and read, from an expression for the description's inside.
fn named(
    wire: &Wire,
    kind: &str,
    inside: &TokenStream,
    body: impl Fn(&TokenStream) -> (TokenStream, TokenStream),
) -> TokenStream {
    let root = &wire.head.root;
    let (variant, inner) = (format_ident!("{kind}"), format_ident!("{kind}Type"));
    let generic = !wire.generics.params.is_empty();
    let (declaration, whole, ty) = if generic {
        let ident = &wire.ident;
        let bounded = bounded(&wire.generics, &syn::parse_quote!(#root::wire::Describe));
        let (impl_generics, type_generics, where_clause) = bounded.split_for_impl();
        let declaration = quote! {
            trait __Described: Sized {
                const __TYPE: &'static #root::model::Type;
                const __INSIDE: &'static #root::model::#inner = match Self::__TYPE {
                    #root::model::Type::#variant(__inside) => __inside,
                    _ => ::core::unreachable!(),
                };
            }
            impl #impl_generics __Described for #ident #type_generics #where_clause {
                const __TYPE: &'static #root::model::Type = &#root::model::Type::#variant(#inside);
            }
        };
        (declaration, quote!(<Self as __Described>::__TYPE), quote!(<Self as __Described>::__INSIDE))
    } else {
        let declaration = quote! {
            static __TYPE: #root::model::Type = #root::model::Type::#variant(#inside);
            static __INSIDE: &#root::model::#inner = match &__TYPE {
                #root::model::Type::#variant(__inside) => __inside,
                _ => ::core::unreachable!(),
            };
        };
        (declaration, quote!(&__TYPE), quote!(__INSIDE))
    };
    let (encode, decode) = body(&ty);
    let impls = impls(wire, &whole, &encode, &decode, None);
    quote! {
        const _: () = {
            #declaration
            #impls
        };
    }
}

/// The three implementations, from the statements of their functions.
fn impls(
    wire: &Wire,
    describe: &TokenStream,
    encode: &TokenStream,
    decode: &TokenStream,
    missing: Option<&TokenStream>,
) -> TokenStream {
    let Wire { ident, generics, head, .. } = wire;
    let root = &head.root;
    let header = |name: &str| {
        let name = format_ident!("{name}");
        let generics = bounded(generics, &syn::parse_quote!(#root::wire::#name));
        let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #impl_generics #root::wire::#name for #ident #type_generics #where_clause
        }
    };
    let (for_describe, for_encode, for_decode) = (header("Describe"), header("Encode"), header("Decode"));
    let label = label(wire);
    let missing = missing.map(|value| {
        quote! {
            fn missing() -> ::core::option::Option<Self> {
                #value
            }
        }
    });
    quote! {
        #for_describe {
            const LABEL: #root::wire::Label = #label;

            fn describe() -> &'static #root::model::Type {
                #describe
            }
        }
        #for_encode {
            fn encode<__E: #root::wire::Encoder>(&self, __out: &mut __E) -> #root::wire::Written {
                #encode
            }
        }
        #for_decode {
            fn decode<__D: #root::wire::Decoder>(
                __from: &mut __D,
            ) -> ::core::result::Result<Self, #root::wire::CodecError> {
                #decode
            }
            #missing
        }
    }
}

/// What the names of generic types say of this one: its own name, and what its arguments say.
fn label(wire: &Wire) -> TokenStream {
    let (root, name) = (&wire.head.root, &wire.head.name);
    let parts = wire.generics.params.iter().enumerate().map(|(at, param)| {
        let joint = if at == 0 { "Of" } else { "And" };
        match param {
            GenericParam::Type(param) => {
                let ident = &param.ident;
                quote!(.with(#joint).and(&<#ident as #root::wire::Describe>::LABEL))
            }
            GenericParam::Const(param) => {
                let ident = &param.ident;
                quote!(.with(#joint).number(#ident as i128))
            }
            GenericParam::Lifetime(_) => TokenStream::new(),
        }
    });
    quote!(#root::wire::Label::new(#name) #(#parts)*)
}

/// The generics, whose type parameters implement that trait.
fn bounded(generics: &Generics, bound: &Path) -> Generics {
    let mut generics = generics.clone();
    for param in generics.type_params_mut() {
        param.bounds.push(syn::parse_quote!(#bound));
    }
    generics
}

fn newtype(wire: &Wire, codec: &Codec) -> TokenStream {
    let root = &wire.head.root;
    let (describe, decode) = (codec.describe(root), codec.decode(root));
    let missing = codec.missing(root).map(|missing| quote!(#missing.map(Self)));
    impls(
        wire,
        &quote!(#describe()),
        &codec.encode(root, quote!(&self.0), quote!(__out)),
        &quote!(#decode(__from).map(Self)),
        missing.as_ref(),
    )
}

fn tuple(wire: &Wire, types: &[Type]) -> TokenStream {
    let root = &wire.head.root;
    let indices: Vec<_> = (0..types.len()).map(Literal::usize_unsuffixed).collect();
    let whole = quote!((#(#types),*));
    impls(
        wire,
        &quote!(<#whole as #root::wire::Describe>::describe()),
        &quote!(#root::wire::Encode::encode(&(#(&self.#indices),*), __out)),
        &quote!(<#whole as #root::wire::Decode>::decode(__from).map(|__items| Self(#(__items.#indices),*))),
        None,
    )
}

fn enum_type(wire: &Wire, members: &[Member]) -> TokenStream {
    let root = &wire.head.root;
    let ident = &wire.ident;
    let names = wire.head.render();
    let members = members.iter().map(|member| {
        let (name, doc) = (text(&member.name), text(&member.doc));
        let value = match member.value {
            Some(value) => quote!(#value),
            None => {
                let variant = &member.ident;
                quote!(#ident::#variant as i64)
            }
        };
        quote!(#root::model::EnumMember { name: #name, value: #value, doc: #doc })
    });
    quote!(#root::model::EnumType { #names, members: ::std::borrow::Cow::Borrowed(&[#(#members),*]) })
}

fn encode_enum(members: &[Member], ty: &TokenStream) -> TokenStream {
    let variants = members.iter().map(|m| &m.ident);
    let indices = (0..members.len()).map(Literal::usize_unsuffixed);
    quote! {
        let __member = match self {
            #(Self::#variants => #indices,)*
        };
        __out.enumeration(#ty, __member)
    }
}

fn decode_enum(root: &Path, members: &[Member], ty: &TokenStream) -> TokenStream {
    let variants = members.iter().map(|m| &m.ident);
    let indices = (0..members.len()).map(Literal::usize_unsuffixed);
    let unknown = unknown_case(root, ty);
    quote! {
        match __from.enumeration(#ty)? {
            #(#indices => ::core::result::Result::Ok(Self::#variants),)*
            __index => ::core::result::Result::Err(#unknown),
        }
    }
}

/// The error for a position that a codec made up.
fn unknown_case(root: &Path, ty: &TokenStream) -> TokenStream {
    quote!(#root::wire::derive::no_such(__index, &(#ty).name))
}

fn union_type(head: &Head, union: &Union) -> TokenStream {
    let root = &head.root;
    let names = head.render();
    let (declaration, discriminator) = discriminator(root, &union.discriminator);
    let cases = union.cases.iter().map(|case| {
        let (name, doc, labels) = (text(&case.name), text(&case.doc), &case.labels);
        let describe = match &case.codec {
            Some(codec) => codec.describe(root),
            None => quote!(<() as #root::wire::Describe>::describe),
        };
        quote! {
            #root::model::Case {
                name: #name,
                labels: ::std::borrow::Cow::Borrowed(&[#(#labels),*]),
                ty: #root::model::TypeRef::Static(#describe),
                doc: #doc,
            }
        }
    });
    quote! {
        {
            #declaration
            #root::model::UnionType {
                #names,
                discriminator: #root::model::TypeRef::Static(#discriminator),
                cases: ::std::borrow::Cow::Borrowed(&[#(#cases),*]),
            }
        }
    }
}

/// The function that describes a discriminator, and what has to be declared for it.
fn discriminator(root: &Path, discriminator: &Discriminator) -> (TokenStream, TokenStream) {
    let (by, names) = match discriminator {
        Discriminator::Type(ty) => {
            return (TokenStream::new(), quote!(<#ty as #root::wire::Describe>::describe));
        }
        Discriminator::Name { by, names } => (text(by), names),
    };
    let members = (0_i64..).zip(names).map(|(value, name)| {
        let name = text(name);
        quote!(#root::model::EnumMember { name: #name, value: #value, doc: ::std::borrow::Cow::Borrowed("") })
    });
    let xsi = text(XSI);
    let declaration = quote! {
        static __NAMES: #root::model::Type = #root::model::Type::Enum(#root::model::EnumType {
            name: #by,
            scope: #xsi,
            repository_id: ::core::option::Option::None,
            doc: ::std::borrow::Cow::Borrowed(""),
            members: ::std::borrow::Cow::Borrowed(&[#(#members),*]),
        });
        fn __names() -> &'static #root::model::Type {
            &__NAMES
        }
    };
    (declaration, quote!(__names))
}

fn encode_union(root: &Path, cases: &[Case], ty: &TokenStream) -> TokenStream {
    let arms = cases.iter().enumerate().map(|(index, case)| {
        let (ident, index) = (&case.ident, Literal::usize_unsuffixed(index));
        match &case.codec {
            Some(codec) => {
                let write = codec.encode(root, quote!(__value), quote!(__out));
                quote!(Self::#ident(__value) => (#index, __out.union(#ty, #index, |__out| #write)),)
            }
            None => quote!(Self::#ident => (#index, __out.union(#ty, #index, |__out| __out.nothing())),),
        }
    });
    quote! {
        let (__case, __written): (usize, #root::wire::Written) = match self {
            #(#arms)*
        };
        __written.map_err(|__error| __error.in_field(#ty.cases[__case].name.clone()))
    }
}

fn decode_union(root: &Path, cases: &[Case], ty: &TokenStream) -> TokenStream {
    let arms = cases.iter().enumerate().map(|(index, case)| {
        let (ident, index) = (&case.ident, Literal::usize_unsuffixed(index));
        match &case.codec {
            Some(codec) => {
                let read = codec.decode(root);
                quote!(#index => #read(__from).map(Self::#ident),)
            }
            None => quote!(#index => __from.nothing().map(|()| Self::#ident),),
        }
    });
    let unknown = unknown_case(root, ty);
    quote! {
        let __index = __from.begin_union(#ty)?;
        let __read = match __index {
            #(#arms)*
            _ => return ::core::result::Result::Err(#unknown),
        };
        match __read {
            ::core::result::Result::Ok(__value) => __from.end_union().map(|()| __value),
            ::core::result::Result::Err(__error) => {
                ::core::result::Result::Err(__error.in_field(#ty.cases[__index].name.clone()))
            }
        }
    }
}
