//! The names of the elements that are being written, and of types' fields, made once a message for
//! types that are in it more than once.

use std::borrow::Cow;

use farcall_model::{Field, StructType, XmlKind};

use super::{Place, SoapEncoder};
use crate::names::local;

/// Names as end tags, `</name>`, of which the other forms are parts.
#[derive(Debug)]
pub(super) struct Names {
    /// Those of elements around each other.
    stack: Vec<u8>,
    /// Those of fields.
    fixed: Vec<u8>,
    /// That of the next value.
    current: Name,
    shapes: Vec<Shape>,
    /// Which of the shapes is that of the innermost struct.
    shape: Option<usize>,
    /// The position of its field that is probably next.
    next: usize,
}

/// Where a name stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Name {
    start: usize,
    end: usize,
    fixed: bool,
}

/// A struct that is being written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inside {
    shape: Option<usize>,
    next: usize,
}

/// The elements of a type's fields, where fields that do not say theirs are in that namespace.
#[derive(Debug)]
struct Shape {
    fields: &'static [Field],
    space: Option<usize>,
    /// None for what is no element of its own; empty until the type is met again.
    names: Vec<Option<(Name, Place)>>,
}

/// So many types' names are kept; those of more are made each time.
const KEPT: usize = 64;

/// Room for the names of elements around each other that most messages need.
const USUAL_STACK: usize = 128;

const TAG: usize = b"</".len();

impl Default for Names {
    fn default() -> Self {
        Self {
            stack: Vec::with_capacity(USUAL_STACK),
            fixed: Vec::new(),
            current: Name::default(),
            shapes: Vec::new(),
            shape: None,
            next: 0,
        }
    }
}

impl Names {
    /// `</name>`.
    #[inline]
    pub(super) fn end_tag(&self) -> &[u8] {
        let from = if self.current.fixed { &self.fixed } else { &self.stack };
        &from[self.current.start..self.current.end]
    }

    /// `name>`, which after a `<` is a start tag.
    #[inline]
    pub(super) fn closed(&self) -> &[u8] {
        &self.end_tag()[TAG..]
    }

    /// `name`.
    #[inline]
    pub(super) fn name(&self) -> &[u8] {
        let closed = self.closed();
        &closed[..closed.len() - 1]
    }

    /// Has that name be the next value's; gives back the one before.
    #[inline]
    pub(super) fn set(&mut self, name: Name) -> Name {
        std::mem::replace(&mut self.current, name)
    }

    /// Has the next value's be a name that is put onto the stack; gives back the one before.
    pub(super) fn push(&mut self, prefix: Option<&str>, name: &str) -> Name {
        let start = self.stack.len();
        write(&mut self.stack, prefix, name);
        self.set(Name { start, end: self.stack.len(), fixed: false })
    }

    /// Takes the name off the stack again that was put there last.
    pub(super) fn pop(&mut self, before: Name) {
        self.stack.truncate(self.current.start);
        self.current = before;
    }

    /// Leaves a struct.
    pub(super) fn leave(&mut self, outer: Inside) {
        (self.shape, self.next) = (outer.shape, outer.next);
    }

    /// The name of that field of the innermost struct, and what its value stands in.
    #[inline]
    pub(super) fn field(&mut self, field: &Field) -> Option<(Name, Place)> {
        let shape = &self.shapes[self.shape?];
        if !shape.fields.get(self.next).is_some_and(|next| std::ptr::eq(next, field)) {
            self.next = shape.fields.iter().position(|known| std::ptr::eq(known, field))?;
        }
        self.next += 1;
        shape.names[self.next - 1]
    }
}

fn write(out: &mut Vec<u8>, prefix: Option<&str>, name: &str) {
    out.extend_from_slice(b"</");
    if let Some(prefix) = prefix {
        out.extend_from_slice(prefix.as_bytes());
        out.push(b':');
    }
    out.extend_from_slice(local(name).as_bytes());
    out.push(b'>');
}

impl SoapEncoder {
    /// Enters a struct whose fields are in the namespace `self.space`.
    #[inline]
    pub(super) fn enter(&mut self, ty: &StructType) -> Inside {
        let outer = Inside { shape: self.names.shape, next: self.names.next };
        self.names.shape = match ty.fields {
            Cow::Borrowed(fields) if !self.encoded => self.shape_of(fields),
            _ => None,
        };
        self.names.next = 0;
        outer
    }

    #[inline]
    fn shape_of(&mut self, fields: &'static [Field]) -> Option<usize> {
        let is_it = |shape: &Shape| std::ptr::eq(shape.fields, fields) && shape.space == self.space;
        match self.names.shapes.iter().position(is_it) {
            Some(at) if !self.names.shapes[at].names.is_empty() => Some(at),
            met => self.meet(fields, met),
        }
    }

    /// Notes a type that is met for the first time; makes the names of one that is met again.
    #[cold]
    fn meet(&mut self, fields: &'static [Field], met: Option<usize>) -> Option<usize> {
        let Some(at) = met else {
            if self.names.shapes.len() < KEPT {
                self.names.shapes.push(Shape { fields, space: self.space, names: Vec::new() });
            }
            return None;
        };
        let names = fields.iter().map(|field| {
            let place = match field.xml.kind {
                XmlKind::Element => Place::Field,
                XmlKind::Nillable => Place::Element,
                XmlKind::Attribute | XmlKind::Text | XmlKind::Content => return None,
            };
            let space = self.space_of_name(&field.xml);
            let start = self.names.fixed.len();
            let prefix = space.map(|space| self.spaces.prefix(space));
            write(&mut self.names.fixed, prefix, field.xml.local.as_ref().unwrap_or(&field.name));
            Some((Name { start, end: self.names.fixed.len(), fixed: true }, place))
        });
        self.names.shapes[at].names = names.collect();
        Some(at)
    }
}
