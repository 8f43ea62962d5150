//! Value types: inheritance, state and boxes.

use super::{Resolver, ScopeKind};
use crate::ast::{self, Definition, Flavor, Ident, Kind, TypeSpec, ValueFlavor};
use crate::source::Span;
use crate::spec::{DeclId, DeclKind, Member, StateMember, Ty, ValueDecl};

impl Resolver<'_> {
    pub(super) fn value_forward(
        &mut self,
        definition: &Definition,
        name: &Ident,
        flavor: ValueFlavor,
    ) -> Option<DeclId> {
        let kind = DeclKind::Value(value_decl(flavor, false));
        let id = self.announce(name, definition, |k| matches!(k, DeclKind::Value(_)), kind)?;
        self.check_value_flavor(id, name, flavor);
        Some(id)
    }

    fn check_value_flavor(&mut self, id: DeclId, name: &Ident, flavor: ValueFlavor) {
        let DeclKind::Value(value) = &self.decl(id).kind else { return };
        if value.is_abstract != flavor.is_abstract {
            let text = format!("'{}' is abstract in one place and not in the other", name.name);
            let at = self.decl(id).span;
            self.diagnostics.error_with(name.span, text, at, "the other place");
        }
    }

    pub(super) fn value(&mut self, definition: &Definition, value: &ast::Value) -> Option<DeclId> {
        let announced = |kind: &DeclKind| matches!(kind, DeclKind::Value(v) if !v.defined);
        if let Some(id) = self.here(&value.name.name).filter(|id| announced(&self.decl(*id).kind)) {
            self.check_value_flavor(id, &value.name, value.flavor);
        }
        let bases = self.value_bases(value);
        let supports = self.supported(value);
        let kind = DeclKind::Value(value_decl(value.flavor, true));
        let id = self.complete(&value.name, definition, announced, kind)?;
        self.open(id, ScopeKind::Interface);
        let all: Vec<DeclId> = bases.iter().chain(&supports).copied().collect();
        self.inherit(&value.name, &all);
        let (mut members, mut state) = (Vec::new(), Vec::new());
        for definition in &value.body {
            self.state(definition, value, &mut state);
            self.definition(definition, &mut members);
        }
        self.close();
        let DeclKind::Value(decl) = &mut self.decl_mut(id).kind else { return Some(id) };
        decl.truncatable = value.truncatable;
        decl.bases = bases;
        decl.supports = supports;
        decl.state = state;
        decl.members = members;
        Some(id)
    }

    fn value_bases(&mut self, value: &ast::Value) -> Vec<DeclId> {
        let mut bases = Vec::new();
        let mut concrete = None;
        for (index, name) in value.bases.iter().enumerate() {
            let Some(id) = self.lookup(name) else { continue };
            let id = self.through_typedef(id);
            let decl = self.decl(id);
            let DeclKind::Value(base) = &decl.kind else {
                let text = format!("expected a value type; '{}' is {}", decl.scoped_name, self.what(id));
                let at = decl.span;
                self.diagnostics.error_with(name.span, text, at, "declared here");
                continue;
            };
            let shown = &decl.scoped_name;
            let fault = if !base.defined {
                Some(format!("'{shown}' is only announced here; it must be defined to be inherited"))
            } else if bases.contains(&id) {
                Some(format!("'{shown}' is inherited twice"))
            } else if !base.is_abstract && value.flavor.is_abstract {
                Some(format!("an abstract value type inherits abstract ones only, which '{shown}' is not"))
            } else if !base.is_abstract && index > 0 {
                Some(format!("'{shown}' has state; only the first base may"))
            } else {
                None
            };
            if !base.is_abstract {
                concrete = Some(id);
            }
            if let Some(text) = fault {
                let at = decl.span;
                self.diagnostics.error_with(name.span, text, at, "declared here");
                continue;
            }
            bases.push(id);
        }
        if value.truncatable && (concrete.is_none() || value.flavor.custom) {
            let text =
                "only a value type that has a base with state, and is not custom, can be truncated to it";
            self.diagnostics.error(value.name.span, text);
        }
        bases
    }

    fn supported(&mut self, value: &ast::Value) -> Vec<DeclId> {
        let mut out = Vec::new();
        let mut plain = 0;
        for name in &value.supports {
            let Some(id) = self.base_interface(name, Flavor::Local) else { continue };
            let DeclKind::Interface(base) = &self.decl(id).kind else { continue };
            plain += usize::from(!base.is_abstract);
            if plain > 1 && !base.is_abstract {
                let text = "a value type supports one interface that is not abstract, and no second";
                self.diagnostics.error(name.span, text);
            } else {
                out.push(id);
            }
        }
        out
    }

    fn state(&mut self, definition: &Definition, value: &ast::Value, out: &mut Vec<StateMember>) {
        let Kind::State { public, ty, names } = &definition.kind else { return };
        if value.flavor.is_abstract {
            self.diagnostics.error(definition.span, "an abstract value type has no state");
        }
        let annotations = self.annotations(&definition.annotations);
        let Some(ty) = self.ty(ty) else { return };
        for name in names {
            let Some(ty) = self.array(ty.clone(), &name.sizes) else { continue };
            if self.reserve(&name.name, None, false) {
                let (doc, annotations) = (definition.doc.clone(), annotations.clone());
                let member = Member { name: name.name.name.clone(), ty, doc, annotations };
                out.push(StateMember { public: *public, member });
            }
        }
    }

    pub(super) fn value_box(
        &mut self,
        definition: &Definition,
        name: &Ident,
        ty: &TypeSpec,
    ) -> Option<DeclId> {
        let ty = self.ty(ty)?;
        self.check_box(&ty, name.span);
        self.declare(name, definition, DeclKind::ValueBox { ty })
    }

    /// A box holds anything but another value.
    fn check_box(&mut self, ty: &Ty, span: Span) {
        if let Ty::Named(id) = self.spec.unalias(ty)
            && matches!(self.decl(*id).kind, DeclKind::Value(_) | DeclKind::ValueBox { .. })
        {
            self.diagnostics.error(span, "a boxed value holds anything but another value");
        }
    }
}

fn value_decl(flavor: ValueFlavor, defined: bool) -> ValueDecl {
    let ValueFlavor { is_abstract, custom, event } = flavor;
    ValueDecl { is_abstract, custom, event, defined, ..ValueDecl::default() }
}
