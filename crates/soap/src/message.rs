//! Envelopes: what stands around the elements that the codec writes and reads
//! (SOAP 1.1, section 4; SOAP 1.2 part 1, section 5).
//!
//! ```
//! use farcall_soap::{Version, message};
//! use farcall_wire::Limits;
//!
//! let xml = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>\
//!            <b:balance xmlns:b='urn:bank'><account>A1</account></b:balance></e:Body></e:Envelope>";
//! let request = message::decode_request(xml, &Limits::default()).unwrap();
//! assert_eq!(request.version, Version::V11);
//! assert_eq!((request.namespace.as_deref(), request.name), (Some("urn:bank"), "balance"));
//! ```

use std::borrow::Cow;

use std::sync::Arc;

use farcall_model::XmlOperation;
use farcall_wire::{CodecError, ErrorKind, Fault, Invocation, Limits, Written};
use farcall_xml::{Event, Reader, Start, decode_document};

use crate::Version;
use crate::attachments::{Aside, Received};
use crate::codec::{self, SoapDecoder, SoapEncoder};
use crate::encoded;
use crate::fault::{self, FARCALL};
use crate::names::{ENCODING_11, ENCODING_12, Spaces};
use farcall_xml::wire::codec_error;

/// The namespaces that values may need beside those of their own.
pub(crate) const DECLARATIONS: &str = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                                       xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"";

/// The text of a message, whatever its encoding: that of a byte order mark, of
/// the `charset` of its `Content-Type`, of its XML declaration, or UTF-8.
///
/// # Errors
/// [`ErrorKind::Encoding`] for an unknown encoding and for octets that are not in it.
pub fn text<'b>(bytes: &'b [u8], charset: Option<&str>) -> Result<Cow<'b, str>, CodecError> {
    decode_document(bytes, charset).map_err(codec_error)
}

/// One header of a message, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The namespace of its element.
    pub namespace: Option<String>,
    /// The local name of its element.
    pub name: &'a str,
    /// The whole element, with a declaration of every namespace that is in scope there.
    pub xml: String,
    /// True if whoever does not know it must refuse the message.
    pub must_understand: bool,
    /// Whom it is meant for (`actor` in 1.1); `None` for the last receiver.
    pub role: Option<String>,
}

impl Header<'_> {
    /// `{namespace}local`.
    #[must_use]
    pub fn qualified(&self) -> String {
        format!("{{{}}}{}", self.namespace.as_deref().unwrap_or_default(), self.name)
    }

    /// True if it is meant for the receiver of the message rather than for somebody on its way.
    #[must_use]
    pub fn is_for_receiver(&self) -> bool {
        const OURS: &[&str] = &[
            "",
            "http://schemas.xmlsoap.org/soap/actor/next",
            "http://www.w3.org/2003/05/soap-envelope/role/next",
            "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
        ];
        self.role.as_deref().is_none_or(|role| OURS.contains(&role.trim()))
    }
}

/// A request that was read as far as the first element of its body.
#[derive(Debug)]
pub struct Request<'a> {
    /// The version of its envelope, in which it is to be answered.
    pub version: Version,
    /// Its headers in order.
    pub headers: Vec<Header<'a>>,
    /// The namespace of the body's first element.
    pub namespace: Option<String>,
    /// The local name of the body's first element; empty if the body is.
    pub name: &'a str,
    /// What that element says of how its values are encoded.
    encoding: Option<String>,
    first: Event<'a>,
    reader: Reader<'a>,
}

impl<'a> Request<'a> {
    /// Reads on with the parameters: those inside of the first element, unless a description says
    /// that the elements of the body are the parameters.
    pub(crate) fn into_decoder(
        self,
        spaces: Spaces,
        limits: &Limits,
        refuse_unknown: bool,
        xml: Option<Arc<XmlOperation>>,
    ) -> SoapDecoder<'a> {
        let mut from = SoapDecoder::new(self.reader, spaces, limits, refuse_unknown);
        if let Event::Start(wrapper) = &self.first {
            from.expect_prefix(wrapper.prefix());
        }
        if self.first == Event::End || xml.as_ref().is_some_and(|xml| xml.request.wrapper.is_none()) {
            from.step_back(self.first);
        }
        let encoded = xml.as_ref().is_some_and(|xml| xml.request.encoded);
        from.set_xml(xml, encoded);
        from
    }

    /// The encoding that it says its values have, if that is none that is read here.
    pub(crate) fn unknown_encoding(&self) -> Option<&str> {
        const NONE: &str = "http://www.w3.org/2003/05/soap-envelope/encoding/none";
        let known = |uri: &str| uri.is_empty() || [ENCODING_11, ENCODING_12, NONE].contains(&uri);
        // 1.1 allows several, of which one is enough
        self.encoding.as_deref().filter(|said| !said.is_empty() && !said.split_whitespace().any(known))
    }
}

/// A message that is no request.
#[derive(Debug)]
pub struct Refused {
    /// The version to say so in.
    pub version: Version,
    /// True if the envelope is of no version that is known: a fault of its own code.
    pub mismatch: bool,
    /// Why.
    pub error: CodecError,
}

/// Where an envelope was read to.
enum Body<'a> {
    /// The start tag of its element.
    Element(Start<'a>),
    Empty,
}

struct Envelope<'a> {
    version: Version,
    headers: Vec<Header<'a>>,
    body: Body<'a>,
    reader: Reader<'a>,
}

#[cold]
fn structure(what: impl Into<String>, offset: usize) -> CodecError {
    CodecError::new(ErrorKind::Structure(what.into())).at(offset)
}

fn next<'a>(reader: &mut Reader<'a>) -> Result<Event<'a>, CodecError> {
    reader.next_start_or_end().map_err(codec_error)
}

/// Reads an envelope as far as the body's element.
fn open<'a>(text: &'a str, limits: &Limits) -> Result<Envelope<'a>, Refused> {
    let mut reader = codec::reader(text, limits);
    let refused = |version, error| Refused { version, mismatch: false, error };
    let root = next(&mut reader).map_err(|error| refused(Version::V11, error))?;
    let version = match root {
        Event::Start(start) if start.local() == "Envelope" => {
            let found = reader.namespace(start.prefix()).and_then(Version::of_namespace);
            found.ok_or_else(|| {
                let what = "the envelope's namespace is neither that of SOAP 1.1 nor that of 1.2";
                let error = structure(what, start.offset());
                Refused { version: Version::V11, mismatch: true, error }
            })?
        }
        _ => return Err(refused(Version::V11, structure("a SOAP message begins with <Envelope>", 0))),
    };
    inside(reader, version, limits).map_err(|error| refused(version, error))
}

/// Reads the parts of an envelope as far as the body's element.
fn inside<'a>(mut reader: Reader<'a>, version: Version, limits: &Limits) -> Result<Envelope<'a>, CodecError> {
    let ours = |reader: &Reader<'a>, start: &Start<'a>, name: &str| {
        start.local() == name && reader.namespace(start.prefix()) == Some(version.namespace())
    };
    let mut headers = Vec::new();
    let mut event = next(&mut reader)?;
    if let Event::Start(start) = &event
        && ours(&reader, start, "Header")
    {
        headers = read_headers(&mut reader, version, limits)?;
        event = next(&mut reader)?;
    }
    match event {
        Event::Start(start) if ours(&reader, &start, "Body") => {}
        _ => {
            return Err(structure(
                "an <Envelope> holds a <Body> after its <Header>, if any",
                reader.offset(),
            ));
        }
    }
    let body = match next(&mut reader)? {
        Event::Start(start) => Body::Element(start),
        _ => Body::Empty,
    };
    Ok(Envelope { version, headers, body, reader })
}

fn read_headers<'a>(
    reader: &mut Reader<'a>,
    version: Version,
    limits: &Limits,
) -> Result<Vec<Header<'a>>, CodecError> {
    let mut headers = Vec::new();
    // text between headers means nothing, and some write it
    while let Some(start) = next_element(reader)? {
        if headers.len() >= limits.batch {
            return Err(CodecError::limit("batch", limits.batch).at(start.offset()));
        }
        let of_envelope = |name| reader.attribute(&start, Some(version.namespace()), name);
        let must_understand = match of_envelope("mustUnderstand").as_deref().map(str::trim) {
            None | Some("" | "0" | "false") => false,
            Some("1" | "true") => true,
            Some(other) => {
                let what = format!("mustUnderstand is true or false, not '{other}'");
                return Err(CodecError::new(ErrorKind::Structure(what)).at(start.offset()));
            }
        };
        let role = of_envelope(version.role_attribute()).map(Cow::into_owned);
        let namespace = reader.expanded(&start).0.map(str::to_owned);
        let xml = element(reader, &start)?;
        headers.push(Header { namespace, name: start.local(), xml, must_understand, role });
    }
    Ok(headers)
}

/// Fails unless the text is one element, well-formed.
pub(crate) fn well_formed(xml: &str) -> Result<(), farcall_xml::Error> {
    let mut reader = Reader::new(xml, farcall_xml::Limits::default());
    while reader.next_event()? != Event::Eof {}
    Ok(())
}

/// The next element among text; none at the end of the element around.
fn next_element<'a>(reader: &mut Reader<'a>) -> Result<Option<Start<'a>>, CodecError> {
    loop {
        match reader.next_event().map_err(codec_error)? {
            Event::Start(start) => return Ok(Some(start)),
            Event::End | Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// The element whose start tag was read, with the declarations that stand around it; the reader
/// is then behind it.
pub(crate) fn element<'a>(reader: &mut Reader<'a>, start: &Start<'a>) -> Result<String, CodecError> {
    let mut xml = standing_alone(reader, start);
    let rest = start.offset() + 1 + start.qname().len();
    reader.skip_element().map_err(codec_error)?;
    xml.push_str(reader.text().get(rest..reader.offset()).unwrap_or_default());
    Ok(xml)
}

/// The beginning of a start tag, with the declarations that stand around its element.
fn standing_alone(reader: &Reader<'_>, start: &Start<'_>) -> String {
    let mut tag = format!("<{}", start.qname()).into_bytes();
    for (prefix, uri) in reader.namespaces() {
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        if start.attribute(&name).is_none() {
            tag.extend_from_slice(format!(" {name}=\"").as_bytes());
            // what was read from XML can be written to it
            let _ = farcall_xml::escape_attribute(&mut tag, uri);
            tag.push(b'"');
        }
    }
    String::from_utf8_lossy(&tag).into_owned()
}

/// Reads a request as far as the first element of its body.
///
/// # Errors
/// [`Refused`], with the version to answer in: an envelope of a version that is not known, or
/// something that is not well-formed so far.
pub fn decode_request<'a>(text: &'a str, limits: &Limits) -> Result<Request<'a>, Refused> {
    let Envelope { version, headers, body, reader } = open(text, limits)?;
    let mut request =
        Request { version, headers, namespace: None, name: "", encoding: None, first: Event::End, reader };
    if let Body::Element(start) = body {
        request.namespace = request.reader.expanded(&start).0.map(str::to_owned);
        request.name = start.local();
        let style = request.reader.attribute(&start, Some(version.namespace()), "encodingStyle");
        request.encoding = style.map(|uri| uri.trim().to_owned());
        request.first = Event::Start(start);
    }
    Ok(request)
}

/// An encoder at the beginning of a body; [`finish`] ends the message. `header` is XML for the
/// header, complete with its declarations; empty for none.
pub(crate) fn begin(version: Version, spaces: Spaces, header: &str) -> SoapEncoder {
    begin_with_room(version, spaces, header, AROUND)
}

/// Octets of an envelope around its body, and a little more.
const AROUND: usize = 512;
/// So many octets are taken at once for a reply.
const MOST_AT_ONCE: usize = 64 << 10;

/// An encoder of the reply to a request of so many octets, which is about as long as a rule, so that it
/// is rarely moved while it grows.
pub(crate) fn begin_reply(version: Version, spaces: Spaces, request: usize) -> SoapEncoder {
    begin_with_room(version, spaces, "", request.min(MOST_AT_ONCE) + AROUND)
}

fn begin_with_room(version: Version, spaces: Spaces, header: &str, room: usize) -> SoapEncoder {
    let mut out = SoapEncoder::with_room(version, spaces, room);
    out.raw("<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"");
    out.raw(version.namespace());
    out.raw("\"");
    out.raw(DECLARATIONS);
    out.declare();
    out.raw(">");
    if !header.is_empty() {
        out.raw("<s:Header>");
        out.raw(header);
        out.raw("</s:Header>");
    }
    out.header_at(out.offset());
    out.raw("<s:Body>");
    out
}

/// The octets of a message whose body was written.
pub(crate) fn finish(mut out: SoapEncoder) -> Vec<u8> {
    out.raw("</s:Body></s:Envelope>");
    out.into_bytes()
}

/// Writes a request; `write` writes the parameters. What it sets aside comes beside the octets.
///
/// # Errors
/// If XML cannot express one; the error names it.
pub(crate) fn encode_request(
    version: Version,
    spaces: Spaces,
    header: &str,
    aside: Option<Aside>,
    xml: Option<Arc<XmlOperation>>,
    write: impl FnOnce(&mut SoapEncoder) -> Written,
) -> Result<(Vec<u8>, Option<Aside>), CodecError> {
    let mut out = begin(version, spaces, header);
    out.set_encoded(xml.as_ref().is_some_and(|xml| xml.request.encoded));
    out.set_xml(xml);
    out.set_aside(aside);
    write(&mut out)?;
    let aside = out.take_aside();
    Ok((finish(out), aside))
}

/// The octets of a message that is a fault, of the code that its kind has. `header` is XML for its header.
pub(crate) fn encode_fault(fault: &Fault, version: Version, header: &str) -> Vec<u8> {
    let encode = |with_detail| {
        let mut out = begin(version, Spaces::new(FARCALL, ""), header);
        fault::write_fault(&mut out, fault, with_detail).map(|()| finish(out))
    };
    // text is made printable, so only the application's detail may be what XML has not
    encode(true).or_else(|_| encode(false)).unwrap_or_default()
}

/// The octets of a message that refuses an envelope with one of SOAP's own codes. `header` says
/// what would be understood.
pub(crate) fn encode_refusal(text: &str, version: Version, code: &str, header: &str) -> Vec<u8> {
    let mut out = begin(version, Spaces::new(FARCALL, ""), header);
    // text is made printable, so it is always written
    let written = fault::write(&mut out, code, None, text, |_| Ok(()));
    debug_assert!(written.is_ok());
    finish(out)
}

/// The header with which 1.2 says which envelopes are understood (SOAP 1.2 part 1, section 5.4.7).
pub(crate) fn upgrade() -> String {
    let envelope = |(number, version): (usize, Version)| {
        let uri = version.namespace();
        format!("<u:SupportedEnvelope xmlns:v{number}=\"{uri}\" qname=\"v{number}:Envelope\"/>")
    };
    let known: String = [Version::V12, Version::V11].into_iter().enumerate().map(envelope).collect();
    format!("<u:Upgrade xmlns:u=\"{}\">{known}</u:Upgrade>", Version::V12.namespace())
}

/// The header with which 1.2 says which header is not understood (section 5.4.8).
pub(crate) fn not_understood(header: &Header<'_>) -> String {
    let mut uri = Vec::new();
    // what was read from XML can be written to it
    let _ = farcall_xml::escape_attribute(&mut uri, header.namespace.as_deref().unwrap_or_default());
    let (uri, name) = (String::from_utf8_lossy(&uri), header.name);
    let (space, of) = (Version::V12.namespace(), if uri.is_empty() { "" } else { "h:" });
    let declared = if uri.is_empty() { String::new() } else { format!(" xmlns:h=\"{uri}\"") };
    format!("<u:NotUnderstood xmlns:u=\"{space}\"{declared} qname=\"{of}{name}\"/>")
}

/// What answers a request.
pub(crate) struct Response<T> {
    /// Headers by `{namespace}local`, each with its element.
    pub(crate) headers: Vec<(String, String)>,
    /// What the call gave, or the fault that it is.
    pub(crate) outcome: Result<T, Fault>,
}

/// Reads a response to that call, of either version.
///
/// # Errors
/// That it is not a response, or not one of the declared type.
pub(crate) fn decode_response<I: Invocation>(
    text: &str,
    invocation: &I,
    spaces: Spaces,
    received: Option<Arc<Received>>,
    limits: &Limits,
    xml: Option<Arc<XmlOperation>>,
    strict: bool,
) -> Result<Response<I::Output>, CodecError> {
    let Envelope { version, headers, body, reader } = open(text, limits).map_err(|refused| refused.error)?;
    let headers: Vec<(String, String)> =
        headers.into_iter().map(|header| (header.qualified(), header.xml)).collect();
    let (bare, encoded) =
        xml.as_ref().map_or((false, false), |xml| (xml.response.wrapper.is_none(), xml.response.encoded));
    let outcome = match body {
        Body::Empty => {
            // what has nothing to say may leave its element out: an empty one is read instead
            let empty = codec::reader("<empty/>", limits);
            let mut from = SoapDecoder::new(empty, spaces, limits, strict);
            from.next()?;
            from.set_forgiving(!strict);
            from.set_xml(xml, encoded);
            Ok(invocation.read(&mut from)?)
        }
        Body::Element(start) => {
            let namespace = reader.expanded(&start).0;
            let is_fault = start.local() == "Fault" && namespace == Some(version.namespace());
            let mut from = SoapDecoder::new(reader, spaces, limits, strict).with_received(received);
            from.expect_prefix(start.prefix());
            from.set_forgiving(!strict);
            from.set_shared(encoded::is_encoded(text));
            from.set_xml(xml, encoded && !is_fault);
            if is_fault {
                fault::read(&mut from, invocation, &headers)?
            } else {
                if bare {
                    from.step_back(Event::Start(start));
                }
                Ok(invocation.read(&mut from)?)
            }
        }
    };
    Ok(Response { headers, outcome })
}
