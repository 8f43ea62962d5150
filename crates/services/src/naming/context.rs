//! [`NamingContext`]: a context of an embedded server. What leads into contexts
//! of other servers is asked of them.

use std::sync::Arc;

use farcall::{CallError, Completion, Connection, Context, Fault, FaultKind, ObjectRef, Ref};

use super::interface::{
    AlreadyBound, BindError, Binding, BindingIteratorClient, BindingType, CannotProceed, InvalidName, Name,
    NameComponent, NameError, NamingContextExt, NamingContextExtClient, NotEmpty, NotFound, NotFoundReason,
    UrlError,
};
use super::iterator::Iterators;
use super::store::{Bound, Change, ROOT, Store};
use super::{name, server::Contexts};

/// What all contexts of a server have in common.
pub(super) struct Shared {
    pub(super) store: Arc<Store>,
    pub(super) contexts: Contexts,
    pub(super) iterators: Iterators,
}

/// A context of an embedded server; see [`super::Naming::root`].
#[derive(Clone)]
pub struct NamingContext {
    shared: Arc<Shared>,
    id: Arc<str>,
}

impl std::fmt::Debug for NamingContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NamingContext").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Where the last component of a name is to be looked at.
enum Place<'n> {
    /// In a context of this server.
    Here(Arc<str>, &'n NameComponent),
    /// In one of another, with what is left of the name.
    There(Ref<NamingContextExtClient>, Name),
}

type Client = NamingContextExtClient<Connection>;

impl NamingContext {
    pub(super) fn new(shared: Arc<Shared>, id: &str) -> Self {
        Self { shared, id: id.into() }
    }

    /// Follows a name up to its last component.
    fn walk<'n>(&self, name: &'n [NameComponent]) -> Result<Place<'n>, CallError<NameError>> {
        let Some((last, path)) = name.split_last() else { return Err(invalid_name()) };
        let mut context = Arc::clone(&self.id);
        for (index, component) in path.iter().enumerate() {
            let not_found = |why| not_found(why, &name[index..]);
            let bound = self.shared.store.find(&context, component)?;
            let bound = bound.ok_or_else(|| not_found(NotFoundReason::MissingNode))?;
            if !bound.is_context {
                return Err(not_found(NotFoundReason::NotContext));
            }
            match self.shared.contexts.id_of(&bound.object) {
                Some(id) => context = id.into(),
                None => return Ok(Place::There(Ref::from(bound.object), name[index + 1..].to_vec())),
            }
        }
        Ok(Place::Here(context, last))
    }

    /// Runs a change on a thread that may wait for the disk.
    async fn change(
        &self,
        change: impl FnOnce(&Store) -> Result<Change, Fault> + Send + 'static,
    ) -> Result<Change, Fault> {
        let store = Arc::clone(&self.shared.store);
        let done = tokio::task::spawn_blocking(move || change(&store)).await;
        done.map_err(|error| Fault::new(FaultKind::Internal, error.to_string()))?
    }

    async fn put(
        &self,
        context: Arc<str>,
        name: &NameComponent,
        bound: Bound,
        replace: bool,
    ) -> Result<(), CallError<BindError>> {
        let (component, is_context) = (name.clone(), bound.is_context);
        let done = self.change(move |store| store.bind(&context, &component, &bound, replace)).await?;
        self.outcome(done, name, is_context)
    }

    /// What a change came to, for who asked for it.
    fn outcome(
        &self,
        done: Change,
        name: &NameComponent,
        is_context: bool,
    ) -> Result<(), CallError<BindError>> {
        let why = if is_context { NotFoundReason::NotContext } else { NotFoundReason::NotObject };
        Err(match done {
            Change::Done => return Ok(()),
            Change::Refused => CallError::User(AlreadyBound {}.into()),
            Change::OtherType => not_found(why, std::slice::from_ref(name)),
            Change::Gone => gone().into(),
            Change::Full => Fault::new(FaultKind::Limit, "no more names can be bound here").into(),
        })
    }
}

/// A client of another server's context, and what is said if it cannot be reached.
fn elsewhere(context: &Ref<NamingContextExtClient>, rest: &Name) -> Result<Client, CallError<NameError>> {
    match Connection::to(context) {
        Ok(connection) => Ok(Client::new(connection)),
        Err(_) => Err(cannot_proceed(context, rest)),
    }
}

fn cannot_proceed<X: From<CannotProceed>>(
    context: &Ref<NamingContextExtClient>,
    rest: &Name,
) -> CallError<X> {
    CallError::User(CannotProceed { cxt: context.clone(), rest_of_name: rest.clone() }.into())
}

/// A server that did not run the call because it is not there: its context is for the caller to ask.
fn answered<T, X: From<CannotProceed>>(
    reply: Result<T, CallError<X>>,
    context: &Ref<NamingContextExtClient>,
    rest: &Name,
) -> Result<T, CallError<X>> {
    match reply {
        Err(CallError::Fault(fault))
            if fault.kind() == FaultKind::Transport && fault.completion() == Completion::No =>
        {
            Err(cannot_proceed(context, rest))
        }
        reply => reply,
    }
}

#[cold]
fn not_found<X: From<NotFound>>(why: NotFoundReason, rest: &[NameComponent]) -> CallError<X> {
    CallError::User(NotFound { why, rest_of_name: rest.to_vec() }.into())
}

#[cold]
fn invalid_name<X: From<InvalidName>>() -> CallError<X> {
    CallError::User(InvalidName {}.into())
}

#[cold]
fn gone() -> Fault {
    Fault::new(FaultKind::UnknownObject, "this context was destroyed")
}

/// An error of finding a name as one of binding it.
fn binding(error: CallError<NameError>) -> CallError<BindError> {
    match error {
        CallError::User(error) => CallError::User(error.into()),
        CallError::Fault(fault) => CallError::Fault(fault),
    }
}

/// An error of binding in the place of another as one of finding a name.
fn rebinding(error: CallError<BindError>) -> CallError<NameError> {
    match error {
        CallError::User(BindError::NotFound(e)) => CallError::User(e.into()),
        CallError::User(BindError::CannotProceed(e)) => CallError::User(e.into()),
        CallError::User(BindError::InvalidName(e)) => CallError::User(e.into()),
        CallError::User(BindError::AlreadyBound(e)) => {
            CallError::Fault(Fault::new(FaultKind::Internal, e.to_string()))
        }
        CallError::Fault(fault) => CallError::Fault(fault),
    }
}

/// A context is not nil.
fn context(reference: Ref<NamingContextExtClient>) -> Result<Bound, Fault> {
    if reference.is_nil() {
        return Err(Fault::new(FaultKind::InvalidParameters, "nc: a nil reference is no context"));
    }
    Ok(Bound { is_context: true, object: reference.object().clone() })
}

impl NamingContextExt for NamingContext {
    async fn bind(&self, cx: &Context, n: Name, obj: ObjectRef) -> Result<(), CallError<BindError>> {
        match self.walk(&n).map_err(binding)? {
            Place::Here(at, last) => {
                self.put(at, last, Bound { is_context: false, object: obj }, false).await
            }
            Place::There(at, rest) => {
                let client = elsewhere(&at, &rest).map_err(binding)?;
                answered(client.bind(cx, rest.clone(), obj).await, &at, &rest)
            }
        }
    }

    async fn rebind(&self, cx: &Context, n: Name, obj: ObjectRef) -> Result<(), CallError<NameError>> {
        match self.walk(&n)? {
            Place::Here(at, last) => {
                let bound = Bound { is_context: false, object: obj };
                self.put(at, last, bound, true).await.map_err(rebinding)
            }
            Place::There(at, rest) => {
                answered(elsewhere(&at, &rest)?.rebind(cx, rest.clone(), obj).await, &at, &rest)
            }
        }
    }

    async fn bind_context(
        &self,
        cx: &Context,
        n: Name,
        nc: Ref<NamingContextExtClient>,
    ) -> Result<(), CallError<BindError>> {
        match self.walk(&n).map_err(binding)? {
            Place::Here(at, last) => self.put(at, last, context(nc)?, false).await,
            Place::There(at, rest) => {
                let client = elsewhere(&at, &rest).map_err(binding)?;
                answered(client.bind_context(cx, rest.clone(), nc).await, &at, &rest)
            }
        }
    }

    async fn rebind_context(
        &self,
        cx: &Context,
        n: Name,
        nc: Ref<NamingContextExtClient>,
    ) -> Result<(), CallError<NameError>> {
        match self.walk(&n)? {
            Place::Here(at, last) => self.put(at, last, context(nc)?, true).await.map_err(rebinding),
            Place::There(at, rest) => {
                answered(elsewhere(&at, &rest)?.rebind_context(cx, rest.clone(), nc).await, &at, &rest)
            }
        }
    }

    async fn resolve(&self, cx: &Context, n: Name) -> Result<ObjectRef, CallError<NameError>> {
        match self.walk(&n)? {
            Place::Here(at, last) => match self.shared.store.find(&at, last)? {
                Some(bound) => Ok(self.shared.contexts.current(bound.object)?),
                None => Err(not_found(NotFoundReason::MissingNode, std::slice::from_ref(last))),
            },
            Place::There(at, rest) => {
                answered(elsewhere(&at, &rest)?.resolve(cx, rest.clone()).await, &at, &rest)
            }
        }
    }

    async fn unbind(&self, cx: &Context, n: Name) -> Result<(), CallError<NameError>> {
        match self.walk(&n)? {
            Place::Here(at, last) => {
                let component = last.clone();
                match self.change(move |store| store.unbind(&at, &component)).await? {
                    Change::Done => Ok(()),
                    _ => Err(not_found(NotFoundReason::MissingNode, std::slice::from_ref(last))),
                }
            }
            Place::There(at, rest) => {
                answered(elsewhere(&at, &rest)?.unbind(cx, rest.clone()).await, &at, &rest)
            }
        }
    }

    async fn new_context(&self) -> Result<Ref<NamingContextExtClient>, Fault> {
        let (id, reference) = self.shared.contexts.invent()?;
        let object = reference.object().clone();
        match self.change(move |store| store.make(&id, None, &object)).await? {
            Change::Done => Ok(reference),
            _ => Err(Fault::new(FaultKind::Limit, "no more contexts can be made here")),
        }
    }

    async fn bind_new_context(
        &self,
        cx: &Context,
        n: Name,
    ) -> Result<Ref<NamingContextExtClient>, CallError<BindError>> {
        match self.walk(&n).map_err(binding)? {
            Place::Here(at, last) => {
                let (id, reference) = self.shared.contexts.invent()?;
                let (object, component) = (reference.object().clone(), last.clone());
                let made = move |store: &Store| store.make(&id, Some((&*at, &component)), &object);
                let done = self.change(made).await?;
                self.outcome(done, last, true)?;
                Ok(reference)
            }
            Place::There(at, rest) => {
                let client = elsewhere(&at, &rest).map_err(binding)?;
                answered(client.bind_new_context(cx, rest.clone()).await, &at, &rest)
            }
        }
    }

    async fn destroy(&self) -> Result<(), CallError<NotEmpty>> {
        if &*self.id == ROOT {
            return Err(Fault::new(FaultKind::Forbidden, "the root context stays").into());
        }
        let id = Arc::clone(&self.id);
        match self.change(move |store| store.destroy(&id)).await? {
            Change::Done => Ok(()),
            Change::Refused => Err(CallError::User(NotEmpty {})),
            _ => Err(gone().into()),
        }
    }

    async fn list(&self, how_many: u32) -> Result<(Vec<Binding>, Ref<BindingIteratorClient>), Fault> {
        let names = self.shared.store.list(&self.id)?;
        let binding = |(component, is_context)| Binding {
            binding_name: vec![component],
            binding_type: if is_context { BindingType::Context } else { BindingType::Object },
        };
        let mut all: Vec<Binding> = names.into_iter().map(binding).collect();
        let rest = all.split_off(all.len().min(how_many as usize));
        if rest.is_empty() {
            return Ok((all, Ref::nil()));
        }
        Ok((all, self.shared.iterators.open(rest)?))
    }

    async fn to_string(&self, n: Name) -> Result<String, CallError<InvalidName>> {
        name::to_string(&n).map_err(CallError::User)
    }

    async fn to_name(&self, sn: String) -> Result<Name, CallError<InvalidName>> {
        name::to_name(&sn).map_err(CallError::User)
    }

    async fn to_url(&self, addr: String, sn: String) -> Result<String, CallError<UrlError>> {
        name::to_url(&addr, &sn).map_err(CallError::User)
    }

    async fn resolve_str(&self, cx: &Context, n: String) -> Result<ObjectRef, CallError<BindError>> {
        let name = name::to_name(&n).map_err(|e| CallError::User(e.into()))?;
        self.resolve(cx, name).await.map_err(binding)
    }
}
