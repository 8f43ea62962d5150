//! Attributes as lists of items, whatever they mean: the parsers of each
//! macro give them their meaning, and [`Errors`] collects what they object to.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Path, Token, UnOp, parenthesized, token};

/// Every error of one use of a macro, reported together.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds an error at those tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Adds an error at that place.
    pub(crate) fn span(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Adds an error.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// The value, unless there were errors.
    pub(crate) fn finish<T>(self, value: T) -> syn::Result<T> {
        self.0.map_or(Ok(value), Err)
    }
}

/// `key`, `key = value` or `key(value, …)`.
pub(crate) struct Item {
    pub(crate) key: Ident,
    pub(crate) value: Arg,
}

/// What follows the key of an [`Item`].
pub(crate) enum Arg {
    Flag,
    Value(Expr),
    List(Vec<Expr>),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = Ident::parse_any(input)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            Arg::Value(input.parse()?)
        } else if input.peek(token::Paren) {
            let inside;
            parenthesized!(inside in input);
            Arg::List(Punctuated::<Expr, Token![,]>::parse_terminated(&inside)?.into_iter().collect())
        } else {
            Arg::Flag
        };
        Ok(Self { key, value })
    }
}

impl Item {
    /// The value as text: `key = "text"`.
    pub(crate) fn text(&self, errors: &mut Errors) -> Option<LitStr> {
        if let Arg::Value(value) = &self.value
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = ungrouped(value)
        {
            return Some(text.clone());
        }
        errors.at(&self.key, format!("`{0}` takes a text: `{0} = \"…\"`", self.key));
        None
    }

    /// The value as text that is not empty, and may be a name on a wire.
    pub(crate) fn name(&self, errors: &mut Errors) -> Option<String> {
        let text = self.text(errors)?;
        if text.value().is_empty() {
            errors.at(&text, "a name cannot be empty");
            return None;
        }
        Some(text.value())
    }

    /// The values as texts: `key("a", "b")`.
    pub(crate) fn texts(&self, errors: &mut Errors) -> Vec<String> {
        let Arg::List(list) = &self.value else {
            errors.at(&self.key, format!("`{0}` takes texts: `{0}(\"…\", …)`", self.key));
            return Vec::new();
        };
        let text = |value: &Expr| match ungrouped(value) {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            other => {
                errors.at(other, "expected a text");
                None
            }
        };
        list.iter().filter_map(text).collect()
    }

    /// The value as a path: `key = "a::b"`.
    pub(crate) fn path(&self, errors: &mut Errors) -> Option<Path> {
        let text = self.text(errors)?;
        let parsed = text.parse_with(Path::parse_mod_style);
        parsed.map_err(|_| errors.at(&text, "expected a path such as `\"crate::module\"`")).ok()
    }

    /// The value as a type: `key = "a::B<C>"`.
    pub(crate) fn ty(&self, errors: &mut Errors) -> Option<syn::Type> {
        let text = self.text(errors)?;
        text.parse().map_err(|_| errors.at(&text, "expected a type")).ok()
    }

    /// The value as an integer: `key = -3`.
    pub(crate) fn integer(&self, errors: &mut Errors) -> Option<i64> {
        match &self.value {
            Arg::Value(expr) => integer(expr, errors),
            _ => {
                errors.at(&self.key, format!("`{0}` takes an integer: `{0} = 1`", self.key));
                None
            }
        }
    }

    /// The values as names on a wire: `key(name, "another-name")`.
    pub(crate) fn names(&self, errors: &mut Errors) -> Vec<String> {
        let Arg::List(list) = &self.value else {
            errors.at(&self.key, format!("`{0}` takes names: `{0}(one, \"another\")`", self.key));
            return Vec::new();
        };
        let name = |expr: &Expr| match ungrouped(expr) {
            Expr::Path(path) => path.path.get_ident().map(|ident| ident.unraw().to_string()),
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                Some(text.value()).filter(|text| !text.is_empty())
            }
            _ => None,
        };
        let mut names = Vec::new();
        for expr in list {
            match name(expr) {
                Some(name) => names.push(name),
                None => errors.at(expr, "expected a name, as an identifier or a text"),
            }
        }
        names
    }

    /// Objects to a value.
    pub(crate) fn flag(&self, errors: &mut Errors) -> bool {
        if !matches!(self.value, Arg::Flag) {
            errors.at(&self.key, format!("`{}` takes no value", self.key));
        }
        true
    }

    /// Objects to a key that means nothing here.
    pub(crate) fn unknown(&self, errors: &mut Errors, known: &str) {
        errors.at(&self.key, format!("unknown attribute `{}`; known here: {known}", self.key));
    }
}

/// What `macro_rules!` passed on as one piece.
fn ungrouped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Group(group) => ungrouped(&group.expr),
        other => other,
    }
}

/// An integer literal, negative or not.
pub(crate) fn integer(expr: &Expr, errors: &mut Errors) -> Option<i64> {
    let (negative, inner) = match ungrouped(expr) {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (true, ungrouped(&unary.expr)),
        other => (false, other),
    };
    let digits = match inner {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => int.base10_digits(),
        _ => "",
    };
    let text = if negative { format!("-{digits}") } else { digits.to_owned() };
    let parsed = text.parse();
    parsed.map_err(|_| errors.at(expr, "expected an integer literal of at most 64 bits")).ok()
}

/// The items of every `#[name(…)]`; an item that comes twice is an error unless `label`.
pub(crate) fn items(attrs: &[Attribute], name: &str, errors: &mut Errors) -> Vec<Item> {
    let mut all: Vec<Item> = Vec::new();
    for attr in attrs.iter().filter(|a| a.path().is_ident(name)) {
        match attr.parse_args_with(Punctuated::<Item, Token![,]>::parse_terminated) {
            Ok(found) => found.into_iter().for_each(|item| add(&mut all, item, errors)),
            Err(error) => errors.push(error),
        }
    }
    all
}

/// The items of an attribute macro's own arguments.
pub(crate) fn args(tokens: proc_macro2::TokenStream, errors: &mut Errors) -> Vec<Item> {
    let mut all = Vec::new();
    match Punctuated::<Item, Token![,]>::parse_terminated.parse2(tokens) {
        Ok(found) => found.into_iter().for_each(|item| add(&mut all, item, errors)),
        Err(error) => errors.push(error),
    }
    all
}

fn add(all: &mut Vec<Item>, item: Item, errors: &mut Errors) {
    if all.iter().any(|other| other.key == item.key) {
        errors.at(&item.key, format!("`{}` is there twice", item.key));
    }
    all.push(item);
}

/// The documentation, lines joined, without the space that follows `///`.
pub(crate) fn doc(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attr in attrs.iter().filter(|a| a.path().is_ident("doc")) {
        if let syn::Meta::NameValue(meta) = &attr.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = ungrouped(&meta.value)
        {
            for line in text.value().split('\n') {
                lines.push(line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned());
            }
        }
    }
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Where expansions find the library: `::farcall` unless said otherwise.
pub(crate) fn default_root() -> Path {
    syn::parse_quote!(::farcall)
}
