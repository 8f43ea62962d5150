//! What the items of sequences stand in, and the lists of XML Schema.

use farcall_wire::{CodecError, Written};
use farcall_wsdl::mapping::ITEM;

use super::{Place, SoapEncoder};

/// What the items of a sequence stand in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Items {
    /// An element each, of the field's own name.
    Repeat,
    /// No element of their own each.
    Content,
    /// An `item` each.
    Item,
    /// A tuple's element each, with its number.
    Numbered(usize),
    /// Texts with a space between them, from there on.
    Listed(usize),
    /// What comes back of a call: the element of its name each, by its place among them.
    Part(usize),
}

impl SoapEncoder {
    #[inline]
    pub(super) fn one_item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        match self.items {
            Items::Repeat => {
                self.place = Place::Element;
                write(self)
            }
            Items::Content => {
                self.place = Place::Content;
                write(self)
            }
            Items::Item => self.element(self.part_space(), ITEM, Place::Element, write),
            Items::Numbered(number) => {
                self.items = Items::Numbered(number + 1);
                self.element(self.part_space(), &format!("{ITEM}{number}"), Place::Field, write)
            }
            Items::Part(index) => {
                // taken out for the time, so that tuples inside are not taken for parts
                let parts = std::mem::take(&mut self.parts);
                let written = match parts.get(index) {
                    Some(part) => self.part(part, &part.xml, write),
                    None => {
                        Err(CodecError::unsupported("more than was declared", "describe what comes back"))
                    }
                };
                self.parts = parts;
                self.items = Items::Part(index + 1);
                written
            }
            Items::Listed(start) => {
                if self.out.len() > start {
                    self.out.push(b' ');
                }
                self.place = Place::Text;
                write(self)
            }
        }
    }

    /// A sequence as a list in an attribute (XML Schema part 2, section 2.5.1.2).
    pub(super) fn list_attribute(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.items = Items::Listed(0);
        let list = self.aside(|out| out.text_here(write))?;
        let at = self.attributes_at;
        let mut attribute = vec![b' '];
        attribute.extend_from_slice(self.names.name());
        attribute.extend_from_slice(b"=\"");
        // its items are escaped as text, which lacks no more than the quotes
        list.iter().for_each(|b| match b {
            b'"' => attribute.extend_from_slice(b"&quot;"),
            b => attribute.push(*b),
        });
        attribute.push(b'"');
        self.attributes_at += attribute.len();
        self.out.splice(at..at, attribute);
        Ok(())
    }
}
