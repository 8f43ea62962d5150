//! A tree to a [`Specification`]: names looked up, constants worked out, rules checked.

mod bits;
mod components;
mod constants;
mod ids;
mod interfaces;
mod numbers;
mod scopes;
mod types;
mod unions;
mod values;

use std::collections::{HashMap, HashSet};

use crate::ast::{self, Definition, Ident, Kind};
use crate::diagnostics::Diagnostics;
use crate::source::Span;
use crate::spec::{Const, Decl, DeclId, DeclKind, Member, Specification, Ty};
use scopes::{Scope, ScopeId, ScopeKind};

/// Checks all definitions; what is wrong is reported, and left out.
pub(crate) fn resolve(definitions: &[Definition], diagnostics: &mut Diagnostics) -> Specification {
    let mut resolver = Resolver {
        spec: Specification::default(),
        scopes: vec![Scope::new(ScopeKind::Root, None, None)],
        scope_of: HashMap::new(),
        current: ScopeId::ROOT,
        frames: vec![String::new()],
        files: Vec::new(),
        identified: HashMap::new(),
        prefixes: HashMap::new(),
        building: HashSet::new(),
        listed: HashSet::new(),
        bitsets: HashMap::new(),
        order: 0,
        compared: 0,
        inherited: 0,
        forwards: Vec::new(),
        diagnostics,
    };
    let mut roots = Vec::new();
    resolver.definitions(definitions, &mut roots);
    resolver.spec.roots = roots;
    resolver.check_forwards();
    resolver.spec
}

/// Structs inherit so many members at most, all counted: chains of them multiply.
const INHERITED: usize = 100_000;

struct Resolver<'a> {
    spec: Specification,
    scopes: Vec<Scope>,
    scope_of: HashMap<DeclId, ScopeId>,
    current: ScopeId,
    /// What repository ids of the scopes that are open start with, innermost last.
    frames: Vec<String>,
    /// The frames that held where each included file began.
    files: Vec<Vec<String>>,
    /// Where ids were set by a pragma or `typeid`.
    identified: HashMap<DeclId, Span>,
    /// What `typeprefix` said of a scope.
    prefixes: HashMap<DeclId, String>,
    /// Structs and unions whose members are being read.
    building: HashSet<DeclId>,
    /// Declarations that are in the list of what their scope holds.
    listed: HashSet<DeclId>,
    /// The bits of bitsets.
    bitsets: HashMap<DeclId, bits::Bits>,
    /// Definitions so far.
    order: u32,
    /// Inherited operations that were compared.
    compared: usize,
    /// Members that structs took over from their bases.
    inherited: usize,
    /// Announced declarations.
    forwards: Vec<(DeclId, Span)>,
    diagnostics: &'a mut Diagnostics,
}

impl Resolver<'_> {
    fn definitions(&mut self, definitions: &[Definition], out: &mut Vec<DeclId>) {
        for definition in definitions {
            self.definition(definition, out);
        }
    }

    fn definition(&mut self, definition: &Definition, out: &mut Vec<DeclId>) {
        let found = self.declared(definition);
        // What was announced before is in its list already.
        out.extend(found.into_iter().filter(|id| self.listed.insert(*id)));
    }

    /// What a definition declares.
    fn declared(&mut self, definition: &Definition) -> Vec<DeclId> {
        let one = match &definition.kind {
            Kind::Typedef { ty, names } => return self.typedef(definition, ty, names),
            Kind::Enum { name, members } => return self.enumeration(definition, name, members),
            Kind::Attribute(attribute) => return self.attribute(definition, attribute),
            Kind::Module { name, body } => self.module(definition, name, body),
            Kind::Interface(interface) => self.interface(definition, interface),
            Kind::InterfaceForward { name, flavor } => self.interface_forward(definition, name, *flavor),
            Kind::Value(value) => self.value(definition, value),
            Kind::ValueForward { name, flavor } => self.value_forward(definition, name, *flavor),
            Kind::ValueBox { name, ty } => self.value_box(definition, name, ty),
            Kind::Struct { name, base, members } => self.structure(definition, name, base.as_ref(), members),
            Kind::Union { name, switch, cases } => self.union(definition, name, switch, cases),
            Kind::Bitmask { name, flags } => self.bitmask(definition, name, flags),
            Kind::Bitset { name, base, fields } => self.bitset(definition, name, base.as_ref(), fields),
            Kind::Forward { name, union } => self.forward(definition, name, *union),
            Kind::Native(name) => self.declare(name, definition, DeclKind::Native),
            Kind::Const { ty, name, value } => self.constant(definition, ty, name, value),
            Kind::Exception { name, members } => self.exception(definition, name, members),
            Kind::Operation(operation) => self.operation(definition, operation),
            Kind::Factory { name, params, raises } => self.factory(definition, name, params, raises),
            Kind::Component(component) => self.component(definition, component),
            Kind::Home(home) => self.home(definition, home),
            _ => {
                self.remark(definition);
                None
            }
        };
        one.into_iter().collect()
    }

    /// What declares nothing.
    fn remark(&mut self, definition: &Definition) {
        match &definition.kind {
            Kind::Mark(mark) => self.mark(mark, definition.span),
            Kind::TypeId { name, id } => {
                if let Some(found) = self.lookup(name) {
                    self.set_id(found, id.clone(), name.span);
                }
            }
            Kind::TypePrefix { name, prefix } => self.type_prefix(name, prefix),
            Kind::Import => {
                self.diagnostics.warning(definition.span, "'import' reads nothing here; use #include");
            }
            Kind::Port { kind, ty, name } => self.port(*kind, ty.as_ref(), name),
            // State is taken by the walk over its value type.
            _ => {}
        }
    }

    fn decl(&self, id: DeclId) -> &Decl {
        self.spec.decl(id)
    }

    fn decl_mut(&mut self, id: DeclId) -> &mut Decl {
        &mut self.spec.decls[id.0 as usize]
    }

    /// Adds a declaration to the scope that is open. Without room for its name, reports that.
    fn declare(&mut self, name: &Ident, definition: &Definition, kind: DeclKind) -> Option<DeclId> {
        let annotations = self.annotations(&definition.annotations);
        self.introduce(name, &definition.doc, annotations, kind)
    }

    fn introduce(
        &mut self,
        name: &Ident,
        doc: &str,
        annotations: Vec<crate::spec::Annotation>,
        kind: DeclKind,
    ) -> Option<DeclId> {
        let id = DeclId(u32::try_from(self.spec.decls.len()).ok()?);
        if !self.reserve(name, Some(id), is_callable(&kind)) {
            return None;
        }
        let parent = self.scopes[self.current.0].decl;
        let scoped_name = match parent {
            Some(parent) => format!("{}::{}", self.decl(parent).scoped_name, name.name),
            None => name.name.clone(),
        };
        let repository_id = self.repository_id(&name.name);
        let (doc, span, name) = (doc.to_owned(), name.span, name.name.clone());
        self.order += 1;
        let order = self.order;
        self.spec.decls.push(Decl {
            name,
            scoped_name,
            repository_id,
            parent,
            doc,
            annotations,
            span,
            kind,
            order,
        });
        Some(id)
    }

    fn module(&mut self, definition: &Definition, name: &Ident, body: &[Definition]) -> Option<DeclId> {
        let reopened = self.here(&name.name).filter(|id| {
            matches!(self.decl(*id).kind, DeclKind::Module { .. }) && self.decl(*id).name == name.name
        });
        let id = match reopened {
            Some(id) => {
                if self.decl(id).doc.is_empty() {
                    self.decl_mut(id).doc.clone_from(&definition.doc);
                }
                id
            }
            None => self.declare(name, definition, DeclKind::Module { members: Vec::new() })?,
        };
        let mut members = match &mut self.decl_mut(id).kind {
            DeclKind::Module { members } => std::mem::take(members),
            _ => Vec::new(),
        };
        self.open(id, ScopeKind::Module);
        self.definitions(body, &mut members);
        self.close();
        self.decl_mut(id).kind = DeclKind::Module { members };
        Some(id)
    }

    fn exception(
        &mut self,
        definition: &Definition,
        name: &Ident,
        members: &[ast::Member],
    ) -> Option<DeclId> {
        let id = self.declare(name, definition, DeclKind::Exception { members: Vec::new() })?;
        self.open(id, ScopeKind::Other);
        let members = self.members(members);
        self.close();
        self.decl_mut(id).kind = DeclKind::Exception { members };
        Some(id)
    }

    fn structure(
        &mut self,
        definition: &Definition,
        name: &Ident,
        base: Option<&ast::ScopedName>,
        members: &[ast::Member],
    ) -> Option<DeclId> {
        let announced = |kind: &DeclKind| matches!(kind, DeclKind::Struct { defined: false, .. });
        let empty = DeclKind::Struct { members: Vec::new(), defined: true };
        let id = self.complete(name, definition, announced, empty)?;
        let mut all = Vec::new();
        if let Some(base) = base {
            all = self.base_members(base);
        }
        self.building.insert(id);
        self.open(id, ScopeKind::Other);
        for member in &all {
            let ident = Ident { name: member.name.clone(), span: name.span };
            self.reserve(&ident, None, false);
        }
        all.extend(self.members(members));
        self.close();
        self.building.remove(&id);
        self.decl_mut(id).kind = DeclKind::Struct { members: all, defined: true };
        Some(id)
    }

    fn base_members(&mut self, base: &ast::ScopedName) -> Vec<Member> {
        let Some(id) = self.lookup(base) else { return Vec::new() };
        let id = match self.spec.unalias(&Ty::Named(id)) {
            Ty::Named(id) => *id,
            _ => id,
        };
        match &self.spec.decl(id).kind {
            DeclKind::Struct { members, .. } if !self.building.contains(&id) => {
                self.inherited += members.len();
                if self.inherited > INHERITED {
                    let text = format!("structs inherit more than {INHERITED} members in all");
                    self.diagnostics.error(base.span, text);
                    return Vec::new();
                }
                members.clone()
            }
            _ => {
                let at = self.decl(id).span;
                let text = format!("expected a struct, which '{}' is not", self.decl(id).scoped_name);
                self.diagnostics.error_with(base.span, text, at, "declared here");
                Vec::new()
            }
        }
    }

    fn members(&mut self, members: &[ast::Member]) -> Vec<Member> {
        let mut out = Vec::new();
        for member in members {
            let annotations = self.annotations(&member.annotations);
            let Some(ty) = self.member_ty(&member.ty) else { continue };
            for name in &member.names {
                let Some(ty) = self.array(ty.clone(), &name.sizes) else { continue };
                if self.reserve(&name.name, None, false) {
                    let (doc, annotations) = (member.doc.clone(), annotations.clone());
                    out.push(Member { name: name.name.name.clone(), ty, doc, annotations });
                }
            }
        }
        out
    }

    /// The declaration that a definition completes, or a new one.
    fn complete(
        &mut self,
        name: &Ident,
        definition: &Definition,
        announced: impl Fn(&DeclKind) -> bool,
        kind: DeclKind,
    ) -> Option<DeclId> {
        let found = self.here(&name.name).filter(|id| {
            let decl = self.decl(*id);
            decl.name == name.name && announced(&decl.kind)
        });
        let Some(id) = found else { return self.declare(name, definition, kind) };
        self.check_prefix(id, name);
        let annotations = self.annotations(&definition.annotations);
        self.order += 1;
        let order = self.order;
        let decl = self.decl_mut(id);
        decl.order = order;
        decl.span = name.span;
        decl.kind = kind;
        decl.annotations.extend(annotations);
        if !definition.doc.is_empty() {
            decl.doc.clone_from(&definition.doc);
        }
        Some(id)
    }

    /// A declaration that says no more than a name; after the first or after the definition it
    /// says nothing.
    fn announce(
        &mut self,
        name: &Ident,
        definition: &Definition,
        same: impl Fn(&DeclKind) -> bool,
        kind: DeclKind,
    ) -> Option<DeclId> {
        let found = self.here(&name.name).filter(|id| {
            let decl = self.decl(*id);
            decl.name == name.name && same(&decl.kind)
        });
        if let Some(id) = found {
            self.check_prefix(id, name);
            return Some(id);
        }
        let id = self.declare(name, definition, kind)?;
        self.forwards.push((id, name.span));
        Some(id)
    }

    fn forward(&mut self, definition: &Definition, name: &Ident, union: bool) -> Option<DeclId> {
        if union {
            let switch = crate::spec::Ty::Basic(crate::spec::Basic::Boolean);
            let kind = DeclKind::Union { switch, cases: Vec::new(), defined: false };
            self.announce(name, definition, |k| matches!(k, DeclKind::Union { .. }), kind)
        } else {
            let kind = DeclKind::Struct { members: Vec::new(), defined: false };
            self.announce(name, definition, |k| matches!(k, DeclKind::Struct { .. }), kind)
        }
    }

    fn check_forwards(&mut self) {
        for (id, span) in std::mem::take(&mut self.forwards) {
            let decl = self.spec.decl(id);
            let text = format!("'{}' is announced, but defined nowhere", decl.scoped_name);
            match &decl.kind {
                DeclKind::Struct { defined: false, .. } | DeclKind::Union { defined: false, .. } => {
                    self.diagnostics.error(span, text);
                }
                DeclKind::Interface(interface) if !interface.defined => self.diagnostics.warning(span, text),
                DeclKind::Value(value) if !value.defined => self.diagnostics.warning(span, text),
                _ => {}
            }
        }
    }

    fn enumeration(
        &mut self,
        definition: &Definition,
        name: &Ident,
        members: &[ast::Enumerator],
    ) -> Vec<DeclId> {
        let Some(id) = self.declare(name, definition, DeclKind::Enum { members: Vec::new() }) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        let mut next = 0;
        for member in members {
            let annotations = self.annotations(&member.annotations);
            let given = annotations.iter().find(|a| a.name == "value").and_then(|a| match a.params.first() {
                Some((_, Const::Integer(n))) => i64::try_from(*n).ok(),
                _ => None,
            });
            let value = given.unwrap_or(next);
            next = value.saturating_add(1);
            let kind = DeclKind::Enumerator { of: id, value };
            out.extend(self.introduce(&member.name, &member.doc, annotations, kind));
        }
        self.decl_mut(id).kind = DeclKind::Enum { members: out.clone() };
        out.insert(0, id);
        out
    }

    fn annotations(&mut self, annotations: &[ast::Annotation]) -> Vec<crate::spec::Annotation> {
        let mut out = Vec::new();
        for annotation in annotations {
            let name: Vec<&str> = annotation.name.parts.iter().map(|p| p.name.as_str()).collect();
            let mut params = Vec::new();
            for (key, value) in &annotation.params {
                params.push((key.as_ref().map(|k| k.name.clone()), self.annotation_value(value)));
            }
            out.push(crate::spec::Annotation { name: name.join("::"), params });
        }
        out
    }
}

fn is_callable(kind: &DeclKind) -> bool {
    matches!(kind, DeclKind::Operation(_) | DeclKind::Attribute { .. })
}
