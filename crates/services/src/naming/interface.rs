//! `CosNaming` (Naming Service 1.3, §2.3), as Rust.

use farcall::{CallError, Context, Exception, Fault, ObjectRef, Ref, Wire, service};

/// One step of a [`Name`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Wire)]
#[wire(scope = "CosNaming", id = "IDL:omg.org/CosNaming/NameComponent:1.0")]
pub struct NameComponent {
    /// The identifier.
    pub id: String,
    /// The kind; mostly empty.
    pub kind: String,
}

/// A path from a context to what is bound: each step but the last is a context.
pub type Name = Vec<NameComponent>;

/// What is bound to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Wire)]
#[wire(scope = "CosNaming", id = "IDL:omg.org/CosNaming/BindingType:1.0")]
pub enum BindingType {
    /// An object.
    #[wire(name = "nobject")]
    Object,
    /// A context, in which names are resolved further.
    #[wire(name = "ncontext")]
    Context,
}

/// A name within a context, and what it is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Wire)]
#[wire(scope = "CosNaming", id = "IDL:omg.org/CosNaming/Binding:1.0")]
pub struct Binding {
    /// The name: one component.
    pub binding_name: Name,
    /// What it is bound to.
    pub binding_type: BindingType,
}

/// Why a name leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Wire)]
#[wire(
    scope = "CosNaming::NamingContext",
    id = "IDL:omg.org/CosNaming/NamingContext/NotFoundReason:1.0",
    rename_all = "snake_case"
)]
pub enum NotFoundReason {
    /// The first component of the rest is bound to nothing.
    MissingNode,
    /// It is bound to an object where a context is needed.
    NotContext,
    /// It is bound to a context where an object is needed.
    NotObject,
}

/// A name leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 1,
    scope = "CosNaming::NamingContext",
    id = "IDL:omg.org/CosNaming/NamingContext/NotFound:1.0",
    message = "the name leads nowhere: {why:?} at {rest_of_name:?}"
)]
pub struct NotFound {
    /// Why.
    pub why: NotFoundReason,
    /// The name from the place where it leads nowhere.
    pub rest_of_name: Name,
}

/// The server cannot follow a name further; the caller may, from that context.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 2,
    scope = "CosNaming::NamingContext",
    id = "IDL:omg.org/CosNaming/NamingContext/CannotProceed:1.0",
    message = "the name cannot be followed beyond {rest_of_name:?}"
)]
pub struct CannotProceed {
    /// Where to go on.
    pub cxt: Ref<NamingContextExtClient>,
    /// With what name.
    pub rest_of_name: Name,
}

/// A name has no components, or cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 3,
    scope = "CosNaming::NamingContext",
    id = "IDL:omg.org/CosNaming/NamingContext/InvalidName:1.0",
    message = "this is not a name"
)]
pub struct InvalidName {}

/// A name is bound already.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 4,
    scope = "CosNaming::NamingContext",
    id = "IDL:omg.org/CosNaming/NamingContext/AlreadyBound:1.0",
    message = "the name is bound already"
)]
pub struct AlreadyBound {}

/// Something is bound in the context.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 5,
    scope = "CosNaming::NamingContext",
    id = "IDL:omg.org/CosNaming/NamingContext/NotEmpty:1.0",
    message = "names are bound in the context"
)]
pub struct NotEmpty {}

/// An address is not one that a URL can have.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
#[exception(
    code = 6,
    scope = "CosNaming::NamingContextExt",
    id = "IDL:omg.org/CosNaming/NamingContextExt/InvalidAddress:1.0",
    message = "this is not an address such as `:host:port`"
)]
pub struct InvalidAddress {}

/// Why nothing is found under a name.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
pub enum NameError {
    /// It leads nowhere.
    NotFound(NotFound),
    /// It leads to a server that does not answer.
    CannotProceed(CannotProceed),
    /// It is no name.
    InvalidName(InvalidName),
}

/// Why nothing is bound to a name.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
pub enum BindError {
    /// A context on its way is missing.
    NotFound(NotFound),
    /// It leads to a server that does not answer.
    CannotProceed(CannotProceed),
    /// It is no name.
    InvalidName(InvalidName),
    /// Something is bound to it already.
    AlreadyBound(AlreadyBound),
}

/// Why there is no URL for an address and a name.
#[derive(Clone, Debug, PartialEq, Eq, Exception)]
pub enum UrlError {
    /// The address is none.
    InvalidAddress(InvalidAddress),
    /// The name is none.
    InvalidName(InvalidName),
}

impl From<NameError> for BindError {
    fn from(error: NameError) -> Self {
        match error {
            NameError::NotFound(e) => Self::NotFound(e),
            NameError::CannotProceed(e) => Self::CannotProceed(e),
            NameError::InvalidName(e) => Self::InvalidName(e),
        }
    }
}

/// A context in which names are bound, with names as text too.
#[service(
    scope = "CosNaming",
    id = "IDL:omg.org/CosNaming/NamingContextExt:1.0",
    bases("IDL:omg.org/CosNaming/NamingContext:1.0")
)]
pub trait NamingContextExt {
    /// Binds an object to a name.
    async fn bind(&self, cx: &Context, n: Name, obj: ObjectRef) -> Result<(), CallError<BindError>>;

    /// Binds an object to a name, in the place of another.
    #[op(idempotent)]
    async fn rebind(&self, cx: &Context, n: Name, obj: ObjectRef) -> Result<(), CallError<NameError>>;

    /// Binds a context to a name.
    async fn bind_context(
        &self,
        cx: &Context,
        n: Name,
        nc: Ref<NamingContextExtClient>,
    ) -> Result<(), CallError<BindError>>;

    /// Binds a context to a name, in the place of another.
    #[op(idempotent)]
    async fn rebind_context(
        &self,
        cx: &Context,
        n: Name,
        nc: Ref<NamingContextExtClient>,
    ) -> Result<(), CallError<NameError>>;

    /// The object that is bound to a name, which may be a context.
    #[op(idempotent)]
    async fn resolve(&self, cx: &Context, n: Name) -> Result<ObjectRef, CallError<NameError>>;

    /// Forgets what is bound to a name; a context stays.
    async fn unbind(&self, cx: &Context, n: Name) -> Result<(), CallError<NameError>>;

    /// Makes a context that is bound to no name.
    async fn new_context(&self) -> Result<Ref<NamingContextExtClient>, Fault>;

    /// Makes a context, and binds it to a name.
    async fn bind_new_context(
        &self,
        cx: &Context,
        n: Name,
    ) -> Result<Ref<NamingContextExtClient>, CallError<BindError>>;

    /// Ends this context, in which nothing may be bound.
    async fn destroy(&self) -> Result<(), CallError<NotEmpty>>;

    /// What is bound in this context: at most so many, and an iterator over those that are left, or nil.
    #[op(idempotent, out(bl, bi))]
    async fn list(&self, how_many: u32) -> Result<(Vec<Binding>, Ref<BindingIteratorClient>), Fault>;

    /// A name as text.
    #[op(idempotent)]
    async fn to_string(&self, n: Name) -> Result<String, CallError<InvalidName>>;

    /// A name from its text.
    #[op(idempotent)]
    async fn to_name(&self, sn: String) -> Result<Name, CallError<InvalidName>>;

    /// The `corbaname:` of a name at an address such as `:host:port`.
    #[op(idempotent)]
    async fn to_url(&self, addr: String, sn: String) -> Result<String, CallError<UrlError>>;

    /// The object that is bound to a name given as text.
    #[op(idempotent)]
    async fn resolve_str(&self, cx: &Context, n: String) -> Result<ObjectRef, CallError<BindError>>;
}

/// What is left of a [list](NamingContextExt::list).
#[service(scope = "CosNaming", id = "IDL:omg.org/CosNaming/BindingIterator:1.0")]
pub trait BindingIterator {
    /// The next one; false, and an empty one, if there is none left.
    #[op(out(b))]
    async fn next_one(&self) -> Result<(bool, Binding), Fault>;

    /// The next ones, at most so many; false if there was none left.
    #[op(out(bl))]
    async fn next_n(&self, how_many: u32) -> Result<(bool, Vec<Binding>), Fault>;

    /// Ends the iterator.
    async fn destroy(&self, cx: &Context) -> Result<(), Fault>;
}
