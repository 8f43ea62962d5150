//! `farcall names`: a naming service, looked at, changed and served.

mod serve;

use farcall::wire::Exception;
use farcall::{CallError, Connection, Context, ObjectRef, Ref, Value};
use farcall_services::naming::{
    self, BindError, Binding, BindingIterator as _, BindingIteratorClient, BindingType, Name,
    NamingContextExt, NamingContextExtClient,
};

use crate::args::{Format, NamesArgs, NamesCommand};
use crate::exit::{Exit, Failure};
use crate::output::{self, printable_lines};
use crate::secrets;

/// So many bindings are asked for at once.
const BATCH: u32 = 1000;

/// Contexts inside contexts that are listed; they may be bound in a circle.
const DEPTH: usize = 32;

type Names = NamingContextExtClient<Connection>;

/// Runs one of the commands.
pub(crate) fn names(command: &NamesCommand) -> Result<(), Failure> {
    match command {
        NamesCommand::Serve(args) => serve::serve(args),
        NamesCommand::Ls { name, recursive, client } => {
            farcall::block_on(list(name.as_deref().unwrap_or_default(), *recursive, client))
        }
        NamesCommand::Resolve { name, client } => farcall::block_on(resolve(name, client)),
        NamesCommand::Bind { name, reference, replace, context, parents, client } => {
            let binding = Change { name, replace: *replace, context: *context, parents: *parents };
            farcall::block_on(bind(&binding, reference.as_deref(), client))
        }
        NamesCommand::Unbind { name, client } => farcall::block_on(unbind(name, client)),
    }
}

/// The naming service that the flags name, and the context of calls of it.
async fn open(args: &NamesArgs) -> Result<(Names, Context), Failure> {
    let mut cx = Context::new();
    if let Some(time) = args.deadline {
        cx = cx.with_timeout(time);
    }
    let client =
        Names::connect(&args.service).await.map_err(|fault| Failure::call(fault, &args.service, ""))?;
    Ok((client.with_context(cx.clone()), cx))
}

/// What a call ended with.
fn failure<X: Exception>(error: CallError<X>, name: &str, args: &NamesArgs) -> Failure {
    match error {
        CallError::User(exception) => {
            Failure::new(Exit::Fault(exception.ty().code.into()), exception.to_string()).at(shown(name))
        }
        CallError::Fault(fault) => Failure::call(fault, &args.service, ""),
    }
}

fn shown(name: &str) -> String {
    if name.is_empty() { "the root context".to_owned() } else { name.to_owned() }
}

fn read(name: &str) -> Result<Name, Failure> {
    naming::to_name(name).map_err(|_| {
        let why = "a name is id.kind/id.kind, with a backslash before a dot, slash or backslash in one";
        Failure::usage(why).at(name)
    })
}

/// An object found under a name, as a context.
fn context_of(found: ObjectRef, name: &str) -> Result<Names, Failure> {
    let reference: Ref<NamingContextExtClient> = Ref::from(found);
    let connection = Connection::to(&reference);
    connection.map(Names::new).map_err(|fault| Failure::call(fault, name, ""))
}

async fn list(name: &str, recursive: bool, args: &NamesArgs) -> Result<(), Failure> {
    let (mut context, cx) = open(args).await?;
    if !name.trim_matches('/').is_empty() {
        let found = context.resolve(&cx, read(name.trim_end_matches('/'))?).await;
        context = context_of(found.map_err(|e| failure(e, name, args))?, name)?;
    }
    let mut waiting = vec![(String::new(), context, 0)];
    let mut names = Vec::new();
    while let Some((path, context, depth)) = waiting.pop() {
        let mut inside = Vec::new();
        for binding in bindings(&context, args).await? {
            let component = naming::to_string(&binding.binding_name).unwrap_or_default();
            let full = format!("{path}{component}");
            if binding.binding_type == BindingType::Context {
                names.push(format!("{full}/"));
                if recursive && depth < DEPTH {
                    inside.push((full, binding.binding_name));
                }
            } else {
                names.push(full);
            }
        }
        for (full, name) in inside.into_iter().rev() {
            let found = context.resolve(&cx, name).await.map_err(|e| failure(e, &full, args))?;
            waiting.push((format!("{full}/"), context_of(found, &full)?, depth + 1));
        }
    }
    names.sort();
    match args.output.format {
        None | Some(Format::Table | Format::Raw) => {
            let text: String = names.iter().map(|name| format!("{name}\n")).collect();
            output::print(printable_lines(&text).as_bytes())
        }
        format => output::value(&names.into_iter().map(Value::from).collect::<Vec<Value>>().into(), format),
    }
}

/// All that is bound in a context.
async fn bindings(context: &Names, args: &NamesArgs) -> Result<Vec<Binding>, Failure> {
    let fault = |fault| Failure::call(fault, &args.service, "list");
    let (mut all, rest) = context.list(BATCH).await.map_err(fault)?;
    if !rest.is_nil() {
        let rest = BindingIteratorClient::new(Connection::to(&rest).map_err(fault)?);
        loop {
            let (more, some) = rest.next_n(BATCH).await.map_err(fault)?;
            if !more || some.is_empty() {
                break;
            }
            all.extend(some);
        }
        rest.destroy(&Context::new()).await.map_err(fault)?;
    }
    Ok(all)
}

async fn resolve(name: &str, args: &NamesArgs) -> Result<(), Failure> {
    let (names, cx) = open(args).await?;
    let found = names.resolve(&cx, read(name)?).await.map_err(|e| failure(e, name, args))?;
    match args.output.format {
        None | Some(Format::Table | Format::Raw) => {
            let text = found.addresses.first().map_or("nil", String::as_str);
            output::print(printable_lines(&format!("{text}\n")).as_bytes())
        }
        format => output::value(&Value::Object(found), format),
    }
}

/// What is to be bound, and how.
struct Change<'a> {
    name: &'a str,
    replace: bool,
    context: bool,
    parents: bool,
}

async fn bind(change: &Change<'_>, reference: Option<&str>, args: &NamesArgs) -> Result<(), Failure> {
    let (names, cx) = open(args).await?;
    let name = read(change.name)?;
    if change.parents {
        parents(&names, &cx, &name, args).await?;
    }
    let failed = |error| failure::<BindError>(error, change.name, args);
    let Some(reference) = reference else {
        return names.bind_new_context(&cx, name).await.map(drop).map_err(failed);
    };
    let text = match reference.strip_prefix('@') {
        Some(path) => secrets::file(path)?,
        None => reference.to_owned(),
    };
    let object = object(text.trim())?;
    let failed_again = |error| failure(error, change.name, args);
    match (change.context, change.replace) {
        (false, false) => names.bind(&cx, name, object).await.map_err(failed),
        (false, true) => names.rebind(&cx, name, object).await.map_err(failed_again),
        (true, false) => names.bind_context(&cx, name, Ref::from(object)).await.map_err(failed),
        (true, true) => names.rebind_context(&cx, name, Ref::from(object)).await.map_err(failed_again),
    }
}

/// Makes the contexts on the way to a name that are missing.
async fn parents(names: &Names, cx: &Context, name: &Name, args: &NamesArgs) -> Result<(), Failure> {
    for length in 1..name.len() {
        match names.bind_new_context(cx, name[..length].to_vec()).await {
            Ok(_) | Err(CallError::User(BindError::AlreadyBound(_))) => {}
            Err(error) => return Err(failure(error, &naming::to_string(name).unwrap_or_default(), args)),
        }
    }
    Ok(())
}

/// The object that a reference is to, with its type where the reference tells it.
fn object(text: &str) -> Result<ObjectRef, Failure> {
    let refused = |why: String| Failure::new(Exit::Schema, why).at("REF");
    match text.parse::<farcall::corba::Ior>() {
        Ok(ior) => Ok(ObjectRef::new(ior.type_id).with_address(text)),
        Err(_) if text.contains("://") => Ok(ObjectRef::default().with_address(text)),
        Err(error) => Err(refused(error.to_string())),
    }
}

async fn unbind(name: &str, args: &NamesArgs) -> Result<(), Failure> {
    let (names, cx) = open(args).await?;
    names.unbind(&cx, read(name)?).await.map_err(|error| failure(error, name, args))
}
