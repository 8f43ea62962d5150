//! Types and declarators.

use super::{Parsed, Parser};
use crate::ast::{Declarator, Definition, Expr, TypeKind, TypeSpec};
use crate::spec::Basic;

impl Parser<'_> {
    /// A type; a struct, union or enum may be declared in its place.
    pub(super) fn type_spec(&mut self) -> Parsed<TypeSpec> {
        self.annotations()?;
        let start = self.span();
        let kind = match self.token().word().unwrap_or("") {
            "struct" | "union" | "enum" => self.inline()?,
            "sequence" => self.sequence()?,
            "map" if self.ahead(1).is("<") => self.map()?,
            "string" => self.text(false)?,
            "wstring" => self.text(true)?,
            "fixed" => self.fixed()?,
            _ => match self.basic()? {
                Some(basic) => TypeKind::Basic(basic),
                None if self.token().word().is_some() || self.token().is("::") => {
                    TypeKind::Name(self.scoped_name()?)
                }
                None => return Err(self.expected("a type")),
            },
        };
        Ok(TypeSpec { kind, span: self.since(start) })
    }

    fn inline(&mut self) -> Parsed<TypeKind> {
        let start = self.span();
        let kind = self.deeper(|p| match p.token().word() {
            Some("struct") => p.structure(),
            Some("union") => p.union(),
            _ => p.enumeration(),
        })?;
        let span = self.since(start);
        Ok(TypeKind::Inline(Box::new(Definition { kind, doc: String::new(), annotations: Vec::new(), span })))
    }

    fn basic(&mut self) -> Parsed<Option<Basic>> {
        let basic = match self.token().word().unwrap_or("") {
            "void" => Basic::Void,
            "boolean" => Basic::Boolean,
            "octet" => Basic::Octet,
            "char" => Basic::Char,
            "wchar" => Basic::WChar,
            "short" => Basic::Short,
            "float" => Basic::Float,
            "double" => Basic::Double,
            "any" => Basic::Any,
            "Object" => Basic::Object,
            "ValueBase" => Basic::ValueBase,
            "long" => {
                self.bump();
                return Ok(Some(if self.eat_word("long") {
                    Basic::LongLong
                } else if self.eat_word("double") {
                    Basic::LongDouble
                } else {
                    Basic::Long
                }));
            }
            "unsigned" => {
                self.bump();
                if self.eat_word("short") {
                    return Ok(Some(Basic::UShort));
                }
                if !self.eat_word("long") {
                    return Err(self.expected("'short' or 'long' after 'unsigned'"));
                }
                return Ok(Some(if self.eat_word("long") { Basic::ULongLong } else { Basic::ULong }));
            }
            _ => return Ok(None),
        };
        self.bump();
        Ok(Some(basic))
    }

    fn sequence(&mut self) -> Parsed<TypeKind> {
        self.bump();
        self.want("<")?;
        self.in_angles(|p| {
            let item = Box::new(p.deeper(Self::type_spec)?);
            Ok(TypeKind::Sequence { item, bound: p.bound()? })
        })
    }

    fn map(&mut self) -> Parsed<TypeKind> {
        self.bump();
        self.want("<")?;
        self.in_angles(|p| {
            let key = Box::new(p.deeper(Self::type_spec)?);
            p.want(",")?;
            let item = Box::new(p.deeper(Self::type_spec)?);
            Ok(TypeKind::Map { key, item, bound: p.bound()? })
        })
    }

    /// What stands after `<`, and the `>` that closes it.
    pub(super) fn in_angles<T>(&mut self, inside: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.angles += 1;
        let found = inside(self);
        self.angles -= 1;
        let found = found?;
        self.close_angle()?;
        Ok(found)
    }

    fn bound(&mut self) -> Parsed<Option<Box<Expr>>> {
        Ok(if self.eat(",") { Some(Box::new(self.expr()?)) } else { None })
    }

    fn text(&mut self, wide: bool) -> Parsed<TypeKind> {
        self.bump();
        let mut bound = None;
        if self.eat("<") {
            bound = Some(Box::new(self.in_angles(Self::expr)?));
        }
        Ok(TypeKind::String { wide, bound })
    }

    fn fixed(&mut self) -> Parsed<TypeKind> {
        self.bump();
        let mut numbers = None;
        if self.eat("<") {
            numbers = Some(Box::new(self.in_angles(|p| {
                let digits = p.expr()?;
                p.want(",")?;
                Ok((digits, p.expr()?))
            })?));
        }
        Ok(TypeKind::Fixed(numbers))
    }

    pub(super) fn declarator(&mut self) -> Parsed<Declarator> {
        let name = self.ident()?;
        let mut sizes = Vec::new();
        while self.token().is("[") {
            if sizes.len() >= self.limit {
                return self.deeper_than_allowed();
            }
            self.bump();
            sizes.push(self.expr()?);
            self.want("]")?;
        }
        Ok(Declarator { name, sizes })
    }

    fn deeper_than_allowed<T>(&mut self) -> Parsed<T> {
        let depth = std::mem::replace(&mut self.depth, self.limit);
        let out = self.deeper(|p| Err(p.expected("fewer dimensions")));
        self.depth = depth;
        out
    }

    pub(super) fn declarators(&mut self) -> Parsed<Vec<Declarator>> {
        let mut out = vec![self.declarator()?];
        while self.eat(",") {
            out.push(self.declarator()?);
        }
        Ok(out)
    }
}
