//! Constants: expressions worked out and fitted to types.

use super::Resolver;
use super::numbers::{Fixed, Value, binary, literal, unary};
use crate::ast::{Definition, Expr, ExprKind, Ident, TypeKind, TypeSpec};
use crate::source::Span;
use crate::spec::{Basic, Const, DeclId, DeclKind, Ty};

impl Resolver<'_> {
    pub(super) fn constant(
        &mut self,
        definition: &Definition,
        spec: &TypeSpec,
        name: &Ident,
        value: &Expr,
    ) -> Option<DeclId> {
        let bare_fixed = matches!(spec.kind, TypeKind::Fixed(None));
        let ty = if bare_fixed { Ty::Fixed { digits: 31, scale: 31 } } else { self.ty(spec)? };
        let value = if bare_fixed { self.any_fixed(value) } else { self.value_of(value, &ty) }?;
        let ty = match &value {
            Const::Fixed(decimal) if bare_fixed => {
                let (whole, fraction) = decimal.as_str().split_once('.').unwrap_or((decimal.as_str(), ""));
                let whole = whole.trim_start_matches(['-', '0']).len();
                let digits = u16::try_from(whole + fraction.len()).unwrap_or(31).max(1);
                Ty::Fixed { digits, scale: u16::try_from(fraction.len()).unwrap_or(31) }
            }
            _ => ty,
        };
        self.declare(name, definition, DeclKind::Const { ty, value })
    }

    fn any_fixed(&mut self, expr: &Expr) -> Option<Const> {
        match self.eval(expr, None)? {
            Value::Fixed(fixed) => fixed.decimal().map(Const::Fixed),
            other => {
                let text = format!("expected a fixed point number such as 1.5d, found {}", other.kind());
                self.diagnostics.error(expr.span, text);
                None
            }
        }
    }

    /// A size: of an array, or a bound.
    pub(super) fn size(&mut self, expr: &Expr, least: u32) -> Option<u32> {
        let value = self.eval(expr, None)?;
        let Value::Integer(n) = value else {
            self.diagnostics.error(expr.span, format!("expected a size, an integer, found {}", value.kind()));
            return None;
        };
        let size = u32::try_from(n).ok().filter(|n| *n >= least);
        if size.is_none() {
            self.diagnostics.error(expr.span, format!("{n} is no size here; it is {least} to {}", u32::MAX));
        }
        size
    }

    /// An expression, fitted to a type.
    pub(super) fn value_of(&mut self, expr: &Expr, ty: &Ty) -> Option<Const> {
        let target = self.spec.unalias(ty).clone();
        let mask = match &target {
            Ty::Basic(basic) => unsigned_mask(*basic),
            _ => None,
        };
        let value = self.eval(expr, mask)?;
        let fitted = self.fit(value, &target, expr.span);
        if let Err(message) = &fitted {
            self.diagnostics.error(expr.span, message.clone());
        }
        fitted.ok()
    }

    fn fit(&self, value: Value, ty: &Ty, _span: Span) -> Result<Const, String> {
        let wanted = |what: &str, value: &Value| Err(format!("expected {what}, found {}", value.kind()));
        match ty {
            Ty::Basic(basic) => fit_basic(value, *basic),
            Ty::String { wide, bound } => match value {
                Value::Text { wide: w, text } if w == *wide => {
                    let length = text.chars().count();
                    match bound {
                        Some(bound) if length > *bound as usize => {
                            Err(format!("this string has {length} characters; the type holds {bound}"))
                        }
                        _ => Ok(Const::Text(text)),
                    }
                }
                other if *wide => wanted("a wide string, L\"…\"", &other),
                other => wanted("a string", &other),
            },
            Ty::Fixed { digits, scale } => match value {
                Value::Fixed(Fixed { mantissa, scale: has }) => {
                    let kept = if has > u32::from(*scale) {
                        mantissa / 10_i128.pow(has - u32::from(*scale))
                    } else {
                        mantissa
                    };
                    let whole = kept.unsigned_abs() / 10_u128.pow(has.min(u32::from(*scale)));
                    if whole >= 10_u128.pow(u32::from(digits - scale)) {
                        return Err(format!("this does not fit fixed<{digits}, {scale}>"));
                    }
                    let fixed = Fixed { mantissa: kept, scale: has.min(u32::from(*scale)) };
                    fixed.decimal().map(Const::Fixed).ok_or_else(|| "this is no fixed point number".into())
                }
                other => wanted("a fixed point number such as 1.5d", &other),
            },
            Ty::Named(id) => match (&self.decl(*id).kind, value) {
                (DeclKind::Enum { .. }, Value::Enum(name)) => match self.decl(name).kind {
                    DeclKind::Enumerator { of, .. } if of == *id => Ok(Const::Enum(name)),
                    _ => Err(format!(
                        "'{}' is not of the enumeration '{}'",
                        self.decl(name).name,
                        self.decl(*id).name
                    )),
                },
                (DeclKind::Enum { .. }, other) => wanted("a name of the enumeration", &other),
                _ => Err("constants are numbers, characters, strings, booleans and enumerations".into()),
            },
            _ => Err("constants are numbers, characters, strings, booleans and enumerations".into()),
        }
    }

    /// What an expression is worth; `mask` as for [`unary`].
    fn eval(&mut self, expr: &Expr, mask: Option<i128>) -> Option<Value> {
        let value = match &expr.kind {
            ExprKind::Number(text) => literal(text),
            ExprKind::Char { wide, code } => Ok(Value::Char { wide: *wide, code: *code }),
            ExprKind::Text { wide, text } => Ok(Value::Text { wide: *wide, text: text.clone() }),
            ExprKind::Bool(value) => Ok(Value::Bool(*value)),
            ExprKind::Name(name) => {
                let id = self.lookup(name)?;
                return self.constant_value(id, expr.span);
            }
            ExprKind::Unary(op, inner) => {
                let inner = self.eval(inner, mask)?;
                unary(op, inner, mask)
            }
            ExprKind::Chain(first, rest) => {
                let mut value = self.eval(first, mask);
                for (op, right) in rest {
                    let right = self.eval(right, mask)?;
                    match binary(op, value?, right) {
                        Ok(next) => value = Some(next),
                        Err(message) => {
                            self.diagnostics.error(expr.span, message);
                            return None;
                        }
                    }
                }
                return value;
            }
        };
        value.map_err(|message| self.diagnostics.error(expr.span, message)).ok()
    }

    fn constant_value(&mut self, id: DeclId, span: Span) -> Option<Value> {
        let wide_text = |ty: &Ty| matches!(ty, Ty::String { wide: true, .. });
        let wide_char = |ty: &Ty| matches!(ty, Ty::Basic(Basic::WChar));
        match &self.decl(id).kind {
            DeclKind::Enumerator { .. } => Some(Value::Enum(id)),
            DeclKind::Const { ty, value } => {
                let ty = self.spec.unalias(ty);
                Some(match value {
                    Const::Integer(n) => Value::Integer(*n),
                    Const::Float(n) => Value::Float(*n),
                    Const::Fixed(n) => Value::Fixed(Fixed::from_decimal(n)?),
                    Const::Bool(b) => Value::Bool(*b),
                    Const::Char(code) => Value::Char { wide: wide_char(ty), code: *code },
                    Const::Text(text) => Value::Text { wide: wide_text(ty), text: text.clone() },
                    Const::Enum(name) => Value::Enum(*name),
                })
            }
            _ => {
                let decl = self.decl(id);
                let text = format!("expected a constant; '{}' is {}", decl.scoped_name, self.what(id));
                let at = decl.span;
                self.diagnostics.error_with(span, text, at, "declared here");
                None
            }
        }
    }

    /// The value of an annotation's parameter; a name that is none of IDL's is text.
    pub(super) fn annotation_value(&mut self, expr: &Expr) -> Const {
        if self.has_unknown(expr) {
            return Const::Text(shown(expr));
        }
        match self.eval(expr, None) {
            Some(Value::Integer(n)) => Const::Integer(n),
            Some(Value::Float(n)) => Const::Float(n),
            Some(Value::Fixed(n)) => n.decimal().map_or(Const::Integer(0), Const::Fixed),
            Some(Value::Bool(b)) => Const::Bool(b),
            Some(Value::Char { code, .. }) => Const::Char(code),
            Some(Value::Text { text, .. }) => Const::Text(text),
            Some(Value::Enum(id)) => Const::Enum(id),
            None => Const::Text(String::new()),
        }
    }

    /// True if a name in it is of nothing that is declared, as what annotations say often is.
    fn has_unknown(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Name(name) => name.parts.first().is_none_or(|part| !self.is_visible(&part.name)),
            ExprKind::Unary(_, inner) => self.has_unknown(inner),
            ExprKind::Chain(first, rest) => {
                self.has_unknown(first) || rest.iter().any(|(_, next)| self.has_unknown(next))
            }
            _ => false,
        }
    }
}

/// An expression as text.
fn shown(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Name(name) => {
            name.parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>().join("::")
        }
        ExprKind::Number(text) | ExprKind::Text { text, .. } => text.clone(),
        ExprKind::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        ExprKind::Char { code, .. } => char::from_u32(*code).map(String::from).unwrap_or_default(),
        ExprKind::Unary(op, inner) => format!("{op}{}", shown(inner)),
        ExprKind::Chain(first, rest) => {
            rest.iter().fold(shown(first), |out, (op, next)| format!("{out} {op} {}", shown(next)))
        }
    }
}

fn unsigned_mask(basic: Basic) -> Option<i128> {
    match range(basic) {
        Some((0, most)) => Some(most),
        _ => None,
    }
}

/// The least and the greatest value of an integer type.
pub(super) fn range(basic: Basic) -> Option<(i128, i128)> {
    Some(match basic {
        Basic::Octet | Basic::UInt8 => (0, 0xff),
        Basic::Int8 => (i8::MIN.into(), i8::MAX.into()),
        Basic::Short => (i16::MIN.into(), i16::MAX.into()),
        Basic::UShort => (0, u16::MAX.into()),
        Basic::Long => (i32::MIN.into(), i32::MAX.into()),
        Basic::ULong => (0, u32::MAX.into()),
        Basic::LongLong => (i64::MIN.into(), i64::MAX.into()),
        Basic::ULongLong => (0, u64::MAX.into()),
        _ => return None,
    })
}

fn fit_basic(value: Value, basic: Basic) -> Result<Const, String> {
    let wanted = |what: &str, value: &Value| Err(format!("expected {what}, found {}", value.kind()));
    if let Some((least, most)) = range(basic) {
        return match value {
            Value::Integer(n) if n >= least && n <= most => Ok(Const::Integer(n)),
            Value::Integer(n) => Err(format!("{n} is out of the range of '{basic}', {least} to {most}")),
            other => wanted(&format!("an integer for '{basic}'"), &other),
        };
    }
    match (basic, value) {
        (Basic::Boolean, Value::Bool(b)) => Ok(Const::Bool(b)),
        (Basic::Boolean, other) => wanted("TRUE or FALSE", &other),
        (Basic::Char, Value::Char { wide: false, code }) => Ok(Const::Char(code)),
        (Basic::Char, other) => wanted("a character", &other),
        (Basic::WChar, Value::Char { wide: true, code }) => Ok(Const::Char(code)),
        (Basic::WChar, other) => wanted("a wide character, L'…'", &other),
        (Basic::Float | Basic::Double | Basic::LongDouble, value) => {
            #[allow(clippy::cast_precision_loss)]
            let n = match value {
                Value::Float(n) => n,
                Value::Integer(n) => n as f64,
                other => return wanted("a floating point number", &other),
            };
            if basic == Basic::Float && n.abs() > f64::from(f32::MAX) {
                return Err(format!("{n} is out of the range of 'float'"));
            }
            Ok(Const::Float(n))
        }
        _ => Err("constants are numbers, characters, strings, booleans and enumerations".into()),
    }
}
