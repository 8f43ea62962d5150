//! [`Generator`]: what code is to be generated from.

use farcall_model::{Alias, Constant, ExceptionType, Interface, TypeRef};

use crate::names::{plain, snake};
use crate::options::{Layout, Options};
use crate::plan::{Plan, Sources};
use crate::{Error, Files, layout};

/// Rust for an interface: `<name>.rs`, with its types, its exceptions and its trait.
///
/// # Errors
/// [`Error::Unsupported`] for what Rust has no counterpart of.
pub fn rust(interface: &Interface) -> Result<Files, Error> {
    let name = snake(&interface.name);
    let options = Options::new(plain(&name)).layout(Layout::Flat).source(&*interface.name);
    Generator::new(options).interfaces([interface]).files()
}

/// Generates Rust for any number of interfaces, types, exceptions, constants and aliases.
///
/// Each stands in the module that its scope gives: IDL modules and interfaces by their names, XML
/// namespaces by the end of them that tells them apart. What interfaces and types use comes along.
/// References to interfaces of the set are `Ref<XClient>`, to others `ObjectRef`.
///
/// Names are made as Rust writes them. Of two that are then alike in a module the later gets a
/// number: modules come first, then interfaces (with their clients and services), types and
/// exceptions, aliases, each in the order in which they were given.
///
/// ```
/// use farcall_codegen::{Generator, Options};
/// use farcall_model::{Interface, Operation, StructType, Type, TypeRef};
///
/// let mut entry = StructType::new("Entry", Vec::new());
/// entry.scope = "demo::Log".into();
/// let last = Operation::new("lastEntry").with_result(TypeRef::from(Type::Struct(entry)));
/// let log = Interface::new("Log").with_scope("demo").with_operation(last);
/// let files = Generator::new(Options::new("demo")).interfaces([&log]).files()?;
/// assert!(files["demo.rs"].contains("async fn last_entry(&self) -> Result<log::Entry, Fault>;"));
/// # Ok::<(), farcall_codegen::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Generator<'a> {
    options: Options,
    sources: Sources<'a>,
}

impl<'a> Generator<'a> {
    /// A generator with nothing to generate yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// Adds interfaces.
    #[must_use]
    pub fn interfaces(mut self, interfaces: impl IntoIterator<Item = &'a Interface>) -> Self {
        self.sources.interfaces.extend(interfaces);
        self
    }

    /// Adds types that no interface need use.
    #[must_use]
    pub fn types(mut self, types: impl IntoIterator<Item = &'a TypeRef>) -> Self {
        self.sources.types.extend(types);
        self
    }

    /// Adds exceptions that no operation need raise.
    #[must_use]
    pub fn exceptions(mut self, exceptions: impl IntoIterator<Item = &'static ExceptionType>) -> Self {
        self.sources.exceptions.extend(exceptions);
        self
    }

    /// Adds other names of types, which are used where the types are referred to by them.
    #[must_use]
    pub fn aliases(mut self, aliases: impl IntoIterator<Item = &'a Alias>) -> Self {
        self.sources.aliases.extend(aliases);
        self
    }

    /// Adds constants.
    #[must_use]
    pub fn constants(mut self, constants: impl IntoIterator<Item = &'a Constant>) -> Self {
        self.sources.constants.extend(constants);
        self
    }

    /// Adds lines about what there is no code for; they stand at the top of the first file.
    #[must_use]
    pub fn left_out(mut self, notes: impl IntoIterator<Item = &'a str>) -> Self {
        self.sources.notes.extend(notes);
        self
    }

    /// The files.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for what Rust has no counterpart of, [`Error::TooDeep`] for types and
    /// modules that are nested beyond what compilers take.
    pub fn files(self) -> Result<Files, Error> {
        layout::files(&Plan::new(self.sources, &self.options)?, &self.options)
    }
}
