//! The built-in services over a real port, by their typed clients, over every protocol.

use std::collections::BTreeMap;

use farcall::{CallError, Connection, Ref, Server, Value};
use farcall_builtin::bank::{InsufficientFunds, Refused};
use farcall_builtin::echo::{Color, Corner, Shape, Sparse, Tree};
use farcall_builtin::{
    Account, AccountClient, Bank, BankClient, Echo, EchoClient, Validator1, Validator1Client,
};

/// The services on a port, and the URL of each service over each protocol.
async fn serve() -> (farcall::Running, impl Fn(&str) -> [String; 4]) {
    let server = farcall_builtin::services(Server::new());
    let running = server.start("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = running.address().to_string();
    (running, move |service: &str| {
        [
            format!("xmlrpc+http://{address}/{service}"),
            format!("xmlrpc+http://{address}/RPC2#{service}"),
            format!("soap+http://{address}/{service}"),
            format!("corbaloc:iiop:1.2@{address}/{service}"),
        ]
    })
}

#[tokio::test]
async fn a_typed_exception_arrives_as_its_type() {
    let (running, url) = serve().await;
    for url in url("bank") {
        let bank = BankClient::connect(&url).await.unwrap();
        let account = bank.open("ann".into(), Some(5.0)).await.unwrap();
        let account = AccountClient::new(Connection::to(&account).unwrap());
        let error = account.withdraw(7.5).await.unwrap_err();
        let CallError::User(Refused::Funds(refused)) = error else { panic!("{error:?}") };
        assert_eq!(refused, InsufficientFunds { balance: 5.0, requested: 7.5 });
        let error = bank.balance("nobody {\"x\": 1}".into()).await.unwrap_err();
        assert!(matches!(error, CallError::User(Refused::Account(e)) if e.account == "nobody {\"x\": 1}"));
        assert_eq!(account.deposit(2.5).await.unwrap(), 7.5);
        assert_eq!(account.owner().await.unwrap(), "ann");
        let number = account.number().await.unwrap();
        assert_eq!(bank.balance(number.clone()).await.unwrap(), 7.5);
        let same = AccountClient::new(Connection::to(&bank.account(number.clone()).await.unwrap()).unwrap());
        assert_eq!(same.balance().await.unwrap(), 7.5);
        assert_eq!(bank.close(number).await.unwrap(), 7.5);
        let gone = account.balance().await.unwrap_err();
        assert!(gone.to_string().contains("no object of that key"), "{gone}");
    }
    running.stop().await;
}

#[tokio::test]
async fn every_type_comes_back() {
    let (running, url) = serve().await;
    for url in url("echo") {
        let echo = EchoClient::connect(&url).await.unwrap();
        echo.nothing().await.unwrap();
        assert_eq!(echo.optional(None).await.unwrap(), None);
        assert_eq!(echo.optional(Some(String::new())).await.unwrap(), Some(String::new()));
        assert_eq!(echo.optionals(vec![None, Some("".into())]).await.unwrap(), [None, Some(String::new())]);
        assert_eq!(echo.map(BTreeMap::new()).await.unwrap(), BTreeMap::new());
        assert_eq!(echo.numbered(BTreeMap::from([(-1, "x".into())])).await.unwrap()[&-1], "x");
        assert_eq!(echo.list(vec![]).await.unwrap(), Vec::<String>::new());
        assert_eq!(echo.numbers(vec![i32::MIN, i32::MAX]).await.unwrap(), [i32::MIN, i32::MAX]);
        assert_eq!(echo.array([1, 2, 3]).await.unwrap(), [1, 2, 3]);
        assert_eq!(echo.pair(("a".into(), 1)).await.unwrap(), ("a".into(), 1));
        assert_eq!(echo.color(Color::Green).await.unwrap(), Color::Green);
        let shapes = [
            Shape::Point,
            Shape::Circle(1.5),
            Shape::Polygon(vec![]),
            Shape::Polygon(vec![Corner { x: 0.1, y: -2.0 }]),
        ];
        for shape in shapes {
            assert_eq!(echo.shape(shape.clone()).await.unwrap(), shape);
        }
        let tree =
            Tree { label: "a".into(), branches: vec![Tree { label: String::new(), branches: vec![] }] };
        assert_eq!(echo.tree(tree.clone()).await.unwrap(), tree);
        let empty = Sparse {
            text: Some(String::new()),
            list: Some(vec![]),
            dictionary: Some(BTreeMap::new()),
            nil: String::new().into(),
            nils: vec![None, Some(String::new())],
            ..Sparse::default()
        };
        for sparse in [Sparse::default(), empty] {
            assert_eq!(echo.sparse(sparse.clone()).await.unwrap(), sparse);
        }
        assert_eq!(echo.u64(1 << 62).await.unwrap(), 1 << 62);
        assert_eq!(echo.any(Value::Nil).await.unwrap(), Value::Nil);
        let there = Ref::new("http://127.0.0.1:2809/fortune");
        assert_eq!(echo.reference(there.clone()).await.unwrap().object().addresses, there.object().addresses);
        assert!(echo.reference(Ref::nil()).await.unwrap().is_nil());
    }
    running.stop().await;
}

#[tokio::test]
async fn validator1_eight_of_eight() {
    use farcall_builtin::validator1::{Entities, Stooges, Times};
    let (running, url) = serve().await;
    for url in url("validator1") {
        let suite = Validator1Client::connect(&url).await.unwrap();
        let stooges = Stooges { moe: 1, larry: 2, curly: 4 };
        assert_eq!(suite.array_of_structs_test(vec![stooges.clone(); 3]).await.unwrap(), 12);
        let counted = suite.count_the_entities("<<>&'\"\"".into()).await.unwrap();
        let expected = Entities {
            ct_left_angle_brackets: 2,
            ct_right_angle_brackets: 1,
            ct_ampersands: 1,
            ct_apostrophes: 1,
            ct_quotes: 2,
        };
        assert_eq!(counted, expected);
        assert_eq!(suite.easy_struct_test(stooges.clone()).await.unwrap(), 7);
        let structure = farcall::wire::json::parse(r#"{"b": [1, {}], "a": "x"}"#).unwrap();
        assert_eq!(suite.echo_struct_test(structure.clone()).await.unwrap(), structure);
        let date = "20261122T13:04:05".parse().unwrap();
        let many = suite.many_types_test(1, true, "t".into(), 0.5, date, vec![0, 255].into()).await.unwrap();
        assert_eq!(many, (1, true, "t".into(), 0.5, date, vec![0, 255].into()));
        assert_eq!(
            suite.moderate_size_array_check(vec!["a".into(), "b".into(), "c".into()]).await.unwrap(),
            "ac"
        );
        let day = BTreeMap::from([("01".to_owned(), stooges)]);
        let calendar = BTreeMap::from([("2000".to_owned(), BTreeMap::from([("04".to_owned(), day)]))]);
        assert_eq!(suite.nested_struct_test(calendar).await.unwrap(), 7);
        let times = suite.simple_struct_return_test(3).await.unwrap();
        assert_eq!(times, Times { times10: 30, times100: 300, times1000: 3000 });
    }
    running.stop().await;
}
