//! [`Failure`]: an error as people and scripts want it (what, where, the
//! likely cause, what to try), and the exit code that it ends with.

use std::io::Write as _;

use farcall::wire::{CodecError, json};
use farcall::{Completion, Fault, FaultKind, Value};
use serde_json::{Map, Value as Json};

use crate::output::printable;

/// How the program ends, other than well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Something of this machine's own failed, such as writing the result.
    Own,
    /// The command line cannot be understood.
    Usage,
    /// A value, an operation or a type does not fit what the service declares.
    Schema,
    /// The server cannot be reached, or does not speak the protocol.
    Connect,
    /// A limit, or a rule of who may call.
    Limit,
    /// The server answered with this fault.
    Fault(i64),
}

impl Exit {
    /// The exit code: for a fault 64 + its code, within 64 to 255.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Own => 1,
            Self::Usage => 2,
            Self::Schema => 3,
            Self::Connect => 4,
            Self::Limit => 5,
            // the clamped code is at most 191, so that the sum fits
            Self::Fault(code) => 64 + u8::try_from(code.clamp(0, 191)).unwrap_or(191),
        }
    }

    fn of(fault: &Fault) -> Self {
        match (fault.kind(), fault.is_remote().then_some(fault.code())) {
            // a refusal is one whether a status or a fault says so
            (
                FaultKind::Unauthenticated | FaultKind::Forbidden | FaultKind::Limit | FaultKind::Overloaded,
                _,
            ) => Self::Limit,
            // and the end of the time whoever notices it first
            (FaultKind::Deadline | FaultKind::UnknownObject, _) => Self::Connect,
            (_, Some(Some(code))) => Self::Fault(code),
            // protocols that do not number what a service refuses, or what fits it ill
            (
                FaultKind::Application | FaultKind::UnknownOperation | FaultKind::InvalidParameters,
                Some(None),
            ) => Self::Fault(0),
            (_, Some(None)) if fault.detail().is_some() => Self::Fault(0),
            // an HTTP status without a reply of the protocol in it
            (_, Some(None)) => Self::Connect,
            (
                FaultKind::Malformed
                | FaultKind::Encoding
                | FaultKind::InvalidRequest
                | FaultKind::UnknownOperation
                | FaultKind::InvalidParameters
                | FaultKind::Unsupported,
                None,
            ) => Self::Schema,
            (_, None) => Self::Connect,
        }
    }
}

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// What happened.
    message: String,
    /// Where: a URL, a file, an argument.
    place: Option<String>,
    /// The likely cause.
    cause: Option<String>,
    /// What to try next.
    next: Option<String>,
    fault: Option<Fault>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), place: None, cause: None, next: None, fault: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A value that cannot be read.
    pub(crate) fn value(error: &CodecError) -> Self {
        Self::new(Exit::Schema, error.to_string())
    }

    /// A file that cannot be read.
    pub(crate) fn file(path: &str, error: &std::io::Error) -> Self {
        Self::usage(format!("the file cannot be read: {error}")).at(path)
    }

    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    pub(crate) fn then_try(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// What a call ended with; `target` as the user wrote it, without secrets.
    pub(crate) fn call(fault: Fault, target: &str, operation: &str) -> Self {
        let mut failure = Self::new(Exit::of(&fault), fault.message());
        failure.place = Some(fault.peer().unwrap_or(target).to_owned());
        let (cause, next) = advice(&fault, target, operation);
        failure.cause = cause.map(str::to_owned);
        failure.next = next;
        failure.fault = Some(fault);
        failure
    }

    /// What an exception holds.
    fn detail(&self) -> Option<&Value> {
        self.fault.as_ref().and_then(Fault::detail)
    }

    /// Writes it to standard error.
    pub(crate) fn report(&self, as_json: bool) {
        let text = if as_json { format!("{}\n", self.json()) } else { self.text() };
        // there is nowhere left to complain to
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    fn text(&self) -> String {
        let mut text = format!("error: {}", printable(&self.message));
        if let Some(code) = self.fault.as_ref().and_then(Fault::code) {
            text.push_str(&format!(" (fault {code})"));
        }
        text.push('\n');
        let codes = self.fault.as_ref().map_or(&[][..], Fault::code_names);
        if !codes.is_empty() {
            text.push_str(&format!(" code: {}\n", printable(&codes.join(" / "))));
        }
        if let Some(actor) = self.fault.as_ref().and_then(Fault::actor) {
            text.push_str(&format!("actor: {}\n", printable(actor)));
        }
        if let Some(detail) = self.detail() {
            text.push_str(&format!(" with: {}\n", printable(&json::write(detail))));
        }
        for (label, said) in [("where", &self.place), ("cause", &self.cause), ("try", &self.next)] {
            if let Some(said) = said {
                text.push_str(&format!("{label:>5}: {}\n", printable(said)));
            }
        }
        text
    }

    fn json(&self) -> Json {
        let mut error = Map::new();
        error.insert("message".into(), self.message.as_str().into());
        error.insert("exit".into(), self.exit.code().into());
        if let Some(fault) = &self.fault {
            error.insert("kind".into(), fault.kind().name().into());
            error.insert("code".into(), fault.code().into());
            if !fault.code_names().is_empty() {
                error.insert("codes".into(), fault.code_names().into());
            }
            if let Some(actor) = fault.actor() {
                error.insert("actor".into(), actor.into());
            }
            error.insert("remote".into(), fault.is_remote().into());
            let ran = match fault.completion() {
                Completion::Yes => "yes",
                Completion::No => "no",
                Completion::Maybe => "maybe",
            };
            error.insert("completed".into(), ran.into());
            // what is written as JSON is JSON
            if let Some(detail) = self.detail().and_then(|detail| json::write(detail).parse().ok()) {
                error.insert("detail".into(), detail);
            }
        } else {
            let kind = match self.exit {
                Exit::Own => "internal",
                Exit::Usage => "usage",
                Exit::Schema => "schema",
                Exit::Connect => "transport",
                Exit::Limit => "limit",
                Exit::Fault(_) => "application",
            };
            error.insert("kind".into(), kind.into());
        }
        for (name, said) in [("where", &self.place), ("cause", &self.cause), ("try", &self.next)] {
            if let Some(said) = said {
                error.insert(name.into(), said.as_str().into());
            }
        }
        serde_json::json!({ "error": error })
    }
}

impl std::fmt::Display for Failure {
    /// What happened, and where.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        self.place.as_ref().map_or(Ok(()), |place| write!(f, " ({place})"))
    }
}

/// The likely cause of a fault, and the command to try next.
fn advice(fault: &Fault, target: &str, operation: &str) -> (Option<&'static str>, Option<String>) {
    let describe = || Some(format!("farcall describe '{target}' {operation}"));
    let list = || Some(format!("farcall list '{target}'"));
    match fault.kind() {
        FaultKind::Transport if fault.is_remote() => {
            (Some("the server could not reach what is behind it"), None)
        }
        FaultKind::Transport => (
            Some("the server is not running, listens elsewhere, or a firewall or TLS stands between"),
            Some(format!("farcall list '{target}' -v")),
        ),
        FaultKind::Deadline => (
            Some("the server is slow, or hangs"),
            Some("the same with more time: --deadline 120s".to_owned()),
        ),
        FaultKind::Protocol if !fault.is_remote() => (
            Some("the server writes what its protocol forbids, or speaks another one"),
            Some("the same with -v, which shows what came back".to_owned()),
        ),
        FaultKind::Protocol | FaultKind::UnknownObject => (
            Some(
                "another path, or another protocol, is served there; many servers have /RPC2, some /rpc or /",
            ),
            Some("the same with -v, which shows what came back".to_owned()),
        ),
        FaultKind::Unauthenticated => (
            Some("the user, password or token is missing or wrong"),
            Some("-u USER, or --bearer @FILE".to_owned()),
        ),
        FaultKind::Forbidden => (Some("this user may not call it"), Some("another user: -u USER".to_owned())),
        FaultKind::Limit if fault.is_remote() => (Some("the server's limit, not this program's"), None),
        FaultKind::Limit => (
            Some("the message is larger or deeper than this program was told to take"),
            Some("--max-message, --max-depth or --max-elements".to_owned()),
        ),
        FaultKind::Overloaded => (Some("too many calls at once"), Some("the same a little later".to_owned())),
        FaultKind::UnknownOperation => (Some("the name is misspelt, or of another service"), list()),
        FaultKind::InvalidParameters if fault.is_remote() => {
            (Some("perhaps too few or too many arguments, or of other types; --typed fits them"), describe())
        }
        FaultKind::InvalidParameters | FaultKind::Unsupported => (None, describe()),
        FaultKind::Application | FaultKind::Internal if fault.is_remote() => (None, describe()),
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Exit, Failure, Fault, FaultKind};

    #[test]
    fn exit_codes_are_of_the_documented_ranges() {
        let remote = |code| Exit::of(&Fault::application(code, "x").from_remote()).code();
        assert_eq!([4, 0, 191, 192, 1000, -32601].map(remote), [68, 64, 255, 255, 255, 64]);
        let told = |kind| Exit::of(&Fault::new(kind, "x").with_code(-32_001).from_remote()).code();
        assert_eq!(
            [FaultKind::Unauthenticated, FaultKind::Deadline, FaultKind::Internal].map(told),
            [5, 4, 64]
        );
        let local = |kind| Exit::of(&Fault::new(kind, "x")).code();
        for (kind, code) in [
            (FaultKind::InvalidParameters, 3),
            (FaultKind::Unsupported, 3),
            (FaultKind::Transport, 4),
            (FaultKind::Deadline, 4),
            (FaultKind::Protocol, 4),
            (FaultKind::Limit, 5),
        ] {
            assert_eq!(local(kind), code, "{kind:?}");
        }
        let status = |kind| Exit::of(&Fault::new(kind, "HTTP status").from_remote()).code();
        for (kind, code) in [
            (FaultKind::Application, 64),
            (FaultKind::InvalidParameters, 64),
            (FaultKind::Unauthenticated, 5),
            (FaultKind::Forbidden, 5),
            (FaultKind::Overloaded, 5),
            (FaultKind::UnknownObject, 4),
            (FaultKind::Internal, 4),
        ] {
            assert_eq!(status(kind), code, "{kind:?}");
        }
    }

    #[test]
    fn errors_say_what_where_why_and_what_next() {
        let fault = Fault::new(FaultKind::Transport, "cannot connect\u{1b}[2J").with_peer("127.0.0.1:1");
        let failure = Failure::call(fault, "http://127.0.0.1:1", "echo");
        let text = failure.text();
        assert!(text.starts_with("error: cannot connect\\u{1b}[2J\nwhere: 127.0.0.1:1\ncause: "), "{text}");
        assert!(text.contains("  try: farcall list 'http://127.0.0.1:1' -v\n"), "{text}");
        let json = failure.json();
        assert_eq!((&json["error"]["kind"], &json["error"]["exit"]), (&json!("transport"), &json!(4)));
        let names = vec!["Sender".to_owned(), "{urn:w}Expired".to_owned()];
        let fault =
            Fault::new(FaultKind::InvalidParameters, "no").with_code_names(names).with_actor("urn:gate");
        let failure = Failure::call(fault.from_remote(), "http://127.0.0.1:1", "echo");
        let text = failure.text();
        assert!(text.contains("\n code: Sender / {urn:w}Expired\nactor: urn:gate\n"), "{text}");
        let error = &failure.json()["error"];
        assert_eq!((&error["codes"][1], &error["actor"]), (&json!("{urn:w}Expired"), &json!("urn:gate")));
    }
}
