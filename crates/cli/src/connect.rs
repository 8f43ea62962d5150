//! [`Session`]: the way to TARGET, made from the flags.

use std::net::IpAddr;

use farcall::corba::Connections;
use farcall::model::{Interface, Operation, Type, TypeRef};
use farcall::net::{ClientBuilder, ClientTls, Connector, HttpClient};
use farcall::soap::ClientOptions;
use farcall::soap::mime::Part;
use farcall::{Client, Connection, ConnectionOptions, Context, Fault, Value};

use crate::access::Access;
use crate::args::{ClientArgs, SoapVersion};
use crate::exit::{Exit, Failure};
use crate::giop::GiopTap;
use crate::known::Known;
use crate::output::{note, warn};
use crate::secrets;
use crate::tap::Wire;
use crate::target::{Protocol, Target};
use crate::{attach, hex, known};

/// The way to a server.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) target: Target,
    pub(crate) client: Client,
    /// Limits, deadline and metadata of calls.
    pub(crate) context: Context,
    pub(crate) wire: Wire,
    pub(crate) access: Access,
    /// Files that go beside the XML of SOAP.
    pub(crate) parts: Vec<Part>,
    /// What is known without asking.
    known: Known,
}

impl Session {
    /// Opens it, for that operation or for looking around; nothing is sent before the first call.
    pub(crate) fn open(
        target: &str,
        operation: Option<&str>,
        args: &ClientArgs,
        access: Access,
    ) -> Result<Self, Failure> {
        let target = Target::parse(target)?;
        if target.has_password {
            warn("a password in TARGET can be seen by others on this machine; use -u USER");
        }
        if target.protocol == Protocol::Corba {
            refuse_of_http(&target, args)?;
        }
        if target.protocol != Protocol::Soap {
            refuse_of_soap(&target, args)?;
        }
        let parts = attach::parts(args)?;
        let mut known = known::interfaces(&target, args, &access)?;
        if let Some(operation) = operation {
            known.interfaces = known::with_operation(known.interfaces, operation);
        }
        let target = match known.interfaces.first() {
            Some(interface) if target.is_description() => target.at_place(interface, &known.places)?,
            _ => target,
        };
        Self::to(target, args, access, known, parts)
    }

    /// The same operation at another target.
    pub(crate) fn redirected(&self, target: Target, args: &ClientArgs) -> Result<Self, Failure> {
        Self::to(target, args, self.access.clone(), self.known.clone(), self.parts.clone())
    }

    pub(crate) fn to(
        target: Target,
        args: &ClientArgs,
        access: Access,
        known: Known,
        parts: Vec<Part>,
    ) -> Result<Self, Failure> {
        let wire = Wire::new(args.verbose, access.secrets.clone());
        let mut http = access.apply(http(&target.http(), args)?.tap(wire.clone()));
        if let Some(path) = &target.unix {
            http = http.unix(path);
        }
        let mut context = Context::new().with_limits(args.limits.limits().into());
        if let Some(time) = args.deadline {
            context = context.with_timeout(time);
        }
        let options = ConnectionOptions::default().with_http(http).with_context(context.clone());
        let options = options.with_soap(soap(&access, &parts, args, &known)?);
        let options = access.apply_corba(options.with_connections(&iiop(args, &known, &access)?));
        let connection = match known.interfaces.first() {
            Some(interface) => Connection::with_interface(&target.url, interface, options),
            None => Connection::with(&target.url, options),
        };
        let connection = connection.map_err(|fault| Failure::usage(fault.message()).at(&target.shown))?;
        let client = Client::new(connection).with_context(context.clone());
        Ok(Self { target, client, context, wire, access, parts, known })
    }

    /// Whether types are known without asking the server.
    pub(crate) fn is_known(&self) -> bool {
        !self.known.interfaces.is_empty()
    }

    /// What the server can do; with a fragment in the URL only what is behind its prefix.
    pub(crate) async fn interface(&self) -> Result<Interface, Failure> {
        if let [one] = self.known.interfaces.as_slice() {
            return Ok(one.clone());
        }
        if self.is_known() {
            let mut all = Interface::new(self.target.shown.clone());
            all.operations =
                self.known.interfaces.iter().flat_map(|interface| interface.operations.clone()).collect();
            return Ok(all);
        }
        let mut interface = self.client.interface().await.map_err(|fault| self.untold(fault))?;
        let prefix = &self.target.prefix;
        interface.operations.retain_mut(|operation| match operation.name.strip_prefix(prefix.as_str()) {
            Some(name) => {
                operation.name = name.to_owned().into();
                true
            }
            None => false,
        });
        Ok(interface)
    }

    /// What the server says of one operation.
    pub(crate) async fn operation(&self, name: &str) -> Result<Operation, Failure> {
        if self.is_known() {
            if let Some(operation) = known::operation(&self.known.interfaces, name)? {
                return Ok(operation.clone());
            }
            let names = self.known.interfaces.iter().flat_map(|interface| &interface.operations);
            return Err(self.unknown(name, names.map(|operation| operation.name.as_ref())));
        }
        match self.client.connection() {
            Connection::XmlRpc(client) => {
                let full = self.target.full_name(name);
                let names = client.list_methods().await.map_err(|fault| self.untold(fault))?;
                if !names.contains(&full) {
                    return Err(self.unknown(name, names.iter().map(String::as_str)));
                }
                let mut told = client.describe(&full).await.map_err(|fault| self.untold(fault))?;
                told.name = name.to_owned().into();
                Ok(told)
            }
            _ => {
                let interface = self.interface().await?;
                let names = interface.operations.iter().map(|operation| operation.name.as_ref());
                let unknown = || self.unknown(name, names);
                interface.operation(name).cloned().ok_or_else(unknown)
            }
        }
    }

    /// Says so where the server told nothing of an operation's parameters.
    pub(crate) fn note_untold(&self, operation: &Operation) {
        if !self.is_known() && operation.params.is_empty() && matches!(operation.result.resolve(), Type::Any)
        {
            note(&format!(
                "the server tells no types of {}; it may take parameters all the same",
                operation.name
            ));
        }
    }

    /// An operation of which nothing is known, but that it may return anything.
    pub(crate) fn untyped(name: &str) -> Operation {
        Operation::new(name.to_owned()).with_result(any())
    }

    /// A name that the server does not have, with those that are like it.
    pub(crate) fn unknown<'n>(&self, name: &str, names: impl Iterator<Item = &'n str>) -> Failure {
        let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_lowercase();
        let mut near: Vec<(f64, &str)> = names
            .map(|known| {
                let same_tail = if last(known) == last(name) { 0.3 } else { 0.0 };
                (strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase()) + same_tail, known)
            })
            .filter(|(likeness, _)| *likeness > 0.8)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let near: Vec<&str> = near.iter().take(3).map(|(_, known)| *known).collect();
        let failure = Failure::new(Exit::Schema, format!("there is no '{name}'"))
            .at(&self.target.shown)
            .then_try(format!("farcall list '{}'", self.target.shown));
        match near.as_slice() {
            [] => failure,
            near => failure.because(format!("perhaps it is {}", near.join(" or "))),
        }
    }

    /// The server did not say what it can do.
    fn untold(&self, fault: Fault) -> Failure {
        let foreign = fault.is_remote() && fault.code().is_some();
        let failure = Failure::call(fault, &self.target.shown, "");
        if foreign {
            failure
                .because("the server does not tell what it can do; calls work all the same")
                .then_try(format!("farcall call '{}' OP ARG…", self.target.shown))
        } else {
            failure
        }
    }

    /// The body of a request as text: that of CORBA in hexadecimal.
    pub(crate) fn legible(&self, body: &[u8]) -> String {
        let text = String::from_utf8_lossy(body);
        match self.target.protocol {
            Protocol::Corba if self.access.secrets.mask(&text) != text => {
                format!("({} octets with a secret among them)\n", body.len())
            }
            Protocol::Corba => hex::dump(body),
            _ => text.into_owned(),
        }
    }

    /// Makes the call.
    pub(crate) async fn call(&self, operation: &Operation, params: &[Value]) -> Result<Value, Failure> {
        let called = self.client.call_operation(operation, params).await;
        called.map_err(|fault| Failure::call(fault, &self.target.shown, &operation.name))
    }
}

/// Any type.
pub(crate) fn any() -> TypeRef {
    TypeRef::Static(|| &Type::Any)
}

/// From so many octets on a request is worth compressing.
const GZIP_FROM: usize = 1024;

/// How SOAP is spoken: who calls, and what goes beside the XML.
fn soap(access: &Access, parts: &[Part], args: &ClientArgs, known: &Known) -> Result<ClientOptions, Failure> {
    let mut options = ClientOptions::default();
    match args.soap {
        Some(SoapVersion::V11) => options = options.with_version(farcall::soap::Version::V11),
        Some(SoapVersion::V12) => options = options.with_version(farcall::soap::Version::V12),
        None => {}
    }
    for header in &access.soap_headers {
        options = options.with_header(header.xml(&known.interfaces)?);
    }
    if let Some(token) = &access.wsse {
        options = options.with_wsse(token.clone());
    }
    if args.strict {
        options = options.strict();
    }
    if args.gzip {
        options = options.with_gzip(GZIP_FROM);
    }
    options.imports.clone_from(&args.imports_from);
    if !parts.is_empty() {
        // so that a file stands in no message twice
        options = options.with_mtom(1);
    }
    Ok(parts.iter().cloned().fold(options, ClientOptions::with_attachment))
}

/// What is of SOAP is not left out in silence either.
fn refuse_of_soap(target: &Target, args: &ClientArgs) -> Result<(), Failure> {
    let given = [
        ("--wsse", args.wsse.is_some()),
        ("--attach", !args.attach.is_empty()),
        ("--soap", args.soap.is_some()),
        ("--gzip", args.gzip),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((flag, _)) => Err(Failure::usage(format!("{flag} is for SOAP")).at(&target.shown)),
        None => Ok(()),
    }
}

/// What is of HTTP cannot go over IIOP, and is not left out in silence.
fn refuse_of_http(target: &Target, args: &ClientArgs) -> Result<(), Failure> {
    let given = [
        ("--digest", args.digest),
        ("-H", !args.headers.is_empty()),
        ("--proxy", args.proxy.as_deref().is_some_and(|proxy| proxy != "none")),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((flag, _)) => {
            Err(Failure::usage(format!("{flag} is for HTTP; CORBA goes over IIOP")).at(&target.shown))
        }
        None => Ok(()),
    }
}

/// The connections of IIOP; whether TLS is spoken over one says the reference.
fn iiop(args: &ClientArgs, known: &Known, access: &Access) -> Result<Connections, Failure> {
    let mut connector = Connector::new().with_tls(tls(args)?);
    if args.verbose {
        let (interfaces, secrets) = (known.interfaces.clone(), access.secrets.clone());
        connector = connector.with_tap(move |address| GiopTap::new(address, &interfaces, &secrets));
    }
    Ok(Connections::with(connector, farcall::corba::ClientOptions::default().idle_timeout))
}

/// How HTTP is done to a URL, whoever calls.
pub(crate) fn http(url: &str, args: &ClientArgs) -> Result<ClientBuilder, Failure> {
    proxied(HttpClient::builder().tls(tls(args)?), args, url)
}

fn tls(args: &ClientArgs) -> Result<ClientTls, Failure> {
    let mut tls = ClientTls::new();
    let bad = |error: farcall::net::TlsError, flag: &str| {
        Failure::usage(error.to_string()).at(flag).then_try("a PEM file that this user may read")
    };
    if let Some(file) = &args.cacert {
        tls = tls.without_system_roots().with_root_file(file).map_err(|error| bad(error, "--cacert"))?;
    }
    if let (Some(cert), Some(key)) = (&args.cert, &args.key) {
        tls = tls.with_certificate_files(cert, key).map_err(|error| bad(error, "--cert, --key"))?;
    }
    Ok(tls)
}

/// Proxies are for other machines, so that what listens here is reached whatever the environment says.
fn proxied(http: ClientBuilder, args: &ClientArgs, url: &str) -> Result<ClientBuilder, Failure> {
    Ok(match args.proxy.as_deref() {
        Some("none") => http,
        Some(source) => match secrets::from_source(source, "Proxy")? {
            Some(url) => http.proxy(&url, ""),
            None => http.proxy(source, ""),
        },
        None if is_local(url) => http,
        None => http.proxy_from_env(),
    })
}

fn is_local(url: &str) -> bool {
    let Ok(url) = url.parse::<http::Uri>() else { return false };
    let host = url.host().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_not_for_this_machine() {
        for local in ["http://localhost:1/", "http://127.0.0.2/x", "http://[::1]:8/"] {
            assert!(is_local(local), "{local}");
        }
        for remote in ["http://example.org/", "http://10.0.0.1/", "scgi:"] {
            assert!(!is_local(remote), "{remote}");
        }
    }
}
