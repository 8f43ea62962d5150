//! `farcall names serve`.

use farcall::net::Address;
use farcall::{Context, ObjectRef, Server};
use farcall_services::events::{Channel, ChannelOptions};
use farcall_services::naming::{KEY, NameComponent, Naming, NamingContextExt as _, NamingOptions};

use crate::args::NamesServeArgs;
use crate::exit::{Exit, Failure};
use crate::output;

/// Where naming services are looked for.
const PORT: u16 = 2809;

/// Serves a naming service until SIGTERM or SIGINT.
pub(crate) fn serve(args: &NamesServeArgs) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| Failure::new(Exit::Own, format!("the system gives no event queue: {error}")))?;
    runtime.block_on(run(args))
}

async fn run(args: &NamesServeArgs) -> Result<(), Failure> {
    let naming = Naming::open(&args.file, &NamingOptions::default())
        .map_err(|error| Failure::new(Exit::Own, error.to_string()).at(args.file.display().to_string()))?;
    let mut server = naming.serve(Server::new());
    if args.builtin {
        server = farcall_builtin::services(server);
    }
    if let Some(name) = &args.channel {
        server = Channel::new(name, ChannelOptions::default()).serve(server);
    }
    let services: Vec<String> = server.interfaces().map(|(name, _)| name.to_owned()).collect();
    let mut builder = server.into_builder();
    let default = [Address::tcp("127.0.0.1", PORT)];
    let addresses = if args.listen.is_empty() { &default[..] } else { &args.listen };
    for address in addresses {
        builder = builder.listen(address.clone());
    }
    let server = builder.bind().await.map_err(|error| Failure::new(Exit::Connect, error.to_string()))?;
    let mut text = String::new();
    for address in server.addresses() {
        text.push_str(&format!("corbaloc::{address}/{KEY}\n"));
        announce(&naming, &services, address).await?;
    }
    output::print(format!("{text}with its names in {}\n", args.file.display()).as_bytes())?;
    server.run(farcall::net::shutdown_signal()).await;
    Ok(())
}

/// Binds the names of services that are served beside it.
async fn announce(naming: &Naming, services: &[String], address: &Address) -> Result<(), Failure> {
    let (root, cx) = (naming.root(), Context::new());
    for service in services.iter().filter(|name| !name.is_empty() && *name != KEY) {
        let name = vec![NameComponent { id: service.clone(), kind: String::new() }];
        let object = ObjectRef::default().with_address(format!("corbaloc::{address}/{service}"));
        let bound = root.rebind(&cx, name, object).await;
        bound.map_err(|error| Failure::new(Exit::Own, error.to_string()).at(service))?;
    }
    Ok(())
}
