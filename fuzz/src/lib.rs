//! Fuzz targets: one function a decoder, which takes any octets and panics if farcall breaks a
//! promise about them.
//!
//! `cargo xtask fuzz` runs them on stable Rust, `cargo fuzz` on nightly; `README.md` says how.
//!
//! ```
//! farcall_fuzz::xml_reader(b"<a>&#x1D11E;</a");
//! ```

mod corba;
mod http;
mod idl;
mod mutate;
mod soap;
mod texts;
mod wsdl;
mod xml;
mod xmlrpc;

pub use corba::{cdr_types, cdr_value, giop_peer, giop_stream, ior_text, sas_context};
pub use http::http_body;
pub use idl::idl_text;
pub use mutate::{Mutator, Random};
pub use soap::{soap_envelope, soap_header, soap_mime};
pub use texts::{json, model_texts};
pub use wsdl::wsdl_load;
pub use xml::xml_reader;
pub use xmlrpc::{xmlrpc_message, xmlrpc_value};

/// A target: what it is called, what it does, and words that its mutations draw on.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of its corpus as well.
    pub name: &'static str,
    /// Takes any octets; panics on what must not be.
    pub run: fn(&[u8]),
    /// Words that are worth inserting.
    pub words: &'static [&'static str],
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "xml_reader", run: xml_reader, words: xml::WORDS },
    Target { name: "xmlrpc_value", run: xmlrpc_value, words: xmlrpc::WORDS },
    Target { name: "xmlrpc_message", run: xmlrpc_message, words: xmlrpc::WORDS },
    Target { name: "http_body", run: http_body, words: xmlrpc::WORDS },
    Target { name: "model_texts", run: model_texts, words: texts::TIME_WORDS },
    Target { name: "json", run: json, words: texts::JSON_WORDS },
    Target { name: "cdr_value", run: cdr_value, words: corba::WORDS },
    Target { name: "giop_stream", run: giop_stream, words: corba::WORDS },
    Target { name: "cdr_types", run: cdr_types, words: corba::WORDS },
    Target { name: "giop_peer", run: giop_peer, words: &[] },
    Target { name: "idl_text", run: idl_text, words: idl::WORDS },
    Target { name: "sas_context", run: sas_context, words: corba::WORDS },
    Target { name: "ior_text", run: ior_text, words: corba::URL_WORDS },
    Target { name: "soap_envelope", run: soap_envelope, words: soap::WORDS },
    Target { name: "soap_mime", run: soap_mime, words: soap::MIME_WORDS },
    Target { name: "soap_header", run: soap_header, words: soap::SECURITY_WORDS },
    Target { name: "wsdl_load", run: wsdl_load, words: wsdl::WORDS },
];
