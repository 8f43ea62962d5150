//! What is left of a list, handed out piece by piece.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use farcall::{Context, Fault, FaultKind, ObjectAdapter, Ref};

use super::interface::{
    Binding, BindingIterator, BindingIteratorClient, BindingIteratorService, BindingType,
};

/// Iterators that are open at once; callers tend to forget them, so that the oldest goes first.
const MOST: usize = 256;

/// The iterators of a server.
#[derive(Clone)]
pub(super) struct Iterators {
    pub(super) adapter: ObjectAdapter,
    open: Arc<Mutex<VecDeque<Vec<u8>>>>,
}

impl Iterators {
    pub(super) fn new(name: &str) -> Self {
        Self { adapter: ObjectAdapter::new(name), open: Arc::default() }
    }

    /// An iterator over these.
    pub(super) fn open(&self, rest: Vec<Binding>) -> Result<Ref<BindingIteratorClient>, Fault> {
        let one = Rest { rest: Mutex::new(rest.into_iter().collect()), iterators: self.clone() };
        let reference = self.adapter.activate(BindingIteratorService::new(one))?;
        if let Some(id) = self.adapter.id_of(reference.object()) {
            let oldest = {
                let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
                open.push_back(id);
                if open.len() > MOST { open.pop_front() } else { None }
            };
            if let Some(oldest) = oldest {
                // the calls that it has may end by themselves
                drop(self.adapter.deactivate(oldest));
            }
        }
        Ok(reference)
    }

    fn close(&self, id: &[u8]) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|open| open != id);
        // not waited for: the call that asks for it is one of those that run
        drop(self.adapter.deactivate(id));
    }
}

struct Rest {
    rest: Mutex<VecDeque<Binding>>,
    iterators: Iterators,
}

impl Rest {
    fn take(&self, most: usize) -> Vec<Binding> {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        let most = most.min(rest.len());
        rest.drain(..most).collect()
    }
}

impl BindingIterator for Rest {
    async fn next_one(&self) -> Result<(bool, Binding), Fault> {
        let none = || Binding { binding_name: Vec::new(), binding_type: BindingType::Object };
        let next = self.take(1).pop();
        Ok((next.is_some(), next.unwrap_or_else(none)))
    }

    async fn next_n(&self, how_many: u32) -> Result<(bool, Vec<Binding>), Fault> {
        if how_many == 0 {
            return Err(Fault::new(FaultKind::InvalidParameters, "how_many: ask for at least one"));
        }
        let next = self.take(how_many as usize);
        Ok((!next.is_empty(), next))
    }

    async fn destroy(&self, cx: &Context) -> Result<(), Fault> {
        if let Some(id) = cx.object_id() {
            self.iterators.close(id);
        }
        Ok(())
    }
}
