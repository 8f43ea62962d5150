//! Modules, constants, typedefs, structs, unions, enumerations and exceptions.

use super::{Failed, Parsed, Parser};
use crate::ast::{Annotation, Case, Definition, Enumerator, Expr, Ident, Kind, Label, Member};
use crate::lexer::Kind as Tok;

impl Parser<'_> {
    /// A definition at file or module level, with its `;`.
    pub(super) fn definition(&mut self) -> Parsed<Definition> {
        let doc = self.doc();
        let mut annotations = self.annotations()?;
        let start = self.span();
        let is_declaration =
            |last: &Annotation| last.name.parts.iter().map(|part| part.name.as_str()).eq(["annotation"]);
        let declares = annotations.last().is_some_and(is_declaration);
        let kind = if declares && self.ahead(1).is("{") {
            annotations.pop();
            self.annotation_type()?
        } else {
            self.definition_kind()?
        };
        self.end()?;
        Ok(Definition { kind, doc, annotations, span: self.since(start) })
    }

    /// `@annotation name { … }`. Annotations are kept whatever they are called, so that what is in it
    /// needs not be known.
    fn annotation_type(&mut self) -> Parsed<Kind> {
        self.ident()?;
        self.want("{")?;
        let mut open = 1;
        while open > 0 {
            if self.ended() {
                return Err(self.expected("'}'"));
            }
            open += i32::from(self.token().is("{")) - i32::from(self.token().is("}"));
            self.bump();
        }
        Ok(Kind::AnnotationType)
    }

    fn definition_kind(&mut self) -> Parsed<Kind> {
        match self.token().word().unwrap_or("") {
            "module" => self.module(),
            "interface" | "local" => self.interface(),
            "abstract" if self.ahead(1).word() == Some("interface") => self.interface(),
            "valuetype" | "abstract" | "custom" | "eventtype" => self.value(),
            "component" => self.component(),
            "home" => self.home(),
            _ => match self.common()? {
                Some(kind) => Ok(kind),
                None => Err(self.expected(
                    "a declaration: module, interface, valuetype, typedef, struct, union, enum, const, exception, …",
                )),
            },
        }
    }

    /// What may stand in modules and in interfaces.
    pub(super) fn common(&mut self) -> Parsed<Option<Kind>> {
        let next_is_name = self.ahead(1).word().is_some() || self.ahead(1).is("::");
        let contextual = |p: &Self, word: &str| p.is_word(word) && next_is_name;
        Ok(Some(match self.token().word().unwrap_or("") {
            "typedef" => self.typedef()?,
            "struct" => self.structure()?,
            "union" => self.union()?,
            "enum" => self.enumeration()?,
            "const" => self.constant()?,
            "exception" => self.exception()?,
            "native" => {
                self.bump();
                Kind::Native(self.ident()?)
            }
            "typeid" if contextual(self, "typeid") => {
                self.bump();
                Kind::TypeId { name: self.scoped_name()?, id: self.string()? }
            }
            "typeprefix" if contextual(self, "typeprefix") => {
                self.bump();
                Kind::TypePrefix { name: self.scoped_name()?, prefix: self.string()? }
            }
            "import" if next_is_name || matches!(self.ahead(1).kind, Tok::Text { .. }) => {
                self.bump();
                if matches!(self.token().kind, Tok::Text { .. }) {
                    self.string()?;
                } else {
                    self.scoped_name()?;
                }
                Kind::Import
            }
            "bitmask" if self.is_bitmask() => self.bitmask()?,
            "bitset" if self.is_bitset() => self.bitset()?,
            _ => return Ok(None),
        }))
    }

    fn module(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        self.want("{")?;
        let mut body = Vec::new();
        self.deeper(|p| {
            p.definitions(&mut body, Self::definition);
            p.want("}")
        })?;
        Ok(Kind::Module { name, body })
    }

    fn typedef(&mut self) -> Parsed<Kind> {
        self.bump();
        let ty = self.type_spec()?;
        Ok(Kind::Typedef { ty, names: self.declarators()? })
    }

    pub(super) fn constant(&mut self) -> Parsed<Kind> {
        self.bump();
        let ty = self.type_spec()?;
        let name = self.ident()?;
        self.want("=")?;
        Ok(Kind::Const { ty, name, value: self.expr()? })
    }

    fn exception(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        self.want("{")?;
        Ok(Kind::Exception { name, members: self.members()? })
    }

    pub(super) fn structure(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        if self.token().is(";") {
            return Ok(Kind::Forward { name, union: false });
        }
        let base = if self.eat(":") { Some(self.scoped_name()?) } else { None };
        self.want("{")?;
        let empty = self.token().is("}");
        let members = self.deeper(Self::members)?;
        if empty && base.is_none() {
            let text = format!("the struct '{}' has no member, which only IDL 4 allows", name.name);
            self.diagnostics.warning(name.span, text);
        }
        Ok(Kind::Struct { name, base, members })
    }

    /// Members up to and with `}`.
    fn members(&mut self) -> Parsed<Vec<Member>> {
        let mut out = Vec::new();
        while !self.eat("}") {
            if self.ended() {
                return Err(self.expected("a member or '}'"));
            }
            let start = self.at;
            match self.member() {
                Ok(member) => out.push(member),
                Err(Failed) => {
                    self.recover(start);
                    if self.at == start {
                        return Err(Failed);
                    }
                }
            }
        }
        Ok(out)
    }

    fn member(&mut self) -> Parsed<Member> {
        let mut doc = self.doc();
        let annotations = self.annotations()?;
        let ty = self.type_spec()?;
        let names = self.declarators()?;
        self.end()?;
        if doc.is_empty() {
            doc = self.tail();
        }
        Ok(Member { ty, names, doc, annotations })
    }

    pub(super) fn enumeration(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        self.want("{")?;
        let mut members: Vec<Enumerator> = Vec::new();
        loop {
            let doc = self.doc();
            let mut annotations = self.annotations()?;
            let member = self.ident()?;
            // Not IDL, but some write it: a number for the name.
            if self.token().is("=") {
                let span = self.span();
                self.diagnostics.error(span, "IDL enumerations have no numbers; expected ',' or '}'");
                self.bump();
                let value = self.expr()?;
                annotations.push(value_annotation(&member, value));
            }
            let last = !self.eat(",");
            let doc = if doc.is_empty() { self.tail() } else { doc };
            members.push(Enumerator { name: member, doc, annotations });
            if last {
                break;
            }
            if self.token().is("}") {
                return Err(self.expected("another name after ','"));
            }
        }
        self.want("}")?;
        Ok(Kind::Enum { name, members })
    }

    pub(super) fn union(&mut self) -> Parsed<Kind> {
        self.bump();
        let name = self.ident()?;
        if self.token().is(";") {
            return Ok(Kind::Forward { name, union: true });
        }
        self.want_word("switch")?;
        self.want("(")?;
        self.annotations()?;
        let switch = Box::new(self.deeper(Self::type_spec)?);
        self.want(")")?;
        self.want("{")?;
        let empty = self.token().is("}");
        let cases = self.deeper(Self::cases)?;
        if empty {
            self.diagnostics.error(name.span, format!("the union '{}' has no case", name.name));
        }
        Ok(Kind::Union { name, switch, cases })
    }

    fn cases(&mut self) -> Parsed<Vec<Case>> {
        let mut out = Vec::new();
        while !self.eat("}") {
            let start = self.at;
            match self.case() {
                Ok(case) => out.push(case),
                Err(Failed) => {
                    self.recover(start);
                    if self.at == start || self.ended() {
                        return Err(Failed);
                    }
                }
            }
        }
        Ok(out)
    }

    fn case(&mut self) -> Parsed<Case> {
        let mut doc = self.doc();
        let mut annotations = self.annotations()?;
        let mut labels = Vec::new();
        loop {
            let span = self.span();
            if self.eat_word("case") {
                let value = self.expr()?;
                self.want(":")?;
                labels.push(Label::Value(value));
            } else if self.eat_word("default") {
                self.want(":")?;
                labels.push(Label::Default(span));
            } else if labels.is_empty() {
                return Err(self.expected("'case', 'default' or '}'"));
            } else {
                break;
            }
        }
        if doc.is_empty() {
            doc = self.doc();
        }
        annotations.extend(self.annotations()?);
        let ty = self.type_spec()?;
        let name = self.declarator()?;
        self.end()?;
        if doc.is_empty() {
            doc = self.tail();
        }
        Ok(Case { labels, ty, name, doc, annotations })
    }

    pub(super) fn annotations(&mut self) -> Parsed<Vec<Annotation>> {
        let mut out = Vec::new();
        while self.eat("@") {
            // Keywords are names here: `@default(1)`.
            let word = self.token().word().map(str::to_owned);
            let name = match word {
                Some(word) if !self.ahead(1).is("::") => {
                    let ident = Ident { name: word, span: self.span() };
                    self.bump();
                    crate::ast::ScopedName { absolute: false, span: ident.span, parts: vec![ident] }
                }
                _ => self.scoped_name()?,
            };
            let mut params = Vec::new();
            if self.eat("(") {
                while !self.token().is(")") {
                    let named = self.token().word().is_some() && self.ahead(1).is("=");
                    let key = if named {
                        let word = self.token().word().unwrap_or("").to_owned();
                        let ident = Ident { name: word, span: self.span() };
                        self.bump();
                        self.bump();
                        Some(ident)
                    } else {
                        None
                    };
                    params.push((key, self.expr()?));
                    if !self.eat(",") {
                        break;
                    }
                }
                self.want(")")?;
            }
            out.push(Annotation { name, params });
        }
        Ok(out)
    }
}

fn value_annotation(member: &Ident, value: Expr) -> Annotation {
    let ident = Ident { name: "value".into(), span: member.span };
    let name = crate::ast::ScopedName { absolute: false, span: member.span, parts: vec![ident] };
    Annotation { name, params: vec![(None, value)] }
}
