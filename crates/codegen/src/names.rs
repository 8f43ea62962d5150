//! Names of any language as Rust names: case, keywords, collisions.

use std::collections::HashSet;

/// Keywords that cannot be raw identifiers.
const NEVER_RAW: &[&str] = &["crate", "self", "super", "Self", "_"];

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Types that are there without being imported, and that an item of their name would hide.
pub(crate) const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32",
    "u64", "u8", "usize",
];

/// The words of a name: split at what is no letter or digit, and where case changes.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = name.chars().collect();
    for (index, c) in chars.iter().copied().enumerate() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = index.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(index + 1);
        let humped = before.is_some_and(|b| b.is_lowercase() || b.is_numeric()) && c.is_uppercase();
        let acronym_ends = before.is_some_and(char::is_uppercase)
            && c.is_uppercase()
            && after.is_some_and(|a| a.is_lowercase());
        if humped || acronym_ends {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Makes sure that it can be an identifier.
fn identifier(mut name: String) -> String {
    if name.chars().next().is_none_or(char::is_numeric) {
        name.insert(0, '_');
    }
    if NEVER_RAW.contains(&name.as_str()) {
        name.push('_');
    } else if KEYWORDS.contains(&name.as_str()) {
        name.insert_str(0, "r#");
    }
    name
}

/// As a function, field or module is called.
pub(crate) fn snake(name: &str) -> String {
    identifier(words(name).join("_"))
}

/// As a type, trait or variant is called.
pub(crate) fn pascal(name: &str) -> String {
    let capital = |word: String| {
        let mut chars = word.chars();
        let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
        first + chars.as_str()
    };
    identifier(words(name).into_iter().map(capital).collect())
}

/// As a constant is called.
pub(crate) fn screaming(name: &str) -> String {
    identifier(words(name).join("_").to_uppercase())
}

/// A name without what makes it an identifier.
pub(crate) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// Names that are taken in one scope; another of the same name gets a number.
#[derive(Debug, Default)]
pub(crate) struct Scope(HashSet<String>);

impl Scope {
    /// A scope in which these are taken.
    pub(crate) fn holding(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Takes a name with each of those endings.
    pub(crate) fn claim_with(&mut self, name: &str, endings: &[&str]) -> String {
        let mut candidate = name.to_owned();
        let mut number = 2;
        while endings.iter().any(|end| self.has(&format!("{candidate}{end}"))) {
            candidate = format!("{name}{number}");
            number += 1;
        }
        self.0.extend(endings.iter().map(|end| format!("{candidate}{end}")));
        candidate
    }

    /// Takes the first name that is free, or numbers the last.
    pub(crate) fn claim_first(&mut self, names: &[String]) -> String {
        let free = names.iter().find(|name| !self.has(name)).or(names.last());
        let free = free.cloned().unwrap_or_default();
        self.claim(free)
    }

    pub(crate) fn claim(&mut self, name: String) -> String {
        let mut candidate = name.clone();
        let mut number = 2;
        while !self.0.insert(candidate.clone()) {
            candidate = format!("{}{number}", plain(&name));
            number += 1;
        }
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_like_rust() {
        let table = [
            ("getAllProcessInfo", "get_all_process_info", "GetAllProcessInfo"),
            ("HTTPServer", "http_server", "HttpServer"),
            ("system.listMethods", "system_list_methods", "SystemListMethods"),
            ("type", "r#type", "Type"),
            ("self", "self_", "Self_"),
            ("2nd", "_2nd", "_2nd"),
            ("times10", "times10", "Times10"),
            ("été-ß", "été_ß", "ÉtéSS"),
            ("", "__", "__"),
        ];
        for (name, as_snake, as_pascal) in table {
            assert_eq!((snake(name).as_str(), pascal(name).as_str()), (as_snake, as_pascal), "{name}");
        }
    }

    #[test]
    fn collisions_are_numbered() {
        let mut scope = Scope::default();
        let names = ["a", "b", "a", "a"].map(|n| scope.claim(n.to_owned()));
        assert_eq!(names, ["a", "b", "a2", "a3"]);
    }
}
