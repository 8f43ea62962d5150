//! `bank`: accounts, each an object of its own, with typed exceptions.
//!
//! ```
//! use farcall::{Connection, Server};
//! use farcall_builtin::{Account, AccountClient, Bank, BankClient, BankService, Vault};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! farcall::block_on(async {
//!     let vault = Vault::default();
//!     let server = Server::new().adapter(vault.accounts()).service("bank", BankService::new(vault));
//!     let server = server.start("127.0.0.1:0".parse()?).await?;
//!     let bank = BankClient::connect(&format!("http://{}/bank", server.address())).await?;
//!     let account = AccountClient::new(Connection::to(&bank.open("ann".into(), Some(10.0)).await?)?);
//!     assert_eq!(account.deposit(5.0).await?, 15.0);
//!     assert!(account.withdraw(16.0).await.is_err());
//!     Ok(())
//! })
//! # }
//! ```

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use farcall::wire::Remote as _;
use farcall::{CallError, Connection, Exception, Fault, FaultKind, ObjectAdapter, Ref, Wire, service};

/// What there is to know of an account.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "farcall")]
pub struct Statement {
    /// The account's number.
    pub id: String,
    /// Whose it is.
    pub owner: String,
    /// What is in it.
    pub balance: f64,
}

/// There is not enough in the account.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(
    code = 101,
    scope = "farcall",
    message = "the balance of {balance} does not cover the {requested} asked for"
)]
pub struct InsufficientFunds {
    /// What is in the account.
    pub balance: f64,
    /// What was asked for.
    pub requested: f64,
}

/// There is no such account.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(code = 102, scope = "farcall", message = "there is no account {account:?}")]
pub struct NoSuchAccount {
    /// The number that was given.
    pub account: String,
}

/// The amount is not one that can be moved.
#[derive(Clone, Debug, PartialEq, Exception)]
#[exception(code = 103, scope = "farcall", message = "{amount} is not an amount of money")]
pub struct InvalidAmount {
    /// The amount that was given.
    pub amount: f64,
}

/// What a bank refuses.
#[derive(Clone, Debug, PartialEq, Exception)]
pub enum Refused {
    /// There is not enough in the account.
    Funds(InsufficientFunds),
    /// There is no such account.
    Account(NoSuchAccount),
    /// The amount is not one that can be moved.
    Amount(InvalidAmount),
}

/// An account to pay into and to draw from.
#[service(name = "Account", scope = "farcall", id = "IDL:farcall/Account:1.0")]
pub trait Account {
    /// The account's number.
    #[op(idempotent)]
    async fn number(&self) -> Result<String, Fault>;

    /// Whose it is.
    #[op(idempotent)]
    async fn owner(&self) -> Result<String, CallError<Refused>>;

    /// What is in it.
    #[op(idempotent)]
    async fn balance(&self) -> Result<f64, CallError<Refused>>;

    /// Pays in, and gives the new balance.
    async fn deposit(&self, amount: f64) -> Result<f64, CallError<Refused>>;

    /// Draws, and gives the new balance.
    async fn withdraw(&self, amount: f64) -> Result<f64, CallError<Refused>>;
}

/// Opens accounts and closes them; who has an account's number need not have a reference to it.
#[service(name = "Bank", scope = "farcall")]
pub trait Bank {
    /// Opens an account, with something in it or nothing.
    async fn open(
        &self,
        owner: String,
        initial: Option<f64>,
    ) -> Result<Ref<AccountClient>, CallError<Refused>>;

    /// The account of that number.
    #[op(idempotent)]
    async fn account(&self, number: String) -> Result<Ref<AccountClient>, CallError<Refused>>;

    /// Pays into an account, and gives its new balance.
    async fn deposit(&self, account: String, amount: f64) -> Result<f64, CallError<Refused>>;

    /// Draws from an account, and gives its new balance.
    async fn withdraw(&self, account: String, amount: f64) -> Result<f64, CallError<Refused>>;

    /// What is in an account.
    #[op(idempotent)]
    async fn balance(&self, account: String) -> Result<f64, CallError<Refused>>;

    /// The accounts of an owner, or all.
    #[op(idempotent)]
    async fn accounts(&self, owner: Option<String>) -> Result<Vec<Statement>, CallError<Refused>>;

    /// Closes an account, and gives what was in it.
    async fn close(&self, account: String) -> Result<f64, CallError<Refused>>;
}

/// So many accounts are open at once; the bank is an example, and its memory is bounded.
const ACCOUNTS: usize = 10_000;

/// A bank that keeps its accounts in memory.
#[derive(Debug)]
pub struct Vault {
    books: Arc<Mutex<Books>>,
    accounts: ObjectAdapter,
}

impl Default for Vault {
    fn default() -> Self {
        let accounts = ObjectAdapter::new("bank").with_interfaces([AccountClient::<Connection>::interface()]);
        Self { books: Arc::default(), accounts }
    }
}

impl Vault {
    /// The accounts as objects, which a server has to serve beside the bank.
    #[must_use]
    pub fn accounts(&self) -> &ObjectAdapter {
        &self.accounts
    }
}

/// One account of a vault, as an object.
struct Held {
    books: Arc<Mutex<Books>>,
    number: String,
}

#[derive(Debug, Default)]
struct Books {
    opened: u64,
    statements: BTreeMap<String, Statement>,
}

/// A thread that panicked while it held the books left them whole: each change is one step.
fn locked(books: &Mutex<Books>) -> MutexGuard<'_, Books> {
    books.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Books {
    fn account(&mut self, number: &str) -> Result<&mut Statement, Refused> {
        self.statements.get_mut(number).ok_or_else(|| NoSuchAccount { account: number.to_owned() }.into())
    }

    fn open(&mut self, owner: String, initial: f64) -> Result<String, CallError<Refused>> {
        if initial < 0.0 {
            return Err(Refused::from(InsufficientFunds { balance: 0.0, requested: -initial }).into());
        }
        let balance = checked(initial)?;
        if self.statements.len() >= ACCOUNTS {
            let text = format!("the bank has {ACCOUNTS} accounts and opens no more; close one");
            return Err(Fault::new(FaultKind::Limit, text).into());
        }
        self.opened += 1;
        let id = format!("A{:06}", self.opened);
        self.statements.insert(id.clone(), Statement { id: id.clone(), owner, balance });
        Ok(id)
    }

    fn deposit(&mut self, account: &str, amount: f64) -> Result<f64, Refused> {
        let amount = checked(amount)?;
        let account = self.account(account)?;
        account.balance = checked(account.balance + amount)?;
        Ok(account.balance)
    }

    fn withdraw(&mut self, account: &str, amount: f64) -> Result<f64, Refused> {
        let amount = checked(amount)?;
        let account = self.account(account)?;
        if account.balance < amount {
            return Err(InsufficientFunds { balance: account.balance, requested: amount }.into());
        }
        account.balance -= amount;
        Ok(account.balance)
    }
}

/// An amount that can be moved.
fn checked(amount: f64) -> Result<f64, Refused> {
    if amount.is_finite() && amount >= 0.0 { Ok(amount) } else { Err(InvalidAmount { amount }.into()) }
}

impl Account for Held {
    async fn number(&self) -> Result<String, Fault> {
        Ok(self.number.clone())
    }

    async fn owner(&self) -> Result<String, CallError<Refused>> {
        Ok(locked(&self.books).account(&self.number)?.owner.clone())
    }

    async fn balance(&self) -> Result<f64, CallError<Refused>> {
        Ok(locked(&self.books).account(&self.number)?.balance)
    }

    async fn deposit(&self, amount: f64) -> Result<f64, CallError<Refused>> {
        Ok(locked(&self.books).deposit(&self.number, amount)?)
    }

    async fn withdraw(&self, amount: f64) -> Result<f64, CallError<Refused>> {
        Ok(locked(&self.books).withdraw(&self.number, amount)?)
    }
}

impl Bank for Vault {
    async fn open(
        &self,
        owner: String,
        initial: Option<f64>,
    ) -> Result<Ref<AccountClient>, CallError<Refused>> {
        let number = locked(&self.books).open(owner, initial.unwrap_or(0.0))?;
        let account = Held { books: Arc::clone(&self.books), number: number.clone() };
        let activated = self.accounts.activate_as(&number, AccountService::new(account));
        let account = activated.and_then(|()| self.accounts.reference_to(&number));
        if account.is_err() {
            self.close(number).await?;
        }
        Ok(account?)
    }

    async fn account(&self, number: String) -> Result<Ref<AccountClient>, CallError<Refused>> {
        locked(&self.books).account(&number)?;
        Ok(self.accounts.reference_to(number)?)
    }

    async fn deposit(&self, account: String, amount: f64) -> Result<f64, CallError<Refused>> {
        Ok(locked(&self.books).deposit(&account, amount)?)
    }

    async fn withdraw(&self, account: String, amount: f64) -> Result<f64, CallError<Refused>> {
        Ok(locked(&self.books).withdraw(&account, amount)?)
    }

    async fn balance(&self, account: String) -> Result<f64, CallError<Refused>> {
        Ok(locked(&self.books).account(&account)?.balance)
    }

    async fn accounts(&self, owner: Option<String>) -> Result<Vec<Statement>, CallError<Refused>> {
        let wanted = |statement: &&Statement| owner.as_ref().is_none_or(|owner| *owner == statement.owner);
        Ok(locked(&self.books).statements.values().filter(wanted).cloned().collect())
    }

    async fn close(&self, account: String) -> Result<f64, CallError<Refused>> {
        let closed = locked(&self.books).statements.remove(&account);
        self.accounts.deactivate(&account).await;
        let closed = closed.ok_or(Refused::from(NoSuchAccount { account }))?;
        Ok(closed.balance)
    }
}
