//! The interface model as IDL text that other compilers read: [`emit`].
//!
//! What IDL has no word for is written with types of the module `farcall_types`, by which
//! [`crate::lower`] knows it again: an optional as a union on a boolean, a map as a sequence of
//! pairs, dates as strings.

mod abstracts;
mod interfaces;
mod names;
mod types;

use std::collections::{HashMap, HashSet};

use farcall_model::{Interface, ObjectType, Type, TypeRef};

use crate::lower::Model;
use names::Names;
pub use names::identifier;

/// Why there is no IDL for an interface.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// IDL has nothing like it.
    #[error("{place}: IDL has no {what}")]
    Unsupported {
        /// The operation or type.
        place: String,
        /// What it holds.
        what: String,
    },
    /// IDL lets types contain themselves through sequences and value types only.
    #[error("'{name}' contains itself other than in a sequence, which IDL cannot say")]
    Recursive {
        /// The type.
        name: String,
    },
}

/// Interfaces, with all types and exceptions that they use, as IDL.
///
/// The repository ids of the text are those of the model, by pragmas where names alone would give
/// others. Names that IDL reserves are escaped; what no identifier can hold is replaced as
/// [`identifier`] does; names that collide get a number.
///
/// # Errors
/// If IDL cannot say what an interface holds.
///
/// ```
/// use farcall_model::{Interface, Operation, Param, Type, TypeRef};
///
/// let find = Operation::new("find")
///     .with_param(Param::new("context", TypeRef::from(Type::String)))
///     .with_result(TypeRef::from(Type::Optional(TypeRef::from(Type::I64))));
/// let text = farcall_idl::emit([&Interface::new("Finder").with_scope("demo").with_operation(find)])?;
/// assert!(text.contains("::farcall_types::OptionalLongLong find(in string _context);"));
/// # Ok::<(), farcall_idl::EmitError>(())
/// ```
pub fn emit<'a>(interfaces: impl IntoIterator<Item = &'a Interface>) -> Result<String, EmitError> {
    text(&interfaces.into_iter().collect::<Vec<_>>(), &[])
}

impl Model {
    /// All interfaces, types and exceptions as IDL; see [`emit`].
    ///
    /// # Errors
    /// If IDL cannot say what is in it.
    pub fn to_idl(&self) -> Result<String, EmitError> {
        text(&self.interfaces.iter().collect::<Vec<_>>(), &self.types)
    }
}

fn text(interfaces: &[&Interface], types: &[TypeRef]) -> Result<String, EmitError> {
    let by_id = interfaces.iter().map(|i| (interfaces::id_of(i), *i)).collect();
    let mut emitter = Emitter { by_id, ..Emitter::default() };
    emitter.reserve(interfaces, types);
    for ty in types {
        emitter.named(ty.exact())?;
    }
    for interface in interfaces {
        emitter.interface(interface)?;
    }
    while let Some(ty) = emitter.derived.pop() {
        emitter.named(ty.exact())?;
    }
    Ok(render(&emitter.items, &emitter.names))
}

/// A declaration, and the module that it stands in.
#[derive(Debug)]
struct Item {
    path: Vec<String>,
    lines: String,
}

#[derive(Debug, Default)]
struct Emitter<'a> {
    by_id: interfaces::ById<'a>,
    names: Names,
    items: Vec<Item>,
    /// Scope and name of what is written or being written, and whether it is whole.
    state: HashMap<(String, String), bool>,
    /// Scope and name of what is being written, each inside of the one before.
    open: Vec<(String, String)>,
    /// Those that are held by something else that is being written inside of them.
    winding: HashSet<(String, String)>,
    /// Scope and name of what was announced.
    announced: HashSet<(String, String)>,
    /// The helper types, by what they stand for.
    helpers: HashMap<String, String>,
    /// Scope and name of interfaces by repository id.
    interfaces: HashMap<String, (String, String)>,
    /// The value types without state from which others derive, by scope and name of the latter.
    stateless: HashMap<(String, String), Vec<Type>>,
    /// The abstract interfaces, by repository id.
    abstracts: HashSet<String>,
    /// The abstract interfaces that value types support, by scope and name of the latter.
    supports: HashMap<(String, String), Vec<ObjectType>>,
    /// Scope and name of the interfaces that are being written.
    open_interfaces: Vec<(String, String)>,
    /// Value types that derive from those that were met, still to be written unless they are.
    derived: Vec<TypeRef>,
    /// Value types by repository id: where they are declared, and how many fields they have.
    values: HashMap<String, (String, usize)>,
}

impl Emitter<'_> {
    fn push(&mut self, path: Vec<String>, lines: String) {
        self.items.push(Item { path, lines });
    }
}

/// The items in order, modules opened and closed around them.
fn render(items: &[Item], names: &Names) -> String {
    let mut out = String::new();
    let mut open: Vec<String> = Vec::new();
    for item in items {
        let common = open.iter().zip(&item.path).take_while(|(a, b)| a == b).count();
        while open.len() > common {
            open.pop();
            out += &format!("{}}};\n", "    ".repeat(open.len()));
        }
        if !out.is_empty() {
            out.push('\n');
        }
        for name in &item.path[common..] {
            out += &format!("{}module {name} {{\n", "    ".repeat(open.len()));
            open.push(name.clone());
            if let Some(called) = names.renamed.get(&open.join("::")) {
                out += &types::renamed(name.trim_start_matches('_'), called);
            }
        }
        let indent = "    ".repeat(open.len());
        for line in item.lines.lines() {
            if line.is_empty() || line.starts_with('#') {
                out += line;
            } else {
                out += &format!("{indent}{line}");
            }
            out.push('\n');
        }
    }
    while open.pop().is_some() {
        out += &format!("{}}};\n", "    ".repeat(open.len()));
    }
    out
}
