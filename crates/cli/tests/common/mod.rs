//! A server in this process, and the built program that calls it.
#![allow(dead_code, reason = "not every test uses all of it")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use farcall::net::{ServerTls, Users};
use farcall::soap::Security;
use farcall::{DateTime, Fault, Running, Server, Value, Wire, service};

/// Somebody's account.
#[derive(Clone, Debug, PartialEq, Wire)]
pub(crate) struct Account {
    pub(crate) owner: String,
    pub(crate) balance: f64,
}

/// Keeps accounts.
#[service]
pub(crate) trait Bank {
    /// Opens an account.
    ///
    /// A negative first payment is refused.
    async fn open(&self, owner: String, initial: Option<f64>) -> Result<Account, Fault>;
    /// Gives back what it gets.
    async fn echo(&self, value: Value) -> Result<Value, Fault>;
    /// A moment, given back.
    async fn at(&self, when: DateTime) -> Result<DateTime, Fault>;
    /// All accounts.
    async fn all(&self) -> Result<Vec<Account>, Fault>;
    /// Fails as told.
    async fn fail(&self, code: i32, text: String) -> Result<bool, Fault>;
    /// Takes a second.
    async fn slow(&self) -> Result<bool, Fault>;
}

struct Plain;

impl Bank for Plain {
    async fn open(&self, owner: String, initial: Option<f64>) -> Result<Account, Fault> {
        Ok(Account { owner, balance: initial.unwrap_or(0.0) })
    }

    async fn echo(&self, value: Value) -> Result<Value, Fault> {
        Ok(value)
    }

    async fn at(&self, when: DateTime) -> Result<DateTime, Fault> {
        Ok(when)
    }

    async fn all(&self) -> Result<Vec<Account>, Fault> {
        let account = |owner: &str, balance| Account { owner: owner.to_owned(), balance };
        Ok(vec![account("ann", 5.0), account("bob\u{9b}", 12.5)])
    }

    async fn fail(&self, code: i32, text: String) -> Result<bool, Fault> {
        Err(Fault::application(code.into(), text))
    }

    async fn slow(&self) -> Result<bool, Fault> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(true)
    }
}

/// A server that stops when this is dropped.
pub(crate) struct Served {
    pub(crate) address: String,
    _running: Running,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    /// One that lets in everybody.
    pub(crate) fn start() -> Self {
        Self::with(|server| server)
    }

    /// One that knows `ann`, whose password is `pa55 <word>`.
    pub(crate) fn with_users() -> Self {
        Self::with(|server| server.authenticator(Users::new("test").with("ann", "pa55 <word>")))
    }

    /// One that knows `ann` by WS-Security, and nobody otherwise.
    pub(crate) fn with_wsse() -> Self {
        let security = Security::of_passwords(|user| (user == "ann").then(|| "pa55 <word>".to_owned()));
        Self::of(farcall_builtin::services(Server::new()).soap_security(security))
    }

    /// One with TLS.
    pub(crate) fn with_tls(chain: &[u8], key: &[u8]) -> Self {
        let tls = ServerTls::from_pem(chain, key).unwrap();
        Self::with(|server| server.tls(tls))
    }

    /// One with the built-in services.
    pub(crate) fn built_in() -> Self {
        Self::of(farcall_builtin::services(Server::new()))
    }

    fn with(change: impl FnOnce(Server) -> Server) -> Self {
        Self::of(change(Server::new().service("bank", BankService::new(Plain))))
    }

    fn of(server: Server) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let running = runtime.block_on(server.start("127.0.0.1:0".parse().unwrap())).unwrap();
        Self { address: running.address().to_string(), _running: running, _runtime: runtime }
    }

    /// Runs the program: `{t}` in an argument is this server's `host:port`.
    pub(crate) fn farcall(&self, arguments: &[&str]) -> Ran {
        let arguments: Vec<String> = arguments.iter().map(|a| a.replace("{t}", &self.address)).collect();
        run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[], "")
    }
}

/// What the program did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Its output, if it did well.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }

    /// Its complaints, if it ended with that code.
    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        self.err
    }
}

/// The program.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_farcall"));
    for variable in ["FARCALL_PASSWORD", "RUST_LOG"] {
        command.env_remove(variable);
    }
    command
}

/// Runs it to its end.
pub(crate) fn run(arguments: &[&str], environment: &[(&str, &str)], input: &str) -> Ran {
    let mut command = program();
    command.args(arguments).envs(environment.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Ran {
        code: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// JSON text without the spaces of its layout.
pub(crate) fn compact(text: &str) -> String {
    text.parse::<serde_json::Value>().unwrap_or_else(|e| panic!("{e}: {text}")).to_string()
}
