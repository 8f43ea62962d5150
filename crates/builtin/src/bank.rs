//! `bank`: accounts, with typed exceptions.
//!
//! ```
//! use farcall_builtin::{Bank, Vault};
//!
//! farcall::block_on(async {
//!     let bank = Vault::default();
//!     let account = bank.open("ann".into(), Some(10.0)).await.unwrap();
//!     assert!(bank.withdraw(account, 11.0).await.is_err());
//! });
//! ```

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use farcall::{CallError, Exception, Wire, service};

/// An account and what is in it.
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(scope = "farcall")]
pub struct Account {
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

/// Accounts to pay into and to draw from.
#[service(name = "Bank", scope = "farcall")]
pub trait Bank {
    /// Opens an account, with something in it or nothing, and gives its number.
    async fn open(&self, owner: String, initial: Option<f64>) -> Result<String, CallError<Refused>>;

    /// Pays into an account, and gives its new balance.
    async fn deposit(&self, account: String, amount: f64) -> Result<f64, CallError<Refused>>;

    /// Draws from an account, and gives its new balance.
    async fn withdraw(&self, account: String, amount: f64) -> Result<f64, CallError<Refused>>;

    /// What is in an account.
    #[op(idempotent)]
    async fn balance(&self, account: String) -> Result<f64, CallError<Refused>>;

    /// The accounts of an owner, or all.
    #[op(idempotent)]
    async fn accounts(&self, owner: Option<String>) -> Result<Vec<Account>, CallError<Refused>>;

    /// Closes an account, and gives what was in it.
    async fn close(&self, account: String) -> Result<f64, CallError<Refused>>;
}

/// So many accounts are open at once; the bank is an example, and its memory is bounded.
const ACCOUNTS: usize = 10_000;

/// A bank that keeps its accounts in memory.
#[derive(Debug, Default)]
pub struct Vault {
    books: Mutex<Books>,
}

#[derive(Debug, Default)]
struct Books {
    opened: u64,
    accounts: BTreeMap<String, Account>,
}

impl Books {
    fn account(&mut self, id: &str) -> Result<&mut Account, Refused> {
        self.accounts.get_mut(id).ok_or_else(|| NoSuchAccount { account: id.to_owned() }.into())
    }
}

/// An amount that can be moved.
fn checked(amount: f64) -> Result<f64, Refused> {
    if amount.is_finite() && amount >= 0.0 { Ok(amount) } else { Err(InvalidAmount { amount }.into()) }
}

impl Vault {
    /// A thread that panicked while it held the books left them whole: each change is one step.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bank for Vault {
    async fn open(&self, owner: String, initial: Option<f64>) -> Result<String, CallError<Refused>> {
        let balance = initial.unwrap_or(0.0);
        if balance < 0.0 {
            return Err(Refused::from(InsufficientFunds { balance: 0.0, requested: -balance }).into());
        }
        let balance = checked(balance)?;
        let mut books = self.books();
        if books.accounts.len() >= ACCOUNTS {
            let text = format!("the bank has {ACCOUNTS} accounts and opens no more; close one");
            return Err(farcall::Fault::new(farcall::FaultKind::Limit, text).into());
        }
        books.opened += 1;
        let id = format!("A{:06}", books.opened);
        books.accounts.insert(id.clone(), Account { id: id.clone(), owner, balance });
        Ok(id)
    }

    async fn deposit(&self, account: String, amount: f64) -> Result<f64, CallError<Refused>> {
        let amount = checked(amount)?;
        let mut books = self.books();
        let account = books.account(&account)?;
        account.balance = checked(account.balance + amount)?;
        Ok(account.balance)
    }

    async fn withdraw(&self, account: String, amount: f64) -> Result<f64, CallError<Refused>> {
        let amount = checked(amount)?;
        let mut books = self.books();
        let account = books.account(&account)?;
        if account.balance < amount {
            return Err(
                Refused::from(InsufficientFunds { balance: account.balance, requested: amount }).into()
            );
        }
        account.balance -= amount;
        Ok(account.balance)
    }

    async fn balance(&self, account: String) -> Result<f64, CallError<Refused>> {
        Ok(self.books().account(&account)?.balance)
    }

    async fn accounts(&self, owner: Option<String>) -> Result<Vec<Account>, CallError<Refused>> {
        let wanted = |account: &&Account| owner.as_ref().is_none_or(|owner| *owner == account.owner);
        Ok(self.books().accounts.values().filter(wanted).cloned().collect())
    }

    async fn close(&self, account: String) -> Result<f64, CallError<Refused>> {
        let closed = self.books().accounts.remove(&account);
        let closed = closed.ok_or(Refused::from(NoSuchAccount { account }))?;
        Ok(closed.balance)
    }
}
