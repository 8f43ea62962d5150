//! What is printed, and in which format.

mod table;
mod yaml;

use std::io::{ErrorKind, Write as _};

use farcall::Value;
use farcall::wire::json;

use crate::args::Format;
use crate::exit::{Exit, Failure};

pub(crate) use self::table::columns;

/// Prints a result; JSON unless told otherwise.
pub(crate) fn value(value: &Value, format: Option<Format>) -> Result<(), Failure> {
    let text = match format {
        Some(Format::Table) => table::table(value),
        Some(Format::Yaml) => yaml::yaml(value),
        // raw where the transport has no body of its own
        None | Some(Format::Json | Format::Raw) => format!("{}\n", inert(&json::write_pretty(value))),
    };
    print(text.as_bytes())
}

/// Writes to standard output. A reader that has seen enough is no failure.
pub(crate) fn print(octets: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(octets).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Own, format!("the output cannot be written: {error}"))
                .at("standard output"))
        }
        _ => Ok(()),
    }
}

/// Says something beside the result.
pub(crate) fn note(text: &str) {
    // there is nowhere to complain to
    let _ = writeln!(std::io::stderr(), "note: {}", printable(text));
}

/// Warns.
pub(crate) fn warn(text: &str) {
    // there is nowhere to complain to
    let _ = writeln!(std::io::stderr(), "warning: {}", printable(text));
}

/// A text without control characters, which might steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    escaped(text, |_| false)
}

/// The same, but line breaks and tabs stay.
pub(crate) fn printable_lines(text: &str) -> String {
    escaped(text, |c| matches!(c, '\n' | '\t'))
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if stays(c) => clean.push(c),
            '\n' | '\t' | '\r' => clean.extend(c.escape_default()),
            // overrides of the writing direction can disguise what a text says
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                clean.extend(c.escape_unicode());
            }
            c => clean.push(c),
        }
    }
    clean
}

/// JSON without the characters that it may have as they are, but terminals and YAML may not.
fn inert(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => text.push(c),
        }
    }
    text
}
