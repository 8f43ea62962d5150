//! Interfaces, their operations and attributes.

use super::{Parsed, Parser};
use crate::ast::{Attribute, Definition, Flavor, Interface, Kind, Operation, Param, ScopedName, Way};

impl Parser<'_> {
    pub(super) fn interface(&mut self) -> Parsed<Kind> {
        let flavor = if self.eat_word("abstract") {
            Flavor::Abstract
        } else if self.eat_word("local") {
            Flavor::Local
        } else {
            Flavor::Plain
        };
        self.want_word("interface")?;
        let name = self.ident()?;
        if self.token().is(";") {
            return Ok(Kind::InterfaceForward { name, flavor });
        }
        let bases = if self.eat(":") { self.scoped_names()? } else { Vec::new() };
        self.want("{")?;
        let body = self.body(Self::export)?;
        Ok(Kind::Interface(Interface { name, flavor, bases, body }))
    }

    /// Declarations up to and with `}`.
    pub(super) fn body(&mut self, one: fn(&mut Self) -> Parsed<Definition>) -> Parsed<Vec<Definition>> {
        let mut body = Vec::new();
        self.deeper(|p| {
            p.definitions(&mut body, one);
            p.want("}")
        })?;
        Ok(body)
    }

    /// What may stand in an interface, with its `;`.
    pub(super) fn export(&mut self) -> Parsed<Definition> {
        let doc = self.doc();
        let annotations = self.annotations()?;
        let start = self.span();
        let kind = self.export_kind()?;
        self.end()?;
        Ok(Definition { kind, doc, annotations, span: self.since(start) })
    }

    pub(super) fn export_kind(&mut self) -> Parsed<Kind> {
        match self.token().word().unwrap_or("") {
            "attribute" | "readonly" => self.attribute(),
            _ => match self.common()? {
                Some(kind) => Ok(kind),
                None => self.operation(),
            },
        }
    }

    fn attribute(&mut self) -> Parsed<Kind> {
        let readonly = self.eat_word("readonly");
        self.want_word("attribute")?;
        let ty = self.type_spec()?;
        let mut names = vec![self.ident()?];
        while self.eat(",") {
            names.push(self.ident()?);
        }
        let (mut reads, mut writes) = (Vec::new(), Vec::new());
        if self.is_word("raises") && readonly {
            reads = self.raises("raises")?;
        } else {
            reads = if self.is_word("getraises") { self.raises("getraises")? } else { reads };
            writes = if self.is_word("setraises") { self.raises("setraises")? } else { writes };
        }
        Ok(Kind::Attribute(Attribute { readonly, ty, names, reads, writes }))
    }

    fn operation(&mut self) -> Parsed<Kind> {
        let oneway = self.eat_word("oneway");
        if self.token().word().is_none() && !self.token().is("::") {
            return Err(self.expected("an operation, an attribute, a declaration or '}'"));
        }
        let result = self.type_spec()?;
        let name = self.ident()?;
        let params = self.params()?;
        let raises = if self.is_word("raises") { self.raises("raises")? } else { Vec::new() };
        let mut contexts = Vec::new();
        if self.eat_word("context") {
            self.want("(")?;
            contexts.push(self.string()?);
            while self.eat(",") {
                contexts.push(self.string()?);
            }
            self.want(")")?;
        }
        Ok(Kind::Operation(Operation { name, oneway, result, params, raises, contexts }))
    }

    pub(super) fn raises(&mut self, word: &str) -> Parsed<Vec<ScopedName>> {
        self.want_word(word)?;
        self.want("(")?;
        let names = self.scoped_names()?;
        self.want(")")?;
        Ok(names)
    }

    pub(super) fn params(&mut self) -> Parsed<Vec<Param>> {
        self.want("(")?;
        let mut out = Vec::new();
        if self.eat(")") {
            return Ok(out);
        }
        loop {
            let mut doc = self.doc();
            let annotations = self.annotations()?;
            let way = if self.eat_word("in") {
                Way::In
            } else if self.eat_word("out") {
                Way::Out
            } else if self.eat_word("inout") {
                Way::InOut
            } else {
                return Err(self.expected("'in', 'out' or 'inout' before a parameter's type"));
            };
            let ty = self.type_spec()?;
            let name = self.ident()?;
            let more = self.eat(",");
            if !more {
                self.want(")")?;
            }
            if doc.is_empty() && more {
                doc = self.tail();
            }
            out.push(Param { way, ty, name, annotations, doc });
            if !more {
                return Ok(out);
            }
        }
    }
}
