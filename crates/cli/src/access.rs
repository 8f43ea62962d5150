//! [`Access`]: user, token and headers that a command was given, read once.

use farcall::ConnectionOptions;
use farcall::net::ClientBuilder;
use farcall::soap::UsernameToken;
use http::header::{HeaderName, HeaderValue};

use crate::args::ClientArgs;
use crate::exit::Failure;
use crate::output::warn;
use crate::secrets::{self, Secrets};
use crate::soap_header::SoapHeader;

/// Who calls.
#[derive(Clone)]
pub(crate) enum SignIn {
    Nobody,
    User { name: String, password: String },
    Bearer { token: String },
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nobody => f.write_str("Nobody"),
            Self::User { name, .. } => f.debug_struct("User").field("name", name).finish_non_exhaustive(),
            Self::Bearer { .. } => f.write_str("Bearer"),
        }
    }
}

/// What a command shows of itself to the server, and what of it must not be shown to people.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) sign_in: SignIn,
    /// Headers of `-H`, those with a secret marked as sensitive.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Headers of SOAP of `-H`.
    pub(crate) soap_headers: Vec<SoapHeader>,
    /// Whether to sign in by digest.
    digest: bool,
    /// Who calls by WS-Security.
    pub(crate) wsse: Option<UsernameToken>,
    pub(crate) secrets: Secrets,
}

impl Access {
    /// Reads what the flags name; may ask at the terminal.
    pub(crate) fn read(args: &ClientArgs) -> Result<Self, Failure> {
        Self::with(args, Secrets::default())
    }

    /// The same beside secrets that are known.
    pub(crate) fn with(args: &ClientArgs, mut secrets: Secrets) -> Result<Self, Failure> {
        let sign_in = sign_in(args, &mut secrets)?;
        let headers = headers(args, &mut secrets)?;
        let wsse = wsse(args, &mut secrets)?;
        let soap_headers = args.headers.iter().map(|text| SoapHeader::parse(text));
        let soap_headers = soap_headers.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        Ok(Self { sign_in, headers, soap_headers, digest: args.digest, wsse, secrets })
    }

    /// Has requests carry it.
    pub(crate) fn apply(&self, http: ClientBuilder) -> ClientBuilder {
        let http = match &self.sign_in {
            SignIn::Nobody => http,
            SignIn::User { name, password } if self.digest => http.digest_auth(name, password),
            SignIn::User { name, password } => http.basic_auth(name, password),
            SignIn::Bearer { token } => http.bearer_auth(token),
        };
        self.headers.iter().fold(http, |http, (name, value)| http.header(name.clone(), value.clone()))
    }

    /// Has requests over IIOP say who calls.
    pub(crate) fn apply_corba(&self, options: ConnectionOptions) -> ConnectionOptions {
        match &self.sign_in {
            SignIn::Nobody => options,
            SignIn::User { name, password } => options.with_credentials(name, password),
            SignIn::Bearer { token } => options.with_credentials("", token),
        }
    }
}

fn wsse(args: &ClientArgs, secrets: &mut Secrets) -> Result<Option<UsernameToken>, Failure> {
    let Some(user) = &args.wsse else { return Ok(None) };
    let (name, password, on_the_line) = secrets::user(user)?;
    if on_the_line {
        warn("a password on the line can be seen by others on this machine; use --wsse USER:@FILE");
    }
    secrets.add(&password);
    let token = if args.wsse_text { UsernameToken::text } else { UsernameToken::digest };
    Ok(Some(token(name, password)))
}

fn sign_in(args: &ClientArgs, secrets: &mut Secrets) -> Result<SignIn, Failure> {
    if let Some(user) = &args.user {
        let (name, password, on_the_line) = secrets::user(user)?;
        if on_the_line {
            warn("a password on the line can be seen by others on this machine; use -u USER:@FILE");
        }
        secrets.add(&password);
        return Ok(SignIn::User { name, password });
    }
    let Some(source) = &args.bearer else { return Ok(SignIn::Nobody) };
    let token = match secrets::from_source(source, "Bearer token")? {
        Some(token) => token,
        None => {
            warn("a token on the line can be seen by others on this machine; use --bearer @FILE");
            source.clone()
        }
    };
    secrets.add(&token);
    if HeaderValue::from_str(&token).is_err() {
        return Err(Failure::usage("the token has characters that no header can carry").at("--bearer"));
    }
    Ok(SignIn::Bearer { token })
}

fn headers(args: &ClientArgs, secrets: &mut Secrets) -> Result<Vec<(HeaderName, HeaderValue)>, Failure> {
    let read = |text: &String| {
        let bad = |why: &str| Failure::usage(why).at("-H").then_try("-H 'Name: value'");
        let (name, value) = text.split_once(':').ok_or_else(|| bad("the header has no ':'"))?;
        let name: HeaderName = name.trim().parse().map_err(|_| bad("the header's name is malformed"))?;
        let secret = secrets::from_source(value.trim(), name.as_str())?;
        if let Some(secret) = &secret {
            secrets.add(secret);
        }
        let mut value = HeaderValue::from_str(secret.as_deref().unwrap_or(value.trim()))
            .map_err(|_| bad("the header's value has characters that no header can carry"))?;
        value.set_sensitive(secret.is_some());
        Ok((name, value))
    };
    let of_http = |text: &&String| matches!(SoapHeader::parse(text), Ok(None));
    args.headers.iter().filter(of_http).map(read).collect()
}
