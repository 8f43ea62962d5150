//! The servers under measurement: their list, and one as a child process on a core of its own.
//!
//! Every subject binds a free loopback port, prints `address:port` on its first line, and ends when
//! its standard input does, so that none outlives the bench.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use tokio::net::TcpListener;

/// One server to compare.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject {
    /// In tables, and how targets refer to it.
    pub(crate) name: &'static str,
    pub(crate) program: Program,
}

/// How a subject is started.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Program {
    /// This binary with that subcommand.
    Own(&'static str),
    Python,
}

/// Every subject, the floor first.
pub(crate) fn all() -> Vec<Subject> {
    let own = |name, subcommand| Subject { name, program: Program::Own(subcommand) };
    vec![
        own("hyper", "serve-floor"),
        own("farcall", "serve-farcall"),
        own("dxr", "serve-dxr"),
        Subject { name: "python", program: Program::Python },
    ]
}

/// A free loopback port, told to whoever started this process.
pub(crate) async fn listen() -> Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    announce(&listener.local_addr()?)?;
    Ok(listener)
}

/// Prints where a server of ours listens, for [`Running::start`] to read.
pub(crate) fn announce(address: &impl std::fmt::Display) -> Result<()> {
    println!("{address}");
    Ok(std::io::stdout().flush()?)
}

/// Which core serves and which calls; none where there is one core or no `taskset`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cores {
    Apart { server: usize, callers: usize },
    Shared,
}

impl Cores {
    /// Looks at the machine and moves this process, which holds the callers, to their core.
    pub(crate) fn arrange() -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let taskset = Command::new("taskset").arg("--version").stdout(Stdio::null()).status();
        if cores < 2 || !taskset.is_ok_and(|status| status.success()) {
            return Ok(Self::Shared);
        }
        let pid = std::process::id().to_string();
        let moved =
            Command::new("taskset").args(["-a", "-p", "-c", "1", &pid]).stdout(Stdio::null()).status()?;
        // a container may be allowed other cores than these two
        Ok(if moved.success() { Self::Apart { server: 0, callers: 1 } } else { Self::Shared })
    }

    pub(crate) fn describe(self) -> String {
        match self {
            Self::Apart { server, callers } => {
                format!("servers on core {server}, callers on core {callers} (taskset)")
            }
            Self::Shared => "servers and callers share all cores".to_owned(),
        }
    }

    /// A server's command, on its core.
    pub(crate) fn command(self, program: &Path) -> Command {
        match self {
            Self::Apart { server, .. } => {
                let mut command = Command::new("taskset");
                command.arg("-c").arg(server.to_string()).arg(program);
                command
            }
            Self::Shared => Command::new(program),
        }
    }
}

/// A subject that is listening; dropping it ends the process.
pub(crate) struct Running {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    child: Child,
}

impl Running {
    pub(crate) fn start(subject: Subject, cores: Cores) -> Result<Self> {
        let command = match subject.program {
            Program::Own(subcommand) => {
                let mut command = cores.command(&std::env::current_exe()?);
                command.arg(subcommand);
                command
            }
            Program::Python => {
                let mut command = cores.command(Path::new("python3"));
                command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("python_server.py"));
                command
            }
        };
        Self::spawn(subject.name, command)
    }

    /// Starts what prints its address on its first line.
    pub(crate) fn spawn(name: &'static str, mut command: Command) -> Result<Self> {
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let child = spawned.with_context(|| format!("starting {name}"))?;
        // from here on, dropping `running` ends the child, whatever fails
        let mut running = Self { name, address: SocketAddr::from(([127, 0, 0, 1], 0)), child };
        let mut line = String::new();
        let stdout = running.child.stdout.take().context("the child has no standard output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().parse();
        running.address = address.with_context(|| format!("{name} printed {line:?} for its address"))?;
        Ok(running)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // an error here says that it has ended already, which is what is wanted
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
