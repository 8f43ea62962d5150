//! From what is known of a trait to its service and its client.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Ident, Path, Type, TypeParamBound};

use super::model::{Operation, Param, Service};
use crate::head::text;

pub(crate) fn render(service: &Service) -> TokenStream {
    let item = &service.item;
    let (for_server, for_client) = (service_type(service), client_type(service));
    let (interface, serve, call) = (interface(service), serve(service), call(service));
    quote! {
        #item
        #for_server
        #for_client
        const _: () = {
            #interface
            #serve
            #call
        };
    }
}

fn service_name(service: &Service) -> Ident {
    format_ident!("{}Service", service.item.ident)
}

fn client_name(service: &Service) -> Ident {
    format_ident!("{}Client", service.item.ident)
}

fn service_type(service: &Service) -> TokenStream {
    let (name, vis, ident) = (service_name(service), &service.item.vis, &service.item.ident);
    let about = format!("Serves any [`{ident}`] over any wire.");
    quote! {
        #[doc = #about]
        #[derive(Clone, Debug)]
        #vis struct #name<T>(T);

        #[allow(dead_code)]
        impl<__T: #ident> #name<__T> {
            #[doc = "Serves that implementation."]
            #vis fn new(__implementation: __T) -> Self {
                Self(__implementation)
            }
        }
    }
}

fn client_type(service: &Service) -> TokenStream {
    let (name, vis, ident) = (client_name(service), &service.item.vis, &service.item.ident);
    let root = &service.head.root;
    let about = format!("Calls a [`{ident}`] that is elsewhere, over a channel of any protocol.");
    quote! {
        #[doc = #about]
        #[derive(Clone, Debug)]
        #vis struct #name<C = #root::Connection> {
            channel: C,
            context: #root::wire::Context,
        }

        #[allow(dead_code)]
        impl #name<#root::Connection> {
            #[doc = "Connects to the object or service at that URL."]
            #[doc = ""]
            #[doc = "# Errors"]
            #[doc = "If the URL is not understood, or nobody answers there."]
            #vis async fn connect(__url: &str) -> ::core::result::Result<Self, #root::wire::Fault> {
                #root::Connection::open(__url, <Self as #root::wire::Remote>::interface()).await.map(Self::new)
            }
        }

        #[allow(dead_code)]
        impl<__C> #name<__C> {
            #[doc = "Calls over that channel."]
            #vis fn new(__channel: __C) -> Self {
                Self { channel: __channel, context: #root::wire::Context::new() }
            }

            #[doc = "Sets the context of calls that are not given one: deadline, limits, metadata."]
            #[must_use]
            #vis fn with_context(mut self, __context: #root::wire::Context) -> Self {
                self.context = __context;
                self
            }

            #[doc = "The channel that calls go over."]
            #[must_use]
            #vis fn channel(&self) -> &__C {
                &self.channel
            }
        }
    }
}

/// The place of a return type, for errors about it; names resolve as everywhere in the expansion.
fn at(outcome: &Type) -> Span {
    Span::call_site().located_at(outcome.span())
}

/// The interface, built when it is first used.
fn interface(service: &Service) -> TokenStream {
    let head = &service.head;
    let (root, name) = (&head.root, text(&head.name));
    let mut with = Vec::new();
    for (method, value) in [("with_doc", &head.doc), ("with_scope", &head.scope)] {
        if !value.is_empty() {
            let method = format_ident!("{method}");
            with.push(quote!(.#method(#value)));
        }
    }
    if let Some(id) = &head.id {
        with.push(quote!(.with_repository_id(#id)));
    }
    if !service.bases.is_empty() {
        let bases = &service.bases;
        with.push(quote!(.with_bases([#(#bases),*])));
    }
    let operations = service.operations.iter().map(|operation| describe(root, operation));
    let mut interface = quote! {
        #root::model::Interface::new(#name)
            #(#with)*
            #(.with_operation(#operations))*
    };
    if let Some(complete) = &service.with {
        interface = quote!(#complete(#interface));
    }
    quote! {
        static __INTERFACE: ::std::sync::LazyLock<#root::model::Interface> = ::std::sync::LazyLock::new(|| {
            #interface
        });
    }
}

fn describe(root: &Path, operation: &Operation) -> TokenStream {
    let (name, outcome) = (text(&operation.name), &operation.outcome);
    let params = operation.params.iter().map(|param| describe_param(root, param));
    let mut with = Vec::new();
    if !operation.doc.is_empty() {
        let doc = &operation.doc;
        with.push(quote!(.with_doc(#doc)));
    }
    if operation.oneway {
        with.push(quote!(.oneway()));
    }
    if operation.idempotent {
        with.push(quote!(.idempotent()));
    }
    if !operation.strings.is_empty() {
        let strings = &operation.strings;
        with.push(quote!(.with_context([#(#strings),*])));
    }
    if !operation.outs.is_empty() {
        let outs = operation.outs.iter().map(|out| {
            let (name, ty) = (text(&out.name), described(root, &out.ty));
            quote!(#root::model::Param::new(#name, #ty))
        });
        with.push(quote!(.with_outs(::std::vec![#(#outs),*])));
    }
    let outcome = quote_spanned!(at(outcome)=> <#outcome as #root::wire::Outcome>);
    let result = match &operation.returned {
        Some(ty) => described(root, ty),
        None => quote!(#root::model::TypeRef::Static(#outcome::describe)),
    };
    quote! {
        #root::model::Operation::new(#name)
            #(.with_param(#params))*
            .with_result(#result)
            .with_exceptions(#outcome::exceptions())
            #(#with)*
    }
}

fn described(root: &Path, ty: &Type) -> TokenStream {
    quote!(#root::model::TypeRef::Static(<#ty as #root::wire::Describe>::describe))
}

fn describe_param(root: &Path, param: &Param) -> TokenStream {
    let (name, ty) = (text(&param.name), described(root, &param.ty));
    if param.doc.is_empty() {
        return quote!(#root::model::Param::new(#name, #ty));
    }
    let doc = text(&param.doc);
    quote! {
        #root::model::Param {
            direction: #root::model::Direction::In,
            field: #root::model::Field { doc: #doc, ..#root::model::Field::new(#name, #ty) },
        }
    }
}

/// The server's side.
fn serve(service: &Service) -> TokenStream {
    let (name, ident, root) = (service_name(service), &service.item.ident, &service.head.root);
    let arms = service.operations.iter().enumerate().map(|(index, operation)| {
        let (index, method) = (Literal::usize_unsuffixed(index), &operation.ident);
        let send = quote_spanned!(at(&operation.outcome)=> __reply.send(__operation, __outcome));
        let slots: Vec<_> = (0..operation.params.len()).map(|i| format_ident!("__{i}")).collect();
        let types = operation.params.iter().map(|param| &param.ty);
        let (keep, context) = if operation.context {
            (quote!(let __context = __call.context.clone();), quote!(&__context,))
        } else {
            (quote!(), quote!())
        };
        quote! {
            ::core::option::Option::Some(#index) => {
                let __operation = &__INTERFACE.operations[#index];
                #keep
                let (__reply, (#(#slots,)*)) = __call.params::<(#(#types,)*)>(__operation)?;
                let __outcome = <__T as #ident>::#method(&self.0, #context #(#slots),*).await;
                #send
            }
        }
    });
    quote! {
        impl<__T: #ident + ::core::marker::Send + ::core::marker::Sync + 'static> #root::wire::Service for #name<__T> {
            fn interface(&self) -> &#root::model::Interface {
                &__INTERFACE
            }

            async fn dispatch<__W: #root::wire::Wire>(
                &self,
                __call: #root::wire::Call<'_, __W>,
            ) -> ::core::result::Result<__W::Encoder, #root::wire::Fault> {
                match __call.operation {
                    #(#arms)*
                    _ => ::core::result::Result::Err(__call.unknown()),
                }
            }
        }
    }
}

/// The client's side.
fn call(service: &Service) -> TokenStream {
    let (name, item, head) = (client_name(service), &service.item, &service.head);
    let (ident, root) = (&item.ident, &head.root);
    let methods = service.operations.iter().enumerate().map(|(index, operation)| {
        let (index, method, outcome) =
            (Literal::usize_unsuffixed(index), &operation.ident, &operation.outcome);
        let params: Vec<_> = operation.params.iter().map(|param| &param.ident).collect();
        let types = operation.params.iter().map(|param| &param.ty);
        let (param, context) = if operation.context {
            (quote!(__context: &#root::wire::Context,), quote!(__context))
        } else {
            (quote!(), quote!(&self.context))
        };
        let invoke = quote_spanned! {at(outcome)=>
            #root::wire::invoke(&self.channel, #context, __operation, (#(#params,)*)).await
        };
        quote! {
            async fn #method(&self, #param #(#params: #types),*) -> #outcome {
                let __operation = &__INTERFACE.operations[#index];
                #invoke
            }
        }
    });
    let lives = item.supertraits.iter().any(|bound| matches!(bound, TypeParamBound::Lifetime(_)));
    let forever = lives.then(|| quote!(+ 'static));
    let id = head.repository_id();
    let wire_name = &head.name;
    quote! {
        impl<__C: #root::wire::Channel #forever> #ident for #name<__C> {
            #(#methods)*
        }

        impl<__C> #root::wire::Remote for #name<__C> {
            const NAME: &'static str = #wire_name;
            const REPOSITORY_ID: ::core::option::Option<&'static str> = ::core::option::Option::Some(#id);

            fn interface() -> &'static #root::model::Interface {
                &__INTERFACE
            }
        }
    }
}
