//! Value types in CDR: absent, shared, cyclic, chunked and truncated values
//! (CORBA 3.3 part 2, §9.3.4).

mod read;
mod write;

pub(super) use read::Values as ReadValues;
pub(super) use write::Values as WrittenValues;

/// The tag of a value that is not there.
const NULL: u32 = 0;
/// In the place of a tag, an id or a list of ids: it stands elsewhere, at that offset.
const INDIRECTION: u32 = u32::MAX;
/// The tag of a value; the lowest bits say what comes with it.
const VALUE: u32 = 0x7fff_ff00;
const VALUE_LAST: u32 = 0x7fff_ffff;

/// The bits of a value's tag.
mod flag {
    /// A URL of code comes first.
    pub(super) const CODEBASE: u32 = 1;
    /// One repository id comes.
    pub(super) const ID: u32 = 2;
    /// A list of repository ids comes.
    pub(super) const IDS: u32 = 6;
    /// The state comes in chunks.
    pub(super) const CHUNKED: u32 = 8;
}
