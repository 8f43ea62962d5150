//! A peer that answers what it is told to, and a client of its WSDL.

#![allow(dead_code, reason = "each test uses some of it")]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use farcall_model::Value;
use farcall_net::{BoxFuture, HttpProtocol};
use farcall_soap::ClientOptions;
use farcall_wire::{Context, Fault};
use http::request::Parts;
use http::{Response, StatusCode};

/// A WSDL of one operation, which takes the element `t:{input}` and gives `t:{output}`; the schemas declare
/// the prefixes that they use but `x`, of XML Schema, and `t`, of the namespace `urn:t`.
pub(crate) fn wsdl(operation: &str, input: &str, output: &str, schemas: &str) -> String {
    format!(
        "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/' xmlns:t='urn:t' targetNamespace='urn:t'
    xmlns:soap='http://schemas.xmlsoap.org/wsdl/soap/' xmlns:x='http://www.w3.org/2001/XMLSchema'>
  <w:types>{schemas}</w:types>
  <w:message name='in'><w:part name='body' element='t:{input}'/></w:message>
  <w:message name='out'><w:part name='body' element='t:{output}'/></w:message>
  <w:portType name='P'><w:operation name='{operation}'><w:input message='t:in'/><w:output message='t:out'/></w:operation></w:portType>
  <w:binding name='B' type='t:P'><soap:binding transport='http://schemas.xmlsoap.org/soap/http'/>
    <w:operation name='{operation}'><soap:operation soapAction=''/><w:input><soap:body use='literal'/></w:input>
      <w:output><soap:body use='literal'/></w:output></w:operation></w:binding>
  <w:service name='S'><w:port name='S' binding='t:B'><soap:address location='http://HOST/'/></w:port></w:service>
</w:definitions>"
    )
}

/// Says what it is told to, and remembers what it was asked.
#[derive(Clone)]
struct Canned {
    wsdl: String,
    reply: Arc<Mutex<String>>,
    asked: Arc<Mutex<Vec<(String, String)>>>,
    /// The `Content-Encoding` of the last request.
    coding: Arc<Mutex<Option<String>>>,
}

impl HttpProtocol for Canned {
    fn name(&self) -> &'static str {
        "canned"
    }

    fn claims(&self, _: &Parts, _: &Bytes) -> bool {
        true
    }

    fn handle<'a>(&'a self, head: &'a Parts, body: Bytes, _: Context) -> BoxFuture<'a, Response<Bytes>> {
        Box::pin(async move {
            if head.method == http::Method::GET {
                let host = head.headers["host"].to_str().unwrap();
                return Response::new(self.wsdl.replace("HOST", host).into());
            }
            let header = |name: &str| head.headers.get(name).map_or("", |v| v.to_str().unwrap()).to_owned();
            let said = format!("{} {}{}", head.uri.path(), header("soapaction"), header("content-type"));
            let coding = head.headers.get("content-encoding").map(|v| v.to_str().unwrap().to_owned());
            // the server has it uncompressed
            let body = String::from_utf8(body.to_vec()).unwrap();
            *self.coding.lock().unwrap() = coding;
            self.asked.lock().unwrap().push((said, body));
            let reply = self.reply.lock().unwrap().clone();
            let mut response = Response::new(Bytes::from(reply.clone()));
            if reply.is_empty() {
                *response.status_mut() = StatusCode::ACCEPTED;
            } else if reply.contains("Fault>") {
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
            response.headers_mut().insert("content-type", "text/xml; charset=utf-8".parse().unwrap());
            response
        })
    }

    fn refuse(&self, _: &Parts, fault: Fault) -> Response<Bytes> {
        Response::new(fault.to_string().into())
    }
}

pub(crate) struct Peer {
    canned: Canned,
    url: String,
    pub(crate) client: farcall::Client,
}

impl Peer {
    pub(crate) async fn new(wsdl: String) -> Self {
        Self::with(wsdl, ClientOptions::default()).await
    }

    pub(crate) async fn with(wsdl: String, options: ClientOptions) -> Self {
        let canned = Canned { wsdl, reply: Arc::default(), asked: Arc::default(), coding: Arc::default() };
        let builder = farcall_net::Server::builder().listen("127.0.0.1:0".parse().unwrap());
        let server = builder.http(canned.clone()).bind().await.unwrap();
        let url = format!("soap+http://{}/x?wsdl", server.addresses()[0]);
        tokio::spawn(server.run(std::future::pending()));
        let options = farcall::ConnectionOptions::default().with_soap(options);
        let client = farcall::Client::new(farcall::Connection::with(&url, options).unwrap());
        Self { canned, url, client }
    }

    /// The `Content-Encoding` of the last request.
    pub(crate) fn last_coding(&self) -> Option<String> {
        self.canned.coding.lock().unwrap().clone()
    }

    /// The URL of what it gives to those who ask with GET.
    pub(crate) fn place(&self) -> &str {
        self.url.trim_start_matches("soap+")
    }

    /// Has it answer with that body from now on.
    pub(crate) fn answer(&self, reply: &str) {
        *self.canned.reply.lock().unwrap() = if reply.is_empty() { String::new() } else { envelope(reply) };
    }

    /// What a call gives that is answered with that body; and what stood in the body of its request.
    pub(crate) async fn call(
        &self,
        operation: &str,
        params: &[Value],
        reply: &str,
    ) -> (Result<Value, Fault>, String) {
        self.answer(reply);
        let outcome = self.client.call_values(operation, params).await;
        let asked = self.canned.asked.lock().unwrap().pop().map(|(_, body)| body).unwrap_or_default();
        let body = asked.split_once("<s:Body>").map_or(&*asked, |(_, rest)| rest);
        (outcome, body.split("</s:Body>").next().unwrap_or_default().to_owned())
    }
}

pub(crate) fn envelope(body: &str) -> String {
    format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns:x='http://www.w3.org/2001/XMLSchema' \
         xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns:c='http://schemas.xmlsoap.org/soap/encoding/' \
         xmlns:t='urn:t'><e:Body>{body}</e:Body></e:Envelope>"
    )
}
