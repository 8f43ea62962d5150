//! Digest authentication (RFC 7616) against a server that checks it.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use farcall_net::{BoxFuture, HttpClient, HttpProtocol, SendOptions, Server};
use farcall_wire::{Context, Fault};
use http::request::Parts;
use http::{Request, Response, StatusCode};

/// Lets ann in, who knows the word, and forgets its nonces when told to.
#[derive(Clone, Default)]
struct Guarded {
    nonce: Arc<Mutex<u32>>,
    requests: Arc<Mutex<u32>>,
}

impl HttpProtocol for Guarded {
    fn name(&self) -> &'static str {
        "guarded"
    }

    fn claims(&self, _: &Parts, _: &Bytes) -> bool {
        true
    }

    fn handle<'a>(&'a self, head: &'a Parts, body: Bytes, _: Context) -> BoxFuture<'a, Response<Bytes>> {
        Box::pin(async move {
            *self.requests.lock().unwrap() += 1;
            let nonce = format!("n{}", self.nonce.lock().unwrap());
            let given = head.headers.get("authorization").and_then(|value| value.to_str().ok());
            if let Some(mut given) = given.and_then(|text| digest_auth::AuthorizationHeader::parse(text).ok())
            {
                let said = given.response.clone();
                let context = digest_auth::AuthContext::new_post("ann", "word", "/a?b", None::<&[u8]>);
                given.digest(&context);
                if given.response == said && given.nonce == nonce {
                    return Response::new(body);
                }
            }
            let challenge = format!("Digest realm=\"r\", qop=\"auth\", algorithm=SHA-256, nonce=\"{nonce}\"");
            let mut refusal = Response::new(Bytes::new());
            *refusal.status_mut() = StatusCode::UNAUTHORIZED;
            refusal.headers_mut().insert("www-authenticate", challenge.parse().unwrap());
            refusal
        })
    }

    fn refuse(&self, _: &Parts, fault: Fault) -> Response<Bytes> {
        Response::new(fault.to_string().into())
    }
}

#[tokio::test]
async fn a_challenge_is_answered_once_and_then_beforehand() {
    let guarded = Guarded::default();
    let builder = Server::builder().listen("127.0.0.1:0".parse().unwrap());
    let server = builder.http(guarded.clone()).bind().await.unwrap();
    let url = format!("http://{}/a?b", server.addresses()[0]);
    tokio::spawn(server.run(std::future::pending()));
    let requests = || std::mem::take(&mut *guarded.requests.lock().unwrap());
    let send = |client: HttpClient| {
        let request = Request::post(&url).body(Bytes::from_static(b"x")).unwrap();
        async move { client.send(request, &SendOptions::default()).await.unwrap().status() }
    };
    let ann = HttpClient::builder().digest_auth("ann", "word").build();
    assert_eq!((send(ann.clone()).await, requests()), (StatusCode::OK, 2));
    assert_eq!((send(ann.clone()).await, requests()), (StatusCode::OK, 1));
    *guarded.nonce.lock().unwrap() += 1;
    assert_eq!((send(ann.clone()).await, requests()), (StatusCode::OK, 2));
    let eve = HttpClient::builder().digest_auth("ann", "guess").build();
    assert_eq!((send(eve.clone()).await, requests()), (StatusCode::UNAUTHORIZED, 2));
    assert_eq!((send(eve).await, requests()), (StatusCode::UNAUTHORIZED, 1));
}
