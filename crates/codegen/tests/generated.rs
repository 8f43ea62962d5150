//! Generated code is compiled, called, and compared with what it was.
//!
//! To accept a change of the generator, run with `FARCALL_BLESS=1`.

use farcall::wire::Remote;
use farcall::{CallError, Server};
use farcall_builtin::{BankClient, EchoClient, Validator1Client};

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

#[test]
fn what_is_generated_is_what_was_looked_at() {
    for interface in [<BankClient>::interface(), <EchoClient>::interface(), <Validator1Client>::interface()] {
        for (name, text) in farcall_codegen::rust(interface).unwrap() {
            let path = format!("{}/tests/generated/{name}", env!("CARGO_MANIFEST_DIR"));
            if std::env::var_os("FARCALL_BLESS").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            assert_eq!(text, std::fs::read_to_string(&path).unwrap_or_default(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_generated_client_calls_the_service_it_was_made_from() {
    use bank::Bank as _;
    let server = farcall_builtin::services(Server::new());
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let url = format!("xmlrpc+http://{}/bank", running.address());
    let bank = bank::BankClient::connect(&url).await.unwrap();
    let account = bank.open("ann".into(), Some(1.0)).await.unwrap();
    let error = bank.withdraw(account, 2.0).await.unwrap_err();
    let CallError::User(bank::OpenError::InsufficientFunds(refused)) = error else { panic!("{error:?}") };
    assert_eq!((refused.balance, refused.requested), (1.0, 2.0));
    running.stop().await;
}
