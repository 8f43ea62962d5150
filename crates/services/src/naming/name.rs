//! Names as text and in URLs (Naming Service 1.3, §2.4 and §2.5.3).

use farcall::corba::ior;

use super::interface::{InvalidAddress, InvalidName, Name, NameComponent, UrlError};

/// A name from its text: components apart by `/`, identifier and kind by `.`, any of them after a `\`
/// standing for itself; `.` alone is a component whose identifier and kind are empty.
///
/// # Errors
/// [`InvalidName`] for no component or an empty one, two dots in one, a dot or backslash at the end.
///
/// ```
/// use farcall_services::naming::to_name;
///
/// let name = to_name("banks/main.account")?;
/// assert_eq!((&*name[1].id, &*name[1].kind), ("main", "account"));
/// assert!(to_name("banks//main").is_err());
/// # Ok::<(), farcall_services::naming::InvalidName>(())
/// ```
pub fn to_name(text: &str) -> Result<Name, InvalidName> {
    let components = ior::parse_name(text).map_err(|_| InvalidName {})?;
    if components.is_empty() {
        return Err(InvalidName {});
    }
    Ok(components.into_iter().map(|c| NameComponent { id: c.id, kind: c.kind }).collect())
}

/// A name as text; see [`to_name`].
///
/// # Errors
/// [`InvalidName`] for no component.
pub fn to_string(name: &[NameComponent]) -> Result<String, InvalidName> {
    if name.is_empty() {
        return Err(InvalidName {});
    }
    let one = |c: &NameComponent| ior::NameComponent { id: c.id.clone(), kind: c.kind.clone() }.to_string();
    Ok(name.iter().map(one).collect::<Vec<_>>().join("/"))
}

/// The `corbaname:` of a name, given as text, at an address of the form that a `corbaloc:` has after its
/// scheme: `:host:port`, several apart by commas, with or without a key.
///
/// # Errors
/// [`UrlError`] says which of both is malformed.
pub fn to_url(address: &str, name: &str) -> Result<String, UrlError> {
    let context = format!("corbaname:{address}");
    if address.is_empty() || context.parse::<ior::Corbaname>().is_err() || address.contains('#') {
        return Err(InvalidAddress {}.into());
    }
    // an empty name is that of the context itself
    if !name.is_empty() {
        to_name(name)?;
    }
    Ok(format!("{context}#{}", ior::escape_key(name.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_texts_and_back() {
        for text in ["a", "a.b", ".b", ".", "a/./b.c", "a\\/b\\.c\\\\.d", "ä ö"] {
            assert_eq!(to_string(&to_name(text).unwrap()).unwrap(), text);
        }
        for text in ["", "/", "a/", "/a", "a//b", "a.b.c", "a.", "a\\"] {
            assert!(to_name(text).is_err(), "{text:?}");
        }
        assert!(to_string(&[]).is_err());
    }

    #[test]
    fn urls_escape_what_they_must() {
        assert_eq!(to_url(":h:1", "a.b/c d<").unwrap(), "corbaname::h:1#a.b/c%20d%3c");
        assert_eq!(to_url("iiop:1.2@h/NameService", "").unwrap(), "corbaname:iiop:1.2@h/NameService#");
        assert!(matches!(to_url("", "a"), Err(UrlError::InvalidAddress(_))));
        assert!(matches!(to_url("nowhere:h", "a"), Err(UrlError::InvalidAddress(_))));
        assert!(matches!(to_url(":h", "a//b"), Err(UrlError::InvalidName(_))));
    }
}
