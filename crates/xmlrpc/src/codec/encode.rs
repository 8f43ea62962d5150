//! [`XmlRpcEncoder`]: values of the model straight into the bytes of a message.

use bytes::Bytes;
use farcall_model::{
    Date, DateTime, Decimal, Duration, EnumType, ExceptionType, Field, ObjectRef, ObjectType, Operation,
    Param, StructType, Time, Type, UnionType, Value,
};
use farcall_wire::{CodecError, Encoder, MessageEncoder, Written, text};
use farcall_xml::escape_text;
use farcall_xml::wire::forbidden;

use super::scalar;
use crate::{Nil, Options, Wide, fault};

const NIL: &[u8] = b"<value><nil/></value>";
const STRING: &[u8] = b"<value><string>";
const STRING_END: &[u8] = b"</string></value>";

/// What surrounds the parameters or the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A request or response of its own.
    Message,
    /// A reply inside `system.multicall`: an array of one, or a fault struct.
    Batch,
}

/// Writes values of the model as XML-RPC.
#[derive(Debug)]
pub struct XmlRpcEncoder {
    out: Vec<u8>,
    options: Options,
    frame: Frame,
    /// Whether entries of the innermost map are members of a struct.
    members: bool,
    /// Whether the error on its way out is that of a None which the options refuse.
    refused: bool,
    /// Whether the root element binds the prefix of Apache's extensions.
    bound: bool,
}

impl XmlRpcEncoder {
    /// An encoder for a value outside of a message.
    #[must_use]
    pub fn fragment(options: Options) -> Self {
        Self { bound: false, ..Self::inside(options) }
    }

    /// An encoder for a value that goes into a message.
    pub(crate) fn inside(options: Options) -> Self {
        Self::with_buffer(Vec::new(), Frame::Message, options)
    }

    /// Goes on after what the buffer holds.
    pub(crate) fn with_buffer(out: Vec<u8>, frame: Frame, options: Options) -> Self {
        Self { out, options, frame, members: false, refused: false, bound: true }
    }

    /// What was written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    pub(crate) fn raw(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }

    fn integer(&mut self, number: i64) -> Written {
        let mut buffer = itoa::Buffer::new();
        let (open, close): (&[u8], &[u8]) = match i32::try_from(number) {
            Ok(_) => (b"<value><int>", b"</int></value>"),
            Err(_) => self.wide(number)?,
        };
        self.raw(open);
        self.raw(buffer.format(number).as_bytes());
        self.raw(close);
        Ok(())
    }

    fn wide(&self, number: i64) -> Result<(&'static [u8], &'static [u8]), CodecError> {
        match self.options.wide {
            Wide::Write => Ok((b"<value><i8>", b"</i8></value>")),
            Wide::Apache if self.bound => Ok((b"<value><ex:i8>", b"</ex:i8></value>")),
            Wide::Apache => Ok((APACHE_WIDE.as_bytes(), b"</ex:i8></value>")),
            Wide::Refuse => Err(CodecError::unsupported(
                format!("the integer {number}"),
                "it needs more than 32 bits, and the options refuse i8",
            )),
        }
    }

    /// A string whose characters need no look.
    fn plain(&mut self, text: &str) -> Written {
        self.raw(STRING);
        self.raw(text.as_bytes());
        self.raw(STRING_END);
        Ok(())
    }

    pub(crate) fn text(&mut self, text: &str) -> Written {
        escape_text(&mut self.out, text).map_err(forbidden)
    }

    /// A `<member>` around what `write` writes.
    pub(crate) fn member(&mut self, name: &str, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.raw(b"<member><name>");
        self.text(name)?;
        self.raw(b"</name>");
        write(self)?;
        self.raw(b"</member>");
        Ok(())
    }
}

const APACHE_NIL: &str =
    "<value><ex:nil xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"/></value>";
const APACHE_WIDE: &str = "<value><ex:i8 xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\">";

impl Encoder for XmlRpcEncoder {
    fn nothing(&mut self) -> Written {
        match self.options.nil {
            // a reply must hold a value, and this is one that every peer reads
            Nil::Refuse => self.plain(""),
            _ => self.none(),
        }
    }

    fn bool(&mut self, value: bool) -> Written {
        self.raw(if value {
            b"<value><boolean>1</boolean></value>"
        } else {
            b"<value><boolean>0</boolean></value>"
        });
        Ok(())
    }

    fn i8(&mut self, value: i8) -> Written {
        self.integer(value.into())
    }

    fn u8(&mut self, value: u8) -> Written {
        self.integer(value.into())
    }

    fn i16(&mut self, value: i16) -> Written {
        self.integer(value.into())
    }

    fn u16(&mut self, value: u16) -> Written {
        self.integer(value.into())
    }

    fn i32(&mut self, value: i32) -> Written {
        self.raw(b"<value><int>");
        self.raw(itoa::Buffer::new().format(value).as_bytes());
        self.raw(b"</int></value>");
        Ok(())
    }

    fn u32(&mut self, value: u32) -> Written {
        self.integer(value.into())
    }

    fn i64(&mut self, value: i64) -> Written {
        self.integer(value)
    }

    fn u64(&mut self, value: u64) -> Written {
        match i64::try_from(value) {
            Ok(number) => self.integer(number),
            Err(_) => Err(CodecError::unsupported(
                format!("the integer {value}"),
                "i8 ends at 9223372036854775807; send it as a decimal or a text",
            )),
        }
    }

    fn f32(&mut self, value: f32) -> Written {
        self.raw(b"<value><double>");
        scalar::write_float(&mut self.out, value)?;
        self.raw(b"</double></value>");
        Ok(())
    }

    fn f64(&mut self, value: f64) -> Written {
        self.raw(b"<value><double>");
        scalar::write_double(&mut self.out, value)?;
        self.raw(b"</double></value>");
        Ok(())
    }

    fn char(&mut self, value: char) -> Written {
        self.str(value.encode_utf8(&mut [0; 4]))
    }

    fn str(&mut self, value: &str) -> Written {
        self.raw(STRING);
        self.text(value)?;
        self.raw(STRING_END);
        Ok(())
    }

    fn bytes(&mut self, value: &[u8]) -> Written {
        self.raw(b"<value><base64>");
        text::write_octets(&mut self.out, value);
        self.raw(b"</base64></value>");
        Ok(())
    }

    fn octets(&mut self, value: &Bytes) -> Written {
        self.bytes(value)
    }

    fn decimal(&mut self, value: &Decimal) -> Written {
        self.plain(value.as_str())
    }

    fn date_time(&mut self, value: DateTime) -> Written {
        self.raw(b"<value><dateTime.iso8601>");
        if value.date().year() < 0 {
            // the basic form has no place for a sign
            self.raw(value.to_string().as_bytes());
        } else {
            self.raw(value.to_basic().as_bytes());
        }
        self.raw(b"</dateTime.iso8601></value>");
        Ok(())
    }

    fn date(&mut self, value: Date) -> Written {
        self.plain(&value.to_string())
    }

    fn time(&mut self, value: Time) -> Written {
        self.plain(&value.to_string())
    }

    fn duration(&mut self, value: Duration) -> Written {
        self.plain(&value.to_string())
    }

    fn enumeration(&mut self, ty: &EnumType, member: usize) -> Written {
        self.str(&ty.members[member].name)
    }

    fn none(&mut self) -> Written {
        match self.options.nil {
            Nil::Write | Nil::Apache => self.raw(self.nil()),
            Nil::Refuse => {
                self.refused = true;
                return Err(CodecError::unsupported(
                    "None",
                    "XML-RPC has no nil, and the options refuse the extension",
                ));
            }
        }
        Ok(())
    }

    fn sequence(&mut self, _len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.raw(b"<value><array><data>");
        write(self)?;
        self.raw(b"</data></array></value>");
        Ok(())
    }

    #[inline]
    fn item(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        write(self)
    }

    fn map(&mut self, key: &Type, len: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if !matches!(key, Type::String | Type::Char | Type::Enum(_)) {
            let outer = std::mem::replace(&mut self.members, false);
            let written = self.sequence(len, write);
            self.members = outer;
            return written;
        }
        let outer = std::mem::replace(&mut self.members, true);
        self.raw(b"<value><struct>");
        write(self)?;
        self.raw(b"</struct></value>");
        self.members = outer;
        Ok(())
    }

    fn entry(
        &mut self,
        key: impl FnOnce(&mut Self) -> Written,
        value: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        if !self.members {
            self.raw(b"<value><array><data>");
            key(self)?;
            value(self)?;
            self.raw(b"</data></array></value>");
            return Ok(());
        }
        self.raw(b"<member><name>");
        // the key writes itself as a string value; the name is what that holds
        let start = self.out.len();
        key(self)?;
        self.out.copy_within(start + STRING.len().., start);
        self.out.truncate(self.out.len() - STRING.len() - STRING_END.len());
        self.raw(b"</name>");
        value(self)?;
        self.raw(b"</member>");
        Ok(())
    }

    #[inline]
    fn structure(&mut self, _ty: &StructType, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.raw(b"<value><struct>");
        write(self)?;
        self.raw(b"</struct></value>");
        Ok(())
    }

    #[inline]
    fn field(&mut self, field: &Field, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let start = self.out.len();
        self.raw(b"<member><name>");
        self.text(&field.name)?;
        self.raw(b"</name>");
        let value = self.out.len();
        let optional = || matches!(field.ty.resolve(), Type::Optional(_));
        match write(self) {
            Ok(()) => {}
            // an absent member needs no nil
            Err(_) if self.refused && self.out.len() == value && optional() => {
                self.refused = false;
                self.out.truncate(start);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        if self.out[value..] == *self.nil() && optional() {
            self.out.truncate(start);
        } else {
            self.raw(b"</member>");
        }
        Ok(())
    }

    fn union(&mut self, ty: &UnionType, case: usize, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.raw(b"<value><struct>");
        self.member(&ty.cases[case].name, write)?;
        self.raw(b"</struct></value>");
        Ok(())
    }

    fn object(&mut self, _ty: &ObjectType, value: &ObjectRef) -> Written {
        match farcall_wire::http_address(value, "xmlrpc") {
            Some(url) => self.str(url),
            None => self.none(),
        }
    }

    fn any(&mut self, value: &Value) -> Written {
        super::any::encode(self, value)
    }
}

impl XmlRpcEncoder {
    /// What stands for nothing.
    fn nil(&self) -> &'static [u8] {
        match (self.options.nil, self.bound) {
            (Nil::Apache, true) => b"<value><ex:nil/></value>",
            (Nil::Apache, false) => APACHE_NIL.as_bytes(),
            _ => NIL,
        }
    }
}

impl MessageEncoder for XmlRpcEncoder {
    fn params(&mut self, _operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.raw(b"<params>");
        write(self)?;
        self.raw(b"</params>");
        Ok(())
    }

    fn param(&mut self, _param: &Param, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.raw(b"<param>");
        write(self)?;
        self.raw(b"</param>");
        Ok(())
    }

    fn result(&mut self, _operation: &Operation, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let (open, close): (&[u8], &[u8]) = match self.frame {
            Frame::Message => (b"<params><param>", b"</param></params>"),
            Frame::Batch => (b"<value><array><data>", b"</data></array></value>"),
        };
        self.raw(open);
        write(self)?;
        self.raw(close);
        Ok(())
    }

    fn exception(
        &mut self,
        ty: &ExceptionType,
        text: &str,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        // its members are written apart, as they go into a text or after it
        let mut members = Self { bound: self.bound, ..Self::inside(self.options) };
        write(&mut members)?;
        fault::write_exception(self, ty, text, members.into_bytes())
    }
}

impl XmlRpcEncoder {
    pub(crate) fn options(&self) -> Options {
        self.options
    }

    pub(crate) fn frame(&self) -> Frame {
        self.frame
    }
}
