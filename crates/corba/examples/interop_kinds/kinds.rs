//! The types and interfaces of `kinds.idl`.

use std::sync::Arc;

use bytes::Bytes;
use farcall_macros::{Exception, Wire, service};
use farcall_model::{LongDouble, ObjectRef, Value};
use farcall_wire::{CallError, Context, Fault, Fixed, Ref, TypeCode, Wide};

#[derive(Clone, Copy, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", rename_all = "lowercase")]
pub(crate) enum Color {
    Red,
    Green,
    Blue,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds")]
pub(crate) struct Basic {
    pub(crate) flag: bool,
    pub(crate) small: u8,
    pub(crate) letter: char,
    pub(crate) s: i16,
    pub(crate) us: u16,
    pub(crate) l: i32,
    pub(crate) ul: u32,
    pub(crate) ll: i64,
    pub(crate) ull: u64,
    pub(crate) f: f32,
    pub(crate) d: f64,
    pub(crate) text: String,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds")]
pub(crate) struct Nested {
    pub(crate) inner: Basic,
    pub(crate) hue: Color,
    pub(crate) data: Bytes,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds")]
pub(crate) struct Tree {
    pub(crate) label: String,
    pub(crate) branches: Vec<Self>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", rename_all = "lowercase")]
pub(crate) enum ByLong {
    #[wire(label(1, 2))]
    Number(i32),
    #[wire(label = -5)]
    Text(String),
    #[wire(default)]
    Hue(Color),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", rename_all = "lowercase", discriminator = "bool")]
pub(crate) enum ByBoolean {
    #[wire(label = 1)]
    Yes(String),
    #[wire(label = 0)]
    No(i32),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", rename_all = "lowercase", discriminator = "char")]
pub(crate) enum ByChar {
    #[wire(label = 97)]
    Number(i32),
    #[wire(label = 98)]
    Whole(Box<Basic>),
    /// What IDL leaves unsaid: any other character, and nothing.
    #[wire(default)]
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", rename_all = "lowercase", discriminator = "Color")]
pub(crate) enum ByColor {
    Data(Bytes),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", rename_all = "lowercase", discriminator = "u64")]
pub(crate) enum ByLongLong {
    #[wire(label = 9_000_000_000)]
    Real(f64),
    #[wire(default)]
    Grown(Tree),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value)]
pub(crate) struct Node {
    pub(crate) label: String,
    pub(crate) left: Option<Arc<Self>>,
    pub(crate) right: Option<Arc<Self>>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value)]
pub(crate) struct Named {
    pub(crate) name: String,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value = "truncatable", bases("IDL:kinds/Named:1.0"))]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) age: i32,
    pub(crate) friend: Option<Arc<AnyNamed>>,
}

/// What may stand where a Named is declared.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", name = "Named", value)]
pub(crate) enum AnyNamed {
    Named(Named),
    Person(Person),
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value = "boxed")]
pub(crate) struct Boxed {
    pub(crate) value: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value)]
pub(crate) struct Square {
    pub(crate) side: f64,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value)]
pub(crate) struct Group {
    pub(crate) parts: Vec<AnyShape>,
}

/// The value types that support Shape.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "kinds", value)]
pub(crate) enum ShapeValue {
    Square(Square),
    Group(Group),
}

/// What may stand where a Shape, which is abstract, is declared.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(
    crate = "crate::farcall",
    scope = "kinds",
    name = "Shape",
    id = "IDL:kinds/Shape:1.0",
    rename_all = "lowercase",
    discriminator = "bool"
)]
pub(crate) enum AnyShape {
    Value(Option<Arc<ShapeValue>>),
    Object(Ref<ShapeClient>),
}

#[service(crate = "crate::farcall", name = "Shape", scope = "kinds", id = "IDL:kinds/Shape:1.0")]
pub(crate) trait Shape {
    async fn area(&self) -> Result<f64, Fault>;
}

/// It is refused.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall", code = 1, scope = "kinds", message = "refused: {why}")]
pub(crate) struct Refused {
    pub(crate) code: i32,
    pub(crate) why: String,
    pub(crate) hue: Color,
}

/// Nothing is said of it.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall", code = 2, scope = "kinds", message = "bare")]
pub(crate) struct Bare;

/// What `refuse` raises.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall")]
pub(crate) enum Refusal {
    Refused(Refused),
    Bare(Bare),
}

#[service(
    crate = "crate::farcall",
    name = "Echo",
    scope = "kinds",
    bases("IDL:kinds/Base:1.0", "IDL:kinds/Counter:1.0", "IDL:kinds/Shape:1.0")
)]
pub(crate) trait Echo {
    #[op(name = "_get_name")]
    async fn name(&self) -> Result<String, Fault>;
    async fn twice(&self, x: i32) -> Result<i32, Fault>;
    #[op(name = "_get_count")]
    async fn count(&self) -> Result<i32, Fault>;
    #[op(name = "_set_count")]
    async fn set_count(&self, count: i32) -> Result<(), Fault>;
    #[op(oneway)]
    async fn bump(&self, by: i32) -> Result<(), Fault>;
    async fn area(&self) -> Result<f64, Fault>;
    async fn echo_boolean(&self, x: bool) -> Result<bool, Fault>;
    async fn echo_octet(&self, x: u8) -> Result<u8, Fault>;
    async fn echo_char(&self, x: char) -> Result<char, Fault>;
    async fn echo_short(&self, x: i16) -> Result<i16, Fault>;
    async fn echo_ushort(&self, x: u16) -> Result<u16, Fault>;
    async fn echo_long(&self, x: i32) -> Result<i32, Fault>;
    async fn echo_ulong(&self, x: u32) -> Result<u32, Fault>;
    async fn echo_longlong(&self, x: i64) -> Result<i64, Fault>;
    async fn echo_ulonglong(&self, x: u64) -> Result<u64, Fault>;
    async fn echo_float(&self, x: f32) -> Result<f32, Fault>;
    async fn echo_double(&self, x: f64) -> Result<f64, Fault>;
    async fn echo_longdouble(&self, x: LongDouble) -> Result<LongDouble, Fault>;
    async fn echo_string(&self, x: String) -> Result<String, Fault>;
    async fn echo_wchar(&self, x: Wide<char>) -> Result<Wide<char>, Fault>;
    async fn echo_wstring(&self, x: Wide<String>) -> Result<Wide<String>, Fault>;
    async fn echo_widenames(&self, x: Vec<Wide<String>>) -> Result<Vec<Wide<String>>, Fault>;
    async fn echo_tenchars(&self, x: String) -> Result<String, Fault>;
    async fn echo_price(&self, x: Fixed<5, 2>) -> Result<Fixed<5, 2>, Fault>;
    async fn echo_even(&self, x: Fixed<4, 0>) -> Result<Fixed<4, 0>, Fault>;
    async fn echo_octets(&self, x: Bytes) -> Result<Bytes, Fault>;
    async fn echo_doubles(&self, x: Vec<f64>) -> Result<Vec<f64>, Fault>;
    async fn echo_uptofive(&self, x: Vec<i32>) -> Result<Vec<i32>, Fault>;
    async fn echo_jagged(&self, x: Vec<Vec<i32>>) -> Result<Vec<Vec<i32>>, Fault>;
    async fn echo_matrix(&self, x: [[f64; 3]; 2]) -> Result<[[f64; 3]; 2], Fault>;
    async fn echo_names(&self, x: [String; 2]) -> Result<[String; 2], Fault>;
    async fn echo_color(&self, x: Color) -> Result<Color, Fault>;
    async fn echo_basic(&self, x: Basic) -> Result<Basic, Fault>;
    async fn echo_nesteds(&self, x: Vec<Nested>) -> Result<Vec<Nested>, Fault>;
    async fn echo_tree(&self, x: Tree) -> Result<Tree, Fault>;
    async fn echo_bylong(&self, x: ByLong) -> Result<ByLong, Fault>;
    async fn echo_byboolean(&self, x: ByBoolean) -> Result<ByBoolean, Fault>;
    async fn echo_bychar(&self, x: ByChar) -> Result<ByChar, Fault>;
    async fn echo_bycolor(&self, x: ByColor) -> Result<ByColor, Fault>;
    async fn echo_bylonglong(&self, x: ByLongLong) -> Result<ByLongLong, Fault>;
    async fn echo_any(&self, x: Value) -> Result<Value, Fault>;
    async fn echo_anys(&self, x: Vec<Value>) -> Result<Vec<Value>, Fault>;
    async fn echo_typecode(&self, x: TypeCode) -> Result<TypeCode, Fault>;
    async fn echo_object(&self, x: ObjectRef) -> Result<ObjectRef, Fault>;
    async fn echo_base(&self, x: Ref<EchoClient>) -> Result<Ref<EchoClient>, Fault>;
    async fn echo_node(&self, x: Option<Arc<Node>>) -> Result<Option<Arc<Node>>, Fault>;
    async fn echo_named(&self, x: Option<Arc<AnyNamed>>) -> Result<Option<Arc<AnyNamed>>, Fault>;
    async fn echo_boxed(&self, x: Option<Boxed>) -> Result<Option<Boxed>, Fault>;
    async fn echo_shape(&self, x: AnyShape) -> Result<AnyShape, Fault>;
    async fn echo_shapes(&self, x: Vec<AnyShape>) -> Result<Vec<AnyShape>, Fault>;
    async fn same(&self, a: Option<Arc<Node>>, b: Option<Arc<Node>>) -> Result<bool, Fault>;
    async fn measured(&self, x: Named) -> Result<i32, Fault>;
    #[op(out(text, hue, data))]
    async fn mixed(&self, a: i32, text: String) -> Result<(i32, String, Color, Bytes), Fault>;
    #[op(out(a, b))]
    async fn nothing_but_outs(&self) -> Result<(i32, f64), Fault>;
    async fn refuse(&self, code: i32) -> Result<(), CallError<Refusal>>;
    async fn forbid(&self) -> Result<(), Fault>;
    async fn slow(&self, ms: u32) -> Result<(), Fault>;
    #[op(context("lang", "user.*"))]
    async fn with_words(&self, cx: &Context, x: String) -> Result<String, Fault>;
}
