//! `rename_all`: the ways to spell a name.

use crate::attr::{Errors, Item};

/// A way to spell names of several words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Camel,
    Pascal,
    Snake,
    Kebab,
    Screaming,
    Lower,
}

const CASES: [(&str, Case); 6] = [
    ("camelCase", Case::Camel),
    ("PascalCase", Case::Pascal),
    ("snake_case", Case::Snake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING_SNAKE_CASE", Case::Screaming),
    ("lowercase", Case::Lower),
];

impl Case {
    /// The one that `rename_all = "…"` names.
    pub(crate) fn parse(item: &Item, errors: &mut Errors) -> Option<Self> {
        let text = item.text(errors)?;
        let found = CASES.iter().find(|(name, _)| *name == text.value());
        if found.is_none() {
            let known: Vec<_> = CASES.iter().map(|(name, _)| format!("`{name}`")).collect();
            errors.at(&text, format!("unknown case; there are {}", known.join(", ")));
        }
        found.map(|(_, case)| *case)
    }

    /// A Rust name, of a field or of a variant, spelled this way.
    pub(crate) fn apply(self, name: &str) -> String {
        let words = words(name);
        match self {
            Self::Camel => {
                let first = words.first().cloned().unwrap_or_default();
                words.iter().skip(1).fold(first, |text, word| text + &capital(word))
            }
            Self::Pascal => words.iter().map(|word| capital(word)).collect(),
            Self::Snake => words.join("_"),
            Self::Kebab => words.join("-"),
            Self::Screaming => words.join("_").to_uppercase(),
            Self::Lower => words.concat(),
        }
    }
}

/// The words of a name, in lower case: `HTTPServer`, `http_server` and `HttpServer` have the same two.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    for (i, &c) in chars.iter().enumerate() {
        if c == '_' {
            fresh = true;
            continue;
        }
        let after_lower = i > 0 && !chars[i - 1].is_uppercase();
        let before_lower = chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        fresh |= c.is_uppercase() && (after_lower || before_lower);
        if fresh {
            words.push(String::new());
            fresh = false;
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn every_case_of_fields_and_variants() {
        let table = [
            (Case::Camel, "openedAt", "httpServer2"),
            (Case::Pascal, "OpenedAt", "HttpServer2"),
            (Case::Snake, "opened_at", "http_server2"),
            (Case::Kebab, "opened-at", "http-server2"),
            (Case::Screaming, "OPENED_AT", "HTTP_SERVER2"),
            (Case::Lower, "openedat", "httpserver2"),
        ];
        for (case, field, variant) in table {
            assert_eq!(case.apply("opened_at"), field);
            assert_eq!(case.apply("HTTPServer2"), variant);
            assert_eq!(case.apply("HttpServer2"), variant);
        }
        assert_eq!(Case::Camel.apply("_hidden"), "hidden");
    }
}
