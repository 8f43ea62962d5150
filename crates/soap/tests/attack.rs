//! Attacks on a server that listens, while good callers call and none of them may fail: each gets a
//! fault that says where it is wrong, in bounded time and memory.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use farcall_builtin::{Echo, EchoClient, EchoService, Mirror};
use farcall_net::{HttpClient, SendOptions, ServerLimits};
use farcall_soap::{Client, SoapServer};
use farcall_wire::{Limits, Remote as _};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{Request, Response};

/// By how much the process may grow under any attack, in octets.
const GROWTH: usize = 300 << 20;
/// What an answer may take; far more than it does, as machines of tests are busy.
const PATIENCE: Duration = Duration::from_secs(10);
/// Messages of 4 MiB at most, so that an attack needs no more to pass the limit.
const MESSAGE: usize = 4 << 20;

/// The memory that this process holds, in octets.
fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()).unwrap() * 4096
}

struct Attacked {
    base: String,
    over: Arc<AtomicBool>,
    good: Arc<AtomicUsize>,
    callers: Vec<tokio::task::JoinHandle<()>>,
}

impl Attacked {
    async fn new() -> Self {
        let soap = SoapServer::new().with_service("echo", Arc::new(EchoService::new(Mirror)));
        let limits = ServerLimits::default().with_call(Limits::default().with_message_size(MESSAGE));
        let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse().unwrap()).limits(limits);
        let server = builder.http(soap).bind().await.unwrap();
        let base = format!("http://{}/echo", server.addresses()[0]);
        tokio::spawn(server.run(std::future::pending()));
        let (over, good) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let callers = (0..20).map(|n| {
            let client = Client::connect(&base, EchoClient::<Client>::interface()).unwrap();
            let (over, good) = (Arc::clone(&over), Arc::clone(&good));
            tokio::spawn(async move {
                let echo = EchoClient::new(client);
                while !over.load(Ordering::SeqCst) {
                    assert_eq!(echo.i32(n).await.unwrap(), n);
                    good.fetch_add(1, Ordering::SeqCst);
                }
            })
        });
        let callers = callers.collect();
        Self { base, over, good, callers }
    }

    async fn post(&self, body: &[u8], coding: Option<&str>) -> Response<Bytes> {
        let mut request =
            Request::post(&self.base).header("content-type", "text/xml").header("soapaction", "");
        if let Some(coding) = coding {
            request = request.header("content-encoding", coding);
        }
        let request = request.body(Bytes::copy_from_slice(body)).unwrap();
        HttpClient::new().send(request, &SendOptions::default()).await.unwrap()
    }

    /// The fault that an attack gets.
    async fn answer(&self, name: &str, body: &[u8], coding: Option<&str>) -> String {
        let (before, began, good) = (memory(), Instant::now(), self.good.load(Ordering::SeqCst));
        let (one, two) = tokio::join!(self.post(body, coding), self.post(body, coding));
        let grown = memory().saturating_sub(before);
        assert!(began.elapsed() < PATIENCE, "{name} took {:?}", began.elapsed());
        assert!(grown < GROWTH, "{name}: the process grew by {} MiB", grown >> 20);
        while self.good.load(Ordering::SeqCst) < good + 20 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        for reply in [&one, &two] {
            let text = String::from_utf8(reply.body().to_vec()).unwrap();
            assert!(text.contains("<faultcode>s:Client</faultcode>"), "{name}: {} {text}", reply.status());
            assert!(text.len() < 10_000, "{name}");
        }
        String::from_utf8(one.body().to_vec()).unwrap()
    }

    async fn close(self) {
        self.over.store(true, Ordering::SeqCst);
        for caller in self.callers {
            caller.await.unwrap();
        }
    }
}

fn envelope(header: &str, body: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:o='urn:farcall:Echo' \
         xmlns:c='http://schemas.xmlsoap.org/soap/encoding/' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\
         <e:Header>{header}</e:Header>\n<e:Body>{body}</e:Body></e:Envelope>"
    )
}

fn any(inside: &str) -> String {
    envelope("", &format!("<o:any><o:x>{inside}</o:x></o:any>"))
}

fn encoded(parameter: &str, beside: &str) -> String {
    let style = "e:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'";
    envelope("", &format!("<o:any {style}>{parameter}</o:any>{beside}"))
}

fn gzip(octets: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    octets.for_each(|piece| out.write_all(&piece).unwrap());
    out.finish().unwrap()
}

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn what_means_no_good_harms_nobody() {
    let server = Attacked::new().await;
    let doubling = many(60, |n| format!("<m id='{n}'><x href='#{}'/><x href='#{}'/></m>", n + 1, n + 1))
        + "<m id='60'/>";
    let namespaces = many(250, |n| format!(" xmlns:p{n}='urn:{n}'"));
    let large = "y".repeat(1 << 20);
    let attacks: Vec<(&str, String, &str)> = vec![
        ("a DOCTYPE", format!("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>{}", any("")), "document type"),
        (
            "an entity bomb",
            format!("<!DOCTYPE l [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;'>]>{}", any("&b;")),
            "document type",
        ),
        ("an entity", any("&b;"), "/e:Envelope/e:Body/o:any/o:x"),
        (
            "100,000 attributes",
            any(&format!("<a{}/>", many(100_000, |n| format!(" a{n}=''")))),
            "'attributes'",
        ),
        (
            "100,000 namespaces",
            any(&format!("<a{}/>", many(100_000, |n| format!(" xmlns:p{n}='u'")))),
            "limit",
        ),
        ("100,000 levels", any(&"<a>".repeat(100_000)), "'depth'"),
        ("a long name", any(&format!("<{}/>", "n".repeat(1 << 20))), "'name_length'"),
        ("headers", envelope(&"<h xmlns='urn:h'/>".repeat(100_000), "<o:nothing/>"), "'batch'"),
        ("half a message", any("<a><b>").split_inclusive("<b>").next().unwrap().to_owned(), "line 2"),
        ("text after the message", any("") + "x", "text"),
        ("a cycle", encoded("<x href='#1'/>", "<m id='1'><x href='#1'/></m>"), "cycle"),
        ("references to nothing", encoded("<x href='#1'/>", "<m id='2'/>"), "/e:Envelope/e:Body/o:any/x"),
        (
            "a reference elsewhere",
            encoded("<x href='file:///etc/passwd'/>", "<m id='2'/><m id='2'/>"),
            "id that another",
        ),
        ("a bomb of references", encoded("<x href='#0'/>", &doubling), "'message_size'"),
        (
            "a large text at many places",
            encoded(&"<x href='#1'/>".repeat(10_000), &format!("<m id='1'>{large}</m>")),
            "'message_size'",
        ),
        (
            "ids among namespaces",
            encoded(
                "<x href='#1'/>",
                &format!("<n{namespaces}>{}</n>", many(60_000, |n| format!("<m id='{n}'/>"))),
            ),
            "have an id",
        ),
        (
            "a sparse array",
            encoded("<x i:type='c:Array' c:arrayType='c:int[]'><y c:position='[4000000000]'/></x>", ""),
            "'elements'",
        ),
        (
            "an array of many dimensions",
            encoded(&format!("<x i:type='c:Array' c:arrayType='c:int[{}2]'><y/></x>", "2,".repeat(60)), ""),
            "'elements'",
        ),
    ];
    for (name, body, expected) in &attacks {
        let text = server.answer(name, body.as_bytes(), None).await;
        assert!(text.contains(expected), "{name}: {text}");
    }
    let bomb =
        gzip(std::iter::once(any("").as_bytes()[..240].to_vec()).chain((0..32).map(|_| vec![b'a'; 1 << 20])));
    assert!(bomb.len() < 1 << 20);
    let text = server.answer("a gzip bomb", &bomb, Some("gzip")).await;
    assert!(text.contains("message_size"), "{text}");
    let text = server.answer("a huge text", any(&"a".repeat(5 << 20)).as_bytes(), None).await;
    assert!(text.contains("message_size"), "{text}");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn faults_say_where() {
    let server = Attacked::new().await;
    let body = envelope("", "<o:list>\n <o:x>a</o:x>\n <o:x><b/></o:x></o:list>");
    let text = server.answer("an element in a text", body.as_bytes(), None).await;
    for part in ["line 4, column 7", "/e:Envelope/e:Body/o:list/o:x[2]"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let body = envelope("", "<o:i32><o:x>many</o:x></o:i32>");
    let text = server.answer("a number that is none", body.as_bytes(), None).await;
    for part in ["line 2", "/e:Envelope/e:Body/o:i32/o:x", "x: "] {
        assert!(text.contains(part), "{part}: {text}");
    }
    server.close().await;
}
