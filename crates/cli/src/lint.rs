//! `farcall lint`: where a WSDL leaves the WS-I Basic Profile.

use farcall::Value;
use farcall::model::Record;
use farcall_wsdl::lint::Finding;

use crate::access::Access;
use crate::args::{Format, LintArgs};
use crate::exit::{Exit, Failure};
use crate::output::{self, printable, warn};
use crate::wsdl;

/// Prints what breaks rules of the profile; fails if any must be kept.
pub(crate) fn lint(args: &LintArgs) -> Result<(), Failure> {
    let report = wsdl::lint(&args.source, &args.client, &Access::read(&args.client)?)?;
    report.unread.iter().for_each(|found| warn(&found.to_string()));
    match args.output.format {
        None | Some(Format::Raw) => output::print(lines(&report.findings).as_bytes())?,
        Some(Format::Table) => {
            let rows: Vec<Value> = report.findings.iter().map(row).collect();
            output::print(output::columns(&rows).as_bytes())?;
        }
        format => {
            let rows = report.findings.iter().map(row).collect();
            output::value(&Value::Sequence(rows), format)?;
        }
    }
    match report.findings.iter().filter(|finding| finding.must).count() {
        0 => Ok(()),
        count => {
            let message = format!("{count} violations of the WS-I Basic Profile 1.1");
            Err(Failure::new(Exit::Own, message).at(&args.source))
        }
    }
}

fn lines(findings: &[Finding]) -> String {
    let level = |finding: &Finding| if finding.must { "" } else { " (should not)" };
    findings
        .iter()
        .map(|finding| format!("{}{}\n", printable(&finding.to_string()), level(finding)))
        .collect()
}

fn row(finding: &Finding) -> Value {
    let level = if finding.must { "must" } else { "should" };
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Record::new()
        .with("rule", finding.rule)
        .with("level", level)
        .with("location", finding.location.as_str())
        .with("line", place(finding.line))
        .with("column", place(finding.column))
        .with("message", finding.message.as_str())
        .into()
}
