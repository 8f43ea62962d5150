//! dxr 0.9: its axum server with typed echo methods, and its codec.

use anyhow::{Result, anyhow};
use dxr::{DateTime, MethodResponse, TryFromParams, TryFromValue, TryToValue, Value};
use dxr_server::axum::http::HeaderMap;
use dxr_server::axum::serve::ListenerExt as _;
use dxr_server::{HandlerFn, HandlerResult, RouteBuilder, Server};

use crate::codec::{Codec, Work};
use crate::payload::{Case, item_types};
use crate::subjects::listen;

item_types! {
    #[derive(TryFromValue, TryToValue)]
    created: DateTime
}

/// Serves until the process ends.
pub(crate) async fn serve() -> Result<()> {
    let route = RouteBuilder::new()
        .set_path("/RPC2")
        .add_method("bench.echo_int", Box::new(echo::<i32> as HandlerFn))
        .add_method("bench.echo_struct", Box::new(echo::<Item> as HandlerFn))
        .add_method("bench.echo_structs", Box::new(echo::<Vec<Item>> as HandlerFn))
        .add_method("bench.echo_bytes", Box::new(echo::<Vec<u8>> as HandlerFn))
        .build();
    // not dxr's default, but what the others have
    let listener = listen().await?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(Server::from_route(route).serve_listener(listener).await?)
}

fn echo<T: TryFromValue + TryToValue>(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (value,): (T,) = TryFromParams::try_from_params(params)?;
    Ok(value.try_to_value()?)
}

/// Response document to typed value and back.
pub(crate) fn codecs() -> Result<Vec<Codec>> {
    let mut all = Vec::new();
    all.extend(codecs_of::<Vec<Item>>(Case::Structs)?);
    all.extend(codecs_of::<Vec<u8>>(Case::Bytes)?);
    Ok(all)
}

fn codecs_of<T: TryFromValue + TryToValue + 'static>(case: Case) -> Result<[Codec; 2]> {
    let document = case.response();
    let value = decode::<T>(&document)?;
    Ok([
        Codec::new("dxr", Work::Decode, case, move || decode::<T>(&document).map(drop)),
        Codec::new("dxr", Work::Encode, case, move || {
            let value = value.try_to_value().map_err(|error| anyhow!("{error}"))?;
            MethodResponse { value }.to_xml().map(drop).map_err(|error| anyhow!("{error}"))
        }),
    ])
}

fn decode<T: TryFromValue>(document: &str) -> Result<T> {
    let response = MethodResponse::from_xml(document).map_err(|_| anyhow!("dxr cannot read the response"))?;
    T::try_from_value(&response.value).map_err(|error| anyhow!("{error}"))
}
