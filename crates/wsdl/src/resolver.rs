//! Where the documents of a description may come from.
//!
//! ```
//! use farcall_wsdl::resolver::join;
//!
//! assert_eq!(join("wsdl/bank.wsdl", "../xsd/types.xsd"), "xsd/types.xsd");
//! assert_eq!(join("http://a.example/x/y?wsdl", "z.xsd"), "http://a.example/x/z.xsd");
//! assert_eq!(join("bank.wsdl", "http://a.example/b.xsd"), "http://a.example/b.xsd");
//! ```

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Gives the documents that a description imports.
///
/// The standard schemas are built in: a resolver is never asked for them.
pub trait Resolver {
    /// The bytes of the document at a location, which is absolute or relative to the first
    /// document's, as [`join`] makes it. No more than `limit` bytes are wanted.
    ///
    /// # Errors
    /// [`ResolveError`]: the policy refuses the location, or nothing could be read there.
    fn open(&self, location: &str, limit: usize) -> Result<Vec<u8>, ResolveError>;
}

/// Why a document could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResolveError {
    /// The policy does not allow it.
    Refused {
        /// Where it is.
        location: String,
        /// What the policy allows.
        allowed: String,
    },
    /// It could not be read.
    Unreadable {
        /// Where it is.
        location: String,
        /// What went wrong.
        reason: String,
    },
    /// It is larger than what is left of the limit.
    TooLarge {
        /// Where it is.
        location: String,
        /// How many bytes were allowed.
        limit: usize,
    },
}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { location, allowed } => {
                write!(f, "{location} is refused: only {allowed} may be read; allow it, or load a local copy")
            }
            Self::Unreadable { location, reason } => write!(f, "{location} cannot be read: {reason}"),
            Self::TooLarge { location, limit } => {
                write!(f, "{location} is larger than the {limit} bytes that `LoadOptions::bytes` leaves")
            }
        }
    }
}

impl std::error::Error for ResolveError {}

/// Files below one directory; every URL is refused.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// Files below this directory.
    pub fn below(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Files beside this one, and in directories below.
    #[must_use]
    pub fn beside(file: &Path) -> Self {
        let parent = file.parent().filter(|p| !p.as_os_str().is_empty());
        Self::below(parent.unwrap_or_else(|| Path::new(".")))
    }
}

impl Resolver for Files {
    fn open(&self, location: &str, limit: usize) -> Result<Vec<u8>, ResolveError> {
        let refused = || ResolveError::Refused {
            location: location.to_owned(),
            allowed: format!("files below {}", self.root.display()),
        };
        if scheme(location).is_some() {
            return Err(refused());
        }
        let unreadable = |e: std::io::Error| ResolveError::Unreadable {
            location: location.to_owned(),
            reason: e.to_string(),
        };
        // links are followed before the root is compared, so that none leads out
        let root = self.root.canonicalize().map_err(unreadable)?;
        let path = Path::new(location).canonicalize().map_err(unreadable)?;
        if !path.starts_with(&root) {
            return Err(refused());
        }
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() > limit {
            return Err(ResolveError::TooLarge { location: location.to_owned(), limit });
        }
        Ok(bytes)
    }
}

/// Documents of one origin (scheme, host and port), and of those that were allowed beside it, fetched
/// by a function of the caller's; every other location is refused.
pub struct SameOrigin<F> {
    origins: Vec<String>,
    fetch: F,
}

impl<F> SameOrigin<F>
where
    F: Fn(&str, usize) -> Result<Vec<u8>, ResolveError>,
{
    /// Documents of the origin of this URL.
    pub fn of(url: &str, fetch: F) -> Self {
        Self { origins: vec![origin(url).to_ascii_lowercase()], fetch }
    }

    /// Allows the origin of this URL too.
    #[must_use]
    pub fn and(mut self, url: &str) -> Self {
        self.origins.push(origin(url).to_ascii_lowercase());
        self
    }
}

impl<F> fmt::Debug for SameOrigin<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SameOrigin").field("origins", &self.origins).finish_non_exhaustive()
    }
}

impl<F> Resolver for SameOrigin<F>
where
    F: Fn(&str, usize) -> Result<Vec<u8>, ResolveError>,
{
    fn open(&self, location: &str, limit: usize) -> Result<Vec<u8>, ResolveError> {
        let wanted = origin(location).to_ascii_lowercase();
        if wanted.is_empty() || !self.origins.contains(&wanted) {
            let allowed = format!("what {} serves", self.origins.join(" or "));
            return Err(ResolveError::Refused { location: location.to_owned(), allowed });
        }
        (self.fetch)(location, limit)
    }
}

/// Nothing at all: the description must be one document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Resolver for Nothing {
    fn open(&self, location: &str, _limit: usize) -> Result<Vec<u8>, ResolveError> {
        Err(ResolveError::Refused {
            location: location.to_owned(),
            allowed: "the document itself".to_owned(),
        })
    }
}

/// The scheme of a URL; none for a path, drive letters included.
fn scheme(location: &str) -> Option<&str> {
    let (scheme, _) = location.split_once(':')?;
    let valid = scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    valid.then_some(scheme)
}

/// The scheme, host and port of a URL.
fn origin(url: &str) -> &str {
    let Some(start) = url.find("://") else { return "" };
    let end = url[start + 3..].find(['/', '?', '#']).map_or(url.len(), |end| start + 3 + end);
    &url[..end]
}

/// Where a reference in the document at `base` leads (RFC 3986, section 5), for URLs and for paths.
#[must_use]
pub fn join(base: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or("").trim();
    if reference.is_empty() {
        return base.to_owned();
    }
    if scheme(reference).is_some() {
        return reference.to_owned();
    }
    let reference = reference.replace('\\', "/");
    let host = origin(base);
    if reference.starts_with("//") {
        return format!("{}:{reference}", scheme(base).unwrap_or("http"));
    }
    if reference.starts_with('/') {
        return format!("{host}{}", normal(&reference));
    }
    let path = &base[host.len()..];
    let path = if host.is_empty() { path } else { path.split(['?', '#']).next().unwrap_or("") };
    let directory = path.rfind('/').map_or(if host.is_empty() { "" } else { "/" }, |at| &path[..=at]);
    format!("{host}{}", normal(&format!("{directory}{reference}")))
}

/// A path without `.` and, as far as it goes, without `..`.
fn normal(path: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let absolute = path.starts_with('/');
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if out.last().is_some_and(|last| *last != "..") => {
                out.pop();
            }
            ".." if absolute => {}
            step => out.push(step),
        }
    }
    format!("{}{}", if absolute { "/" } else { "" }, out.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_lead_where_they_should() {
        for (base, reference, expected) in [
            ("/a/b/c.wsdl", "./d.xsd", "/a/b/d.xsd"),
            ("/a/b/c.wsdl", "../../../d.xsd", "/d.xsd"),
            ("c.wsdl", "../d.xsd", "../d.xsd"),
            ("a/c.wsdl", "d.xsd#x", "a/d.xsd"),
            ("a/c.wsdl", "", "a/c.wsdl"),
            ("http://h:1/a/b", "/c", "http://h:1/c"),
            ("http://h", "c", "http://h/c"),
            ("http://h/a?wsdl", "//i/c", "http://i/c"),
            ("a.wsdl", "sub\\b.xsd", "sub/b.xsd"),
        ] {
            assert_eq!(join(base, reference), expected, "{base} {reference}");
        }
    }

    #[test]
    fn other_places_are_refused_by_name() {
        let files = Files::below(env!("CARGO_MANIFEST_DIR"));
        for location in ["http://a.example/b.xsd", "file:///etc/passwd", "/etc/passwd", "../../Cargo.toml"] {
            let refused = files.open(location, 1000).unwrap_err();
            assert!(matches!(refused, ResolveError::Refused { .. }), "{refused}");
            assert!(refused.to_string().contains(location));
        }
        let fetched = |_: &str, _| Ok(vec![1]);
        let origin = SameOrigin::of("https://a.example:8443/x?wsdl", fetched);
        assert_eq!(origin.open("https://A.example:8443/y.xsd", 9), Ok(vec![1]));
        for location in
            ["https://a.example/y", "http://a.example:8443/y", "https://a.example:8443.evil/y", "y"]
        {
            assert!(origin.open(location, 9).is_err(), "{location}");
        }
        let both = origin.and("http://schemas.example/ignored");
        assert_eq!(both.open("http://schemas.example/y.xsd", 9), Ok(vec![1]));
        assert!(both.open("http://schemas.example:81/y.xsd", 9).is_err());
        assert!(both.open("file:///etc/passwd", 9).is_err());
        assert!(Nothing.open("x", 1).is_err());
    }
}
