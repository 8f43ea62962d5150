//! Metrics, in a process of their own, for the recorder is the process's.

mod common;

use std::sync::Arc;

use bytes::Bytes;
use common::{Echo, Running, builder, text};
use farcall_net::{CallMetrics, HttpClient, Prometheus, SendOptions};
use farcall_wire::FaultKind;
use http::Request;

#[tokio::test]
async fn metrics_are_counted_and_shown() {
    let prometheus = Prometheus::install().unwrap();
    assert!(Prometheus::install().is_err());
    let server = Running::start(builder().http(Echo::default()).metrics(prometheus)).await;
    let metrics = CallMetrics::server("echo");
    let quote = metrics.operation("quote");
    assert!(Arc::ptr_eq(&quote, &metrics.operation("quote")));
    quote.start().finish(None);
    quote.start().finish(None);
    quote.start().finish(Some(FaultKind::Internal));
    drop(quote.start());
    let client = HttpClient::new();
    text(&client, &server.url(), "12345").await;
    let request = Request::get(format!("http://{}/metrics", server.at[0])).body(Bytes::new()).unwrap();
    let reply = client.send(request, &SendOptions::default()).await.unwrap();
    let page = String::from_utf8(reply.into_body().to_vec()).unwrap();
    for line in [
        "rpc_server_call_duration_seconds_count{rpc_system_name=\"echo\",rpc_method=\"quote\"} 2",
        "rpc_server_call_duration_seconds_count{rpc_system_name=\"echo\",rpc_method=\"quote\",error_type=\"internal\"} 1",
        "rpc_server_call_duration_seconds_count{rpc_system_name=\"echo\",rpc_method=\"quote\",error_type=\"cancelled\"} 1",
        "rpc_server_active_calls{rpc_system_name=\"echo\"} 0",
        "http_server_active_requests 1",
        "farcall_server_received_bytes_total 5",
    ] {
        assert!(page.lines().any(|l| l == line), "{line} is not in\n{page}");
    }
    assert!(page.contains("le=\"0.001\"") && page.contains("farcall_server_connections "), "{page}");
    for operation in 0..5000 {
        metrics.operation(&format!("invented{operation}")).start().finish(None);
    }
    let other = metrics.operation("more");
    assert!(Arc::ptr_eq(&other, &metrics.operation("and more")) || format!("{other:?}").contains("_OTHER"));
    server.stop().await;
}
