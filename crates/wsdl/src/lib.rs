//! WSDL 1.1 and XML Schema 1.0: read into the interface model, and the interface model written as a
//! description that any SOAP stack reads.
//!
//! * [`load_file`], [`load`] and [`load_str`] read a description and what it imports into
//!   [`Definitions`]; a [`resolver`] says from where.
//! * [`schema`] has what the model has no word for.
//! * [`emit()`] writes an [`Interface`](farcall_model::Interface) as WSDL, document/literal wrapped,
//!   to the rules of the WS-I Basic Profile.
//! * [`lint`] says where a description leaves the WS-I Basic Profile.
//! * [`mapping`] says how each type of the model stands in XML; codecs follow the same rules.
//!
//! ```
//! use farcall_model::{Interface, Operation, Type};
//! use farcall_wsdl::{EmitOptions, emit};
//!
//! let fortune = Interface::new("Fortune")
//!     .with_operation(Operation::new("get_cookie").with_result(Type::String.into()));
//! let options = EmitOptions::new("urn:fortune", "fortune", "http://127.0.0.1:2809/fortune");
//! assert!(emit(&fortune, &options)?.contains("<wsdl:operation name=\"get_cookie\">"));
//! # Ok::<(), farcall_wsdl::EmitError>(())
//! ```

mod convert;
mod definitions;
mod diagnostic;
mod dom;
pub mod emit;
pub mod lint;
mod load;
pub mod mapping;
mod name;
pub mod resolver;
pub mod schema;

pub use definitions::{
    Binding, BoundFault, BoundMessage, BoundOperation, Definitions, Header, Part, Port, Protocol, Service,
    Style, Use,
};
pub use diagnostic::{Diagnostic, LoadError, Severity};
pub use emit::{EmitError, EmitOptions, emit};
pub use load::{LoadOptions, load, load_bytes, load_file, load_str};
pub use name::QName;
