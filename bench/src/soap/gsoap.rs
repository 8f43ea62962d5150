//! The peers: gSOAP 2.8 in C++, generated from our WSDL by wsdl2h and soapcpp2, and C parsers. All
//! of them come from Debian; they are compiled into `target/bench/gsoap` when a source changes.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::ours;
use crate::programs::{modified, must, output};
use crate::subjects::{Cores, Running};

const SOURCES: [&str; 5] =
    ["gsoap/values.hh", "gsoap/server.cc", "gsoap/client.cc", "measure.hh", "xml/parse.c"];
const PROGRAMS: [&str; 3] = ["server", "client", "parse"];

/// The compiled programs.
pub(crate) struct Peer {
    build: PathBuf,
}

impl Peer {
    /// Generates and compiles what is not there yet.
    pub(crate) fn prepare() -> Result<Self> {
        let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = bench.parent().context("the bench has no parent directory")?;
        let (sources, build) = (bench.join("peers"), root.join("target/bench/gsoap"));
        let peer = Self { build };
        let wsdl = ours::wsdl()?;
        let same = fs::read_to_string(peer.file("bench.wsdl")).is_ok_and(|old| old == wsdl);
        let newest = SOURCES.iter().map(|name| modified(&sources.join(name))).collect::<Result<Vec<_>>>()?;
        let built = PROGRAMS.iter().map(|name| modified(&peer.file(name))).collect::<Result<Vec<_>>>();
        let fresh = built.is_ok_and(|built| newest.iter().max() < built.iter().min());
        if !(same && fresh) {
            peer.compile(&sources, &wsdl)
                .context("the peers are in Debian: gsoap libgsoap-dev g++ libxml2-dev libexpat1-dev")?;
        }
        Ok(peer)
    }

    /// A file in the folder of the programs.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.build.join(name)
    }

    fn compile(&self, sources: &Path, wsdl: &str) -> Result<()> {
        eprintln!("generating and compiling gSOAP's programs");
        fs::create_dir_all(&self.build)?;
        fs::write(self.file("bench.wsdl"), wsdl)?;
        let here = |program: &str| {
            let mut command = Command::new(program);
            command.current_dir(&self.build);
            command
        };
        output(here("wsdl2h").args(["-P", "-o", "bench.h", "bench.wsdl"]))?;
        output(here("soapcpp2").args(["-1", "-j", "-x", "-I/usr/share/gsoap/import", "bench.h"]))?;
        for (name, generated) in
            [("server", "soapBenchBindingService.cpp"), ("client", "soapBenchBindingProxy.cpp")]
        {
            let mut gcc = here("g++");
            gcc.args(["-std=c++17", "-O2", "-w", "-DWITH_PURE_VIRTUAL", "-I.", "-o", name]);
            gcc.arg(sources.join(format!("gsoap/{name}.cc"))).args([generated, "soapC.cpp"]);
            must(gcc.args(["-lgsoap++", "-lpthread"]))?;
        }
        let mut gcc = here("gcc");
        gcc.args(["-O2", "-I/usr/include/libxml2", "-o", "parse"]).arg(sources.join("xml/parse.c"));
        must(gcc.args(["-lxml2", "-lexpat"]))
    }

    /// Starts its server on a free port.
    pub(crate) fn serve(&self, cores: Cores) -> Result<Running> {
        let address: SocketAddr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = cores.command(&self.file("server"));
        command.arg(address.to_string());
        Running::spawn("gSOAP", command)
    }

    /// Its callers, to be given their arguments.
    pub(crate) fn callers(&self) -> Command {
        Command::new(self.file("client"))
    }

    /// gSOAP's fastest parse and write of a document within that time.
    pub(crate) fn codec(&self, document: &Path, time: Duration) -> Result<(Duration, Duration)> {
        two_times(self.callers().arg("codec").arg(document).arg(time.as_millis().to_string()))
    }

    /// The same of a C parser.
    pub(crate) fn parse(&self, who: &str, document: &Path, time: Duration) -> Result<(Duration, Duration)> {
        let mut parse = Command::new(self.file("parse"));
        two_times(parse.arg(who).arg(document).arg(time.as_millis().to_string()))
    }
}

fn two_times(command: &mut Command) -> Result<(Duration, Duration)> {
    let line = output(command)?;
    let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<u64>, _>>();
    match numbers.as_deref() {
        Ok([parse, write]) => Ok((Duration::from_nanos(*parse), Duration::from_nanos(*write))),
        _ => anyhow::bail!("{command:?} printed {line:?}"),
    }
}
