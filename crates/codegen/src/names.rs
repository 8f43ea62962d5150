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
        let humped = before.is_some_and(|b| b.is_alphanumeric() && !b.is_uppercase()) && c.is_uppercase();
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

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// As a type, trait or variant is called.
pub(crate) fn pascal(name: &str) -> String {
    identifier(words(name).iter().map(|word| capital(word)).collect())
}

/// As a constant is called.
pub(crate) fn screaming(name: &str) -> String {
    identifier(words(name).join("_").to_uppercase())
}

/// A name without what makes it an identifier.
pub(crate) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

/// A way to spell all names of a type, as `rename_all` has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Camel,
    Pascal,
    Snake,
    Screaming,
    Lower,
    Kebab,
}

impl Case {
    const ALL: [(Self, &str); 6] = [
        (Self::Lower, "lowercase"),
        (Self::Snake, "snake_case"),
        (Self::Camel, "camelCase"),
        (Self::Pascal, "PascalCase"),
        (Self::Screaming, "SCREAMING_SNAKE_CASE"),
        (Self::Kebab, "kebab-case"),
    ];

    /// The one that saves most attributes on members, given as their names in Rust and on the wire;
    /// none if it would save one at most.
    pub(crate) fn of_all(names: &[(String, &str)]) -> Option<Self> {
        let plainly = names.iter().filter(|(rust, name)| plain(rust) == *name).count();
        let spelled = |case: Self| names.iter().filter(|(rust, name)| case.spell(rust) == *name).count();
        let cases = Self::ALL.iter().map(|(case, _)| (spelled(*case), *case));
        // the first of those that spell as many
        let (best, case) = cases.rev().max_by_key(|(count, _)| *count)?;
        (best >= plainly + 2).then_some(case)
    }

    /// What the derive makes of a name of Rust.
    pub(crate) fn spell(self, rust: &str) -> String {
        let words = words(plain(rust));
        match self {
            Self::Camel => {
                let first = words.first().cloned().unwrap_or_default();
                words.iter().skip(1).fold(first, |text, word| text + &capital(word))
            }
            Self::Pascal => words.iter().map(|word| capital(word)).collect(),
            Self::Snake => words.join("_"),
            Self::Screaming => words.join("_").to_uppercase(),
            Self::Lower => words.concat(),
            Self::Kebab => words.join("-"),
        }
    }

    /// What says so on the type.
    pub(crate) fn attribute(self) -> String {
        let name = Self::ALL.iter().find(|(case, _)| *case == self).map_or("", |(_, name)| name);
        format!("rename_all = {name:?}")
    }
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
    fn one_attribute_stands_for_many() {
        let case = |names: &[(&str, &'static str)]| {
            let names: Vec<(String, &str)> = names.iter().map(|(r, n)| ((*r).to_owned(), *n)).collect();
            Case::of_all(&names)
        };
        assert_eq!(case(&[("owner_name", "ownerName"), ("id", "id"), ("at_x", "atX")]), Some(Case::Camel));
        assert_eq!(case(&[("owner_name", "ownerName"), ("id", "id")]), None);
        assert_eq!(case(&[("MissingNode", "missing_node"), ("NotObject", "not_object")]), Some(Case::Snake));
        assert_eq!(case(&[("Red", "RED"), ("DarkRed", "DARK_RED"), ("R2", "r2")]), Some(Case::Screaming));
        assert_eq!(case(&[("Nobject", "nobject"), ("Ncontext", "ncontext")]), Some(Case::Lower));
        assert_eq!(Case::Kebab.attribute(), "rename_all = \"kebab-case\"");
    }

    #[test]
    fn collisions_are_numbered() {
        let mut scope = Scope::default();
        let names = ["a", "b", "a", "a"].map(|n| scope.claim(n.to_owned()));
        assert_eq!(names, ["a", "b", "a2", "a3"]);
    }
}
