//! Value types and event types.

use super::{Parsed, Parser};
use crate::ast::{Definition, Kind, Value, ValueFlavor};

impl Parser<'_> {
    pub(super) fn value(&mut self) -> Parsed<Kind> {
        let is_abstract = self.eat_word("abstract");
        let custom = !is_abstract && self.eat_word("custom");
        let event = self.eat_word("eventtype");
        if !event && !self.eat_word("valuetype") {
            return Err(self.expected("'interface' or 'valuetype'"));
        }
        let flavor = ValueFlavor { is_abstract, custom, event };
        let name = self.ident()?;
        if self.token().is(";") {
            return Ok(Kind::ValueForward { name, flavor });
        }
        let heads = self.token().is(":") || self.token().is("{") || self.is_word("supports");
        if !heads {
            let ty = self.type_spec()?;
            if is_abstract || custom || event {
                self.diagnostics
                    .error(name.span, "a boxed value is neither abstract nor custom nor an event");
            }
            return Ok(Kind::ValueBox { name, ty });
        }
        let (mut truncatable, mut bases, mut supports) = (false, Vec::new(), Vec::new());
        if self.eat(":") {
            truncatable = self.eat_word("truncatable");
            bases = self.scoped_names()?;
        }
        if self.eat_word("supports") {
            supports = self.scoped_names()?;
        }
        self.want("{")?;
        let body = self.body(Self::value_element)?;
        Ok(Kind::Value(Value { name, flavor, truncatable, bases, supports, body }))
    }

    fn value_element(&mut self) -> Parsed<Definition> {
        let doc = self.doc();
        let annotations = self.annotations()?;
        let start = self.span();
        let kind = match self.token().word().unwrap_or("") {
            "public" | "private" => {
                let public = self.is_word("public");
                self.bump();
                let ty = self.type_spec()?;
                Kind::State { public, ty, names: self.declarators()? }
            }
            "factory" => self.factory()?,
            _ => self.export_kind()?,
        };
        self.end()?;
        Ok(Definition { kind, doc, annotations, span: self.since(start) })
    }

    /// `factory name(…) raises (…)`, and `finder` of homes.
    pub(super) fn factory(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        let params = self.params()?;
        let raises = if self.is_word("raises") { self.raises("raises")? } else { Vec::new() };
        Ok(Kind::Factory { name, params, raises })
    }
}
