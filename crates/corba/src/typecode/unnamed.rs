//! Repository ids of types without a name. GIOP 1.2 wants one for each type,
//! and peers tell types apart by them: it says what the type is made of.

use farcall_model::{StructType, Type};

/// How such ids begin.
pub(super) const PREFIX: &str = "IDL:farcall/unnamed/";

/// So many parts tell types apart; shared ones would otherwise multiply.
const PARTS: usize = 1 << 12;
/// And so deep.
const DEPTH: usize = 64;

/// The id of a type, the same for the same members, as CDR has them.
pub(super) fn id<'a>(kind: &str, members: impl IntoIterator<Item = (&'a str, &'a Type)>) -> String {
    let mut shape = Shape { hash: 0xcbf2_9ce4_8422_2325, left: PARTS };
    for (name, ty) in members {
        shape.text(name);
        shape.ty(ty, 0);
    }
    format!("{PREFIX}{kind}{:016x}:1.0", shape.hash)
}

/// That of a struct.
pub(super) fn of_struct(ty: &StructType) -> String {
    id("struct", ty.fields.iter().map(|field| (&*field.name, field.ty.exact())))
}

/// A number made of texts (FNV-1a).
struct Shape {
    hash: u64,
    left: usize,
}

impl Shape {
    fn text(&mut self, text: &str) {
        for octet in text.bytes().chain([0]) {
            self.hash = (self.hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Types that have one TypeCode are one.
    fn ty(&mut self, ty: &Type, depth: usize) {
        if depth > DEPTH || self.left == 0 {
            return;
        }
        self.left -= 1;
        match ty {
            Type::I8 => self.text("u8"),
            Type::Decimal | Type::DateTime | Type::Date | Type::Time | Type::Duration => self.text("string"),
            Type::Bytes => self.text("sequence u8"),
            Type::Array(_, len) => self.text(&len.to_string()),
            Type::Struct(ty) if ty.name.is_empty() => {
                ty.fields.iter().for_each(|field| self.text(&field.name));
            }
            Type::Sequence(item) if matches!(item.exact(), Type::I8 | Type::U8) => {
                return self.text("sequence u8");
            }
            Type::Sequence(_) => self.text("sequence"),
            Type::Optional(_) | Type::Map(..) | Type::Tuple(_) => self.text("struct"),
            named => return self.text(&named.to_string()),
        }
        for child in ty.children() {
            self.ty(child.exact(), depth + 1);
        }
    }
}
