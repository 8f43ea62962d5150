//! [`Refusal`]: a message that an extension of SOAP refuses, with a code of that extension.

use farcall_wire::Written;

use crate::Version;
use crate::codec::SoapEncoder;
use crate::fault::FARCALL;
use crate::message;
use crate::names::Spaces;

/// Why an extension refuses a message. Its code is the `faultcode` of SOAP 1.1 and the `Subcode` of
/// 1.2, whose code is then that of the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The namespace of the code.
    pub(crate) space: &'static str,
    pub(crate) code: &'static str,
    /// The more general code that SOAP 1.2 has around it.
    pub(crate) within: Option<&'static str>,
    pub(crate) text: String,
}

impl Refusal {
    #[cold]
    pub(crate) fn new(space: &'static str, code: &'static str, text: impl Into<String>) -> Self {
        Self { space, code, within: None, text: text.into() }
    }

    /// Sets the more general code.
    pub(crate) fn within(mut self, code: &'static str) -> Self {
        self.within = Some(code);
        self
    }

    /// The octets of the message that says so. `header` is XML for its header.
    pub(crate) fn encode(&self, version: Version, header: &str) -> Vec<u8> {
        let mut out = message::begin(version, Spaces::new(FARCALL, ""), header);
        // texts of refusals quote nothing but what was read from XML, so they can be written to it
        let written = self.write(&mut out, version);
        debug_assert!(written.is_ok());
        message::finish(out)
    }

    fn write(&self, out: &mut SoapEncoder, version: Version) -> Written {
        let Self { space, code, within, text } = self;
        match version {
            Version::V11 => {
                out.raw(&format!(
                    "<s:Fault><faultcode xmlns:x=\"{space}\">x:{code}</faultcode><faultstring>"
                ));
                out.text(text)?;
                out.raw("</faultstring></s:Fault>");
            }
            Version::V12 => {
                let codes: Vec<&str> = within.iter().chain([code]).copied().collect();
                out.raw("<s:Fault><s:Code><s:Value>s:Sender</s:Value>");
                for code in &codes {
                    out.raw(&format!("<s:Subcode><s:Value xmlns:x=\"{space}\">x:{code}</s:Value>"));
                }
                out.raw(&"</s:Subcode>".repeat(codes.len()));
                out.raw("</s:Code>");
                out.raw("<s:Reason><s:Text xml:lang=\"en\">");
                out.text(text)?;
                out.raw("</s:Text></s:Reason></s:Fault>");
            }
        }
        Ok(())
    }
}
