//! [`MessageEncoder`] of [`SoapEncoder`]: what calls and replies stand in.

use farcall_model::{ExceptionType, Field, Operation, Param, XmlKind, XmlMessage, XmlName};
use farcall_wire::{MessageEncoder, Written};
use farcall_wsdl::mapping::RESPONSE;

use super::{Place, SoapEncoder};
use crate::{fault, names};

impl MessageEncoder for SoapEncoder {
    fn params(&mut self, operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let xml = self.xml.clone();
        self.body(xml.as_ref().map(|xml| &xml.request), &operation.name, write)
    }

    fn param(&mut self, param: &Param, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let xml = self.xml.clone();
        let named = xml.as_ref().and_then(|xml| xml.request.part(&param.field.name));
        self.part(&param.field, named.unwrap_or(&param.field.xml), write)
    }

    fn result(&mut self, operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let xml = self.xml.clone();
        let message = xml.as_ref().map(|xml| &xml.response);
        let name = [&*operation.name, RESPONSE].concat();
        self.body(message, &name, |out| {
            let parts = names::parts(operation, message);
            match parts.as_slice() {
                [] => Ok(()),
                [only] => out.part(only, &only.xml, write),
                _ => {
                    out.parts = parts;
                    write(out)
                }
            }
        })
    }

    fn exception(
        &mut self,
        ty: &ExceptionType,
        text: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        fault::write_exception(self, ty, text, write)
    }
}

impl SoapEncoder {
    /// The body of a message: an element around the parts, unless a description says that there is none.
    fn body(
        &mut self,
        message: Option<&XmlMessage>,
        name: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.space = if self.encoded { None } else { Some(0) };
        (self.typed, self.named) = (false, None);
        let style = if self.encoded {
            format!(" s:encodingStyle=\"{}\"", self.version.encoding())
        } else {
            String::new()
        };
        let (space, name) = match message {
            None => (Some(0), name),
            Some(XmlMessage { wrapper: None, .. }) => return write(self),
            Some(XmlMessage { wrapper: Some(wrapper), .. }) => {
                let space = match wrapper.namespace.as_deref() {
                    None => Some(0),
                    Some("") => None,
                    Some(uri) => Some(self.spaces.index_of(uri)),
                };
                (space, wrapper.local.as_deref().unwrap_or(name))
            }
        };
        self.element(space, name, Place::Element, |out| out.around(&style, write))
    }

    /// A part of a message. What is encoded has all of its parts.
    pub(super) fn part(
        &mut self,
        field: &Field,
        xml: &XmlName,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        self.typed = self.encoded;
        if self.encoded {
            let xml = XmlName { kind: XmlKind::Nillable, ..xml.clone() };
            return self.member(field, &xml, write);
        }
        self.member(field, xml, write)
    }

    /// The namespace of the parts of values that have no type with a name.
    pub(in crate::codec) fn part_space(&self) -> Option<usize> {
        (!self.encoded).then_some(0)
    }
}
