//! Constant expressions.

use super::{Parsed, Parser};
use crate::ast::{Expr, ExprKind};
use crate::lexer::Kind;

/// Operators from those that bind least.
const LEVELS: &[&[&str]] = &[&["|"], &["^"], &["&"], &["<<", ">>"], &["+", "-"], &["*", "/", "%"]];

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> Parsed<Expr> {
        self.deeper(|p| p.level(0))
    }

    fn level(&mut self, level: usize) -> Parsed<Expr> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let start = self.span();
        let first = self.level(level + 1)?;
        let mut rest = Vec::new();
        while let Kind::Punct(op) = self.token().kind {
            if !operators.contains(&op) {
                break;
            }
            // In `sequence<T, 2>>` the `>>` closes two brackets, as in `sequence<string<2>> name`.
            let operand = matches!(
                self.ahead(1).kind,
                Kind::Number(_)
                    | Kind::Word(_)
                    | Kind::Punct("(" | "-" | "+" | "~" | "::")
                    | Kind::Char { .. }
            );
            let name = matches!(self.ahead(1).kind, Kind::Word(_));
            if op == ">>" && (!operand || (name && self.angles > 1)) {
                break;
            }
            self.bump();
            rest.push((op, self.level(level + 1)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Expr { kind: ExprKind::Chain(Box::new(first), rest), span: self.since(start) })
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let kind = match &self.token().kind {
            Kind::Punct(op @ ("-" | "+" | "~")) => {
                let op = *op;
                self.bump();
                ExprKind::Unary(op, Box::new(self.deeper(Self::unary)?))
            }
            Kind::Punct("(") => {
                self.bump();
                let angles = std::mem::take(&mut self.angles);
                let inner = self.expr();
                self.angles = angles;
                let inner = inner?;
                self.want(")")?;
                return Ok(Expr { span: self.since(start), ..inner });
            }
            Kind::Number(text) => {
                let text = text.to_string();
                self.bump();
                ExprKind::Number(text)
            }
            Kind::Char { wide, code } => {
                let (wide, code) = (*wide, *code);
                self.bump();
                ExprKind::Char { wide, code }
            }
            Kind::Text { wide, text } => {
                let (wide, mut whole) = (*wide, text.to_string());
                self.bump();
                while let Kind::Text { wide: w, text } = &self.token().kind {
                    if *w != wide {
                        break;
                    }
                    whole.push_str(text);
                    self.bump();
                }
                ExprKind::Text { wide, text: whole }
            }
            Kind::Word(word) if matches!(&**word, "TRUE" | "FALSE") => {
                let value = &**word == "TRUE";
                self.bump();
                ExprKind::Bool(value)
            }
            Kind::Word(_) | Kind::Punct("::") => ExprKind::Name(self.scoped_name()?),
            _ => return Err(self.expected("a constant expression")),
        };
        Ok(Expr { kind, span: self.since(start) })
    }
}
