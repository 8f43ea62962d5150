//! `validator1`: the suite by which XML-RPC servers have been validated since
//! 1999, eight methods that exercise its types.
//!
//! ```
//! use farcall_builtin::{Suite, Validator1};
//!
//! let powers = farcall::block_on(Suite.simple_struct_return_test(7))?;
//! assert_eq!(powers.times1000, 7000);
//! # Ok::<(), farcall::Fault>(())
//! ```

use std::collections::BTreeMap;

use bytes::Bytes;
use farcall::{DateTime, Fault, FaultKind, Value, Wire, service};

/// Three numbers, named for comedians.
#[derive(Clone, Debug, PartialEq, Eq, Wire)]
#[wire(scope = "farcall")]
pub struct Stooges {
    /// The first.
    pub moe: i32,
    /// The second.
    pub larry: i32,
    /// The third.
    pub curly: i32,
}

/// How often each character stands in a text that XML gives an entity to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Wire)]
#[wire(scope = "farcall", rename_all = "camelCase")]
pub struct Entities {
    /// `<`
    pub ct_left_angle_brackets: i32,
    /// `>`
    pub ct_right_angle_brackets: i32,
    /// `&`
    pub ct_ampersands: i32,
    /// `'`
    pub ct_apostrophes: i32,
    /// `"`
    pub ct_quotes: i32,
}

/// A number times powers of ten.
#[derive(Clone, Debug, PartialEq, Eq, Wire)]
#[wire(scope = "farcall")]
pub struct Times {
    /// Ten times.
    pub times10: i32,
    /// A hundred times.
    pub times100: i32,
    /// A thousand times.
    pub times1000: i32,
}

/// Years of months of days, each with its numbers.
pub type Calendar = BTreeMap<String, BTreeMap<String, BTreeMap<String, Stooges>>>;

/// What `manyTypesTest` takes and gives back.
pub type ManyTypes = (i32, bool, String, f64, DateTime, Bytes);

/// The validation suite.
#[service(name = "Validator1", scope = "farcall", rename_all = "camelCase")]
pub trait Validator1 {
    /// The sum of all curlies.
    async fn array_of_structs_test(&self, structs: Vec<Stooges>) -> Result<i32, Fault>;

    /// Counts `<`, `>`, `&`, `'` and `"`.
    async fn count_the_entities(&self, text: String) -> Result<Entities, Fault>;

    /// The sum of moe, larry and curly.
    async fn easy_struct_test(&self, stooges: Stooges) -> Result<i32, Fault>;

    /// Gives the struct back.
    async fn echo_struct_test(&self, structure: Value) -> Result<Value, Fault>;

    /// Gives the six values back as an array.
    async fn many_types_test(
        &self,
        number: i32,
        boolean: bool,
        text: String,
        double: f64,
        date: DateTime,
        octets: Bytes,
    ) -> Result<ManyTypes, Fault>;

    /// The first and the last text, joined.
    async fn moderate_size_array_check(&self, texts: Vec<String>) -> Result<String, Fault>;

    /// The sum of the stooges on 1 April 2000.
    async fn nested_struct_test(&self, calendar: Calendar) -> Result<i32, Fault>;

    /// The number times 10, 100 and 1000.
    async fn simple_struct_return_test(&self, number: i32) -> Result<Times, Fault>;
}

/// The suite as its specification has it.
#[derive(Clone, Copy, Debug)]
pub struct Suite;

fn sum(numbers: impl IntoIterator<Item = i32>) -> Result<i32, Fault> {
    let sum: i64 = numbers.into_iter().map(i64::from).sum();
    i32::try_from(sum).map_err(|_| Fault::application(1, format!("the sum {sum} is more than an int holds")))
}

fn count(text: &str, wanted: char) -> Result<i32, Fault> {
    sum(text.chars().filter(|c| *c == wanted).map(|_| 1))
}

impl Validator1 for Suite {
    async fn array_of_structs_test(&self, structs: Vec<Stooges>) -> Result<i32, Fault> {
        sum(structs.iter().map(|s| s.curly))
    }

    async fn count_the_entities(&self, text: String) -> Result<Entities, Fault> {
        Ok(Entities {
            ct_left_angle_brackets: count(&text, '<')?,
            ct_right_angle_brackets: count(&text, '>')?,
            ct_ampersands: count(&text, '&')?,
            ct_apostrophes: count(&text, '\'')?,
            ct_quotes: count(&text, '"')?,
        })
    }

    async fn easy_struct_test(&self, stooges: Stooges) -> Result<i32, Fault> {
        sum([stooges.moe, stooges.larry, stooges.curly])
    }

    async fn echo_struct_test(&self, structure: Value) -> Result<Value, Fault> {
        match structure {
            Value::Struct(_) => Ok(structure),
            other => {
                let text = format!("echoStructTest takes a struct, not a {}", other.kind());
                Err(Fault::new(FaultKind::InvalidParameters, text))
            }
        }
    }

    async fn many_types_test(
        &self,
        number: i32,
        boolean: bool,
        text: String,
        double: f64,
        date: DateTime,
        octets: Bytes,
    ) -> Result<ManyTypes, Fault> {
        Ok((number, boolean, text, double, date, octets))
    }

    async fn moderate_size_array_check(&self, texts: Vec<String>) -> Result<String, Fault> {
        match (texts.first(), texts.last()) {
            (Some(first), Some(last)) => Ok(format!("{first}{last}")),
            _ => Err(Fault::new(FaultKind::InvalidParameters, "the array is empty")),
        }
    }

    async fn nested_struct_test(&self, calendar: Calendar) -> Result<i32, Fault> {
        let day = calendar.get("2000").and_then(|year| year.get("04")).and_then(|month| month.get("01"));
        let missing = || Fault::new(FaultKind::InvalidParameters, "the calendar has no 2000, 04, 01");
        let day = day.ok_or_else(missing)?;
        sum([day.moe, day.larry, day.curly])
    }

    async fn simple_struct_return_test(&self, number: i32) -> Result<Times, Fault> {
        let times = |factor: i32| {
            let large =
                || Fault::application(1, format!("{number} times {factor} is more than an int holds"));
            number.checked_mul(factor).ok_or_else(large)
        };
        Ok(Times { times10: times(10)?, times100: times(100)?, times1000: times(1000)? })
    }
}
