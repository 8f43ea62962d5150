//! From a loaded WSDL to code: which interfaces, which types, and what is left out.

use std::collections::HashSet;

use farcall_codegen::{Files, Generator, Options};
use farcall_model::{Interface, Operation};
use farcall_wsdl::Definitions;

/// As many parameters as an operation has in Rust, either way.
const MOST_PARAMS: usize = 40;

/// Why there is no code for a WSDL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WsdlError {
    /// An operation was asked for that there is not.
    #[error("there is no operation {0}")]
    NoSuchOperation(String),
    /// Something has no counterpart in Rust.
    #[error(transparent)]
    Generate(#[from] farcall_codegen::Error),
}

/// Rust for the interfaces of a WSDL, as its bindings to SOAP have them, and for the types of their
/// headers; for all types if there is no interface. Of operations it may be these `only`.
///
/// What was left out in loading stands at the top of the first file.
///
/// # Errors
/// [`WsdlError`].
pub fn wsdl_files(definitions: &Definitions, only: &[String], options: Options) -> Result<Files, WsdlError> {
    let mut notes: Vec<String> = definitions.errors().map(ToString::to_string).collect();
    let mut interfaces: Vec<Interface> = definitions.interfaces().into_iter().cloned().collect();
    let mut missing: HashSet<&str> = only.iter().map(String::as_str).collect();
    for interface in &mut interfaces {
        interface.operations.retain(|operation| {
            let found = missing.remove(&*operation.name) || only.iter().any(|name| *name == operation.name);
            (only.is_empty() || found) && fits(operation, &mut notes)
        });
    }
    if let Some(name) = only.iter().find(|name| missing.contains(name.as_str())) {
        return Err(WsdlError::NoSuchOperation(name.clone()));
    }
    interfaces.retain(|interface| !interface.operations.is_empty());
    // headers are named where the interfaces say how they stand in messages
    let types = if only.is_empty() { definitions.generated_types() } else { Vec::new() };
    let headers = interfaces.iter().flat_map(|interface| &interface.operations);
    let headers = headers.filter_map(|operation| operation.xml.as_deref());
    let headers = headers.flat_map(|xml| xml.request.headers.iter().chain(&xml.response.headers));
    let headers: Vec<_> = headers.map(|field| field.ty.clone()).collect();
    let generator = Generator::new(options).interfaces(&interfaces).types(types).types(&headers);
    Ok(generator.left_out(notes.iter().map(String::as_str)).files()?)
}

/// Whether Rust has a tuple for the parameters of an operation.
fn fits(operation: &Operation, notes: &mut Vec<String>) -> bool {
    let most = operation.params.len().max(operation.outs.len() + 1);
    if most > MOST_PARAMS {
        notes.push(format!("operation {}: {most} parameters are more than {MOST_PARAMS}", operation.name));
    }
    most <= MOST_PARAMS
}
