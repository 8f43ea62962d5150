//! `RESULTS.md`: a part for each bench, under a first-degree heading, each recorded by itself.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Where results are kept.
pub(crate) fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Writes a part of `RESULTS.md`: in the place of the one whose heading begins with the same three
/// words (`# Measured: CORBA`), or after all others.
pub(crate) fn put(part: &str) -> Result<()> {
    let path = folder().join("RESULTS.md");
    let page = match fs::read_to_string(&path) {
        Ok(page) => page,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    fs::write(&path, replaced(&page, part)).with_context(|| format!("writing {}", path.display()))
}

fn replaced(page: &str, part: &str) -> String {
    let subject = |part: &str| {
        let heading = part.lines().next().unwrap_or_default();
        heading.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
    };
    // "\n# " is not in a table, and nothing here writes code blocks
    let mut parts: Vec<String> =
        format!("\n{page}").split("\n# ").skip(1).map(|part| format!("# {}\n", part.trim_end())).collect();
    let new = format!("{}\n", part.trim_end());
    match parts.iter_mut().find(|old| subject(old) == subject(part)) {
        Some(old) => *old = new,
        None => parts.push(new),
    }
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_takes_the_place_of_its_own_kind_alone() {
        let page = "# Measured: XML-RPC beside a\n\n1\n\n## Sub\n\n# Measured: CORBA beside b\n\n2\n";
        assert_eq!(
            replaced(page, "# Measured: XML-RPC beside c\n\n3\n"),
            "# Measured: XML-RPC beside c\n\n3\n\n# Measured: CORBA beside b\n\n2\n"
        );
        let grown = replaced(page, "# Measured: SOAP beside d\n");
        assert_eq!(grown, format!("{page}\n# Measured: SOAP beside d\n"));
        assert_eq!(replaced("", "# A\n"), "# A\n");
    }
}
