//! Reads a `wsse:Security` header (Web Services Security: SOAP Message Security 1.1, section 5):
//! the tokens that are known, and nothing else.

use std::collections::HashSet;
use std::time::SystemTime;

use farcall_model::DateTime;
use farcall_wire::text;
use farcall_xml::{Event, Limits, Reader, Start};

use super::{BASE64, DIGEST, TEXT, WSSE, WSU};
use crate::refusal::Refusal;

/// Octets of the texts in a header.
const LONGEST: usize = 4096;
/// Octets of a nonce: 16 are usual.
const LONGEST_NONCE: usize = 128;

/// What a header says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) timestamp: Option<Timestamp>,
    pub(super) token: Option<Token>,
}

/// `wsu:Timestamp` (section 10).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Timestamp {
    pub(super) created: Option<SystemTime>,
    pub(super) expires: Option<SystemTime>,
}

/// `wsse:UsernameToken` (UsernameToken Profile 1.1, section 3).
#[derive(PartialEq, Eq)]
pub(super) struct Token {
    pub(super) user: String,
    pub(super) password: Password,
    pub(super) nonce: Option<Vec<u8>>,
    /// As it was sent, for that is what the digest is of, and the moment that it is.
    pub(super) created: Option<(String, SystemTime)>,
}

/// What shows that a caller knows the password.
#[derive(PartialEq, Eq)]
pub(super) enum Password {
    Text(String),
    Digest(Vec<u8>),
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("user", &self.user).finish_non_exhaustive()
    }
}

fn invalid(text: impl Into<String>) -> Refusal {
    Refusal::new(WSSE, "InvalidSecurity", text)
}

fn bad_token(text: impl Into<String>) -> Refusal {
    Refusal::new(WSSE, "InvalidSecurityToken", text)
}

fn malformed(error: farcall_xml::Error) -> Refusal {
    invalid(format!("the header cannot be read: {error}"))
}

/// Reads the header, which is an element of its own.
pub(super) fn read(xml: &str) -> Result<Said, Refusal> {
    let mut header = Header { reader: Reader::new(xml, Limits::default()), ids: HashSet::new() };
    header.next()?;
    let mut said = Said::default();
    while let Some(start) = header.next()? {
        match header.name(&start) {
            (Some(WSU), "Timestamp") if said.timestamp.is_none() => {
                said.timestamp = Some(header.timestamp()?);
            }
            (Some(WSSE), "UsernameToken") if said.token.is_none() => said.token = Some(header.token()?),
            (Some(WSU), "Timestamp") | (Some(WSSE), "UsernameToken") => {
                return Err(invalid(format!("the header has two {}", start.local())));
            }
            _ => {
                let text = format!(
                    "the header has <{}>; understood are UsernameToken and Timestamp alone",
                    start.qname()
                );
                return Err(Refusal::new(WSSE, "UnsupportedSecurityToken", text));
            }
        }
    }
    Ok(said)
}

struct Header<'a> {
    reader: Reader<'a>,
    /// What `wsu:Id`s there are.
    ids: HashSet<String>,
}

impl<'a> Header<'a> {
    /// The next child; `None` at the end of the element.
    fn next(&mut self) -> Result<Option<Start<'a>>, Refusal> {
        match self.reader.next_start_or_end().map_err(malformed)? {
            Event::Start(start) => {
                if let Some(id) = self.reader.attribute(&start, Some(WSU), "Id")
                    && !self.ids.insert(id.into_owned())
                {
                    return Err(invalid("two elements of the header have the same wsu:Id"));
                }
                Ok(Some(start))
            }
            _ => Ok(None),
        }
    }

    fn name(&self, start: &Start<'a>) -> (Option<&str>, &'a str) {
        self.reader.expanded(start)
    }

    fn text(&mut self) -> Result<String, Refusal> {
        let text = self.reader.text_content().map_err(malformed)?;
        if text.len() > LONGEST {
            return Err(invalid(format!("a text in the header is longer than {LONGEST} octets")));
        }
        Ok(text.into_owned())
    }

    fn moment(&mut self) -> Result<(String, SystemTime), Refusal> {
        let text = self.text()?;
        let moment = text.trim().parse::<DateTime>().ok().and_then(DateTime::to_system_time);
        let moment = moment.ok_or_else(|| invalid("a time in the header is not of the type dateTime"))?;
        Ok((text, moment))
    }

    fn timestamp(&mut self) -> Result<Timestamp, Refusal> {
        let (mut created, mut expires) = (None, None);
        while let Some(start) = self.next()? {
            let slot = match self.name(&start) {
                (Some(WSU), "Created") => &mut created,
                (Some(WSU), "Expires") => &mut expires,
                _ => return Err(invalid(format!("the Timestamp has <{}>", start.qname()))),
            };
            if slot.is_some() {
                return Err(invalid(format!("the Timestamp has two {}", start.local())));
            }
            *slot = Some(self.moment()?.1);
        }
        Ok(Timestamp { created, expires })
    }

    fn token(&mut self) -> Result<Token, Refusal> {
        let (mut user, mut password, mut nonce, mut created) = (None, None, None, None);
        while let Some(start) = self.next()? {
            let twice = match self.name(&start) {
                (Some(WSSE), "Username") => user.replace(self.text()?).is_some(),
                (Some(WSSE), "Password") => password.replace(self.password(&start)?).is_some(),
                (Some(WSSE), "Nonce") => nonce.replace(self.nonce(&start)?).is_some(),
                (Some(WSU), "Created") => created.replace(self.moment()?).is_some(),
                _ => {
                    return Err(bad_token(format!("the UsernameToken has <{}>", start.qname())));
                }
            };
            if twice {
                return Err(bad_token(format!("the UsernameToken has two {}", start.local())));
            }
        }
        let user = user.ok_or_else(|| bad_token("the UsernameToken has no Username"))?;
        let password = password.ok_or_else(|| bad_token("the UsernameToken has no Password"))?;
        Ok(Token { user, password, nonce, created })
    }

    fn password(&mut self, start: &Start<'a>) -> Result<Password, Refusal> {
        let ty = start.attribute("Type");
        let text = self.text()?;
        match ty.as_deref().unwrap_or(TEXT).trim() {
            TEXT => Ok(Password::Text(text)),
            DIGEST => {
                let digest = text::octets(&text, "digest");
                digest.map(Password::Digest).map_err(|_| bad_token("the Password is no base64"))
            }
            _ => Err(Refusal::new(
                WSSE,
                "UnsupportedAlgorithm",
                "the Password is neither a PasswordText nor a PasswordDigest",
            )),
        }
    }

    fn nonce(&mut self, start: &Start<'a>) -> Result<Vec<u8>, Refusal> {
        if start.attribute("EncodingType").is_some_and(|ty| ty.trim() != BASE64) {
            return Err(bad_token("the Nonce is in another encoding than base64"));
        }
        let text = self.text()?;
        let nonce = text::octets(&text, "nonce").ok().filter(|nonce| !nonce.is_empty());
        let nonce = nonce.filter(|nonce| nonce.len() <= LONGEST_NONCE);
        nonce.ok_or_else(|| bad_token(format!("the Nonce is not 1 to {LONGEST_NONCE} octets in base64")))
    }
}
