//! Times and sizes as people write them.

use std::time::Duration;

/// A time such as `500ms`, `1.5s`, `2m` or `1h`; seconds without a unit.
pub(crate) fn time(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text);
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("'{unit}' is no unit of time; write ms, s, m or h")),
    };
    let number: f64 = number.parse().map_err(|_| "write a number and a unit, such as 5s".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

/// A size in octets, such as `65536`, `512K`, `64M` or `1G` (of 1024).
pub(crate) fn octets(text: &str) -> Result<usize, String> {
    let (number, unit) = split(text);
    let factor: usize = match unit.to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return Err(format!("'{unit}' is no unit of size; write K, M or G")),
    };
    let number: usize =
        number.parse().map_err(|_| "write a whole number and a unit, such as 64M".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "more than this machine can address".to_owned())
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times_and_sizes() {
        for (text, ms) in [("5", 5000), ("500ms", 500), ("1.5s", 1500), ("2m", 120_000), ("1h", 3_600_000)] {
            assert_eq!(time(text), Ok(Duration::from_millis(ms)), "{text}");
        }
        for (text, size) in [("7", 7), ("512K", 512 << 10), ("64MiB", 64 << 20), ("1g", 1 << 30)] {
            assert_eq!(octets(text), Ok(size), "{text}");
        }
        for wrong in ["", "s", "-1s", "5x", "1e400s", "1.2.3s"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "K", "-1", "1.5K", "99999999999G", "5X"] {
            assert!(octets(wrong).is_err(), "{wrong}");
        }
    }
}
