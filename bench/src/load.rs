//! The callers: raw HTTP/1.1 over tokio, prepared requests, keep-alive, one call at a time each.
//!
//! Every response is compared with the first, octet for octet, and the first with the call by
//! content, so a server cannot be fast by being wrong.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::check;
use crate::payload::Case;
use crate::proc::CpuTime;

/// One measured cell: a subject, a case, a number of callers, once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) calls_per_second: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// Server CPU, user and system, per call.
    pub(crate) cpu_us: f64,
}

/// How long to call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) warm_up: Duration,
    pub(crate) measured: Duration,
}

/// Slack over [`Span`] before a server is taken to hang: the slowest answers 64 large calls in seconds.
const PATIENCE: Duration = Duration::from_secs(120);

/// Calls `case` from `callers` connections at once and measures the server `pid`.
///
/// # Errors
/// A connection that fails, a status other than 200, a response that differs, or no end in time.
pub(crate) async fn drive(
    address: SocketAddr,
    pid: u32,
    case: Case,
    callers: usize,
    span: Span,
) -> Result<Sample> {
    let limit = span.warm_up + span.measured + PATIENCE;
    let driven = tokio::time::timeout(limit, drive_unbounded(address, pid, case, callers, span)).await;
    driven.with_context(|| format!("no end within {limit:?}"))?
}

async fn drive_unbounded(
    address: SocketAddr,
    pid: u32,
    case: Case,
    callers: usize,
    span: Span,
) -> Result<Sample> {
    let request: Arc<[u8]> = request(address, &case.call()).into();
    let expected: Arc<[u8]> = first_response(address, &request, case).await?.into();
    let mut idle = Vec::new();
    for _ in 0..callers {
        idle.push(Caller::connect(address, &request, &expected).await?);
    }
    let (idle, _) = all_until(idle, Instant::now() + span.warm_up).await?;

    let before = CpuTime::of(pid)?;
    let start = Instant::now();
    let (idle, mut latencies) = all_until(idle, start + span.measured).await?;
    let elapsed = start.elapsed();
    let used = CpuTime::of(pid)?.since(&before);
    // only now may the connections close, and with them the threads that serve them end
    drop(idle);

    latencies.sort_unstable();
    let calls = latencies.len() as f64;
    Ok(Sample {
        calls_per_second: calls / elapsed.as_secs_f64(),
        p50_us: percentile(&latencies, 50),
        p99_us: percentile(&latencies, 99),
        cpu_us: used.as_secs_f64() * 1e6 / calls,
    })
}

/// One call whose answer is checked by content; returns the answer's body.
pub(crate) async fn first_response(address: SocketAddr, request: &[u8], case: Case) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await?;
    let mut buffer = vec![0; BUFFER];
    let mut body = Vec::new();
    exchange(&mut stream, request, &mut buffer, |part| {
        body.extend_from_slice(part);
        Ok(())
    })
    .await?;
    let text = std::str::from_utf8(&body).context("the response is not UTF-8")?;
    let answered = check::canonical(text).context("the response")?;
    ensure!(
        answered == check::canonical(&case.call())?,
        "the response is not the echo of the call: {text:.400}"
    );
    Ok(body)
}

/// The octets of a POST of `body` to `/RPC2`.
pub(crate) fn request(address: SocketAddr, body: &str) -> Vec<u8> {
    let head = format!(
        "POST /RPC2 HTTP/1.1\r\nHost: {address}\r\nUser-Agent: farcall-bench\r\n\
         Content-Type: text/xml\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

/// Lets every caller call until `end`, each at least once, and gathers their latencies in ns.
async fn all_until(callers: Vec<Caller>, end: Instant) -> Result<(Vec<Caller>, Vec<u64>)> {
    let mut running = JoinSet::new();
    for caller in callers {
        running.spawn(caller.until(end));
    }
    let (mut idle, mut latencies) = (Vec::new(), Vec::new());
    while let Some(done) = running.join_next().await {
        let (caller, mut times) = done??;
        idle.push(caller);
        latencies.append(&mut times);
    }
    Ok((idle, latencies))
}

/// Where a read ends up; a response's head must fit.
const BUFFER: usize = 256 * 1024;

struct Caller {
    stream: TcpStream,
    request: Arc<[u8]>,
    expected: Arc<[u8]>,
    buffer: Vec<u8>,
}

impl Caller {
    async fn connect(address: SocketAddr, request: &Arc<[u8]>, expected: &Arc<[u8]>) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            request: Arc::clone(request),
            expected: Arc::clone(expected),
            buffer: vec![0; BUFFER.min(expected.len() + 4096)],
        })
    }

    async fn until(mut self, end: Instant) -> Result<(Self, Vec<u64>)> {
        let mut latencies = Vec::new();
        loop {
            let start = Instant::now();
            self.call().await?;
            let now = Instant::now();
            latencies.push((now - start).as_nanos() as u64);
            if now >= end {
                return Ok((self, latencies));
            }
        }
    }

    async fn call(&mut self) -> Result<()> {
        let mut rest: &[u8] = &self.expected;
        exchange(&mut self.stream, &self.request, &mut self.buffer, |part| {
            rest = rest.strip_prefix(part).context("a response differs from the first one")?;
            Ok(())
        })
        .await?;
        ensure!(rest.is_empty(), "a response is shorter than the first one");
        Ok(())
    }
}

/// Sends one request and hands the response's body on in parts.
async fn exchange(
    stream: &mut TcpStream,
    request: &[u8],
    buffer: &mut [u8],
    mut body: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    stream.write_all(request).await?;
    let mut filled = 0;
    let head = loop {
        ensure!(filled < buffer.len(), "the response's head has no end");
        let read = stream.read(&mut buffer[filled..]).await?;
        ensure!(read > 0, "the server closed the connection");
        filled += read;
        if let Some(end) = buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let length = content_length(std::str::from_utf8(&buffer[..head])?)?;
    let mut left = length.checked_sub(filled - head).context("the server sent more than it announced")?;
    body(&buffer[head..filled])?;
    while left > 0 {
        let room = left.min(buffer.len());
        let read = stream.read(&mut buffer[..room]).await?;
        ensure!(read > 0, "the server closed the connection within a response");
        body(&buffer[..read])?;
        left -= read;
    }
    Ok(())
}

fn content_length(head: &str) -> Result<usize> {
    let (status, fields) = head.split_once("\r\n").context("no status line")?;
    ensure!(status.split(' ').nth(1) == Some("200"), "the server answered {status}");
    for field in fields.lines() {
        let Some((name, value)) = field.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            return value.trim().parse().context("Content-Length");
        }
    }
    bail!("the response has no Content-Length")
}

/// The `percent`th percentile of sorted nanoseconds, in microseconds.
pub(crate) fn percentile(sorted: &[u64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map_or(0.0, |nanoseconds| *nanoseconds as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        let sorted: Vec<u64> = (1..=200).map(|n| n * 1000).collect();
        assert_eq!(percentile(&sorted, 50), 100.0);
        assert_eq!(percentile(&sorted, 99), 198.0);
        assert_eq!(percentile(&[7000], 99), 7.0);
    }

    #[test]
    fn heads_other_than_200_with_a_length_are_refused() {
        assert_eq!(content_length("HTTP/1.1 200 OK\r\ncontent-LENGTH: 12\r\n\r\n").unwrap(), 12);
        assert!(content_length("HTTP/1.1 500 No\r\nContent-Length: 12\r\n\r\n").is_err());
        assert!(content_length("HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    async fn driven(respond: fn(usize) -> String) -> Result<Sample> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            let mut answered = 0;
            let wanted = request(address, &Case::Int.call()).len();
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut call = vec![0; wanted];
                while stream.read_exact(&mut call).await.is_ok() {
                    let body = respond(answered);
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
                    stream.write_all((head + &body).as_bytes()).await.unwrap();
                    answered += 1;
                }
            }
        });
        let span = Span { warm_up: Duration::from_millis(5), measured: Duration::from_millis(20) };
        drive(address, std::process::id(), Case::Int, 1, span).await
    }

    #[tokio::test]
    async fn an_honest_echo_is_measured() {
        let sample = driven(|_| Case::Int.response()).await.unwrap();
        assert!(sample.calls_per_second > 0.0 && sample.p50_us <= sample.p99_us);
    }

    #[tokio::test]
    async fn wrong_answers_end_the_run() {
        let wrong = driven(|_| Case::Int.response().replace("1789", "1790")).await;
        assert!(format!("{:#}", wrong.unwrap_err()).contains("not the echo"));
        let later =
            driven(|n| Case::Int.response().replace("1789", if n < 3 { "1789" } else { "1788" })).await;
        assert!(format!("{:#}", later.unwrap_err()).contains("differs"));
    }
}
