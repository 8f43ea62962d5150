//! What a reader will take from one document before it refuses.

/// Bounds that a [`Reader`](crate::Reader) keeps; each is named in the error that it raises.
///
/// The size of a document is bounded by whoever read it into memory: the reader itself allocates
/// only for open elements, namespace bindings, and text that holds references.
///
/// ```
/// use farcall_xml::{ErrorKind, Limits, Reader};
///
/// let mut reader = Reader::new("<a><b><c/></b></a>", Limits::default().depth(2));
/// reader.next_event().unwrap();
/// reader.next_event().unwrap();
/// let refused = reader.next_event().unwrap_err();
/// assert!(matches!(refused.kind(), ErrorKind::Limit { name: "depth", limit: 2 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Elements open at once; 128 unless set.
    pub depth: usize,
    /// Attributes, namespace declarations included, of one element; 256 unless set.
    pub attributes: usize,
    /// Elements in the document; 4,000,000 unless set.
    pub elements: usize,
    /// Namespace bindings in scope at once; 256 unless set.
    pub namespaces: usize,
    /// Bytes in a name (of an element, attribute, instruction or entity); 1024 unless set.
    pub name_length: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, attributes: 256, elements: 4_000_000, namespaces: 256, name_length: 1024 }
    }
}

impl Limits {
    /// No limit but memory: for documents of one's own, such as the re-reading in
    /// [`path_at`](crate::path_at).
    #[must_use]
    pub const fn none() -> Self {
        Self {
            depth: usize::MAX,
            attributes: usize::MAX,
            elements: usize::MAX,
            namespaces: usize::MAX,
            name_length: usize::MAX,
        }
    }

    /// Sets how many elements may be open at once.
    #[must_use]
    pub const fn depth(mut self, elements: usize) -> Self {
        self.depth = elements;
        self
    }

    /// Sets how many attributes an element may have.
    #[must_use]
    pub const fn attributes(mut self, count: usize) -> Self {
        self.attributes = count;
        self
    }

    /// Sets how many elements a document may have.
    #[must_use]
    pub const fn elements(mut self, count: usize) -> Self {
        self.elements = count;
        self
    }

    /// Sets how many namespace bindings may be in scope at once.
    #[must_use]
    pub const fn namespaces(mut self, count: usize) -> Self {
        self.namespaces = count;
        self
    }

    /// Sets how many bytes a name may have.
    #[must_use]
    pub const fn name_length(mut self, bytes: usize) -> Self {
        self.name_length = bytes;
        self
    }
}
