//! farcall's own server and codec: one subject of [`crate::subjects`], one list of [`crate::codec`].
//!
//! To measure them: `SUBJECT` becomes `Some`, with its server started in `main::serve`, and
//! [`codecs`] lists the decode and encode of the two large responses, as `dxr_peer` does.

use anyhow::Result;

use crate::codec::Codec;
use crate::subjects::Subject;

/// The server, once there is one to start.
pub(crate) const SUBJECT: Option<Subject> = None;

/// Response document to typed value and back.
pub(crate) fn codecs() -> Result<Vec<Codec>> {
    Ok(Vec::new())
}
