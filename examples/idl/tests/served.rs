//! The generated service, called by its generated client over each protocol; and the IDL that it
//! tells of itself, which is the one that it was generated from.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;

use farcall::model::Interface;
use farcall::wire::Remote as _;
use farcall::{CallError, Running, Server};
use farcall_example_idl::Shelf;
use farcall_example_idl::warehouse::warehouse::{
    MAX_PARTS, Store as _, StoreClient, StoreService, TakeError,
};
use farcall_idl::{Disk, Options, compile, compile_file, lower};

async fn served() -> Running {
    let shelf = Shelf::new([("bolt", 5), ("nut", 0)]);
    let server = Server::new().service("warehouse", StoreService::new(shelf));
    server.start("127.0.0.1:0".parse().unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_generated_client_calls_a_generated_service_over_every_protocol() {
    let running = served().await;
    let address = running.address();
    assert_eq!(MAX_PARTS, 1000);
    for (url, left) in [
        (format!("xmlrpc+http://{address}/warehouse"), 4),
        (format!("soap+http://{address}/warehouse"), 3),
        (format!("corbaloc:iiop:1.2@{address}/warehouse"), 2),
    ] {
        let store = StoreClient::connect(&url).await.unwrap();
        assert_eq!(store.name().await.unwrap(), "shelf", "{url}");
        assert_eq!(store.parts().await.unwrap(), ["bolt", "nut"], "{url}");
        let (more, rest) = store.take("bolt".into(), 1).await.unwrap();
        assert_eq!((more, rest.amount, rest.unit.as_str()), (true, left, "pieces"), "{url}");
        let error = store.take("nut".into(), 1).await.unwrap_err();
        let CallError::User(TakeError::NotEnough(refused)) = error else { panic!("{url}: {error:?}") };
        assert_eq!(refused.stock.amount, 0, "{url}");
        let error = store.stock("gear".into()).await.unwrap_err();
        let CallError::User(unknown) = error else { panic!("{url}: {error:?}") };
        assert_eq!(unknown.which, "gear", "{url}");
    }
    running.stop().await;
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    body.to_owned()
}

/// The interface of that file, or of a text of that name.
fn interface(text: Option<&str>) -> Interface {
    let options = Options::default();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/idl/warehouse.idl");
    let compiled = match text {
        Some(text) => compile("told.idl", text, &options, &Disk),
        None => compile_file(file, &options).unwrap(),
    };
    let model = lower(compiled.specification().unwrap_or_else(|error| panic!("{error}"))).unwrap();
    model.interface("Warehouse::Store").unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_tells_the_idl_that_it_was_generated_from() {
    let running = served().await;
    let text = get(&running.address().to_string(), "/warehouse/idl");
    running.stop().await;
    let mut told = interface(Some(&text));
    let written = interface(None);
    assert_eq!(told, written, "{text}");
    assert_eq!(told.repository_id.as_deref(), Some("IDL:farcall.example/Warehouse/Store:1.0"));
    // documentation and all, the trait is the interface
    told.bases.clear();
    assert_eq!(&told, <StoreClient>::interface(), "{text}");
    omniidl(&text);
}

/// What omniORB's compiler says, where it is installed; its repository ids are in its C++.
fn omniidl(text: &str) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("told.idl");
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new("omniidl");
    command.args(["-bcxx", "-C"]).arg(directory.path()).arg(&file);
    let Ok(output) = command.output() else { return };
    assert!(output.status.success(), "{}{text}", String::from_utf8_lossy(&output.stderr));
    let code = std::fs::read_to_string(directory.path().join("toldSK.cc")).unwrap();
    for id in ["Warehouse/Store", "Warehouse/UnknownPart", "Warehouse/NotEnough"] {
        let id = format!("IDL:farcall.example/{id}:1.0");
        assert!(code.contains(&id), "{id} in {code}");
    }
}
