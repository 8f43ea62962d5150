//! The naming service, called over every protocol.

use farcall::{CallError, Connection, Context, ObjectRef, Ref, Running, Server};
use farcall_services::naming::{
    BindError, Binding, BindingIterator as _, BindingIteratorClient, BindingType, NameError, Naming,
    NamingContextExt, NamingContextExtClient, NamingOptions, NotFoundReason, to_name,
};

type Names = NamingContextExtClient<Connection>;

async fn start(naming: &Naming) -> Running {
    naming.serve(Server::new()).start("127.0.0.1:0".parse().unwrap()).await.unwrap()
}

async fn connect(server: &Running, scheme: &str) -> Names {
    Names::connect(&format!("{scheme}{}/NameService", server.address())).await.unwrap()
}

fn object(key: &str) -> ObjectRef {
    ObjectRef::new("IDL:Thing:1.0").with_address(format!("corbaloc::127.0.0.1:1/{key}"))
}

/// What a reference found is to: its key.
fn key(found: &ObjectRef) -> String {
    let ior: farcall::corba::Ior = found.addresses[0].parse().unwrap();
    String::from_utf8(ior.iiop().next().unwrap().object_key.to_vec()).unwrap()
}

fn reason(error: CallError<NameError>) -> (NotFoundReason, String) {
    match error {
        CallError::User(NameError::NotFound(e)) => {
            (e.why, farcall_services::naming::to_string(&e.rest_of_name).unwrap())
        }
        other => panic!("{other}"),
    }
}

async fn binds_and_finds(names: &Names) {
    let cx = &Context::new();
    let name = |text: &str| to_name(text).unwrap();
    names.bind(cx, name("one"), object("1")).await.unwrap();
    let twice = names.bind(cx, name("one"), object("2")).await.unwrap_err();
    assert!(matches!(twice, CallError::User(BindError::AlreadyBound(_))), "{twice}");
    names.rebind(cx, name("one"), object("2")).await.unwrap();
    assert_eq!(key(&names.resolve(cx, name("one")).await.unwrap()), "2");
    names.bind_new_context(cx, name("in.side")).await.unwrap();
    names.bind(cx, name("in.side/two"), object("3")).await.unwrap();
    assert_eq!(key(&names.resolve_str(cx, "in.side/two".into()).await.unwrap()), "3");
    // the context found is called by itself
    let inside: Ref<NamingContextExtClient> = Ref::from(names.resolve(cx, name("in.side")).await.unwrap());
    let inside = Names::new(Connection::to(&inside).unwrap());
    assert_eq!(key(&inside.resolve(cx, name("two")).await.unwrap()), "3");
    let (bound, rest) = inside.list(10).await.unwrap();
    assert_eq!(bound, [Binding { binding_name: name("two"), binding_type: BindingType::Object }]);
    assert!(rest.is_nil());

    use NotFoundReason::{MissingNode, NotContext, NotObject};
    for (text, expected) in [
        ("none", (MissingNode, "none")),
        ("none/x", (MissingNode, "none/x")),
        ("one/x/y", (NotContext, "one/x/y")),
        ("in.side/none/y", (MissingNode, "none/y")),
    ] {
        let (why, rest) = reason(names.resolve(cx, name(text)).await.unwrap_err());
        assert_eq!((why, &*rest), expected, "{text}");
    }
    assert_eq!(reason(names.rebind(cx, name("in.side"), object("4")).await.unwrap_err()).0, NotObject);
    let me = Ref::from(object("5"));
    assert_eq!(reason(names.rebind_context(cx, name("one"), me).await.unwrap_err()).0, NotContext);
    let empty = names.resolve(cx, vec![]).await.unwrap_err();
    assert!(matches!(empty, CallError::User(NameError::InvalidName(_))), "{empty}");
    let nil = names.bind_context(cx, name("nil"), Ref::nil()).await;
    assert!(nil.is_err(), "{names:?}");
    assert!(inside.destroy().await.unwrap_err().user().is_some(), "something is bound in it");
    assert!(names.destroy().await.is_err(), "the root stays");

    names.unbind(cx, name("in.side/two")).await.unwrap();
    inside.destroy().await.unwrap();
    assert!(inside.list(1).await.unwrap_err().message().contains("no object"), "it was destroyed");
    names.unbind(cx, name("in.side")).await.unwrap();
    names.unbind(cx, name("one")).await.unwrap();
    assert_eq!(reason(names.unbind(cx, name("one")).await.unwrap_err()).0, MissingNode);
}

#[tokio::test]
async fn names_over_every_protocol() {
    let naming = Naming::in_memory().unwrap();
    let server = start(&naming).await;
    for scheme in ["corbaloc::", "soap+http://", "xmlrpc+http://"] {
        binds_and_finds(&connect(&server, scheme).await).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn long_lists_come_in_pieces() {
    let naming = Naming::in_memory().unwrap();
    let server = start(&naming).await;
    let names = connect(&server, "corbaloc::").await;
    let cx = &Context::new();
    for n in 0..25 {
        names.bind(cx, to_name(&format!("n{n:02}")).unwrap(), object("x")).await.unwrap();
    }
    let (first, rest) = names.list(10).await.unwrap();
    assert_eq!(first.len(), 10);
    let rest = BindingIteratorClient::new(Connection::to(&rest).unwrap());
    let (more, one) = rest.next_one().await.unwrap();
    assert_eq!((more, &*one.binding_name[0].id), (true, "n10"));
    assert!(rest.next_n(0).await.is_err());
    let (more, some) = rest.next_n(100).await.unwrap();
    assert_eq!((more, some.len(), &*some[13].binding_name[0].id), (true, 14, "n24"));
    assert_eq!(rest.next_n(100).await.unwrap(), (false, vec![]));
    assert!(!rest.next_one().await.unwrap().0);
    rest.destroy(cx).await.unwrap();
    assert!(rest.next_one().await.is_err(), "it is gone");
    server.stop().await;
}

#[tokio::test]
async fn names_lead_into_other_servers() {
    let (near, far) = (Naming::in_memory().unwrap(), Naming::in_memory().unwrap());
    let (near_server, far_server) = (start(&near).await, start(&far).await);
    let cx = &Context::new();
    let name = |text: &str| to_name(text).unwrap();
    let names = connect(&near_server, "corbaloc::").await;
    let url = format!("corbaloc::{}/NameService", far_server.address());
    names.bind_context(cx, name("far"), Ref::new(url)).await.unwrap();
    names.bind_new_context(cx, name("far/a")).await.unwrap();
    names.bind(cx, name("far/a/b"), object("6")).await.unwrap();
    assert_eq!(key(&names.resolve(cx, name("far/a/b")).await.unwrap()), "6");
    let there = connect(&far_server, "corbaloc::").await;
    assert_eq!(key(&there.resolve(cx, name("a/b")).await.unwrap()), "6");
    let (why, rest) = reason(names.resolve(cx, name("far/a/none/x")).await.unwrap_err());
    assert_eq!((why, &*rest), (NotFoundReason::MissingNode, "none/x"));
    far_server.stop().await;
    let stuck = names.resolve(cx, name("far/a/b")).await.unwrap_err();
    let CallError::User(NameError::CannotProceed(stuck)) = stuck else { panic!("{stuck}") };
    assert_eq!(stuck.rest_of_name, name("a/b"));
    near_server.stop().await;
}

#[tokio::test]
async fn names_outlive_their_server() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("names");
    let cx = &Context::new();
    let name = |text: &str| to_name(text).unwrap();
    {
        let naming = Naming::open(&file, &NamingOptions::default()).unwrap();
        let server = start(&naming).await;
        let names = connect(&server, "corbaloc::").await;
        names.bind_new_context(cx, name("a")).await.unwrap();
        names.bind(cx, name("a/b"), object("7")).await.unwrap();
        server.stop().await;
    }
    let naming = Naming::open(&file, &NamingOptions::default()).unwrap();
    // at another port: its contexts have moved with it
    let server = start(&naming).await;
    let names = connect(&server, "corbaloc::").await;
    let inside: Ref<NamingContextExtClient> = Ref::from(names.resolve(cx, name("a")).await.unwrap());
    let inside = Names::new(Connection::to(&inside).unwrap());
    assert_eq!(key(&inside.resolve(cx, name("b")).await.unwrap()), "7");
    server.stop().await;
}
