//! The documentation pages: example messages are those of the protocols, and are answered as shown.

use farcall::net::{HttpClient, SendOptions};
use farcall::{Fault, Server, Wire, service};
use http::Request;

/// An account.
#[derive(Clone, Debug, PartialEq, Wire)]
struct Account {
    owner: String,
    balance: f64,
    nicknames: Vec<String>,
}

/// Keeps accounts.
#[service]
trait Bank {
    /// Opens an account & more <than> that.
    async fn open(&self, owner: String, first: Option<f64>) -> Result<Account, Fault>;
    /// Tells nobody.
    #[op(oneway)]
    async fn tell(&self, text: String) -> Result<(), Fault>;
}

struct Mine;

impl Bank for Mine {
    async fn open(&self, owner: String, first: Option<f64>) -> Result<Account, Fault> {
        Ok(Account { owner, balance: first.unwrap_or_default(), nicknames: Vec::new() })
    }

    async fn tell(&self, _text: String) -> Result<(), Fault> {
        Ok(())
    }
}

async fn send(request: Request<bytes::Bytes>) -> (u16, String) {
    let reply = HttpClient::new().send(request, &SendOptions::default()).await.unwrap();
    (reply.status().as_u16(), String::from_utf8(reply.body().to_vec()).unwrap())
}

/// The text inside of the first `pre` after the summary of a protocol.
fn shown(page: &str, protocol: &str) -> String {
    let (_, rest) = page.split_once(&format!("<summary>{protocol}</summary><pre>")).unwrap();
    let (text, _) = rest.split_once("</pre>").unwrap();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[tokio::test]
async fn examples_are_answered_as_they_stand() {
    let server = Server::new().service("bank", BankService::new(Mine));
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let base = format!("http://{}", running.address());
    let get = |path: &str| Request::get(format!("{base}{path}")).body(bytes::Bytes::new()).unwrap();
    let (status, page) = send(get("/bank")).await;
    assert_eq!(status, 200);
    assert!(page.contains("Opens an account &amp; more &lt;than&gt; that."), "{page}");
    assert!(page.contains(&format!("<code>corbaloc::{}/bank</code>", running.address())), "{page}");
    assert!(page.contains("Account open"), "no IDL: {page}");
    for protocol in ["SOAP 1.1", "SOAP 1.2", "XML-RPC"] {
        let text = shown(&page, protocol);
        let (head, body) = text.split_once("\n\n").unwrap();
        let mut lines = head.lines();
        let path = lines.next().unwrap().split(' ').nth(1).unwrap();
        let mut request = Request::post(format!("{base}{path}"));
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            request = request.header(name, value);
        }
        let (status, reply) = send(request.body(body.to_owned().into()).unwrap()).await;
        assert_eq!(status, 200, "{protocol}: {text}: {reply}");
        assert!(reply.contains("text") && reply.contains("2.5"), "{protocol}: {reply}");
    }
    // a response shows a whole account, as a sample has it
    assert!(page.contains("&lt;n:balance&gt;2.5&lt;/n:balance&gt;"), "{page}");
    assert!(page.contains("&lt;n:nicknames&gt;text&lt;/n:nicknames&gt;"), "{page}");
    let (status, all) = send(get("/")).await;
    assert!(status == 200 && all.contains("href=\"/bank\"") && !all.contains("<summary>"));
    running.stop().await;
}
