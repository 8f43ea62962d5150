//! Messages laid out for people.

use farcall_xml::{Event, Limits, Reader, Writer};

/// A document with each element on a line of its own; `None` for what is not well-formed.
pub(super) fn indented(text: &str) -> Option<String> {
    let mut reader = Reader::new(text, Limits::default());
    let mut out = Writer::new().indented(2);
    out.declaration().ok()?;
    loop {
        match reader.next_event().ok()? {
            Event::Start(start) => {
                out.start(start.qname()).ok()?;
                for attribute in start.attributes() {
                    let value = attribute.value();
                    if attribute.is_declaration() {
                        let prefix = if attribute.prefix().is_empty() { "" } else { attribute.local() };
                        out.namespace(prefix, &value).ok()?;
                    } else {
                        out.attribute(attribute.qname(), &value).ok()?;
                    }
                }
            }
            Event::Text(run) | Event::CData(run) if !farcall_xml::is_white_space(&run) => {
                out.text(&run).ok()?
            }
            Event::End => out.end().ok()?,
            Event::Eof => return out.finish().ok(),
            _ => {}
        }
    }
}
