//! Reading TypeCodes.

use std::borrow::Cow;
use std::collections::HashMap;

use farcall_model::{
    AliasType, Case, EnumMember, EnumType, Field, ObjectType, StructType, Text, Type, TypeRef, UnionType,
    ValueKind, ValueType,
};
use farcall_wire::{CodecError, Decoder as _};

use super::{NODES, kind, modifier, unnamed, unsupported_kind};
use crate::cdr::CdrDecoder;
use crate::{any, repository};

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
            kind::NULL => Type::Null,
            kind::VOID => Type::Void,
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
            kind::LONGDOUBLE => Type::LongDouble,
            kind::TYPECODE => Type::TypeCode,
            kind::STRING => bounded(Type::String, from.u32()?),
            kind::WSTRING => bounded(Type::WideString, from.u32()?),
            kind::FIXED => {
                let (digits, scale) = (from.u16()?, from.i16()?);
                let fits = |scale: &u16| digits <= 31 && *scale <= digits;
                let scale = u16::try_from(scale).ok().filter(fits);
                Type::Fixed { digits, scale: scale.ok_or_else(|| from.fail("no such type as this fixed"))? }
            }
            kind::OBJREF => Type::Object(from.encapsulated(object)?),
            kind::ABSTRACT => abstract_interface(from.encapsulated(object)?),
            kind::STRUCT => from.encapsulated(|from| self.structure(from))?,
            kind::EXCEPT => match from.encapsulated(|from| self.structure(from))? {
                Type::Struct(ty) => Type::Exception(ty),
                other => other,
            },
            kind::UNION => from.encapsulated(|from| self.union(from))?,
            kind::ENUM => from.encapsulated(enumeration)?,
            kind::SEQUENCE => from.encapsulated(|from| {
                let item = self.read(from)?;
                Ok(bounded(sequence(item), from.u32()?))
            })?,
            kind::ARRAY => from.encapsulated(|from| {
                let item = self.read(from)?;
                Ok(Type::Array(item, from.u32()? as usize))
            })?,
            kind::ALIAS => from.encapsulated(|from| {
                let Header { id, name, scope } = header(from)?;
                let (name, scope, repository_id) = (name.into(), scope.into(), id.map(Cow::Owned));
                Ok(Type::Alias(AliasType { name, scope, repository_id, ty: self.read(from)? }))
            })?,
            kind::VALUE => from.encapsulated(|from| self.value(from))?,
            kind::VALUE_BOX => from.encapsulated(|from| {
                let mut ty = ValueType::new("", ValueKind::Boxed, Vec::new());
                ty.body = empty_struct(header(from)?);
                self.stub(Type::Value(ty.clone()));
                ty.body.fields = Cow::Owned(vec![Field::new("value".into(), self.read(from)?)]);
                Ok(Type::Value(ty))
            })?,
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

    fn value(&mut self, from: &mut CdrDecoder<'_>) -> Result<Type, CodecError> {
        let mut ty = ValueType::new("", ValueKind::Plain, Vec::new());
        ty.body = empty_struct(header(from)?);
        ty.kind = match from.i16()? {
            modifier::CUSTOM => ValueKind::Custom,
            modifier::ABSTRACT => ValueKind::Abstract,
            modifier::TRUNCATABLE => ValueKind::Truncatable,
            _ => ValueKind::Plain,
        };
        self.stub(Type::Value(ty.clone()));
        let base = self.read(from)?;
        let mut fields = Vec::new();
        if let Type::Value(base) = base.exact() {
            let id = repository::of_struct(&base.body).into_owned().into();
            ty.bases = std::iter::once(id).chain(base.bases.iter().cloned()).collect();
            fields.extend(base.body.fields.iter().cloned());
        }
        let count = from.count(11)?;
        if fields.len() + count > NODES {
            return Err(CodecError::limit("TypeCode nodes", NODES).at(from.position()));
        }
        for _ in 0..count {
            let name = from.name()?.to_owned();
            fields.push(Field::new(Cow::Owned(name), self.read(from)?));
            // whether it is public
            from.i16()?;
        }
        ty.body.fields = Cow::Owned(fields);
        Ok(Type::Value(ty))
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
                Some(any::read_discriminator(from, discriminator.exact())?)
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
        if let Some(inner) = optional(&ty) {
            return Ok(Type::Optional(inner));
        }
        // one without a name is of a value that said its type by itself
        Ok(Type::Union(if ty.name.is_empty() { ty } else { ty.with_nothing() }))
    }
}

/// That type, of so many items at most; 0 says that there is no bound.
fn bounded(ty: Type, bound: u32) -> Type {
    if bound == 0 { ty } else { Type::Bounded(ty.into(), bound as usize) }
}

/// The items, if a struct is how a tuple is written.
fn tuple(ty: &StructType, fields: &[Field]) -> Option<Vec<TypeRef>> {
    let named = |(index, field): (usize, &Field)| field.name == format!("item{index}");
    let is_tuple = ty.name.is_empty() && !fields.is_empty() && fields.iter().enumerate().all(named);
    is_tuple.then(|| fields.iter().map(|field| field.ty.clone()).collect())
}

/// The type inside, if a union is how an option without a name is written.
fn optional(ty: &UnionType) -> Option<TypeRef> {
    match (&*ty.cases, ty.discriminator.exact()) {
        ([only], Type::Bool) if ty.name.is_empty() && *only.labels == [1] => Some(only.ty.clone()),
        _ => None,
    }
}

/// Octets, a map, or what it says.
fn sequence(item: TypeRef) -> Type {
    match item.exact() {
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
    let id = match from.name()? {
        id if id.starts_with(unnamed::PREFIX) => String::new(),
        id => id.to_owned(),
    };
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

fn object(from: &mut CdrDecoder<'_>) -> Result<ObjectType, CodecError> {
    let id = from.name()?.to_owned();
    let name = match from.name()? {
        "" => repository::split(&id).1,
        name => name,
    };
    let any = ObjectType { interface: Cow::Borrowed("Object"), repository_id: None };
    if id.is_empty() || id == repository::of_object(&any) {
        return Ok(any);
    }
    Ok(ObjectType { interface: name.to_owned().into(), repository_id: Some(id.into()) })
}

/// A reference or a value, whose own type nobody says: a TypeCode does not tell what supports an
/// abstract interface.
fn abstract_interface(object: ObjectType) -> Type {
    let scope = object.repository_id.as_deref().map_or_else(String::new, |id| repository::split(id).0);
    let base = ValueType::new("ValueBase", ValueKind::Abstract, Vec::new());
    Type::Union(UnionType::of_abstract(object, scope, Type::Value(base).into()))
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
