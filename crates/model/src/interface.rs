//! [`Interface`]: the operations of a service or object.

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
        let mut visiting = Vec::new();
        for op in &self.operations {
            for param in &op.params {
                collect(&param.field.ty, &mut found, &mut visiting);
            }
            collect(&op.result, &mut found, &mut visiting);
            for exception in &op.exceptions {
                for field in exception.body.fields.iter() {
                    collect(&field.ty, &mut found, &mut visiting);
                }
            }
        }
        found
    }
}

/// Depth first, so that a type comes after those it is made of.
fn collect<'a>(ty: &'a TypeRef, found: &mut Vec<&'a Type>, visiting: &mut Vec<(&'a str, &'a str)>) {
    let ty = ty.resolve();
    let name = ty.qualified_name();
    if let Some(name) = name {
        if visiting.contains(&name) || found.iter().any(|t| t.qualified_name() == Some(name)) {
            return;
        }
        visiting.push(name);
    }
    for child in ty.children() {
        collect(child, found, visiting);
    }
    if name.is_some() {
        visiting.pop();
        found.push(ty);
    }
}
