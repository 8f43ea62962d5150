//! Dates and times as wires carry them: fields, not instants, with the zone
//! kept only if it was given. Read in every ISO 8601 form that RPC peers send.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration as StdDuration, SystemTime};

/// A text is not a date or time, or one of its fields is out of range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a {what} (ISO 8601)")]
pub struct InvalidTime {
    text: String,
    what: &'static str,
}

impl InvalidTime {
    fn new(text: &str, what: &'static str) -> Self {
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

/// A length of time, months apart from seconds as in XSD `duration`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Duration {
    /// True if it goes back in time.
    pub negative: bool,
    /// Whole months; a year is twelve.
    pub months: u32,
    /// Seconds; a day is 86,400.
    pub seconds: u64,
    /// Nanoseconds beyond the seconds, below 1,000,000,000.
    pub nanoseconds: u32,
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
        let mut text = String::with_capacity(24);
        match u32::try_from(self.date.year) {
            Ok(year) if year <= 9999 => push_digits(&mut text, year, 4),
            _ => text.push_str(&format!("{:05}", self.date.year)),
        }
        push_digits(&mut text, self.date.month.into(), 2);
        push_digits(&mut text, self.date.day.into(), 2);
        text.push('T');
        push_digits(&mut text, self.time.hour.into(), 2);
        text.push(':');
        push_digits(&mut text, self.time.minute.into(), 2);
        text.push(':');
        push_digits(&mut text, self.time.second.into(), 2);
        if self.time.nanosecond != 0 {
            push_fraction(&mut text, self.time.nanosecond);
        }
        push_offset(&mut text, self.offset);
        text
    }
}

/// Appends that many digits, zeros first. By hand, as dates are written in bulk.
fn push_digits(text: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        text.push(char::from(b'0' + digit as u8));
    }
}

/// Appends a point and the digits of a second's fraction, without zeros at the end.
fn push_fraction(text: &mut String, nanosecond: u32) {
    text.push('.');
    push_digits(text, nanosecond, 9);
    text.truncate(text.trim_end_matches('0').len());
}

fn push_offset(text: &mut String, offset: Option<i16>) {
    match offset {
        None => {}
        Some(0) => text.push('Z'),
        Some(minutes) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let m = minutes.unsigned_abs();
            text.push_str(&format!("{sign}{:02}:{:02}", m / 60, m % 60));
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.year < 0 {
            write!(f, "-{:04}-{:02}-{:02}", -i64::from(self.year), self.month, self.day)
        } else {
            write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        if self.nanosecond != 0 {
            let digits = format!("{:09}", self.nanosecond);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        Ok(())
    }
}

impl fmt::Display for DateTime {
    /// The extended form, as in XSD and RFC 3339.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut zone = String::new();
        push_offset(&mut zone, self.offset);
        write!(f, "{}T{}{zone}", self.date, self.time)
    }
}

impl fmt::Display for Duration {
    /// The XSD form, such as `P1Y2M3DT4H5M6.7S`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.negative { "-P" } else { "P" })?;
        for (count, unit) in [(self.months / 12, 'Y'), (self.months % 12, 'M')] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        let (days, rest) = (self.seconds / 86_400, self.seconds % 86_400);
        if days > 0 {
            write!(f, "{days}D")?;
        }
        let empty = self.months == 0 && days == 0;
        if rest == 0 && self.nanoseconds == 0 && !empty {
            return Ok(());
        }
        f.write_str("T")?;
        for (count, unit) in [(rest / 3_600, 'H'), (rest / 60 % 60, 'M')] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        let seconds = rest % 60;
        if self.nanoseconds > 0 {
            let digits = format!("{:09}", self.nanoseconds);
            write!(f, "{seconds}.{}S", digits.trim_end_matches('0'))?;
        } else if seconds > 0 || (empty && rest == 0) {
            write!(f, "{seconds}S")?;
        }
        Ok(())
    }
}

/// Reads fields off the front of a text; every step says `None` on what it does not know.
struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    fn digits(&mut self, count: usize) -> Option<u32> {
        let head = self.rest.get(..count).filter(|s| s.bytes().all(|b| b.is_ascii_digit()))?;
        self.rest = &self.rest[count..];
        head.parse().ok()
    }

    fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn date(&mut self) -> Option<Date> {
        let negative = self.eat('-');
        let year = self.digits(4)? as i32;
        let dashed = self.eat('-');
        let month = self.digits(2)? as u8;
        if self.eat('-') != dashed {
            return None;
        }
        Date::new(if negative { -year } else { year }, month, self.digits(2)? as u8)
    }

    fn time(&mut self) -> Option<Time> {
        let hour = self.digits(2)? as u8;
        let colons = self.eat(':');
        let minute = self.digits(2)? as u8;
        let second = if colons == self.eat(':') { self.digits(2)? as u8 } else { 0 };
        let mut nanosecond = 0;
        if self.eat('.') || self.eat(',') {
            let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
            let kept = self.digits(count.min(9)).filter(|_| count > 0)?;
            nanosecond = kept * 10_u32.pow(9 - count.min(9) as u32);
            self.rest = &self.rest[count.saturating_sub(9)..];
        }
        Time::new(hour, minute, second, nanosecond)
    }

    /// `Ok(None)` where no zone stands.
    fn offset(&mut self) -> Result<Option<i16>, ()> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        if self.eat('Z') || self.eat('z') {
            return Ok(Some(0));
        }
        let negative = self.eat('-');
        if !negative && !self.eat('+') {
            return Err(());
        }
        let hours = self.digits(2).ok_or(())?;
        self.eat(':');
        let minutes = if self.rest.is_empty() { 0 } else { self.digits(2).ok_or(())? };
        let total = (hours * 60 + minutes) as i16;
        Ok(Some(if negative { -total } else { total }))
    }
}

fn whole<T>(
    text: &str,
    what: &'static str,
    read: impl FnOnce(&mut Scan<'_>) -> Option<T>,
) -> Result<T, InvalidTime> {
    let mut scan = Scan { rest: text.trim() };
    read(&mut scan).filter(|_| scan.rest.is_empty()).ok_or_else(|| InvalidTime::new(text, what))
}

impl FromStr for Date {
    type Err = InvalidTime;

    /// Reads `2026-11-22` and `20261122`; a zone, which XSD allows on a date, is passed over.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        whole(text, "date", |scan| {
            let date = scan.date()?;
            scan.offset().ok()?;
            Some(date)
        })
    }
}

impl FromStr for Time {
    type Err = InvalidTime;

    /// Reads `14:08:55.5` and `140855`; a zone is passed over.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        whole(text, "time", |scan| {
            let time = scan.time()?;
            scan.offset().ok()?;
            Some(time)
        })
    }
}

impl FromStr for DateTime {
    type Err = InvalidTime;

    /// Reads basic and extended forms in any mix, `T` or a space between date and time, a
    /// fraction, a zone as `Z`, `+01`, `+0100` or `+01:00`, and a date alone as its midnight.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        whole(text, "date-time", |scan| {
            let date = scan.date()?;
            let has_time = scan.eat('T') || scan.eat('t') || scan.eat(' ');
            let time = if has_time { scan.time()? } else { Time::new(0, 0, 0, 0)? };
            Self::new(date, time, scan.offset().ok()?)
        })
    }
}

impl FromStr for Duration {
    type Err = InvalidTime;

    /// Reads the XSD form, such as `-P1Y2M3DT4H5M6.7S`.
    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        parse_duration(text.trim()).ok_or_else(|| InvalidTime::new(text, "duration"))
    }
}

fn parse_duration(text: &str) -> Option<Duration> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let text = text.strip_prefix('P')?;
    let (date, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let mut duration = Duration { negative, ..Duration::default() };
    units(date, "YMD", |unit, count| {
        match unit {
            'Y' => {
                duration.months = duration.months.checked_add(u32::try_from(count).ok()?.checked_mul(12)?)?
            }
            'M' => duration.months = duration.months.checked_add(u32::try_from(count).ok()?)?,
            _ => duration.seconds = duration.seconds.checked_add(count.checked_mul(86_400)?)?,
        }
        Some(())
    })?;
    let (time, fraction) = match time.split_once('.') {
        Some((head, tail)) => (format!("{head}S"), Some(tail.strip_suffix('S')?)),
        None => (time.to_owned(), None),
    };
    if let Some(digits) = fraction {
        let kept: String = digits.chars().chain("000000000".chars()).take(9).collect();
        let clean = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        duration.nanoseconds = clean.then(|| kept.parse().ok()).flatten()?;
    }
    units(&time, "HMS", |unit, count| {
        let size = match unit {
            'H' => 3_600,
            'M' => 60,
            _ => 1,
        };
        duration.seconds = duration.seconds.checked_add(count.checked_mul(size)?)?;
        Some(())
    })?;
    Some(duration)
}

/// Reads `3D4H` as (D, 3), (H, 4), in the order of `allowed`, each unit at most once.
fn units(text: &str, allowed: &str, mut take: impl FnMut(char, u64) -> Option<()>) -> Option<()> {
    let (mut rest, mut allowed) = (text, allowed);
    while !rest.is_empty() {
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(..count)?.parse().ok()?;
        let unit = rest[count..].chars().next()?;
        allowed = &allowed[allowed.find(unit)? + 1..];
        take(unit, number)?;
        rest = &rest[count + unit.len_utf8()..];
    }
    Some(())
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

    #[test]
    fn durations_read_and_write() {
        for text in ["PT0S", "P1Y2M3DT4H5M6.7S", "-P30D", "PT36.000000001S", "P1M", "PT1M"] {
            assert_eq!(text.parse::<Duration>().unwrap().to_string(), text);
        }
        for text in ["", "P", "PT", "P1S", "PT1D", "P1M1Y", "1D", "P-1D", "PT1.S", "P99999999999999999999D"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
