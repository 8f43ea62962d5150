//! Generated code is compiled, called, and compared with what it was.
//!
//! To accept a change of the generator, run with `FARCALL_BLESS=1`.

use farcall::wire::Remote;
use farcall::{CallError, Server};
use farcall_builtin::{AccountClient, BankClient, EchoClient, Validator1Client};
use farcall_codegen::{Files, Generator, Layout, Options};

#[rustfmt::skip]
#[path = "generated/bank.rs"]
mod bank;
#[rustfmt::skip]
#[path = "generated/echo.rs"]
#[allow(clippy::use_self, reason = "a lint of this workspace")]
mod echo;
#[rustfmt::skip]
#[path = "generated/validator1.rs"]
mod validator1;

/// What is generated from the built-in services, each without modules.
fn generated() -> Files {
    let bank = Options::new("bank").layout(Layout::Flat).source("Bank");
    let interfaces = [<BankClient>::interface(), <AccountClient>::interface()];
    let mut files = Generator::new(bank).interfaces(interfaces).files().unwrap();
    files.extend(farcall_codegen::rust(<EchoClient>::interface()).unwrap());
    files.extend(farcall_codegen::rust(<Validator1Client>::interface()).unwrap());
    files
}

#[test]
fn what_is_generated_is_what_was_looked_at() {
    for (name, text) in generated() {
        let path = format!("{}/tests/generated/{name}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("FARCALL_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert!(text == std::fs::read_to_string(&path).unwrap_or_default(), "{path} differs");
    }
}

#[test]
fn the_idl_of_a_trait_gives_the_same_trait() {
    for interface in [<BankClient>::interface(), <EchoClient>::interface(), <Validator1Client>::interface()] {
        let text = farcall_idl::emit([interface]).unwrap();
        let options = farcall_idl::Options::default();
        let compiled = farcall_idl::compile("t.idl", &text, &options, &farcall_idl::Disk);
        let model = farcall_idl::lower(compiled.specification().unwrap()).unwrap();
        let again = model.interfaces.iter().find(|again| again.name == interface.name).unwrap();
        let [again, first] = [again, interface].map(|interface| farcall_codegen::rust(interface).unwrap());
        // IDL has no place for the documentation of cases that carry nothing
        let lost = ["/// No extent."];
        for (name, text) in &first {
            let kept = text.lines().filter(|line| !lost.contains(&line.trim()));
            let other = again[name].lines().zip(kept).find(|(again, first)| again != first);
            assert_eq!(other, None, "{name}");
        }
    }
}

#[tokio::test]
async fn a_generated_client_calls_the_service_it_was_made_from() {
    use bank::{Account as _, Bank as _};
    let server = farcall_builtin::services(Server::new());
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("xmlrpc+http://{}/bank", running.address());
    let bank = bank::BankClient::connect(&url).await.unwrap();
    let account = bank.open("ann".into(), Some(1.0)).await.unwrap();
    let account =
        bank::AccountClient::connect(&format!("xmlrpc+{}", account.object().addresses[0])).await.unwrap();
    let error = account.withdraw(2.0).await.unwrap_err();
    let CallError::User(bank::OpenError::InsufficientFunds(refused)) = error else { panic!("{error:?}") };
    assert_eq!((refused.balance, refused.requested), (1.0, 2.0));
    running.stop().await;
}
