//! Interfaces: inheritance, operations and attributes.

use farcall_model::Direction;

use super::{Resolver, ScopeKind};
use crate::ast::{self, Definition, Flavor, Ident, ScopedName, Way};
use crate::spec::{Basic, DeclId, DeclKind, InterfaceDecl, Member, OperationDecl, Param, Ty};

/// An interface or value type inherits from so many others at most.
const ANCESTORS: usize = 500;

impl Resolver<'_> {
    pub(super) fn interface_forward(
        &mut self,
        definition: &Definition,
        name: &Ident,
        flavor: Flavor,
    ) -> Option<DeclId> {
        let kind = interface_kind(flavor, false);
        let id = self.announce(name, definition, |k| matches!(k, DeclKind::Interface(_)), kind)?;
        self.check_flavor(id, name, flavor);
        Some(id)
    }

    fn check_flavor(&mut self, id: DeclId, name: &Ident, flavor: Flavor) {
        let DeclKind::Interface(interface) = &self.decl(id).kind else { return };
        if (interface.is_abstract, interface.local) != (flavor == Flavor::Abstract, flavor == Flavor::Local) {
            let text = format!("'{}' is abstract or local in one place and not in the other", name.name);
            let at = self.decl(id).span;
            self.diagnostics.error_with(name.span, text, at, "the other place");
        }
    }

    pub(super) fn interface(
        &mut self,
        definition: &Definition,
        interface: &ast::Interface,
    ) -> Option<DeclId> {
        let announced = |kind: &DeclKind| matches!(kind, DeclKind::Interface(i) if !i.defined);
        if let Some(id) = self.here(&interface.name.name).filter(|id| announced(&self.decl(*id).kind)) {
            self.check_flavor(id, &interface.name, interface.flavor);
        }
        // The bases are looked up before the name itself can be found as one of them.
        let mut bases: Vec<DeclId> = Vec::new();
        for name in &interface.bases {
            let Some(base) = self.base_interface(name, interface.flavor) else { continue };
            if bases.contains(&base) {
                let text = format!("'{}' is inherited twice", self.decl(base).scoped_name);
                self.diagnostics.error(name.span, text);
            } else {
                bases.push(base);
            }
        }
        let kind = interface_kind(interface.flavor, true);
        let id = self.complete(&interface.name, definition, announced, kind)?;
        self.open(id, ScopeKind::Interface);
        self.inherit(&interface.name, &bases);
        let mut members = Vec::new();
        self.definitions(&interface.body, &mut members);
        self.close();
        let DeclKind::Interface(decl) = &mut self.decl_mut(id).kind else { return Some(id) };
        decl.bases = bases;
        decl.members = members;
        Some(id)
    }

    /// An interface that may be inherited from, or a diagnostic.
    pub(super) fn base_interface(&mut self, name: &ScopedName, flavor: Flavor) -> Option<DeclId> {
        let id = self.lookup(name)?;
        let id = self.through_typedef(id);
        let decl = self.decl(id);
        let DeclKind::Interface(base) = &decl.kind else {
            let text = format!("expected an interface; '{}' is {}", decl.scoped_name, self.what(id));
            let at = decl.span;
            self.diagnostics.error_with(name.span, text, at, "declared here");
            return None;
        };
        let fault = if !base.defined {
            Some(format!("'{}' is only announced here; it must be defined to be inherited", decl.scoped_name))
        } else if flavor == Flavor::Abstract && !base.is_abstract {
            Some(format!(
                "an abstract interface inherits abstract ones only, which '{}' is not",
                decl.scoped_name
            ))
        } else if flavor == Flavor::Plain && base.local {
            Some(format!("'{}' is local; only local interfaces inherit it", decl.scoped_name))
        } else {
            None
        };
        if let Some(text) = fault {
            let at = decl.span;
            self.diagnostics.error_with(name.span, text, at, "declared here");
            return None;
        }
        Some(id)
    }

    /// What a typedef of a declaration names.
    pub(super) fn through_typedef(&self, id: DeclId) -> DeclId {
        match self.spec.unalias(&Ty::Named(id)) {
            Ty::Named(id) => *id,
            _ => id,
        }
    }

    /// Gives the open scope the names of bases, of which no two may have an operation or attribute
    /// of one name.
    pub(super) fn inherit(&mut self, name: &Ident, bases: &[DeclId]) {
        let mut seen: Vec<(String, DeclId, crate::source::Span)> = Vec::new();
        for base in bases {
            let Some(scope) = self.scope_of.get(base).copied() else { continue };
            let mut all = Vec::new();
            self.ancestors(scope, &mut all);
            if all.len() > ANCESTORS {
                let text = format!("'{}' inherits, through others, from more than {ANCESTORS}", name.name);
                self.diagnostics.error(name.span, text);
                continue;
            }
            for callable in self.callables(scope) {
                match seen.iter().find(|(key, ..)| *key == callable.0) {
                    Some((_, other, at)) if *other != callable.1 => {
                        let operation = &self.decl(callable.1).name;
                        let text = format!("'{}' inherits '{operation}' from two places", name.name);
                        let notes =
                            vec![(*at, "from here".to_owned()), (callable.2, "and from here".to_owned())];
                        self.diagnostics.error_notes(name.span, text, notes);
                    }
                    Some(_) => {}
                    None => seen.push(callable),
                }
            }
            let current = self.current.0;
            self.scopes[current].bases.push(scope);
        }
    }

    pub(super) fn raises(&mut self, names: &[ScopedName]) -> Vec<DeclId> {
        let mut out = Vec::new();
        for name in names {
            let Some(id) = self.lookup(name) else { continue };
            let decl = self.decl(id);
            if matches!(decl.kind, DeclKind::Exception { .. }) {
                if !out.contains(&id) {
                    out.push(id);
                }
            } else if !matches!(decl.kind, DeclKind::Native) {
                let text = format!("expected an exception; '{}' is {}", decl.scoped_name, self.what(id));
                let at = decl.span;
                self.diagnostics.error_with(name.span, text, at, "declared here");
            }
        }
        out
    }

    pub(super) fn attribute(&mut self, definition: &Definition, attribute: &ast::Attribute) -> Vec<DeclId> {
        let ty = self.ty(&attribute.ty);
        let (reads, writes) = (self.raises(&attribute.reads), self.raises(&attribute.writes));
        let Some(ty) = ty else { return Vec::new() };
        let mut out = Vec::new();
        for name in &attribute.names {
            let kind = DeclKind::Attribute {
                readonly: attribute.readonly,
                ty: ty.clone(),
                reads: reads.clone(),
                writes: writes.clone(),
            };
            out.extend(self.declare(name, definition, kind));
        }
        out
    }

    pub(super) fn operation(
        &mut self,
        definition: &Definition,
        operation: &ast::Operation,
    ) -> Option<DeclId> {
        let result = self.result_ty(&operation.result);
        if operation.oneway {
            self.check_oneway(operation);
        }
        let kind = OperationDecl {
            oneway: operation.oneway,
            factory: false,
            result: result?,
            params: Vec::new(),
            raises: Vec::new(),
            contexts: operation.contexts.clone(),
        };
        let id = self.declare(&operation.name, definition, DeclKind::Operation(kind))?;
        self.signature(id, &operation.params, &operation.raises);
        Some(id)
    }

    fn check_oneway(&mut self, operation: &ast::Operation) {
        let name = &operation.name.name;
        if !matches!(operation.result.kind, ast::TypeKind::Basic(Basic::Void)) {
            let text = format!("'{name}' is oneway, so that its result can only be 'void'");
            self.diagnostics.error(operation.result.span, text);
        }
        for param in operation.params.iter().filter(|p| p.way != Way::In) {
            let text = format!("'{name}' is oneway, so that its parameters can only be 'in'");
            self.diagnostics.error(param.name.span, text);
        }
        if let Some(raised) = operation.raises.first() {
            let text = format!("'{name}' is oneway, so that nobody would hear of its exceptions");
            self.diagnostics.error(raised.span, text);
        }
    }

    /// A factory of the value type or home whose scope is open.
    pub(super) fn factory(
        &mut self,
        definition: &Definition,
        name: &Ident,
        params: &[ast::Param],
        raises: &[ScopedName],
    ) -> Option<DeclId> {
        let result = self.scopes[self.current.0].decl.map_or(Ty::Basic(Basic::Void), Ty::Named);
        let kind = OperationDecl {
            oneway: false,
            factory: true,
            result,
            params: Vec::new(),
            raises: Vec::new(),
            contexts: Vec::new(),
        };
        let id = self.declare(name, definition, DeclKind::Operation(kind))?;
        self.signature(id, params, raises);
        Some(id)
    }

    /// Parameters and exceptions of an operation that is declared.
    fn signature(&mut self, id: DeclId, params: &[ast::Param], raises: &[ScopedName]) {
        self.open_inner();
        let mut out = Vec::new();
        for param in params {
            let annotations = self.annotations(&param.annotations);
            let Some(ty) = self.ty(&param.ty) else { continue };
            if !self.reserve(&param.name, None, false) {
                continue;
            }
            let direction = match param.way {
                Way::In => Direction::In,
                Way::Out => Direction::Out,
                Way::InOut => Direction::InOut,
            };
            let (name, doc) = (param.name.name.clone(), param.doc.clone());
            out.push(Param { direction, member: Member { name, ty, doc, annotations } });
        }
        let raised = self.raises(raises);
        self.close();
        if let DeclKind::Operation(operation) = &mut self.decl_mut(id).kind {
            operation.params = out;
            operation.raises = raised;
        }
    }
}

fn interface_kind(flavor: Flavor, defined: bool) -> DeclKind {
    let (is_abstract, local) = (flavor == Flavor::Abstract, flavor == Flavor::Local);
    DeclKind::Interface(InterfaceDecl { is_abstract, local, defined, ..InterfaceDecl::default() })
}
