//! Documentation of other languages as Rust's: nothing in it is taken for code to test.

use std::fmt::Write as _;

/// Documentation attributes, which are laid out as comments.
pub(crate) fn doc(out: &mut String, text: &str) {
    if text.trim().is_empty() {
        return;
    }
    let mut fenced = false;
    for line in text.lines() {
        let line = line.trim_end().replace('\t', " ");
        let body = line.trim_start();
        let line = if body.starts_with("```") {
            fenced = !fenced;
            // whatever the language was, it is not for doc tests
            if fenced { "```text".to_owned() } else { "```".to_owned() }
        } else if fenced {
            line
        } else {
            // four blanks would begin a block of Rust
            let indent = (line.len() - body.len()).min(3);
            " ".repeat(indent) + body
        };
        let gap = if line.is_empty() { "" } else { " " };
        // as an attribute, whose text needs no care for what ends a comment
        let _ = writeln!(out, "#[doc = {:?}]", format!("{gap}{line}"));
    }
    if fenced {
        let _ = writeln!(out, "#[doc = {:?}]", " ```");
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_becomes_a_doc_test() {
        let mut out = String::new();
        super::doc(&mut out, "A list:\n      x = 1\n\n```rust\nfn f() {}\n");
        let lines: Vec<&str> = out.lines().collect();
        let expected = [" A list:", "    x = 1", "", " ```text", " fn f() {}", " ```"];
        assert_eq!(lines, expected.map(|line| format!("#[doc = {line:?}]")));
    }
}
