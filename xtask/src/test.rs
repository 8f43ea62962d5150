//! `cargo xtask test`: everything that a change must pass, on a machine that may have none of the
//! peers yet.

use anyhow::{Result, bail};

use crate::artifacts::cargo;
use crate::case::{self, Choice};
use crate::process::must;
use crate::{corpus, interop, peers};

/// What Debian's omniorb-idl installs, which the case corba-events needs too: of each file our verdict
/// must be omniidl's, and the code for it must compile.
const COS_IDL: &str = "/usr/share/idl/omniORB";

/// The task.
pub(crate) fn run(args: &[String]) -> Result<()> {
    if let Some(arg) = args.first() {
        bail!("{arg}: this task takes no argument");
    }
    let cases = case::load(&Choice::Tiers(&[1]))?;
    peers::install(&cases)?;
    must(cargo().args(["test", "--workspace"]))?;
    corpus::run(&[COS_IDL.to_owned()])?;
    interop::run_cases(&cases, None)
}
