//! Attacks on a server that listens, while a hundred good callers call and
//! none of them may fail; time and memory stay bounded.

mod common;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use common::{Echo as _, EchoClient, call, gzip, post, rest, say, socket, start};
use farcall::Limits;
use farcall::net::ServerLimits;
use tokio::io::AsyncWriteExt as _;

const GOOD: usize = 100;
/// Attackers that do the same at once.
const BAD: usize = 2;
/// What a good caller waits at most; far more than it takes, as machines of tests are busy.
const PATIENCE: Duration = Duration::from_secs(5);
/// By how much the process may grow under any attack, in octets.
const GROWTH: usize = 300 << 20;

/// Messages of 4 MiB at most, so that an attack needs no more to pass the limit.
fn limits() -> ServerLimits {
    ServerLimits::default().with_call(Limits::default().with_message_size(4 << 20))
}

/// The memory that this process holds, in octets.
fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()).unwrap() * 4096
}

/// One attack after the other, so that each is measured alone.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs an attack, several times at once, beside good callers.
fn under<F: Future<Output = ()> + Send + 'static>(attack: impl Fn(SocketAddr) -> F) {
    under_limits(limits(), attack);
}

fn under_limits<F: Future<Output = ()> + Send + 'static>(
    limits: ServerLimits,
    attack: impl Fn(SocketAddr) -> F,
) {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap();
    let server = runtime.block_on(start(limits));
    let at = socket(&server);
    let over = Arc::new(AtomicBool::new(false));
    let calls = Arc::new(AtomicUsize::new(0));
    let callers: Vec<_> = (0..GOOD)
        .map(|caller| runtime.spawn(good(at, caller as i32, Arc::clone(&over), Arc::clone(&calls))))
        .collect();
    runtime.block_on(async {
        while calls.load(Ordering::SeqCst) < GOOD {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let (before, begun) = (memory(), Instant::now());
        let attacks: Vec<_> = (0..BAD).map(|_| tokio::spawn(attack(at))).collect();
        let mut most = before;
        while !attacks.iter().all(tokio::task::JoinHandle::is_finished) {
            most = most.max(memory());
            assert!(begun.elapsed() < Duration::from_secs(20), "the attack does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        for attack in attacks {
            attack.await.unwrap();
        }
        over.store(true, Ordering::SeqCst);
        for caller in callers {
            caller.await.unwrap();
        }
        let grown = most.max(memory()).saturating_sub(before);
        assert!(grown < GROWTH, "grown by {} MiB", grown >> 20);
        let rounds = calls.load(Ordering::SeqCst) / GOOD;
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        println!("{name}: {:?}, {rounds} calls each, {} MiB more", begun.elapsed(), grown >> 20);
        server.stop().await;
    });
}

/// Calls until the attack is over.
async fn good(at: SocketAddr, caller: i32, over: Arc<AtomicBool>, calls: Arc<AtomicUsize>) {
    let client = EchoClient::connect(&format!("xmlrpc+http://{at}/echo")).await.unwrap();
    let mut count = 0;
    while !over.load(Ordering::SeqCst) || count == 0 {
        let begun = Instant::now();
        assert_eq!(client.add(caller, count).await.unwrap(), caller + count);
        assert!(begun.elapsed() < PATIENCE, "a good caller waited for {:?}", begun.elapsed());
        count += 1;
        calls.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Posts a body and gives the reply.
async fn posted(at: SocketAddr, headers: &str, body: &[u8]) -> String {
    rest(&mut say(at, &post("/RPC2", headers, body)).await).await
}

fn is_fault(reply: &str, code: i64) {
    let shown: String = reply.chars().take(500).collect();
    assert!(reply.contains(&format!("<name>faultCode</name><value><int>{code}</int>")), "{shown}");
}

#[test]
fn a_hundred_thousand_nested_arrays() {
    under(|at| async move {
        let deep = "<value><array><data>".repeat(100_000) + &"</data></array></value>".repeat(100_000);
        // past 4 MiB of message it would be refused unread
        assert!(deep.len() > 4 << 20);
        let reply = posted(at, "", call("echo.echo", &deep).as_bytes()).await;
        assert!(reply.starts_with("HTTP/1.1 413 "), "{}", &reply[..100.min(reply.len())]);
        let open = "<value><array><data>".repeat(100_000);
        is_fault(&posted(at, "", call("echo.echo", &open).as_bytes()).await, -32003);
        let open = "<value><struct><member><name>a</name>".repeat(100_000);
        is_fault(&posted(at, "", call("echo.echo", &open).as_bytes()).await, -32003);
        is_fault(&posted(at, "", "<a>".repeat(1 << 20).as_bytes()).await, -32600);
    });
}

#[test]
fn a_tag_with_a_hundred_thousand_attributes() {
    under(|at| async move {
        let attributes: String = (0..100_000).map(|i| format!(" a{i}=''")).collect();
        let reply =
            posted(at, "", call("echo.echo", &format!("<value{attributes}>x</value>")).as_bytes()).await;
        assert!(reply.contains("methodResponse"), "{reply}");
        let spaces: String = (0..60_000).map(|i| format!(" xmlns:a{i}='u{i}'")).collect();
        let reply = posted(at, "", call("echo.echo", &format!("<value{spaces}>x</value>")).as_bytes()).await;
        assert!(reply.contains("methodResponse"), "{reply}");
        let long = call("echo.echo", &format!("<value a='{}'>x</value>", "y".repeat(1 << 20)));
        assert!(posted(at, "", long.as_bytes()).await.contains("methodResponse"));
    });
}

#[test]
fn a_gzip_bomb() {
    let bomb = Arc::new(gzip(&vec![b' '; 64 << 20]));
    under(move |at| {
        let bomb = Arc::clone(&bomb);
        async move {
            let reply = posted(at, "content-encoding: gzip\r\n", &bomb).await;
            assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
            is_fault(&reply, -32003);
        }
    });
}

#[test]
fn slow_senders() {
    let impatient = limits()
        .with_header_read_timeout(Duration::from_millis(700))
        .with_body_read_timeout(Duration::from_millis(700));
    under_limits(impatient, |at| async move {
        let mut slow = Vec::new();
        for _ in 0..25 {
            slow.push(say(at, b"POST /RPC2 HTTP/1.1\r\nhost: x\r\n").await);
            slow.push(say(at, b"POST /RPC2 HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n<").await);
            slow.push(say(at, b"P").await);
        }
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            for stream in &mut slow {
                let _ = stream.write_all(b"a").await;
            }
        }
        for mut stream in slow {
            let reply = rest(&mut stream).await;
            assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 4"), "{reply}");
        }
    });
}

#[test]
fn half_a_body_and_gone() {
    under(|at| async move {
        let whole = post("/RPC2", "", call("echo.echo", "<value>x</value>").as_bytes());
        for end in (0..whole.len()).step_by(3) {
            let mut stream = say(at, &whole[..end]).await;
            if end % 2 == 0 {
                // half closed: there may be an answer, but not one that the call ran
                stream.shutdown().await.unwrap();
                assert!(!rest(&mut stream).await.contains("<params>"), "{end}");
            }
        }
    });
}

/// Pseudo-random octets, always the same.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(next).collect()
}

#[test]
fn noise_at_the_port_and_as_a_body() {
    under(|at| async move {
        for (seed, length) in [(1, 1), (2, 3), (3, 17), (4, 500), (5, 5_000), (6, 100_000)] {
            let noise = noise(seed, length);
            let mut stream = say(at, &noise).await;
            let _ = stream.shutdown().await;
            let reply = rest(&mut stream).await;
            assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 4"), "{reply}");
            for headers in [
                "",
                "content-type: text/xml; charset=utf-16\r\n",
                "content-type: text/xml; charset=latin1\r\n",
            ] {
                let reply = posted(at, headers, &noise).await;
                assert!(reply.contains("<methodResponse><fault>"), "{reply}");
            }
            let reply = posted(at, "content-encoding: gzip\r\n", &noise).await;
            assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
        }
        for begin in [
            &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..],
            b"\x16\x03\x01\x02\x00\x01",
            b"GIOP\x01\x02\x00\x00",
            b"\x80\x00\x00\x28",
        ] {
            let mut stream = say(at, begin).await;
            stream.shutdown().await.unwrap();
            rest(&mut stream).await;
        }
    });
}

fn entry(method: &str, params: &str) -> String {
    format!(
        "<value><struct><member><name>methodName</name><value>{method}</value></member><member><name>params</name>\
         <value><array><data>{params}</data></array></value></member></struct></value>"
    )
}

fn batch(entries: &str) -> String {
    call("system.multicall", &format!("<value><array><data>{entries}</data></array></value>"))
}

#[test]
fn batches_in_batches_and_batches_of_errors() {
    under(|at| async move {
        let mut inner = entry("echo.add", "");
        for _ in 0..25 {
            inner = entry("system.multicall", &format!("<value><array><data>{inner}</data></array></value>"));
        }
        is_fault(&posted(at, "", batch(&inner).as_bytes()).await, -32600);
        let many = inner.repeat(200);
        let reply = posted(at, "", batch(&many).as_bytes()).await;
        assert_eq!(reply.matches("inside system.multicall").count(), 200);
        let ballast = entry("echo.echo", &format!("<value>{}</value>", "<![CDATA[x]]>".repeat(50_000)));
        let wrong = entry("echo.echo", "<value><int>x</int></value>").repeat(990);
        let reply = posted(at, "", batch(&format!("{ballast}{wrong}")).as_bytes()).await;
        assert_eq!(reply.matches("is not a valid int").count(), 990);
        let reply = posted(at, "", batch(&entry("echo.add", "").repeat(5_000)).as_bytes()).await;
        is_fault(&reply, -32003);
    });
}

#[test]
fn a_megabyte_of_empty_values() {
    under(|at| async move {
        let values = "<value/>".repeat((1 << 20) / 8);
        let list = format!("<value><array><data>{values}</data></array></value>");
        let reply = posted(at, "", call("echo.echo", &list).as_bytes()).await;
        assert!(reply.starts_with("HTTP/1.1 200 "), "{}", &reply[..100.min(reply.len())]);
        is_fault(&posted(at, "", call("echo.echo", &values).as_bytes()).await, -32600);
        let members: String =
            (0..30_000).map(|i| format!("<member><name>{i}</name><value/></member>")).collect();
        let record = format!("<value><struct>{members}</struct></value>");
        let reply = posted(at, "", call("echo.echo", &record).as_bytes()).await;
        assert!(reply.starts_with("HTTP/1.1 200 "), "{}", &reply[..100.min(reply.len())]);
    });
}

#[test]
fn a_billion_laughs() {
    under(|at| async move {
        let laughs: String =
            (1..10).map(|i| format!("<!ENTITY l{i} \"{}\">", format!("&l{};", i - 1).repeat(10))).collect();
        let body = format!(
            "<!DOCTYPE x [<!ENTITY l0 \"lol\">{laughs}]>{}",
            call("echo.echo", "<value>&l9;</value>")
        );
        for _ in 0..50 {
            is_fault(&posted(at, "", body.as_bytes()).await, -32700);
        }
        let external =
            format!("<!DOCTYPE x SYSTEM \"file:///etc/passwd\">{}", call("echo.echo", "<value>x</value>"));
        is_fault(&posted(at, "", external.as_bytes()).await, -32700);
    });
}

#[test]
fn a_flood_of_headers() {
    under(|at| async move {
        let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(20_000));
        let reply = rest(&mut say(at, many.as_bytes()).await).await;
        assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 431 "), "{reply}");
        let long = format!("GET / HTTP/1.1\r\nhost: x\r\na: {}\r\n\r\n", "b".repeat(1 << 20));
        let reply = rest(&mut say(at, long.as_bytes()).await).await;
        assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 431 "), "{reply}");
        let path = format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "b".repeat(1 << 20));
        let reply = rest(&mut say(at, path.as_bytes()).await).await;
        assert!(reply.is_empty() || reply.starts_with("HTTP/1.1 4"), "{reply}");
        // one that never ends
        let mut stream = say(at, b"GET / HTTP/1.1\r\n").await;
        while stream.write_all(&b"x-y: z\r\n".repeat(1_000)).await.is_ok() {}
    });
}

#[test]
fn numbers_and_texts_of_a_megabyte() {
    under(|at| async move {
        let digits = "9".repeat(1 << 20);
        for (element, code) in
            [("int", -32602), ("i8", -32602), ("double", -32602), ("dateTime.iso8601", -32602)]
        {
            let body = call("echo.echo", &format!("<value><{element}>{digits}</{element}></value>"));
            let reply = posted(at, "", body.as_bytes()).await;
            is_fault(&reply, code);
            assert!(reply.len() < 2_000, "{}", reply.len());
        }
        let reply = posted(at, "", call(&digits, "<value/>").as_bytes()).await;
        is_fault(&reply, -32601);
        assert!(reply.len() < 3_000, "{}", reply.len());
        let references = call("echo.echo", &format!("<value>{}</value>", "&#x1D11E;".repeat(100_000)));
        assert!(posted(at, "", references.as_bytes()).await.starts_with("HTTP/1.1 200 "));
    });
}
