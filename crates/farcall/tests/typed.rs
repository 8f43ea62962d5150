//! Typed services from end to end: exceptions, deadlines, cancellation,
//! blocking callers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use farcall::{
    CallError, Completion, Context, Exception, Fault, FaultKind, Limits, Running, Server, Wire, service,
};

#[derive(Clone, Debug, PartialEq, Wire)]
struct Account {
    owner: String,
    balance: f64,
    notes: Vec<String>,
}

/// Not enough is there.
#[derive(Debug, PartialEq, Exception)]
#[exception(code = 3, message = "balance {balance} is less than {requested}")]
struct Refused {
    balance: f64,
    requested: f64,
    account: Account,
    hint: Option<String>,
}

/// It is closed.
#[derive(Debug, PartialEq, Exception)]
#[exception(code = 4)]
struct Closed;

/// Nobody of that name.
#[derive(Debug, PartialEq, Exception)]
#[exception(code = 3, message = "{name}: nobody {{0}} of that name {{\"name\":1}}")]
struct Unknown {
    name: String,
}

#[derive(Debug, PartialEq, Exception)]
enum BankError {
    Refused(Refused),
    Closed(Closed),
    Unknown(Unknown),
}

/// A bank.
#[service]
trait Bank {
    async fn withdraw(&self, owner: String, amount: f64) -> Result<f64, CallError<Refused>>;
    async fn close(&self, name: String) -> Result<(), CallError<BankError>>;
    async fn left(&self, cx: &Context) -> Result<Option<u64>, Fault>;
    async fn sleep(&self, millis: u64) -> Result<(), Fault>;
    async fn who(&self, cx: &Context) -> Result<(String, String), Fault>;
}

#[derive(Default)]
struct Mine {
    /// Calls that were dropped before their end.
    dropped: Arc<AtomicUsize>,
}

struct Guard(Arc<AtomicUsize>, bool);

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.1 {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn refused(owner: &str, requested: f64) -> Refused {
    let notes = vec![String::new(), " {\"a\":1} ".into(), "<&>\n".into()];
    let account = Account { owner: owner.into(), balance: 1.5, notes };
    Refused { balance: 1.5, requested, account, hint: None }
}

impl Bank for Mine {
    async fn withdraw(&self, owner: String, amount: f64) -> Result<f64, CallError<Refused>> {
        if owner.is_empty() {
            return Err(Fault::application(99, "an owner is needed").into());
        }
        if amount > 1.5 { Err(refused(&owner, amount).into()) } else { Ok(1.5 - amount) }
    }

    async fn close(&self, name: String) -> Result<(), CallError<BankError>> {
        match name.as_str() {
            "poor" => Err(BankError::from(refused("poor", 2.0)).into()),
            "closed" => Err(BankError::from(Closed).into()),
            "good" => Ok(()),
            "panics" => panic!("told to panic"),
            _ => Err(BankError::from(Unknown { name }).into()),
        }
    }

    async fn left(&self, cx: &Context) -> Result<Option<u64>, Fault> {
        Ok(cx.remaining().map(|left| left.as_millis() as u64))
    }

    async fn sleep(&self, millis: u64) -> Result<(), Fault> {
        let mut guard = Guard(Arc::clone(&self.dropped), false);
        tokio::time::sleep(Duration::from_millis(millis)).await;
        guard.1 = true;
        Ok(())
    }

    async fn who(&self, cx: &Context) -> Result<(String, String), Fault> {
        Ok((cx.protocol().to_owned(), cx.peer().to_string()))
    }
}

async fn start(mine: Mine) -> Running {
    let server = Server::new().service("bank", BankService::new(mine));
    server.start("127.0.0.1:0".parse().unwrap()).await.unwrap()
}

async fn connected(server: &Running) -> BankClient {
    BankClient::connect(&format!("xmlrpc+http://{}/bank", server.address())).await.unwrap()
}

/// A test with a server and a client.
fn with(test: impl AsyncFnOnce(&BankClient, &Running)) {
    farcall::block_on(async {
        let server = start(Mine::default()).await;
        let client = connected(&server).await;
        test(&client, &server).await;
        server.stop().await;
    });
}

#[test]
fn an_exception_arrives_typed_with_all_its_members() {
    with(async |bank, _| {
        assert_eq!(bank.withdraw("ann".into(), 1.0).await.unwrap(), 0.5);
        for owner in ["ann", "{\"owner\":\"x\"} {", "é𝄞\n", "a: b"] {
            match bank.withdraw(owner.into(), 2.0).await {
                Err(CallError::User(exception)) => {
                    assert_eq!(exception, refused(owner, 2.0));
                    assert_eq!(exception.to_string(), "balance 1.5 is less than 2");
                }
                other => panic!("{other:?}"),
            }
        }
        // the connection is as good as before
        assert_eq!(bank.withdraw("ann".into(), 1.5).await.unwrap(), 0.0);
    });
}

#[test]
fn each_exception_of_an_enum_arrives_as_itself() {
    with(async |bank, _| {
        bank.close("good".into()).await.unwrap();
        let user = async |name: &str| match bank.close(name.into()).await {
            Err(CallError::User(exception)) => exception,
            other => panic!("{other:?}"),
        };
        assert_eq!(user("poor").await, BankError::Refused(refused("poor", 2.0)));
        assert_eq!(user("closed").await, BankError::Closed(Closed));
        // same code as Refused, and a text that looks like the tail of JSON
        let name = "x {\"name\":\"y\"}";
        assert_eq!(user(name).await, BankError::Unknown(Unknown { name: name.into() }));
    });
}

#[test]
fn a_fault_that_is_no_exception_stays_a_fault() {
    with(async |bank, _| match bank.withdraw(String::new(), 1.0).await {
        Err(CallError::Fault(fault)) => {
            assert_eq!((fault.code(), fault.kind()), (Some(99), FaultKind::Application));
            assert!(fault.is_remote() && fault.message().ends_with("an owner is needed"), "{fault}");
        }
        other => panic!("{other:?}"),
    });
}

#[test]
fn an_exception_is_seen_by_who_has_no_types() {
    with(async |_, server| {
        let client = farcall::connect(&format!("http://{}/RPC2", server.address())).unwrap();
        let fault = client.call("bank.withdraw", ("ann", 2.0)).await.unwrap_err();
        assert_eq!((fault.code(), fault.is_remote()), (Some(3), true));
        assert!(fault.message().contains("Refused: balance 1.5 is less than 2"), "{fault}");
        assert_eq!(client.call("bank.withdraw", ("ann", 1)).await.unwrap(), farcall::Value::F64(0.5));
        let fault = client.call("bank.withdraw", ("ann",)).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::InvalidParameters);
        assert!(fault.message().contains("amount"), "{fault}");
        let fault = client.call("bank.withdraw", ("ann", "much")).await.unwrap_err();
        assert!(fault.message().contains("amount: expected double, found string"), "{fault}");
    });
}

#[test]
fn a_panic_is_a_fault_and_the_server_goes_on() {
    with(async |bank, _| {
        match bank.close("panics".into()).await {
            Err(CallError::Fault(fault)) => assert_eq!(fault.kind(), FaultKind::Internal, "{fault}"),
            other => panic!("{other:?}"),
        }
        bank.close("good".into()).await.unwrap();
    });
}

#[test]
fn a_deadline_goes_along_less_what_has_passed() {
    with(async |bank, _| {
        let left = bank.left(&Context::new().with_timeout(Duration::from_secs(5))).await.unwrap().unwrap();
        assert!((4_000..=5_000).contains(&left), "{left}");
        let left = bank.left(&Context::new()).await.unwrap().unwrap();
        assert!((25_000..=30_000).contains(&left), "the default: {left}");
        // the server allows no more than its own
        let left = bank.left(&Context::new().with_timeout(Duration::from_secs(500))).await.unwrap().unwrap();
        assert!(left <= 30_000, "{left}");
    });
}

#[test]
fn a_call_ends_at_its_deadline_on_both_sides() {
    farcall::block_on(async {
        let mine = Mine::default();
        let dropped = Arc::clone(&mine.dropped);
        let server = start(mine).await;
        let bank =
            connected(&server).await.with_context(Context::new().with_timeout(Duration::from_millis(200)));
        let begun = Instant::now();
        let fault = bank.sleep(10_000).await.unwrap_err();
        assert_eq!((fault.kind(), fault.completion()), (FaultKind::Deadline, Completion::Maybe), "{fault}");
        assert!(begun.elapsed() < Duration::from_secs(2));
        gone(&dropped).await;
        let past = bank.clone().with_context(Context::new().with_timeout(Duration::ZERO));
        assert_eq!(past.sleep(0).await.unwrap_err().kind(), FaultKind::Deadline);
        server.stop().await;
    });
}

/// Waits until the server has let go of a call.
async fn gone(dropped: &AtomicUsize) {
    let begun = Instant::now();
    while dropped.load(Ordering::SeqCst) == 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "the server goes on with a call that nobody awaits"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[test]
fn a_call_that_is_dropped_is_cancelled_at_the_server() {
    farcall::block_on(async {
        let mine = Mine::default();
        let dropped = Arc::clone(&mine.dropped);
        let server = start(mine).await;
        let bank = connected(&server).await;
        let given_up = tokio::time::timeout(Duration::from_millis(100), bank.sleep(10_000)).await;
        assert!(given_up.is_err());
        gone(&dropped).await;
        bank.close("good".into()).await.unwrap();
        server.stop().await;
    });
}

#[test]
fn the_context_tells_protocol_and_peer() {
    with(async |bank, _| {
        let (protocol, peer) = bank.who(&Context::new()).await.unwrap();
        assert_eq!(protocol, "xmlrpc");
        assert!(peer.starts_with("127.0.0.1:"), "{peer}");
    });
}

#[test]
fn limits_of_the_caller_bound_what_it_reads() {
    with(async |_, server| {
        let tight = Context::new().with_limits(Arc::new(Limits::default().with_message_size(10)));
        let bank = connected(server).await.with_context(tight);
        match bank.withdraw("ann".into(), 1.0).await {
            Err(CallError::Fault(fault)) => {
                assert_eq!(fault.kind(), FaultKind::Limit, "{fault}");
                assert!(fault.message().contains("message_size"), "{fault}");
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn nobody_there_is_a_transport_fault_that_did_not_run() {
    farcall::block_on(async {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let bank = BankClient::connect(&format!("xmlrpc+http://{free}/bank")).await.unwrap();
        let fault = bank.sleep(0).await.unwrap_err();
        assert_eq!((fault.kind(), fault.completion()), (FaultKind::Transport, Completion::No), "{fault}");
        assert!(fault.to_string().contains(&free.to_string()), "{fault}");
    });
}

#[test]
fn blocking_callers_call_from_any_thread() {
    let (tell, told) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = std::thread::spawn(move || {
        farcall::block_on(async {
            let server = start(Mine::default()).await;
            tell.send(server.address().to_string()).unwrap();
            stopped.await.unwrap();
            server.stop().await;
        });
    });
    let address = told.recv().unwrap();
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let url = format!("xmlrpc+http://{address}/bank");
            std::thread::spawn(move || {
                for _ in 0..20 {
                    let left = farcall::block_on(async {
                        BankClient::connect(&url).await?.withdraw("ann".into(), 1.0).await
                    });
                    assert_eq!(left.unwrap(), 0.5);
                }
            })
        })
        .collect();
    callers.into_iter().for_each(|caller| caller.join().unwrap());
    stop.send(()).unwrap();
    serving.join().unwrap();
}
