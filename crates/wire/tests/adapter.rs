//! Objects made at run time: who is called, when, and when not.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use farcall_wire::adapter::{Adapter, AdapterOptions, Concurrency, Locator, ManagerState};
use farcall_wire::{BoxFuture, Fault, FaultKind};
use tokio::time::{sleep, timeout};

const SOON: Duration = Duration::from_millis(30);

async fn kind(adapter: &Adapter<u32>, key: &[u8]) -> FaultKind {
    adapter.enter(key).await.unwrap_err().kind()
}

#[tokio::test]
async fn objects_come_and_go() {
    let adapter = Adapter::new("a/b");
    let id = adapter.activate_object(7).unwrap();
    adapter.activate_object_with_id("two", 2).unwrap();
    assert_ne!(adapter.activate_object(8).unwrap(), id);
    let again = adapter.activate_object_with_id("two", 3).unwrap_err();
    assert_eq!(again.kind(), FaultKind::InvalidParameters);
    let key = adapter.key(&id);
    assert_eq!(*adapter.enter(&key).await.unwrap().servant(), 7);
    assert_eq!(adapter.id(&key), Some(&*id));
    assert!(adapter.knows(&key) && adapter.servant(b"two") == Some(2));
    assert!(adapter.deactivate_object(&id).await);
    assert!(!adapter.deactivate_object(&id).await);
    assert!(!adapter.knows(&key));
    assert_eq!(kind(&adapter, &key).await, FaultKind::UnknownObject);
    assert_eq!(adapter.len(), 2);
    adapter.destroy().await;
    assert!(adapter.is_empty() && adapter.activate_object(1).is_err());
    assert_eq!(kind(&adapter, &adapter.key(b"two")).await, FaultKind::UnknownObject);
}

#[tokio::test]
async fn transient_keys_cannot_be_guessed_and_persistent_ones_can() {
    let (first, second) = (Adapter::new("x"), Adapter::new("x"));
    first.activate_object_with_id("1", 1).unwrap();
    second.activate_object_with_id("1", 1).unwrap();
    for wrong in [&second.key(b"1")[..], b"x/1", b"x", b"x/", b"y/1", b""] {
        assert_eq!(kind(&first, wrong).await, FaultKind::UnknownObject);
    }
    let stable = Adapter::with_options("x", AdapterOptions::default().persistent());
    stable.activate_object_with_id(b"1/\xff", 1).unwrap();
    assert_eq!(*stable.enter(b"x/1/\xff").await.unwrap().servant(), 1);
    assert_eq!(kind(&stable, b"x1/\xff").await, FaultKind::UnknownObject);
}

#[tokio::test]
async fn deactivation_waits_for_calls_that_run() {
    let adapter = Adapter::new("x");
    adapter.activate_object_with_id("1", 1).unwrap();
    let key = adapter.key(b"1");
    let running = adapter.enter(&key).await.unwrap();
    let mut gone = Box::pin(adapter.deactivate_object(b"1"));
    assert!(timeout(SOON, &mut gone).await.is_err(), "a call runs");
    assert_eq!(kind(&adapter, &key).await, FaultKind::UnknownObject);
    assert!(adapter.activate_object_with_id("1", 2).is_err(), "it has not gone yet");
    drop(running);
    assert!(gone.await);
    adapter.activate_object_with_id("1", 2).unwrap();
    assert_eq!(*adapter.enter(&key).await.unwrap().servant(), 2);
}

#[tokio::test]
async fn requests_are_held_and_discarded() {
    let adapter = Adapter::new("x");
    adapter.activate_object_with_id("1", 1).unwrap();
    let key = adapter.key(b"1");
    adapter.discard_requests();
    assert_eq!(kind(&adapter, &key).await, FaultKind::Overloaded);
    adapter.hold_requests();
    let mut held = Box::pin(adapter.enter(&key));
    assert!(timeout(SOON, &mut held).await.is_err());
    adapter.resume_requests();
    assert_eq!(*held.await.unwrap().servant(), 1);
    assert_eq!(adapter.state(), ManagerState::Active);
}

#[tokio::test]
async fn calls_of_one_object_run_as_many_at_once_as_are_said() {
    for (concurrency, at_once) in
        [(Concurrency::Serial, 1), (Concurrency::Bounded(3), 3), (Concurrency::Parallel, 8)]
    {
        let adapter = Adapter::with_options("x", AdapterOptions::default().with_concurrency(concurrency));
        adapter.activate_object_with_id("1", 1).unwrap();
        adapter.activate_object_with_id("2", 1).unwrap();
        let key = adapter.key(b"1");
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let calls = (0..8).map(|_| {
            let (adapter, key) = (adapter.clone(), key.clone());
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            tokio::spawn(async move {
                let _call = adapter.enter(&key).await.unwrap();
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                sleep(SOON / 3).await;
                running.fetch_sub(1, Ordering::SeqCst);
            })
        });
        let calls: Vec<_> = calls.collect();
        // another object does not wait for this one
        timeout(SOON, adapter.enter(&adapter.key(b"2"))).await.unwrap().unwrap();
        for call in calls {
            call.await.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), at_once, "{concurrency:?}");
        // a call that is given up while it waits leaves no trace
        let first = adapter.enter(&key).await.unwrap();
        assert_eq!(timeout(SOON, adapter.enter(&key)).await.is_err(), at_once == 1);
        drop(first);
        assert!(timeout(SOON, adapter.deactivate_object(b"1")).await.unwrap());
    }
}

#[tokio::test]
async fn a_default_servant_stands_in_for_all() {
    let adapter = Adapter::with_options("x", AdapterOptions::default().persistent());
    adapter.activate_object_with_id("1", 1).unwrap();
    adapter.set_default_servant(99);
    assert_eq!(*adapter.enter(b"x/1").await.unwrap().servant(), 1);
    let other = adapter.enter(b"x/whatever").await.unwrap();
    assert_eq!((*other.servant(), &**other.id()), (99, &b"whatever"[..]));
    assert!(adapter.knows(b"x/whatever"));
}

/// Finds numbers, slowly.
#[derive(Default)]
struct Numbers {
    asked: AtomicUsize,
    gone: Mutex<Vec<u32>>,
}

impl Locator<u32> for Numbers {
    fn incarnate<'a>(&'a self, id: &'a [u8]) -> BoxFuture<'a, Result<Option<u32>, Fault>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            sleep(SOON / 3).await;
            match str::from_utf8(id).unwrap() {
                "broken" => Err(Fault::new(FaultKind::Internal, "the disk is")),
                id => Ok(id.parse().ok()),
            }
        })
    }

    fn etherealize(&self, _id: &[u8], servant: &u32) {
        self.gone.lock().unwrap().push(*servant);
    }
}

#[tokio::test]
async fn a_locator_is_asked_once_and_what_was_not_called_long_is_let_go() {
    let numbers = Arc::new(Numbers::default());
    let options = AdapterOptions::default().persistent().with_retain(2);
    let adapter = Adapter::with_options("n", options);
    adapter.set_locator(Arc::clone(&numbers));
    let calls: Vec<_> = (0..5)
        .map(|_| {
            let adapter = adapter.clone();
            tokio::spawn(async move { *adapter.enter(b"n/1").await.unwrap().servant() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 1);
    }
    assert_eq!(numbers.asked.load(Ordering::SeqCst), 1, "once for all that came meanwhile");
    assert_eq!(kind(&adapter, b"n/none").await, FaultKind::UnknownObject);
    assert_eq!(kind(&adapter, b"n/broken").await, FaultKind::Internal);
    adapter.enter(b"n/2").await.unwrap();
    adapter.enter(b"n/1").await.unwrap();
    adapter.enter(b"n/3").await.unwrap();
    assert_eq!(*numbers.gone.lock().unwrap(), [2], "the one whose last call is longest ago");
    assert_eq!(adapter.len(), 2);
    // what runs is not let go, however many there are
    let (one, _three) = (adapter.enter(b"n/1").await.unwrap(), adapter.enter(b"n/3").await.unwrap());
    let four = adapter.enter(b"n/4").await.unwrap();
    assert_eq!(adapter.len(), 3);
    drop(four);
    assert_eq!(numbers.gone.lock().unwrap()[1..], [4]);
    // a call that is given up while the locator looks leaves no trace
    assert!(timeout(Duration::from_millis(1), adapter.enter(b"n/5")).await.is_err());
    assert_eq!(adapter.len(), 2);
    assert_eq!(*adapter.enter(b"n/5").await.unwrap().servant(), 5);
    // who calls an object that is leaving gets its successor
    let asked = numbers.asked.load(Ordering::SeqCst);
    let gone = adapter.deactivate_object(b"1");
    let mut next = Box::pin(adapter.enter(b"n/1"));
    assert!(timeout(SOON, &mut next).await.is_err());
    drop(one);
    assert!(gone.await);
    assert_eq!((*next.await.unwrap().servant(), numbers.asked.load(Ordering::SeqCst)), (1, asked + 1));
}

#[tokio::test]
async fn there_are_no_more_objects_than_are_allowed() {
    let adapter = Adapter::with_options("x", AdapterOptions::default().with_objects(2));
    adapter.activate_object(1).unwrap();
    adapter.activate_object(2).unwrap();
    let fault = adapter.activate_object(3).unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Limit);
    assert!(fault.message().contains("limit objects"), "{fault}");
}
