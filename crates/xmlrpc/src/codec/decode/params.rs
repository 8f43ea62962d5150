//! [`MessageDecoder`] for XML-RPC: parameters and results, in a message of
//! their own or inside a batch.

use farcall_model::{Operation, Value};
use farcall_wire::{CodecError, Decoder as _, ErrorKind, Fields, Items, MessageDecoder};
use farcall_xml::Event;

use super::containers::DATA;
use super::{At, Frame, XmlRpcDecoder};
use farcall_xml::wire::codec_error;

impl<'a> MessageDecoder for XmlRpcDecoder<'a> {
    fn begin_params(&mut self, _operation: &Operation) -> Result<Fields, CodecError> {
        self.enter_params()
    }

    fn next_param(
        &mut self,
        fields: &mut Fields,
        operation: &Operation,
    ) -> Result<Option<usize>, CodecError> {
        if !self.another_param(fields)? {
            return Ok(None);
        }
        let index = fields.count;
        fields.count += 1;
        if index >= operation.params.len() {
            // counted to the end, so that the error says how many there were
            self.skip_value()?;
            while self.another_param(fields)? {
                self.skip_value()?;
                fields.count += 1;
            }
            let expected = operation.params.len().to_string();
            let what = "parameters";
            return Err(CodecError::new(ErrorKind::Count { what, expected, found: fields.count }));
        }
        Ok(Some(index))
    }

    fn any_params(&mut self) -> Result<Vec<Value>, CodecError> {
        let mut fields = self.enter_params()?;
        let mut values = Vec::new();
        while self.another_param(&mut fields)? {
            values.push(self.any().map_err(|e| e.in_item(values.len()))?);
        }
        Ok(values)
    }

    fn result<T>(
        &mut self,
        _operation: &Operation,
        read: impl FnOnce(&mut Self) -> Result<T, CodecError>,
    ) -> Result<T, CodecError> {
        let mut fields = self.enter_params()?;
        if !self.another_param(&mut fields)? {
            // some peers answer a call without a result with no value at all
            self.at = At::Nowhere;
            return read(self);
        }
        let value = read(self)?;
        if self.another_param(&mut fields)? {
            return Err(self.structure("a response has one value"));
        }
        Ok(value)
    }
}

/// In [`Fields::state`]: there are no parameters at all.
const NO_PARAMS: usize = 1;
/// A parameter is open.
const IN_PARAM: usize = 2;
/// The array that holds them has a `<data>`.
const PARAM_DATA: usize = 4;
/// The array that holds them is empty and over.
const PARAMS_OVER: usize = 8;

impl XmlRpcDecoder<'_> {
    fn enter_params(&mut self) -> Result<Fields, CodecError> {
        if self.frame == Frame::Batch {
            let items = self.begin_sequence()?;
            let over = if items.len == Some(0) { PARAMS_OVER } else { 0 };
            let state = over | if items.state & DATA != 0 { PARAM_DATA } else { 0 };
            return Ok(Fields { state, ..Fields::default() });
        }
        if self.reader.eat_start("<params>") {
            return Ok(Fields::default());
        }
        match self.next()? {
            Event::Start(tag) if tag.local() == "params" => Ok(Fields::default()),
            // `</methodCall>`: the specification lets a call without parameters leave them out
            Event::End => {
                self.reader.finish().map_err(codec_error)?;
                Ok(Fields { state: NO_PARAMS, ..Fields::default() })
            }
            _ => Err(self.structure("expected <params>")),
        }
    }

    /// Leaves the parameter before, and comes to the value of the next one.
    fn another_param(&mut self, fields: &mut Fields) -> Result<bool, CodecError> {
        if self.frame == Frame::Batch {
            let mut items = Items {
                len: (fields.state & PARAMS_OVER != 0).then_some(0),
                state: usize::from(fields.state & PARAM_DATA != 0),
                ..Items::default()
            };
            return self.next_item(&mut items);
        }
        if fields.state & NO_PARAMS != 0 {
            return Ok(false);
        }
        if fields.state & IN_PARAM != 0 && !self.reader.eat_end("</param>") {
            self.expect_end("param")?;
        }
        fields.state = 0;
        if self.reader.eat_end("</params>") {
            return self.end_message(fields);
        }
        if self.reader.eat_start("<param>") {
            fields.state = IN_PARAM;
            return Ok(true);
        }
        match self.next()? {
            Event::Start(tag) if tag.local() == "param" => {
                fields.state = IN_PARAM;
                Ok(true)
            }
            // `</params>`; behind it only the end of the message may stand
            Event::End => self.end_message(fields),
            _ => Err(self.structure("expected <param>")),
        }
    }

    /// Leaves the message after `</params>`.
    fn end_message(&mut self, fields: &mut Fields) -> Result<bool, CodecError> {
        fields.state = NO_PARAMS;
        if !self.reader.eat_end("</methodCall>") && !self.reader.eat_end("</methodResponse>") {
            self.expect_end("methodCall or methodResponse")?;
        }
        self.reader.finish().map_err(codec_error)?;
        Ok(false)
    }
}
