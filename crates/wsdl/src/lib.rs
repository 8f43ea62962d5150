//! WSDL 1.1 and XML Schema 1.0: the interface model written as a description that any SOAP stack
//! reads.
//!
//! * [`emit()`] writes an [`Interface`](farcall_model::Interface) as WSDL, document/literal wrapped,
//!   to the rules of the WS-I Basic Profile.
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

pub mod emit;
pub mod mapping;

pub use emit::{EmitError, EmitOptions, emit};
