//! `corbaloc:` and `corbaname:` (Naming Service 1.3, §2.5).

use std::fmt;
use std::str::FromStr;

use super::{Component, IiopProfile, Ior, IorError, Ssl};
use crate::cdr::Version;

/// The port where a `corbaloc:` names none.
const PORT: u16 = 2809;

fn fail(text: &str, reason: &'static str) -> IorError {
    IorError::Url { text: text.chars().take(80).collect(), reason }
}

/// The text after a scheme, in any case of letters.
fn after<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (prefix, rest) = text.split_at_checked(scheme.len())?;
    prefix.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// Reads a `corbaloc:`; each of its addresses becomes a profile.
pub(super) fn corbaloc(text: &str) -> Result<Ior, IorError> {
    let rest = after(text, "corbaloc:").ok_or_else(|| IorError::Form(text.chars().take(80).collect()))?;
    profiles(text, rest)
}

fn profiles(text: &str, rest: &str) -> Result<Ior, IorError> {
    let (addresses, key) = rest.split_once('/').unwrap_or((rest, ""));
    let key = unescape_key(key).ok_or_else(|| fail(text, "a % is not followed by two hexadecimal digits"))?;
    let mut profiles = Vec::new();
    for address in addresses.split(',') {
        let Place { version, host, port, tls } = place(address).map_err(|reason| fail(text, reason))?;
        profiles.push(if tls {
            // components are known from 1.1 on
            let plain = IiopProfile::new(version.max(Version::V1_1), host, 0, key.clone());
            plain.with(&Component::Ssl(Ssl::required(port)))
        } else {
            IiopProfile::new(version, host, port, key.clone())
        });
    }
    Ok(Ior::new("", &profiles))
}

/// One address of a `corbaloc:`.
struct Place {
    version: Version,
    host: String,
    port: u16,
    /// `ssliop`, as several ORBs have it beside the specification's `iiop`.
    tls: bool,
}

/// One address: `iiop:1.2@host:port`, of which only the first colon and the host must be there.
///
/// The specification has 1.0 stand for no version; every ORB in use speaks 1.2, which
/// is taken here, since text beyond ISO 8859-1 cannot travel in 1.0.
fn place(address: &str) -> Result<Place, &'static str> {
    let (tls, rest) = match address.split_once(':') {
        Some(("" | "iiop" | "IIOP", rest)) => (false, rest),
        Some(("ssliop" | "SSLIOP", rest)) => (true, rest),
        Some(("rir", _)) => return Err("rir: needs an ORB's configuration; name host and port"),
        Some(_) => return Err("the protocol of an address is neither iiop nor ssliop"),
        None => return Err("an address does not begin with iiop: or a colon"),
    };
    let (version, rest) = match rest.split_once('@') {
        Some((version, rest)) => (of_digits(version)?, rest),
        None => (Version::V1_2, rest),
    };
    let (host, port) = match rest.rsplit_once(':') {
        // the colons of an IPv6 address stand in brackets
        Some((host, port)) if !port.ends_with(']') => {
            (host, port.parse().map_err(|_| "the port is not a number up to 65535")?)
        }
        _ => (rest, PORT),
    };
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    if host.is_empty() {
        return Err("an address has no host");
    }
    Ok(Place { version, host: host.to_owned(), port, tls })
}

fn of_digits(text: &str) -> Result<Version, &'static str> {
    let wrong = "the version is not 1.0, 1.1 or 1.2";
    let (major, minor) = text.split_once('.').ok_or(wrong)?;
    match (major.parse(), minor.parse()) {
        (Ok(1), Ok(minor)) => Ok(Version { major: 1, minor }.min(Version::V1_2)),
        _ => Err(wrong),
    }
}

/// The octets of an object key that is written with %-escapes; `None` for half an escape.
#[must_use]
pub fn unescape_key(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            octets.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = rest else { return None };
        let digit = |digit: &u8| char::from(*digit).to_digit(16);
        octets.push((digit(high)? << 4 | digit(low)?) as u8);
        rest = tail;
    }
    Some(octets)
}

/// An object key as a `corbaloc:` writes it (§2.5.2.5).
#[must_use]
pub fn escape_key(key: &[u8]) -> String {
    let mut text = String::with_capacity(key.len());
    for octet in key {
        match octet {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => text.push(char::from(*octet)),
            b';' | b'/' | b':' | b'?' | b'@' | b'&' | b'=' | b'+' | b'$' | b',' | b'-' | b'_' | b'.'
            | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => text.push(char::from(*octet)),
            other => text.push_str(&format!("%{other:02x}")),
        }
    }
    text
}

/// One step of a name in a naming service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameComponent {
    /// The identifier.
    pub id: String,
    /// The kind; mostly empty.
    pub kind: String,
}

impl fmt::Display for NameComponent {
    /// As in a stringified name, `id.kind`, with escapes (Naming Service 1.3, §2.4.1).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('/', "\\/").replace('.', "\\.");
        f.write_str(&escaped(&self.id))?;
        if !self.kind.is_empty() || self.id.is_empty() {
            write!(f, ".{}", escaped(&self.kind))?;
        }
        Ok(())
    }
}

/// A `corbaname:`: a naming service, and a name to resolve there.
///
/// ```
/// use farcall_corba::ior::Corbaname;
///
/// let url: Corbaname = "corbaname::127.0.0.1:2809#bank/main.account".parse()?;
/// assert_eq!(url.name[1].kind, "account");
/// # Ok::<(), farcall_corba::ior::IorError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corbaname {
    /// The naming context to ask.
    pub context: Ior,
    /// The name; empty for the context itself.
    pub name: Vec<NameComponent>,
}

impl FromStr for Corbaname {
    type Err = IorError;

    fn from_str(text: &str) -> Result<Self, IorError> {
        let rest =
            after(text, "corbaname:").ok_or_else(|| IorError::Form(text.chars().take(80).collect()))?;
        let (place, name) = rest.split_once('#').unwrap_or((rest, ""));
        let context = if place.contains('/') {
            profiles(text, place)?
        } else {
            profiles(text, &format!("{place}/NameService"))?
        };
        let name = unescape_key(name).and_then(|octets| String::from_utf8(octets).ok());
        let name = name.ok_or_else(|| fail(text, "the name's %-escapes are not UTF-8"))?;
        Ok(Self { context, name: parse_name(&name).map_err(|reason| fail(text, reason))? })
    }
}

/// Reads a stringified name; an empty text has no components (Naming Service 1.3, §2.4.1).
///
/// # Errors
/// What is wrong with it.
pub fn parse_name(text: &str) -> Result<Vec<NameComponent>, &'static str> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut components = Vec::new();
    let (mut current, mut in_kind, mut empty) = (NameComponent::default(), false, true);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '/' if empty => return Err("a component of the name is empty"),
            '/' if in_kind && is_cut(&current) => return Err("a component of the name ends with a dot"),
            '/' => {
                components.push(std::mem::take(&mut current));
                (in_kind, empty) = (false, true);
                continue;
            }
            '.' if in_kind => return Err("a component of the name has two dots"),
            '.' => {
                (in_kind, empty) = (true, false);
                continue;
            }
            '\\' => chars.next().ok_or("the name ends with a backslash")?,
            other => other,
        };
        empty = false;
        if in_kind { current.kind.push(c) } else { current.id.push(c) }
    }
    if empty {
        return Err("a component of the name is empty");
    }
    if in_kind && is_cut(&current) {
        return Err("a component of the name ends with a dot");
    }
    components.push(current);
    Ok(components)
}

/// True for an identifier whose kind is missing after the dot.
fn is_cut(component: &NameComponent) -> bool {
    !component.id.is_empty() && component.kind.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corbaloc_in_all_its_forms() {
        for (text, version, host, port, key) in [
            ("corbaloc::localhost/fortune", Version::V1_2, "localhost", 2809, "fortune"),
            ("corbaloc:iiop:1.1@h:1/a/b", Version::V1_1, "h", 1, "a/b"),
            ("CORBALOC:iiop:1.0@[::1]:70/x%2fy", Version::V1_0, "::1", 70, "x/y"),
            ("corbaloc::[::1]/k", Version::V1_2, "::1", 2809, "k"),
            ("corbaloc:iiop:1.9@h", Version::V1_2, "h", 2809, ""),
        ] {
            let profile = text.parse::<Ior>().unwrap().iiop().next().unwrap();
            assert_eq!(profile, IiopProfile::new(version, host, port, key), "{text}");
        }
        let tls: Ior = "corbaloc:ssliop:1.2@h:7/k".parse().unwrap();
        let tls = tls.iiop().next().unwrap();
        assert_eq!((tls.port, tls.tls()), (0, Some(Ssl::required(7))));
        let two: Ior = "corbaloc::a:1,iiop:1.0@b:2/key".parse().unwrap();
        assert_eq!(two.iiop().map(|p| p.host).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn refuses_malformed_urls() {
        for text in [
            "corbaloc:",
            "corbaloc:localhost/x",
            "corbaloc::/x",
            "corbaloc::h:99999/x",
            "corbaloc::h/%2",
            "corbaloc::h/%zz",
            "corbaloc:rir:/NameService",
            "corbaloc:iiop:2.0@h/x",
            "corbaloc::h,/x",
            "corbalö",
        ] {
            assert!(text.parse::<Ior>().is_err(), "{text}");
        }
        for text in
            ["corbaname:", "corbaname::h#a//b", "corbaname::h#a.b.c", "corbaname::h#a\\", "corbaname::h#/"]
        {
            assert!(text.parse::<Corbaname>().is_err(), "{text}");
        }
    }

    #[test]
    fn names_keep_their_escapes() {
        let url: Corbaname = "corbaname::h#a%5c/b.k/%5c.x".parse().unwrap();
        let names: Vec<String> = url.name.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["a\\/b.k", "\\.x"]);
        assert_eq!(url.context.iiop().next().unwrap().object_key, "NameService");
    }

    #[test]
    fn keys_of_any_octets() {
        let key: Vec<u8> = (0..=255).collect();
        assert_eq!(unescape_key(&escape_key(&key)).unwrap(), key);
    }
}
