//! Reads messages that others recorded, as the WSDL beside them says, and prints what became of each.
//!
//! `cargo run -p farcall-soap --example replay -- DIRECTORY…`
//!
//! A directory with a `soap.wsdl` and a `request.xml` or `response.xml` (as node-soap's samples) is
//! read by the types of the operation that it is about. A directory `RequestMessages` beside
//! `ReplyMessages` (the SOAP 1.2 test collection) is read as far as the kinds of the replies demand:
//! an answer, or which fault.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use farcall_model::{Operation, Param, Type, XmlMessage, XmlOperation};
use farcall_net::{BoxFuture, HttpProtocol};
use farcall_soap::{Client, message};
use farcall_wire::{Channel, Context, Dynamic, Fault, FaultKind, Limits};
use farcall_wsdl::resolver::Files;
use farcall_wsdl::{Definitions, LoadOptions, load};
use http::Response;
use http::request::Parts;

type Failure = Box<dyn std::error::Error>;

/// Answers whatever it is asked with what it was told to.
#[derive(Clone, Default)]
struct Canned(Arc<Mutex<Bytes>>);

impl HttpProtocol for Canned {
    fn name(&self) -> &'static str {
        "canned"
    }

    fn claims(&self, _: &Parts, _: &Bytes) -> bool {
        true
    }

    fn handle<'a>(&'a self, _: &'a Parts, _: Bytes, _: Context) -> BoxFuture<'a, Response<Bytes>> {
        let body = self.0.lock().map(|body| body.clone()).unwrap_or_default();
        Box::pin(async move {
            let ty = "text/xml; charset=utf-8";
            Response::builder().header("content-type", ty).body(body).unwrap_or_default()
        })
    }

    fn refuse(&self, _: &Parts, fault: Fault) -> Response<Bytes> {
        Response::new(fault.to_string().into())
    }
}

#[derive(Default)]
struct Sums {
    read: usize,
    failed: usize,
}

impl Sums {
    fn row(&mut self, file: &Path, outcome: Result<String, String>) {
        match outcome {
            Ok(what) => {
                self.read += 1;
                println!("ok      {}  {what}", file.display());
            }
            Err(reason) => {
                self.failed += 1;
                println!("FAILED  {}\n        {reason}", file.display());
            }
        }
    }
}

fn main() -> Result<(), Failure> {
    let mut directories = Vec::new();
    for root in std::env::args_os().skip(1) {
        find(Path::new(&root), &mut directories)?;
    }
    directories.sort();
    let sums = farcall::block_on(replay(&directories))?;
    println!("{} messages read as they should, {} not", sums.read, sums.failed);
    Ok(())
}

fn find(directory: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    found.push(directory.to_owned());
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, found)?;
        }
    }
    Ok(())
}

async fn replay(directories: &[PathBuf]) -> Result<Sums, Failure> {
    let canned = Canned::default();
    let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse()?);
    let server = builder.http(canned.clone()).bind().await?;
    let url = format!("http://{}/", server.addresses()[0]);
    let running = tokio::spawn(server.run(std::future::pending::<()>()));
    let mut sums = Sums::default();
    for directory in directories {
        let has = |name: &str| directory.join(name).is_file();
        if has("soap.wsdl") && (has("request.xml") || has("response.xml")) {
            sample(directory, &url, &canned, &mut sums).await?;
        } else if directory.ends_with("RequestMessages") {
            collection(directory, &mut sums)?;
        }
    }
    running.abort();
    Ok(sums)
}

/// The messages of one operation, with its WSDL.
async fn sample(directory: &Path, url: &str, canned: &Canned, sums: &mut Sums) -> Result<(), Failure> {
    let wsdl = directory.join("soap.wsdl");
    let root = directory.parent().unwrap_or(directory);
    let definitions = match load(&wsdl.to_string_lossy(), &Files::below(root), &LoadOptions::default()) {
        Ok(definitions) => definitions,
        Err(error) => {
            sums.row(&wsdl, Err(error.to_string()));
            return Ok(());
        }
    };
    let request = directory.join("request.xml");
    let Some(operation) = operation(&definitions, directory, &request) else {
        sums.row(&wsdl, Err("no operation of the WSDL is the one of the messages".to_owned()));
        return Ok(());
    };
    let xml = operation.xml.clone().unwrap_or_default();
    let response = directory.join("response.xml");
    // what is sent is read as if it came back
    let sent = reply(&operation, &xml.request, operation.params.clone());
    let mut got = reply(&operation, &xml.response, operation.outs.clone());
    got.result = operation.result.clone();
    for (file, operation) in [(request, sent), (response, got)] {
        let Ok(text) = std::fs::read(&file) else { continue };
        if !text.trim_ascii_start().starts_with(b"<") {
            println!("-       {}  is no envelope alone", file.display());
            continue;
        }
        let faulty = String::from_utf8_lossy(&text).contains("Fault>");
        if let Ok(mut body) = canned.0.lock() {
            *body = text.into();
        }
        let client = Client::connect(&format!("soap+{url}"), &farcall_model::Interface::new("Replay"))?;
        let outcome = client.call(&Context::new(), &Dynamic::new(&operation, &[])).await;
        sums.row(
            &file,
            match outcome {
                Ok(value) => Ok(shortened(&format!("{value:?}"))),
                Err(fault) if faulty && fault.kind() != FaultKind::Protocol => {
                    Ok(format!("a fault: {}", fault.message()))
                }
                Err(fault) => Err(fault.to_string()),
            },
        );
    }
    Ok(())
}

/// An operation without parameters whose reply is that message.
fn reply(of: &Operation, message: &XmlMessage, outs: Vec<Param>) -> Operation {
    let mut xml = XmlOperation::bare();
    xml.response = message.clone();
    let mut made = Operation::new(of.name.clone()).with_exceptions(of.exceptions.clone()).with_xml(xml);
    made.outs = outs;
    made.result = Type::Void.into();
    made
}

/// The operation that a request is of: by its first element, or by the directory's name.
fn operation(definitions: &Definitions, directory: &Path, request: &Path) -> Option<Operation> {
    let interfaces = definitions.interfaces();
    let all = || interfaces.iter().flat_map(|interface| &interface.operations);
    let text = std::fs::read_to_string(request).unwrap_or_default();
    let first =
        message::decode_request(&text, &Limits::default()).map(|r| r.name.to_owned()).unwrap_or_default();
    let begins = |operation: &&Operation| {
        let Some(xml) = &operation.xml else { return false };
        let part = xml.request.parts.first().and_then(|(_, name)| name.local.as_deref());
        xml.request.wrapper.as_ref().map_or(part, |wrapper| wrapper.local.as_deref()) == Some(&*first)
    };
    let directory = directory.file_name()?.to_str()?;
    let named = |operation: &&Operation| directory.split("__").next() == Some(&*operation.name);
    all()
        .find(|op| begins(op) && named(op))
        .or_else(|| all().find(begins))
        .or_else(|| all().find(named))
        .cloned()
}

fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

/// The SOAP 1.2 test collection: what each reply says of its request.
fn collection(directory: &Path, sums: &mut Sums) -> Result<(), Failure> {
    let replies = directory.with_file_name("ReplyMessages");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(directory)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    files.sort();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().replace("Req", "Res");
        let reply = std::fs::read_to_string(replies.join(name)).unwrap_or_default();
        let wanted = ["VersionMismatch", "MustUnderstand", "Sender", "ProcedureNotPresent"]
            .into_iter()
            .find(|code| reply.contains(&format!(":{code}<")));
        let text = std::fs::read_to_string(&file)?;
        let found = found(&text);
        let fits = match (wanted, found) {
            // what is said of values shows when they are read, which there is no description for
            (None, found) => found == "read" || reply.is_empty(),
            (Some("Sender" | "ProcedureNotPresent"), found) => found == "refused" || found == "read",
            (Some(code), found) => found == code,
        };
        let told = format!("{found}, and the reply is {}", wanted.unwrap_or("an answer"));
        sums.row(&file, if fits { Ok(told) } else { Err(told) });
    }
    Ok(())
}

/// What a request comes to before its values are read.
fn found(text: &str) -> &'static str {
    match message::decode_request(text, &Limits::default()) {
        Err(refused) if refused.mismatch => "VersionMismatch",
        Err(_) => "refused",
        Ok(request) => {
            // the service that the collection is about knows the headers of its namespace but one
            let known = |header: &message::Header<'_>| {
                header.namespace.as_deref() == Some("http://example.org/ts-tests") && header.name != "Unknown"
            };
            // in the collection the service is in the role C as well
            let ours = |h: &message::Header<'_>| {
                h.is_for_receiver() || h.role.as_deref() == Some("http://example.org/ts-tests/C")
            };
            let unknown = |h: &message::Header<'_>| h.must_understand && ours(h) && !known(h);
            if request.headers.iter().any(unknown) { "MustUnderstand" } else { "read" }
        }
    }
}
