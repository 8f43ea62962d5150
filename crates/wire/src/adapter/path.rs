//! Keys of objects as paths of URLs (RFC 3986, §2.1 and §3.3).

/// The path under which a key is called over HTTP, with its `/` at the beginning.
///
/// ```
/// use farcall_wire::adapter::{key_of_path, path_of_key};
///
/// let path = path_of_key(b"bank/\xffa b");
/// assert_eq!(path, "/bank/%FFa%20b");
/// assert_eq!(key_of_path(&path).unwrap(), b"bank/\xffa b");
/// ```
#[must_use]
pub fn path_of_key(key: &[u8]) -> String {
    let mut path = String::with_capacity(key.len() + 1);
    path.push('/');
    for octet in key {
        match octet {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                path.push(char::from(*octet));
            }
            other => path.push_str(&format!("%{other:02X}")),
        }
    }
    path
}

/// The key that a path is of; `None` for half an escape.
#[must_use]
pub fn key_of_path(path: &str) -> Option<Vec<u8>> {
    let mut rest = path.strip_prefix('/').unwrap_or(path).as_bytes();
    let mut key = Vec::with_capacity(rest.len());
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            key.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else { return None };
        let digit = |digit: &u8| char::from(*digit).to_digit(16);
        key.push((digit(high)? << 4 | digit(low)?) as u8);
        rest = tail;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_path() {
        let key: Vec<u8> = (0..=255).collect();
        assert_eq!(key_of_path(&path_of_key(&key)).unwrap(), key);
        for half in ["/%", "/%4", "/%zz"] {
            assert_eq!(key_of_path(half), None);
        }
    }
}
