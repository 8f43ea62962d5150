//! Components and homes: known as interfaces, with what they support and their attributes; ports
//! are checked and otherwise left to the component model.

use super::{Resolver, ScopeKind};
use crate::ast::{Component, Definition, Flavor, Home, Ident, Port, ScopedName};
use crate::spec::{DeclId, DeclKind, InterfaceDecl};

impl Resolver<'_> {
    pub(super) fn component(&mut self, definition: &Definition, component: &Component) -> Option<DeclId> {
        let kind = |defined| DeclKind::Interface(InterfaceDecl { defined, ..InterfaceDecl::default() });
        let Some(body) = &component.body else {
            return self.announce(
                &component.name,
                definition,
                |k| matches!(k, DeclKind::Interface(_)),
                kind(false),
            );
        };
        let bases = self.bases(component.base.as_ref(), &component.supports);
        let announced = |kind: &DeclKind| matches!(kind, DeclKind::Interface(i) if !i.defined);
        let id = self.complete(&component.name, definition, announced, kind(true))?;
        self.fill(id, &component.name, bases, body);
        Some(id)
    }

    pub(super) fn home(&mut self, definition: &Definition, home: &Home) -> Option<DeclId> {
        let bases = self.bases(home.base.as_ref(), &home.supports);
        let managed = self.lookup(&home.manages);
        if let Some(id) = managed.filter(|id| !matches!(self.decl(*id).kind, DeclKind::Interface(_))) {
            let text = format!("expected a component; '{}' is {}", self.decl(id).scoped_name, self.what(id));
            self.diagnostics.error(home.manages.span, text);
        }
        if let Some(id) = home.key.as_ref().and_then(|key| self.lookup(key))
            && !matches!(self.decl(id).kind, DeclKind::Value(_))
        {
            let text = format!(
                "expected a value type for the key; '{}' is {}",
                self.decl(id).scoped_name,
                self.what(id)
            );
            self.diagnostics.error(home.name.span, text);
        }
        let kind = DeclKind::Interface(InterfaceDecl { defined: true, ..InterfaceDecl::default() });
        let id = self.declare(&home.name, definition, kind)?;
        self.fill(id, &home.name, bases, &home.body);
        Some(id)
    }

    fn bases(&mut self, base: Option<&ScopedName>, supports: &[ScopedName]) -> Vec<DeclId> {
        let names = base.into_iter().chain(supports);
        let mut out = Vec::new();
        for name in names {
            if let Some(id) = self.base_interface(name, Flavor::Local).filter(|id| !out.contains(id)) {
                out.push(id);
            }
        }
        out
    }

    fn fill(&mut self, id: DeclId, name: &Ident, bases: Vec<DeclId>, body: &[Definition]) {
        self.open(id, ScopeKind::Interface);
        self.inherit(name, &bases);
        let mut members = Vec::new();
        self.definitions(body, &mut members);
        self.close();
        if let DeclKind::Interface(interface) = &mut self.decl_mut(id).kind {
            interface.bases = bases;
            interface.members = members;
        }
    }

    pub(super) fn port(&mut self, kind: Port, ty: Option<&ScopedName>, name: &Ident) {
        if let Some(id) = ty.and_then(|ty| self.lookup(ty)) {
            let event = !matches!(kind, Port::Provides | Port::Uses);
            let decl = self.decl(id);
            let fits = match &decl.kind {
                DeclKind::Interface(_) => !event,
                DeclKind::Value(value) => event && value.event,
                _ => false,
            };
            if !fits {
                let wanted = if event { "an event type" } else { "an interface" };
                let text = format!("expected {wanted}; '{}' is {}", decl.scoped_name, self.what(id));
                self.diagnostics.error(name.span, text);
            }
        }
        self.reserve(name, None, false);
    }
}
