//! Repository ids: prefixes, versions, and ids that pragmas, `typeid` and `typeprefix` set.

use super::Resolver;
use crate::ast::{Ident, ScopedName};
use crate::preprocess::Mark;
use crate::source::Span;
use crate::spec::{Annotation, Basic, CALLED, CODE, Case, Const, DeclId, DeclKind, Member, Ty};

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") }
}

impl Resolver<'_> {
    pub(super) fn mark(&mut self, mark: &Mark, span: Span) {
        match mark {
            Mark::Enter => {
                let outer = std::mem::replace(&mut self.frames, vec![String::new()]);
                self.files.push(outer);
            }
            Mark::Leave => {
                if let Some(outer) = self.files.pop() {
                    self.frames = outer;
                }
            }
            // As all ORBs do, a prefix in a module stands for the names around it too.
            Mark::Prefix(prefix) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.clone_from(prefix);
                }
            }
            Mark::Id { name, id } => {
                if let Some(found) = self.named(name, span) {
                    self.set_id(found, id.clone(), span);
                }
            }
            Mark::Name { name, original } => {
                self.remember(name, CALLED, Some(Const::Text(original.clone())), span);
            }
            Mark::Code { name, code } => {
                self.remember(name, CODE, Some(Const::Integer((*code).into())), span)
            }
            Mark::Closed { name } => self.remember(name, "closed", None, span),
            Mark::Idempotent { name } => self.remember(name, "idempotent", None, span),
            Mark::Case { union, index, name, labels, default } => {
                if let Some(found) = self.named(union, span)
                    && let DeclKind::Union { cases, .. } = &mut self.decl_mut(found).kind
                {
                    let (ty, doc, annotations) = (Ty::Basic(Basic::Void), String::new(), Vec::new());
                    let member = Member { name: name.clone(), ty, doc, annotations };
                    let case = Case { labels: labels.clone(), default: *default, member };
                    cases.insert((*index).min(cases.len()), case);
                }
            }
            Mark::Version { name, version } => {
                if let Some(found) = self.named(name, span) {
                    let id = &self.decl(found).repository_id;
                    let stem = id.rfind(':').map_or(id.as_str(), |end| &id[..end]);
                    let id = format!("{stem}:{version}");
                    self.set_id(found, id, span);
                }
            }
        }
    }

    /// Keeps what a pragma says of a declaration as an annotation.
    fn remember(&mut self, name: &str, annotation: &str, value: Option<Const>, span: Span) {
        if let Some(found) = self.named(name, span) {
            let params = value.into_iter().map(|value| (None, value)).collect();
            self.decl_mut(found).annotations.push(Annotation { name: annotation.to_owned(), params });
        }
    }

    /// What a pragma names.
    fn named(&mut self, name: &str, span: Span) -> Option<DeclId> {
        let absolute = name.starts_with("::");
        let ident = |part: &str| Ident { name: part.strip_prefix('_').unwrap_or(part).to_owned(), span };
        let parts = name.trim_start_matches("::").split("::").map(ident).collect();
        self.lookup(&ScopedName { absolute, parts, span })
    }

    pub(super) fn open_frame(&mut self, id: DeclId) {
        let name = self.decl(id).name.clone();
        let frame = match self.prefixes.get(&id) {
            Some(prefix) => join(prefix, &name),
            None => join(self.frames.last().map_or("", String::as_str), &name),
        };
        self.frames.push(frame);
    }

    pub(super) fn close_frame(&mut self) {
        self.frames.pop();
        if self.frames.is_empty() {
            self.frames.push(String::new());
        }
    }

    /// The id of a name in the scope that is open.
    pub(super) fn repository_id(&self, name: &str) -> String {
        format!("IDL:{}:1.0", join(self.frames.last().map_or("", String::as_str), name))
    }

    pub(super) fn set_id(&mut self, decl: DeclId, id: String, span: Span) {
        if !id.contains(':') {
            self.diagnostics.error(span, "a repository id has a format before a ':': \"IDL:name:1.0\"");
            return;
        }
        if let Some(before) = self.identified.get(&decl).copied() {
            if self.decl(decl).repository_id != id {
                let text = format!(
                    "the repository id of '{}' was set to another before",
                    self.decl(decl).scoped_name
                );
                self.diagnostics.error_with(span, text, before, "set here");
            }
            return;
        }
        self.identified.insert(decl, span);
        self.decl_mut(decl).repository_id = id;
    }

    pub(super) fn type_prefix(&mut self, name: &ScopedName, prefix: &str) {
        let Some(id) = self.lookup(name) else { return };
        if !self.scope_of.contains_key(&id) {
            let text = format!(
                "'typeprefix' is for modules and interfaces; '{}' is {}",
                name_text(name),
                self.what(id)
            );
            self.diagnostics.error(name.span, text);
            return;
        }
        self.prefixes.insert(id, prefix.to_owned());
        let frame = join(prefix, &self.decl(id).name);
        if !self.identified.contains_key(&id) {
            self.decl_mut(id).repository_id = format!("IDL:{frame}:1.0");
        }
        // What stands open takes the prefix from here on.
        let mut scope = Some(self.current);
        let mut depth = self.frames.len();
        while let (Some(at), Some(index)) = (scope, depth.checked_sub(1)) {
            if self.scopes[at.0].decl == Some(id)
                && let Some(open) = self.frames.get_mut(index)
            {
                open.clone_from(&frame);
            }
            scope = self.scopes[at.0].parent();
            depth = index;
        }
    }

    /// An announcement and its definition must agree on the prefix.
    pub(super) fn check_prefix(&mut self, id: DeclId, name: &Ident) {
        let decl = self.decl(id);
        if self.identified.contains_key(&id) || decl.repository_id == self.repository_id(&name.name) {
            return;
        }
        let (at, old) = (decl.span, decl.repository_id.clone());
        let text = format!(
            "a prefix makes the repository id of '{}' differ from that of its announcement",
            name.name
        );
        self.diagnostics.error_with(name.span, text, at, format!("announced as {old}"));
    }
}

fn name_text(name: &ScopedName) -> String {
    let parts: Vec<&str> = name.parts.iter().map(|p| p.name.as_str()).collect();
    parts.join("::")
}
