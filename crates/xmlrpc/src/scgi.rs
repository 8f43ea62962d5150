//! SCGI, the protocol between a web server and the program behind it: how
//! rTorrent speaks XML-RPC. A connection carries one request.

use std::time::Instant;

use bytes::Bytes;
use farcall_net::{Address, Connector};
use farcall_wire::{Completion, Fault, FaultKind};
use http::{Response, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Sends one request and reads its reply to the end of the connection.
pub(crate) async fn send(
    connector: &Connector,
    address: &Address,
    uri: &str,
    body: &[u8],
    deadline: Instant,
    limit: usize,
) -> Result<Response<Bytes>, Fault> {
    let peer = address.to_string();
    let late = |completion| {
        Fault::new(FaultKind::Deadline, "no reply before the call's deadline").with_completion(completion)
    };
    let connecting = tokio::time::timeout_at(deadline.into(), connector.connect(address));
    let mut stream = connecting.await.map_err(|_| late(Completion::No).with_peer(&*peer))??;
    let exchange = async {
        let lost = |e: std::io::Error| {
            Fault::new(FaultKind::Transport, format!("the connection was lost: {e}"))
                .with_completion(Completion::Maybe)
                .with_source(e)
        };
        stream.write_all(&request(uri, body)).await.map_err(lost)?;
        stream.flush().await.map_err(lost)?;
        let mut reply = Vec::new();
        // one octet more than allowed tells a reply that is too long from one that just fits
        let most = limit.saturating_add(HEAD_MOST).saturating_add(1);
        (&mut stream).take(most as u64).read_to_end(&mut reply).await.map_err(lost)?;
        response(reply, limit)
    };
    let done = tokio::time::timeout_at(deadline.into(), exchange).await;
    done.unwrap_or_else(|_| Err(late(Completion::Maybe))).map_err(|fault| fault.with_peer(peer))
}

/// The head of a reply may be that long.
const HEAD_MOST: usize = 64 << 10;

/// Headers as a netstring, `CONTENT_LENGTH` first, then the body.
fn request(uri: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len().to_string();
    let headers = [
        ("CONTENT_LENGTH", length.as_str()),
        ("SCGI", "1"),
        ("REQUEST_METHOD", "POST"),
        ("REQUEST_URI", uri),
        ("CONTENT_TYPE", "text/xml"),
    ];
    let block: String = headers.iter().map(|(name, value)| format!("{name}\0{value}\0")).collect();
    let mut message = Vec::with_capacity(block.len() + body.len() + 16);
    message.extend_from_slice(format!("{}:{block},", block.len()).as_bytes());
    message.extend_from_slice(body);
    message
}

/// A CGI reply: header lines, an empty line, the body. `Status` says the status, if it is there.
fn response(reply: Vec<u8>, limit: usize) -> Result<Response<Bytes>, Fault> {
    let odd = |text: &str| Fault::new(FaultKind::Protocol, text).with_completion(Completion::Maybe);
    let blank = |gap: &[u8]| {
        reply.windows(gap.len()).take(HEAD_MOST).position(|w| w == gap).map(|at| (at, at + gap.len()))
    };
    let first = [blank(b"\r\n\r\n"), blank(b"\n\n")].into_iter().flatten().min();
    let (end, start) = first.ok_or_else(|| odd("the SCGI reply has no head, or ends inside it"))?;
    if reply.len() - start > limit {
        let text = format!("the reply passes the limit 'message_size' of {limit}");
        return Err(Fault::new(FaultKind::Limit, text).with_completion(Completion::Yes));
    }
    let head = String::from_utf8_lossy(&reply[..end]);
    let mut response = Response::new(Bytes::new());
    let mut expected = None;
    for (name, value) in head.lines().filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        if name.eq_ignore_ascii_case("status") {
            let code = value.split(' ').next().and_then(|code| code.parse::<u16>().ok());
            let status = code.and_then(|code| StatusCode::from_u16(code).ok());
            *response.status_mut() = status.ok_or_else(|| odd("the SCGI reply has no valid Status"))?;
        } else if name.eq_ignore_ascii_case("content-length") {
            expected = value.parse::<usize>().ok();
        } else if name.eq_ignore_ascii_case("content-type")
            && let Ok(value) = value.parse()
        {
            response.headers_mut().insert(http::header::CONTENT_TYPE, value);
        }
    }
    let mut body = Bytes::from(reply).slice(start..);
    match expected {
        Some(length) if body.len() < length => {
            return Err(odd("the SCGI reply ends before its Content-Length"));
        }
        Some(length) => body.truncate(length),
        None => {}
    }
    *response.body_mut() = body;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_netstring_and_the_body() {
        let message = request("/", b"<x/>");
        let text = String::from_utf8(message).unwrap();
        assert_eq!(
            text,
            "80:CONTENT_LENGTH\x004\0SCGI\x001\0REQUEST_METHOD\0POST\0REQUEST_URI\0/\0CONTENT_TYPE\0text/xml\0,<x/>"
        );
    }

    #[test]
    fn a_reply_has_a_head() {
        let good = response(
            b"Status: 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<x/>\n".to_vec(),
            99,
        );
        assert_eq!(&good.unwrap().body()[..], b"<x/>");
        for bad in [&b""[..], b"Status: 200 OK\r\n", b"Status: x\r\n\r\n", b"Content-Length: 9\r\n\r\n<x/>"] {
            assert_eq!(response(bad.to_vec(), 99).unwrap_err().kind(), FaultKind::Protocol);
        }
        assert_eq!(response(b"A: b\r\n\r\n12345".to_vec(), 4).unwrap_err().kind(), FaultKind::Limit);
    }
}
