//! `strings`: a handful of text functions, one of them under a dotted name.
//!
//! ```
//! use farcall_builtin::{Strings, Text};
//!
//! let text = farcall::block_on(Text.reverse("farcall".to_owned()))?;
//! assert_eq!(text, "llacraf");
//! # Ok::<(), farcall::Fault>(())
//! ```

use farcall::{Fault, service};

/// Text functions; characters are Unicode scalar values.
#[service(name = "Strings", scope = "farcall")]
pub trait Strings {
    /// The characters in the opposite order.
    async fn reverse(&self, s: String) -> Result<String, Fault>;

    /// In capitals.
    async fn upper(&self, s: String) -> Result<String, Fault>;

    /// In small letters.
    async fn lower(&self, s: String) -> Result<String, Fault>;

    /// The parts in order, with the separator between them.
    async fn join(&self, parts: Vec<String>, separator: String) -> Result<String, Fault>;

    /// The pieces between separators; an empty separator gives the characters.
    async fn split(&self, s: String, separator: String) -> Result<Vec<String>, Fault>;

    /// How many characters there are.
    async fn length(&self, s: String) -> Result<i32, Fault>;

    /// How many words there are between white space.
    #[op(name = "text.word_count")]
    async fn word_count(&self, s: String) -> Result<i32, Fault>;
}

/// The text functions.
#[derive(Clone, Copy, Debug)]
pub struct Text;

/// A count of something that fits into a message.
fn count(items: usize) -> Result<i32, Fault> {
    i32::try_from(items).map_err(|_| Fault::application(1, format!("{items} is more than an int holds")))
}

impl Strings for Text {
    async fn reverse(&self, s: String) -> Result<String, Fault> {
        Ok(s.chars().rev().collect())
    }

    async fn upper(&self, s: String) -> Result<String, Fault> {
        Ok(s.to_uppercase())
    }

    async fn lower(&self, s: String) -> Result<String, Fault> {
        Ok(s.to_lowercase())
    }

    async fn join(&self, parts: Vec<String>, separator: String) -> Result<String, Fault> {
        Ok(parts.join(&separator))
    }

    async fn split(&self, s: String, separator: String) -> Result<Vec<String>, Fault> {
        if separator.is_empty() {
            return Ok(s.chars().map(String::from).collect());
        }
        Ok(s.split(&separator).map(str::to_owned).collect())
    }

    async fn length(&self, s: String) -> Result<i32, Fault> {
        count(s.chars().count())
    }

    async fn word_count(&self, s: String) -> Result<i32, Fault> {
        count(s.split_whitespace().count())
    }
}
