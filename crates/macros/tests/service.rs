//! `#[service]`: from a client over a channel to an implementation and back.

mod support;

use std::sync::Arc;
use std::sync::Mutex;

use farcall_macros::{Exception, Wire, service};
use farcall_model::{Interface, Type, Value};
use farcall_wire::{CallError, Channel, Context, Dynamic, Fault, FaultKind, Ref, Remote, Service};
use support::farcall;
use support::local::Local;
use support::tape::Token;

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall")]
struct Account {
    owner: String,
    balance: f64,
}

#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall", code = 7, message = "{owner} has an account already")]
struct Exists {
    owner: String,
}

#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(crate = "crate::farcall")]
struct Broke;

#[derive(Debug, Exception)]
#[exception(crate = "crate::farcall")]
enum Refusal {
    Exists(Exists),
    Broke(Broke),
}

/// Keeps money.
#[service(
    crate = "crate::farcall",
    name = "bank",
    scope = "Demo",
    id = "IDL:Demo/Bank:1.0",
    bases("IDL:Demo/Till:1.0", "IDL:Demo/Safe:1.0"),
    rename_all = "camelCase"
)]
pub(crate) trait Bank: Send + Sync + 'static {
    /// Opens an account.
    async fn open_account(
        &self,
        /// Who is to own it.
        owner: String,
        #[wire(name = "amount")] initial: Option<f64>,
    ) -> Result<Account, CallError<Exists>>;

    async fn merge(&self, accounts: Vec<Account>) -> Result<Account, CallError<Refusal>>;

    /// Who asks, over what.
    #[op(name = "who.am.i", idempotent)]
    async fn whoami(&self, cx: &Context, prefix: String) -> Result<String, Fault>;

    #[op(oneway)]
    async fn log(&self, line: String) -> Result<(), Fault>;

    async fn manager(&self) -> Result<Ref<BankClient>, Fault>;

    /// Calls another operation, unless somebody does better.
    async fn open_both(&self, a: String, b: String) -> Result<(Account, Account), CallError<Exists>> {
        Ok((self.open_account(a, None).await?, self.open_account(b, None).await?))
    }
}

#[derive(Clone, Default)]
struct Demo {
    lines: Arc<Mutex<Vec<String>>>,
}

impl Bank for Demo {
    async fn open_account(&self, owner: String, initial: Option<f64>) -> Result<Account, CallError<Exists>> {
        if owner == "Ann" {
            return Err(Exists { owner }.into());
        }
        Ok(Account { owner, balance: initial.unwrap_or_default() })
    }

    async fn merge(&self, accounts: Vec<Account>) -> Result<Account, CallError<Refusal>> {
        let balance = accounts.iter().map(|a| a.balance).sum();
        match accounts.into_iter().next() {
            Some(first) => Ok(Account { balance, ..first }),
            None => Err(Refusal::from(Broke))?,
        }
    }

    async fn whoami(&self, cx: &Context, prefix: String) -> Result<String, Fault> {
        tokio::task::yield_now().await;
        let name = cx.metadata().find(|(name, _)| *name == "user").map(|(_, value)| value.to_owned());
        let name = name.ok_or_else(|| Fault::new(FaultKind::Unauthenticated, "who are you?"))?;
        Ok(format!("{prefix}{name} over {}", cx.protocol()))
    }

    async fn log(&self, line: String) -> Result<(), Fault> {
        self.lines.lock().unwrap().push(line);
        Ok(())
    }

    async fn manager(&self) -> Result<Ref<BankClient>, Fault> {
        Ok(Ref::new("xmlrpc+http://localhost/manager"))
    }
}

/// A client over a keyed wire, or over a positional one.
fn client<const KEYED: bool>() -> BankClient<Local<BankService<Demo>, KEYED>> {
    BankClient::new(Local::new(BankService::new(Demo::default())))
}

async fn results_and_exceptions<B: Bank>(bank: &B) {
    let account = bank.open_account("Bob".into(), Some(2.5)).await.unwrap();
    assert_eq!(account, Account { owner: "Bob".into(), balance: 2.5 });
    let error = bank.open_account("Ann".into(), None).await.unwrap_err();
    assert_eq!(error.user(), Some(&Exists { owner: "Ann".into() }));
    assert_eq!(error.to_string(), "Ann has an account already");

    assert_eq!(bank.merge(vec![account.clone(), account]).await.unwrap().balance, 5.0);
    let error = bank.merge(vec![]).await.unwrap_err();
    assert!(matches!(error.user(), Some(Refusal::Broke(Broke))), "{error}");

    let (a, b) = bank.open_both("a".into(), "b".into()).await.unwrap();
    assert_eq!((a.owner.as_str(), b.owner.as_str()), ("a", "b"));
    assert!(bank.open_both("a".into(), "Ann".into()).await.unwrap_err().user().is_some());
    assert_eq!(bank.manager().await.unwrap().object().interface, "IDL:Demo/Bank:1.0");
}

#[tokio::test]
async fn a_client_is_the_service() {
    let (keyed, positional) = (client::<true>(), client::<false>());
    results_and_exceptions(&Demo::default()).await;
    results_and_exceptions(&keyed).await;
    results_and_exceptions(&positional).await;
    results_and_exceptions(&BankClient::new(Arc::new(Local::<_, true>::new(BankService::new(positional)))))
        .await;
}

#[tokio::test]
async fn the_context_goes_beside_the_parameters() {
    let bank = client::<true>();
    let cx = Context::new().with_metadata("user", "Eve");
    assert_eq!(bank.whoami(&cx, "I am ".into()).await.unwrap(), "I am Eve over tape");
    let sent = bank.channel().last.lock().unwrap().take();
    let expected = vec![Token::Value(Value::from("I am ")), Token::End];
    assert_eq!(sent, Some(("who.am.i".to_owned(), expected)));
    let fault = bank.whoami(&Context::new(), String::new()).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Unauthenticated);
}

/// Keeps the metadata of the last call, and refuses it.
#[derive(Default)]
struct Refusing(Mutex<Vec<(String, String)>>);

impl Channel for Refusing {
    async fn call<I: farcall_wire::Invocation>(&self, cx: &Context, _: &I) -> Result<I::Output, Fault> {
        *self.0.lock().unwrap() = cx.metadata().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        Err(Fault::new(FaultKind::Forbidden, "no"))
    }
}

#[tokio::test]
async fn a_client_has_a_context_of_its_own() {
    let bank = BankClient::new(Refusing::default()).with_context(Context::new().with_metadata("key", "1"));
    let error = bank.open_account("Bob".into(), None).await.unwrap_err();
    assert_eq!(error.fault().map(Fault::kind), Some(FaultKind::Forbidden));
    assert_eq!(*bank.channel().0.lock().unwrap(), [("key".to_owned(), "1".to_owned())]);
}

#[tokio::test]
async fn a_oneway_runs() {
    let demo = Demo::default();
    let bank = BankClient::new(Local::<_, false>::new(BankService::new(demo.clone())));
    bank.log("one".into()).await.unwrap();
    assert_eq!(*demo.lines.lock().unwrap(), ["one"]);
}

#[test]
fn the_interface_says_all() {
    let interface: &Interface = BankClient::<()>::interface();
    let of_service = BankService::new(Demo::default());
    assert!(std::ptr::eq(interface, Service::interface(&of_service)));
    assert_eq!((interface.name.as_ref(), interface.scope.as_ref()), ("bank", "Demo"));
    assert_eq!(interface.repository_id.as_deref(), Some("IDL:Demo/Bank:1.0"));
    assert_eq!(interface.bases, ["IDL:Demo/Till:1.0", "IDL:Demo/Safe:1.0"]);
    assert_eq!(interface.doc, "Keeps money.");
    assert_eq!(<BankClient as Remote>::NAME, "bank");
    assert_eq!(<BankClient as Remote>::REPOSITORY_ID, Some("IDL:Demo/Bank:1.0"));
    let names: Vec<_> = interface.operations.iter().map(|op| op.name.as_ref()).collect();
    assert_eq!(names, ["openAccount", "merge", "who.am.i", "log", "manager", "openBoth"]);

    let open = &interface.operations[0];
    assert_eq!((open.doc.as_ref(), open.result.to_string().as_str()), ("Opens an account.", "Account"));
    assert!(!open.oneway && !open.idempotent);
    let params: Vec<_> = open.params.iter().map(|p| (&p.field.name[..], &p.field.doc[..])).collect();
    assert_eq!(params, [("owner", "Who is to own it."), ("amount", "")]);
    assert_eq!(open.required(), 1);
    let exceptions: Vec<_> = open.exceptions.iter().map(|x| (x.body.name.as_ref(), x.code)).collect();
    assert_eq!(exceptions, [("Exists", 7)]);
    assert_eq!(interface.operations[1].exceptions.len(), 2);

    let whoami = &interface.operations[2];
    assert!(whoami.idempotent && whoami.params.len() == 1 && whoami.exceptions.is_empty());
    assert!(interface.operations[3].oneway);
    assert_eq!(interface.operations[3].result.resolve(), &Type::Void);
}

#[tokio::test]
async fn wrong_calls_are_faults() {
    let channel = Local::<_, false>::new(BankService::new(Demo::default()));
    let operation = farcall_model::Operation::new("close");
    let fault = channel.call(&Context::new(), &Dynamic::new(&operation, &[])).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::UnknownOperation);

    let operation = farcall_model::Operation::new("openAccount");
    let fault = channel.call(&Context::new(), &Dynamic::new(&operation, &[])).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidParameters);
    let many = vec![Value::from("a"); 5];
    let fault = channel.call(&Context::new(), &Dynamic::new(&operation, &many)).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::InvalidParameters);
}

#[tokio::test]
async fn connect_opens_a_connection() {
    let bank = BankClient::connect("xmlrpc+http://localhost/RPC2").await.unwrap();
    assert_eq!(bank.channel().0, "xmlrpc+http://localhost/RPC2");
    assert!(bank.manager().await.is_err());
}

/// Every kind of name that an expansion could trip over.
#[allow(dead_code, clippy::wrong_self_convention, reason = "names are the point")]
mod names {
    use farcall_macros::{Wire, service};
    use farcall_wire::Fault;

    type Option = i8;
    type T = i16;
    type C = i32;
    struct Result;
    struct Ok;
    struct Some;
    struct String;
    struct Vec;

    #[derive(Wire)]
    #[wire(crate = "crate::farcall")]
    struct Index {
        out: Option,
        from: T,
        index: C,
        error: u8,
        value: u8,
        ty: u8,
        fields: u8,
        r#fn: u8,
    }

    #[service(crate = "crate::farcall")]
    trait Service {
        async fn call(&self, operation: Option, context: T, channel: C) -> std::result::Result<Index, Fault>;
        async fn dispatch(&self, call: T, r#match: C, reply: C) -> std::result::Result<(), Fault>;
        async fn interface(&self) -> std::result::Result<(), Fault>;
        async fn new(&self, index: Index) -> std::result::Result<(), Fault>;
        async fn r#type(&self) -> std::result::Result<(), Fault>;
    }

    #[test]
    fn raw_names_lose_their_mark() {
        use farcall_wire::Remote;
        assert!(ServiceClient::<()>::interface().operation("type").is_some());
        assert_eq!(ServiceClient::<()>::interface().operations[1].params[1].field.name, "match");
    }
}
