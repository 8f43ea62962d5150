//! The named types of a set, each once: [`Nodes`].

use std::collections::{HashMap, HashSet};

use crate::xml;

use farcall_model::{Case, ExceptionType, Field, Interface, Type, TypeRef, ValueType};

/// Which type or exception of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(crate) usize);

/// A declaration that becomes a Rust type of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Node<'a> {
    /// A struct, union, enumeration or value type.
    Type(&'a Type),
    Exception(&'static ExceptionType),
}

impl<'a> Node<'a> {
    /// Scope and name.
    pub(crate) fn name(self) -> (&'a str, &'a str) {
        match self {
            Self::Type(ty) => ty.qualified_name().unwrap_or_default(),
            Self::Exception(exception) => (&exception.body.scope, &exception.body.name),
        }
    }

    /// What it is made of.
    pub(crate) fn parts(self) -> Vec<&'a TypeRef> {
        match self {
            Self::Type(Type::Union(ty)) => ty.cases.iter().map(|case: &Case| &case.ty).collect(),
            Self::Type(ty) => ty.children(),
            Self::Exception(exception) => {
                exception.body.fields.iter().map(|field: &Field| &field.ty).collect()
            }
        }
    }

    /// Where it stands: types are told apart by that, then by what they are.
    fn address(self) -> usize {
        match self {
            Self::Type(ty) => std::ptr::from_ref(ty).addr(),
            Self::Exception(exception) => std::ptr::from_ref(exception).addr(),
        }
    }

    /// The type itself, of an enum of a value type and what derives from it.
    fn with_state(self) -> Self {
        match self {
            Self::Type(Type::Value(ty)) => ty.with_state().map_or(self, Self::Type),
            node => node,
        }
    }

    fn is_same(self, other: Self) -> bool {
        match (self, other) {
            (Self::Type(a), Self::Type(b)) => std::ptr::eq(a, b) || a == b,
            (Self::Exception(a), Self::Exception(b)) => std::ptr::eq(a, b) || a == b,
            _ => false,
        }
    }
}

/// The named types and exceptions of a set, in the order in which they are to be written.
#[derive(Debug, Default)]
pub(crate) struct Nodes<'a> {
    all: Vec<Node<'a>>,
    by_address: HashMap<usize, NodeId>,
    by_name: HashMap<(&'a str, &'a str), Vec<NodeId>>,
    /// What derives from value types, by name, where only an enum of all of them tells.
    derived: HashMap<(&'a str, &'a str), &'a [TypeRef]>,
}

impl<'a> Nodes<'a> {
    pub(crate) fn all(&self) -> impl Iterator<Item = (NodeId, Node<'a>)> {
        self.all.iter().enumerate().map(|(index, node)| (NodeId(index), *node))
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn node(&self, id: NodeId) -> Node<'a> {
        self.all[id.0]
    }

    /// The one that this is, or is a copy of.
    pub(crate) fn find(&self, node: Node<'_>) -> Option<NodeId> {
        let node = node.with_state();
        if let Some(id) = self.by_address.get(&node.address()) {
            return Some(*id);
        }
        let same = self.by_name.get(&node.name())?.iter().find(|id| self.node(**id).is_same(node));
        same.copied()
    }

    /// The value types that derive from one.
    pub(crate) fn derived<'s>(&'s self, ty: &'s ValueType) -> &'s [TypeRef] {
        let told = self.derived.get(&(&*ty.body.scope, &*ty.body.name)).copied();
        told.filter(|_| ty.derived.is_empty()).unwrap_or(&ty.derived)
    }

    /// Adds one and all that it is made of, after which it comes unless `first`.
    pub(crate) fn add(&mut self, node: Node<'a>) {
        // without recursion: chains of loaded types may be longer than the stack is deep
        enum Step<'a> {
            Into(Node<'a>),
            Through(&'a TypeRef),
            OutOf(Node<'a>),
        }
        let mut seen: HashSet<usize> = HashSet::new();
        let mut steps = vec![Step::Into(node)];
        while let Some(step) = steps.pop() {
            match step {
                Step::OutOf(node) => self.push(node),
                Step::Into(node) => {
                    if let Node::Type(Type::Value(ty)) = node
                        && ty.with_state().is_some()
                    {
                        self.derived.insert(node.name(), &ty.derived);
                        steps.extend(ty.derived.iter().rev().map(Step::Through));
                        continue;
                    }
                    if self.find(node).is_some() || !seen.insert(node.address()) {
                        continue;
                    }
                    // what derives from a value type comes after it
                    if let Node::Type(Type::Value(ty)) = node {
                        steps.extend(ty.derived.iter().rev().map(Step::Through));
                    }
                    steps.push(Step::OutOf(node));
                    steps.extend(node.parts().into_iter().rev().map(Step::Through));
                    if let Node::Type(Type::Union(ty)) = node
                        && xml::told_by(ty).is_none()
                    {
                        steps.push(Step::Through(&ty.discriminator));
                    }
                }
                Step::Through(ty) => match ty.resolve() {
                    ty @ (Type::Struct(_) | Type::Enum(_) | Type::Union(_) | Type::Value(_)) => {
                        steps.push(Step::Into(Node::Type(ty)));
                    }
                    ty => {
                        if seen.insert(std::ptr::from_ref(ty).addr()) {
                            steps.extend(ty.children().into_iter().rev().map(Step::Through));
                        }
                    }
                },
            }
        }
    }

    fn push(&mut self, node: Node<'a>) {
        if self.find(node).is_some() {
            return;
        }
        let id = NodeId(self.all.len());
        self.by_address.insert(node.address(), id);
        self.by_name.entry(node.name()).or_default().push(id);
        self.all.push(node);
    }

    /// Adds the named types that a type is or is made of.
    pub(crate) fn add_type(&mut self, ty: &'a TypeRef) {
        match ty.resolve() {
            ty @ (Type::Struct(_) | Type::Enum(_) | Type::Union(_) | Type::Value(_)) => {
                self.add(Node::Type(ty))
            }
            ty => ty.children().into_iter().for_each(|part| self.add_type(part)),
        }
    }

    /// Adds what an interface uses.
    pub(crate) fn add_interface(&mut self, interface: &'a Interface) {
        for ty in interface.named_types() {
            if !matches!(ty, Type::Object(_)) {
                self.add(Node::Type(ty));
            }
        }
        for exception in interface.operations.iter().flat_map(|operation| &operation.exceptions) {
            self.add(Node::Exception(exception));
        }
    }
}
