//! [`Describe`], [`Encode`] and [`Decode`] for the types of the standard
//! library and of the model.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, LongDouble, ObjectRef, ObjectType, Time, Type, TypeRef, Value,
};

use crate::plain::{Get, Put, Span};
use crate::{CodecError, Decode, Decoder, Describe, Encode, Encoder, ErrorKind, Label, Lent, Written};

macro_rules! describe {
    ($($rust:ty => $case:ident $label:literal),* $(,)?) => {$(
        impl Describe for $rust {
            const LABEL: Label = Label::new($label);

            fn describe() -> &'static Type {
                &Type::$case
            }
        }
    )*};
}

describe! {
    () => Void "Nothing", char => Char "Char", str => String "String",
    String => String "String", Bytes => Bytes "Octets", Decimal => Decimal "Decimal",
    DateTime => DateTime "DateTime", Date => Date "Date", Time => Time "Time",
    Duration => Duration "Duration", LongDouble => LongDouble "LongDouble",
}

impl Describe for Value {
    const HAS_NIL: bool = true;
    const LABEL: Label = Label::new("Any");

    fn describe() -> &'static Type {
        &Type::Any
    }
}

macro_rules! plain {
    ($($rust:ty: |$v:ident, $out:ident| $write:expr, $read:ident;)*) => {$(
        impl Encode for $rust {
            #[inline]
            fn encode<E: Encoder>(&self, $out: &mut E) -> Written {
                let $v = self;
                $write
            }
        }

        impl Decode for $rust {
            #[inline]
            fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
                from.$read()
            }
        }
    )*};
}

plain! {
    char: |v, out| out.char(*v), char;
    String: |v, out| out.str(v), string;
    Bytes: |v, out| out.octets(v), bytes;
    Decimal: |v, out| out.decimal(v), decimal;
    DateTime: |v, out| out.date_time(*v), date_time;
    Date: |v, out| out.date(*v), date;
    Time: |v, out| out.time(*v), time;
    Duration: |v, out| out.duration(*v), duration;
    Value: |v, out| out.any(v), any;
    LongDouble: |v, out| out.long_double(*v), long_double;
}

impl Describe for bool {
    const LABEL: Label = Label::new("Boolean");
    const SPAN: Option<Span> = Some(Span::number(1));

    fn describe() -> &'static Type {
        &Type::Bool
    }
}

impl Encode for bool {
    #[inline]
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.bool(*self)
    }

    #[inline(always)]
    fn put(&self, out: &mut Put<'_>) -> Option<()> {
        out.number([u8::from(*self)])
    }
}

impl Decode for bool {
    #[inline]
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.bool()
    }

    #[inline(always)]
    fn get(from: &mut Get<'_>) -> Option<Self> {
        match from.number()? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }
}

impl Encode for () {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.nothing()
    }
}

impl Decode for () {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.nothing()
    }
}

impl Encode for str {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.str(self)
    }
}

static OBJECT: ObjectType = ObjectType { interface: Cow::Borrowed("Object"), repository_id: None };

impl Describe for ObjectRef {
    const LABEL: Label = Label::new("Object");

    fn describe() -> &'static Type {
        static TYPE: Type =
            Type::Object(ObjectType { interface: Cow::Borrowed("Object"), repository_id: None });
        &TYPE
    }
}

impl Encode for ObjectRef {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.object(&OBJECT, self)
    }
}

impl Decode for ObjectRef {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.object(&OBJECT)
    }
}

macro_rules! pointers {
    ($($pointer:ty),*) => {$(
        impl<T: Describe + ?Sized> Describe for $pointer {
            const NULLABLE: bool = T::NULLABLE;
            const LABEL: Label = T::LABEL;
            const HAS_NIL: bool = T::HAS_NIL;

            fn describe() -> &'static Type {
                T::describe()
            }

            fn describe_slice() -> &'static Type {
                T::describe_slice()
            }
        }
    )*};
}

pointers!(&T, Box<T>, Arc<T>, Rc<T>);

macro_rules! encode_inside {
    ($($pointer:ty),*) => {$(
        impl<T: Encode + ?Sized> Encode for $pointer {
            #[inline]
            fn encode<E: Encoder>(&self, out: &mut E) -> Written {
                (**self).encode(out)
            }

            fn encode_shared<E: Encoder>(&self, address: usize, out: &mut E) -> Written {
                (**self).encode_shared(address, out)
            }
        }
    )*};
}

encode_inside!(&T, Box<T>, Rc<T>);

impl<T: Encode + ?Sized> Encode for Arc<T> {
    #[inline]
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        (**self).encode_shared(Self::as_ptr(self).cast::<()>() as usize, out)
    }
}

macro_rules! owners {
    ($($pointer:ident),*) => {$(
        impl<T: Decode> Decode for $pointer<T> {
            fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
                Ok(Self::new(T::decode(from)?))
            }

            fn decode_option<D: Decoder>(from: &mut D) -> Result<Option<Self>, CodecError> {
                Ok(T::decode_option(from)?.map(Self::new))
            }

            fn missing() -> Option<Self> {
                T::missing().map(Self::new)
            }
        }
    )*};
}

owners!(Box, Rc);

impl<T: Decode> Decode for Arc<T> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        if T::NULLABLE {
            return T::decode_shared(from)?.ok_or_else(|| {
                CodecError::mismatch(format!("a value of {}", T::describe()), "null").at(from.offset())
            });
        }
        T::decode(from).map(Self::new)
    }

    fn decode_option<D: Decoder>(from: &mut D) -> Result<Option<Self>, CodecError> {
        T::decode_shared(from)
    }

    fn missing() -> Option<Self> {
        T::missing().map(Self::new)
    }
}

impl<T: Describe> Describe for Option<T> {
    const LABEL: Label = if T::NULLABLE { T::LABEL } else { Label::new("Optional").and(&T::LABEL) };
    const HAS_NIL: bool = !T::NULLABLE;

    fn describe() -> &'static Type {
        if T::NULLABLE {
            return T::describe();
        }
        const { &Type::Optional(TypeRef::Static(T::describe)) }
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        match self {
            Some(value) if T::NULLABLE => value.encode(out),
            Some(value) => out.some(|out| value.encode(out)),
            None if T::NULLABLE => out.null(),
            None if T::HAS_NIL => out.absent(),
            None => out.none(),
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        T::decode_option(from)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: Describe> Describe for Vec<T> {
    const LABEL: Label = Label::new("ArrayOf").and(&T::LABEL);

    fn describe() -> &'static Type {
        T::describe_slice()
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        T::encode_slice(self, out)
    }

    fn encode_lent<E: Encoder>(&mut self, lent: &mut Lent, out: &mut E) -> Written {
        T::encode_lent_vec(self, lent, out)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        T::decode_vec(from)
    }
}

impl<T: Describe> Describe for [T] {
    const LABEL: Label = Label::new("ArrayOf").and(&T::LABEL);

    fn describe() -> &'static Type {
        T::describe_slice()
    }
}

impl<T: Encode> Encode for [T] {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        T::encode_slice(self, out)
    }
}

impl<T: Describe, const N: usize> Describe for [T; N] {
    const LABEL: Label = Label::new("ArrayOf").number(N as i128).and(&T::LABEL);

    fn describe() -> &'static Type {
        const { &Type::Array(TypeRef::Static(T::describe), N) }
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.array(N, |out| {
            for (index, item) in self.iter().enumerate() {
                out.item(|out| item.encode(out)).map_err(|e| e.in_item(index))?;
            }
            Ok(())
        })
    }
}

impl<T: Decode, const N: usize> Decode for [T; N] {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        let mut items = from.begin_array(N)?;
        let mut out = Vec::with_capacity(N.min(1024));
        while from.next_item(&mut items)? {
            if items.index > N {
                return Err(wrong_count("items", N, items.index).at(from.offset()));
            }
            out.push(T::decode(from).map_err(|e| e.in_item(items.index - 1))?);
        }
        let found = out.len();
        Self::try_from(out).map_err(|_| wrong_count("items", N, found).at(from.offset()))
    }
}

#[cold]
pub(crate) fn wrong_count(what: &'static str, expected: usize, found: usize) -> CodecError {
    CodecError::new(ErrorKind::Count { what, expected: expected.to_string(), found })
}

macro_rules! maps {
    ($($map:ident<K, V $(, $hasher:ident)?> where K: $bound:path $(, $more:path)?;)*) => {$(
        impl<K: Describe, V: Describe $(, $hasher)?> Describe for $map<K, V $(, $hasher)?> {
            const LABEL: Label = Label::new("MapOf").and(&K::LABEL).with("To").and(&V::LABEL);

            fn describe() -> &'static Type {
                const { &Type::Map(TypeRef::Static(K::describe), TypeRef::Static(V::describe)) }
            }
        }

        impl<K: Encode, V: Encode $(, $hasher)?> Encode for $map<K, V $(, $hasher)?> {
            fn encode<E: Encoder>(&self, out: &mut E) -> Written {
                out.map(K::describe(), self.len(), |out| {
                    for (index, (key, value)) in self.iter().enumerate() {
                        out.entry(|out| key.encode(out), |out| value.encode(out)).map_err(|e| e.in_item(index))?;
                    }
                    Ok(())
                })
            }
        }

        impl<K: Decode + $bound $(+ $more)?, V: Decode $(, $hasher: BuildHasher + Default)?> Decode
            for $map<K, V $(, $hasher)?>
        {
            fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
                let mut map = Self::default();
                let mut items = from.begin_map(K::describe())?;
                while from.next_key(&mut items)? {
                    let at = from.offset();
                    let key = K::decode(from)?;
                    from.entry_value(&mut items)?;
                    let value = V::decode(from).map_err(|e| e.in_item(items.index - 1))?;
                    if map.insert(key, value).is_some() {
                        let name = format!("key {}", items.index);
                        return Err(CodecError::new(ErrorKind::DuplicateField(name)).at(at));
                    }
                }
                Ok(map)
            }
        }
    )*};
}

maps! {
    BTreeMap<K, V> where K: Ord;
    HashMap<K, V, S> where K: Eq, Hash;
}

macro_rules! sets {
    ($($set:ident<T $(, $hasher:ident)?> where T: $bound:path $(, $more:path)?;)*) => {$(
        impl<T: Describe $(, $hasher)?> Describe for $set<T $(, $hasher)?> {
            const LABEL: Label = Label::new("ArrayOf").and(&T::LABEL);

            fn describe() -> &'static Type {
                T::describe_slice()
            }
        }

        impl<T: Encode $(, $hasher)?> Encode for $set<T $(, $hasher)?> {
            fn encode<E: Encoder>(&self, out: &mut E) -> Written {
                out.sequence(self.len(), |out| {
                    for (index, item) in self.iter().enumerate() {
                        out.item(|out| item.encode(out)).map_err(|e| e.in_item(index))?;
                    }
                    Ok(())
                })
            }
        }

        impl<T: Decode + $bound $(+ $more)? $(, $hasher: BuildHasher + Default)?> Decode
            for $set<T $(, $hasher)?>
        {
            fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
                Ok(T::decode_vec(from)?.into_iter().collect())
            }
        }
    )*};
}

sets! {
    BTreeSet<T> where T: Ord;
    HashSet<T, S> where T: Eq, Hash;
}

macro_rules! tuples {
    ($len:literal $($name:ident $index:tt),+) => {
        impl<$($name: Describe),+> Describe for ($($name,)+) {
            const LABEL: Label = Label::new("TupleOf")$(.and(&$name::LABEL))+;

            fn describe() -> &'static Type {
                const { &Type::Tuple(Cow::Borrowed(&[$(TypeRef::Static($name::describe)),+])) }
            }
        }

        impl<$($name: Encode),+> Encode for ($($name,)+) {
            fn encode<Enc: Encoder>(&self, out: &mut Enc) -> Written {
                out.tuple($len, |out| {
                    $(out.item(|out| self.$index.encode(out)).map_err(|e| e.in_item($index))?;)+
                    Ok(())
                })
            }
        }

        impl<$($name: Decode),+> Decode for ($($name,)+) {
            fn decode<Dec: Decoder>(from: &mut Dec) -> Result<Self, CodecError> {
                let mut items = from.begin_tuple($len)?;
                let out = ($({
                    if !from.next_item(&mut items)? {
                        return Err(wrong_count("items", $len, $index).at(from.offset()));
                    }
                    $name::decode(from).map_err(|e| e.in_item($index))?
                },)+);
                if from.next_item(&mut items)? {
                    return Err(wrong_count("items", $len, items.index).at(from.offset()));
                }
                Ok(out)
            }
        }
    };
}

/// Tuples of one, of two, and so on, up to all that are listed.
macro_rules! up_to {
    ([$($done:tt)*]) => {};
    ([$($done:tt)*] $len:literal $name:ident $index:tt $(, $($rest:tt)+)?) => {
        tuples!($len $($done)* $name $index);
        up_to!([$($done)* $name $index,] $($($rest)+)?);
    };
}

up_to! {
    [] 1 A 0, 2 B 1, 3 C 2, 4 D 3, 5 E 4, 6 F 5, 7 G 6, 8 H 7, 9 I 8, 10 J 9,
    11 K 10, 12 L 11, 13 M 12, 14 N 13, 15 O 14, 16 P 15, 17 Q 16, 18 R 17, 19 S 18, 20 T 19,
    21 U 20, 22 V 21, 23 W 22, 24 X 23, 25 Y 24, 26 Z 25, 27 AA 26, 28 AB 27, 29 AC 28, 30 AD 29,
    31 AE 30, 32 AF 31, 33 AG 32, 34 AH 33, 35 AI 34, 36 AJ 35, 37 AK 36, 38 AL 37, 39 AM 38, 40 AN 39
}
