//! The items of one module as text: [`Writer`].

mod constants;
mod head;
mod interfaces;
mod items;
mod messages;
mod types;
mod values;

use std::collections::BTreeSet;

use crate::Error;
use crate::nodes::Node;
use crate::plan::Plan;

/// Writes the items of a module.
pub(crate) struct Writer<'p, 'a> {
    plan: &'p Plan<'a>,
    module: usize,
    /// What is imported, as paths that begin with a crate.
    imports: BTreeSet<String>,
    out: String,
}

/// The items of a module, without its submodules; empty if it has none.
pub(crate) fn items(plan: &Plan<'_>, module: usize) -> Result<String, Error> {
    let mut writer = Writer { plan, module, imports: BTreeSet::new(), out: String::new() };
    let sources = &plan.sources;
    for (constant, place) in sources.constants.iter().zip(&plan.constants) {
        if place.module == module {
            writer.constant(constant, &place.name)?;
        }
    }
    for (alias, place) in sources.aliases.iter().zip(&plan.aliases) {
        if place.module == module {
            writer.alias(alias, &place.name)?;
        }
    }
    for (id, node) in plan.nodes.all() {
        if plan.places[id.0].module != module {
            continue;
        }
        match node {
            Node::Type(ty) => writer.named(id, ty)?,
            Node::Exception(exception) => writer.exception(id, exception)?,
        }
    }
    for set in plan.sets.iter().filter(|set| set.place.module == module) {
        writer.several(set);
    }
    for (interface, place) in sources.interfaces.iter().zip(&plan.interfaces) {
        if place.module == module {
            writer.interface(interface, &place.name)?;
        }
    }
    Ok(writer.finish())
}

impl Writer<'_, '_> {
    /// A name of the facade, imported unless an item of the module has that name.
    fn facade(&mut self, path: &str) -> String {
        self.outside("farcall", path)
    }

    /// A name of another crate, imported unless an item of the module has that name.
    fn outside(&mut self, of: &str, path: &str) -> String {
        let name = path.rsplit("::").next().unwrap_or(path);
        let here = &self.plan.modules[self.module].types;
        let root = if here.has(of) { format!("::{of}") } else { of.to_owned() };
        if here.has(name) {
            return format!("{root}::{path}");
        }
        self.imports.insert(format!("{root}::{path}"));
        name.to_owned()
    }

    /// A name that needs no import, unless an item of the module has it.
    fn prelude(&self, name: &str, path: &str) -> String {
        let here = &self.plan.modules[self.module].types;
        match (here.has(name), here.has("std")) {
            (false, _) => name.to_owned(),
            (true, false) => path.to_owned(),
            (true, true) => format!("::{path}"),
        }
    }

    /// The items, with what they import before them.
    fn finish(self) -> String {
        let mut text = String::new();
        for root in ["std", "::std", "farcall", "::farcall"] {
            let begin = format!("{root}::");
            let names: Vec<&str> = self.imports.iter().filter_map(|path| path.strip_prefix(&begin)).collect();
            match names.as_slice() {
                [] => {}
                [one] => text += &format!("use {begin}{one};\n"),
                several => text += &format!("use {begin}{{{}}};\n", several.join(", ")),
            }
        }
        text + &self.out
    }
}
