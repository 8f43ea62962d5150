//! From a trait to what is known of it, and to the trait as it is to stand:
//! without our attributes, and with futures that are `Send`.

use std::collections::HashMap;

use syn::spanned::Spanned as _;
use syn::{
    Attribute, FnArg, GenericArgument, Ident, ItemTrait, Pat, PatType, PathArguments, Receiver, ReceiverKind,
    ReturnType, Signature, TraitItem, TraitItemFn, Type, parse_quote,
};

use super::model::{Operation, Out, Param, Service};
use crate::attr::{self, Errors, Item};
use crate::head::{self, Head};

/// As many parameters as a tuple of them may have.
const MOST_PARAMS: usize = 40;

/// Methods of every client, which would hide those of the trait.
const OF_CLIENT: [&str; 2] = ["channel", "with_context"];

pub(crate) fn parse(items: &[Item], mut item: ItemTrait, mut errors: Errors) -> syn::Result<Service> {
    let mut head = Head::new(&item.ident, &item.attrs);
    let (mut bases, mut with) = (Vec::new(), None);
    for argument in items {
        if argument.key == "bases" {
            bases = argument.names(&mut errors);
        } else if argument.key == "with" {
            with = argument.path(&mut errors);
        } else if !head.take(argument, &mut errors) {
            argument.unknown(&mut errors, &format!("{}, `bases`, `with`", head::KEYS));
        }
    }
    if !item.generics.params.is_empty() {
        errors.at(&item.generics, "a service cannot be generic: its interface is one");
    }
    let mut operations = Vec::new();
    for member in &mut item.items {
        match member {
            TraitItem::Fn(method) => operations.extend(operation(method, &head, &mut errors)),
            other => errors.at(other, "a service has methods only"),
        }
    }
    let names = operations.iter().map(|op| (&op.ident, &op.name));
    // CORBA is not for what is in a namespace of XML
    let by_case = !head.is_uri();
    unique(names, "operations", by_case, &mut errors);
    errors.finish(Service { item, head, bases, with, operations })
}

/// Names on the wire, which CORBA tells apart without regard to case.
fn unique<'a>(
    names: impl Iterator<Item = (&'a Ident, &'a String)>,
    what: &str,
    by_case: bool,
    errors: &mut Errors,
) {
    let mut seen: HashMap<String, &String> = HashMap::new();
    for (ident, name) in names {
        let key = if by_case { name.to_lowercase() } else { name.clone() };
        if let Some(other) = seen.insert(key, name) {
            let message = if other == name {
                format!("two {what} have the name `{name}` on the wire")
            } else {
                format!(
                    "two {what} have names that differ in case only, which CORBA forbids: `{other}`, `{name}`"
                )
            };
            errors.at(ident, message);
        }
    }
}

fn operation(method: &mut TraitItemFn, head: &Head, errors: &mut Errors) -> Option<Operation> {
    let ident = method.sig.ident.clone();
    let mut operation = Operation {
        name: head.spell(&ident),
        doc: attr::doc(&method.attrs),
        context: false,
        params: Vec::new(),
        outcome: outcome(&method.sig, errors)?,
        returned: None,
        outs: Vec::new(),
        oneway: false,
        idempotent: false,
        strings: Vec::new(),
        ident,
    };
    for item in attr::items(&method.attrs, "op", errors) {
        match item.key.to_string().as_str() {
            "name" => operation.name = item.name(errors).unwrap_or_default(),
            "oneway" => operation.oneway = item.flag(errors),
            "idempotent" => operation.idempotent = item.flag(errors),
            "context" => operation.strings = item.texts(errors),
            "out" => outs(&item, &mut operation, errors),
            _ => item.unknown(errors, "`name`, `oneway`, `idempotent`, `out`, `context`"),
        }
    }
    method.attrs.retain(|a| !a.path().is_ident("op"));
    if OF_CLIENT.iter().any(|name| operation.ident == name) {
        let message =
            "every client has a method of that name: call it otherwise, and give it `#[op(name = \"…\")]`";
        errors.at(&operation.ident, message);
    }
    if operation.oneway && !returns_nothing(&operation.outcome) {
        errors.at(&operation.outcome, "nobody waits for the result of a oneway: return `Result<(), …>`");
    }
    if let Some(condition) =
        method.attrs.iter().find(|a| a.path().is_ident("cfg") || a.path().is_ident("cfg_attr"))
    {
        errors.at(condition, "an interface is one, so that its operations cannot be conditional");
    }
    signature(&method.sig, errors);
    params(&mut method.sig, &mut operation, head, errors);
    promise_send(method, &operation.outcome);
    Some(operation)
}

/// What an `async fn` returns.
fn outcome(sig: &Signature, errors: &mut Errors) -> Option<Type> {
    match &sig.output {
        ReturnType::Type(_, ty) => Some((**ty).clone()),
        ReturnType::Default => {
            let message =
                "a call over a network can fail: return `Result<(), Fault>` or `Result<(), CallError<X>>`";
            errors.at(&sig.ident, message);
            None
        }
    }
}

/// What an outcome that is a `Result`, perhaps under another name, holds if all is well.
fn value(outcome: &Type) -> Option<(&Ident, &Type)> {
    let Type::Path(path) = ungrouped(outcome) else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(value)) => Some((&last.ident, value)),
            _ => None,
        },
        _ => None,
    }
}

/// True for what looks like a `Result` of nothing, or may be one under another name.
fn returns_nothing(outcome: &Type) -> bool {
    match value(outcome) {
        Some((_, Type::Tuple(tuple))) => tuple.elems.is_empty(),
        Some((name, _)) => name != "Result",
        None => true,
    }
}

/// Tells the parameters that come back from the return value.
fn outs(item: &Item, operation: &mut Operation, errors: &mut Errors) {
    let names = item.names(errors);
    let Some((_, value)) = value(&operation.outcome) else {
        errors.at(&operation.outcome, "parameters come back in a tuple: write `Result<(A, B), …>`");
        return;
    };
    let mut types: Vec<Type> = match ungrouped(value) {
        Type::Tuple(tuple) if names.len() > 1 || tuple.elems.len() == 2 => {
            tuple.elems.iter().cloned().collect()
        }
        one => vec![one.clone()],
    };
    if types.len() == names.len() + 1 {
        operation.returned = Some(types.remove(0));
    } else if types.len() == names.len() {
        operation.returned = Some(parse_quote!(()));
    } else {
        let count = names.len();
        let message =
            format!("{count} parameters come back: return a tuple of them, or of the return value and them");
        errors.at(value, message);
        return;
    }
    operation.outs = names.into_iter().zip(types).map(|(name, ty)| Out { name, ty }).collect();
}

/// Objects to what a method over a wire cannot be.
fn signature(sig: &Signature, errors: &mut Errors) {
    if sig.asyncness.is_none() {
        errors.at(sig.fn_token, "a call over a network takes time: write `async fn`");
    }
    if !sig.generics.params.is_empty() {
        errors.at(&sig.generics, "an operation cannot be generic: its types are fixed on the wire");
    }
    let by_reference = matches!(
        sig.inputs.first(),
        Some(FnArg::Receiver(Receiver { kind: ReceiverKind::Reference(_, None, None), .. }))
    );
    if !by_reference {
        let span = sig.inputs.first().map_or(sig.ident.span(), |first| first.span());
        errors.span(span, "an operation takes `&self`: calls run side by side");
    }
}

fn params(sig: &mut Signature, operation: &mut Operation, head: &Head, errors: &mut Errors) {
    let typed = sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(param) => Some(param),
        FnArg::Receiver(_) => None,
    });
    for (index, input) in typed.enumerate() {
        if is_context(&input.ty) {
            if index > 0 {
                errors.at(&input.ty, "the context of the call is the first parameter");
            }
            operation.context = true;
            continue;
        }
        operation.params.extend(param(input, head, errors));
    }
    if let Some(extra) = operation.params.get(MOST_PARAMS) {
        let message = format!("more than {MOST_PARAMS} parameters: put them into a struct that derives Wire");
        errors.at(&extra.ident, message);
    }
    unique(operation.params.iter().map(|p| (&p.ident, &p.name)), "parameters", !head.is_uri(), errors);
}

fn param(input: &mut PatType, head: &Head, errors: &mut Errors) -> Option<Param> {
    let attrs: Vec<Attribute> = std::mem::take(&mut input.attrs);
    let ident = match &*input.pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => pat.ident.clone(),
        other => {
            errors.at(other, "a parameter has a name on the wire: write a plain name");
            return None;
        }
    };
    if let Type::Reference(reference) = ungrouped(&input.ty) {
        let message = "parameters come off the wire and are owned: use `String`, `Vec<T>` or `T`";
        errors.at(reference, message);
    }
    let mut param =
        Param { name: head.spell(&ident), ident, doc: attr::doc(&attrs), ty: (*input.ty).clone() };
    for item in attr::items(&attrs, "wire", errors) {
        match item.key.to_string().as_str() {
            "name" => param.name = item.name(errors).unwrap_or_default(),
            _ => item.unknown(errors, "`name`"),
        }
    }
    let ours = |a: &Attribute| a.path().is_ident("wire") || a.path().is_ident("doc");
    input.attrs = attrs.into_iter().filter(|a| !ours(a)).collect();
    Some(param)
}

/// What `macro_rules!` passed on as one piece.
fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        other => other,
    }
}

/// True for `&Context`, under any path.
fn is_context(ty: &Type) -> bool {
    match ungrouped(ty) {
        Type::Reference(reference) => match ungrouped(&reference.elem) {
            Type::Path(path) => path.path.segments.last().is_some_and(|s| s.ident == "Context"),
            _ => false,
        },
        _ => false,
    }
}

/// `async fn f() -> T` becomes `fn f() -> impl Future<Output = T> + Send`; a
/// default body needs `Self: Sync` for it, since it borrows `self`.
fn promise_send(method: &mut TraitItemFn, outcome: &Type) {
    if method.sig.asyncness.take().is_none() {
        return;
    }
    method.sig.output =
        parse_quote!(-> impl ::core::future::Future<Output = #outcome> + ::core::marker::Send);
    if let Some(body) = method.default.take() {
        method.default = Some(parse_quote!({ async move #body }));
        method.sig.generics.make_where_clause().predicates.push(parse_quote!(Self: ::core::marker::Sync));
    }
}
