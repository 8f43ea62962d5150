//! What operations take and return: [`Params`], [`Outcome`], [`Failure`] and
//! [`Exception`]. `#[service]` and `#[derive(Exception)]` build on them.
//!
//! ```
//! use farcall_wire::{Fault, Outcome};
//!
//! assert_eq!(<Result<i32, Fault> as Outcome>::describe().to_string(), "i32");
//! ```

use farcall_model::{ExceptionType, Operation, Type};

use crate::service::unsendable;
use crate::std_types::wrong_count;
use crate::{
    CallError, CodecError, Decode, Decoder, Encode, Encoder, ErrorKind, Fault, Lent, MessageDecoder,
    MessageEncoder, Written,
};

/// The parameters of an operation, as a tuple.
pub trait Params: Sized + Send {
    /// Reads them.
    ///
    /// # Errors
    /// If they do not fit the operation.
    fn read<D: MessageDecoder>(operation: &Operation, from: &mut D) -> Result<Self, CodecError>;

    /// Writes them. What is large moves to `lent` where the protocol needs no copy of it; they are
    /// written again with the same.
    ///
    /// # Errors
    /// If the protocol cannot express one.
    fn write<E: MessageEncoder>(&mut self, lent: &mut Lent, operation: &Operation, out: &mut E) -> Written;
}

/// A parameter that was not given: the absent value, or the reason why there must be one.
fn absent<T: Decode>(operation: &Operation, index: usize, given: usize) -> Result<T, CodecError> {
    T::missing().ok_or_else(|| {
        let required = operation.required();
        let expected = if required == operation.params.len() {
            required.to_string()
        } else {
            format!("{required} to {}", operation.params.len())
        };
        let name = operation.params.get(index).map_or("?", |p| p.field.name.as_ref());
        let what = "parameters";
        CodecError::new(ErrorKind::Count { what, expected, found: given }).in_field(name.to_owned())
    })
}

impl Params for () {
    fn read<D: MessageDecoder>(operation: &Operation, from: &mut D) -> Result<Self, CodecError> {
        let mut fields = from.begin_params(operation)?;
        match from.next_param(&mut fields, operation)? {
            None => Ok(()),
            Some(_) => Err(wrong_count("parameters", 0, fields.count)),
        }
    }

    fn write<E: MessageEncoder>(&mut self, _lent: &mut Lent, operation: &Operation, out: &mut E) -> Written {
        out.params(operation, |_| Ok(()))
    }
}

macro_rules! params {
    ($($name:ident $slot:ident $index:tt),+) => {
        impl<$($name: Encode + Decode + Send),+> Params for ($($name,)+) {
            fn read<Dec: MessageDecoder>(operation: &Operation, from: &mut Dec) -> Result<Self, CodecError> {
                $(let mut $slot: Option<$name> = None;)+
                let mut fields = from.begin_params(operation)?;
                while let Some(index) = from.next_param(&mut fields, operation)? {
                    let read = match index {
                        $($index => $name::decode(from).map(|value| $slot = Some(value)),)+
                        _ => return Err(wrong_count("parameters", operation.params.len(), fields.count)),
                    };
                    read.map_err(|e| e.in_field(operation.params[index].field.name.clone()))?;
                }
                let given = fields.count;
                Ok(($(match $slot {
                    Some(value) => value,
                    None => absent(operation, $index, given)?,
                },)+))
            }

            fn write<Enc: MessageEncoder>(
                &mut self,
                lent: &mut Lent,
                operation: &Operation,
                out: &mut Enc,
            ) -> Written {
                out.params(operation, |out| {
                    $({
                        let param = &operation.params[$index];
                        out.param(param, |out| self.$index.encode_lent(lent.of($index), out))
                            .map_err(|e| e.in_field(param.field.name.clone()))?;
                    })+
                    Ok(())
                })
            }
        }
    };
}

/// Tuples of one, of two, and so on, up to all that are listed.
macro_rules! up_to {
    ([$($done:tt)*]) => {};
    ([$($done:tt)*] $name:ident $slot:ident $index:tt $(, $($rest:tt)+)?) => {
        params!($($done)* $name $slot $index);
        up_to!([$($done)* $name $slot $index,] $($($rest)+)?);
    };
}

up_to! {
    [] A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7, I i 8, J j 9,
    K k 10, L l 11, M m 12, N n 13, O o 14, P p 15, Q q 16, R r 17, S s 18, T t 19,
    U u 20, V v 21, W w 22, X x 23, Y y 24, Z z 25, AA aa 26, AB ab 27, AC ac 28, AD ad 29,
    AE ae 30, AF af 31, AG ag 32, AH ah 33, AI ai 34, AJ aj 35, AK ak 36, AL al 37, AM am 38, AN an 39
}

/// A typed exception that operations declare, or an enum of several.
///
/// Written by `#[derive(Exception)]`. Its `Display` is the text for people.
pub trait Exception: std::error::Error + Sized + Send + Sync + 'static {
    /// Every exception that it can be.
    fn types() -> Vec<&'static ExceptionType>;

    /// The one that it is.
    fn ty(&self) -> &'static ExceptionType;

    /// Writes its members.
    ///
    /// # Errors
    /// As [`Encoder`].
    fn encode_members<E: Encoder>(&self, out: &mut E) -> Written;

    /// Reads the members of the exception of that name; `None` if it is not one of these.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn decode_members<D: Decoder>(name: &str, from: &mut D) -> Result<Option<Self>, CodecError>;
}

/// The error side of an operation's result: [`Fault`] or [`CallError`].
pub trait Failure: Sized + Send + 'static {
    /// The exceptions that it can be.
    fn types() -> Vec<&'static ExceptionType>;

    /// Writes the exception that it is.
    ///
    /// # Errors
    /// The fault that it is instead, or that an exception cannot be expressed.
    fn write<E: MessageEncoder>(self, out: &mut E) -> Result<(), Fault>;

    /// Reads an exception; `None` if it is not one of these.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn read<D: Decoder>(name: &str, from: &mut D) -> Result<Option<Self>, CodecError>;

    /// A fault as this error.
    fn from_fault(fault: Fault) -> Self;
}

impl Failure for Fault {
    fn types() -> Vec<&'static ExceptionType> {
        Vec::new()
    }

    fn write<E: MessageEncoder>(self, _out: &mut E) -> Result<(), Fault> {
        Err(self)
    }

    fn read<D: Decoder>(_name: &str, _from: &mut D) -> Result<Option<Self>, CodecError> {
        Ok(None)
    }

    fn from_fault(fault: Fault) -> Self {
        fault
    }
}

impl<X: Exception> Failure for CallError<X> {
    fn types() -> Vec<&'static ExceptionType> {
        X::types()
    }

    fn write<E: MessageEncoder>(self, out: &mut E) -> Result<(), Fault> {
        match self {
            Self::User(exception) => out
                .exception(exception.ty(), &exception.to_string(), |out| exception.encode_members(out))
                .map_err(unsendable),
            Self::Fault(fault) => Err(fault),
        }
    }

    fn read<D: Decoder>(name: &str, from: &mut D) -> Result<Option<Self>, CodecError> {
        Ok(X::decode_members(name, from)?.map(Self::User))
    }

    fn from_fault(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What an operation returns: `Result<T, Fault>` or `Result<T, CallError<X>>`.
#[diagnostic::on_unimplemented(
    message = "an operation cannot return `{Self}`",
    label = "return `Result<T, Fault>` or `Result<T, CallError<X>>`: a call over a network can fail",
    note = "`T` must derive `Wire`, and `X` must derive `Exception`"
)]
pub trait Outcome: Sized + Send {
    /// The type of the result.
    #[must_use]
    fn describe() -> &'static Type;

    /// The exceptions that it can be.
    #[must_use]
    fn exceptions() -> Vec<&'static ExceptionType>;

    /// Writes it.
    ///
    /// # Errors
    /// The fault to be sent instead.
    fn write<E: MessageEncoder>(self, operation: &Operation, out: &mut E) -> Result<(), Fault>;

    /// Reads a result.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn read<D: MessageDecoder>(operation: &Operation, from: &mut D) -> Result<Self, CodecError>;

    /// Reads an exception; `None` if it is not one that it can be.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn read_exception<D: Decoder>(name: &str, from: &mut D) -> Result<Option<Self>, CodecError>;

    /// A fault as its error.
    fn from_fault(fault: Fault) -> Self;
}

impl<T: Encode + Decode + Send, F: Failure> Outcome for Result<T, F> {
    fn describe() -> &'static Type {
        T::describe()
    }

    fn exceptions() -> Vec<&'static ExceptionType> {
        F::types()
    }

    fn write<E: MessageEncoder>(self, operation: &Operation, out: &mut E) -> Result<(), Fault> {
        match self {
            Ok(mut value) => {
                out.result(operation, |out| value.encode_lent(&mut Lent::default(), out)).map_err(unsendable)
            }
            Err(failure) => failure.write(out),
        }
    }

    fn read<D: MessageDecoder>(operation: &Operation, from: &mut D) -> Result<Self, CodecError> {
        from.result(operation, T::decode).map(Ok)
    }

    fn read_exception<D: Decoder>(name: &str, from: &mut D) -> Result<Option<Self>, CodecError> {
        Ok(F::read(name, from)?.map(Err))
    }

    fn from_fault(fault: Fault) -> Self {
        Err(F::from_fault(fault))
    }
}
