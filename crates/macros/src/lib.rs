//! The macros of farcall: `#[derive(Wire)]`, `#[derive(Exception)]` and
//! `#[service]`. Use them through the facade, `farcall`, which re-exports them.
//!
//! Each is read into a model of its own and rendered from it: `parse.rs`,
//! `model.rs`, `render.rs`. All that is wrong with one use is reported at once.

mod attr;
mod case;
mod exception;
mod head;
mod input;
mod service;
#[cfg(test)]
mod snapshot;
mod structure;
mod wire;

use proc_macro::TokenStream;

/// Lets a struct or an enum travel over any wire: writes `Describe`, `Encode` and `Decode`.
///
/// * A struct with named fields, or with none, is a struct.
/// * A tuple struct of one field is that field; one of two to eight is a tuple.
/// * An enum without data is an enumeration; one with data is a union, whose
///   variants carry nothing or one value.
///
/// Generic types work; their parameters must be wire types. So does recursion
/// through `Box`, `Vec` and `Option`. Documentation comments become the
/// documentation of the type, its fields, members and cases.
///
/// # On the type: `#[wire(…)]`
/// * `name = "Account"`: the name, instead of the Rust one.
/// * `scope = "Bank"`: IDL modules joined by `::`, or an XML namespace.
/// * `id = "IDL:Bank/Account:1.0"`: the CORBA repository id.
/// * `rename_all = "camelCase"`: also `PascalCase`, `snake_case`,
///   `kebab-case`, `SCREAMING_SNAKE_CASE`, `lowercase`: names of fields, members or cases.
/// * `namespace = "urn:bank"`: the XML namespace of its elements, empty for none; without it, that
///   of the scope.
/// * `mixed`: text may stand among its elements.
/// * `xsi_type`: for unions, that the cases are types that derive one from another, told apart by
///   `xsi:type`; the case that is the `default` needs none.
/// * `discriminator = "Color"`: for unions, the type of the discriminator
///   (`i32`, or `i64` if a label needs it).
/// * `crate = "my::farcall"`: where the library is, if not at `::farcall`.
///
/// # On fields: `#[wire(…)]`
/// * `name = "x"`: the name on the wire.
/// * `default` or `default = "path"`: may be missing; `Default::default()` or
///   `path()` stands in.
/// * `skip`: not on the wire; `Default::default()`, or what `default` says.
/// * `with = "module"`: `module::describe() -> &'static Type`,
///   `module::encode(&T, &mut impl Encoder) -> Written` and
///   `module::decode(&mut impl Decoder) -> Result<T, CodecError>` stand in
///   for the traits of the field's type. Also on variants of a union.
/// * `element = "name"`, `namespace = "uri"`: its element in XML; `attribute` (also with a name) or
///   `text`: an attribute or the text instead; `nillable`: an element that is there with
///   `xsi:nil` for None; `content`: no element of its own, but those of its value.
///
/// # On variants: `#[wire(…)]`
/// * `name = "x"`: the name on the wire.
/// * `value = 3`, of an enumeration: its number, instead of Rust's discriminant.
/// * `label = 3`, `label(1, 2)` or `default`, of a union: the discriminator
///   values that select it, instead of its position.
/// * `element = "name"`, `namespace = "uri"`: the element of a case of a union in XML, which tells
///   the cases apart; `content`: its value's elements instead of one of its own.
///
/// # Example
/// ```
/// # extern crate self as farcall;
/// # pub use {farcall_model as model, farcall_wire as wire};
/// use farcall::wire::{from_value, to_value};
/// use farcall_macros::Wire;
///
/// /// Money that somebody has.
/// #[derive(Debug, PartialEq, Wire)]
/// #[wire(rename_all = "camelCase")]
/// struct Account {
///     owner_name: String,
///     #[wire(default)]
///     balance: f64,
///     kind: Kind,
/// }
///
/// #[derive(Debug, PartialEq, Wire)]
/// #[wire(rename_all = "lowercase")]
/// enum Kind {
///     Savings,
///     Current,
/// }
///
/// # fn main() -> Result<(), wire::CodecError> {
/// let account = Account { owner_name: "Ann".into(), balance: 1.5, kind: Kind::Savings };
/// let value = to_value(&account)?;
/// assert_eq!(value.field("ownerName").and_then(|v| v.as_str()), Some("Ann"));
/// assert_eq!(from_value::<Account>(&value)?, account);
/// # Ok(())
/// # }
/// ```
#[proc_macro_derive(Wire, attributes(wire))]
pub fn derive_wire(input: TokenStream) -> TokenStream {
    expand(wire::expand(input.into()))
}

/// Makes a struct an exception that operations declare, or an enum one of several.
///
/// A struct has named fields, or none; its fields take the same `#[wire(…)]`
/// attributes as with `#[derive(Wire)]`. Each variant of an enum carries one
/// exception, which converts into the enum. `Display` and `Error` are written as well.
///
/// # On the struct: `#[exception(…)]`
/// * `code = 3`: the number in protocols that have fault codes (1).
/// * `message = "balance {balance} is too low"`: the text for people, with
///   fields by name (the exception's name).
/// * `name`, `scope`, `id`, `rename_all`, `namespace`, `crate`: as with `#[derive(Wire)]`.
///
/// On the enum, only `crate` has a meaning.
///
/// # Example
/// ```
/// # extern crate self as farcall;
/// # pub use {farcall_model as model, farcall_wire as wire};
/// use farcall_macros::Exception;
///
/// #[derive(Debug, Exception)]
/// #[exception(code = 3, message = "{requested} is more than the {balance} that there is")]
/// struct Refused {
///     balance: f64,
///     requested: f64,
/// }
///
/// #[derive(Debug, Exception)]
/// struct Closed;
///
/// #[derive(Debug, Exception)]
/// enum BankError {
///     Refused(Refused),
///     Closed(Closed),
/// }
///
/// # fn main() {
/// let error = BankError::from(Refused { balance: 1.5, requested: 2.0 });
/// assert_eq!(error.to_string(), "2 is more than the 1.5 that there is");
/// # }
/// ```
#[proc_macro_derive(Exception, attributes(exception, wire))]
pub fn derive_exception(input: TokenStream) -> TokenStream {
    expand(exception::expand(input.into()))
}

/// Makes a trait callable over any wire.
///
/// For a `trait Bank` it adds `BankService<T>`, which serves any `T: Bank`,
/// and `BankClient<C>`, which implements `Bank` over any channel. The trait
/// stays as it is, but that its `async fn`s promise futures that are `Send`;
/// implementations are written with `async fn`.
///
/// Methods take `&self` and owned parameters, and return `Result<T, Fault>` or
/// `Result<T, CallError<X>>`. A first parameter of type `&Context` is the
/// context of the call, and not on the wire. Parameters take documentation
/// comments and `#[wire(name = "x")]`.
///
/// # Arguments: `#[service(…)]`
/// * `name`, `scope`, `id`: of the interface.
/// * `rename_all`: how operations and parameters are spelled.
/// * `with = "path"`: a function from `Interface` to `Interface` that adds what attributes cannot say,
///   such as how operations stand in the messages of a given WSDL (`Interface::with_xml`).
/// * `crate = "my::farcall"`: where the library is, if not at `::farcall`.
/// * `bases("IDL:Base:1.0", …)`: the repository ids of the interfaces that it inherits from, whose
///   operations are among its own.
///
/// # On methods: `#[op(…)]`
/// * `name = "x"`: the name on the wire.
/// * `oneway`: no reply is awaited; the method returns `Result<(), …>`.
/// * `context("lang", "user.*")`: which of the metadata of the caller's context are sent along, where
///   a protocol does that (CORBA).
/// * `idempotent`: running it twice does no harm, so that it may be retried.
/// * `out(a, "b")`: the names of parameters that come back beside the return value, as IDL and WSDL
///   have them. The method returns a tuple of the return value and them, in that order, or of them
///   alone; one that comes back alone stands by itself. One that is named as a parameter goes both ways.
///
/// # Example
/// ```
/// # #![deny(missing_docs, warnings)]
/// # //! An example.
/// # extern crate self as farcall;
/// # pub use {farcall_model as model, farcall_wire as wire};
/// # /// A stand-in.
/// # #[derive(Clone, Debug)]
/// # pub struct Connection;
/// # impl Connection {
/// #     /// Opens.
/// #     pub async fn open(_: &str, _: &'static model::Interface) -> Result<Self, wire::Fault> {
/// #         Ok(Self)
/// #     }
/// # }
/// use farcall::wire::{CallError, Context, Fault};
/// use farcall_macros::{Exception, service};
///
/// /// Why a dictionary does not answer.
/// #[derive(Debug, Exception)]
/// pub struct UnknownWord;
///
/// /// Knows words.
/// #[service]
/// pub trait Dictionary {
///     /// What a word means.
///     #[op(idempotent)]
///     async fn define(&self, word: String) -> Result<String, CallError<UnknownWord>>;
///
///     /// Learns a word for whoever calls.
///     async fn learn(&self, cx: &Context, word: String, meaning: String) -> Result<(), Fault>;
/// }
///
/// struct Empty;
///
/// impl Dictionary for Empty {
///     async fn define(&self, _word: String) -> Result<String, CallError<UnknownWord>> {
///         Err(UnknownWord.into())
///     }
///
///     async fn learn(&self, _cx: &Context, _word: String, _meaning: String) -> Result<(), Fault> {
///         Ok(())
///     }
/// }
///
/// /// Works with an implementation and with a client alike.
/// pub async fn is_known(dictionary: &impl Dictionary, word: &str) -> bool {
///     dictionary.define(word.to_owned()).await.is_ok()
/// }
///
/// # fn main() {
/// let service = DictionaryService::new(Empty);
/// assert_eq!(wire::Service::interface(&service).operations.len(), 2);
/// # }
/// ```
#[proc_macro_attribute]
pub fn service(args: TokenStream, input: TokenStream) -> TokenStream {
    expand(service::expand(args.into(), input.into()))
}

fn expand(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.into_compile_error()).into()
}
