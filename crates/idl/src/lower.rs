//! A [`Specification`] to the interface model: [`lower`].

mod constants;
mod nesting;
pub(crate) mod shapes;
mod types;

use std::collections::HashMap;

use farcall_model::{
    Alias, Constant, ExceptionType, Field, Interface, Knot, Operation, Param, StructType, Type, TypeRef,
};

use crate::spec::{CODE, Const, Decl, DeclId, DeclKind, Member, OperationDecl, Specification, Ty};

/// What a specification says, in terms of the interface model.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Model {
    /// The interfaces that can be called from elsewhere, each with what it inherits.
    pub interfaces: Vec<Interface>,
    /// The structs, unions, enumerations and value types.
    pub types: Vec<TypeRef>,
    /// The exceptions.
    pub exceptions: Vec<&'static ExceptionType>,
    /// The typedefs: what was declared by such a name resolves to the same type as the alias.
    pub aliases: Vec<Alias>,
    /// The constants.
    pub constants: Vec<Constant>,
    /// What was left out and why: declarations that use a `native` type or a
    /// `local` interface, which no wire carries.
    pub left_out: Vec<String>,
}

impl Model {
    /// The interface of that name, with its scope: `A::B::name`.
    #[must_use]
    pub fn interface(&self, scoped_name: &str) -> Option<&Interface> {
        let (scope, name) = scoped_name.rsplit_once("::").unwrap_or(("", scoped_name));
        self.interfaces.iter().find(|i| i.name == name && i.scope == scope)
    }
}

/// Why a specification is not turned into the model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LowerError {
    /// Types are made of one another too many times over.
    #[error("'{name}' is made of types that are made of types … more than {limit} times over")]
    TooDeep {
        /// The declaration that goes too far.
        name: String,
        /// How far is allowed.
        limit: usize,
    },
    /// Interfaces have too many operations, each counted wherever it is inherited.
    #[error("with '{name}' there are more than {limit} operations, inherited ones included")]
    TooMany {
        /// The interface that goes too far.
        name: String,
        /// How many are allowed.
        limit: usize,
    },
}

/// So many operations at most: inheritance multiplies them.
const OPERATIONS: usize = 200_000;

/// Turns declarations into the model.
///
/// Bounds are gone, and typedefs are names beside the types that they stand for. Attributes are the
/// operations `_get_name` and `_set_name`. An exception lives as long as the program, since
/// operations refer to exceptions by static reference: load a specification once, not per call.
/// Its code, for protocols that number faults, is made of its repository id unless emitted IDL says it.
///
/// # Errors
/// If types nest too deeply, or inheritance multiplies operations beyond measure.
///
/// ```
/// use farcall_idl::{Disk, Options, compile, lower};
///
/// let text = "interface Fortune { /* A saying. */ string get_cookie(); };";
/// let compiled = compile("fortune.idl", text, &Options::default(), &Disk);
/// let model = lower(compiled.specification()?)?;
/// assert_eq!(model.interface("Fortune").unwrap().operations[0].doc, "A saying.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lower(specification: &Specification) -> Result<Model, LowerError> {
    nesting::check(specification)?;
    let mut lowering = Lowering {
        spec: specification,
        types: HashMap::new(),
        knots: HashMap::new(),
        exceptions: HashMap::new(),
        listed: Vec::new(),
        out: Model::default(),
    };
    let mut count = 0;
    for (id, decl) in specification.decls() {
        lowering.declaration(id, decl);
    }
    lowering.in_order();
    let mut interfaces: Vec<&Decl> = specification.decls().map(|(_, decl)| decl).collect();
    interfaces.sort_by_key(|decl| decl.order);
    for decl in interfaces {
        lowering.interface(decl);
        let operations = lowering.out.interfaces.last().map_or(0, |i| i.operations.len());
        count += if matches!(decl.kind, DeclKind::Interface(_)) { operations } else { 0 };
        if count > OPERATIONS {
            return Err(LowerError::TooMany { name: decl.scoped_name.clone(), limit: OPERATIONS });
        }
    }
    Ok(lowering.out)
}

struct Lowering<'a> {
    spec: &'a Specification,
    /// What is lowered; `None` if no wire carries it.
    types: HashMap<DeclId, Option<TypeRef>>,
    /// Places of types that were referred to before their turn.
    knots: HashMap<DeclId, Knot>,
    exceptions: HashMap<DeclId, &'static ExceptionType>,
    /// The types that the model is to list, with their place.
    listed: Vec<(u32, TypeRef)>,
    out: Model,
}

impl Lowering<'_> {
    /// The scope that a declaration is in, as it is called.
    fn scope(&self, decl: &Decl) -> String {
        let mut parts = Vec::new();
        let mut next = decl.parent;
        while let Some(id) = next {
            let parent = self.spec.decl(id);
            parts.push(parent.called());
            next = parent.parent;
        }
        parts.reverse();
        parts.join("::")
    }

    /// The id, where it is not the one that scope and name give.
    fn declared_id(&self, decl: &Decl) -> Option<farcall_model::Text> {
        let scope = self.scope(decl).replace("::", "/");
        let slash = if scope.is_empty() { "" } else { "/" };
        let default = format!("IDL:{scope}{slash}{}:1.0", decl.called());
        (decl.repository_id != default).then(|| decl.repository_id.clone().into())
    }

    fn declaration(&mut self, id: DeclId, decl: &Decl) {
        if let DeclKind::Exception { members } = &decl.kind {
            self.exception(id, decl, members);
            return;
        }
        if let DeclKind::Const { ty, value } = &decl.kind {
            self.constant(decl, ty, value);
            return;
        }
        if let Some(target) = shapes::plain_alias(decl) {
            let ty = self.reference(target);
            self.alias(decl, ty.as_ref());
            self.types.insert(id, ty);
            return;
        }
        let Some(ty) = self.declared_type(id, decl) else { return };
        let named = ty.as_ref().filter(|ty| {
            let own = shapes::is_helper(decl);
            !own && matches!(ty, Type::Struct(_) | Type::Union(_) | Type::Enum(_) | Type::Value(_))
        });
        let listed = named.is_some() && !matches!(decl.kind, DeclKind::Typedef { .. });
        if ty.is_none() && !matches!(decl.kind, DeclKind::Native | DeclKind::Interface(_)) {
            self.leave_out(decl);
        }
        let ty = ty.map(|ty| match self.knots.get(&id) {
            Some(knot) => {
                knot.tie(ty);
                TypeRef::Knot(knot.clone())
            }
            None => TypeRef::from(ty),
        });
        if matches!(decl.kind, DeclKind::Typedef { .. }) {
            self.alias(decl, ty.as_ref());
        }
        if listed {
            self.listed.extend(ty.clone().map(|ty| (decl.order, ty)));
        }
        self.types.insert(id, ty);
    }

    /// Types where they are defined, not where they are announced.
    fn in_order(&mut self) {
        let mut listed = std::mem::take(&mut self.listed);
        listed.sort_by_key(|(order, _)| *order);
        self.out.types = listed.into_iter().map(|(_, ty)| ty).collect();
    }

    fn alias(&mut self, decl: &Decl, ty: Option<&TypeRef>) {
        if let Some(ty) = ty
            && !shapes::is_helper(decl)
        {
            let (name, scope) = (decl.called().to_owned().into(), self.scope(decl).into());
            self.out.aliases.push(Alias { name, scope, doc: decl.doc.clone().into(), ty: ty.clone() });
        }
    }

    fn leave_out(&mut self, decl: &Decl) {
        self.out.left_out.push(format!(
            "{} uses a native type or a local interface, which no wire carries",
            decl.scoped_name
        ));
    }

    fn exception(&mut self, id: DeclId, decl: &Decl, members: &[Member]) {
        let Some(fields) = self.fields(members) else {
            self.leave_out(decl);
            return;
        };
        let body = StructType {
            name: decl.called().to_owned().into(),
            scope: self.scope(decl).into(),
            repository_id: self.declared_id(decl),
            doc: decl.doc.clone().into(),
            fields: fields.into(),
        };
        let exception = ExceptionType { body, code: code(decl) };
        let exception: &'static ExceptionType = Box::leak(Box::new(exception));
        self.exceptions.insert(id, exception);
        self.out.exceptions.push(exception);
    }

    fn fields(&mut self, members: &[Member]) -> Option<Vec<Field>> {
        members.iter().map(|member| self.field(member)).collect()
    }

    fn field(&mut self, member: &Member) -> Option<Field> {
        let mut ty = self.ty(&member.ty)?;
        let optional = member.annotations.iter().any(|a| a.name == "optional");
        if optional && !matches!(ty.resolve(), Type::Optional(_)) {
            ty = TypeRef::from(Type::Optional(ty));
        }
        let mut field = Field::new(member.name.clone().into(), ty);
        field.doc = member.doc.clone().into();
        Some(field)
    }

    fn interface(&mut self, decl: &Decl) {
        let DeclKind::Interface(interface) = &decl.kind else { return };
        if interface.local || !interface.defined {
            return;
        }
        let mut order = Vec::new();
        for base in &interface.bases {
            self.bases(*base, &mut order);
        }
        let mut out =
            Interface::new(decl.called().to_owned()).with_scope(self.scope(decl)).with_doc(decl.doc.clone());
        out.repository_id = self.declared_id(decl);
        out.bases = order.iter().map(|id| self.spec.decl(*id).repository_id.clone().into()).collect();
        for base in order {
            if let DeclKind::Interface(base) = &self.spec.decl(base).kind {
                self.operations(&base.members, &mut out);
            }
        }
        self.operations(&interface.members, &mut out);
        self.out.interfaces.push(out);
    }

    /// An interface after those that it inherits from, each once.
    fn bases(&self, id: DeclId, out: &mut Vec<DeclId>) {
        // Depth first without recursion: chains of inheritance may be long.
        let mut stack = vec![(id, false)];
        while let Some((id, done)) = stack.pop() {
            if out.contains(&id) {
                continue;
            }
            if done {
                out.push(id);
                continue;
            }
            stack.push((id, true));
            if let DeclKind::Interface(interface) = &self.spec.decl(id).kind {
                stack.extend(interface.bases.iter().rev().map(|b| (*b, false)));
            }
        }
    }

    fn operations(&mut self, members: &[DeclId], out: &mut Interface) {
        for id in members {
            let decl = self.spec.decl(*id);
            match &decl.kind {
                DeclKind::Operation(operation) if !operation.factory => match self.operation(decl, operation)
                {
                    Some(operation) => out.operations.push(operation),
                    None => self.leave_out(decl),
                },
                DeclKind::Attribute { readonly, ty, reads, writes } => {
                    let Some(ty) = self.ty(ty) else {
                        self.leave_out(decl);
                        continue;
                    };
                    let get = Operation::new(format!("_get_{}", decl.called()))
                        .with_result(ty.clone())
                        .idempotent();
                    out.operations.push(get.with_doc(decl.doc.clone()).with_exceptions(self.raised(reads)));
                    if !readonly {
                        let set = Operation::new(format!("_set_{}", decl.called()))
                            .with_param(Param::new("value", ty));
                        out.operations
                            .push(set.with_doc(decl.doc.clone()).with_exceptions(self.raised(writes)));
                    }
                }
                _ => {}
            }
        }
    }

    fn operation(&mut self, decl: &Decl, operation: &OperationDecl) -> Option<Operation> {
        let mut out = Operation::new(decl.called().to_owned())
            .with_doc(decl.doc.clone())
            .with_result(self.ty(&operation.result)?)
            .with_exceptions(self.raised(&operation.raises));
        out.oneway = operation.oneway;
        out = out.with_context(operation.contexts.iter().cloned());
        out.idempotent = decl.annotations.iter().any(|a| a.name == "idempotent");
        for param in &operation.params {
            out = out.with_param(Param { field: self.field(&param.member)?, direction: param.direction });
        }
        Some(out)
    }

    fn raised(&self, raises: &[DeclId]) -> Vec<&'static ExceptionType> {
        raises.iter().filter_map(|id| self.exceptions.get(id).copied()).collect()
    }

    /// A type; `None` if it has a native one in it.
    fn ty(&mut self, ty: &Ty) -> Option<TypeRef> {
        match ty {
            Ty::Named(id) => self.reference(*id),
            ty => self.anonymous(ty).map(TypeRef::from),
        }
    }

    fn reference(&mut self, id: DeclId) -> Option<TypeRef> {
        if let Some(known) = self.types.get(&id) {
            return known.clone();
        }
        Some(TypeRef::Knot(self.knots.entry(id).or_default().clone()))
    }
}

/// The number of an exception: what emitted IDL says, or a positive one that is the same whenever
/// the repository id is (FNV-1a).
fn code(decl: &Decl) -> i32 {
    let given = decl.annotations.iter().find(|a| a.name == CODE).and_then(|a| a.params.first());
    if let Some((_, Const::Integer(code))) = given {
        return i32::try_from(*code).unwrap_or(1);
    }
    hashed(&decl.repository_id)
}

/// The number that a repository id gives.
pub(crate) fn hashed(repository_id: &str) -> i32 {
    let step = |hash: u32, octet: u8| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193);
    let hash = repository_id.bytes().fold(0x811c_9dc5_u32, step);
    i32::try_from(hash & 0x7fff_ffff).unwrap_or(1).max(1)
}
