//! [`Describe`], [`Encode`] and [`Decode`]: what a Rust type needs to travel.
//!
//! `#[derive(Wire)]` writes all three; the standard types have them here.
//!
//! ```
//! use farcall_wire::{from_value, to_value};
//!
//! let value = to_value(&vec![Some(1_i32), None])?;
//! assert_eq!(from_value::<Vec<Option<i32>>>(&value)?, [Some(1), None]);
//! # Ok::<(), farcall_wire::CodecError>(())
//! ```

use std::sync::Arc;

use bytes::Bytes;
use farcall_model::Type;

use crate::plain::{Get, Put, Span};
use crate::{CodecError, Decoder, Encoder, Label, Lent, Written};

/// Says what a type's values look like.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no description for the wire",
    note = "derive `farcall::Wire` for it"
)]
pub trait Describe {
    /// True for value types, whose encoding itself can say that there is no value.
    const NULLABLE: bool = false;

    /// What the name of a generic type says of this type where it is an argument.
    const LABEL: Label = Label::new("Value");

    /// True if one of its values is nil, so that an [`Option`] of it tells that from absence
    /// ([`Type::tells_nil`]).
    const HAS_NIL: bool = false;

    /// How many octets its values take where numbers are aligned to their size and nothing else is
    /// written, if all take the same; see [`plain`](crate::plain).
    const SPAN: Option<Span> = None;

    /// The type's description. A function rather than a constant, since types recurse.
    fn describe() -> &'static Type;

    /// The description of a sequence of them: octets for `u8`.
    #[must_use]
    fn describe_slice() -> &'static Type {
        const { &Type::Sequence(farcall_model::TypeRef::Static(Self::describe)) }
    }
}

/// Writes itself to any wire.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written to a wire",
    note = "derive `farcall::Wire` for it"
)]
pub trait Encode: Describe {
    /// Writes the value.
    ///
    /// # Errors
    /// As [`Encoder`].
    fn encode<E: Encoder>(&self, out: &mut E) -> Written;

    /// Writes the value where an [`Arc`] of that address holds it: a value type is written once
    /// only, by what can say that it comes again.
    ///
    /// # Errors
    /// As [`Encoder`].
    fn encode_shared<E: Encoder>(&self, address: usize, out: &mut E) -> Written {
        let _ = address;
        self.encode(out)
    }

    /// Writes a sequence of them; numbers do it in one copy.
    ///
    /// # Errors
    /// As [`Encoder`].
    fn encode_slice<E: Encoder>(items: &[Self], out: &mut E) -> Written
    where
        Self: Sized,
    {
        out.items(items)
    }

    /// Writes the value where nobody needs it any more but to write it again with the same `lent`,
    /// so that its octets need not be copied.
    ///
    /// # Errors
    /// As [`Encoder`].
    fn encode_lent<E: Encoder>(&mut self, lent: &mut Lent, out: &mut E) -> Written {
        let _ = lent;
        self.encode(out)
    }

    /// Writes a sequence of them that nobody needs any more.
    ///
    /// # Errors
    /// As [`Encoder`].
    fn encode_lent_vec<E: Encoder>(items: &mut Vec<Self>, lent: &mut Lent, out: &mut E) -> Written
    where
        Self: Sized,
    {
        let _ = lent;
        Self::encode_slice(items, out)
    }

    /// Writes a value of fixed size, if it is one and there is place.
    #[inline(always)]
    fn put(&self, out: &mut Put<'_>) -> Option<()> {
        let _ = out;
        None
    }
}

/// Reads itself from any wire.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a wire",
    note = "derive `farcall::Wire` for it"
)]
pub trait Decode: Describe + Sized {
    /// Reads a value.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError>;

    /// Reads a value or none.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn decode_option<D: Decoder>(from: &mut D) -> Result<Option<Self>, CodecError> {
        if Self::HAS_NIL { from.nillable(Self::decode) } else { from.optional(Self::decode) }
    }

    /// Reads a value that may be shared, or none.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn decode_shared<D: Decoder>(from: &mut D) -> Result<Option<Arc<Self>>, CodecError> {
        Ok(Self::decode_option(from)?.map(Arc::new))
    }

    /// Reads a sequence of them; numbers do it in one copy.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn decode_vec<D: Decoder>(from: &mut D) -> Result<Vec<Self>, CodecError> {
        from.items()
    }

    /// Reads a value of fixed size, if it is one and nothing is wrong with it.
    #[inline(always)]
    fn get(from: &mut Get<'_>) -> Option<Self> {
        let _ = from;
        None
    }

    /// What stands for a field of this type that a message leaves out: `Some(None)` for
    /// options, nothing for others.
    #[must_use]
    fn missing() -> Option<Self> {
        None
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A number of fixed width, whose sequences may be copied as a whole.
pub trait Number: sealed::Sealed + Copy + Send + Sync + 'static {
    /// Its width in octets.
    const WIDTH: usize;
    /// Writes one.
    ///
    /// # Errors
    /// As [`Encoder`].
    fn encode_one<E: Encoder>(&self, out: &mut E) -> Written;
    /// Reads one.
    ///
    /// # Errors
    /// As [`Decoder`].
    fn decode_one<D: Decoder>(from: &mut D) -> Result<Self, CodecError>;
    /// Appends numbers as binary formats write them, one after the other.
    fn append(items: &[Self], little_endian: bool, out: &mut Vec<u8>);
    /// The octets of numbers in this machine's order, where they are.
    #[must_use]
    fn octets(items: Vec<Self>) -> Bytes;
    /// Reads what [`Number::append`] wrote; octets beyond a whole number are left.
    #[must_use]
    fn collect(octets: &[u8], little_endian: bool) -> Vec<Self>;
}

/// Numbers as octets.
struct Octets<T>(Vec<T>);

impl<T: bytemuck::NoUninit> AsRef<[u8]> for Octets<T> {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

macro_rules! numbers {
    ($($rust:ident => $case:ident $label:literal),* $(,)?) => {$(
        impl sealed::Sealed for $rust {}

        impl Number for $rust {
            const WIDTH: usize = size_of::<$rust>();

            #[inline]
            fn encode_one<E: Encoder>(&self, out: &mut E) -> Written {
                out.$rust(*self)
            }

            #[inline]
            fn decode_one<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
                from.$rust()
            }

            fn append(items: &[Self], little_endian: bool, out: &mut Vec<u8>) {
                if little_endian == cfg!(target_endian = "little") {
                    return out.extend_from_slice(bytemuck::cast_slice(items));
                }
                const W: usize = size_of::<$rust>();
                let start = out.len();
                out.resize(start + items.len() * W, 0);
                let slots = out[start..].chunks_exact_mut(W).zip(items);
                slots.for_each(|(slot, item)| {
                    slot.copy_from_slice(&item.to_ne_bytes());
                    slot.reverse();
                });
            }

            fn octets(items: Vec<Self>) -> Bytes {
                Bytes::from_owner(Octets(items))
            }

            fn collect(octets: &[u8], little_endian: bool) -> Vec<Self> {
                let (chunks, _) = octets.as_chunks();
                if little_endian {
                    chunks.iter().map(|chunk| Self::from_le_bytes(*chunk)).collect()
                } else {
                    chunks.iter().map(|chunk| Self::from_be_bytes(*chunk)).collect()
                }
            }
        }

        impl Describe for $rust {
            const LABEL: Label = Label::new($label);
            const SPAN: Option<Span> = Some(Span::number(size_of::<$rust>()));

            fn describe() -> &'static Type {
                &Type::$case
            }
        }

        impl Encode for $rust {
            #[inline]
            fn encode<E: Encoder>(&self, out: &mut E) -> Written {
                out.$rust(*self)
            }

            fn encode_slice<E: Encoder>(items: &[Self], out: &mut E) -> Written {
                out.numbers(items)
            }

            fn encode_lent_vec<E: Encoder>(
                items: &mut Vec<Self>,
                lent: &mut Lent,
                out: &mut E,
            ) -> Written {
                out.lent_numbers(items, lent)
            }

            #[inline(always)]
            fn put(&self, out: &mut Put<'_>) -> Option<()> {
                out.number(self.to_ne_bytes())
            }
        }

        impl Decode for $rust {
            #[inline]
            fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
                from.$rust()
            }

            fn decode_vec<D: Decoder>(from: &mut D) -> Result<Vec<Self>, CodecError> {
                from.numbers()
            }

            #[inline(always)]
            fn get(from: &mut Get<'_>) -> Option<Self> {
                from.number().map(Self::from_ne_bytes)
            }
        }
    )*};
}

numbers! {
    i8 => I8 "Byte", i16 => I16 "Short", u16 => U16 "UnsignedShort", i32 => I32 "Int",
    u32 => U32 "UnsignedInt", i64 => I64 "Long", u64 => U64 "UnsignedLong", f32 => F32 "Float",
    f64 => F64 "Double",
}

impl Describe for u8 {
    const LABEL: Label = Label::new("Octet");
    const SPAN: Option<Span> = Some(Span::number(1));

    fn describe() -> &'static Type {
        &Type::U8
    }

    fn describe_slice() -> &'static Type {
        &Type::Bytes
    }
}

impl Encode for u8 {
    #[inline]
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.u8(*self)
    }

    fn encode_slice<E: Encoder>(items: &[Self], out: &mut E) -> Written {
        out.bytes(items)
    }

    fn encode_lent_vec<E: Encoder>(items: &mut Vec<Self>, lent: &mut Lent, out: &mut E) -> Written {
        out.octets(&lent.lend(|| std::mem::take(items).into()))
    }

    #[inline(always)]
    fn put(&self, out: &mut Put<'_>) -> Option<()> {
        out.number([*self])
    }
}

impl Decode for u8 {
    #[inline]
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.u8()
    }

    fn decode_vec<D: Decoder>(from: &mut D) -> Result<Vec<Self>, CodecError> {
        Ok(from.bytes()?.into())
    }

    #[inline(always)]
    fn get(from: &mut Get<'_>) -> Option<Self> {
        from.number().map(|[octet]| octet)
    }
}
