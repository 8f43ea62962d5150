//! Where everything stands and what it is called in Rust, before anything is written: [`Plan`].

use std::collections::{BTreeMap, HashMap};

use farcall_model::{
    Alias, Constant, ExceptionType, Interface, ObjectType, Operation, Type, TypeRef, ValueKind, ValueType,
};

use crate::Error;
use crate::names::{PRIMITIVES, Scope, pascal, screaming};
use crate::nodes::{Node, NodeId, Nodes};
use crate::options::{Layout, Options};
use crate::recursion::{self, Boxes};
use crate::scopes;
use crate::traits::Traits;

/// As deep as modules, and as types without names, may be within one another.
pub(crate) const DEEPEST: usize = 48;

/// What is generated from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources<'a> {
    pub(crate) interfaces: Vec<&'a Interface>,
    pub(crate) types: Vec<&'a TypeRef>,
    pub(crate) exceptions: Vec<&'static ExceptionType>,
    pub(crate) aliases: Vec<&'a Alias>,
    pub(crate) constants: Vec<&'a Constant>,
    pub(crate) notes: Vec<&'a str>,
}

/// A module of the generated code; the first is the root.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) name: String,
    /// The scope whose items are in it.
    pub(crate) scope: String,
    pub(crate) parent: usize,
    pub(crate) children: Vec<usize>,
    /// Names of types, traits and modules.
    pub(crate) types: Scope,
    /// Names of constants.
    values: Scope,
}

/// Where something stands, and what it is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) module: usize,
    pub(crate) name: String,
}

/// Exceptions that an operation may raise, each once.
pub(crate) type ExceptionSet = Vec<NodeId>;

/// An enum of exceptions.
#[derive(Debug)]
pub(crate) struct Several {
    pub(crate) place: Place,
    /// In the order in which the first operation declares them.
    pub(crate) members: ExceptionSet,
    /// The first operation that raises them.
    pub(crate) operation: String,
}

#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) sources: Sources<'a>,
    pub(crate) nodes: Nodes<'a>,
    pub(crate) boxes: Boxes,
    pub(crate) traits: Traits,
    pub(crate) modules: Vec<Module>,
    /// Of each node.
    pub(crate) places: Vec<Place>,
    /// Of each interface.
    pub(crate) interfaces: Vec<Place>,
    pub(crate) aliases: Vec<Place>,
    pub(crate) constants: Vec<Place>,
    pub(crate) sets: Vec<Several>,
    /// The enums of value types and what derives from them, by the former.
    pub(crate) families: BTreeMap<NodeId, Place>,
    by_set: HashMap<ExceptionSet, usize>,
    by_id: HashMap<String, usize>,
    by_alias: HashMap<usize, usize>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(sources: Sources<'a>, options: &Options) -> Result<Self, Error> {
        let nodes = nodes(&sources);
        let used: Vec<&TypeRef> = used(&sources);
        let mut plan = Self {
            boxes: recursion::boxes(&nodes),
            traits: Traits::of(&nodes, used.into_iter()),
            nodes,
            sources,
            modules: vec![Module::new(String::new(), 0)],
            places: Vec::new(),
            interfaces: Vec::new(),
            aliases: Vec::new(),
            constants: Vec::new(),
            sets: Vec::new(),
            families: BTreeMap::new(),
            by_set: HashMap::new(),
            by_id: HashMap::new(),
            by_alias: HashMap::new(),
        };
        let modules = plan.modules(options)?;
        plan.name(&modules);
        plan.sets();
        Ok(plan)
    }

    /// Makes the modules; gives that of each scope.
    fn modules(&mut self, options: &Options) -> Result<HashMap<String, usize>, Error> {
        let scopes = self.scopes();
        if options.layout == Layout::Flat {
            return Ok(scopes.into_iter().map(|scope| (scope, 0)).collect());
        }
        let paths = scopes::paths(scopes.iter().map(String::as_str), options);
        let mut made: HashMap<String, usize> = HashMap::new();
        for scope in &scopes {
            let path = &paths[scope.as_str()];
            if path.len() > DEEPEST {
                return Err(Error::TooDeep { place: scope.clone(), limit: DEEPEST });
            }
            // a scope's module is within that of the scope around it, whatever number that got
            let around = scope.rsplit_once("::").and_then(|(around, _)| made.get(around).copied());
            let module = match (path.last(), around) {
                (None, _) => 0,
                _ if options.modules.contains_key(scope) => {
                    path.iter().fold(0, |at, name| self.shared(at, name))
                }
                (Some(name), around) => self.module(around.unwrap_or(0), name),
            };
            if self.modules[module].scope.is_empty() {
                self.modules[module].scope.clone_from(scope);
            }
            made.insert(scope.clone(), module);
        }
        Ok(made)
    }

    fn module(&mut self, parent: usize, name: &str) -> usize {
        let name = self.modules[parent].types.claim(name.to_owned());
        let module = self.modules.len();
        self.modules.push(Module::new(name, parent));
        self.modules[parent].children.push(module);
        module
    }

    /// A module that several scopes may have chosen.
    fn shared(&mut self, parent: usize, name: &str) -> usize {
        let known = self.modules[parent].children.iter().copied().find(|c| self.modules[*c].name == name);
        known.unwrap_or_else(|| self.module(parent, name))
    }

    /// All scopes, those around others before them.
    fn scopes(&self) -> Vec<String> {
        let sources = &self.sources;
        let mut scopes: Vec<String> = Vec::new();
        let mut add = |scope: &str| {
            let mut end = 0;
            while let Some(at) = scope[end..].find("::") {
                let around = &scope[..end + at];
                if !scopes.iter().any(|known| known == around) {
                    scopes.push(around.to_owned());
                }
                end += at + 2;
            }
            if !scopes.iter().any(|known| known == scope) {
                scopes.push(scope.to_owned());
            }
        };
        sources.interfaces.iter().for_each(|interface| add(&interface.scope));
        self.nodes.all().for_each(|(_, node)| add(node.name().0));
        sources.aliases.iter().for_each(|alias| add(&alias.scope));
        sources.constants.iter().for_each(|constant| add(&constant.scope));
        scopes
    }

    /// Names everything, interfaces first: theirs are three names each.
    fn name(&mut self, modules: &HashMap<String, usize>) {
        let at = |scope: &str| modules.get(scope).copied().unwrap_or(0);
        for (index, interface) in self.sources.interfaces.iter().enumerate() {
            let module = at(&interface.scope);
            let name =
                self.modules[module].types.claim_with(&pascal(&interface.name), &["", "Client", "Service"]);
            self.interfaces.push(Place { module, name });
            self.by_id.entry(repository_id(interface)).or_insert(index);
        }
        for (_, node) in self.nodes.all() {
            let (scope, name) = node.name();
            let module = at(scope);
            let name = match node {
                // the interface itself goes by its name
                Node::Type(Type::Union(ty)) if ty.abstract_interface().is_some() => {
                    format!("Any{}", pascal(name))
                }
                _ => pascal(name),
            };
            let name = self.modules[module].types.claim(name);
            if node.parts().is_empty() {
                // a struct without fields is a value as well
                self.modules[module].values.claim(name.clone());
            }
            self.places.push(Place { module, name });
        }
        for (id, node) in self.nodes.all() {
            if let Node::Type(Type::Value(ty)) = node
                && ty.kind != ValueKind::Abstract
                && !self.family(ty).is_empty()
            {
                let Place { module, name } = &self.places[id.0];
                let name = self.modules[*module].types.claim(format!("Any{name}"));
                self.families.insert(id, Place { module: *module, name });
            }
        }
        for (index, alias) in self.sources.aliases.iter().enumerate() {
            let module = at(&alias.scope);
            let name = self.modules[module].types.claim(pascal(&alias.name));
            self.aliases.push(Place { module, name });
            // a type with a name of its own goes by that
            if self.nodes.find(Node::Type(alias.ty.exact())).is_none() {
                self.by_alias.entry(std::ptr::from_ref(alias.ty.exact()).addr()).or_insert(index);
            }
        }
        for constant in &self.sources.constants {
            let module = at(&constant.scope);
            let name = self.modules[module].values.claim(screaming(&constant.name));
            self.constants.push(Place { module, name });
        }
    }

    /// Makes an enum for each set of several exceptions, beside the first interface that needs it.
    fn sets(&mut self) {
        for (index, interface) in self.sources.interfaces.clone().into_iter().enumerate() {
            for operation in &interface.operations {
                let members = self.raised(operation);
                let key = sorted(&members);
                if members.len() < 2 || self.by_set.contains_key(&key) {
                    continue;
                }
                let Place { module, name } = &self.interfaces[index];
                let short = pascal(&operation.name);
                let long = format!("{name}{short}Error");
                let types = &mut self.modules[*module].types;
                let name = types.claim_first(&[format!("{short}Error"), long]);
                let place = Place { module: *module, name };
                self.by_set.insert(key, self.sets.len());
                self.sets.push(Several { place, members, operation: operation.name.to_string() });
            }
        }
    }

    /// The exceptions that an operation raises, each once.
    pub(crate) fn raised(&self, operation: &Operation) -> ExceptionSet {
        let mut members = ExceptionSet::new();
        for exception in &operation.exceptions {
            if let Some(id) = self.nodes.find(Node::Exception(exception))
                && !members.contains(&id)
            {
                members.push(id);
            }
        }
        members
    }

    /// The enum of those exceptions.
    pub(crate) fn set(&self, members: &ExceptionSet) -> Option<&Several> {
        self.by_set.get(&sorted(members)).map(|index| &self.sets[*index])
    }

    /// The interface that a reference refers to, if it is in the set.
    pub(crate) fn interface_of(&self, object: &ObjectType) -> Option<&Place> {
        let by_id = |id: &str| self.by_id.get(id).map(|index| &self.interfaces[*index]);
        match &object.repository_id {
            Some(id) => by_id(id),
            None if object.interface == "Object" => None,
            None => by_id(&format!("IDL:{}:1.0", object.interface)).or_else(|| self.only(&object.interface)),
        }
    }

    /// The only interface of that name.
    fn only(&self, name: &str) -> Option<&Place> {
        let mut found = self.sources.interfaces.iter().zip(&self.interfaces).filter(|(i, _)| i.name == name);
        let (_, place) = found.next()?;
        found.next().is_none().then_some(place)
    }

    /// The value types with state that derive from one.
    pub(crate) fn family(&self, ty: &ValueType) -> Vec<NodeId> {
        let of = |ty: &Type| match ty {
            Type::Value(value) if value.kind != ValueKind::Abstract => self.nodes.find(Node::Type(ty)),
            _ => None,
        };
        let is_other = |id: &NodeId| self.nodes.node(*id).name() != (&*ty.body.scope, &*ty.body.name);
        self.nodes.derived(ty).iter().filter_map(|ty| of(ty.resolve())).filter(is_other).collect()
    }

    /// The name by which a type was referred to, if that is not its own.
    pub(crate) fn alias_of(&self, ty: &Type) -> Option<usize> {
        self.by_alias.get(&std::ptr::from_ref(ty).addr()).copied()
    }

    /// The modules from the root to this one.
    fn path(&self, mut module: usize) -> Vec<usize> {
        let mut path = Vec::new();
        while module != 0 {
            path.push(module);
            module = self.modules[module].parent;
        }
        path.reverse();
        path
    }

    /// How code in a module refers to what stands elsewhere.
    pub(crate) fn relative(&self, from: usize, place: &Place) -> String {
        let (here, there) = (self.path(from), self.path(place.module));
        let common = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
        let up = here[common..].iter().map(|_| "super");
        let down = there[common..].iter().map(|module| self.modules[*module].name.as_str());
        up.chain(down).chain([place.name.as_str()]).collect::<Vec<_>>().join("::")
    }
}

impl Module {
    fn new(name: String, parent: usize) -> Self {
        let types = Scope::holding(PRIMITIVES);
        Self { name, parent, types, ..Self::default() }
    }
}

fn sorted(members: &ExceptionSet) -> ExceptionSet {
    let mut key = members.clone();
    key.sort_unstable();
    key
}

/// Types that are named in the sources' own order, then those that only uses tell.
fn nodes<'a>(sources: &Sources<'a>) -> Nodes<'a> {
    let mut nodes = Nodes::default();
    sources.types.iter().for_each(|ty| nodes.add_type(ty));
    sources.aliases.iter().for_each(|alias| nodes.add_type(&alias.ty));
    sources.exceptions.iter().for_each(|exception| nodes.add(Node::Exception(exception)));
    sources.interfaces.iter().for_each(|interface| nodes.add_interface(interface));
    nodes
}

/// The types that are used outside of named ones.
fn used<'a>(sources: &Sources<'a>) -> Vec<&'a TypeRef> {
    let operations = sources.interfaces.iter().flat_map(|interface| &interface.operations);
    let of = |operation: &'a Operation| {
        let params = operation.params.iter().chain(&operation.outs);
        params.map(|param| &param.field.ty).chain([&operation.result])
    };
    operations.flat_map(of).chain(sources.aliases.iter().map(|alias| &alias.ty)).collect()
}

/// The repository id of an interface, declared or by names.
fn repository_id(interface: &Interface) -> String {
    match &interface.repository_id {
        Some(id) => id.to_string(),
        None if interface.scope.is_empty() => format!("IDL:{}:1.0", interface.name),
        None => format!("IDL:{}/{}:1.0", interface.scope.replace("::", "/"), interface.name),
    }
}
