//! Messages of operations, as the protocols' own clients and servers write them from sample values.

use std::sync::Arc;

use bytes::Bytes;
use farcall_model::{Interface, Operation};
use farcall_net::HttpProtocol;
use farcall_wire::{Context, Dynamic, DynamicService, Fault, Incoming};
use http::request::Parts;

use super::{Example, indent, sample};

/// A service that answers with samples, behind every protocol whose messages are text.
pub(super) struct Examples {
    #[cfg(feature = "soap")]
    soap: farcall_soap::SoapServer,
    #[cfg(feature = "xmlrpc")]
    xmlrpc: farcall_xmlrpc::XmlRpcServer,
    name: String,
    #[cfg(feature = "soap")]
    interface: Interface,
}

impl Examples {
    pub(super) fn of(name: &str, interface: &Interface) -> Self {
        let outcomes = interface.clone();
        let service = Arc::new(DynamicService::new(interface.clone(), move |call: Incoming| {
            let value = outcomes.operation(&call.operation).map(sample::outcome).unwrap_or_default();
            std::future::ready(Ok::<_, Fault>(value))
        }));
        Self {
            #[cfg(feature = "soap")]
            soap: farcall_soap::SoapServer::new().with_service(name, Arc::clone(&service) as _),
            #[cfg(feature = "xmlrpc")]
            xmlrpc: farcall_xmlrpc::XmlRpcServer::new().with_service(name, service),
            name: name.to_owned(),
            #[cfg(feature = "soap")]
            interface: interface.clone(),
        }
    }

    /// The messages of one operation. A protocol that cannot say its values has none.
    pub(super) async fn messages(&self, operation: &Operation) -> Vec<Example> {
        let mut examples = Vec::new();
        #[cfg(feature = "soap")]
        for (protocol, version) in
            [("SOAP 1.1", farcall_soap::Version::V11), ("SOAP 1.2", farcall_soap::Version::V12)]
        {
            examples.extend(self.soap(operation, protocol, version).await);
        }
        #[cfg(feature = "xmlrpc")]
        examples.extend(self.xmlrpc(operation).await);
        examples
    }

    #[cfg(feature = "soap")]
    async fn soap(
        &self,
        operation: &Operation,
        protocol: &'static str,
        version: farcall_soap::Version,
    ) -> Option<Example> {
        let client = farcall_soap::Client::builder("http://localhost/", &self.interface);
        let client = client.version(version).build().ok()?;
        let request = client.request(&Dynamic::new(operation, &sample::params(operation))).ok()?;
        let ty = version.content_type();
        let action = farcall_soap::action_of(&self.interface, operation);
        let head = match version {
            farcall_soap::Version::V11 => format!("Content-Type: {ty}\nSOAPAction: \"{action}\""),
            _ => format!("Content-Type: {ty}; action=\"{action}\""),
        };
        let path = format!("/{}", self.name);
        exchange(&self.soap, protocol, &path, head, request).await
    }

    #[cfg(feature = "xmlrpc")]
    async fn xmlrpc(&self, operation: &Operation) -> Option<Example> {
        let client = farcall_xmlrpc::Client::builder("http://localhost/RPC2").build().ok()?;
        let mut full = operation.clone();
        if !self.name.is_empty() {
            full.name = format!("{}.{}", self.name, operation.name).into();
        }
        let request = client.request(&Dynamic::new(&full, &sample::params(operation))).ok()?;
        exchange(&self.xmlrpc, "XML-RPC", "/RPC2", "Content-Type: text/xml".to_owned(), request).await
    }
}

/// Has a server answer a request.
async fn exchange(
    server: &impl HttpProtocol,
    protocol: &'static str,
    path: &str,
    head: String,
    request: Vec<u8>,
) -> Option<Example> {
    let text = indent::indented(std::str::from_utf8(&request).ok()?)?;
    let response = server.handle(&parts(path, &head)?, Bytes::from(request), Context::new()).await;
    if !response.status().is_success() {
        return None;
    }
    // a one-way operation has no response to show
    let response = std::str::from_utf8(response.body()).ok()?;
    let response = if response.is_empty() { String::new() } else { indent::indented(response)? };
    Some(Example { protocol, head: format!("POST {path} HTTP/1.1\n{head}"), request: text, response })
}

fn parts(path: &str, head: &str) -> Option<Parts> {
    let fields = head.lines().filter_map(|line| line.split_once(": "));
    let request =
        fields.fold(http::Request::post(path), |request, (name, value)| request.header(name, value));
    Some(request.body(()).ok()?.into_parts().0)
}
