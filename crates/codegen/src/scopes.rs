//! Scopes of descriptions as paths of Rust modules.

use std::collections::{BTreeMap, HashMap};

use crate::names::snake;
use crate::options::Options;

/// The path of modules for each scope, as names that may still collide.
pub(crate) fn paths<'a>(
    scopes: impl Iterator<Item = &'a str>,
    options: &Options,
) -> HashMap<&'a str, Vec<String>> {
    let mut out = HashMap::new();
    let mut uris = Vec::new();
    for scope in scopes {
        if out.contains_key(scope) || uris.contains(&scope) {
            continue;
        }
        if let Some(path) = options.modules.get(scope) {
            out.insert(scope, path.split("::").map(snake).collect());
        } else if is_uri(scope) {
            uris.push(scope);
        } else {
            out.insert(scope, scope.split("::").filter(|part| !part.is_empty()).map(snake).collect());
        }
    }
    out.extend(of_uris(&uris).into_iter().map(|(uri, name)| (uri, vec![name])));
    out
}

/// True for XML namespaces, which are no paths of modules.
fn is_uri(scope: &str) -> bool {
    scope.contains("://") || scope.contains('/') || (scope.contains(':') && !scope.contains("::"))
}

/// A name for each: the shortest end of it that no other has too and that says something.
fn of_uris<'a>(uris: &[&'a str]) -> BTreeMap<&'a str, String> {
    let parts: Vec<Vec<String>> = uris.iter().map(|uri| parts(uri)).collect();
    let end = |parts: &[String], len: usize| snake(&parts[parts.len() - len..].join("_"));
    let mut out = BTreeMap::new();
    for (index, uri) in uris.iter().enumerate() {
        let own = &parts[index];
        let says_something = |len: usize| own[own.len() - len..].iter().any(|part| !is_generic(part));
        let unique = |len: usize| {
            let name = end(own, len);
            let others = parts.iter().enumerate().filter(|(other, _)| *other != index);
            others.filter(|(_, other)| other.len() >= len).all(|(_, other)| end(other, len) != name)
        };
        let len = (1..=own.len()).find(|len| says_something(*len) && unique(*len)).unwrap_or(own.len());
        out.insert(*uri, if own.is_empty() { "types".to_owned() } else { end(own, len) });
    }
    out
}

/// The parts of a URI, the host's in the order of importance.
fn parts(uri: &str) -> Vec<String> {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let rest = rest.strip_prefix("urn:").unwrap_or(rest);
    let (first, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = uri.contains("://");
    let first: Vec<&str> = if host { host_parts(first) } else { first.split(':').collect() };
    let path = path.split(['/', ':', '#', '?']);
    let ends = [".xsd", ".wsdl", ".asmx", ".svc"];
    let plain =
        |part: &str| ends.iter().fold(part.to_owned(), |part, end| part.trim_end_matches(end).to_owned());
    first.into_iter().chain(path).filter(|part| !part.is_empty()).map(plain).collect()
}

/// `www.shop.example.org:80` as `example`, `shop`.
fn host_parts(host: &str) -> Vec<&str> {
    let host = host.split(':').next().unwrap_or_default();
    let mut parts: Vec<&str> = host.split('.').filter(|part| *part != "www").collect();
    if parts.len() > 1 {
        parts.pop();
    }
    parts.reverse();
    parts
}

/// True for what many namespaces have and none is known by.
fn is_generic(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    let digits = part.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let version = digits.starts_with(|c: char| c.is_ascii_digit())
        && matches!(&part[..part.len() - digits.len()], "" | "v" | "ver" | "version" | "r");
    version
        || matches!(
            part.as_str(),
            "wsdl" | "schema" | "schemas" | "xsd" | "xml" | "types" | "service" | "services"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_have_paths_that_read_well() {
        let scopes = [
            "",
            "CosNaming::NamingContext",
            "http://www.onvif.org/ver10/media/wsdl",
            "http://www.onvif.org/ver20/media/wsdl",
            "http://www.onvif.org/ver10/schema",
            "http://tempuri.org/",
            "urn:example:bank:v1",
            "http://a.example/Types.xsd",
            "odd",
        ];
        let options = Options::new("x").module("odd", "my::odd_ones");
        let paths = paths(scopes.into_iter(), &options);
        let read: Vec<String> = scopes.iter().map(|scope| paths[scope].join("::")).collect();
        let expected = [
            "",
            "cos_naming::naming_context",
            "ver10_media_wsdl",
            "ver20_media_wsdl",
            "onvif_ver10_schema",
            "tempuri",
            "bank_v1",
            "a_types",
            "my::odd_ones",
        ];
        assert_eq!(read, expected);
    }
}
