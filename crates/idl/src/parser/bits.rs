//! Bitmasks and bitsets of IDL 4, whose words are names in older texts.

use super::{Parsed, Parser};
use crate::ast::{Bitfield, Enumerator, Kind};

impl Parser<'_> {
    /// True where a bitmask is declared.
    pub(super) fn is_bitmask(&self) -> bool {
        self.is_word("bitmask") && self.ahead(1).word().is_some() && self.ahead(2).is("{")
    }

    /// True where a bitset is declared.
    pub(super) fn is_bitset(&self) -> bool {
        self.is_word("bitset")
            && self.ahead(1).word().is_some()
            && (self.ahead(2).is("{") || self.ahead(2).is(":"))
    }

    pub(super) fn bitmask(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        self.want("{")?;
        let mut flags = Vec::new();
        loop {
            let doc = self.doc();
            let annotations = self.annotations()?;
            let flag = self.ident()?;
            let last = !self.eat(",");
            let doc = if doc.is_empty() { self.tail() } else { doc };
            flags.push(Enumerator { name: flag, doc, annotations });
            if last {
                break;
            }
        }
        self.want("}")?;
        Ok(Kind::Bitmask { name, flags })
    }

    pub(super) fn bitset(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        let base = if self.eat(":") { Some(self.scoped_name()?) } else { None };
        self.want("{")?;
        let mut fields = Vec::new();
        while !self.eat("}") {
            fields.push(self.bitfield()?);
        }
        Ok(Kind::Bitset { name, base, fields })
    }

    fn bitfield(&mut self) -> Parsed<Bitfield> {
        let mut doc = self.doc();
        self.annotations()?;
        self.want_word("bitfield")?;
        self.want("<")?;
        let (bits, ty) = self.in_angles(|p| {
            let bits = p.expr()?;
            let ty = if p.eat(",") { Some(p.type_spec()?) } else { None };
            Ok((bits, ty))
        })?;
        let mut names = Vec::new();
        if !self.token().is(";") {
            names.push(self.ident()?);
            while self.eat(",") {
                names.push(self.ident()?);
            }
        }
        self.end()?;
        if doc.is_empty() {
            doc = self.tail();
        }
        Ok(Bitfield { bits, ty, names, doc })
    }
}
