//! Typed calls to supervisor, whose address is in `PEER_URL`: a trait of somebody else's server,
//! over TCP and over its unix socket (`$WORK/s.sock`).
//!
//! Started by `cargo xtask interop`; it prints TAP and fails if a check does.

use farcall::net::HttpClient;
use farcall::{Connection, Fault, Wire, service};

#[path = "support/tap.rs"]
mod tap;

/// What supervisor says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Wire)]
struct State {
    statecode: i32,
    statename: String,
}

/// What supervisor says of a process; members that are not listed are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Wire)]
struct Process {
    name: String,
    group: String,
    statename: String,
    pid: i32,
    exitstatus: i32,
}

/// A part of supervisor's interface.
#[service(name = "supervisor", rename_all = "camelCase")]
trait Supervisor {
    #[op(idempotent)]
    async fn get_state(&self) -> Result<State, Fault>;
    #[op(idempotent, name = "getAllProcessInfo")]
    async fn processes(&self) -> Result<Vec<Process>, Fault>;
    async fn start_process(&self, name: String, wait: bool) -> Result<bool, Fault>;
    async fn stop_process(&self, name: String, wait: bool) -> Result<bool, Fault>;
}

fn client(url: &str) -> Result<SupervisorClient<Connection>, Fault> {
    let http = HttpClient::builder().basic_auth("user", "pass word");
    let options = farcall::ConnectionOptions::default().with_http(http);
    Connection::with(&format!("{url}#supervisor"), options).map(SupervisorClient::new)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("PEER_URL")?;
    let socket = format!("{}/s.sock", std::env::var("WORK")?).replace('/', "%2F");
    farcall::block_on(async {
        let mut tap = tap::Tap::default();
        let running = State { statecode: 1, statename: "RUNNING".into() };
        let supervisor = client(&url)?;
        tap.equal("its state", supervisor.get_state().await?, running.clone());
        let names: Vec<String> = supervisor.processes().await?.into_iter().map(|p| p.name).collect();
        tap.equal("its processes", names, vec!["idle".to_owned(), "sleeper".to_owned()]);
        tap.equal("a process starts", supervisor.start_process("idle".into(), true).await?, true);
        let fault = supervisor.start_process("idle".into(), true).await.err();
        tap.equal("starting it again is supervisor's fault 60", fault.and_then(|f| f.code()), Some(60));
        tap.equal("it stops", supervisor.stop_process("idle".into(), true).await?, true);
        let over_unix = client(&format!("xmlrpc+http+unix://{socket}/RPC2"))?;
        tap.equal("over its unix socket", over_unix.get_state().await?, running);
        tap.finish()
    })
}
