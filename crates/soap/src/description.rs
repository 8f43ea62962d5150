//! [`Description`]: what a WSDL says of a service, as clients and servers here follow it.
//!
//! ```
//! use farcall_soap::Description;
//! use farcall_wsdl::{LoadOptions, load_str};
//!
//! let wsdl = "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' xmlns:t='urn:t' targetNamespace='urn:t'
//!     xmlns:soap='http://schemas.xmlsoap.org/wsdl/soap/' xmlns:x='http://www.w3.org/2001/XMLSchema'>
//!   <message name='In'><part name='n' type='x:int'/></message>
//!   <portType name='P'><operation name='note'><input message='t:In'/></operation></portType>
//!   <binding name='B' type='t:P'>
//!     <soap:binding style='rpc' transport='http://schemas.xmlsoap.org/soap/http'/>
//!     <operation name='note'><soap:operation soapAction='urn:t#note'/>
//!       <input><soap:body use='literal' namespace='urn:rpc'/></input></operation>
//!   </binding>
//!   <service name='S'><port name='A' binding='t:B'><soap:address location='http://h/s'/></port></service>
//! </definitions>";
//! let definitions = load_str(wsdl, "s.wsdl", &LoadOptions::default())?;
//! let description = Description::of(&definitions, None)?;
//! assert_eq!(description.address(), "http://h/s");
//! let note = description.interface().operation("note").unwrap().xml.as_ref().unwrap();
//! assert_eq!(note.request.wrapper.as_ref().unwrap().namespace.as_deref(), Some("urn:rpc"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use farcall_model::{Interface, TypeRef};
use farcall_wire::{Fault, FaultKind};
use farcall_wsdl::{Binding, Definitions, Port, Protocol, QName};

use crate::Version;

/// What a WSDL says of a service: what can be called, how it stands in messages, and where.
#[derive(Clone, Debug)]
pub struct Description {
    interface: Interface,
    address: String,
    version: Version,
    wsdl: Option<String>,
    /// All types that it declares, also those that no operation has.
    types: Vec<(QName, TypeRef)>,
}

impl Description {
    /// That of the port of that name, or of the first that speaks SOAP, 1.1 before 1.2; without any
    /// port that of the first such binding.
    ///
    /// # Errors
    /// [`FaultKind::InvalidParameters`] if there is none, naming those that there are.
    pub fn of(definitions: &Definitions, port: Option<&str>) -> Result<Self, Fault> {
        let ports: Vec<(&Port, &Binding)> = definitions
            .ports()
            .map(|(_, port, binding)| (port, binding))
            .filter(|(_, binding)| version_of(binding).is_some())
            .collect();
        let types = || definitions.types.iter().map(|(name, ty)| (name.clone(), ty.clone())).collect();
        let of_version = |version| ports.iter().find(|(_, binding)| version_of(binding) == Some(version));
        let found = match port {
            Some(name) => ports.iter().find(|(port, _)| port.name == name),
            None => of_version(Version::V11).or_else(|| of_version(Version::V12)),
        };
        if let Some((port, binding)) = found {
            let mut description = Self::of_binding(binding);
            description.types = types();
            description.address = port.location.trim().to_owned();
            return Ok(description);
        }
        let unplaced = definitions.bindings.iter().find(|binding| version_of(binding).is_some());
        match unplaced.filter(|_| port.is_none()) {
            Some(binding) => Ok(Self { types: types(), ..Self::of_binding(binding) }),
            None => {
                let names: Vec<&str> = ports.iter().map(|(port, _)| port.name.as_str()).collect();
                let wanted = port.map_or_else(String::new, |name| format!(" called '{name}'"));
                let message = format!(
                    "the WSDL has no port for SOAP{wanted}; it has: {}",
                    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
                );
                Err(Fault::new(FaultKind::InvalidParameters, message))
            }
        }
    }

    /// That of a binding, which is at no address yet.
    #[must_use]
    pub fn of_binding(binding: &Binding) -> Self {
        let version = version_of(binding).unwrap_or_default();
        let interface = binding.interface.clone();
        Self { interface, address: String::new(), version, wsdl: None, types: Vec::new() }
    }

    /// Adds the WSDL itself, which a server then gives to those who ask, with its own address in it.
    #[must_use]
    pub fn with_wsdl(mut self, text: impl Into<String>) -> Self {
        self.wsdl = Some(text.into());
        self
    }

    /// What can be called; each operation says how it stands in messages.
    #[must_use]
    pub fn interface(&self) -> &Interface {
        &self.interface
    }

    /// The types that the WSDL declares.
    pub(crate) fn types(&self) -> &[(QName, TypeRef)] {
        &self.types
    }

    /// The URL of the port; empty if none is given.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The version of SOAP that the binding is for.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The WSDL with another address for the port.
    pub(crate) fn wsdl_at(&self, address: &str) -> Option<String> {
        let wsdl = self.wsdl.as_deref()?;
        let mut escaped = Vec::new();
        // a URL with a character that XML has not is left as it is
        farcall_xml::escape_attribute(&mut escaped, address).ok()?;
        let escaped = String::from_utf8_lossy(&escaped);
        let mut out = wsdl.to_owned();
        for quote in ['"', '\''] {
            let location = format!("location={quote}{}{quote}", self.address);
            out = out.replace(&location, &format!("location={quote}{escaped}{quote}"));
        }
        Some(out)
    }
}

/// The version of SOAP that a binding is for; None for another protocol.
fn version_of(binding: &Binding) -> Option<Version> {
    match binding.protocol {
        Protocol::Soap11 => Some(Version::V11),
        Protocol::Soap12 => Some(Version::V12),
        _ => None,
    }
}
