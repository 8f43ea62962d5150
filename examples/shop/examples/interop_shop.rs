//! Calls the server of `interop/soap-php/shop.wsdl` at `PEER_URL` with code that was generated from
//! that WSDL; one check a line.

use std::fmt::Debug;

use farcall::{CallError, Connection, Date, Fault, FaultKind, Nillable};
use farcall_example_shop::shop::shop::{
    IShop as _, IShopClient, Item, ItemOrDerived, Order, OrderChoice, SoldOut, Special,
};

/// Counts and prints checks.
#[derive(Default)]
struct Checks(u32);

impl Checks {
    fn that(&mut self, name: &str, good: bool, got: &dyn Debug) {
        self.0 += 1;
        println!("{} {} - {name}", if good { "ok" } else { "not ok" }, self.0);
        if !good {
            println!("# {got:?}");
        }
    }
}

fn main() {
    let peer = std::env::var("PEER_URL").expect("PEER_URL says where the server is");
    let url = format!("soap+{}/shop", peer.trim_end_matches('/'));
    let mut checks = Checks::default();
    farcall::block_on(run(&url, &mut checks)).expect("the server is there");
    println!("1..{}", checks.0);
}

fn order() -> Order {
    let item = |code: &str, count| Item { code: code.to_owned().into(), count };
    Order {
        id: 7,
        note: Nillable::Absent,
        due: Nillable::Absent,
        items: vec![ItemOrDerived::Item(item("a", 1)), ItemOrDerived::Item(item("", 2))],
        choice: OrderChoice::Card("4111".into()),
    }
}

async fn run(url: &str, checks: &mut Checks) -> Result<(), Fault> {
    let shop: IShopClient<Connection> = IShopClient::connect(url).await?;
    let due = "2026-11-22".parse::<Date>().map_err(|e| Fault::new(FaultKind::Internal, e.to_string()))?;
    let special = Special { code: Nillable::Nil, count: 3, engraving: "ö".into() };
    let rows = [
        ("keeps None", order()),
        ("keeps nil", Order { note: Nillable::Nil, due: Nillable::Nil, ..order() }),
        ("keeps \"\"", Order { note: String::new().into(), ..order() }),
        ("keeps []", Order { items: vec![], ..order() }),
        (
            "keeps [one]",
            Order { items: vec![ItemOrDerived::Item(Item { code: Nillable::Nil, count: 0 })], ..order() },
        ),
        ("a date", Order { due: due.into(), ..order() }),
        ("the other choice", Order { choice: OrderChoice::Cash(5_i64.into()), ..order() }),
        ("a derived item", Order { items: vec![ItemOrDerived::Special(special)], ..order() }),
    ];
    for (name, order) in rows {
        let got = shop.place(order.clone().into()).await;
        checks.that(name, matches!(&got, Ok(Nillable::Value(back)) if *back == order), &(&got, &order));
    }
    let got = shop.place(Nillable::Absent).await;
    checks.that("an absent parameter and result", matches!(got, Ok(Nillable::Absent)), &got);
    let got = shop.place(Nillable::Nil).await;
    checks.that("nil as parameter and result", matches!(got, Ok(Nillable::Nil)), &got);
    let refused = shop.place(Order { note: "sold out".to_owned().into(), ..order() }.into()).await;
    let good = matches!(&refused, Err(CallError::User(SoldOut { what })) if what == "a");
    checks.that("a typed fault", good, &refused);
    Ok(())
}
