//! Writing dates and times: by hand, without memory of their own, as they come in bulk.

use super::{Date, Time};

/// The longest: a year of ten digits and its sign, nanoseconds, a zone.
const LONGEST: usize = "-2147483648-12-31T23:59:59.999999999+14:00".len();

/// A text of a date and time.
pub(super) struct Ascii {
    octets: [u8; LONGEST],
    len: usize,
}

impl Ascii {
    pub(super) fn new() -> Self {
        Self { octets: [0; LONGEST], len: 0 }
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.octets[..self.len]).unwrap_or_default()
    }

    pub(super) fn put(&mut self, octet: u8) {
        if let Some(place) = self.octets.get_mut(self.len) {
            *place = octet;
            self.len += 1;
        }
    }

    /// That many digits, zeros first.
    pub(super) fn digits(&mut self, mut number: u32, digits: usize) {
        let end = self.len + digits;
        for place in self.octets[self.len..end].iter_mut().rev() {
            *place = b'0' + (number % 10) as u8;
            number /= 10;
        }
        self.len = end;
    }

    /// A year in no less than four digits.
    pub(super) fn year(&mut self, year: i32) {
        if year < 0 {
            self.put(b'-');
        }
        let year = year.unsigned_abs();
        self.digits(year, if year <= 9999 { 4 } else { year.ilog10() as usize + 1 });
    }

    pub(super) fn date(&mut self, date: Date) {
        self.year(date.year);
        self.put(b'-');
        self.digits(date.month.into(), 2);
        self.put(b'-');
        self.digits(date.day.into(), 2);
    }

    pub(super) fn time(&mut self, time: Time) {
        self.digits(time.hour.into(), 2);
        self.put(b':');
        self.digits(time.minute.into(), 2);
        self.put(b':');
        self.digits(time.second.into(), 2);
        if time.nanosecond != 0 {
            self.put(b'.');
            self.digits(time.nanosecond, 9);
            while self.octets[self.len - 1] == b'0' {
                self.len -= 1;
            }
        }
    }

    /// A zone in minutes, if there is one.
    pub(super) fn offset(&mut self, offset: Option<i16>) {
        match offset {
            None => {}
            Some(0) => self.put(b'Z'),
            Some(minutes) => {
                self.put(if minutes < 0 { b'-' } else { b'+' });
                let minutes = u32::from(minutes.unsigned_abs());
                self.digits(minutes / 60, 2);
                self.put(b':');
                self.digits(minutes % 60, 2);
            }
        }
    }
}
