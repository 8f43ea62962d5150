//! [`Methods`]: methods that are closures over values, registered at run time,
//! and a catch-all for names that nobody registered.
//!
//! ```
//! use farcall_model::Value;
//! use farcall_xmlrpc::Methods;
//!
//! let methods = Methods::new()
//!     .with("count", "How many arguments it got.", |_cx, params| async move {
//!         Ok(Value::from(params.len() as i32))
//!     })
//!     .with_catch_all(|_cx, name, _params| async move { Ok(Value::from(name)) });
//! # drop(methods);
//! ```

use std::future::Future;
use std::sync::Arc;

use farcall_model::{Interface, Operation, Type, TypeRef, Value};
use farcall_wire::{BoxFuture, Call, Context, Fault, Service, Wire};

type Closure = dyn Fn(Context, String, Vec<Value>) -> BoxFuture<'static, Result<Value, Fault>> + Send + Sync;

/// Methods that are closures over values. They take any number of arguments.
pub struct Methods {
    interface: Interface,
    closures: Vec<Arc<Closure>>,
    catch_all: Option<Arc<Closure>>,
}

impl Default for Methods {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Methods {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Methods").field("interface", &self.interface).finish_non_exhaustive()
    }
}

impl Methods {
    /// No methods yet.
    #[must_use]
    pub fn new() -> Self {
        Self { interface: Interface::new("methods"), closures: Vec::new(), catch_all: None }
    }

    /// Adds a method.
    #[must_use]
    pub fn with<F, R>(self, name: &str, doc: &str, closure: F) -> Self
    where
        F: Fn(Context, Vec<Value>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Value, Fault>> + Send + 'static,
    {
        let operation = Operation::new(name.to_owned()).with_doc(doc.to_owned());
        self.with_operation(operation.with_result(TypeRef::Static(|| &Type::Any)), closure)
    }

    /// Adds a method whose parameters and result are described; they are not checked.
    #[must_use]
    pub fn with_operation<F, R>(mut self, operation: Operation, closure: F) -> Self
    where
        F: Fn(Context, Vec<Value>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Value, Fault>> + Send + 'static,
    {
        self.interface = self.interface.with_operation(operation);
        self.closures.push(Arc::new(move |cx, _name, params| Box::pin(closure(cx, params))));
        self
    }

    /// Has all other names answered, too.
    #[must_use]
    pub fn with_catch_all<F, R>(mut self, closure: F) -> Self
    where
        F: Fn(Context, String, Vec<Value>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Value, Fault>> + Send + 'static,
    {
        self.catch_all = Some(Arc::new(move |cx, name, params| Box::pin(closure(cx, name, params))));
        self
    }
}

impl Service for Methods {
    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn catches_all(&self) -> bool {
        self.catch_all.is_some()
    }

    async fn dispatch<W: Wire>(&self, call: Call<'_, W>) -> Result<W::Encoder, Fault> {
        let known = call.operation.and_then(|index| self.closures.get(index));
        let closure = known.or(self.catch_all.as_ref()).ok_or_else(|| call.unknown())?;
        let (cx, name) = (call.context.clone(), call.name.to_owned());
        let (reply, params) = call.any_params()?;
        let result = closure(cx, name, params).await?;
        reply.send_value(&Operation::new(""), &result)
    }
}
