//! `farcall call`.

use crate::access::Access;
use crate::args::{CallArgs, Format};
use crate::connect::{Session, any};
use crate::exit::Failure;
use crate::output::{self, note};
use crate::params::Arguments;
use crate::{attach, direction, dry_run, snippet};

/// Calls an operation and prints its result.
pub(crate) async fn call(args: &CallArgs) -> Result<(), Failure> {
    let arguments = match &args.data {
        Some(data) => Arguments::from_data(data)?,
        None => Arguments::from_words(&args.args)?,
    };
    if args.client.verbose {
        arguments.notes.iter().for_each(|text| note(text));
    }
    let access = Access::with(&args.client, arguments.secrets.clone())?;
    let session = Session::open(&args.target, Some(&args.operation), &args.client, access)?;
    let raw = args.output.format == Some(Format::Raw);
    if raw && !session.target.is_http() {
        note("replies are shown as they came over HTTP only; this is another transport");
    }
    let told = match args.typed {
        _ if session.is_known() => Some(session.operation(&args.operation).await?),
        // what servers say of results is not always so, and a reply says itself what it is
        true => {
            let told = session.operation(&args.operation).await?;
            session.note_untold(&told);
            Some(told.with_result(any()))
        }
        false => None,
    };
    let params = attach::refer(arguments.params(told.as_ref())?, told.as_ref(), &session.parts);
    let operation = told.unwrap_or_else(|| Session::untyped(&args.operation));
    if args.dry_run {
        return dry_run::show(&session, &args.client, &operation, &params).await;
    }
    if let Some(language) = args.language {
        return output::print(
            snippet::snippet(language, &session, &args.client, &operation, &params)?.as_bytes(),
        );
    }
    let result = session.call(&operation, &params).await?;
    match session.wire.reply().filter(|_| raw) {
        Some(body) => output::print(&body),
        None => output::value(&direction::named(&operation, result), args.output.format),
    }
}
