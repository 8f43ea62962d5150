//! Octets in the text of an element or beside the message, both ways.

use std::sync::Arc;

use bytes::Bytes;
use farcall_wire::{CodecError, ErrorKind, Written, text};
use farcall_xml::{Event, Start, is_white_space};

use super::decode::{At, SoapDecoder};
use super::encode::{Place, SoapEncoder};
use super::scalar;
use crate::attachments::XOP;
use crate::mime;
use farcall_xml::wire::codec_error;

/// True for the types of XML Schema and of SOAP's encoding whose values are octets.
pub(super) fn is_type(local: &str) -> bool {
    matches!(local, "base64Binary" | "base64" | "hexBinary")
}

pub(super) fn from_text(text: &str, is_hex: bool) -> Result<Vec<u8>, CodecError> {
    if is_hex { scalar::hex(text) } else { text::octets(text, "base64Binary") }
}

impl SoapEncoder {
    /// Whether so many octets go beside the message: not those of an attribute, which has no content.
    pub(super) fn sets_aside(&self, len: usize) -> bool {
        self.place() != Place::Attribute && self.aside.as_ref().is_some_and(|aside| aside.takes(len))
    }

    /// Sets octets aside, and writes what refers to them (XOP 1.0, section 2.1).
    pub(super) fn include(&mut self, value: Bytes) -> Written {
        let element = self.place() != Place::Text;
        if element {
            self.must_be_element()?;
            self.begin(">");
        }
        if let Some(aside) = &mut self.aside {
            // an identifier of ours has no character that XML or a URL would escape
            let include = format!("<xop:Include xmlns:xop=\"{XOP}\" href=\"{}\"/>", aside.put(value));
            self.raw(&include);
        }
        if element {
            self.end();
        }
        Ok(())
    }
}

impl<'a> SoapDecoder<'a> {
    /// True for the element that stands for octets beside the message.
    pub(super) fn is_include(&self, start: &Start<'a>) -> bool {
        start.local() == "Include"
            && self.received.as_ref().is_some_and(|received| received.is_xop())
            && self.reader.namespace(start.prefix()) == Some(XOP)
    }

    /// True for an element whose content is a part of the message (SOAP with Attachments, section 4).
    pub(super) fn refers_to_part(&self, start: &Start<'a>) -> bool {
        self.received.is_some() && start.attribute("href").is_some_and(|url| mime::cid(&url).is_some())
    }

    /// The octets that an `Include` or an element of SOAP with Attachments refers to, whose start tag
    /// was read; it is read to its end.
    pub(super) fn included(&mut self, start: &Start<'a>) -> Result<Bytes, CodecError> {
        let wrong = |what: &str| CodecError::new(ErrorKind::Structure(what.to_owned())).at(start.offset());
        let url = start.attribute("href").ok_or_else(|| wrong("an xop:Include without href"))?;
        let received = self.received.as_ref().map(Arc::clone);
        let received = received.ok_or_else(|| wrong("a message of one part refers to another"))?;
        let octets = received.resolve(&url).map_err(|e| e.at(start.offset()))?;
        self.reader.skip_element().map_err(codec_error)?;
        Ok(octets)
    }

    /// Octets in the text of an element, or in a part that is referred to: by an `xop:Include` in it,
    /// by its own `href` (SOAP with Attachments), or by its text (`swaRef` of WS-I's Attachments
    /// Profile 1.0, section 4.4).
    pub(super) fn octets_or_part(&mut self, is_hex: bool) -> Result<Bytes, CodecError> {
        let offset = self.value_offset();
        let at = |e: CodecError| e.at(offset);
        if let At::Text(_) = self.at {
            let text = self.text("base64Binary")?;
            return self.of_text(&text, is_hex).map_err(at);
        }
        let (start, _) = self.open("base64Binary")?;
        if self.refers_to_part(&start) {
            return self.included(&start);
        }
        let mut text = String::new();
        let mut octets = None;
        loop {
            match self.reader.next_event().map_err(codec_error)? {
                Event::Start(start) if octets.is_none() && self.is_include(&start) => {
                    octets = Some(self.included(&start)?);
                }
                Event::Text(run) | Event::CData(run) => text.push_str(&run),
                Event::End => break,
                Event::Start(start) => {
                    let what = format!("<{}> in an element that holds octets", start.qname());
                    return Err(CodecError::new(ErrorKind::Structure(what)).at(start.offset()));
                }
                Event::Eof => return Err(self.structure("the message ends inside a value")),
                _ => {}
            }
        }
        match octets {
            Some(octets) if is_white_space(&text) => Ok(octets),
            Some(_) => Err(self.structure("an xop:Include stands alone in its element")),
            None => self.of_text(&text, is_hex).map_err(at),
        }
    }

    fn of_text(&self, text: &str, is_hex: bool) -> Result<Bytes, CodecError> {
        match &self.received {
            Some(received) if mime::cid(text).is_some() => received.resolve(text),
            _ => from_text(text, is_hex).map(Bytes::from),
        }
    }
}
