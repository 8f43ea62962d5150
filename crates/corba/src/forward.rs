//! [`Forward`]: an object is called elsewhere (LOCATION_FORWARD; CORBA 3.3 part 2, §9.4.3.2).
//!
//! ```
//! use farcall_corba::{Forward, Ior};
//! use farcall_wire::Fault;
//!
//! // from an operation, a locator of an adapter, or an interceptor
//! fn elsewhere() -> Result<(), Fault> {
//!     let there: Ior = "corbaloc::second.example.org:2809/bank".parse().unwrap();
//!     Err(Forward::to(there).into())
//! }
//! # assert!(elsewhere().is_err());
//! ```

use farcall_model::{ObjectRef, ObjectType, Text};
use farcall_wire::{CodecError, Fault, FaultKind};

use crate::ior::{self, Ior};

/// Where an object is called instead: as the source of a [`Fault`] it has clients make their call
/// there, and they do so without the caller's seeing anything of it. Over other protocols than CORBA
/// it is a fault that names the place.
///
/// An operation that has done something must not answer with it, for the call is made again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the object is called elsewhere, at {ior}")]
pub struct Forward {
    pub(crate) ior: Ior,
    pub(crate) is_permanent: bool,
}

impl Forward {
    /// To the object of that reference, this time: clients come back here if they lose it. One to the
    /// nil reference says that there is no object.
    #[must_use]
    pub fn to(ior: Ior) -> Self {
        Self { ior, is_permanent: false }
    }

    /// To that object, at the addresses that CORBA knows of.
    ///
    /// # Errors
    /// If one of its addresses is a malformed IOR or `corbaloc:`.
    pub fn to_object(object: &ObjectRef) -> Result<Self, CodecError> {
        let any = ObjectType { interface: Text::Borrowed("Object"), repository_id: None };
        Ok(Self::to(ior::of_object(&any, object)?))
    }

    /// For good: clients of GIOP 1.2 may forget the reference that they had.
    #[must_use]
    pub fn permanently(mut self) -> Self {
        self.is_permanent = true;
        self
    }

    /// The reference.
    #[must_use]
    pub fn ior(&self) -> &Ior {
        &self.ior
    }

    /// The one that a fault is.
    #[must_use]
    pub fn of(fault: &Fault) -> Option<&Self> {
        let forward: &Self = std::error::Error::source(fault)?.downcast_ref()?;
        (!forward.ior.is_nil()).then_some(forward)
    }
}

impl From<Forward> for Fault {
    fn from(forward: Forward) -> Self {
        if forward.ior.is_nil() {
            return Self::new(FaultKind::UnknownObject, "the object is nowhere any more");
        }
        Self::new(FaultKind::UnknownObject, forward.to_string()).with_source(forward)
    }
}
