//! [`Ref`]: a reference to an object of a known interface.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use farcall_model::{ObjectRef, ObjectType, Type};

use crate::{CodecError, Decode, Decoder, Describe, Encode, Encoder, Remote, Written};

/// A reference to an object whose client is `T`: a URL in XML-RPC and JSON, an
/// endpoint reference in SOAP, an IOR in CORBA.
///
/// A nil reference is one without an address; see [`Ref::is_nil`].
///
/// ```
/// use std::sync::LazyLock;
/// use farcall_model::Interface;
/// use farcall_wire::{Ref, Remote};
///
/// struct AccountClient;
///
/// impl Remote for AccountClient {
///     const NAME: &'static str = "Account";
///     const REPOSITORY_ID: Option<&'static str> = None;
///
///     fn interface() -> &'static Interface {
///         static ACCOUNT: LazyLock<Interface> = LazyLock::new(|| Interface::new("Account"));
///         &ACCOUNT
///     }
/// }
///
/// let account: Ref<AccountClient> = Ref::new("http://127.0.0.1:2809/bank/7");
/// assert_eq!(account.object().addresses, ["http://127.0.0.1:2809/bank/7"]);
/// assert!(Ref::<AccountClient>::nil().is_nil());
/// ```
pub struct Ref<T> {
    object: ObjectRef,
    client: PhantomData<fn() -> T>,
}

impl<T: Remote> Ref<T> {
    /// A reference to the object at that URL.
    pub fn new(url: impl Into<String>) -> Self {
        Self::from(ObjectRef::new(T::REPOSITORY_ID.unwrap_or(T::NAME)).with_address(url))
    }

    /// The reference to no object.
    #[must_use]
    pub fn nil() -> Self {
        Self::from(ObjectRef::default())
    }
}

impl<T> Ref<T> {
    /// True if it refers to no object.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.object.is_nil()
    }

    /// The reference without its Rust type.
    #[must_use]
    pub fn object(&self) -> &ObjectRef {
        &self.object
    }
}

/// The address that a protocol over HTTP writes for a reference: its own
/// (`soap+http://…`), without the protocol's name, which others would not
/// understand; else one of HTTP; else the best of another kind.
///
/// ```
/// use farcall_model::ObjectRef;
/// use farcall_wire::http_address;
///
/// let account = ObjectRef::new("Account").with_address("IOR:00").with_address("soap+http://127.0.0.1/bank/7");
/// assert_eq!(http_address(&account, "soap"), Some("http://127.0.0.1/bank/7"));
/// assert_eq!(http_address(&account, "xmlrpc"), Some("IOR:00"));
/// ```
#[must_use]
pub fn http_address<'r>(object: &'r ObjectRef, protocol: &str) -> Option<&'r str> {
    let is_http = |url: &str| url.starts_with("http://") || url.starts_with("https://");
    let own = |url: &'r String| url.strip_prefix(protocol)?.strip_prefix('+').filter(|rest| is_http(rest));
    let addresses = &object.addresses;
    let own = addresses.iter().find_map(own);
    own.or_else(|| addresses.iter().map(String::as_str).find(|url| is_http(url)))
        .or_else(|| addresses.first().map(String::as_str))
}

impl<T> From<ObjectRef> for Ref<T> {
    fn from(object: ObjectRef) -> Self {
        Self { object, client: PhantomData }
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Self::from(self.object.clone())
    }
}

impl<T> PartialEq for Ref<T> {
    fn eq(&self, other: &Self) -> bool {
        self.object == other.object
    }
}

impl<T> Eq for Ref<T> {}

impl<T> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ref").field(&self.object).finish()
    }
}

impl<T: Remote> Ref<T> {
    const TYPE: ObjectType = ObjectType {
        interface: Cow::Borrowed(T::NAME),
        repository_id: match T::REPOSITORY_ID {
            Some(id) => Some(Cow::Borrowed(id)),
            None => None,
        },
    };
}

impl<T: Remote> Describe for Ref<T> {
    const LABEL: crate::Label = crate::Label::new(T::NAME);

    fn describe() -> &'static Type {
        const { &Type::Object(Self::TYPE) }
    }
}

impl<T: Remote> Encode for Ref<T> {
    fn encode<E: Encoder>(&self, out: &mut E) -> Written {
        out.object(&Self::TYPE, &self.object)
    }
}

impl<T: Remote> Decode for Ref<T> {
    fn decode<D: Decoder>(from: &mut D) -> Result<Self, CodecError> {
        from.object(&Self::TYPE).map(Self::from)
    }
}
