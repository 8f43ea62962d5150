//! Reading dates and times, in every ISO 8601 form that RPC peers send.

use std::str::FromStr;

use super::{Date, DateTime, InvalidTime, Time};

/// Reads fields off the front of a text; every step says `None` on what it does not know.
struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    fn digits(&mut self, count: usize) -> Option<u32> {
        // no more than nine, which fit
        let mut number = 0;
        for octet in self.rest.as_bytes().get(..count)? {
            if !octet.is_ascii_digit() {
                return None;
            }
            number = number * 10 + u32::from(octet - b'0');
        }
        self.rest = &self.rest[count..];
        Some(number)
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
