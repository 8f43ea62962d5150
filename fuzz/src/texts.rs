//! Texts of the model (dates, times, durations, decimals) and JSON: what is
//! read is written as a text that is read as the same.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use farcall_model::{Date, DateTime, Decimal, Duration, Time, Value};
use farcall_wire::json;

pub(crate) const TIME_WORDS: &[&str] = &[
    "1998-07-17",
    "19980717",
    "T",
    "t",
    " ",
    "14:08:55",
    "140855",
    ".123456789",
    ",5",
    "Z",
    "+05:30",
    "-0330",
    "+02",
    "24:00:00",
    ":60",
    "0000-00-00",
    "-",
    "P",
    "1Y",
    "2M",
    "3D",
    "4H",
    "5M",
    "6.7S",
    "PT0S",
    "4294967295",
    "18446744073709551615",
    "9999",
    ".",
    "-0",
    "+0",
    "00",
    "02-29",
    "99:99",
];

pub(crate) const JSON_WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1e5",
    "1.5",
    "1e400",
    "-0.0",
    "18446744073709551615",
    "9223372036854775808",
    "99999999999999999999999",
    "{\"$bytes\":\"",
    "{\"$datetime\":\"",
    "{\"$decimal\":\"",
    "\\u0000",
    "\\ud834\\udd1e",
    "\\n",
    "\u{1D11E}",
    "YWJj",
];

/// Reads a text as each type of the model that has one.
///
/// # Panics
/// If what it shows itself as is read as something else.
pub fn model_texts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    same::<Date>(text);
    same::<Time>(text);
    same::<Duration>(text);
    same::<Decimal>(text);
    if let Some(at) = same::<DateTime>(text) {
        // the basic form has four digits for a year and no place for a sign
        if at.date().year() >= 0 {
            let basic = at.to_basic();
            assert_eq!(basic.parse::<DateTime>().as_ref(), Ok(&at), "{basic}");
        }
        if let Some(moment) = at.to_system_time() {
            let back = DateTime::from_system_time(moment);
            assert_eq!(back.to_system_time(), Some(moment), "{at} came back as {back}");
        }
    }
}

fn same<T>(text: &str) -> Option<T>
where
    T: FromStr + Display + Debug + PartialEq,
    T::Err: Debug + PartialEq,
{
    let value: T = text.parse().ok()?;
    let shown = value.to_string();
    assert_eq!(shown.parse::<T>().as_ref(), Ok(&value), "{text:?} is shown as {shown:?}");
    Some(value)
}

/// Reads JSON as a value and writes it.
///
/// # Panics
/// If what was written cannot be read, or is then written in another way.
pub fn json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // a number past the range of a double is written as a text, which `$bytes` and its like take for theirs
    let Ok(value) = json::parse(text).map(finite) else { return };
    let written = json::write(&value);
    let again: Value = json::parse(&written)
        .unwrap_or_else(|error| panic!("what was written cannot be read: {error}: {written}"));
    assert_eq!(json::write(&again), written);
    assert_eq!(json::parse(&json::write_pretty(&value)).as_ref().ok(), Some(&again), "{written}");
}

/// The value with 0 for numbers that JSON does not have.
fn finite(value: Value) -> Value {
    match value {
        Value::F64(number) if !number.is_finite() => Value::F64(0.0),
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(finite).collect()),
        Value::Struct(mut record) => {
            record.fields.iter_mut().for_each(|(_, field)| *field = finite(std::mem::take(field)));
            Value::Struct(record)
        }
        other => other,
    }
}
