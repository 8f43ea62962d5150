//! A server of the crate dxr: untyped and typed echoes, the validator's easy methods, a fault.
//! Also the peer of the benchmarks. Usage: dxr-server PORT

use std::collections::BTreeMap;
use std::net::SocketAddr;

use dxr::{DateTime, Fault, TryFromParams, TryFromValue, TryToValue, Value};
use dxr_server::axum::http::HeaderMap;
use dxr_server::{HandlerFn, HandlerResult, RouteBuilder, Server};

/// What a benchmark echoes.
#[derive(TryFromValue, TryToValue)]
struct Record {
    name: String,
    size: i32,
    ratio: f64,
    tags: Vec<String>,
}

#[derive(TryFromValue)]
struct Stooges {
    moe: i32,
    larry: i32,
    curly: i32,
}

impl Stooges {
    fn sum(&self) -> i32 {
        self.moe + self.larry + self.curly
    }
}

/// Returns its one argument, read and written as a `T`.
fn echo<T: TryFromValue + TryToValue>(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (value,) = <(T,)>::try_from_params(params)?;
    Ok(value.try_to_value()?)
}

fn nothing(_: &[Value], _: HeaderMap) -> HandlerResult {
    Ok(Value::Nil)
}

fn add(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (a, b) = <(i32, i32)>::try_from_params(params)?;
    Ok((a + b).try_to_value()?)
}

fn fail(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (code, text) = <(i32, String)>::try_from_params(params)?;
    Err(Fault::new(code, text))
}

fn array_of_structs(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (structs,) = <(Vec<Stooges>,)>::try_from_params(params)?;
    Ok(structs
        .iter()
        .map(|s| s.curly)
        .sum::<i32>()
        .try_to_value()?)
}

fn count_the_entities(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (text,) = <(String,)>::try_from_params(params)?;
    let count = |wanted: char| Value::Integer(text.chars().filter(|c| *c == wanted).count() as i32);
    let counts = [
        ("ctLeftAngleBrackets", '<'),
        ("ctRightAngleBrackets", '>'),
        ("ctAmpersands", '&'),
        ("ctApostrophes", '\''),
        ("ctQuotes", '"'),
    ];
    let counts = counts.map(|(name, c)| (name.to_owned(), count(c)));
    Ok(Value::Struct(BTreeMap::from(counts)))
}

fn easy_struct(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (stooges,) = <(Stooges,)>::try_from_params(params)?;
    Ok(stooges.sum().try_to_value()?)
}

fn many_types(params: &[Value], _: HeaderMap) -> HandlerResult {
    type Many = (i32, bool, String, f64, DateTime, Vec<u8>);
    let (number, boolean, text, double, date, octets) = Many::try_from_params(params)?;
    Ok(Value::Array(vec![
        number.try_to_value()?,
        boolean.try_to_value()?,
        text.try_to_value()?,
        double.try_to_value()?,
        date.try_to_value()?,
        octets.try_to_value()?,
    ]))
}

fn moderate_size_array(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (items,) = <(Vec<String>,)>::try_from_params(params)?;
    let [first, .., last] = &items[..] else {
        return Err(Fault::new(1, "fewer than two items".to_owned()));
    };
    Ok(format!("{first}{last}").try_to_value()?)
}

fn nested_struct(params: &[Value], _: HeaderMap) -> HandlerResult {
    type Calendar = BTreeMap<String, BTreeMap<String, BTreeMap<String, Stooges>>>;
    let (years,) = <(Calendar,)>::try_from_params(params)?;
    let day = years.get("2000").and_then(|year| year.get("04"));
    let day = day.and_then(|month| month.get("01"));
    let day = day.ok_or_else(|| Fault::new(1, "no first of April 2000".to_owned()))?;
    Ok(day.sum().try_to_value()?)
}

fn simple_struct_return(params: &[Value], _: HeaderMap) -> HandlerResult {
    let (number,) = <(i32,)>::try_from_params(params)?;
    let times = [("times10", 10), ("times100", 100), ("times1000", 1000)];
    let times = times.map(|(name, by)| (name.to_owned(), Value::Integer(number * by)));
    Ok(Value::Struct(BTreeMap::from(times)))
}

const METHODS: &[(&str, HandlerFn)] = &[
    ("echo", echo::<Value>),
    ("echo.int", echo::<i32>),
    ("echo.i8", echo::<i64>),
    ("echo.double", echo::<f64>),
    ("echo.string", echo::<String>),
    ("echo.base64", echo::<Vec<u8>>),
    ("echo.dateTime", echo::<DateTime>),
    ("echo.struct", echo::<Record>),
    ("echo.structs", echo::<Vec<Record>>),
    ("echo.ints", echo::<Vec<i32>>),
    ("echo.doubles", echo::<Vec<f64>>),
    ("echo.strings", echo::<Vec<String>>),
    ("nothing", nothing),
    ("add", add),
    ("fail", fail),
    ("validator1.arrayOfStructsTest", array_of_structs),
    ("validator1.countTheEntities", count_the_entities),
    ("validator1.easyStructTest", easy_struct),
    ("validator1.echoStructTest", echo::<BTreeMap<String, Value>>),
    ("validator1.manyTypesTest", many_types),
    ("validator1.moderateSizeArrayCheck", moderate_size_array),
    ("validator1.nestedStructTest", nested_struct),
    ("validator1.simpleStructReturnTest", simple_struct_return),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).ok_or("usage: dxr-server PORT")?;
    let address = SocketAddr::from(([127, 0, 0, 1], port.parse()?));
    let mut route = RouteBuilder::new().set_path("/RPC2");
    for (name, method) in METHODS {
        route = route.add_method(name, Box::new(*method));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(Server::from_route(route.build()).serve(address))?;
    Ok(())
}
