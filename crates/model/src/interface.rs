//! [`Interface`]: the operations of a service or object.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use crate::types::{Field, StructType, Text, Type, TypeRef};
use crate::xml::XmlOperation;

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

    /// The same parameter, going that way.
    #[must_use]
    pub fn going(mut self, direction: Direction) -> Self {
        self.direction = direction;
        self
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
    /// What the caller gives, in order: parameters that go in, or both ways.
    pub params: Vec<Param>,
    /// What comes back beside the result, in order: parameters that go out, or both ways.
    pub outs: Vec<Param>,
    /// The return value; [`Type::Void`] for none.
    pub result: TypeRef,
    /// The exceptions that it declares.
    pub exceptions: Vec<&'static ExceptionType>,
    /// True if no reply is awaited.
    pub oneway: bool,
    /// True if running it twice does no more than running it once, so that it may be retried.
    pub idempotent: bool,
    /// The names of the strings of the caller's context that are sent along, where a protocol does
    /// that (IDL `context`); one that ends with `*` stands for all that begin so.
    pub context: Cow<'static, [Text]>,
    /// How it stands in messages of XML, where a description says it.
    pub xml: Option<Arc<XmlOperation>>,
}

impl Operation {
    /// An operation without parameters, result or documentation.
    pub fn new(name: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            doc: Text::default(),
            params: Vec::new(),
            outs: Vec::new(),
            result: TypeRef::from(Type::Void),
            exceptions: Vec::new(),
            oneway: false,
            idempotent: false,
            context: Cow::Borrowed(&[]),
            xml: None,
        }
    }

    /// Sets [`Operation::context`].
    #[must_use]
    pub fn with_context(mut self, names: impl IntoIterator<Item = impl Into<Text>>) -> Self {
        self.context = names.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a parameter, to what is given, what comes back, or both.
    #[must_use]
    pub fn with_param(mut self, param: Param) -> Self {
        match param.direction {
            Direction::In => self.params.push(param),
            Direction::Out => self.outs.push(param),
            Direction::InOut => {
                self.params.push(param.clone());
                self.outs.push(param);
            }
        }
        self
    }

    /// Sets what comes back beside the result, in order; what is given under such a name goes both ways.
    #[must_use]
    pub fn with_outs(mut self, outs: Vec<Param>) -> Self {
        self.outs = outs;
        for out in &mut self.outs {
            out.direction = Direction::Out;
            for param in self.params.iter_mut().filter(|param| param.field.name == out.field.name) {
                (param.direction, out.direction) = (Direction::InOut, Direction::InOut);
            }
        }
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

    /// Says how it stands in messages of XML.
    #[must_use]
    pub fn with_xml(mut self, xml: XmlOperation) -> Self {
        self.xml = Some(Arc::new(xml));
        self
    }

    /// Says that it may be retried.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// All parameters, each once, in an order that agrees with that of what is given and with that of
    /// what comes back.
    #[must_use]
    pub fn signature(&self) -> Vec<&Param> {
        let mut outs = self.outs.iter();
        let mut all = Vec::with_capacity(self.params.len() + self.outs.len());
        for param in &self.params {
            if param.direction == Direction::InOut {
                all.extend(outs.by_ref().take_while(|out| out.field.name != param.field.name));
            }
            all.push(param);
        }
        all.extend(outs);
        all
    }

    /// What a caller gets: nothing, the return value or the only parameter that comes back, or of
    /// several a tuple, the return value first.
    #[must_use]
    pub fn outcome(&self) -> TypeRef {
        if self.outs.is_empty() {
            return self.result.clone();
        }
        let returned = (!self.returns_nothing()).then(|| self.result.clone());
        let mut parts: Vec<TypeRef> =
            returned.into_iter().chain(self.outs.iter().map(|out| out.field.ty.clone())).collect();
        match parts.len() {
            1 => parts.remove(0),
            _ => TypeRef::from(Type::Tuple(parts.into())),
        }
    }

    /// True if it has no return value; parameters may come back all the same.
    #[must_use]
    pub fn returns_nothing(&self) -> bool {
        matches!(self.result.resolve(), Type::Void)
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

    /// Says how the operation of that name stands in messages of XML.
    #[must_use]
    pub fn with_xml(mut self, operation: &str, xml: XmlOperation) -> Self {
        if let Some(found) = self.operations.iter_mut().find(|known| known.name == operation) {
            found.xml = Some(Arc::new(xml));
        }
        self
    }

    /// Sets the repository ids of all interfaces that it inherits from.
    #[must_use]
    pub fn with_bases(mut self, bases: impl IntoIterator<Item: Into<Text>>) -> Self {
        self.bases = bases.into_iter().map(Into::into).collect();
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
            for param in op.signature() {
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
    fn what_goes_both_ways_keeps_its_place_among_both() {
        use Direction::{In, InOut, Out};
        let ways = [("a", In), ("b", Out), ("c", InOut), ("d", Out), ("e", InOut), ("f", In), ("g", Out)];
        let mut operation = Operation::new("all");
        for (name, way) in ways {
            operation = operation.with_param(Param::new(name, Type::I32.into()).going(way));
        }
        let names = |params: &[Param]| params.iter().map(|p| p.field.name.to_string()).collect::<String>();
        assert_eq!((&*names(&operation.params), &*names(&operation.outs)), ("acef", "bcdeg"));
        let all = operation.signature();
        let merged: Vec<_> = all.iter().map(|p| (&*p.field.name, p.direction)).collect();
        assert_eq!(merged, ways);
    }

    #[test]
    fn what_a_caller_gets() {
        let out = |name| Param::new(name, Type::I32.into()).going(Direction::Out);
        let none = Operation::new("none");
        assert_eq!(none.outcome().to_string(), "void");
        let one = none.with_param(out("a"));
        assert_eq!(one.outcome().to_string(), "i32");
        let two = one.clone().with_param(out("b"));
        assert_eq!(two.outcome().to_string(), "(i32, i32)");
        assert_eq!(one.with_result(Type::Bool.into()).outcome().to_string(), "(bool, i32)");
    }

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
