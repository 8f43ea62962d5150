//! TypeCodes: the types that `any` values bring along (CORBA 3.3 part 2, §9.3.5.1).
//!
//! They are read into the model's [`Type`] and written from it. An alias is
//! taken for what it stands for. A type that contains itself comes again
//! inside as a type of the same name without members.

use std::borrow::Cow;
use std::collections::HashMap;

use farcall_model::{
    Case, EnumMember, EnumType, Field, ObjectType, StructType, Text, Type, TypeRef, UnionType,
};
use farcall_wire::{CodecError, Decoder as _, Encoder as _, Written};

use crate::cdr::{CdrDecoder, CdrEncoder};
use crate::{any, repository};

/// The numbers of the kinds.
mod kind {
    pub(super) const NULL: u32 = 0;
    pub(super) const VOID: u32 = 1;
    pub(super) const SHORT: u32 = 2;
    pub(super) const LONG: u32 = 3;
    pub(super) const USHORT: u32 = 4;
    pub(super) const ULONG: u32 = 5;
    pub(super) const FLOAT: u32 = 6;
    pub(super) const DOUBLE: u32 = 7;
    pub(super) const BOOLEAN: u32 = 8;
    pub(super) const CHAR: u32 = 9;
    pub(super) const OCTET: u32 = 10;
    pub(super) const ANY: u32 = 11;
    pub(super) const OBJREF: u32 = 14;
    pub(super) const STRUCT: u32 = 15;
    pub(super) const UNION: u32 = 16;
    pub(super) const ENUM: u32 = 17;
    pub(super) const STRING: u32 = 18;
    pub(super) const SEQUENCE: u32 = 19;
    pub(super) const ARRAY: u32 = 20;
    pub(super) const ALIAS: u32 = 21;
    pub(super) const EXCEPT: u32 = 22;
    pub(super) const LONGLONG: u32 = 23;
    pub(super) const ULONGLONG: u32 = 24;
    pub(super) const WCHAR: u32 = 26;
    pub(super) const WSTRING: u32 = 27;
    pub(super) const FIXED: u32 = 28;
    pub(super) const ABSTRACT: u32 = 32;
    pub(super) const INDIRECTION: u32 = u32::MAX;
}

/// A TypeCode may be made of so many; shared parts would otherwise multiply.
const NODES: usize = 1 << 16;

/// Names of the kinds that this crate does not carry, for messages.
fn unsupported_kind(kind: u32) -> &'static str {
    match kind {
        12 => "TypeCode",
        13 => "Principal",
        25 => "long double",
        29 => "valuetype",
        30 => "boxed valuetype",
        31 => "native",
        33 => "local interface",
        _ => "unknown kind",
    }
}

/// Reads a TypeCode.
pub(crate) fn read(from: &mut CdrDecoder<'_>) -> Result<TypeRef, CodecError> {
    Reader::default().read(from)
}

#[derive(Default)]
struct Reader {
    /// The types that are being read: where they began, and themselves without members.
    open: Vec<(usize, Option<Type>)>,
    /// Those that were read, by where they began.
    done: HashMap<usize, TypeRef>,
}

impl Reader {
    fn read(&mut self, from: &mut CdrDecoder<'_>) -> Result<TypeRef, CodecError> {
        from.align(4);
        let start = from.position();
        let kind = from.u32()?;
        if kind == kind::INDIRECTION {
            return self.indirection(from);
        }
        if self.done.len() >= NODES {
            return Err(CodecError::limit("TypeCode nodes", NODES).at(start));
        }
        from.enter()?;
        self.open.push((start, None));
        let ty = self.of_kind(kind, from)?;
        self.open.pop();
        from.leave();
        self.done.insert(start, ty.clone());
        Ok(ty)
    }

    /// A TypeCode that stands elsewhere, that many octets before this one's offset.
    fn indirection(&self, from: &mut CdrDecoder<'_>) -> Result<TypeRef, CodecError> {
        let at = from.position();
        let target = from.i32()? as isize + at as isize;
        let target = usize::try_from(target).ok().filter(|target| *target < at);
        let found = target.and_then(|target| {
            let open = self.open.iter().find(|(start, _)| *start == target);
            match open {
                Some((_, stub)) => stub.clone().map(TypeRef::from),
                None => self.done.get(&target).cloned(),
            }
        });
        found.ok_or_else(|| from.fail("an indirection leads to no TypeCode"))
    }

    fn of_kind(&mut self, kind: u32, from: &mut CdrDecoder<'_>) -> Result<TypeRef, CodecError> {
        Ok(TypeRef::from(match kind {
            kind::NULL | kind::VOID => Type::Void,
            kind::SHORT => Type::I16,
            kind::LONG => Type::I32,
            kind::USHORT => Type::U16,
            kind::ULONG => Type::U32,
            kind::FLOAT => Type::F32,
            kind::DOUBLE => Type::F64,
            kind::BOOLEAN => Type::Bool,
            kind::CHAR => Type::Char,
            kind::OCTET => Type::U8,
            kind::ANY => Type::Any,
            kind::LONGLONG => Type::I64,
            kind::ULONGLONG => Type::U64,
            kind::WCHAR => Type::WideChar,
            kind::STRING => from.u32().map(|_| Type::String)?,
            kind::WSTRING => from.u32().map(|_| Type::WideString)?,
            kind::FIXED => {
                let (digits, scale) = (from.u16()?, from.i16()?);
                let fits = |scale: &u16| digits <= 31 && *scale <= digits;
                let scale = u16::try_from(scale).ok().filter(fits);
                Type::Fixed { digits, scale: scale.ok_or_else(|| from.fail("no such type as this fixed"))? }
            }
            kind::OBJREF | kind::ABSTRACT => from.encapsulated(object)?,
            kind::STRUCT | kind::EXCEPT => from.encapsulated(|from| self.structure(from))?,
            kind::UNION => from.encapsulated(|from| self.union(from))?,
            kind::ENUM => from.encapsulated(enumeration)?,
            kind::SEQUENCE => from.encapsulated(|from| {
                let item = self.read(from)?;
                from.u32()?;
                Ok(sequence(item))
            })?,
            kind::ARRAY => from.encapsulated(|from| {
                let item = self.read(from)?;
                Ok(Type::Array(item, from.u32()? as usize))
            })?,
            kind::ALIAS => {
                return from.encapsulated(|from| {
                    header(from)?;
                    self.read(from)
                });
            }
            other => {
                let what = format!("a TypeCode of kind {other} ({})", unsupported_kind(other));
                let why = "any values of that kind are not carried; declare the type of the parameter";
                return Err(CodecError::unsupported(what, why).at(from.position()));
            }
        }))
    }

    /// What an indirection to the type that is being read gives.
    fn stub(&mut self, ty: Type) {
        if let Some((_, stub)) = self.open.last_mut() {
            *stub = Some(ty);
        }
    }

    fn structure(&mut self, from: &mut CdrDecoder<'_>) -> Result<Type, CodecError> {
        let mut ty = empty_struct(header(from)?);
        self.stub(Type::Struct(ty.clone()));
        let count = from.count(9)?;
        let mut fields = Vec::new();
        for _ in 0..count {
            let name = from.name()?.to_owned();
            fields.push(Field::new(Cow::Owned(name), self.read(from)?));
        }
        if let Some(items) = tuple(&ty, &fields) {
            return Ok(Type::Tuple(Cow::Owned(items)));
        }
        ty.fields = Cow::Owned(fields);
        Ok(Type::Struct(ty))
    }

    fn union(&mut self, from: &mut CdrDecoder<'_>) -> Result<Type, CodecError> {
        let Header { id, name, scope } = header(from)?;
        let discriminator = self.read(from)?;
        let mut ty = UnionType {
            name: name.into(),
            scope: scope.into(),
            repository_id: id.map(Cow::Owned),
            doc: Text::default(),
            discriminator: discriminator.clone(),
            cases: Cow::Owned(Vec::new()),
        };
        self.stub(Type::Union(ty.clone()));
        let default = from.i32()?;
        let count = from.count(9)?;
        let mut cases: Vec<Case> = Vec::new();
        for index in 0..count {
            let is_default = i32::try_from(index) == Ok(default);
            // the label of the default case is an octet that says nothing
            let label = if is_default {
                from.u8().map(|_| None)?
            } else {
                Some(any::read_discriminator(from, discriminator.resolve())?)
            };
            let name = from.name()?.to_owned();
            let ty = self.read(from)?;
            // a case with several labels comes once for each
            match cases.iter_mut().find(|case| case.name == name) {
                Some(case) => case.labels.to_mut().extend(label),
                None => cases.push(Case {
                    name: name.into(),
                    labels: Cow::Owned(label.into_iter().collect()),
                    ty,
                    doc: Text::default(),
                }),
            }
        }
        ty.cases = Cow::Owned(cases);
        Ok(optional(&ty).map_or(Type::Union(ty), Type::Optional))
    }
}

/// The items, if a struct is how a tuple is written.
fn tuple(ty: &StructType, fields: &[Field]) -> Option<Vec<TypeRef>> {
    let named = |(index, field): (usize, &Field)| field.name == format!("item{index}");
    let is_tuple = ty.name.is_empty() && !fields.is_empty() && fields.iter().enumerate().all(named);
    is_tuple.then(|| fields.iter().map(|field| field.ty.clone()).collect())
}

/// The type inside, if a union is how an option without a name is written.
fn optional(ty: &UnionType) -> Option<TypeRef> {
    match (&*ty.cases, ty.discriminator.resolve()) {
        ([only], Type::Bool) if ty.name.is_empty() && *only.labels == [1] => Some(only.ty.clone()),
        _ => None,
    }
}

/// Octets, a map, or what it says.
fn sequence(item: TypeRef) -> Type {
    match item.resolve() {
        Type::U8 => Type::Bytes,
        Type::Struct(StructType { name, fields, .. }) if name.is_empty() => match &**fields {
            [key, value] if key.name == "key" && value.name == "value" => {
                Type::Map(key.ty.clone(), value.ty.clone())
            }
            _ => Type::Sequence(item),
        },
        _ => Type::Sequence(item),
    }
}

struct Header {
    id: Option<String>,
    name: String,
    scope: String,
}

fn header(from: &mut CdrDecoder<'_>) -> Result<Header, CodecError> {
    let id = from.name()?.to_owned();
    let name = from.name()?.to_owned();
    let (scope, short) = repository::split(&id);
    let name = if name.is_empty() { short.to_owned() } else { name };
    // an id that the name gives by itself is not kept, so that such types are equal to derived ones
    let plain = id.is_empty() || repository::of(None, &scope, &name) == id;
    Ok(Header { id: (!plain).then_some(id), name, scope })
}

fn empty_struct(header: Header) -> StructType {
    StructType {
        name: header.name.into(),
        scope: header.scope.into(),
        repository_id: header.id.map(Cow::Owned),
        doc: Text::default(),
        fields: Cow::Owned(Vec::new()),
    }
}

fn object(from: &mut CdrDecoder<'_>) -> Result<Type, CodecError> {
    let header = header(from)?;
    Ok(Type::Object(ObjectType { interface: header.name.into(), repository_id: header.id.map(Cow::Owned) }))
}

fn enumeration(from: &mut CdrDecoder<'_>) -> Result<Type, CodecError> {
    let header = header(from)?;
    let count = from.count(5)?;
    let mut members = Vec::new();
    for index in 0..count {
        let name = from.name()?.to_owned().into();
        members.push(EnumMember { name, value: index as i64, doc: Text::default() });
    }
    Ok(Type::Enum(EnumType {
        name: header.name.into(),
        scope: header.scope.into(),
        repository_id: header.id.map(Cow::Owned),
        doc: Text::default(),
        members: Cow::Owned(members),
    }))
}

/// Writes the TypeCode of a type.
pub(crate) fn write(out: &mut CdrEncoder, ty: &Type) -> Written {
    Writer { open: Vec::new(), nodes: 0 }.write(out, ty)
}

struct Writer {
    /// The named types that are being written: their ids, and where they began.
    open: Vec<(String, usize)>,
    nodes: usize,
}

impl Writer {
    fn write(&mut self, out: &mut CdrEncoder, ty: &Type) -> Written {
        self.nodes += 1;
        if self.nodes > NODES {
            return Err(CodecError::limit("TypeCode nodes", NODES));
        }
        match ty {
            Type::Void => out.u32(kind::NULL),
            Type::Bool => out.u32(kind::BOOLEAN),
            Type::I8 | Type::U8 => out.u32(kind::OCTET),
            Type::I16 => out.u32(kind::SHORT),
            Type::U16 => out.u32(kind::USHORT),
            Type::I32 => out.u32(kind::LONG),
            Type::U32 => out.u32(kind::ULONG),
            Type::I64 => out.u32(kind::LONGLONG),
            Type::U64 => out.u32(kind::ULONGLONG),
            Type::F32 => out.u32(kind::FLOAT),
            Type::F64 => out.u32(kind::DOUBLE),
            Type::Char => out.u32(kind::CHAR),
            Type::WideChar => out.u32(kind::WCHAR),
            Type::Any => out.u32(kind::ANY),
            Type::String | Type::Decimal | Type::DateTime | Type::Date | Type::Time | Type::Duration => {
                self.unbounded(out, kind::STRING)
            }
            Type::WideString => self.unbounded(out, kind::WSTRING),
            Type::Fixed { digits, scale } => {
                out.u32(kind::FIXED)?;
                out.u16(*digits)?;
                out.u16(*scale)
            }
            Type::Bytes => self.items(out, kind::SEQUENCE, &Type::U8, 0),
            Type::Sequence(item) => self.items(out, kind::SEQUENCE, item.resolve(), 0),
            Type::Array(item, len) => self.items(out, kind::ARRAY, item.resolve(), *len),
            Type::Map(key, value) => self.map(out, key.resolve(), value.resolve()),
            Type::Optional(inner) => self.optional(out, inner.resolve()),
            Type::Tuple(items) => self.tuple(out, items),
            Type::Struct(ty) => self.structure(out, ty),
            Type::Enum(ty) => enum_code(out, ty),
            Type::Union(ty) => self.union(out, ty),
            Type::Object(ty) => {
                out.u32(kind::OBJREF)?;
                out.encapsulate(|out| {
                    out.name(&repository::of_object(ty))?;
                    out.name(&ty.interface)
                })
            }
            other => Err(CodecError::unsupported(format!("a TypeCode of {other}"), "CORBA has none")),
        }
    }

    fn unbounded(&self, out: &mut CdrEncoder, kind: u32) -> Written {
        out.u32(kind)?;
        out.u32(0)
    }

    fn items(&mut self, out: &mut CdrEncoder, kind: u32, item: &Type, len: usize) -> Written {
        out.u32(kind)?;
        out.encapsulate(|out| {
            self.write(out, item)?;
            out.count(len)
        })
    }

    fn map(&mut self, out: &mut CdrEncoder, key: &Type, value: &Type) -> Written {
        out.u32(kind::SEQUENCE)?;
        out.encapsulate(|out| {
            out.u32(kind::STRUCT)?;
            out.encapsulate(|out| {
                names(out, "", "", 2)?;
                out.name("key")?;
                self.write(out, key)?;
                out.name("value")?;
                self.write(out, value)
            })?;
            out.u32(0)
        })
    }

    fn optional(&mut self, out: &mut CdrEncoder, inner: &Type) -> Written {
        out.u32(kind::UNION)?;
        out.encapsulate(|out| {
            out.name("")?;
            out.name("")?;
            out.u32(kind::BOOLEAN)?;
            out.i32(-1)?;
            out.u32(1)?;
            out.bool(true)?;
            out.name("value")?;
            self.write(out, inner)
        })
    }

    fn tuple(&mut self, out: &mut CdrEncoder, items: &[TypeRef]) -> Written {
        out.u32(kind::STRUCT)?;
        out.encapsulate(|out| {
            names(out, "", "", items.len())?;
            for (index, item) in items.iter().enumerate() {
                out.name(&format!("item{index}"))?;
                self.write(out, item.resolve())?;
            }
            Ok(())
        })
    }

    /// Writes a type that may contain itself: inside, it is an indirection.
    fn named(
        &mut self,
        out: &mut CdrEncoder,
        kind: u32,
        id: &str,
        write: impl FnOnce(&mut Self, &mut CdrEncoder) -> Written,
    ) -> Written {
        out.align(4);
        if let Some((_, start)) = self.open.iter().find(|(open, _)| !id.is_empty() && open == id) {
            let start = *start;
            out.u32(kind::INDIRECTION)?;
            let offset = i32::try_from(out.position() - start)
                .map_err(|_| CodecError::limit("TypeCode indirection", i32::MAX as usize))?;
            return out.i32(-offset);
        }
        self.open.push((id.to_owned(), out.position()));
        out.u32(kind)?;
        out.encapsulate(|out| write(self, out))?;
        self.open.pop();
        Ok(())
    }

    fn structure(&mut self, out: &mut CdrEncoder, ty: &StructType) -> Written {
        let id = if ty.name.is_empty() { Cow::Borrowed("") } else { repository::of_struct(ty) };
        self.named(out, kind::STRUCT, &id, |this, out| {
            names(out, &id, &ty.name, ty.fields.len())?;
            for field in ty.fields.iter() {
                out.name(&field.name)?;
                this.write(out, field.ty.resolve())?;
            }
            Ok(())
        })
    }

    fn union(&mut self, out: &mut CdrEncoder, ty: &UnionType) -> Written {
        let id = match &*ty.name {
            "" => Cow::Borrowed(""),
            name => repository::of(ty.repository_id.as_ref(), &ty.scope, name),
        };
        let discriminator = ty.discriminator.resolve();
        self.named(out, kind::UNION, &id, |this, out| {
            out.name(&id)?;
            out.name(&ty.name)?;
            this.write(out, discriminator)?;
            let labels = ty.cases.iter().map(|case| case.labels.len().max(1));
            let before = |index: usize| -> usize {
                ty.cases[..index].iter().map(|case| case.labels.len().max(1)).sum()
            };
            let default = ty.cases.iter().position(|case| case.labels.is_empty()).map(before);
            out.i32(default.map_or(-1, |index| i32::try_from(index).unwrap_or(-1)))?;
            out.count(labels.sum())?;
            for case in ty.cases.iter() {
                let none = case.labels.is_empty().then_some(None);
                for label in case.labels.iter().copied().map(Some).chain(none) {
                    match label {
                        Some(label) => any::write_discriminator(out, discriminator, label)?,
                        None => out.u8(0)?,
                    }
                    out.name(&case.name)?;
                    this.write(out, case.ty.resolve())?;
                }
            }
            Ok(())
        })
    }
}

fn names(out: &mut CdrEncoder, id: &str, name: &str, members: usize) -> Written {
    out.name(id)?;
    out.name(name)?;
    out.count(members)
}

fn enum_code(out: &mut CdrEncoder, ty: &EnumType) -> Written {
    out.u32(kind::ENUM)?;
    out.encapsulate(|out| {
        let id = repository::of(ty.repository_id.as_ref(), &ty.scope, &ty.name);
        names(out, &id, &ty.name, ty.members.len())?;
        ty.members.iter().try_for_each(|member| out.name(&member.name))
    })
}
