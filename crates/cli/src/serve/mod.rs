//! `farcall serve`.

mod announce;
mod sample;

use std::collections::HashMap;
use std::path::Path;

use farcall::net::{Address, Prometheus, ServerError, ServerLimits, ServerTls, Users};
use farcall::soap::Security;
use farcall::{Fault, FaultKind, Server};

use crate::args::ServeArgs;
use crate::exit::{Exit, Failure};
use crate::output::{self, warn};
use crate::secrets;

/// Where the built-in services are served unless told otherwise.
const PORT: u16 = 2809;

/// Replies of that many octets are compressed for callers that ask for it.
const COMPRESSED: usize = 8 << 10;

/// Serves the built-in services until SIGTERM or SIGINT.
pub(crate) fn serve(args: &ServeArgs) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| Failure::new(Exit::Own, format!("the system gives no event queue: {error}")))?;
    runtime.block_on(run(args))
}

async fn run(args: &ServeArgs) -> Result<(), Failure> {
    // before the services are made, for they keep handles into it
    let prometheus = Prometheus::install().map_err(|error| Failure::new(Exit::Own, error.to_string()))?;
    let mut server = farcall_builtin::services(Server::new()).metrics(prometheus).limits(limits(args));
    let users = match &args.user {
        Some(file) => users(&secrets::octets(&file.display().to_string())?)?,
        None => Vec::new(),
    };
    let named = users.first().map(|(user, _)| user.clone());
    if args.user.is_some() {
        let all =
            users.into_iter().fold(Users::new("farcall"), |all, (user, password)| all.with(user, &password));
        server = server.authenticator(all);
    }
    if let Some(file) = &args.wsse {
        server = signed(server, file)?;
    }
    if let Some(tls) = tls(args)? {
        server = server.tls(tls);
    }
    let services: Vec<_> = server.interfaces().map(|(name, i)| (name.to_owned(), i.clone())).collect();
    let mut builder = server.into_builder().compress(COMPRESSED);
    for address in addresses(args) {
        builder = builder.listen(address);
    }
    let server = builder.bind().await.map_err(|error| unbound(&error))?;
    if args.user.is_none()
        && args.wsse.is_none()
        && args.client_ca.is_none()
        && server.addresses().iter().any(is_open)
    {
        warn("other machines can call these services, without a password; see --user and --client-ca");
    }
    let announced = announce::Announcement {
        addresses: server.addresses(),
        cacert: args.tls_cert.as_deref(),
        plain: args.client_ca.is_none(),
        user: named.as_deref(),
    };
    output::print(announced.text(&services).as_bytes())?;
    server.run(farcall::net::shutdown_signal()).await;
    Ok(())
}

/// Lets in whom SOAP's header names, and nobody over other protocols, whose messages have none.
fn signed(server: Server, file: &Path) -> Result<Server, Failure> {
    let users: HashMap<String, String> =
        users(&secrets::octets(&file.display().to_string())?)?.into_iter().collect();
    let security = Security::of_passwords(move |user| users.get(user).cloned());
    Ok(server.soap_security(security).authorize(|cx, _| match cx.identity() {
        Some(_) => Ok(()),
        None => Err(Fault::new(FaultKind::Unauthenticated, "sign in over SOAP, by WS-Security")),
    }))
}

fn addresses(args: &ServeArgs) -> Vec<Address> {
    let mut addresses = args.listen.clone();
    addresses.extend(args.unix.iter().map(Address::unix));
    if addresses.is_empty() {
        addresses.push(Address::tcp("127.0.0.1", PORT));
    }
    addresses
}

fn limits(args: &ServeArgs) -> ServerLimits {
    let mut call = args.limits.limits();
    if let Some(time) = args.deadline {
        call = call.with_call_deadline(time);
    }
    let mut limits = ServerLimits::default().with_call(call);
    if let Some(count) = args.max_connections {
        limits = limits.with_connections(count);
    }
    if let Some(count) = args.max_calls {
        let queue = limits.queue;
        limits = limits.with_calls(count, queue);
    }
    if let Some(time) = args.drain {
        let delay = limits.drain_delay;
        limits = limits.with_drain(delay, time);
    }
    limits
}

fn tls(args: &ServeArgs) -> Result<Option<ServerTls>, Failure> {
    let (Some(cert), Some(key)) = (&args.tls_cert, &args.tls_key) else { return Ok(None) };
    let bad = |error: farcall::net::TlsError, flags: &str| Failure::usage(error.to_string()).at(flags);
    let mut tls = ServerTls::from_files(cert, key).map_err(|error| bad(error, "--tls-cert, --tls-key"))?;
    if let Some(ca) = &args.client_ca {
        tls = tls.require_client_certificates(ca).map_err(|error| bad(error, "--client-ca"))?;
    }
    Ok(Some(tls))
}

/// Users of a file with a line `user:password` each; lines that begin with `#` are comments.
fn users(text: &str) -> Result<Vec<(String, String)>, Failure> {
    let mut users = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once(':') {
            Some((user, password)) if !user.is_empty() && !password.is_empty() => {
                users.push((user.to_owned(), password.to_owned()));
            }
            _ => {
                return Err(Failure::usage("a line of the users' file is not user:password")
                    .at(format!("line {}", index + 1)));
            }
        }
    }
    if users.is_empty() {
        return Err(Failure::usage("the users' file has no user, so that nobody could call").at("--user"));
    }
    Ok(users)
}

/// Whether other machines reach that address.
fn is_open(address: &Address) -> bool {
    match address {
        Address::Tcp(host, _) => host.parse().map_or(true, |ip: std::net::IpAddr| !ip.is_loopback()),
        _ => false,
    }
}

/// Why it cannot listen, and which address may be free.
fn unbound(error: &ServerError) -> Failure {
    let failure = Failure::new(Exit::Connect, error.to_string());
    let ServerError::Bind { address, source } = error else { return failure };
    let failure = failure.at(address.to_string());
    let other = match address {
        Address::Tcp(host, port) => {
            let other = Address::tcp(host, port.checked_add(1).unwrap_or(0));
            format!("farcall serve --listen {other}")
        }
        address => format!("farcall serve --unix PATH, another than that of {address}"),
    };
    match source.kind() {
        std::io::ErrorKind::AddrInUse => {
            failure.because("another program listens there, perhaps another farcall serve").then_try(other)
        }
        std::io::ErrorKind::PermissionDenied => failure
            .because("this user may not listen there; ports below 1024 are the system's")
            .then_try(other),
        _ => failure
            .because("it is no address of this machine")
            .then_try("farcall serve --listen 127.0.0.1:2809"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_lines() {
        let found = users("# who\nann:p:w \n\nbob:x\n").unwrap();
        assert_eq!(found, [("ann".into(), "p:w ".into()), ("bob".into(), "x".into())]);
        for wrong in ["", "ann", "ann:", ":x", "# none"] {
            assert!(users(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_loopback_and_unix_are_closed() {
        for (text, open) in
            [("127.0.0.1:1", false), ("[::1]:1", false), ("0.0.0.0:1", true), ("unix:/x", false)]
        {
            assert_eq!(is_open(&text.parse().unwrap()), open, "{text}");
        }
    }
}
