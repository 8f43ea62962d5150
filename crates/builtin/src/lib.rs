//! The services that farcall brings along: something to call on a first day,
//! peers for interoperability tests, and examples of a page of code each.
//!
//! ```
//! use farcall_builtin::{Fortune, FortuneTeller};
//!
//! let cookie = farcall::block_on(FortuneTeller::default().get_cookie())?;
//! assert!(!cookie.is_empty());
//! # Ok::<(), farcall::Fault>(())
//! ```

pub mod bank;
pub mod echo;
pub mod fortune;
pub mod meerkat;
pub mod strings;
pub mod validator1;

pub use bank::{Account, AccountClient, AccountService, Bank, BankClient, BankService, Vault};
pub use echo::{Echo, EchoClient, EchoService, Mirror};
pub use fortune::{Fortune, FortuneClient, FortuneService, FortuneTeller};
pub use meerkat::{Meerkat, MeerkatClient, MeerkatService, News};
pub use strings::{Strings, StringsClient, StringsService, Text};
pub use validator1::{Suite, Validator1, Validator1Client, Validator1Service};

use farcall::Server;

/// Adds all of them to a server, under their names.
pub fn services(server: Server) -> Server {
    let vault = Vault::default();
    server
        .adapter(vault.accounts())
        .service("", echo::AnythingService::new(Mirror))
        .service("bank", BankService::new(vault))
        .service("echo", EchoService::new(Mirror))
        .service("fortune", FortuneService::new(FortuneTeller::default()))
        .service("meerkat", MeerkatService::new(News))
        .service("strings", StringsService::new(Text))
        .service("validator1", Validator1Service::new(Suite))
}
