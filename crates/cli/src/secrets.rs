//! Where secrets come from (a file, the environment, a prompt) and how they
//! are kept out of what is shown.

use std::io::Read as _;

use crate::exit::Failure;

/// The variable that holds the password of `-u USER`.
pub(crate) const PASSWORD: &str = "FARCALL_PASSWORD";

/// Shorter texts are not masked inside of messages, for they would be found everywhere.
const MASKED: usize = 4;

/// The secrets of one command, to be masked wherever they appear.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    /// Remembers a secret, also as XML writes it.
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.len() < MASKED {
            return;
        }
        let escaped = secret.replace('&', "&amp;").replace('<', "&lt;");
        let forms = [secret.to_owned(), escaped.replace('>', "&gt;"), escaped];
        for form in forms {
            if !self.0.contains(&form) {
                self.0.push(form);
            }
        }
        // a secret that has another in it goes first
        self.0.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }

    /// The text with every secret in it masked.
    pub(crate) fn mask(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}

/// A text from where `source` says: `@FILE`, `@-` for standard input, `env:NAME`, `prompt`;
/// `None` if it is none of these.
pub(crate) fn from_source(source: &str, what: &str) -> Result<Option<String>, Failure> {
    if let Some(path) = source.strip_prefix('@') {
        return file(path).map(Some);
    }
    if let Some(name) = source.strip_prefix("env:") {
        return std::env::var(name).map(Some).map_err(|error| {
            Failure::usage(format!("the environment variable {name} cannot be used: {error}"))
                .at(what)
                .then_try(format!("export {name}=…"))
        });
    }
    Ok(if source == "prompt" { Some(prompt(what)?) } else { None })
}

/// A file's text without the line break at its end; `-` is standard input.
pub(crate) fn file(path: &str) -> Result<String, Failure> {
    let mut text = octets(path)?;
    while text.ends_with(['\n', '\r']) {
        text.pop();
    }
    Ok(text)
}

/// A file's text as it is; `-` is standard input.
pub(crate) fn octets(path: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = match path {
        "-" => std::io::stdin().read_to_string(&mut text).map(drop),
        path => std::fs::read_to_string(path).map(|read| text = read),
    };
    read.map_err(|error| Failure::file(path, &error))?;
    Ok(text)
}

/// Asks at the terminal, without showing what is typed.
fn prompt(what: &str) -> Result<String, Failure> {
    rpassword::prompt_password(format!("{what}: ")).map_err(|error| {
        Failure::usage(format!("{what} is needed, and there is no terminal to ask at: {error}"))
            .then_try(format!("a file, as in -u USER:@FILE, or the variable {PASSWORD}"))
    })
}

/// User and password of `-u`; the flag says that the password stood on the line.
pub(crate) fn user(text: &str) -> Result<(String, String, bool), Failure> {
    let Some((user, source)) = text.split_once(':') else {
        let password = match std::env::var(PASSWORD) {
            Ok(password) => password,
            Err(_) => prompt(&format!("Password of {text}"))?,
        };
        return Ok((text.to_owned(), password, false));
    };
    match from_source(source, &format!("Password of {user}"))? {
        Some(password) => Ok((user.to_owned(), password, false)),
        None => Ok((user.to_owned(), source.to_owned(), !source.is_empty())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_in_every_form() {
        let mut secrets = Secrets::default();
        for secret in ["pass", "a<b&c>d", "password", "abc"] {
            secrets.add(secret);
        }
        let text = secrets.mask("password pass a<b&c>d a&lt;b&amp;c>d a&lt;b&amp;c&gt;d abc");
        assert_eq!(text, "*** *** *** *** *** abc");
    }

    #[test]
    fn passwords_come_from_files_and_say_when_they_stand_on_the_line() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "p w:d \r\n").unwrap();
        let from = user(&format!("ann:@{}", file.path().display())).unwrap();
        assert_eq!(from, ("ann".into(), "p w:d ".into(), false));
        assert_eq!(user("ann:s3cret").unwrap(), ("ann".into(), "s3cret".into(), true));
        assert_eq!(user("ann:").unwrap(), ("ann".into(), String::new(), false));
        assert!(user("ann:@/none").is_err() && user("ann:env:FARCALL_NO_SUCH").is_err());
    }
}
