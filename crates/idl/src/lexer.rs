//! Text to tokens: words, literals, punctuation, comments kept beside the
//! tokens that they belong to, and preprocessor directives as whole lines.

use std::rc::Rc;

use crate::source::Span;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// An identifier or keyword, as written, with the `_` of an escaped one.
    Word(Rc<str>),
    /// A number as written: integer, floating or fixed point.
    Number(Rc<str>),
    /// A character literal's code.
    Char { wide: bool, code: u32 },
    /// A string literal's text; a code over 255 only in wide ones.
    Text { wide: bool, text: Rc<str> },
    /// An operator or other punctuation.
    Punct(&'static str),
    /// The rest of a line after `#`, without comments and splices.
    Directive(Rc<str>),
    /// A character that no token starts with.
    Stray(char),
    /// The end of the text.
    End,
}

/// A piece of the text.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    /// The comments on the lines just before.
    pub(crate) before: Option<Rc<str>>,
    /// The comment after it on its line.
    pub(crate) after: Option<Rc<str>>,
    /// True if white space stands before it.
    pub(crate) spaced: bool,
}

impl Token {
    pub(crate) fn is(&self, punct: &str) -> bool {
        matches!(self.kind, Kind::Punct(p) if p == punct)
    }

    pub(crate) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Longer ones first.
const PUNCTS: &[&str] = &[
    "...", "::", "<<", ">>", "&&", "||", "==", "!=", "<=", ">=", "##", ";", ",", ":", "{", "}", "(", ")",
    "[", "]", "<", ">", "=", "|", "^", "&", "+", "-", "*", "/", "%", "~", "@", "!", "?", "#", ".",
];

/// Reads the tokens of one text.
pub(crate) struct Lexer {
    text: Rc<str>,
    at: usize,
    file: u32,
    /// The span that all tokens get instead of their own: a macro's text has no better place.
    fixed: Option<Span>,
    /// True until something other than space stands on the line.
    fresh: bool,
    /// Comments not yet given to a token, and whether a line break followed the last.
    pending: Vec<String>,
    pub(crate) errors: Vec<(Span, String)>,
}

impl Lexer {
    pub(crate) fn new(text: &str, file: u32) -> Self {
        let (text, fixed) = (Rc::from(text), None);
        Self { text, at: 0, file, fixed, fresh: true, pending: Vec::new(), errors: Vec::new() }
    }

    /// For text out of a directive: no directives in it, and every token is where the directive is.
    pub(crate) fn fragment(text: &str, span: Span) -> Self {
        Self { fixed: Some(span), fresh: false, ..Self::new(text, span.file) }
    }

    /// All tokens of a fragment, without the end.
    pub(crate) fn all(mut self) -> (Vec<Token>, Vec<(Span, String)>) {
        let mut tokens = Vec::new();
        loop {
            let token = self.next();
            if token.kind == Kind::End {
                return (tokens, self.errors);
            }
            tokens.push(token);
        }
    }

    fn span(&self, start: usize) -> Span {
        let offset = |n| u32::try_from(n).unwrap_or(u32::MAX);
        self.fixed.unwrap_or(Span { file: self.file, start: offset(start), end: offset(self.at) })
    }

    /// Passes over line splices.
    fn splice(&mut self) {
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            match rest {
                [b'\\', b'\n', ..] => self.at += 2,
                [b'\\', b'\r', b'\n', ..] => self.at += 3,
                _ => return,
            }
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.splice();
        self.text[self.at..].chars().next()
    }

    fn second(&mut self) -> Option<char> {
        self.splice();
        let mut chars = self.text[self.at..].chars();
        chars.next();
        chars.next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn take_while(&mut self, out: &mut String, test: impl Fn(char) -> bool) {
        while let Some(c) = self.peek().filter(|c| test(*c)) {
            out.push(c);
            self.bump();
        }
    }

    /// The next token; at the end, [`Kind::End`] again and again.
    pub(crate) fn next(&mut self) -> Token {
        let spaced = self.space();
        let before = self.take_comments();
        let start = self.at;
        let kind = self.kind(start);
        self.fresh = false;
        if matches!(kind, Kind::Directive(_)) {
            self.fresh = true;
        }
        let span = self.span(start);
        let after = if matches!(kind, Kind::End | Kind::Directive(_)) { None } else { self.trailing() };
        Token { kind, span, before, after, spaced }
    }

    fn kind(&mut self, start: usize) -> Kind {
        let Some(c) = self.peek() else { return Kind::End };
        let next = self.second();
        match c {
            '#' if self.fresh && self.fixed.is_none() => self.directive(),
            'L' if next == Some('\'') => {
                self.bump();
                self.character(start, true)
            }
            'L' if next == Some('"') => {
                self.bump();
                self.text(start, true)
            }
            '\'' => self.character(start, false),
            '"' => self.text(start, false),
            c if c.is_ascii_alphabetic() || c == '_' => {
                let mut word = String::new();
                self.take_while(&mut word, |c| c.is_ascii_alphanumeric() || c == '_');
                Kind::Word(word.into())
            }
            c if c.is_ascii_digit() || (c == '.' && next.is_some_and(|n| n.is_ascii_digit())) => {
                self.number()
            }
            c => self.punct(c, start),
        }
    }

    fn punct(&mut self, c: char, start: usize) -> Kind {
        for punct in PUNCTS {
            let save = self.at;
            if punct.chars().all(|p| self.bump() == Some(p)) {
                return Kind::Punct(punct);
            }
            self.at = save;
        }
        self.bump();
        let span = self.span(start);
        self.errors.push((span, format!("{c:?} starts nothing that IDL knows")));
        Kind::Stray(c)
    }

    /// A preprocessing number: what is in it is judged where it is used.
    fn number(&mut self) -> Kind {
        let mut text = String::new();
        while let Some(c) = self.peek() {
            let hex = text.starts_with("0x") || text.starts_with("0X");
            let sign = matches!(c, '+' | '-') && !hex && text.ends_with(['e', 'E']);
            if !(c.is_ascii_alphanumeric() || c == '.' || c == '_' || sign) {
                break;
            }
            text.push(c);
            self.bump();
        }
        Kind::Number(text.into())
    }

    fn character(&mut self, start: usize, wide: bool) -> Kind {
        self.bump();
        let code = match self.peek() {
            Some('\'' | '\n') | None => None,
            Some('\\') => self.escape(wide),
            Some(c) => {
                self.bump();
                Some(c as u32)
            }
        };
        if self.peek() == Some('\'') {
            self.bump();
        } else {
            let span = self.span(start);
            self.errors.push((span, "a character literal is one character between ' and '".into()));
            return Kind::Char { wide, code: 0 };
        }
        let Some(code) = code else {
            let span = self.span(start);
            self.errors.push((span, "a character literal holds one character".into()));
            return Kind::Char { wide, code: 0 };
        };
        if code > if wide { 0xffff } else { 0xff } {
            let span = self.span(start);
            self.errors.push((span, "this character does not fit; a char has 8 bits, a wchar 16".into()));
        }
        Kind::Char { wide, code }
    }

    fn text(&mut self, start: usize, wide: bool) -> Kind {
        self.bump();
        let mut text = String::new();
        loop {
            match self.peek() {
                Some('"') => {
                    self.bump();
                    break;
                }
                None | Some('\n') => {
                    let span = self.span(start);
                    self.errors.push((span, "this string has no closing '\"' on its line".into()));
                    break;
                }
                Some('\\') => {
                    let at = self.at;
                    let code = self.escape(wide);
                    let c = code.filter(|c| *c != 0).and_then(char::from_u32);
                    if c.is_none() {
                        let span = self.span(at);
                        self.errors.push((span, "a string holds characters other than NUL".into()));
                    }
                    text.extend(c);
                }
                Some(c) => {
                    text.push(c);
                    self.bump();
                }
            }
        }
        Kind::Text { wide, text: text.into() }
    }

    /// The code that a `\…` stands for.
    fn escape(&mut self, wide: bool) -> Option<u32> {
        let start = self.at;
        self.bump();
        let digits = |lexer: &mut Self, radix: u32, most: usize| {
            let mut text = String::new();
            while text.len() < most && lexer.peek().is_some_and(|c| c.is_digit(radix)) {
                text.extend(lexer.bump());
            }
            u32::from_str_radix(&text, radix).ok()
        };
        let code = match self.peek()? {
            'n' => Some(10),
            't' => Some(9),
            'v' => Some(11),
            'b' => Some(8),
            'r' => Some(13),
            'f' => Some(12),
            'a' => Some(7),
            c @ ('\\' | '?' | '\'' | '"') => Some(c as u32),
            '0'..='7' => return digits(self, 8, 3),
            'x' => {
                self.bump();
                return digits(self, 16, 2);
            }
            'u' if wide => {
                self.bump();
                return digits(self, 16, 4);
            }
            c => {
                let span = self.span(start);
                self.errors.push((span, format!("'\\{c}' is no escape; '\\\\' is a backslash")));
                Some(c as u32)
            }
        };
        self.bump();
        code
    }

    /// The rest of the line after `#`; comments in it are white space.
    fn directive(&mut self) -> Kind {
        self.bump();
        let mut line = String::new();
        let mut quoted = None;
        while let Some(c) = self.peek() {
            let next = self.second();
            match c {
                '\n' => break,
                '/' if quoted.is_none() && next == Some('/') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.bump();
                    }
                    break;
                }
                '/' if quoted.is_none() && next == Some('*') => {
                    self.block();
                    line.push(' ');
                    continue;
                }
                '\\' if quoted.is_some() => {
                    line.push(c);
                    self.bump();
                    line.extend(self.peek().filter(|c| *c != '\n'));
                    if self.peek() != Some('\n') {
                        self.bump();
                    }
                    continue;
                }
                '"' | '\'' if quoted.is_none() => quoted = Some(c),
                c if quoted == Some(c) => quoted = None,
                _ => {}
            }
            line.push(c);
            self.bump();
        }
        Kind::Directive(line.trim().into())
    }

    /// Passes over everything until a line that starts with `#`, without looking at tokens.
    pub(crate) fn skip_to_directive(&mut self) {
        self.pending.clear();
        loop {
            while self.peek().is_some_and(|c| c.is_whitespace()) {
                let c = self.bump();
                self.fresh |= c == Some('\n');
            }
            match self.peek() {
                None => return,
                Some('#') if self.fresh => return,
                Some('/') if self.second() == Some('*') => {
                    self.block();
                }
                Some('/') if self.second() == Some('/') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.bump();
                    }
                }
                Some(_) => {
                    self.bump();
                    self.fresh = false;
                }
            }
        }
    }

    /// Passes over white space and comments, and keeps the comments.
    fn space(&mut self) -> bool {
        let start = self.at;
        let mut lines = 0;
        while let Some(c) = self.peek() {
            match c {
                '\n' => {
                    self.bump();
                    self.fresh = true;
                    lines += 1;
                    if lines > 1 {
                        self.pending.clear();
                    }
                }
                c if c.is_whitespace() || c == '\u{1a}' => {
                    self.bump();
                }
                '/' if matches!(self.second(), Some('/' | '*')) => {
                    let comment = self.comment();
                    self.pending.push(comment);
                    lines = 0;
                }
                _ => break,
            }
        }
        self.at > start
    }

    fn comment(&mut self) -> String {
        if self.second() == Some('*') {
            return self.block();
        }
        let mut text = String::new();
        self.take_while(&mut text, |c| c != '\n');
        let text = text.trim_start_matches(['/', '!', '<']);
        text.strip_prefix(' ').unwrap_or(text).trim_end().to_owned()
    }

    /// A block comment's text, without the stars that decorate its lines.
    fn block(&mut self) -> String {
        let start = self.at;
        self.bump();
        self.bump();
        let mut text = String::new();
        loop {
            match self.bump() {
                Some('*') if self.peek() == Some('/') => {
                    self.bump();
                    break;
                }
                Some(c) => text.push(c),
                None => {
                    let span = Span { end: self.span(start).start + 2, ..self.span(start) };
                    self.errors.push((span, "this comment has no closing '*/'".into()));
                    break;
                }
            }
        }
        let lines: Vec<&str> = text
            .trim_start_matches(['*', '!', '<'])
            .trim_end_matches('*')
            .lines()
            .map(|line| {
                let line = line.trim();
                line.strip_prefix('*').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest))
            })
            .collect();
        lines.join("\n").trim().to_owned()
    }

    /// The comment that follows on the same line and has the rest of it to itself.
    fn trailing(&mut self) -> Option<Rc<str>> {
        let save = self.at;
        while self.peek().is_some_and(|c| c == ' ' || c == '\t') {
            self.bump();
        }
        if self.peek() == Some('/') && matches!(self.second(), Some('/' | '*')) {
            let faults = self.errors.len();
            let line = self.text[self.at..].lines().next().unwrap_or("").trim_end();
            let alone = line.starts_with("//") || (line.ends_with("*/") && line.matches("*/").count() == 1);
            if alone {
                let text = self.comment();
                self.errors.truncate(faults);
                return (!text.is_empty()).then(|| text.into());
            }
        }
        self.at = save;
        None
    }

    fn take_comments(&mut self) -> Option<Rc<str>> {
        let text = std::mem::take(&mut self.pending).join("\n");
        let text = text.trim();
        let decorated = text.chars().all(|c| c.is_whitespace() || "-=*/#~_+|".contains(c));
        (!decorated).then(|| text.into())
    }
}
