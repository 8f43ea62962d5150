//! Declared and anonymous types as those of the model.

use std::collections::HashSet;

use farcall_model::{
    Case, EnumMember, EnumType, ObjectType, StructType, Type, TypeRef, UnionType, ValueKind, ValueType,
};

use super::{Lowering, shapes};
use crate::spec::{self, Basic, Decl, DeclId, DeclKind, InterfaceDecl, Ty, ValueDecl};

impl Lowering<'_> {
    /// The type that a declaration makes: `None` if it makes none, `Some(None)` if no wire carries it.
    pub(super) fn declared_type(&mut self, id: DeclId, decl: &Decl) -> Option<Option<Type>> {
        Some(match &decl.kind {
            DeclKind::Typedef { ty } => self.typedef(decl, ty),
            DeclKind::Struct { members, .. } => match self.tuple(decl, members) {
                Some(tuple) => Some(tuple),
                None => self.structure(decl, members),
            },
            DeclKind::Union { switch, cases, .. } => match self.optional(decl, cases) {
                Some(optional) => Some(optional),
                None => self.union(decl, switch, cases),
            },
            DeclKind::Enum { members } => Some(self.enumeration(decl, members)),
            DeclKind::Interface(interface) => {
                // A local object never leaves the process.
                match interface {
                    InterfaceDecl { local: true, .. } => None,
                    InterfaceDecl { is_abstract: true, .. } => Some(self.abstract_interface(id, decl)),
                    _ => Some(Type::Object(object(decl))),
                }
            }
            DeclKind::Value(value) => self.value(id, decl, value),
            DeclKind::ValueBox { ty } => self.boxed(decl, ty),
            DeclKind::Native => None,
            _ => return None,
        })
    }

    fn typedef(&mut self, decl: &Decl, ty: &Ty) -> Option<Type> {
        if let Some(known) = shapes::well_known(decl) {
            return Some(known);
        }
        if let Some(map) = self.map(decl, ty) {
            return Some(map);
        }
        Some(self.ty(ty)?.exact().clone())
    }

    pub(super) fn anonymous(&mut self, ty: &Ty) -> Option<Type> {
        Some(match ty {
            Ty::Basic(basic) => basic_type(*basic),
            Ty::String { wide: false, bound } => bounded(Type::String, *bound),
            Ty::String { wide: true, bound } => bounded(Type::WideString, *bound),
            Ty::Fixed { digits, scale } => Type::Fixed { digits: *digits, scale: *scale },
            Ty::Sequence { item, bound } => {
                let item = self.ty(item)?;
                let octets = matches!(item.exact(), Type::U8);
                bounded(if octets { Type::Bytes } else { Type::Sequence(item) }, *bound)
            }
            Ty::Map { key, item, bound } => bounded(Type::Map(self.ty(key)?, self.ty(item)?), *bound),
            Ty::Array { item, size } => Type::Array(self.ty(item)?, *size as usize),
            Ty::Named(id) => self.reference(*id)?.exact().clone(),
        })
    }

    fn structure(&mut self, decl: &Decl, members: &[spec::Member]) -> Option<Type> {
        Some(Type::Struct(StructType {
            name: decl.called().to_owned().into(),
            scope: self.scope(decl).into(),
            repository_id: self.declared_id(decl),
            doc: decl.doc.clone().into(),
            fields: self.fields(members)?.into(),
        }))
    }

    fn union(&mut self, decl: &Decl, switch: &Ty, cases: &[spec::Case]) -> Option<Type> {
        let mut out = Vec::new();
        for case in cases {
            // The default case is told by having no labels; others of its labels say no more.
            let labels = if case.default { Vec::new() } else { case.labels.clone() };
            let field = self.field(&case.member)?;
            out.push(Case { name: field.name, labels: labels.into(), ty: field.ty, doc: field.doc });
        }
        let union = UnionType {
            name: decl.called().to_owned().into(),
            scope: self.scope(decl).into(),
            repository_id: self.declared_id(decl),
            doc: decl.doc.clone().into(),
            discriminator: self.ty(switch)?,
            cases: out.into(),
        };
        let closed = decl.annotations.iter().any(|a| a.name == "closed");
        Some(Type::Union(if closed { union } else { union.with_nothing() }))
    }

    fn enumeration(&self, decl: &Decl, members: &[DeclId]) -> Type {
        let members: Vec<EnumMember> = members
            .iter()
            .map(|id| self.spec.decl(*id))
            .filter_map(|member| match member.kind {
                DeclKind::Enumerator { value, .. } => Some(EnumMember {
                    name: member.called().to_owned().into(),
                    value,
                    doc: member.doc.clone().into(),
                }),
                _ => None,
            })
            .collect();
        Type::Enum(EnumType {
            name: decl.called().to_owned().into(),
            scope: self.scope(decl).into(),
            repository_id: self.declared_id(decl),
            doc: decl.doc.clone().into(),
            members: members.into(),
        })
    }

    fn value(&mut self, id: DeclId, decl: &Decl, value: &ValueDecl) -> Option<Type> {
        let kind = match value {
            ValueDecl { is_abstract: true, .. } => ValueKind::Abstract,
            ValueDecl { custom: true, .. } => ValueKind::Custom,
            ValueDecl { truncatable: true, .. } => ValueKind::Truncatable,
            _ => ValueKind::Plain,
        };
        // From the nearest base with state on: each has one such base at most.
        let spec = self.spec;
        let mut chain = Vec::new();
        let mut next = concrete_base(spec, value);
        while let Some((base, base_decl)) = next {
            chain.push((base, base_decl));
            next = concrete_base(spec, base_decl);
        }
        let mut fields = Vec::new();
        for (_, base) in chain.iter().rev() {
            fields.extend(self.state(base)?);
        }
        fields.extend(self.state(value)?);
        let mut out = ValueType::new(decl.called().to_owned(), kind, fields);
        out.body.scope = self.scope(decl).into();
        out.body.repository_id = self.declared_id(decl);
        out.body.doc = decl.doc.clone().into();
        out.bases = chain.iter().map(|(base, _)| base.repository_id.clone().into()).collect();
        out.derived = self.derived(id).into();
        Some(Type::Value(out))
    }

    /// The value types that have that one among their bases.
    fn derived(&mut self, base: DeclId) -> Vec<TypeRef> {
        let spec = self.spec;
        let mut found = vec![base];
        // what derives from another is declared after it
        for (id, decl) in spec.decls() {
            if let DeclKind::Value(value) = &decl.kind
                && value.defined
                && value.bases.iter().any(|base| found.contains(base))
            {
                found.push(id);
            }
        }
        found.into_iter().skip(1).filter_map(|id| self.reference(id)).collect()
    }

    /// A reference, or a value of a type that supports the interface.
    fn abstract_interface(&mut self, id: DeclId, decl: &Decl) -> Type {
        let object = object(decl);
        let scope = self.scope(decl);
        let supporting = self.supporting(id);
        let value = if supporting.is_empty() {
            basic_type(Basic::ValueBase)
        } else {
            let mut value =
                ValueType::new(format!("{}Value", object.interface), ValueKind::Abstract, Vec::new());
            value.body.scope = scope.clone().into();
            value.body.doc = format!("A value that supports `{}`.", object.interface).into();
            value.derived = supporting.into();
            Type::Value(value)
        };
        let mut out = UnionType::of_abstract(object, scope, value.into());
        out.doc = decl.doc.clone().into();
        Type::Union(out)
    }

    /// The value types with state that support an interface: by themselves, by what they derive
    /// from, or by an interface that inherits from it.
    fn supporting(&mut self, interface: DeclId) -> Vec<TypeRef> {
        let spec = self.spec;
        let mut found = HashSet::from([interface]);
        let mut out = Vec::new();
        // what is inherited from or supported is defined before
        let mut decls: Vec<_> = spec.decls().collect();
        decls.sort_by_key(|(_, decl)| decl.order);
        for (id, decl) in decls {
            let is_one = match &decl.kind {
                DeclKind::Interface(InterfaceDecl { bases, .. }) => {
                    bases.iter().any(|base| found.contains(base))
                }
                DeclKind::Value(value) => {
                    value.bases.iter().chain(&value.supports).any(|base| found.contains(base))
                }
                _ => false,
            };
            if is_one {
                found.insert(id);
            }
            if is_one && matches!(&decl.kind, DeclKind::Value(value) if value.defined && !value.is_abstract) {
                out.extend(self.reference(id));
            }
        }
        out
    }

    fn state(&mut self, value: &ValueDecl) -> Option<Vec<farcall_model::Field>> {
        value.state.iter().map(|state| self.field(&state.member)).collect()
    }

    fn boxed(&mut self, decl: &Decl, ty: &Ty) -> Option<Type> {
        let field = farcall_model::Field::new("value".into(), self.ty(ty)?);
        let mut out = ValueType::new(decl.called().to_owned(), ValueKind::Boxed, vec![field]);
        out.body.scope = self.scope(decl).into();
        out.body.repository_id = self.declared_id(decl);
        out.body.doc = decl.doc.clone().into();
        Some(Type::Value(out))
    }
}

fn concrete_base<'a>(spec: &'a spec::Specification, value: &ValueDecl) -> Option<(&'a Decl, &'a ValueDecl)> {
    value.bases.iter().map(|id| spec.decl(*id)).find_map(|decl| match &decl.kind {
        DeclKind::Value(value) if !value.is_abstract => Some((decl, value)),
        _ => None,
    })
}

fn bounded(ty: Type, bound: Option<u32>) -> Type {
    match bound.and_then(|bound| usize::try_from(bound).ok()) {
        Some(bound) => Type::Bounded(ty.into(), bound),
        None => ty,
    }
}

fn object(decl: &Decl) -> ObjectType {
    let repository_id = Some(decl.repository_id.clone().into());
    ObjectType { interface: decl.called().to_owned().into(), repository_id }
}

fn basic_type(basic: Basic) -> Type {
    match basic {
        Basic::Void => Type::Void,
        Basic::Boolean => Type::Bool,
        Basic::Octet | Basic::UInt8 => Type::U8,
        Basic::Int8 => Type::I8,
        Basic::Char => Type::Char,
        Basic::WChar => Type::WideChar,
        Basic::Short => Type::I16,
        Basic::UShort => Type::U16,
        Basic::Long => Type::I32,
        Basic::ULong => Type::U32,
        Basic::LongLong => Type::I64,
        Basic::ULongLong => Type::U64,
        Basic::Float => Type::F32,
        Basic::Double => Type::F64,
        Basic::LongDouble => Type::LongDouble,
        Basic::Any => Type::Any,
        Basic::TypeCode => Type::TypeCode,
        Basic::Object => Type::Object(ObjectType { interface: "Object".into(), repository_id: None }),
        Basic::ValueBase => {
            let mut base = ValueType::new("ValueBase", ValueKind::Abstract, Vec::new());
            base.body.scope = "CORBA".into();
            base.body.repository_id = Some("IDL:omg.org/CORBA/ValueBase:1.0".into());
            Type::Value(base)
        }
    }
}
