//! Components and homes of the CORBA component model.

use super::{Parsed, Parser};
use crate::ast::{Component, Definition, Home, Kind, Port};

impl Parser<'_> {
    pub(super) fn component(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        if self.token().is(";") {
            return Ok(Kind::Component(Component { name, body: None, base: None, supports: Vec::new() }));
        }
        let base = if self.eat(":") { Some(self.scoped_name()?) } else { None };
        let supports = if self.eat_word("supports") { self.scoped_names()? } else { Vec::new() };
        self.want("{")?;
        let body = Some(self.body(Self::component_element)?);
        Ok(Kind::Component(Component { name, body, base, supports }))
    }

    fn component_element(&mut self) -> Parsed<Definition> {
        let doc = self.doc();
        let annotations = self.annotations()?;
        let start = self.span();
        let port = match self.token().word().unwrap_or("") {
            "provides" => Some(Port::Provides),
            "uses" => Some(Port::Uses),
            "emits" => Some(Port::Emits),
            "publishes" => Some(Port::Publishes),
            "consumes" => Some(Port::Consumes),
            _ => None,
        };
        let kind = match port {
            Some(kind) => {
                self.bump();
                if kind == Port::Uses {
                    self.eat_word("multiple");
                }
                let ty = if self.eat_word("Object") { None } else { Some(self.scoped_name()?) };
                Kind::Port { kind, ty, name: self.ident()? }
            }
            None if self.is_word("attribute") || self.is_word("readonly") => self.export_kind()?,
            None => {
                return Err(self.expected("provides, uses, emits, publishes, consumes, an attribute or '}'"));
            }
        };
        self.end()?;
        Ok(Definition { kind, doc, annotations, span: self.since(start) })
    }

    pub(super) fn home(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        let base = if self.eat(":") { Some(self.scoped_name()?) } else { None };
        let supports = if self.eat_word("supports") { self.scoped_names()? } else { Vec::new() };
        self.want_word("manages")?;
        let manages = self.scoped_name()?;
        let key = if self.eat_word("primarykey") { Some(self.scoped_name()?) } else { None };
        self.want("{")?;
        let body = self.body(Self::home_element)?;
        Ok(Kind::Home(Home { name, base, supports, manages, key, body }))
    }

    fn home_element(&mut self) -> Parsed<Definition> {
        let finder = self.is_word("finder") && self.ahead(1).word().is_some();
        if !finder && !self.is_word("factory") {
            return self.export();
        }
        let doc = self.doc();
        let start = self.span();
        let kind = self.factory()?;
        self.end()?;
        Ok(Definition { kind, doc, annotations: Vec::new(), span: self.since(start) })
    }
}
