//! Macros: their definition and expansion, bounded in depth and in what they give.

use std::rc::Rc;

use super::{Preprocessor, Reading};
use crate::lexer::{Kind, Lexer, Token};
use crate::source::Span;

/// What a name stands for.
#[derive(Debug, PartialEq)]
pub(super) struct Macro {
    /// `None` for one without parentheses.
    params: Option<Vec<Rc<str>>>,
    body: Vec<Piece>,
}

/// A token of a body, without its place.
#[derive(Debug, PartialEq)]
struct Piece {
    kind: Kind,
    spaced: bool,
}

/// Macros expand into macros so many times over at most.
const DEPTH: usize = 100;

impl Preprocessor<'_> {
    pub(super) fn define(&mut self, rest: &str, span: Span) {
        let (tokens, errors) = Lexer::fragment(rest, span).all();
        for (span, message) in errors {
            self.diagnostics.error(span, message);
        }
        let Some(Kind::Word(name)) = tokens.first().map(|t| t.kind.clone()) else {
            self.diagnostics.error(span, "expected #define NAME or #define NAME(parameters)");
            return;
        };
        let mut body = &tokens[1..];
        let mut params = None;
        if body.first().is_some_and(|t| t.is("(") && !t.spaced) {
            let Some(end) = body.iter().position(|t| t.is(")")) else {
                self.diagnostics.error(span, "expected ')' after the parameters of this macro");
                return;
            };
            let names = &body[1..end];
            let valid = names
                .iter()
                .enumerate()
                .all(|(i, t)| if i % 2 == 0 { t.word().is_some() } else { t.is(",") });
            if !valid || (!names.is_empty() && names.len() % 2 == 0) {
                self.diagnostics
                    .error(span, "expected the macro's parameters as names with ',' between them");
                return;
            }
            params = Some(names.iter().filter_map(|t| t.word().map(Rc::from)).collect());
            body = &body[end + 1..];
        }
        let body = body.iter().map(|t| Piece { kind: t.kind.clone(), spaced: t.spaced }).collect();
        let new = Rc::new(Macro { params, body });
        if self.macros.get(&name).is_some_and(|old| *old != new) {
            self.diagnostics.warning(span, format!("'{name}' is defined anew, and differently"));
        }
        self.macros.insert(name, new);
    }

    /// Expands a macro's use in a file, whose arguments may go on over lines.
    pub(super) fn invoke(&mut self, name: Token, reading: &mut Reading) {
        let mut tokens = vec![name.clone()];
        let takes = name.word().and_then(|w| self.macros.get(w)).is_some_and(|m| m.params.is_some());
        if takes {
            let open = reading.next();
            if !open.is("(") {
                reading.queue.push(open);
                self.emit(name);
                return;
            }
            tokens.push(open);
            let mut depth = 1;
            while depth > 0 {
                let token = reading.next();
                if token.kind == Kind::End || tokens.len() > self.options.limits.tokens {
                    self.diagnostics.error(name.span, "this macro's arguments have no closing ')'");
                    reading.queue.push(token);
                    return;
                }
                if matches!(token.kind, Kind::Directive(_)) {
                    self.diagnostics.error(token.span, "no directive may stand among a macro's arguments");
                    continue;
                }
                depth += usize::from(token.is("("));
                depth -= usize::from(token.is(")"));
                tokens.push(token);
            }
        }
        let last = tokens.last().map_or(name.span, |t| t.span);
        let span = name.span.to(last);
        let expanded = self.expand(tokens, &mut Vec::new());
        let mut before = name.before;
        for mut token in expanded {
            token.span = span;
            token.before = before.take();
            self.emit(token);
        }
    }

    /// Tokens with all macros in them expanded but those that are being expanded.
    pub(super) fn expand(&mut self, tokens: Vec<Token>, within: &mut Vec<Rc<str>>) -> Vec<Token> {
        if self.depth >= DEPTH {
            let span = tokens.first().map_or_else(Span::default, |t| t.span);
            if !self.stop {
                self.diagnostics
                    .error(span, format!("macros and their arguments nest more than {DEPTH} times over"));
            }
            self.stop = true;
            return tokens;
        }
        self.depth += 1;
        let out = self.pass(tokens, within);
        self.depth -= 1;
        out
    }

    fn pass(&mut self, tokens: Vec<Token>, within: &mut Vec<Rc<str>>) -> Vec<Token> {
        let mut out = Vec::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let Kind::Word(name) = &token.kind else {
                out.push(token);
                continue;
            };
            let found = self.macros.get(name).filter(|_| !within.contains(name)).cloned();
            let Some(found) =
                found.filter(|m| m.params.is_none() || tokens.peek().is_some_and(|t| t.is("(")))
            else {
                out.push(token);
                continue;
            };
            let mut arguments = Vec::new();
            if found.params.is_some() {
                tokens.next();
                let Some(given) = gather(&mut tokens) else {
                    self.diagnostics
                        .error(token.span, format!("the arguments of '{name}' have no closing ')'"));
                    return out;
                };
                arguments = given;
            }
            let Some(body) = self.substitute(&found, name, arguments, &token, within) else { return out };
            self.produced += body.len();
            if self.produced > self.options.limits.tokens || self.stop {
                if !self.stop {
                    let text = "macros give more tokens than the limit `tokens` allows";
                    self.diagnostics.error(token.span, text);
                }
                self.stop = true;
                return out;
            }
            within.push(name.clone());
            out.extend(self.expand(body, within));
            within.pop();
            if self.stop {
                return out;
            }
        }
        out
    }

    /// The body with arguments in place of the parameters.
    fn substitute(
        &mut self,
        found: &Macro,
        name: &str,
        mut arguments: Vec<Vec<Token>>,
        place: &Token,
        within: &mut Vec<Rc<str>>,
    ) -> Option<Vec<Token>> {
        let params = found.params.as_deref().unwrap_or_default();
        if params.is_empty() && arguments.len() == 1 && arguments[0].is_empty() {
            arguments.clear();
        }
        if params.len() != arguments.len() {
            let (wants, has) = (params.len(), arguments.len());
            self.diagnostics.error(place.span, format!("'{name}' takes {wants} arguments, here are {has}"));
            return None;
        }
        let argument = |kind: &Kind| match kind {
            Kind::Word(word) => params.iter().position(|p| p == word),
            _ => None,
        };
        let bare =
            |kind: Kind, spaced: bool| Token { kind, span: place.span, before: None, after: None, spaced };
        let mut out: Vec<Token> = Vec::new();
        let mut i = 0;
        let mut paste = false;
        while let Some(piece) = found.body.get(i) {
            i += 1;
            let next = found.body.get(i).map(|p| &p.kind);
            let from = out.len();
            match (&piece.kind, next.and_then(argument)) {
                (Kind::Punct("##"), _) if !out.is_empty() && next.is_some() => {
                    paste = true;
                    continue;
                }
                (Kind::Punct("#"), Some(which)) if found.params.is_some() => {
                    i += 1;
                    out.push(bare(
                        Kind::Text { wide: false, text: spell(&arguments[which]).into() },
                        piece.spaced,
                    ));
                }
                _ => match argument(&piece.kind) {
                    Some(which) if paste || next == Some(&Kind::Punct("##")) => {
                        out.extend(arguments[which].iter().cloned());
                    }
                    Some(which) => {
                        self.produced += arguments[which].len();
                        if self.produced > self.options.limits.tokens {
                            return Some(out);
                        }
                        let expanded = self.expand(arguments[which].clone(), within);
                        out.extend(expanded);
                    }
                    None => out.push(bare(piece.kind.clone(), piece.spaced)),
                },
            }
            if out.len() > self.options.limits.tokens {
                self.stop = true;
                return Some(out);
            }
            if std::mem::take(&mut paste) && from > 0 && from < out.len() {
                let text = spell(&out[from - 1..=from]).replace(' ', "");
                let (joined, _) = Lexer::fragment(&text, place.span).all();
                out.splice(from - 1..=from, joined);
            }
        }
        Some(out)
    }

    /// The text of a line with its macros expanded.
    pub(super) fn expand_text(&mut self, line: &str, span: Span) -> String {
        let (tokens, _) = Lexer::fragment(line, span).all();
        let expanded = self.expand(tokens, &mut Vec::new());
        let text = spell(&expanded);
        // <a/b.idl> comes out with spaces between its tokens.
        if text.starts_with('<') { text.replace(' ', "") } else { text }
    }
}

/// Arguments up to the closing parenthesis of the invocation.
fn gather(tokens: &mut impl Iterator<Item = Token>) -> Option<Vec<Vec<Token>>> {
    let mut arguments = vec![Vec::new()];
    let mut depth = 0;
    loop {
        let token = tokens.next()?;
        match token.kind {
            Kind::Punct(")") if depth == 0 => return Some(arguments),
            Kind::Punct(",") if depth == 0 => {
                arguments.push(Vec::new());
                continue;
            }
            Kind::Punct("(") => depth += 1,
            Kind::Punct(")") => depth -= 1,
            _ => {}
        }
        if let Some(last) = arguments.last_mut() {
            last.push(token);
        }
    }
}

/// Tokens as text again.
fn spell(tokens: &[Token]) -> String {
    let mut out = String::new();
    for token in tokens {
        if token.spaced && !out.is_empty() {
            out.push(' ');
        }
        match &token.kind {
            Kind::Word(text) | Kind::Number(text) => out.push_str(text),
            Kind::Punct(text) => out.push_str(text),
            Kind::Text { text, .. } => {
                out.push('"');
                out.push_str(text);
                out.push('"');
            }
            Kind::Char { code, .. } => out.extend(['\'', char::from_u32(*code).unwrap_or(' '), '\'']),
            Kind::Stray(c) => out.push(*c),
            Kind::Directive(_) | Kind::End => {}
        }
    }
    out
}
