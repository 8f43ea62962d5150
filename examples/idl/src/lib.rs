//! A service whose interface is an IDL file: `build.rs` generates the trait, its types and
//! exceptions; here they are served. Clients over any protocol come along.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use farcall::{CallError, Fault};

farcall::include!(
    /// What `idl/warehouse.idl` declares, and what it includes.
    pub mod warehouse
);

use warehouse::units::Quantity;
use warehouse::warehouse::{NotEnough, PartNumbers, Store, TakeError, UnknownPart};

/// A store in memory, which counts pieces.
#[derive(Debug, Default)]
pub struct Shelf {
    parts: Mutex<BTreeMap<String, i32>>,
}

impl Shelf {
    /// A store with those parts.
    pub fn new(parts: impl IntoIterator<Item = (&'static str, i32)>) -> Self {
        let parts = parts.into_iter().map(|(part, amount)| (part.to_owned(), amount));
        Self { parts: Mutex::new(parts.collect()) }
    }
}

fn pieces(amount: i32) -> Quantity {
    Quantity { amount, unit: "pieces".to_owned() }
}

impl Store for Shelf {
    async fn name(&self) -> Result<String, Fault> {
        Ok("shelf".to_owned())
    }

    async fn parts(&self) -> Result<PartNumbers, Fault> {
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(parts.keys().cloned().collect())
    }

    async fn stock(&self, part: String) -> Result<Quantity, CallError<UnknownPart>> {
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let amount = parts.get(&part).ok_or(UnknownPart { which: part })?;
        Ok(pieces(*amount))
    }

    async fn take(&self, part: String, amount: i32) -> Result<(bool, Quantity), CallError<TakeError>> {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(stock) = parts.get_mut(&part) else {
            return Err(TakeError::from(UnknownPart { which: part }).into());
        };
        if amount > *stock {
            return Err(TakeError::from(NotEnough { stock: pieces(*stock) }).into());
        }
        *stock -= amount;
        Ok((*stock > 0, pieces(*stock)))
    }
}
