//! Which files' code stands in that of another file, so that it need not be compiled twice: files
//! that include one another have most of theirs in common.

use std::collections::{HashMap, HashSet};

use super::table::{Row, Step};

/// For each row whose code all stands in another row's, in the same modules, that other row.
pub(super) fn covered(rows: &[Row]) -> HashMap<usize, usize> {
    let mut items: Vec<(usize, HashSet<String>)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.generated == Step::Whole)
        .map(|(at, row)| (at, row.code.values().flat_map(|text| blocks(text)).collect()))
        .collect();
    // those with most in them first; of equal ones the first stays
    items.sort_by_key(|(at, items)| (std::cmp::Reverse(items.len()), *at));
    let mut kept: Vec<(usize, HashSet<String>)> = Vec::new();
    let mut covered = HashMap::new();
    for (at, own) in items {
        match kept.iter().find(|(_, items)| own.is_subset(items)) {
            Some((by, _)) => {
                covered.insert(at, *by);
            }
            None => kept.push((at, own)),
        }
    }
    covered
}

/// The items of a text as it is laid out, each with the modules that it is in; without imports.
fn blocks(text: &str) -> Vec<String> {
    let mut modules: Vec<(&str, usize)> = Vec::new();
    let mut blocks = vec![String::new()];
    for line in text.lines() {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        if let Some(name) = body.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(" {")) {
            modules.push((name, indent));
            blocks.push(String::new());
        } else if body == "}" && modules.last().is_some_and(|(_, at)| *at == indent) {
            modules.pop();
            blocks.push(String::new());
        } else if body.is_empty() {
            blocks.push(String::new());
        } else if let Some(block) = blocks.last_mut() {
            if block.is_empty() {
                let path: Vec<&str> = modules.iter().map(|(name, _)| *name).collect();
                *block = path.join("::");
            }
            block.push('\n');
            block.push_str(body);
        }
    }
    let is_item = |block: &String| {
        let first = block.lines().nth(1).unwrap_or_default();
        !(first.is_empty()
            || ["//!", "#![", "use ", "/// What `"].iter().any(|start| first.starts_with(start)))
            || block.contains("enum ")
    };
    blocks.retain(is_item);
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Row {
        let code = [("lib.rs".to_owned(), text.to_owned())].into();
        Row { generated: Step::Whole, code, ..Row::default() }
    }

    #[test]
    fn what_stands_in_another_file_is_covered_by_it() {
        let small = "//! a\n\n/// What `m` declares.\npub mod m {\n    use x::A;\n\n    pub struct S;\n}\n";
        let large = "//! b\n\npub mod m {\n    use x::{A, B};\n\n    pub struct S;\n\n    pub struct T;\n}\n";
        let other = "pub mod n {\n    pub struct S;\n}\n";
        let rows = [row(small), row(large), row(other), row(large)];
        assert_eq!(covered(&rows), HashMap::from([(0, 1), (3, 1)]));
    }
}
