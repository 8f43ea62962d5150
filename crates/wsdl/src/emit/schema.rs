//! The schemas of an interface: each type that its messages use, declared once.

use std::collections::VecDeque;

use farcall_model::{
    EnumType, ExceptionType, Field, Interface, Operation, StructType, Type, TypeRef, UnionType, XmlKind,
};

use super::EmitError;
use super::node::{Node, QName};
use crate::mapping::{self, CaseName, ENTRY, ITEM, KEY, Namespaces, TypeNames, VALUE, WSA, XSD};

/// How deep types without names may nest; each level makes a type's name longer.
pub(super) const DEPTH: usize = 32;

/// One schema of the `types` section.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) namespace: String,
    pub(super) nodes: Vec<Node>,
}

/// The declarations found so far, and those still to be written.
#[derive(Debug)]
pub(super) struct Schemas<'a> {
    names: Namespaces<'a>,
    locals: TypeNames,
    schemas: Vec<Schema>,
    /// Global elements, with what declares them.
    pub(super) elements: Vec<(QName, String)>,
    /// Types that have got their name, in the order in which they got it.
    types: Vec<(QName, TypeRef)>,
    pending: VecDeque<usize>,
    /// Lists in one text, by the type of their items.
    lists: Vec<(QName, QName)>,
    /// How many groups without an element of their own are open.
    pub(super) depth: usize,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(names: Namespaces<'a>, locals: TypeNames) -> Self {
        let first = Schema { namespace: names.service().to_owned(), nodes: Vec::new() };
        Self {
            names,
            locals,
            schemas: vec![first],
            elements: Vec::new(),
            types: Vec::new(),
            pending: VecDeque::new(),
            lists: Vec::new(),
            depth: 0,
        }
    }

    /// Declares what an interface's messages hold.
    pub(super) fn interface(&mut self, interface: &Interface) -> Result<(), EmitError> {
        self.any_types();
        for operation in &interface.operations {
            self.operation(operation)?;
        }
        for operation in &interface.operations {
            for exception in &operation.exceptions {
                self.exception(exception)?;
            }
        }
        while let Some(at) = self.pending.pop_front() {
            let (name, ty) = self.types[at].clone();
            let node = self.named_type(&name, ty.resolve())?;
            self.schema(&name.namespace).nodes.push(node);
        }
        Ok(())
    }

    /// Lists and maps that may stand where anything may: nothing refers to them but `xsi:type`.
    fn any_types(&mut self) {
        let Some(names) = self.locals.any().cloned() else { return };
        let any = || TypeRef::from(Type::Any);
        for (name, ty) in [(names.list, Type::Sequence(any())), (names.map, Type::Map(any(), any()))] {
            self.declare(QName::new(self.names.service(), &name), &ty.into());
        }
    }

    /// The schemas, each with the imports that it needs.
    pub(super) fn finish(mut self) -> Vec<Schema> {
        for schema in &mut self.schemas {
            let mut used = Vec::new();
            schema.nodes.iter().for_each(|node| node.namespaces(&mut used));
            used.retain(|ns| *ns != schema.namespace && ns != XSD);
            let imports = used.into_iter().map(|ns| Node::new("xsd:import").with("namespace", ns));
            schema.nodes.splice(0..0, imports);
        }
        self.schemas
    }

    /// The name of an exception's element.
    pub(super) fn exception_name(&self, exception: &ExceptionType) -> QName {
        let body = &exception.body;
        QName::new(&self.names.of(&body.scope), &self.locals.local(&body.scope, &body.name))
    }

    fn operation(&mut self, operation: &Operation) -> Result<(), EmitError> {
        let service = self.names.service();
        let name = mapping::ncname(&operation.name);
        let request = operation.params.iter().map(|p| &p.field);
        let request = self.sequence(service, request)?;
        self.element(QName::new(service, &name), format!("operation {name}"), request)?;
        if operation.oneway {
            return Ok(());
        }
        let reply = self.sequence(service, mapping::parts(operation).iter())?;
        let reply_name = format!("{name}{}", mapping::RESPONSE);
        self.element(QName::new(service, &reply_name), format!("reply of operation {name}"), reply)
    }

    /// A global element of an anonymous type.
    fn element(&mut self, name: QName, of: String, content: Node) -> Result<(), EmitError> {
        self.claim(&name, of)?;
        let node = Node::new("xsd:element")
            .with("name", &*name.local)
            .child(Node::new("xsd:complexType").child(content));
        self.schema(&name.namespace).nodes.push(node);
        Ok(())
    }

    /// Notes what a global element stands for; an error if it stands for something else already.
    pub(super) fn claim(&mut self, name: &QName, of: String) -> Result<(), EmitError> {
        if let Some((_, other)) = self.elements.iter().find(|(n, _)| n == name) {
            return Err(EmitError::Collision { name: name.local.clone(), one: other.clone(), other: of });
        }
        self.elements.push((name.clone(), of));
        Ok(())
    }

    /// The element of an exception and the type of the same name.
    fn exception(&mut self, exception: &'static ExceptionType) -> Result<(), EmitError> {
        let name = self.exception_name(exception);
        let of = format!("exception {}", exception.body.name);
        if self.elements.iter().any(|(n, o)| *n == name && *o == of) {
            return Ok(());
        }
        self.claim(&name, of)?;
        let ty = self.type_name(&TypeRef::from(Type::Struct(exception.body.clone())))?;
        let node = Node::new("xsd:element").with("name", &*name.local).with_name("type", ty);
        self.schema(&name.namespace).nodes.push(node);
        Ok(())
    }

    pub(super) fn schema(&mut self, namespace: &str) -> &mut Schema {
        let at = self.schemas.iter().position(|s| s.namespace == namespace).unwrap_or_else(|| {
            self.schemas.push(Schema { namespace: namespace.to_owned(), nodes: Vec::new() });
            self.schemas.len() - 1
        });
        &mut self.schemas[at]
    }

    /// The name of a type, which is declared if it was not.
    pub(super) fn type_name(&mut self, ty: &TypeRef) -> Result<QName, EmitError> {
        let resolved = ty.resolve();
        if let Some(builtin) = mapping::builtin(resolved) {
            return Ok(QName::new(XSD, builtin));
        }
        if let Type::Union(body) = resolved
            && let Some(CaseName::Type(..)) = mapping::case_name(body, 0)
        {
            // the types must be there for xsi:type to name
            for case in body.cases.iter() {
                self.type_name(&case.ty)?;
            }
            return Ok(QName::new(XSD, "anyType"));
        }
        if let Type::Object(_) = resolved {
            self.endpoint_reference();
            return Ok(QName::new(WSA, "EndpointReferenceType"));
        }
        if let Some((scope, name)) = resolved.qualified_name() {
            let wanted = QName::new(&self.names.of(scope), &self.locals.local(scope, name));
            return match self.types.iter().find(|(n, _)| *n == wanted) {
                Some((_, known)) if known == ty => Ok(wanted),
                Some((_, other)) => Err(EmitError::Collision {
                    name: wanted.local,
                    one: described(other.resolve()),
                    other: described(resolved),
                }),
                None => Ok(self.declare(wanted, ty)),
            };
        }
        if let Some((known, _)) = self.types.iter().find(|(_, known)| known == ty) {
            return Ok(known.clone());
        }
        let name = self.locals.claim(&label(ty, 0)?);
        Ok(self.declare(QName::new(self.names.service(), &name), ty))
    }

    fn declare(&mut self, name: QName, ty: &TypeRef) -> QName {
        self.pending.push_back(self.types.len());
        self.types.push((name.clone(), ty.clone()));
        name
    }

    fn named_type(&mut self, name: &QName, ty: &Type) -> Result<Node, EmitError> {
        let service = self.names.service();
        let content = match ty {
            Type::Struct(body) => return self.structure(name, body),
            Type::Enum(body) => return Ok(enumeration(name, body)),
            Type::Union(body) => return self.union(name, body),
            Type::Sequence(_) | Type::Array(..) => {
                self.sequence(service, [&Field::new(ITEM.into(), TypeRef::from(ty.clone()))])?
            }
            // inside an optional of an optional: the item is there or not
            Type::Optional(_) => {
                self.sequence(service, [&Field::new(ITEM.into(), TypeRef::from(ty.clone()))])?
            }
            Type::Map(key, value) => {
                let key = Field::new(KEY.into(), key.clone());
                let value = Field::new(VALUE.into(), value.clone());
                let entry = self.sequence(service, [&key, &value])?;
                let entry = Node::new("xsd:element")
                    .with("name", ENTRY)
                    .with("minOccurs", "0")
                    .with("maxOccurs", "unbounded")
                    .child(Node::new("xsd:complexType").child(entry));
                Node::new("xsd:sequence").child(entry)
            }
            Type::Tuple(items) => {
                let numbered = |(at, ty): (usize, &TypeRef)| Field::new(item_name(at).into(), ty.clone());
                let fields: Vec<_> = items.iter().enumerate().map(numbered).collect();
                self.sequence(service, &fields)?
            }
            _ => Node::new("xsd:sequence"),
        };
        Ok(Node::new("xsd:complexType").with("name", &*name.local).child(content))
    }

    fn structure(&mut self, name: &QName, body: &StructType) -> Result<Node, EmitError> {
        let mut attributes = Vec::new();
        for field in body.fields.iter().filter(|f| f.xml.kind == XmlKind::Attribute) {
            attributes.push(self.attribute(field)?);
        }
        let node = Node::new("xsd:complexType").with("name", &*name.local).children(documented(&body.doc));
        let text = body.fields.iter().find(|f| f.xml.kind == XmlKind::Text);
        let is_mixed = text.is_some() && body.fields.iter().any(mapping::is_element);
        let node = if is_mixed { node.with("mixed", "true") } else { node };
        if let Some(text) = text.filter(|_| !is_mixed) {
            let ty = match text.ty.resolve() {
                Type::Optional(inner) => inner,
                _ => &text.ty,
            };
            let base = self.simple(ty, &text.name)?;
            let extension = Node::new("xsd:extension").with_name("base", base).children(attributes);
            return Ok(node.child(Node::new("xsd:simpleContent").child(extension)));
        }
        let elements = body.fields.iter().filter(|f| mapping::is_element(f));
        Ok(node.child(self.sequence(&name.namespace, elements)?).children(attributes))
    }

    fn attribute(&mut self, field: &Field) -> Result<Node, EmitError> {
        let (ty, optional) = match field.ty.resolve() {
            Type::Optional(inner) => (inner, true),
            _ => (&field.ty, field.default),
        };
        let ty = self.simple(ty, &field.name)?;
        let node = Node::new("xsd:attribute").with("name", mapping::field_name(field)).with_name("type", ty);
        let node = if optional { node } else { node.with("use", "required") };
        Ok(node.children(documented(&field.doc)))
    }

    /// The name of a type that must be simple, because it stands in an attribute or as text; a
    /// sequence is a list there.
    fn simple(&mut self, ty: &TypeRef, field: &str) -> Result<QName, EmitError> {
        match ty.resolve() {
            Type::Sequence(item) if mapping::is_simple(item.resolve()) => {
                let item = self.type_name(item)?;
                if let Some((_, known)) = self.lists.iter().find(|(of, _)| *of == item) {
                    return Ok(known.clone());
                }
                let local = self.locals.claim(&format!("ListOf{}", capital(&item.local)));
                let name = QName::new(self.names.service(), &local);
                self.lists.push((item.clone(), name.clone()));
                let list = Node::new("xsd:list").with_name("itemType", item);
                let node = Node::new("xsd:simpleType").with("name", local).child(list);
                self.schema(&name.namespace).nodes.push(node);
                Ok(name)
            }
            resolved if mapping::is_simple(resolved) => self.type_name(ty),
            _ => Err(EmitError::NotSimple { field: field.to_owned(), ty: ty.to_string() }),
        }
    }

    fn union(&mut self, name: &QName, body: &UnionType) -> Result<Node, EmitError> {
        let choice = self.choice(&name.namespace, body)?;
        let node = Node::new("xsd:complexType").with("name", &*name.local);
        Ok(node.children(documented(&body.doc)).child(choice))
    }

    /// The part of WS-Addressing's schema that object references need.
    fn endpoint_reference(&mut self) {
        if self.schemas.iter().any(|s| s.namespace == WSA) {
            return;
        }
        let any = || {
            Node::new("xsd:any")
                .with("namespace", "##other")
                .with("processContents", "lax")
                .with("minOccurs", "0")
                .with("maxOccurs", "unbounded")
        };
        let address = QName::new(XSD, "anyURI");
        let more = Node::new("xsd:element")
            .with("name", "Address")
            .with_name("type", address.clone())
            .with("minOccurs", "0")
            .with("maxOccurs", "unbounded");
        let metadata = Node::new("xsd:complexType")
            .with("name", "MetadataType")
            .child(Node::new("xsd:sequence").child(more).child(any()));
        let reference = Node::new("xsd:complexType").with("name", "EndpointReferenceType").child(
            Node::new("xsd:sequence")
                .child(Node::new("xsd:element").with("name", "Address").with_name("type", address))
                .child(
                    Node::new("xsd:element")
                        .with("name", "Metadata")
                        .with_name("type", QName::new(WSA, "MetadataType"))
                        .with("minOccurs", "0"),
                )
                .child(any()),
        );
        // nothing here refers to them, but JAX-WS RI and CXF map the type and all of these, or fail
        let elements = ["EndpointReference", "ReplyTo", "From", "FaultTo"].map(|name| {
            let of = QName::new(WSA, "EndpointReferenceType");
            Node::new("xsd:element").with("name", name).with_name("type", of)
        });
        self.schema(WSA).nodes.extend(elements.into_iter().chain([metadata, reference]));
    }
}

fn enumeration(name: &QName, body: &EnumType) -> Node {
    let restriction = Node::new("xsd:restriction").with_name("base", QName::new(XSD, "string"));
    let members = body.members.iter().map(|member| {
        Node::new("xsd:enumeration").with("value", &*member.name).children(documented(&member.doc))
    });
    Node::new("xsd:simpleType")
        .with("name", &*name.local)
        .children(documented(&body.doc))
        .child(restriction.children(members))
}

pub(super) fn documented(doc: &str) -> Option<Node> {
    let doc = doc.trim();
    (!doc.is_empty()).then(|| Node::new("xsd:annotation").child(Node::new("xsd:documentation").text(doc)))
}

fn described(ty: &Type) -> String {
    match ty.qualified_name() {
        Some((scope, name)) if !scope.is_empty() => format!("type {name} of {scope}"),
        _ => format!("type {ty}"),
    }
}

fn item_name(at: usize) -> String {
    format!("{ITEM}{}", at + 1)
}

/// The name of a type that has none: `ListOfInt`, `MapOfStringToDouble`.
fn label(ty: &TypeRef, depth: usize) -> Result<String, EmitError> {
    if depth > DEPTH {
        return Err(EmitError::TooDeep { limit: DEPTH });
    }
    let inner = |ty: &TypeRef| label(ty, depth + 1);
    Ok(match ty.resolve() {
        Type::Optional(of) => format!("OptionalOf{}", inner(of)?),
        Type::Sequence(of) => format!("ListOf{}", inner(of)?),
        Type::Array(of, size) => format!("ListOf{size}{}", inner(of)?),
        Type::Map(key, value) => format!("MapOf{}To{}", inner(key)?, inner(value)?),
        Type::Tuple(items) => {
            let items: Result<Vec<_>, _> = items.iter().map(inner).collect();
            format!("TupleOf{}", items?.join("And"))
        }
        Type::Void => "Nothing".to_owned(),
        ty => capital(mapping::builtin(ty).or(ty.name()).unwrap_or("Value")),
    })
}

fn capital(name: &str) -> String {
    let name = mapping::ncname(name);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
