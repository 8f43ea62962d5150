//! `--as`: the same call as a curl command, a Python or a Rust program.
//! Secrets stay out of it; it reads them where this program would.

pub(crate) mod curl;
pub(crate) mod python;
mod rust;

use farcall::Value;
use farcall::model::Operation;
use farcall::wire::Dynamic;

use crate::args::{ClientArgs, Language};
use crate::connect::Session;
use crate::exit::Failure;
use crate::target::Protocol;

/// The variable that holds the token of `--bearer`.
const TOKEN: &str = "FARCALL_TOKEN";

/// The call in that language.
pub(crate) fn snippet(
    language: Language,
    session: &Session,
    args: &ClientArgs,
    operation: &Operation,
    params: &[Value],
) -> Result<String, Failure> {
    if session.target.protocol != Protocol::XmlRpc {
        return Err(Failure::usage("--as writes calls of XML-RPC only").at(&session.target.shown));
    }
    let name = session.target.full_name(&operation.name);
    let text = match language {
        Language::Rust => rust::program(session, args, &operation.name, params),
        Language::Python => python::program(session, args, &name, params)?,
        Language::Curl => {
            let body = session.client.connection().request(&Dynamic::new(operation, params));
            let body = body.map_err(|fault| Failure::call(fault, &session.target.shown, &name))?;
            curl::command(session, args, &String::from_utf8_lossy(&body))?
        }
    };
    Ok(session.access.secrets.mask(&text))
}

/// The call goes over something that the language's usual library does not know.
fn unreachable_by(what: &str, session: &Session) -> Failure {
    Failure::usage(format!("{what} cannot call over this transport"))
        .at(&session.target.shown)
        .then_try("--as rust, or a target of http:// or https://")
}

/// A variable of the environment for the value of a header.
fn variable(header: &http::HeaderName) -> String {
    header.as_str().to_uppercase().replace('-', "_")
}

/// A word of a shell's command line.
pub(crate) fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn shell_words_are_quoted() {
        for (text, expected) in
            [("http://h/x", "http://h/x"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'")]
        {
            assert_eq!(super::shell(text), expected);
        }
    }
}
