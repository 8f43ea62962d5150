//! `echo(x)`, which gives back whatever it gets, and `echo.*`, with one typed
//! method for every type of the model: None and the empty map among them.
//!
//! ```
//! use farcall_builtin::{Echo, Mirror};
//!
//! assert_eq!(farcall::block_on(Mirror.optional(None))?, None);
//! # Ok::<(), farcall::Fault>(())
//! ```

use std::collections::BTreeMap;

use bytes::Bytes;
use farcall::{Date, DateTime, Decimal, Duration, Fault, Nillable, Ref, Time, Value, Wire, service};

use crate::FortuneClient;

/// A struct of several types.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "farcall")]
pub struct Structure {
    /// A text.
    pub name: String,
    /// A whole number.
    pub size: i32,
    /// A fraction.
    pub ratio: f64,
    /// Some texts, or none.
    pub tags: Vec<String>,
    /// A text that may be absent.
    pub note: Option<String>,
}

/// One of three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Wire)]
#[wire(scope = "farcall", rename_all = "lowercase")]
pub enum Color {
    /// Like a rose.
    Red,
    /// Like grass.
    Green,
    /// Like the sky.
    Blue,
}

/// One of several, each with what it needs.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "farcall", rename_all = "lowercase")]
pub enum Shape {
    /// No extent.
    Point,
    /// The radius.
    Circle(f64),
    /// The corners.
    Polygon(Vec<Corner>),
}

/// A place in the plane.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "farcall")]
pub struct Corner {
    /// To the right.
    pub x: f64,
    /// Up.
    pub y: f64,
}

/// A type that contains itself.
#[derive(Clone, Debug, PartialEq, Eq, Wire)]
#[wire(scope = "farcall")]
pub struct Tree {
    /// What it is called.
    pub label: String,
    /// What grows from it.
    pub branches: Vec<Self>,
}

/// A member of every scalar type.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "farcall")]
pub struct Scalars {
    /// A truth value.
    pub truth: bool,
    /// Signed, 8 bits.
    pub tiny: i8,
    /// Unsigned, 8 bits.
    pub octet: u8,
    /// Signed, 16 bits.
    pub small: i16,
    /// Unsigned, 16 bits.
    pub usmall: u16,
    /// Signed, 32 bits.
    pub middle: i32,
    /// Unsigned, 32 bits.
    pub umiddle: u32,
    /// Signed, 64 bits.
    pub large: i64,
    /// Unsigned, 64 bits.
    pub ularge: u64,
    /// Binary fraction, 32 bits.
    pub single: f32,
    /// Binary fraction, 64 bits.
    pub double: f64,
    /// Decimal number of any precision.
    pub exact: Decimal,
    /// Text.
    pub text: String,
    /// Octets.
    pub octets: Bytes,
    /// Date and time of day.
    pub moment: DateTime,
    /// Date.
    pub day: Date,
    /// Time of day.
    pub clock: Time,
    /// Length of time.
    pub span: Duration,
    /// One of three.
    pub color: Color,
}

/// Members that are absent, nil, empty or there, each of which means something else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Wire)]
#[wire(scope = "farcall")]
pub struct Sparse {
    /// A text that may be absent, which is not the empty text.
    pub text: Option<String>,
    /// Texts, or none.
    pub texts: Vec<String>,
    /// Texts that may be absent, which is not none of them.
    pub list: Option<Vec<String>>,
    /// Numbers by name, or none.
    pub map: BTreeMap<String, i32>,
    /// A map that may be absent, which is not one without entries.
    pub dictionary: Option<BTreeMap<String, i32>>,
    /// A text that is absent, there, or there and nil.
    pub nil: Nillable<String>,
    /// Texts each of which may be nil.
    pub nils: Vec<Option<String>>,
}

/// Gives back whatever it gets.
#[service(name = "Anything", scope = "farcall")]
pub trait Anything {
    /// The argument, of any type, unchanged.
    #[op(idempotent)]
    async fn echo(&self, x: Value) -> Result<Value, Fault>;
}

macro_rules! echoes {
    ($($(#[doc = $doc:literal])* $name:ident: $ty:ty;)*) => {
        /// A method for every type, each of which gives back what it gets.
        #[service(name = "Echo", scope = "farcall")]
        pub trait Echo {
            /// Takes nothing and gives nothing.
            async fn nothing(&self) -> Result<(), Fault>;

            $($(#[doc = $doc])* async fn $name(&self, x: $ty) -> Result<$ty, Fault>;)*
        }

        impl Echo for Mirror {
            async fn nothing(&self) -> Result<(), Fault> {
                Ok(())
            }

            $(async fn $name(&self, x: $ty) -> Result<$ty, Fault> {
                Ok(x)
            })*
        }
    };
}

/// Gives everything back.
#[derive(Clone, Copy, Debug)]
pub struct Mirror;

impl Anything for Mirror {
    async fn echo(&self, x: Value) -> Result<Value, Fault> {
        Ok(x)
    }
}

echoes! {
    /// A truth value.
    bool: bool;
    /// Signed, 8 bits.
    i8: i8;
    /// Unsigned, 8 bits.
    u8: u8;
    /// Signed, 16 bits.
    i16: i16;
    /// Unsigned, 16 bits.
    u16: u16;
    /// Signed, 32 bits.
    i32: i32;
    /// Unsigned, 32 bits.
    u32: u32;
    /// Signed, 64 bits.
    i64: i64;
    /// Unsigned, 64 bits.
    u64: u64;
    /// Binary fraction, 32 bits.
    f32: f32;
    /// Binary fraction, 64 bits.
    f64: f64;
    /// Decimal number of any precision.
    decimal: Decimal;
    /// One character.
    char: char;
    /// Text.
    string: String;
    /// Octets.
    bytes: Bytes;
    /// Date and time of day.
    datetime: DateTime;
    /// Date.
    date: Date;
    /// Time of day.
    time: Time;
    /// Length of time.
    duration: Duration;
    /// Texts in order, or none.
    list: Vec<String>;
    /// Whole numbers in order, or none.
    numbers: Vec<i32>;
    /// Exactly three whole numbers.
    array: [i32; 3];
    /// Whole numbers by name, or none.
    map: BTreeMap<String, i32>;
    /// Texts by number, or none.
    numbered: BTreeMap<i32, String>;
    /// A text, or its absence.
    optional: Option<String>;
    /// Texts in order, each of which may be absent.
    optionals: Vec<Option<String>>;
    /// A text and a number.
    pair: (String, i32);
    /// An enumeration.
    color: Color;
    /// A union.
    shape: Shape;
    /// A struct.
    structure: Structure;
    /// Structs in order.
    structures: Vec<Structure>;
    /// A member of every scalar type.
    scalars: Scalars;
    /// Members that are absent, nil, empty or there.
    sparse: Sparse;
    /// A type that contains itself.
    tree: Tree;
    /// Whatever it is.
    any: Value;
    /// A reference to an object.
    reference: Ref<FortuneClient>;
}
