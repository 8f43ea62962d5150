//! Service contexts: what travels beside a call (CORBA 3.3 part 2, §9.7.1).

use bytes::Bytes;
use farcall_wire::{CodecError, Decoder as _, Encoder as _, Limits, Written};

use crate::cdr::{ByteOrder, CdrDecoder, CdrEncoder, CodeSet, CodeSets};
use crate::csi::SasContext;

/// The numbers of service contexts that are known here.
pub mod context_id {
    /// The code sets of a connection.
    pub const CODE_SETS: u32 = 1;
    /// Where a client listens, for calls back over its own connection.
    pub const BI_DIR_IIOP: u32 = 5;
    /// Policies of the call, such as when it ends.
    pub const INVOCATION_POLICIES: u32 = 7;
    /// Who calls (CSIv2).
    pub const SECURITY_ATTRIBUTE_SERVICE: u32 = 15;
    /// A text that tells more of an exception.
    pub const EXCEPTION_DETAIL_MESSAGE: u32 = 14;
}

/// Listen points that one context may have.
const LISTEN_POINTS: usize = 16;

/// A place where a client's objects are, to be called over its own connection (§9.8.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListenPoint {
    /// The host, as it stands in references to these objects.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// One service context as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceContext {
    /// What it tells.
    pub id: u32,
    /// An encapsulation, for most.
    pub data: Bytes,
}

/// The service contexts of a message, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceContexts(pub Vec<ServiceContext>);

impl ServiceContexts {
    /// The data of the context of that number.
    #[must_use]
    pub fn find(&self, id: u32) -> Option<&Bytes> {
        self.0.iter().find(|context| context.id == id).map(|context| &context.data)
    }

    /// Adds a context.
    #[must_use]
    pub fn with(mut self, id: u32, data: impl Into<Bytes>) -> Self {
        self.0.push(ServiceContext { id, data: data.into() });
        self
    }

    /// Who calls, or whether that is believed, if it is said (§10.2).
    #[must_use]
    pub fn sas(&self) -> Option<SasContext> {
        SasContext::decode(self.find(context_id::SECURITY_ATTRIBUTE_SERVICE)?)
    }

    /// Adds the code sets that the client chose (§7.10.2.5).
    #[must_use]
    pub fn with_code_sets(mut self, sets: CodeSets) -> Self {
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        if out.u32(sets.char.id()).and_then(|()| out.u32(sets.wchar.id())).is_ok() {
            let data = out.into_bytes().into();
            self.0.push(ServiceContext { id: context_id::CODE_SETS, data });
        }
        self
    }

    /// The code sets that the client chose, if it says.
    ///
    /// # Errors
    /// If one of them is not known here.
    pub fn code_sets(&self) -> Result<Option<CodeSets>, CodecError> {
        let Some(data) = self.find(context_id::CODE_SETS) else { return Ok(None) };
        let mut from = CdrDecoder::encapsulation(data, &Limits::default())?;
        let (char, wchar) = (from.u32()?, from.u32()?);
        let known = |id: u32, otherwise: CodeSet| match id {
            // none at all, which peers without wide text say
            0 => Ok(otherwise),
            id => CodeSet::of_id(id).ok_or_else(|| {
                let what = format!("text of code set {id:#010x}");
                CodecError::unsupported(what, "UTF-8, ISO 8859-1 and UTF-16 are known")
            }),
        };
        let (char, wchar) = (known(char, CodeSet::Latin1)?, known(wchar, CodeSet::Utf16)?);
        Ok(Some(CodeSets { char, wchar }))
    }

    /// Adds where the client's objects are, which may be called over its own connection (§9.8.1).
    #[must_use]
    pub fn with_listen_points(mut self, points: &[ListenPoint]) -> Self {
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        let written = out.count(points.len()).and_then(|()| {
            points.iter().try_for_each(|point| {
                out.name(&point.host)?;
                out.u16(point.port)
            })
        });
        if written.is_ok() {
            self.0.push(ServiceContext { id: context_id::BI_DIR_IIOP, data: out.into_bytes().into() });
        }
        self
    }

    /// Where the client's objects are, if it says; no more than 16 places, and none that cannot be read.
    #[must_use]
    pub fn listen_points(&self) -> Vec<ListenPoint> {
        let Some(data) = self.find(context_id::BI_DIR_IIOP) else { return Vec::new() };
        let read = || {
            let mut from = CdrDecoder::encapsulation(data, &Limits::default())?;
            let count = from.count(7)?.min(LISTEN_POINTS);
            let point = |_| Ok(ListenPoint { host: from.name()?.to_owned(), port: from.u16()? });
            (0..count).map(point).collect::<Result<_, CodecError>>()
        };
        read().unwrap_or_default()
    }

    /// Adds a text that tells more of an exception.
    #[must_use]
    pub fn with_detail(mut self, text: &str) -> Self {
        let mut out = CdrEncoder::encapsulation(ByteOrder::Big);
        if out.wide_str(text).is_ok() {
            let data = out.into_bytes().into();
            self.0.push(ServiceContext { id: context_id::EXCEPTION_DETAIL_MESSAGE, data });
        }
        self
    }

    /// The text that tells more of an exception.
    #[must_use]
    pub fn detail(&self) -> Option<String> {
        let data = self.find(context_id::EXCEPTION_DETAIL_MESSAGE)?;
        CdrDecoder::encapsulation(data, &Limits::default()).ok()?.wide_string().ok()
    }

    pub(super) fn read(from: &mut CdrDecoder<'_>) -> Result<Self, CodecError> {
        let count = from.count(8)?;
        let mut contexts = Vec::new();
        for _ in 0..count {
            contexts.push(ServiceContext { id: from.u32()?, data: from.bytes()? });
        }
        Ok(Self(contexts))
    }

    pub(super) fn write(&self, out: &mut CdrEncoder) -> Written {
        out.count(self.0.len())?;
        self.0.iter().try_for_each(|context| {
            out.u32(context.id)?;
            out.bytes(&context.data)
        })
    }
}
