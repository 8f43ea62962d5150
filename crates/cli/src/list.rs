//! `farcall list`.

use farcall::Value;
use farcall::model::Record;

use crate::access::Access;
use crate::args::{Format, ListArgs};
use crate::connect::Session;
use crate::exit::Failure;
use crate::output;

/// Prints the names of what can be called, and what each does.
pub(crate) async fn list(args: &ListArgs) -> Result<(), Failure> {
    let session = Session::open(&args.target, None, &args.client, Access::read(&args.client)?)?;
    let interface = session.interface().await?;
    let rows = interface.operations.iter().map(|operation| {
        let doc = operation.doc.lines().map(str::trim).find(|line| !line.is_empty());
        Record::new().with("name", operation.name.as_ref()).with("doc", doc.unwrap_or_default()).into()
    });
    let rows: Vec<Value> = rows.collect();
    match args.output.format {
        None | Some(Format::Table) => output::print(output::columns(&rows).as_bytes()),
        Some(Format::Raw) => match session.wire.reply() {
            Some(body) => output::print(&body),
            None => output::print(output::columns(&rows).as_bytes()),
        },
        format => output::value(&Value::Sequence(rows), format),
    }
}
