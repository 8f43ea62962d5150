//! Child processes: each leads a process group of its own, is bounded in time, writes its output to
//! files, and is stopped with all its descendants whatever happens to us.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;

/// How often a child or a port is looked at.
const POLL: Duration = Duration::from_millis(10);

/// How long a child may take to end after SIGTERM before it gets SIGKILL.
const GRACE: Duration = Duration::from_secs(5);

/// The same when we were told to stop ourselves.
const LAST_GRACE: Duration = Duration::from_millis(500);

/// The process groups that are ours and alive, for the signal handler.
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// On SIGINT, SIGTERM or SIGHUP: stops every child's group and ends.
pub(crate) fn stop_all_on_signal() -> Result<()> {
    ctrlc::set_handler(|| {
        // Held to the end, so that no child is started meanwhile.
        let groups = groups();
        for signal in [Signal::SIGTERM, Signal::SIGKILL] {
            for group in groups.iter() {
                let _already_gone = killpg(Pid::from_raw(*group), signal);
            }
            std::thread::sleep(LAST_GRACE);
        }
        std::process::exit(130);
    })
    .context("the signal handler could not be set")
}

/// A running child.
pub(crate) struct Process {
    child: Child,
    group: Pid,
    logs: Logs,
}

/// Where a child's output went.
#[derive(Clone)]
pub(crate) struct Logs {
    pub(crate) stdout: PathBuf,
    pub(crate) stderr: PathBuf,
}

impl Logs {
    pub(crate) fn read(&self) -> (String, String) {
        (lossy(&self.stdout), lossy(&self.stderr))
    }
}

fn lossy(path: &Path) -> String {
    match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => format!("({}: {error})\n", path.display()),
    }
}

/// How a bounded child ended.
pub(crate) enum Ending {
    Exited(ExitStatus),
    TimedOut,
}

impl Process {
    /// Starts `command` in a new process group, with no standard input and its output in
    /// `<directory>/<name>.out` and `.err`.
    pub(crate) fn spawn(mut command: Command, directory: &Path, name: &str) -> Result<Self> {
        let stem: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let logs = Logs {
            stdout: directory.join(format!("{stem}.out")),
            stderr: directory.join(format!("{stem}.err")),
        };
        command
            .stdin(Stdio::null())
            .stdout(File::create(&logs.stdout)?)
            .stderr(File::create(&logs.stderr)?)
            .process_group(0);
        let mut groups = groups();
        let child =
            command.spawn().with_context(|| format!("{} could not be started", command_line(&command)))?;
        let group = Pid::from_raw(i32::try_from(child.id())?);
        groups.insert(group.as_raw());
        drop(groups);
        Ok(Self { child, group, logs })
    }

    /// Whether the child has ended; it is left unreaped, so that its group's number stays its own.
    fn ended(&self) -> bool {
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        !matches!(waitid(Id::Pid(self.group), flags), Ok(WaitStatus::StillAlive))
    }

    fn wait_until(&self, deadline: Instant) -> bool {
        loop {
            if self.ended() {
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(POLL);
        }
    }

    /// Waits for the child to end by itself, at most `limit`; then nothing of its group is left.
    pub(crate) fn finish(mut self, limit: Duration) -> Result<(Ending, Logs)> {
        let in_time = self.wait_until(Instant::now() + limit);
        let logs = self.logs.clone();
        if !in_time {
            self.end();
            return Ok((Ending::TimedOut, logs));
        }
        self.kill();
        let status = self.child.wait()?;
        Ok((Ending::Exited(status), logs))
    }

    /// Waits until something listens on `port` of 127.0.0.1, and the process has printed `said`.
    pub(crate) fn ready(&self, port: u16, said: Option<&str>, limit: Duration) -> Result<()> {
        let deadline = Instant::now() + limit;
        let listens = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        self.until(listens, deadline).with_context(|| format!("it did not listen on port {port}"))?;
        let Some(said) = said else { return Ok(()) };
        let prints = || self.logs.read().0.contains(said);
        self.until(prints, deadline).with_context(|| format!("it did not print {said:?}"))
    }

    fn until(&self, done: impl Fn() -> bool, deadline: Instant) -> Result<()> {
        while !done() {
            if self.ended() {
                bail!("it ended");
            }
            if Instant::now() >= deadline {
                bail!("its time is over");
            }
            std::thread::sleep(POLL);
        }
        Ok(())
    }

    pub(crate) fn logs(&self) -> &Logs {
        &self.logs
    }

    fn kill(&self) {
        let _already_gone = killpg(self.group, Signal::SIGKILL);
    }

    /// SIGTERM, a while to clean up (supervisord stops what it started), then SIGKILL.
    fn end(&mut self) {
        if !self.ended() {
            let _already_gone = killpg(self.group, Signal::SIGTERM);
            self.wait_until(Instant::now() + GRACE);
        }
        self.kill();
        let _reaped = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // After `finish` the child is reaped and its number may be another's: `try_wait` tells.
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            self.end();
        }
        groups().remove(&self.group.as_raw());
    }
}

/// A port of 127.0.0.1 on which nothing listens now.
pub(crate) fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

/// Says what is run, then runs it.
pub(crate) fn must(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", command_line(command));
    run(command)
}

/// Runs `command` with our own output, failing unless it exits with 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("{line} could not be started"))?;
    if !status.success() {
        bail!("{line}: {status}");
    }
    Ok(())
}

/// The command as one would type it.
pub(crate) fn command_line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words.map(|word| quoted(&word.to_string_lossy())).collect();
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
