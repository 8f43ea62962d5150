//! `farcall send`: a raw envelope out, and the raw reply in.

use farcall::model::Interface;
use farcall::soap::Client;
use farcall::{Connection, Context};

use crate::access::Access;
use crate::args::SendArgs;
use crate::connect::Session;
use crate::exit::{Exit, Failure};
use crate::known::Known;
use crate::secrets;
use crate::target::{Protocol, Target};

/// Sends an envelope as it is.
pub(crate) async fn send(args: &SendArgs) -> Result<(), Failure> {
    let envelope = secrets::octets(&args.envelope)?;
    let target = Target::parse(&args.target)?;
    if target.protocol != Protocol::Soap {
        return Err(Failure::usage("envelopes go to services of SOAP")
            .at(&target.shown)
            .then_try(format!("soap+{}", target.http())));
    }
    let known = Known::from(vec![Interface::new("Sent")]);
    let session = Session::to(target, &args.client, Access::read(&args.client)?, known, Vec::new())?;
    let sent = match session.client.connection() {
        Connection::Soap(client) => reply(client, &session.context, args, envelope).await,
        _ => return Err(Failure::usage("envelopes go to services of SOAP").at(&session.target.shown)),
    };
    let reply = sent.map_err(|fault| Failure::call(fault, &session.target.shown, ""))?;
    crate::output::print(reply.body())?;
    match reply.status() {
        status if status.is_success() => Ok(()),
        status => {
            Err(Failure::new(Exit::Fault(0), format!("the server answers {status}"))
                .at(&session.target.shown))
        }
    }
}

async fn reply(
    client: &Client,
    cx: &Context,
    args: &SendArgs,
    envelope: String,
) -> Result<http::Response<bytes::Bytes>, farcall::Fault> {
    client.send(cx, &args.action, envelope.into()).await
}
