//! Scopes: what may be declared in them, and how names are found.

use std::collections::{HashMap, HashSet};

use super::Resolver;
use crate::ast::{Ident, ScopedName};
use crate::source::Span;
use crate::spec::{DeclId, DeclKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScopeId(pub(super) usize);

impl ScopeId {
    pub(super) const ROOT: Self = Self(0);
}

/// What a scope is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Root,
    Module,
    /// Interfaces and value types.
    Interface,
    /// Structs, unions, exceptions and operations.
    Other,
}

/// A name in a scope.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    span: Span,
    /// `None` for members and parameters, which no name refers to.
    decl: Option<DeclId>,
    /// Operations and attributes, which heirs must not declare again.
    callable: bool,
}

#[derive(Debug)]
pub(super) struct Scope {
    kind: ScopeKind,
    pub(super) decl: Option<DeclId>,
    parent: Option<ScopeId>,
    /// By the name in lower case: names that differ in case only collide.
    names: HashMap<String, Entry>,
    /// Names from elsewhere that were used here, so that they can no longer mean something else.
    used: HashMap<String, (String, Span)>,
    /// The scopes whose names are here too.
    pub(super) bases: Vec<ScopeId>,
}

impl Scope {
    pub(super) fn new(kind: ScopeKind, decl: Option<DeclId>, parent: Option<ScopeId>) -> Self {
        Self { kind, decl, parent, names: HashMap::new(), used: HashMap::new(), bases: Vec::new() }
    }

    pub(super) fn parent(&self) -> Option<ScopeId> {
        self.parent
    }
}

fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

impl Resolver<'_> {
    /// Opens the scope of a declaration, the same one each time.
    pub(super) fn open(&mut self, id: DeclId, kind: ScopeKind) {
        let scope = match self.scope_of.get(&id) {
            Some(scope) => *scope,
            None => {
                self.scopes.push(Scope::new(kind, Some(id), Some(self.current)));
                let scope = ScopeId(self.scopes.len() - 1);
                self.scope_of.insert(id, scope);
                scope
            }
        };
        self.current = scope;
        self.open_frame(id);
    }

    /// Opens a scope that no name leads into: that of an operation's parameters.
    pub(super) fn open_inner(&mut self) {
        self.scopes.push(Scope::new(ScopeKind::Other, None, Some(self.current)));
        self.current = ScopeId(self.scopes.len() - 1);
        let frame = self.frames.last().cloned().unwrap_or_default();
        self.frames.push(frame);
    }

    pub(super) fn close(&mut self) {
        self.current = self.scopes[self.current.0].parent.unwrap_or(ScopeId::ROOT);
        self.close_frame();
    }

    /// What is declared under a name in the scope that is open, by exactly that scope.
    pub(super) fn here(&self, name: &str) -> Option<DeclId> {
        self.scopes[self.current.0].names.get(&folded(name)).and_then(|e| e.decl)
    }

    /// Takes a name in the scope that is open; false, and reported, if it is taken.
    pub(super) fn reserve(&mut self, name: &Ident, decl: Option<DeclId>, callable: bool) -> bool {
        let key = folded(&name.name);
        let scope = &self.scopes[self.current.0];
        let clash = if let Some(entry) = scope.names.get(&key) {
            let text = if entry.name == name.name {
                format!("'{}' is declared twice in this scope", name.name)
            } else {
                format!("'{}' differs from '{}' only in case, so that they collide", name.name, entry.name)
            };
            Some((text, entry.span, "declared here before"))
        } else if let Some(own) = scope.decl.map(|id| self.decl(id)).filter(|d| folded(&d.name) == key) {
            Some((format!("'{}' has the name of the scope that it is in", name.name), own.span, "this scope"))
        } else if let Some((used, at)) = scope.used.get(&key) {
            Some((
                format!(
                    "'{}' cannot be declared: '{used}' was used in this scope already, and meant something else",
                    name.name
                ),
                *at,
                "used here",
            ))
        } else {
            self.inherited_clash(&key).map(|(entry, at)| {
                (format!("'{}' collides with the inherited '{entry}'", name.name), at, "inherited from here")
            })
        };
        if let Some((text, at, note)) = clash {
            self.diagnostics.error_with(name.span, text, at, note);
            return false;
        }
        let entry = Entry { name: name.name.clone(), span: name.span, decl, callable };
        self.scopes[self.current.0].names.insert(key, entry);
        true
    }

    /// Heirs may declare types and constants anew, but no operation or attribute.
    fn inherited_clash(&self, key: &str) -> Option<(String, Span)> {
        let mut all = Vec::new();
        self.ancestors(self.current, &mut all);
        let found =
            all.iter().skip(1).find_map(|s| self.scopes[s.0].names.get(key).filter(|e| e.callable))?;
        Some((found.name.clone(), found.span))
    }

    /// A scope and all that it inherits from, each once.
    pub(super) fn ancestors(&self, scope: ScopeId, out: &mut Vec<ScopeId>) {
        let mut next = vec![scope];
        let mut seen = HashSet::new();
        while let Some(scope) = next.pop() {
            if seen.insert(scope.0) {
                out.push(scope);
                next.extend(self.scopes[scope.0].bases.iter().rev());
            }
        }
    }

    /// The operations and attributes that a scope inherits or declares: name, declaration.
    pub(super) fn callables(&self, scope: ScopeId) -> Vec<(String, DeclId, Span)> {
        let mut all = Vec::new();
        self.ancestors(scope, &mut all);
        let entries = all.iter().flat_map(|s| &self.scopes[s.0].names);
        entries
            .filter(|(_, e)| e.callable)
            .filter_map(|(key, e)| e.decl.map(|d| (key.clone(), d, e.span)))
            .collect()
    }

    /// What a name refers to, where it stands; reports what refers to nothing.
    pub(super) fn lookup(&mut self, name: &ScopedName) -> Option<DeclId> {
        let (first, rest) = name.parts.split_first()?;
        let found = if name.absolute {
            self.within(ScopeId::ROOT, first).map(|found| found.map(|id| (id, ScopeId::ROOT)))
        } else {
            self.outward(first)
        };
        let (mut id, scope) = match found {
            Ok(Some(found)) => found,
            Ok(None) => {
                self.unknown(first);
                return None;
            }
            Err(()) => return None,
        };
        if !name.absolute {
            self.note_use(first, scope);
        }
        for part in rest {
            let Some(scope) = self.scope_of.get(&id).copied() else {
                let decl = self.decl(id);
                let (text, at) =
                    (format!("'{}' has no scope that '{}' could be in", decl.name, part.name), decl.span);
                self.diagnostics.error_with(part.span, text, at, "declared here");
                return None;
            };
            match self.within(scope, part) {
                Ok(Some(found)) => id = found,
                Ok(None) => {
                    let text = format!("there is no '{}' in '{}'", part.name, self.decl(id).scoped_name);
                    self.diagnostics.error(part.span, text);
                    return None;
                }
                Err(()) => return None,
            }
        }
        Some(id)
    }

    fn unknown(&mut self, name: &Ident) {
        let mut scope = Some(self.current);
        let mut near = None;
        while let Some(at) = scope {
            let names = self.scopes[at.0].names.values().filter(|e| e.decl.is_some());
            near =
                near.or_else(|| names.filter(|e| alike(&e.name, &name.name)).map(|e| e.name.clone()).min());
            scope = self.scopes[at.0].parent;
        }
        let hint = near.map(|near| format!("; '{near}' is declared")).unwrap_or_default();
        self.diagnostics
            .error(name.span, format!("nothing of the name '{}' is declared here{hint}", name.name));
    }

    /// A name in the scope that is open or, failing that, in those around it.
    fn outward(&mut self, name: &Ident) -> Result<Option<(DeclId, ScopeId)>, ()> {
        let mut scope = Some(self.current);
        while let Some(at) = scope {
            if let Some(id) = self.within(at, name)? {
                return Ok(Some((id, at)));
            }
            // The scope's own name is in the scope around it, and must not be hidden by it.
            scope = self.scopes[at.0].parent;
        }
        Ok(None)
    }

    /// A name in a scope, its own or inherited.
    fn within(&mut self, scope: ScopeId, name: &Ident) -> Result<Option<DeclId>, ()> {
        let key = folded(&name.name);
        let mut found: Vec<Entry> = Vec::new();
        if let Some(own) = self.scopes[scope.0].names.get(&key).filter(|e| e.decl.is_some()) {
            found.push(own.clone());
        } else {
            self.inherited(scope, &key, &mut found);
        }
        let Some(entry) = found.first() else { return Ok(None) };
        if found.len() > 1 {
            let notes = found.iter().map(|e| (e.span, "inherited from here".to_owned())).collect();
            let text = format!("'{}' is inherited from several places; say which with '::'", name.name);
            self.diagnostics.error_notes(name.span, text, notes);
            return Err(());
        }
        if entry.name != name.name {
            let text = format!("'{}' differs in case from the declared '{}'", name.name, entry.name);
            self.diagnostics.error_with(name.span, text, entry.span, "declared here");
            return Err(());
        }
        Ok(entry.decl)
    }

    /// The different declarations that a name has in the bases of a scope; what a base declares
    /// hides what that base inherits.
    fn inherited(&self, scope: ScopeId, key: &str, found: &mut Vec<Entry>) {
        let mut next = self.scopes[scope.0].bases.clone();
        let mut seen = Vec::new();
        while let Some(base) = next.pop() {
            if seen.contains(&base) {
                continue;
            }
            seen.push(base);
            match self.scopes[base.0].names.get(key).filter(|e| e.decl.is_some()) {
                Some(entry) if found.iter().all(|f| f.decl != entry.decl) => found.push(entry.clone()),
                Some(_) => {}
                None => next.extend(&self.scopes[base.0].bases),
            }
        }
    }

    /// Notes that a name from elsewhere has a meaning in the scopes from the open one to the
    /// nearest module, interface or value type.
    fn note_use(&mut self, name: &Ident, defined: ScopeId) {
        let key = folded(&name.name);
        let mut at = self.current;
        while at != defined {
            let scope = &mut self.scopes[at.0];
            scope.used.entry(key.clone()).or_insert_with(|| (name.name.clone(), name.span));
            if scope.kind != ScopeKind::Other {
                break;
            }
            let Some(parent) = scope.parent else { break };
            at = parent;
        }
    }

    /// True if `TypeCode` means the type of that name, which CORBA's module has without declaring it.
    pub(super) fn is_type_code(&self, name: &ScopedName) -> bool {
        let parts: Vec<&str> = name.parts.iter().map(|p| p.name.as_str()).collect();
        match parts.as_slice() {
            ["CORBA", "TypeCode"] => true,
            ["TypeCode"] if !name.absolute => {
                let mut scope = Some(self.current);
                while let Some(at) = scope {
                    let scope_decl = self.scopes[at.0].decl.map(|id| self.decl(id));
                    if scope_decl.is_some_and(|d| d.scoped_name == "CORBA") {
                        return true;
                    }
                    scope = self.scopes[at.0].parent;
                }
                false
            }
            _ => false,
        }
    }

    /// True if a name of one part is declared where it can be seen.
    pub(super) fn is_visible(&self, name: &str) -> bool {
        let key = folded(name);
        let mut scope = Some(self.current);
        while let Some(at) = scope {
            let mut all = Vec::new();
            self.ancestors(at, &mut all);
            if all.iter().any(|s| self.scopes[s.0].names.get(&key).is_some_and(|e| e.decl.is_some())) {
                return true;
            }
            scope = self.scopes[at.0].parent;
        }
        false
    }

    /// What a declaration is, in a word, for messages.
    pub(super) fn what(&self, id: DeclId) -> &'static str {
        match &self.decl(id).kind {
            DeclKind::Module { .. } => "a module",
            DeclKind::Interface(_) => "an interface",
            DeclKind::Value(_) | DeclKind::ValueBox { .. } => "a value type",
            DeclKind::Typedef { .. } => "a typedef",
            DeclKind::Struct { .. } => "a struct",
            DeclKind::Union { .. } => "a union",
            DeclKind::Enum { .. } => "an enumeration",
            DeclKind::Enumerator { .. } => "a name of an enumeration",
            DeclKind::Native => "a native type",
            DeclKind::Const { .. } => "a constant",
            DeclKind::Exception { .. } => "an exception",
            DeclKind::Operation(_) => "an operation",
            DeclKind::Attribute { .. } => "an attribute",
        }
    }
}

/// True if two names differ by little: one letter, or case.
fn alike(a: &str, b: &str) -> bool {
    if a.eq_ignore_ascii_case(b) {
        return true;
    }
    let (short, long) =
        if a.len() <= b.len() { (a.as_bytes(), b.as_bytes()) } else { (b.as_bytes(), a.as_bytes()) };
    let start = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let rest =
        short[start..].iter().rev().zip(long[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    short.len() > 2 && long.len() - start - rest <= 1
}
