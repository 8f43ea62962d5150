//! Requests in document/literal as clients of other stacks sent them, generated from our WSDL: what
//! is absent, empty or nil stays so (golden/soap/literal).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use farcall_builtin::{EchoService, Mirror};
use farcall_net::HttpProtocol as _;
use farcall_soap::SoapServer;
use farcall_wire::Context;
use http::Request;

const MAP: &str = "<n:map><n:entry><n:key>a</n:key><n:value>1</n:value></n:entry></n:map>";
const NIL: &str = "<n:nil xsi:nil=\"true\"/>";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/soap/literal")
}

/// What is inside the result of an echo.
async fn echoed(file: &str) -> Option<String> {
    let body = std::fs::read(folder().join(file).with_extension("req")).ok()?;
    let server = SoapServer::new().with_service("echo", Arc::new(EchoService::new(Mirror)));
    let (head, ()) = Request::post("/echo").body(()).unwrap().into_parts();
    let reply = server.handle(&head, Bytes::from(body), Context::new()).await;
    let text = String::from_utf8(reply.body().to_vec()).unwrap();
    let (_, inside) = text.split_once("<n:return>").unwrap_or_else(|| panic!("{file}: {text}"));
    Some(inside.split_once("</n:return>").unwrap().0.to_owned())
}

#[tokio::test]
async fn what_is_absent_empty_or_nil_stays_so() {
    let rows = [
        ("none", MAP.to_owned()),
        ("text", format!("<n:text></n:text>{MAP}")),
        ("list", format!("<n:list></n:list>{MAP}")),
        ("ones", format!("<n:texts>one</n:texts><n:list><n:item></n:item></n:list>{MAP}")),
        ("maps", "<n:map></n:map><n:dictionary></n:dictionary>".to_owned()),
        ("nil", format!("{MAP}{NIL}")),
    ];
    let nils = "<n:nils xsi:nil=\"true\"/><n:nils></n:nils><n:nils xsi:nil=\"true\"/>";
    let mut read = 0;
    for peer in ["gsoap", "jaxws", "mono", "php", "zeep"] {
        // Mono has no way to leave out what may be nil
        let nil = if peer == "mono" { NIL } else { "" };
        for (row, expected) in rows.clone().into_iter().chain([("nils", format!("{MAP}{nil}{nils}"))]) {
            let Some(got) = echoed(&format!("{peer}-{row}")).await else { continue };
            read += 1;
            let expected = if peer == "mono" && row != "nils" { expected + nil } else { expected };
            assert_eq!(got, expected, "{peer}, {row}");
        }
    }
    assert_eq!(read, 29);
}

#[tokio::test]
async fn every_scalar_is_read() {
    for peer in ["gsoap", "jaxws", "mono", "php", "zeep"] {
        let got = echoed(&format!("{peer}-scalars")).await.unwrap();
        for member in [
            "<n:truth>true</n:truth><n:tiny>-128</n:tiny><n:octet>255</n:octet>",
            "<n:middle>-2147483648</n:middle><n:umiddle>4294967295</n:umiddle>",
            "<n:large>-9223372036854775808</n:large>",
            "<n:double>0.1</n:double>",
            "<n:day>2026-11-22</n:day>",
            "<n:color>blue</n:color>",
        ] {
            assert!(got.contains(member), "{peer}: {member} is not in {got}");
        }
    }
}
