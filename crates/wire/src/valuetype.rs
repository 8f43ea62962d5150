//! Value types: values that may be absent, shared, or of a derived type (IDL `valuetype`).
//!
//! `#[derive(Wire)]` with `#[wire(value)]` makes a struct one. In a field or
//! parameter it is held as
//!
//! | Rust | what comes |
//! |---|---|
//! | `T` | always a value; that there is none is an error |
//! | `Option<T>`, `Option<Box<T>>` | a value or none; one that comes again is an error |
//! | `Arc<T>`, `Option<Arc<T>>` | the same; one that comes again is the same `Arc` |
//!
//! A value that is inside of itself cannot be held by such types, and is an
//! error that names the path; [`farcall_model::Value`] can hold it. Wires without an
//! identity of values carry a struct, and a copy each time it is shared.
//!
//! ```
//! use std::sync::Arc;
//! use farcall_wire::{Found, Decoder, ValueDecoder};
//! use farcall_model::{Record, Value, ValueKind, ValueType};
//!
//! let ty = ValueType::new("Node", ValueKind::Plain, Vec::new());
//! let node = Value::Struct(Record::new());
//! let found = ValueDecoder::new(&node).value(&ty, |_, found| Ok(found))?;
//! assert!(matches!(found, Some(Found::New { number: 0, derived: None })));
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

use std::any::Any;
use std::sync::Arc;

use farcall_model::ValueType;

use crate::{CodecError, Decode, Decoder, Encoder, Written};

/// What [`Decoder::value`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A value that begins here.
    New {
        /// How many values of value types began before it in the message.
        number: usize,
        /// Which of the derived types it is; none for the declared type itself.
        derived: Option<usize>,
    },
    /// The value of that number, again: it is shared, or contains itself.
    Again(usize),
}

/// A value that [`Decoder::keep`] holds in case it comes again.
pub type Kept = Arc<dyn Any + Send + Sync>;

/// What `#[derive(Wire)]` with `#[wire(value)]` implements: how the inside of a value is written
/// and read.
pub trait Valued: Decode + Send + Sync + 'static {
    /// The description.
    fn value_type() -> &'static ValueType;

    /// Writes the value as the struct that its state is.
    ///
    /// # Errors
    /// As [`Encoder`].
    fn encode_state<E: Encoder>(&self, out: &mut E) -> Written;

    /// Reads its state, where [`Found::New`] said that it begins; `derived` is what it said.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn decode_state<D: Decoder>(from: &mut D, derived: Option<usize>) -> Result<Self, CodecError>;
}

/// Reads a value or none, for [`Decode::decode_option`].
///
/// # Errors
/// As [`Decoder`], and for a value that comes again.
pub fn decode_option<T: Valued, D: Decoder>(from: &mut D) -> Result<Option<T>, CodecError> {
    from.value(T::value_type(), |from, found| match found {
        Found::New { derived, .. } => T::decode_state(from, derived),
        Found::Again(_) => Err(shared(T::value_type(), from.offset())),
    })
}

/// Reads a value or none, or the one that came before, for [`Decode::decode_shared`].
///
/// # Errors
/// As [`Decoder`], and for a value that contains itself.
pub fn decode_shared<T: Valued, D: Decoder>(from: &mut D) -> Result<Option<Arc<T>>, CodecError> {
    from.value(T::value_type(), |from, found| match found {
        Found::New { number, derived } => {
            let value = Arc::new(T::decode_state(from, derived)?);
            let kept: Kept = Arc::<T>::clone(&value);
            from.keep(number, kept);
            Ok(value)
        }
        Found::Again(number) => match from.kept(number) {
            Some(kept) => kept.downcast().map_err(|_| shared(T::value_type(), from.offset())),
            None => Err(cyclic(T::value_type(), from.offset())),
        },
    })
}

/// The error for an absent value where one must be.
#[cold]
#[must_use]
pub fn null(ty: &ValueType, offset: usize) -> CodecError {
    CodecError::mismatch(format!("a value of {}", ty.body.name), "null").at(offset)
}

/// The error for a value of a type without state that does not say which of those that derive from it
/// it is of, or says another.
#[cold]
#[must_use]
pub fn no_derived(ty: &ValueType, offset: usize) -> CodecError {
    let what = format!("a value of {} whose own type is not said", ty.body.name);
    CodecError::unsupported(what, "name the type of the value, which not every protocol does").at(offset)
}

#[cold]
fn shared(ty: &ValueType, offset: usize) -> CodecError {
    let what = format!("a value of {} that comes again", ty.body.name);
    CodecError::unsupported(what, "hold it as the same `Arc<T>` in every place").at(offset)
}

#[cold]
fn cyclic(ty: &ValueType, offset: usize) -> CodecError {
    let what = format!("a value of {} inside of itself", ty.body.name);
    CodecError::unsupported(what, "no Rust type of that shape holds it; take it as a `Value`").at(offset)
}
