//! `--dry-run`: the request that would be sent, octet for octet but for secrets.
//!
//! It is sent, to a socket of this program's own: what stands there is what
//! the server would see, and not a second opinion on it.

use farcall::Value;
use farcall::model::Operation;
use farcall::wire::Dynamic;
use http::header::HeaderName;
use tokio::io::AsyncReadExt as _;
use tokio::net::UnixListener;

use crate::args::ClientArgs;
use crate::connect::Session;
use crate::exit::{Exit, Failure};
use crate::output::{self, note, printable_lines};
use crate::tap::masked;

/// Prints the request of a call.
pub(crate) async fn show(
    session: &Session,
    args: &ClientArgs,
    operation: &Operation,
    params: &[Value],
) -> Result<(), Failure> {
    // what the protocol cannot express is told as a call would tell it
    let body = session.client.connection().request(&Dynamic::new(operation, params));
    let body = body.map_err(|fault| Failure::call(fault, &session.target.shown, &operation.name))?;
    let (head, body) = if session.target.is_http() {
        let sent = capture(session, args, operation, params, body.len()).await?;
        let end = sent.windows(4).position(|four| four == b"\r\n\r\n").map_or(sent.len(), |at| at + 4);
        (headed(&String::from_utf8_lossy(&sent[..end])), session.legible(&sent[end..]))
    } else {
        note("this is not HTTP: the body alone is shown");
        (String::new(), session.legible(&body))
    };
    let text = session.access.secrets.mask(&format!("{head}{body}"));
    let end = if text.ends_with('\n') { "" } else { "\n" };
    output::print(format!("{}{end}", printable_lines(&text)).as_bytes())
}

/// Sends the request to a socket here, and gives what arrived.
async fn capture(
    session: &Session,
    args: &ClientArgs,
    operation: &Operation,
    params: &[Value],
    body: usize,
) -> Result<Vec<u8>, Failure> {
    let own = |error: std::io::Error| {
        Failure::new(Exit::Own, format!("no socket can be made to catch the request: {error}"))
            .at(std::env::temp_dir().display().to_string())
    };
    let directory = tempfile::tempdir().map_err(own)?;
    let path = directory.path().join("socket");
    let listener = UnixListener::bind(&path).map_err(own)?;
    let mut target = session.target.clone();
    target.unix = Some(path);
    // inside of TLS it would be the same
    target.url = target.url.replacen("https://", "http://", 1);
    let redirected = session.redirected(target, args)?;
    let arrive = async {
        let (mut stream, _) = listener.accept().await?;
        let mut sent = Vec::new();
        loop {
            let complete = sent.windows(4).position(|four| four == b"\r\n\r\n");
            if complete.is_some_and(|at| sent.len() >= at + 4 + body)
                || stream.read_buf(&mut sent).await? == 0
            {
                return Ok(sent);
            }
        }
    };
    tokio::select! {
        sent = arrive => sent.map_err(own),
        called = redirected.call(operation, params) => match called {
            Ok(_) => Err(Failure::new(Exit::Own, "a request that was not sent was answered")),
            Err(failure) => Err(failure),
        },
    }
}

/// The head with `\n` for line ends and what signs in masked.
fn headed(head: &str) -> String {
    let line = |line: &str| match line.split_once(": ") {
        Some((name, value)) => match name.parse::<HeaderName>() {
            Ok(parsed) => format!("{name}: {}\n", masked(&parsed, value)),
            Err(_) => format!("{line}\n"),
        },
        None => format!("{line}\n"),
    };
    head.split("\r\n").take_while(|text| !text.is_empty()).map(line).chain(["\n".to_owned()]).collect()
}
