//! The preprocessor: files, directives and macros to one stream of tokens,
//! with the pragmas that mean something to IDL beside it.

mod condition;
mod macros;

use std::collections::HashMap;
use std::rc::Rc;

use crate::diagnostics::Diagnostics;
use crate::lexer::{Kind, Lexer, Token};
use crate::options::{Loader, Options};
use crate::source::{Sources, Span, decode};
use macros::Macro;

/// Something that stands between tokens.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mark {
    /// An included file begins: no prefix holds in it.
    Enter,
    /// It ends: the prefix from before it holds again.
    Leave,
    /// `#pragma prefix "…"`.
    Prefix(String),
    /// `#pragma ID name "…"`.
    Id { name: String, id: String },
    /// `#pragma version name 1.2`.
    Version { name: String, version: String },
    /// `#pragma farcall name ident "name"`: what a declaration is called that IDL cannot call so.
    Name { name: String, original: String },
    /// `#pragma farcall idempotent operation`.
    Idempotent { name: String },
    /// `#pragma farcall closed union`: values of the discriminator without a case are no values of it.
    Closed { name: String },
    /// `#pragma farcall code exception 101`: its number in protocols that have numbers.
    Code { name: String, code: i32 },
    /// `#pragma farcall case union 0 "name" 1 2 default`: a case that carries nothing, and its place.
    Case { union: String, index: usize, name: String, labels: Vec<i64>, default: bool },
}

/// What comes out: tokens, ending with [`Kind::End`], and marks, each with the position of the
/// token that it stands before.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) tokens: Vec<Token>,
    pub(crate) marks: Vec<(usize, Mark, Span)>,
}

/// Reads a file with all that it includes.
pub(crate) fn preprocess(
    name: &str,
    text: String,
    options: &Options,
    loader: &dyn Loader,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Stream {
    let macros = HashMap::new();
    let mut run = Preprocessor {
        options,
        loader,
        sources,
        diagnostics,
        out: Stream::default(),
        macros,
        once: Vec::new(),
        produced: 0,
        files: 1,
        depth: 0,
        stop: false,
    };
    for (name, value) in &options.defines {
        run.define(&format!("{name} {value}"), Span::default());
    }
    let file = run.sources.add(name.to_owned(), text, None);
    run.file(file, 0);
    let end = u32::try_from(run.sources.files()[file as usize].text.len()).unwrap_or(u32::MAX);
    let span = Span { file, start: end, end };
    run.out.tokens.push(Token { kind: Kind::End, span, before: None, after: None, spaced: true });
    run.out
}

struct Preprocessor<'a> {
    options: &'a Options,
    loader: &'a dyn Loader,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
    out: Stream,
    macros: HashMap<Rc<str>, Rc<Macro>>,
    /// The names of files that said `#pragma once`.
    once: Vec<String>,
    /// Tokens that macros gave so far.
    produced: usize,
    files: usize,
    /// Macros that are being expanded within one another, and their arguments.
    depth: usize,
    /// True once a limit ended the reading.
    stop: bool,
}

/// An `#if` that is open.
struct Condition {
    /// The text is read.
    active: bool,
    /// Some branch was read already, or none may be.
    done: bool,
    otherwise: bool,
    span: Span,
}

/// A file that is being read.
struct Reading {
    lexer: Lexer,
    conditions: Vec<Condition>,
    /// Tokens that were looked at and given back.
    queue: Vec<Token>,
    depth: usize,
}

impl Reading {
    fn active(&self) -> bool {
        self.conditions.last().is_none_or(|c| c.active)
    }

    fn next(&mut self) -> Token {
        self.queue.pop().unwrap_or_else(|| self.lexer.next())
    }
}

impl Preprocessor<'_> {
    fn file(&mut self, file: u32, depth: usize) {
        let text = self.sources.files()[file as usize].text.clone();
        let lexer = Lexer::new(&text, file);
        let mut reading = Reading { lexer, conditions: Vec::new(), queue: Vec::new(), depth };
        while !self.stop {
            if !reading.active() {
                reading.lexer.skip_to_directive();
                reading.lexer.errors.clear();
                reading.lexer.warnings.clear();
            }
            let token = reading.next();
            for (span, message) in reading.lexer.errors.drain(..) {
                self.diagnostics.error(span, message);
            }
            for (span, message) in reading.lexer.warnings.drain(..) {
                self.diagnostics.warning(span, message);
            }
            match &token.kind {
                Kind::End => break,
                Kind::Directive(line) => {
                    let line = line.clone();
                    self.directive(&line, token.span, &mut reading);
                }
                _ if !reading.active() => {}
                Kind::Word(word) if self.macros.contains_key(word) => self.invoke(token, &mut reading),
                _ => self.emit(token),
            }
        }
        for condition in reading.conditions {
            self.diagnostics.error(condition.span, "this conditional has no '#endif' in its file");
        }
    }

    fn emit(&mut self, token: Token) {
        if self.out.tokens.len() >= self.options.limits.tokens {
            self.stop = true;
            let most = self.options.limits.tokens;
            self.diagnostics
                .error(token.span, format!("more than {most} tokens, which is the limit `tokens`"));
            return;
        }
        self.out.tokens.push(token);
    }

    fn directive(&mut self, line: &str, span: Span, reading: &mut Reading) {
        let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(line.len());
        let (word, rest) = (&line[..end], line[end..].trim());
        if self.conditional(word, rest, span, reading) || !reading.active() {
            return;
        }
        match word {
            "" if rest.is_empty() => {}
            "include" => self.include(rest, span, reading.depth),
            "define" => self.define(rest, span),
            "undef" => {
                self.macros.remove(rest);
            }
            "pragma" => self.pragma(rest, span),
            "error" => self.diagnostics.error(span, format!("#error {rest}")),
            "warning" => self.diagnostics.warning(span, format!("#warning {rest}")),
            "line" | "ident" => {}
            // A line marker, as C preprocessors leave them.
            "" if rest.starts_with(|c: char| c.is_ascii_digit()) => {}
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => {}
            _ => self.diagnostics.error(
                span,
                format!("'#{word}' is no directive; expected include, define, undef, if, ifdef, ifndef, elif, else, endif, pragma, error or line"),
            ),
        }
    }

    /// True if the directive was one of the conditionals.
    fn conditional(&mut self, word: &str, rest: &str, span: Span, reading: &mut Reading) -> bool {
        let outer = reading.active();
        match word {
            "if" | "ifdef" | "ifndef" => {
                let holds = outer
                    && match word {
                        "if" => self.condition(rest, span),
                        _ => self.named(rest, span) == (word == "ifdef"),
                    };
                reading.conditions.push(Condition {
                    active: holds,
                    done: holds || !outer,
                    otherwise: false,
                    span,
                });
            }
            "elif" | "else" => {
                let Some(mut condition) = reading.conditions.pop() else {
                    self.diagnostics.error(span, format!("'#{word}' without '#if'"));
                    return true;
                };
                if condition.otherwise {
                    self.diagnostics.error_with(
                        span,
                        format!("'#{word}' after '#else'"),
                        condition.span,
                        "of this",
                    );
                }
                let holds = !condition.done && (word == "else" || self.condition(rest, span));
                condition.otherwise |= word == "else";
                condition.active = holds;
                condition.done |= holds;
                reading.conditions.push(condition);
            }
            "endif" => {
                if reading.conditions.pop().is_none() {
                    self.diagnostics.error(span, "'#endif' without '#if'");
                }
            }
            _ => return false,
        }
        true
    }

    fn named(&mut self, rest: &str, span: Span) -> bool {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if end == 0 {
            self.diagnostics.error(span, "expected the name of a macro");
        }
        self.macros.contains_key(&rest[..end])
    }

    fn include(&mut self, rest: &str, span: Span, depth: usize) {
        let expanded;
        let rest = if rest.starts_with(['"', '<']) {
            rest
        } else {
            expanded = self.expand_text(rest, span);
            expanded.as_str()
        };
        let named = match rest.as_bytes().first() {
            Some(b'"') => rest[1..].split_once('"').map(|(name, _)| (name, true)),
            Some(b'<') => rest[1..].split_once('>').map(|(name, _)| (name, false)),
            _ => None,
        };
        let Some((name, quoted)) = named.filter(|(name, _)| !name.is_empty()) else {
            self.diagnostics.error(span, "expected #include \"file\" or #include <file>");
            return;
        };
        let limits = &self.options.limits;
        if depth >= limits.include_depth || self.files >= limits.files {
            let (what, most) = if depth >= limits.include_depth {
                ("include_depth", limits.include_depth)
            } else {
                ("files", limits.files)
            };
            self.stop = true;
            self.diagnostics
                .error(span, format!("this include is one too many: the limit `{what}` is {most}"));
            return;
        }
        let Some((path, octets)) = self.find(name, quoted, span) else { return };
        if self.once.contains(&path) {
            return;
        }
        self.files += 1;
        let file = self.sources.add(path, decode(octets), Some(span));
        self.mark(Mark::Enter, span);
        self.file(file, depth + 1);
        self.mark(Mark::Leave, span);
    }

    /// The included file's name and content, or a diagnostic.
    fn find(&mut self, name: &str, quoted: bool, span: Span) -> Option<(String, Vec<u8>)> {
        let mut places = Vec::new();
        if name.starts_with('/') {
            places.push(name.to_owned());
        } else {
            if quoted {
                let from = self.sources.file(span).map_or("", |f| f.name.as_str());
                places
                    .push(from.rfind('/').map_or(name.to_owned(), |end| format!("{}{name}", &from[..=end])));
            }
            places.extend(
                self.options.include_paths.iter().map(|p| format!("{}/{name}", p.trim_end_matches('/'))),
            );
        }
        for place in places {
            match self.loader.load(&place) {
                Ok(octets) if octets.len() > self.options.limits.file_size => {
                    let most = self.options.limits.file_size;
                    let text = format!("{place} has more than {most} octets, which is the limit `file_size`");
                    self.diagnostics.error(span, text);
                    return None;
                }
                Ok(octets) => return Some((place, octets)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    self.diagnostics.error(span, format!("{place} cannot be read: {error}"));
                    return None;
                }
            }
        }
        let place = if quoted { "beside this file or in the include paths" } else { "in the include paths" };
        self.diagnostics.error(span, format!("there is no file '{name}' {place}"));
        None
    }

    fn mark(&mut self, mark: Mark, span: Span) {
        self.out.marks.push((self.out.tokens.len(), mark, span));
    }

    fn pragma(&mut self, rest: &str, span: Span) {
        let mut words = rest.split_whitespace();
        let word = words.next().unwrap_or("");
        match word.to_ascii_lowercase().as_str() {
            "prefix" => match string(rest[word.len()..].trim()) {
                Some(prefix) => self.mark(Mark::Prefix(prefix), span),
                None => self.diagnostics.error(span, "expected #pragma prefix \"some.organization\""),
            },
            "id" => {
                let name = words.next().unwrap_or("");
                let at = rest[word.len()..].find(name).map_or(rest.len(), |i| i + word.len() + name.len());
                match string(rest[at..].trim()).filter(|_| !name.is_empty()) {
                    Some(id) => self.mark(Mark::Id { name: name.to_owned(), id }, span),
                    None => self.diagnostics.error(span, "expected #pragma ID name \"repository id\""),
                }
            }
            "version" => {
                let (name, version) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
                let part = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
                if version.split_once('.').is_some_and(|(a, b)| part(a) && part(b)) {
                    self.mark(Mark::Version { name: name.to_owned(), version: version.to_owned() }, span);
                } else {
                    self.diagnostics.error(span, "expected #pragma version name 1.0");
                }
            }
            "once" => {
                if let Some(file) = self.sources.file(span) {
                    self.once.push(file.name.clone());
                }
            }
            "farcall" => match own_pragma(rest[word.len()..].trim()) {
                Some(mark) => self.mark(mark, span),
                None => self.diagnostics.warning(span, "this pragma is not as emitted IDL has it"),
            },
            // Other compilers' pragmas say nothing to this one.
            _ => {}
        }
    }
}

/// The text of a string literal that stands alone.
fn string(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?;
    let end = inner.find('"')?;
    Some(inner[..end].to_owned())
}

/// What this crate writes into its texts beside what IDL can say.
fn own_pragma(text: &str) -> Option<Mark> {
    let (what, rest) = text.split_once(' ')?;
    let (name, rest) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let (before, quoted) = rest.split_at(rest.find('"').unwrap_or(rest.len()));
    let name = name.to_owned();
    match what {
        "idempotent" if rest.is_empty() => Some(Mark::Idempotent { name }),
        "closed" if rest.is_empty() => Some(Mark::Closed { name }),
        "code" => Some(Mark::Code { name, code: rest.trim().parse().ok()? }),
        "name" if before.is_empty() => Some(Mark::Name { name, original: string(quoted)? }),
        "case" => {
            let quoted = string(quoted)?;
            let index = before.trim().parse().ok()?;
            let after = &rest[before.len() + quoted.len() + 2..];
            let (mut labels, mut default) = (Vec::new(), false);
            for label in after.split_whitespace() {
                match label {
                    "default" => default = true,
                    number => labels.push(number.parse().ok()?),
                }
            }
            Some(Mark::Case { union: name, index, name: quoted, labels, default })
        }
        _ => None,
    }
}
