//! What a reference says, for people.

use std::fmt::Write as _;

use super::component::{CodeSetInfo, Component, TaggedComponent};
use super::{IiopProfile, Ior, TAG_INTERNET_IOP, TAG_MULTIPLE_COMPONENTS, component, escape_key};
use crate::cdr::CodeSet;

impl Ior {
    /// What it says, line by line: type, profiles, components.
    ///
    /// ```
    /// let ior: farcall_corba::Ior = "corbaloc::localhost/fortune".parse()?;
    /// assert!(ior.describe().contains("IIOP 1.2  localhost port 2809  key fortune"));
    /// # Ok::<(), farcall_corba::ior::IorError>(())
    /// ```
    #[must_use]
    pub fn describe(&self) -> String {
        let mut text = String::new();
        if self.is_nil() {
            return "nil reference\n".to_owned();
        }
        let ty = if self.type_id.is_empty() { "(not said)" } else { &self.type_id };
        line(&mut text, 0, format_args!("type      {ty}"));
        for profile in &self.profiles {
            match profile.tag {
                TAG_INTERNET_IOP => match IiopProfile::decode(&profile.data) {
                    Ok(iiop) => describe_iiop(&mut text, &iiop),
                    Err(error) => {
                        line(&mut text, 0, format_args!("IIOP profile that cannot be read: {error}"))
                    }
                },
                TAG_MULTIPLE_COMPONENTS => {
                    line(&mut text, 0, format_args!("components without an address"));
                    let components = component::decode_all(&profile.data).unwrap_or_default();
                    components.iter().for_each(|c| describe_component(&mut text, c));
                }
                tag => {
                    let octets = profile.data.len();
                    line(&mut text, 0, format_args!("profile of tag {tag:#x}, {octets} octets"));
                }
            }
        }
        text
    }
}

fn line(text: &mut String, depth: usize, what: std::fmt::Arguments<'_>) {
    // writing to a String cannot fail
    let _ = writeln!(text, "{:1$}{what}", "", depth * 4);
}

fn describe_iiop(text: &mut String, iiop: &IiopProfile) {
    let IiopProfile { version, host, port, .. } = iiop;
    let key = escape_key(&iiop.object_key);
    line(text, 0, format_args!("IIOP {version}  {host} port {port}  key {key}"));
    iiop.components.iter().for_each(|c| describe_component(text, c));
}

fn describe_component(text: &mut String, component: &TaggedComponent) {
    match component.decode() {
        Component::OrbType(orb) => {
            let letters: String = orb.to_be_bytes().iter().map(|b| char::from(*b)).collect();
            let letters = if letters.chars().all(|c| c.is_ascii_graphic()) { letters } else { String::new() };
            line(text, 1, format_args!("ORB       {orb:#010x} {letters}"));
        }
        Component::CodeSets(char, wchar) => {
            line(text, 1, format_args!("char      {}", sets(&char)));
            line(text, 1, format_args!("wchar     {}", sets(&wchar)));
        }
        Component::AlternateAddress(at) => {
            line(text, 1, format_args!("also at   {} port {}", at.host, at.port));
        }
        Component::Ssl(ssl) => line(
            text,
            1,
            format_args!(
                "TLS       port {}, supports {:#06x}, requires {:#06x}",
                ssl.port, ssl.supports, ssl.requires
            ),
        ),
        Component::Unix(socket) => {
            line(text, 1, format_args!("also at   unix socket {} of {}", socket.path, socket.host));
        }
        Component::Csi(security) => {
            let wanted = if security.required { "must" } else { "may" };
            line(text, 1, format_args!("CSIv2     callers {wanted} say user and password (GSSUP)"));
        }
        Component::Addresses(urls) => {
            urls.iter().for_each(|url| line(text, 1, format_args!("also at   {url}")));
        }
        Component::Other(other) => {
            let octets = other.data.len();
            line(text, 1, format_args!("component of tag {:#x}, {octets} octets", other.tag));
        }
    }
}

fn sets(info: &CodeSetInfo) -> String {
    let name = |id: &u32| match CodeSet::of_id(*id) {
        Some(CodeSet::Latin1) => "ISO 8859-1".to_owned(),
        Some(CodeSet::Utf8) => "UTF-8".to_owned(),
        Some(CodeSet::Utf16) => "UTF-16".to_owned(),
        Some(CodeSet::Ucs2) => "UCS-2".to_owned(),
        None => format!("{id:#010x}"),
    };
    let conversions: Vec<String> = info.conversions.iter().map(name).collect();
    format!("{} (converts: {})", name(&info.native), conversions.join(", "))
}
