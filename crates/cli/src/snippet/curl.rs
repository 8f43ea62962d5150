//! A call as a curl command.

use super::{TOKEN, shell, unreachable_by, variable};
use crate::access::SignIn;
use crate::args::ClientArgs;
use crate::connect::Session;
use crate::exit::Failure;

/// The command, a flag a line.
pub(crate) fn command(session: &Session, args: &ClientArgs, body: &str) -> Result<String, Failure> {
    if !session.target.is_http() {
        return Err(unreachable_by("curl", session));
    }
    let mut words = vec![format!("curl -sS {}", shell(&session.target.http()))];
    if let Some(path) = &session.target.unix {
        words.push(format!("--unix-socket {}", shell(&path.display().to_string())));
    }
    let files = [("--cacert", &args.cacert), ("--cert", &args.cert), ("--key", &args.key)];
    for (flag, file) in files {
        if let Some(file) = file {
            words.push(format!("{flag} {}", shell(&file.display().to_string())));
        }
    }
    match &session.access.sign_in {
        SignIn::Nobody => {}
        // curl asks for the password
        SignIn::User { name, .. } => words.push(format!("-u {}", shell(name))),
        SignIn::Bearer { .. } => words.push(format!("-H \"Authorization: Bearer ${TOKEN}\"")),
    }
    for (name, value) in &session.access.headers {
        words.push(if value.is_sensitive() {
            format!("-H \"{name}: ${}\"", variable(name))
        } else {
            format!("-H {}", shell(&format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()))))
        });
    }
    if let Some(time) = args.deadline {
        words.push(format!("--max-time {}", time.as_secs_f64()));
    }
    words.push("-H 'Content-Type: text/xml'".to_owned());
    words.push(format!("--data-binary {}", shell(body)));
    Ok(format!("{}\n", words.join(" \\\n  ")))
}
