//! [`Options`]: where XML-RPC leaves a choice, which one is made.
//!
//! ```
//! use farcall_xmlrpc::{Nil, Options};
//!
//! let strict = Options { nil: Nil::Refuse, ..Options::default() };
//! assert_eq!(strict.nil, Nil::Refuse);
//! ```

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// How the absence of a value is written; `nil` and `ex:nil` are always read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nil {
    /// As `<nil/>`, which most stacks read; in the reply to a request that declares the namespace of Apache's
    /// extensions, as `<ex:nil/>`, for Apache's client reads no other.
    #[default]
    Write,
    /// As `<ex:nil/>`, in the namespace of Apache's extensions.
    Apache,
    /// Not at all: an error names the field. An optional member of a struct is left out all the same.
    Refuse,
}

/// How integers that need more than 32 bits are written; `i8` and `ex:i8` are always read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wide {
    /// As `<i8>`; in the reply to a request that declares the namespace of Apache's extensions, as `<ex:i8>`.
    #[default]
    Write,
    /// As `<ex:i8>`, in the namespace of Apache's extensions.
    Apache,
    /// Not at all: an error names the field.
    Refuse,
}

/// Where the members of a typed exception go, as a fault has but a number and a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// As JSON at the end of `faultString`, after the exception's name.
    #[default]
    Tail,
    /// As a third member of the fault, `detail`: outside of the specification, and cleaner where the peer takes it.
    Member,
    /// Nowhere.
    Omit,
}

/// The choices that XML-RPC leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How the absence of a value is written.
    pub nil: Nil,
    /// How wide integers are written.
    pub wide: Wide,
    /// Where the members of a typed exception go.
    pub detail: Detail,
    /// True to refuse members that a struct's type does not have; false to pass over them.
    pub refuse_unknown_members: bool,
}

/// The namespace of Apache's extensions.
pub(crate) const EXTENSIONS: &str = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/// How far into a request Apache's declaration is looked for: it is on the root element.
const ROOT: usize = 256;

impl Options {
    /// Whether something may be written in Apache's namespace.
    pub(crate) fn writes_extensions(self) -> bool {
        self.nil == Nil::Apache || self.wide == Wide::Apache
    }

    /// The options of the reply to a request: in the dialect in which its caller speaks.
    pub(crate) fn answering(mut self, request: &str) -> Self {
        static SPOKEN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(EXTENSIONS));
        let root = &request.as_bytes()[..request.len().min(ROOT)];
        if SPOKEN.find(root).is_some() {
            if self.nil == Nil::Write {
                self.nil = Nil::Apache;
            }
            if self.wide == Wide::Write {
                self.wide = Wide::Apache;
            }
        }
        self
    }
}
