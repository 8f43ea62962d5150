//! XML 1.0 for RPC messages: a namespace-aware, bounded pull [`Reader`] and a checking [`Writer`].
//!
//! The reader works on a `&str`, borrows what it can, never recurses, refuses every DOCTYPE and
//! enforces well-formedness (XML 1.0, fifth edition) and namespaces (Namespaces in XML 1.0) itself.
//! A codec that knows which tag comes next compares bytes at the cursor first
//! ([`Reader::eat_start`], [`Reader::eat_leaf`], [`Reader::eat_end`]) and asks the general
//! [`Reader::next_event`] only when the guess was wrong; both see the same element stack.
//!
//! ```
//! use farcall_xml::{Event, Limits, Reader, decode_document};
//!
//! let text = decode_document(b"<?xml version='1.0'?><m><n>a &amp; b</n></m>", None)?;
//! let mut reader = Reader::new(&text, Limits::default());
//! let Event::Start(root) = reader.next_start_or_end()? else { unreachable!() };
//! assert_eq!(root.local(), "m");
//! let Event::Start(child) = reader.next_start_or_end()? else { unreachable!() };
//! assert_eq!(child.local(), "n");
//! assert_eq!(reader.text_content()?, "a & b");
//! assert_eq!(reader.next_start_or_end()?, Event::End);
//! reader.finish()?;
//! # Ok::<(), farcall_xml::Error>(())
//! ```

mod attributes;
mod chars;
mod declaration;
mod document;
mod error;
mod escape;
mod limits;
mod namespaces;
mod position;
mod reader;
mod references;
#[cfg(feature = "wire")]
pub mod wire;
mod writer;

pub use attributes::{Attribute, Attributes, Start};
pub use chars::{is_name, is_ncname, is_white_space, is_xml_char};
pub use document::decode_document;
pub use error::{Error, ErrorKind, ForbiddenCharacter};
pub use escape::{escape_attribute, escape_text};
pub use limits::Limits;
pub use namespaces::{XML_NAMESPACE, XMLNS_NAMESPACE};
pub use position::{Position, path_at};
pub use reader::{Event, Instruction, Reader};
pub use writer::{WriteError, Writer};
