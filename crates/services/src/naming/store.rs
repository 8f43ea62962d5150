//! Where bindings are kept: one table of contexts and one of what is bound in
//! them. Every change is one transaction that is on the disk before its call is
//! answered, so that nothing is lost however the process ends.

use std::path::Path;

use farcall::{Fault, FaultKind, ObjectRef};
use redb::backends::InMemoryBackend;
use redb::{
    Database, ReadableDatabase as _, ReadableTable as _, ReadableTableMetadata as _, TableDefinition,
};

use super::interface::NameComponent;

/// The ids of contexts.
const CONTEXTS: TableDefinition<'_, &str, ()> = TableDefinition::new("contexts");

/// From context, identifier and kind to: is it a context, the repository id, the addresses apart by
/// newlines.
const BINDINGS: TableDefinition<'_, (&str, &str, &str), (bool, &str, &str)> =
    TableDefinition::new("bindings");

/// The id of the context that is always there.
pub(super) const ROOT: &str = "";

/// Bindings cannot be read or kept.
#[derive(Debug, thiserror::Error)]
#[error("the names in {place} cannot be used: {reason}")]
pub struct StoreError {
    place: String,
    reason: redb::Error,
}

/// What is bound to a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) is_context: bool,
    pub(super) object: ObjectRef,
}

/// What a change came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    Done,
    /// There is no such context.
    Gone,
    /// Nothing is bound to the name, or something in the context.
    Refused,
    /// It is bound to a context where an object is to be, or the other way.
    OtherType,
    /// So many are bound already.
    Full,
}

/// Bindings, in a file or in memory.
pub(super) struct Store {
    database: Database,
    most: u64,
}

impl Store {
    /// Opens or makes a file; at most so many names are bound in it.
    pub(super) fn open(path: &Path, most: u64) -> Result<Self, StoreError> {
        let fail = |e: redb::Error| StoreError { place: path.display().to_string(), reason: e };
        let database = Database::create(path).map_err(|e| fail(e.into()))?;
        Self::with(database, most).map_err(fail)
    }

    /// Keeps bindings until the end of the process.
    pub(super) fn in_memory(most: u64) -> Result<Self, StoreError> {
        let fail = |e: redb::Error| StoreError { place: "memory".to_owned(), reason: e };
        let backend = InMemoryBackend::new();
        let database = Database::builder().create_with_backend(backend).map_err(|e| fail(e.into()))?;
        Self::with(database, most).map_err(fail)
    }

    fn with(database: Database, most: u64) -> Result<Self, redb::Error> {
        let transaction = database.begin_write()?;
        transaction.open_table(CONTEXTS)?.insert(ROOT, ())?;
        transaction.open_table(BINDINGS)?;
        transaction.commit()?;
        Ok(Self { database, most })
    }

    /// True if there is such a context.
    pub(super) fn exists(&self, context: &str) -> Result<bool, Fault> {
        let found = || -> Result<bool, redb::Error> {
            let contexts = self.database.begin_read()?.open_table(CONTEXTS)?;
            Ok(contexts.get(context)?.is_some())
        };
        found().map_err(fault)
    }

    /// What is bound to a name in a context.
    pub(super) fn find(&self, context: &str, name: &NameComponent) -> Result<Option<Bound>, Fault> {
        let found = || -> Result<Option<Bound>, redb::Error> {
            let bindings = self.database.begin_read()?.open_table(BINDINGS)?;
            let found = bindings.get((context, &*name.id, &*name.kind))?;
            Ok(found.map(|found| read(found.value())))
        };
        found().map_err(fault)
    }

    /// The names in a context, and whether each is bound to a context.
    pub(super) fn list(&self, context: &str) -> Result<Vec<(NameComponent, bool)>, Fault> {
        let listed = || -> Result<Vec<(NameComponent, bool)>, redb::Error> {
            let bindings = self.database.begin_read()?.open_table(BINDINGS)?;
            let mut names = Vec::new();
            for entry in bindings.range((context, "", "")..)? {
                let (key, value) = entry?;
                let (owner, id, kind) = key.value();
                if owner != context {
                    break;
                }
                names.push((NameComponent { id: id.to_owned(), kind: kind.to_owned() }, value.value().0));
            }
            Ok(names)
        };
        listed().map_err(fault)
    }

    /// Binds a name; in the place of what is bound to it if `replace`.
    pub(super) fn bind(
        &self,
        context: &str,
        name: &NameComponent,
        bound: &Bound,
        replace: bool,
    ) -> Result<Change, Fault> {
        self.change(|contexts, bindings| {
            if contexts.get(context)?.is_none() {
                return Ok(Change::Gone);
            }
            let key = (context, &*name.id, &*name.kind);
            let old = bindings.get(key)?.map(|old| old.value().0);
            match old {
                Some(_) if !replace => return Ok(Change::Refused),
                Some(was_context) if was_context != bound.is_context => return Ok(Change::OtherType),
                None if bindings.len()? >= self.most => return Ok(Change::Full),
                _ => {}
            }
            let addresses = bound.object.addresses.join("\n");
            bindings.insert(key, (bound.is_context, &*bound.object.interface, &*addresses))?;
            Ok(Change::Done)
        })
    }

    /// Forgets a name.
    pub(super) fn unbind(&self, context: &str, name: &NameComponent) -> Result<Change, Fault> {
        self.change(|_, bindings| {
            let old = bindings.remove((context, &*name.id, &*name.kind))?;
            Ok(if old.is_some() { Change::Done } else { Change::Refused })
        })
    }

    /// Makes a context of that id, and binds it if a place is given.
    pub(super) fn make(
        &self,
        id: &str,
        place: Option<(&str, &NameComponent)>,
        object: &ObjectRef,
    ) -> Result<Change, Fault> {
        self.change(|contexts, bindings| {
            if contexts.len()? >= self.most || bindings.len()? >= self.most {
                return Ok(Change::Full);
            }
            if let Some((context, name)) = place {
                if contexts.get(context)?.is_none() {
                    return Ok(Change::Gone);
                }
                let key = (context, &*name.id, &*name.kind);
                if bindings.get(key)?.is_some() {
                    return Ok(Change::Refused);
                }
                bindings.insert(key, (true, &*object.interface, &*object.addresses.join("\n")))?;
            }
            contexts.insert(id, ())?;
            Ok(Change::Done)
        })
    }

    /// Ends a context in which nothing is bound.
    pub(super) fn destroy(&self, context: &str) -> Result<Change, Fault> {
        self.change(|contexts, bindings| {
            let first = bindings.range((context, "", "")..)?.next().transpose()?;
            if first.is_some_and(|(key, _)| key.value().0 == context) {
                return Ok(Change::Refused);
            }
            Ok(if contexts.remove(context)?.is_some() { Change::Done } else { Change::Gone })
        })
    }

    /// One transaction, kept only if it came to something.
    fn change(
        &self,
        change: impl FnOnce(&mut Contexts<'_>, &mut Bindings<'_>) -> Result<Change, redb::Error>,
    ) -> Result<Change, Fault> {
        let run = || -> Result<Change, redb::Error> {
            let transaction = self.database.begin_write()?;
            let done = {
                let mut contexts = transaction.open_table(CONTEXTS)?;
                let mut bindings = transaction.open_table(BINDINGS)?;
                change(&mut contexts, &mut bindings)?
            };
            match done {
                Change::Done => transaction.commit()?,
                _ => transaction.abort()?,
            }
            Ok(done)
        };
        run().map_err(fault)
    }
}

type Contexts<'t> = redb::Table<'t, &'static str, ()>;
type Bindings<'t> =
    redb::Table<'t, (&'static str, &'static str, &'static str), (bool, &'static str, &'static str)>;

fn read((is_context, interface, addresses): (bool, &str, &str)) -> Bound {
    let addresses = addresses.lines().map(str::to_owned).collect();
    Bound { is_context, object: ObjectRef { interface: interface.to_owned(), addresses } }
}

#[cold]
fn fault(error: redb::Error) -> Fault {
    Fault::new(FaultKind::Internal, format!("names cannot be read or kept: {error}")).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(id: &str) -> NameComponent {
        NameComponent { id: id.to_owned(), kind: String::new() }
    }

    fn bound(is_context: bool, url: &str) -> Bound {
        Bound { is_context, object: ObjectRef::new("IDL:X:1.0").with_address(url) }
    }

    #[test]
    fn what_is_bound_stays() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("names");
        let store = Store::open(&file, 3).unwrap();
        let object = bound(false, "corbaloc::h/x");
        assert_eq!(store.bind(ROOT, &name("a"), &object, false).unwrap(), Change::Done);
        assert_eq!(store.bind(ROOT, &name("a"), &object, false).unwrap(), Change::Refused);
        assert_eq!(store.bind(ROOT, &name("a"), &bound(true, "x"), true).unwrap(), Change::OtherType);
        assert_eq!(store.bind("no", &name("a"), &object, false).unwrap(), Change::Gone);
        let context = bound(true, "corbaloc::h/c").object;
        assert_eq!(store.make("1", Some((ROOT, &name("c"))), &context).unwrap(), Change::Done);
        assert_eq!(store.bind("1", &name("b"), &object, false).unwrap(), Change::Done);
        assert_eq!(store.bind("1", &name("d"), &object, false).unwrap(), Change::Full);
        assert_eq!(store.destroy("1").unwrap(), Change::Refused);
        assert!(
            Store::open(&file, 3).err().is_some_and(|e| e.to_string().contains("names")),
            "one process at a time"
        );
        drop(store);
        let store = Store::open(&file, 3).unwrap();
        assert_eq!(store.find(ROOT, &name("a")).unwrap(), Some(object));
        assert_eq!(store.list(ROOT).unwrap(), [(name("a"), false), (name("c"), true)]);
        assert_eq!(store.unbind("1", &name("b")).unwrap(), Change::Done);
        assert_eq!(store.unbind("1", &name("b")).unwrap(), Change::Refused);
        assert_eq!(store.destroy("1").unwrap(), Change::Done);
        assert!(!store.exists("1").unwrap() && store.exists(ROOT).unwrap());
    }
}
