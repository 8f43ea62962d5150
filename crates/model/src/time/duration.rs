//! [`Duration`]: a length of time as XSD writes it.

use std::fmt;
use std::str::FromStr;

use super::InvalidTime;

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
    fn durations_read_and_write() {
        for text in ["PT0S", "P1Y2M3DT4H5M6.7S", "-P30D", "PT36.000000001S", "P1M", "PT1M"] {
            assert_eq!(text.parse::<Duration>().unwrap().to_string(), text);
        }
        for text in ["", "P", "PT", "P1S", "PT1D", "P1M1Y", "1D", "P-1D", "PT1.S", "P99999999999999999999D"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
