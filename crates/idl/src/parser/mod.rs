//! Tokens to a tree, with recovery at the next declaration after an error.

mod bits;
mod component;
mod definition;
mod expr;
mod interface;
mod keywords;
mod types;
mod value;

pub(crate) use keywords::{LATER, clash};

use crate::ast::{Definition, Ident, Kind as Decl, ScopedName};
use crate::diagnostics::Diagnostics;
use crate::lexer::{Kind, Token};
use crate::preprocess::{Mark, Stream};
use crate::source::Span;

/// What failed has been reported.
#[derive(Clone, Copy, Debug)]
struct Failed;

type Parsed<T> = Result<T, Failed>;

/// The definitions of a whole text.
pub(crate) fn parse(stream: Stream, depth: usize, diagnostics: &mut Diagnostics) -> Vec<Definition> {
    let marks = stream.marks.into_iter();
    let mut parser = Parser {
        tokens: stream.tokens,
        at: 0,
        marks: marks.collect(),
        depth: 0,
        angles: 0,
        limit: depth,
        diagnostics,
    };
    parser.marks.reverse();
    let mut out = Vec::new();
    loop {
        parser.definitions(&mut out, Parser::definition);
        if parser.ended() {
            return out;
        }
        parser.expected("a declaration");
        parser.at += 1;
    }
}

struct Parser<'a> {
    /// Ends with [`Kind::End`], which is never passed.
    tokens: Vec<Token>,
    at: usize,
    /// The next one last.
    marks: Vec<(usize, Mark, Span)>,
    depth: usize,
    /// The `<` that are open.
    angles: usize,
    limit: usize,
    diagnostics: &'a mut Diagnostics,
}

impl Parser<'_> {
    fn token(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn ahead(&self, n: usize) -> &Token {
        &self.tokens[(self.at + n).min(self.tokens.len() - 1)]
    }

    fn previous(&self) -> &Token {
        &self.tokens[self.at.saturating_sub(1)]
    }

    fn ended(&self) -> bool {
        self.token().kind == Kind::End
    }

    fn bump(&mut self) {
        if !self.ended() {
            self.at += 1;
        }
    }

    fn span(&self) -> Span {
        self.token().span
    }

    /// From where something started to the token before this one.
    fn since(&self, start: Span) -> Span {
        start.to(self.previous().span)
    }

    fn is_word(&self, word: &str) -> bool {
        self.token().word() == Some(word)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let is = self.is_word(word);
        if is {
            self.bump();
        }
        is
    }

    fn eat(&mut self, punct: &str) -> bool {
        let is = self.token().is(punct);
        if is {
            self.bump();
        }
        is
    }

    fn want(&mut self, punct: &'static str) -> Parsed<()> {
        if self.eat(punct) { Ok(()) } else { Err(self.expected(&format!("'{punct}'"))) }
    }

    fn want_word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word) { Ok(()) } else { Err(self.expected(&format!("'{word}'"))) }
    }

    /// `>`, also the first half of `>>`.
    fn close_angle(&mut self) -> Parsed<()> {
        if self.token().is(">>") {
            let at = self.at;
            self.tokens[at].kind = Kind::Punct(">");
            self.tokens[at].span.start += 1;
            return Ok(());
        }
        self.want(">")
    }

    fn expected(&mut self, what: &str) -> Failed {
        let found = match &self.token().kind {
            Kind::Word(word) => format!("'{word}'"),
            Kind::Number(text) => format!("the number {text}"),
            Kind::Char { .. } => "a character literal".into(),
            Kind::Text { .. } => "a string literal".into(),
            Kind::Punct(punct) => format!("'{punct}'"),
            Kind::Directive(_) => "a directive".into(),
            // The lexer has reported it.
            Kind::Stray(_) => return Failed,
            Kind::End => "the end of the file".into(),
        };
        let missing = what == "';'" && self.at > 0;
        let span = self.span();
        if missing {
            let before = self.previous().span;
            let end = Span { start: before.end, ..before };
            self.diagnostics.error_with(
                end,
                format!("expected {what} here, found {found}"),
                span,
                "before this",
            );
        } else {
            self.diagnostics.error(span, format!("expected {what}, found {found}"));
        }
        Failed
    }

    /// Runs something one level deeper; past the limit, reports that and ends the text.
    fn deeper<T>(&mut self, body: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= self.limit {
            let text = format!("this nests deeper than {}, which is the limit `depth`", self.limit);
            let span = self.span();
            self.diagnostics.error(span, text);
            self.at = self.tokens.len() - 1;
            return Err(Failed);
        }
        self.depth += 1;
        let out = body(self);
        self.depth -= 1;
        out
    }

    /// Definitions, each ended by `;`, until `}` or the end of the text.
    fn definitions(&mut self, out: &mut Vec<Definition>, one: fn(&mut Self) -> Parsed<Definition>) {
        loop {
            while let Some((_, mark, span)) = self.marks.pop_if(|(at, ..)| *at <= self.at) {
                let kind = Decl::Mark(mark);
                out.push(Definition { kind, doc: String::new(), annotations: Vec::new(), span });
            }
            if self.token().is("}") || self.ended() {
                return;
            }
            if self.diagnostics.full() {
                self.at = self.tokens.len() - 1;
                return;
            }
            if self.token().is(";") {
                let span = self.span();
                self.diagnostics.warning(span, "this ';' ends nothing");
                self.bump();
                continue;
            }
            let start = self.at;
            match one(self) {
                Ok(mut definition) => {
                    if definition.doc.is_empty() {
                        definition.doc = self.tail();
                    }
                    out.push(definition);
                }
                Err(Failed) => self.recover(start),
            }
        }
    }

    /// Passes `;`, and gives the comment after it.
    fn end(&mut self) -> Parsed<()> {
        self.want(";")
    }

    /// The comment after the token just passed.
    fn tail(&self) -> String {
        self.previous().after.as_deref().unwrap_or("").to_owned()
    }

    /// The comment before the token that comes.
    fn doc(&self) -> String {
        self.token().before.as_deref().unwrap_or("").to_owned()
    }

    /// Passes over what is left of a declaration that failed.
    fn recover(&mut self, start: usize) {
        // What was passed may have opened braces that are still to be closed.
        let passed = &self.tokens[start..self.at.min(self.tokens.len())];
        let open = passed.iter().filter(|t| t.is("{")).count();
        let closed = passed.iter().filter(|t| t.is("}")).count();
        let mut depth = open.saturating_sub(closed);
        loop {
            let token = self.token();
            if token.kind == Kind::End {
                return;
            }
            if token.is("{") {
                depth += 1;
            } else if token.is("}") {
                if depth == 0 {
                    return;
                }
                depth -= 1;
            } else if token.is(";") && depth == 0 {
                self.bump();
                return;
            } else if depth == 0 && self.at > start && self.starts_definition() {
                return;
            }
            self.bump();
        }
    }

    /// True at a keyword that only ever starts a declaration.
    fn starts_definition(&self) -> bool {
        matches!(
            self.token().word(),
            Some("module" | "interface" | "typedef" | "exception" | "const" | "native" | "valuetype")
        ) && !self.previous().is("@")
            && !matches!(self.previous().word(), Some("abstract" | "local" | "custom"))
    }

    /// An identifier that declares something.
    fn ident(&mut self) -> Parsed<Ident> {
        if let Some(word) = self.token().word()
            && let Some(keyword) = keywords::clash(word).filter(|k| k != &word)
        {
            let text =
                format!("'{word}' differs from the keyword '{keyword}' only in case; '_{word}' escapes it");
            let span = self.span();
            self.diagnostics.error(span, text);
        }
        self.mention()
    }

    /// An identifier that refers to something.
    fn mention(&mut self) -> Parsed<Ident> {
        let span = self.span();
        let Some(word) = self.token().word().map(str::to_owned) else {
            return Err(self.expected("an identifier"));
        };
        let name = match word.strip_prefix('_') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_alphabetic()) => rest.to_owned(),
            Some(_) => {
                self.diagnostics.error(span, "expected a letter after the '_' that escapes an identifier");
                self.bump();
                return Err(Failed);
            }
            None => match keywords::clash(&word) {
                Some(keyword) if keyword == word => {
                    let text =
                        format!("expected an identifier, found the keyword '{word}'; '_{word}' escapes it");
                    self.diagnostics.error(span, text);
                    return Err(Failed);
                }
                _ => word,
            },
        };
        self.bump();
        Ok(Ident { name, span })
    }

    fn scoped_name(&mut self) -> Parsed<ScopedName> {
        let start = self.span();
        let absolute = self.eat("::");
        let mut parts = vec![self.mention()?];
        while self.eat("::") {
            parts.push(self.mention()?);
        }
        Ok(ScopedName { absolute, parts, span: self.since(start) })
    }

    /// Names with `,` between them.
    fn scoped_names(&mut self) -> Parsed<Vec<ScopedName>> {
        let mut names = vec![self.scoped_name()?];
        while self.eat(",") {
            names.push(self.scoped_name()?);
        }
        Ok(names)
    }

    /// A string literal, or several, which are one.
    fn string(&mut self) -> Parsed<String> {
        let mut out = None;
        while let Kind::Text { wide: false, text } = &self.token().kind {
            out.get_or_insert_with(String::new).push_str(text);
            self.bump();
        }
        out.ok_or_else(|| self.expected("a string literal"))
    }
}
