//! The expressions of `#if` and `#elif`.

use super::Preprocessor;
use crate::lexer::{Kind, Lexer, Token};
use crate::source::Span;

/// Parentheses and signs nest so deep at most.
const DEPTH: usize = 64;

impl Preprocessor<'_> {
    /// True if the expression is not zero; one that cannot be read is reported and false.
    pub(super) fn condition(&mut self, line: &str, span: Span) -> bool {
        let (tokens, errors) = Lexer::fragment(line, span).all();
        for (span, message) in errors {
            self.diagnostics.error(span, message);
        }
        let tokens = self.defined(tokens);
        let tokens = self.expand(tokens, &mut Vec::new());
        let mut parser = Condition { tokens: &tokens, at: 0, depth: 0 };
        match parser.ternary() {
            Ok(value) if parser.at == tokens.len() => value != 0,
            Ok(_) => {
                self.diagnostics.error(span, "there is something after the end of this condition");
                false
            }
            Err(message) => {
                self.diagnostics.error(span, message);
                false
            }
        }
    }

    /// Replaces `defined X` and `defined(X)`, whose names are not to be expanded.
    fn defined(&self, tokens: Vec<Token>) -> Vec<Token> {
        let mut out = Vec::with_capacity(tokens.len());
        let mut i = 0;
        while let Some(token) = tokens.get(i) {
            let at = |n: usize| tokens.get(i + n);
            if token.word() == Some("defined") {
                let (name, used) = if at(1).is_some_and(|t| t.is("(")) && at(3).is_some_and(|t| t.is(")")) {
                    (at(2), 4)
                } else {
                    (at(1), 2)
                };
                if let Some(name) = name.and_then(Token::word) {
                    let value = if self.macros.contains_key(name) { "1" } else { "0" };
                    out.push(Token { kind: Kind::Number(value.into()), ..token.clone() });
                    i += used;
                    continue;
                }
            }
            out.push(token.clone());
            i += 1;
        }
        out
    }
}

struct Condition<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

/// Operators from those that bind least.
const LEVELS: &[&[&str]] = &[
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<", ">", "<=", ">="],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Condition<'_> {
    fn punct(&self) -> Option<&'static str> {
        match self.tokens.get(self.at)?.kind {
            Kind::Punct(punct) => Some(punct),
            _ => None,
        }
    }

    fn deeper<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("this condition nests deeper than {DEPTH}"));
        }
        let value = body(self);
        self.depth -= 1;
        value
    }

    fn ternary(&mut self) -> Result<i64, String> {
        let value = self.level(0)?;
        if self.punct() != Some("?") {
            return Ok(value);
        }
        self.at += 1;
        let yes = self.deeper(Self::ternary)?;
        if self.punct() != Some(":") {
            return Err("expected ':' of '? :' in this condition".into());
        }
        self.at += 1;
        let no = self.deeper(Self::ternary)?;
        Ok(if value != 0 { yes } else { no })
    }

    fn level(&mut self, level: usize) -> Result<i64, String> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        while let Some(op) = self.punct().filter(|p| operators.contains(p)) {
            self.at += 1;
            let right = self.level(level + 1)?;
            left = apply(op, left, right)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<i64, String> {
        let token = self.tokens.get(self.at).ok_or("this condition ends too early")?;
        self.at += 1;
        match &token.kind {
            Kind::Punct("!") => Ok(i64::from(self.deeper(Self::unary)? == 0)),
            Kind::Punct("-") => Ok(self.deeper(Self::unary)?.wrapping_neg()),
            Kind::Punct("+") => self.deeper(Self::unary),
            Kind::Punct("~") => Ok(!self.deeper(Self::unary)?),
            Kind::Punct("(") => {
                let value = self.deeper(Self::ternary)?;
                if self.punct() != Some(")") {
                    return Err("expected ')' in this condition".into());
                }
                self.at += 1;
                Ok(value)
            }
            Kind::Number(text) => number(text)
                .ok_or_else(|| format!("'{text}' is no whole number, and a condition knows no other")),
            Kind::Char { code, .. } => Ok(i64::from(*code)),
            // A name that no macro has is zero, as in C.
            Kind::Word(_) => Ok(0),
            _ => Err("expected a number, a name, 'defined' or '(' in this condition".into()),
        }
    }
}

fn number(text: &str) -> Option<i64> {
    let text = text.trim_end_matches(['u', 'U', 'l', 'L']);
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        i64::from_str_radix(hex, 16).ok()
    } else if text.len() > 1 && text.starts_with('0') {
        i64::from_str_radix(text, 8).ok()
    } else {
        text.parse().ok()
    }
}

fn apply(op: &str, left: i64, right: i64) -> Result<i64, String> {
    let shift = || {
        u32::try_from(right).ok().filter(|n| *n < 64).ok_or("this shift is by less than 0 or more than 63")
    };
    Ok(match op {
        "||" => i64::from(left != 0 || right != 0),
        "&&" => i64::from(left != 0 && right != 0),
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => i64::from(left == right),
        "!=" => i64::from(left != right),
        "<" => i64::from(left < right),
        ">" => i64::from(left > right),
        "<=" => i64::from(left <= right),
        ">=" => i64::from(left >= right),
        "<<" => left << shift()?,
        ">>" => left >> shift()?,
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        "/" | "%" if right == 0 => return Err("this condition divides by zero".into()),
        "/" => left.wrapping_div(right),
        _ => left.wrapping_rem(right),
    })
}
