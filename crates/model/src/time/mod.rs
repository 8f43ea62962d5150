//! Dates and times as wires carry them: fields, not instants, with the zone
//! kept only if it was given.

mod duration;
mod parse;
mod write;

use std::fmt;
use std::time::{Duration as StdDuration, SystemTime};

pub use duration::Duration;
use write::Ascii;

/// A text is not a date or time, or one of its fields is out of range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a {what} (ISO 8601)")]
pub struct InvalidTime {
    text: String,
    what: &'static str,
}

impl InvalidTime {
    pub(crate) fn new(text: &str, what: &'static str) -> Self {
        Self { text: text.chars().take(60).collect(), what }
    }
}

/// A calendar date in the proleptic Gregorian calendar.
///
/// `0000-00-00`, which some databases send for "never", is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

/// A time of day; `24:00:00` and leap seconds are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
}

/// Date and time of day, and the distance from UTC in minutes if it was given.
///
/// Equality is by fields. To compare moments use [`DateTime::to_system_time`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    date: Date,
    time: Time,
    offset: Option<i16>,
}

impl Date {
    /// A date; `None` if there is no such day.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let never = year == 0 && month == 0 && day == 0;
        let real = (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
        (never || real).then_some(Self { year, month, day })
    }

    /// The year, 0 being 1 BC.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01.
    fn days(self) -> i64 {
        let (y, m) = (i64::from(self.year), i64::from(self.month));
        let y = if m <= 2 { y - 1 } else { y };
        let era = y.div_euclid(400);
        let of_era = y.rem_euclid(400);
        let of_year = (153 * ((m + 9) % 12) + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let mp = (5 * of_year + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year: year as i32, month: month as u8, day: (of_year - (153 * mp + 2) / 5 + 1) as u8 }
    }
}

fn days_in(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 31,
    }
}

impl Time {
    /// A time of day; `None` if a field is out of range.
    #[must_use]
    pub fn new(hour: u8, minute: u8, second: u8, nanosecond: u32) -> Option<Self> {
        let end = hour == 24 && minute == 0 && second == 0 && nanosecond == 0;
        let real = hour < 24 && minute < 60 && second <= 60 && nanosecond < 1_000_000_000;
        (end || real).then_some(Self { hour, minute, second, nanosecond })
    }

    /// The hour, 0 to 24.
    #[must_use]
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The second, 0 to 60.
    #[must_use]
    pub fn second(self) -> u8 {
        self.second
    }

    /// Nanoseconds beyond the second.
    #[must_use]
    pub fn nanosecond(self) -> u32 {
        self.nanosecond
    }
}

impl DateTime {
    /// Puts it together; `offset` is in minutes east of UTC, at most a day.
    #[must_use]
    pub fn new(date: Date, time: Time, offset: Option<i16>) -> Option<Self> {
        offset.is_none_or(|m| m.abs() <= 24 * 60).then_some(Self { date, time, offset })
    }

    /// The date.
    #[must_use]
    pub fn date(self) -> Date {
        self.date
    }

    /// The time of day.
    #[must_use]
    pub fn time(self) -> Time {
        self.time
    }

    /// Minutes east of UTC, if the zone was given.
    #[must_use]
    pub fn offset(self) -> Option<i16> {
        self.offset
    }

    /// The moment, UTC being assumed where no zone was given; `None` outside of what the system's clock can say.
    #[must_use]
    pub fn to_system_time(self) -> Option<SystemTime> {
        let t = self.time;
        let seconds = self.date.days() * 86_400
            + i64::from(t.hour) * 3_600
            + i64::from(t.minute) * 60
            + i64::from(t.second)
            - i64::from(self.offset.unwrap_or(0)) * 60;
        let whole = StdDuration::from_secs(seconds.unsigned_abs());
        let base = if seconds < 0 {
            SystemTime::UNIX_EPOCH.checked_sub(whole)?
        } else {
            SystemTime::UNIX_EPOCH.checked_add(whole)?
        };
        base.checked_add(StdDuration::from_nanos(u64::from(t.nanosecond)))
    }

    /// The moment in UTC, said to be so.
    #[must_use]
    pub fn from_system_time(at: SystemTime) -> Self {
        let (seconds, nanosecond) = match at.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => (since.as_secs() as i64, since.subsec_nanos()),
            Err(before) => {
                let d = before.duration();
                let (s, n) = (d.as_secs() as i64, d.subsec_nanos());
                if n == 0 { (-s, 0) } else { (-s - 1, 1_000_000_000 - n) }
            }
        };
        let of_day = seconds.rem_euclid(86_400);
        let time = Time {
            hour: (of_day / 3_600) as u8,
            minute: (of_day / 60 % 60) as u8,
            second: (of_day % 60) as u8,
            nanosecond,
        };
        Self { date: Date::from_days(seconds.div_euclid(86_400)), time, offset: Some(0) }
    }

    /// The form of the XML-RPC specification, `CCYYMMDDThh:mm:ss`, with fraction and zone if there are any.
    #[must_use]
    pub fn to_basic(self) -> String {
        let mut text = Ascii::new();
        text.year(self.date.year);
        text.digits(self.date.month.into(), 2);
        text.digits(self.date.day.into(), 2);
        text.put(b'T');
        text.time(self.time);
        text.offset(self.offset);
        text.as_str().to_owned()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Ascii::new();
        text.date(*self);
        f.write_str(text.as_str())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Ascii::new();
        text.time(*self);
        f.write_str(text.as_str())
    }
}

impl fmt::Display for DateTime {
    /// The extended form, as in XSD and RFC 3339.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Ascii::new();
        text.date(self.date);
        text.put(b'T');
        text.time(self.time);
        text.offset(self.offset);
        f.write_str(text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_variant_of_a_date_time() {
        let table = [
            ("19980717T14:08:55", "1998-07-17T14:08:55"),
            ("1998-07-17T14:08:55", "1998-07-17T14:08:55"),
            ("1998-07-17 14:08:55", "1998-07-17T14:08:55"),
            ("19980717T140855", "1998-07-17T14:08:55"),
            ("19980717T14:08:55Z", "1998-07-17T14:08:55Z"),
            ("19980717T14:08:55+0530", "1998-07-17T14:08:55+05:30"),
            ("19980717T14:08:55-08", "1998-07-17T14:08:55-08:00"),
            ("1998-07-17T14:08:55.250+01:00", "1998-07-17T14:08:55.25+01:00"),
            ("19980717T14:08:55.1234567891", "1998-07-17T14:08:55.123456789"),
            (" 20000229T00:00:00 ", "2000-02-29T00:00:00"),
            ("00000000T00:00:00", "0000-00-00T00:00:00"),
            ("2026-11-22", "2026-11-22T00:00:00"),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse::<DateTime>().unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_date_time() {
        for text in [
            "",
            "T",
            "19990229T00:00:00",
            "19981332T00:00:00",
            "19980717T25:00:00",
            "1998-0717T00:00:00",
            "x",
            "19980717T14:08:55.",
            "19980717T14:08:55+x",
            "1998071７T14:08:55",
        ] {
            assert!(text.parse::<DateTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn moments_go_there_and_back() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0_i64),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29T12:00:00+02:00", 951_818_400),
        ] {
            let at = text.parse::<DateTime>().unwrap().to_system_time().unwrap();
            let expected = if seconds < 0 {
                SystemTime::UNIX_EPOCH - StdDuration::from_secs(seconds.unsigned_abs())
            } else {
                SystemTime::UNIX_EPOCH + StdDuration::from_secs(seconds as u64)
            };
            assert_eq!(at, expected, "{text}");
            assert_eq!(DateTime::from_system_time(at).to_system_time(), Some(at));
        }
    }
}
