//! The interface model of farcall: what every description language is read
//! into, and every protocol is served from.
//!
//! * [`Type`] and its parts describe what values look like, on any wire.
//! * [`Interface`] and [`Operation`] describe what can be called.
//! * [`Value`] holds data whose type is known at run time only.
//!
//! Nothing here does I/O or knows a protocol.
//!
//! ```
//! use farcall_model::{Interface, Operation, Type, TypeRef};
//!
//! let fortune = Interface::new("fortune")
//!     .with_operation(Operation::new("get_cookie").with_result(TypeRef::from(Type::String)));
//! assert!(fortune.operation("get_cookie").is_some());
//! ```

mod decimal;
mod declaration;
mod interface;
mod long_double;
mod path;
mod time;
mod types;
mod value;
mod valuetype;
mod xml;

pub use decimal::{Decimal, InvalidDecimal};
pub use declaration::{Alias, Constant};
pub use interface::{Direction, ExceptionType, Interface, Operation, Param};
pub use long_double::{InvalidLongDouble, LongDouble};
pub use time::{Date, DateTime, Duration, InvalidTime, Time};
pub use types::{
    AliasType, Case, EnumMember, EnumType, Field, Knot, ObjectType, StructType, Text, Type, TypeRef,
    UnionType, XmlKind, XmlName,
};
pub use value::{Any, ObjectRef, Record, Value};
pub use valuetype::{ValueKind, ValueType};
pub use xml::{XmlMessage, XmlOperation};
