//! [`Interface`]: the operations of a service or object.

use std::collections::HashSet;

use crate::types::{Field, StructType, Text, Type, TypeRef};

/// Which way a parameter goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the caller.
    #[default]
    In,
    /// To the caller.
    Out,
    /// Both ways.
    InOut,
}

/// A parameter of an [`Operation`].
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Name, type and documentation.
    pub field: Field,
    /// Which way it goes.
    pub direction: Direction,
}

impl Param {
    /// A parameter that the caller gives.
    pub fn new(name: impl Into<Text>, ty: TypeRef) -> Self {
        Self { field: Field::new(name.into(), ty), direction: Direction::In }
    }
}

/// An exception that operations may declare.
#[derive(Clone, Debug, PartialEq)]
pub struct ExceptionType {
    /// Name and members.
    pub body: StructType,
    /// The number that protocols with fault codes give it.
    pub code: i32,
}

/// Something that can be called.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The name on the wire, within its interface.
    pub name: Text,
    /// What the documentation says; empty without any.
    pub doc: Text,
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The result; [`Type::Void`] for none.
    pub result: TypeRef,
    /// The exceptions that it declares.
    pub exceptions: Vec<&'static ExceptionType>,
    /// True if no reply is awaited.
    pub oneway: bool,
    /// True if running it twice does no more than running it once, so that it may be retried.
    pub idempotent: bool,
}

impl Operation {
    /// An operation without parameters, result or documentation.
    pub fn new(name: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            doc: Text::default(),
            params: Vec::new(),
            result: TypeRef::from(Type::Void),
            exceptions: Vec::new(),
            oneway: false,
            idempotent: false,
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with_param(mut self, param: Param) -> Self {
        self.params.push(param);
        self
    }

    /// Sets the result's type.
    #[must_use]
    pub fn with_result(mut self, ty: TypeRef) -> Self {
        self.result = ty;
        self
    }

    /// Sets the documentation.
    #[must_use]
    pub fn with_doc(mut self, doc: impl Into<Text>) -> Self {
        self.doc = doc.into();
        self
    }

    /// Sets the exceptions that it declares.
    #[must_use]
    pub fn with_exceptions(mut self, exceptions: Vec<&'static ExceptionType>) -> Self {
        self.exceptions = exceptions;
        self
    }

    /// Says that no reply is awaited.
    #[must_use]
    pub fn oneway(mut self) -> Self {
        self.oneway = true;
        self
    }

    /// Says that it may be retried.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// The parameters that a caller must give: those that are not optional.
    #[must_use]
    pub fn required(&self) -> usize {
        let optional = self.params.iter().rev().take_while(|p| p.field.is_optional()).count();
        self.params.len() - optional
    }
}

/// The operations of a service or object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Interface {
    /// The name, without its scope.
    pub name: Text,
    /// The scope: IDL modules joined by `::`, or an XML namespace.
    pub scope: Text,
    /// The CORBA repository id, where one was declared.
    pub repository_id: Option<Text>,
    /// The repository ids of the interfaces that it inherits from, directly or not; what they
    /// declare is among the operations.
    pub bases: Vec<Text>,
    /// What the documentation says; empty without any.
    pub doc: Text,
    /// The operations in order.
    pub operations: Vec<Operation>,
}

impl Interface {
    /// An interface without operations.
    pub fn new(name: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            scope: Text::default(),
            repository_id: None,
            bases: Vec::new(),
            doc: Text::default(),
            operations: Vec::new(),
        }
    }

    /// Adds an operation.
    #[must_use]
    pub fn with_operation(mut self, operation: Operation) -> Self {
        self.operations.push(operation);
        self
    }

    /// Sets the documentation.
    #[must_use]
    pub fn with_doc(mut self, doc: impl Into<Text>) -> Self {
        self.doc = doc.into();
        self
    }

    /// Sets the scope.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<Text>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Sets the repository id.
    #[must_use]
    pub fn with_repository_id(mut self, id: impl Into<Text>) -> Self {
        self.repository_id = Some(id.into());
        self
    }

    /// The operation of that name.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|op| op.name == name)
    }

    /// The named types that its operations use, each once, those used by others first.
    #[must_use]
    pub fn named_types(&self) -> Vec<&Type> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for op in &self.operations {
            for param in &op.params {
                collect(&param.field.ty, &mut found, &mut seen);
            }
            collect(&op.result, &mut found, &mut seen);
            for exception in &op.exceptions {
                for field in exception.body.fields.iter() {
                    collect(&field.ty, &mut found, &mut seen);
                }
            }
        }
        found
    }
}

/// Depth first, so that a type comes after those it is made of; without recursion, since chains of
/// loaded types may be longer than the stack is deep.
fn collect<'a>(ty: &'a TypeRef, found: &mut Vec<&'a Type>, seen: &mut HashSet<(&'a str, &'a str)>) {
    enum Step<'a> {
        Into(&'a TypeRef),
        OutOf(&'a Type),
    }
    let mut steps = vec![Step::Into(ty)];
    while let Some(step) = steps.pop() {
        match step {
            Step::OutOf(ty) => found.push(ty),
            Step::Into(ty) => {
                let ty = ty.resolve();
                if let Some(name) = ty.qualified_name() {
                    if !seen.insert(name) {
                        continue;
                    }
                    steps.push(Step::OutOf(ty));
                }
                steps.extend(ty.children().into_iter().rev().map(Step::Into));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Knot;

    #[test]
    fn named_types_come_after_those_they_are_made_of() {
        let named = |name: &str, fields: &[(&str, &TypeRef)]| {
            let field = |(name, ty): &(&str, &TypeRef)| Field::new((*name).to_owned().into(), (*ty).clone());
            Type::Struct(StructType::new(name.to_owned(), fields.iter().map(field).collect()))
        };
        let leaf = TypeRef::from(named("Leaf", &[]));
        let knot = Knot::new();
        let itself = TypeRef::from(Type::Sequence(TypeRef::Knot(knot.clone())));
        let other = TypeRef::from(named("Other", &[("leaf", &leaf)]));
        knot.tie(named("Tree", &[("other", &other), ("leaf", &leaf), ("more", &itself)]));
        let mut long = TypeRef::from(named("T0", &[]));
        for n in 1..100_000 {
            long = TypeRef::from(Type::Optional(long));
            let knot = Knot::new();
            knot.tie(named(&format!("T{n}"), &[("next", &long)]));
            long = TypeRef::Knot(knot);
        }
        let operation =
            Operation::new("a").with_param(Param::new("x", TypeRef::Knot(knot))).with_result(long);
        let interface = Interface::new("I").with_operation(operation);
        let names: Vec<_> = interface.named_types().iter().filter_map(|ty| ty.name()).collect();
        assert_eq!(names[..4], ["Leaf", "Other", "Tree", "T0"]);
        assert_eq!((names.len(), names.last()), (100_003, Some(&"T99999")));
    }
}
