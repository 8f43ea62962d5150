//! The Naming Service (OMG Naming Service 1.3): names for objects, in contexts
//! that hold other contexts.
//!
//! [`Naming`] is a server to embed: it keeps what is bound in a file that survives
//! the end of the process at any moment, and any ORB finds it at
//! `corbaloc::host:port/NameService`. [`NamingContextExtClient`] calls it and
//! any other. Names are written `id.kind/id.kind`; see [`to_name`].
//!
//! ```
//! use farcall::{Context, ObjectRef, Server};
//! use farcall_services::naming::{Naming, NamingContextExt, NamingContextExtClient, to_name};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! farcall::block_on(async {
//!     let naming = Naming::in_memory()?;
//!     let server = naming.serve(Server::new()).start("127.0.0.1:0".parse()?).await?;
//!     let url = format!("corbaloc::{}/NameService", server.address());
//!     let names = NamingContextExtClient::connect(&url).await?;
//!     let cx = Context::new();
//!     names.bind_new_context(&cx, to_name("banks")?).await?;
//!     let bank = ObjectRef::new("IDL:Bank:1.0").with_address("corbaloc::127.0.0.1:2809/bank");
//!     names.bind(&cx, to_name("banks/main.account")?, bank).await?;
//!     assert!(!names.resolve_str(&cx, "banks/main.account".into()).await?.is_nil());
//!     Ok(())
//! })
//! # }
//! ```

mod context;
mod interface;
mod iterator;
mod name;
mod server;
mod store;

pub use context::NamingContext;
pub use interface::{
    AlreadyBound, BindError, Binding, BindingIterator, BindingIteratorClient, BindingIteratorService,
    BindingType, CannotProceed, InvalidAddress, InvalidName, Name, NameComponent, NameError,
    NamingContextExt, NamingContextExtClient, NamingContextExtService, NotEmpty, NotFound, NotFoundReason,
    UrlError,
};
pub use name::{to_name, to_string, to_url};
pub use server::{KEY, Naming, NamingOptions};
pub use store::StoreError;
