//! Results of checks in the Test Anything Protocol, as the interop harness reads them.

use std::fmt::Debug;

/// Counts checks and prints a line for each.
#[derive(Debug, Default)]
pub(crate) struct Tap {
    checks: usize,
    failed: usize,
}

impl Tap {
    /// One check: what was got must be what was wanted.
    pub(crate) fn equal<T: PartialEq + Debug>(&mut self, name: &str, got: T, wanted: T) {
        self.checks += 1;
        if got == wanted {
            println!("ok {} - {name}", self.checks);
        } else {
            self.failed += 1;
            println!("not ok {} - {name}\n# got    {got:?}\n# wanted {wanted:?}", self.checks);
        }
    }

    /// Prints the plan.
    ///
    /// # Errors
    /// If a check failed.
    pub(crate) fn finish(self) -> Result<(), Box<dyn std::error::Error>> {
        println!("1..{}", self.checks);
        if self.failed == 0 { Ok(()) } else { Err(format!("{} checks failed", self.failed).into()) }
    }
}
