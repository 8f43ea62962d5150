//! [`GiopTap`]: what goes over a connection of IIOP, taken apart for `--wire`.

use std::fmt::Write as _;
use std::io::Write as _;

use farcall::corba::giop::{Side, Trace, Traced};
use farcall::model::Interface;
use farcall::net::{Address, StreamTap};

use crate::hex;
use crate::output::printable_lines;
use crate::secrets::Secrets;

/// So many characters of a value are shown, and so many octets of a body.
const VALUE: usize = 200;
const BODY: usize = 4 << 10;

/// Shows the messages of one connection on standard error.
#[derive(Debug)]
pub(crate) struct GiopTap {
    place: String,
    trace: Trace,
    secrets: Secrets,
}

impl GiopTap {
    /// For a connection to that address; parameters are shown as far as the interfaces tell of them.
    pub(crate) fn new(address: &Address, interfaces: &[Interface], secrets: &Secrets) -> Self {
        let (trace, secrets) = (Trace::new(interfaces.to_vec()), secrets.clone());
        Self { place: address.to_string(), trace, secrets }
    }

    fn tell(&mut self, from: Side, octets: &[u8]) {
        for message in self.trace.take(from, octets) {
            let text = text(from, &self.place, &message, &self.secrets);
            // there is nowhere to complain to
            let _ = std::io::stderr().write_all(printable_lines(&text).as_bytes());
        }
    }
}

impl StreamTap for GiopTap {
    fn sent(&mut self, octets: &[u8]) {
        self.tell(Side::Client, octets);
    }

    fn received(&mut self, octets: &[u8]) {
        self.tell(Side::Server, octets);
    }
}

fn text(from: Side, place: &str, message: &Traced, secrets: &Secrets) -> String {
    let arrow = if from == Side::Client { '>' } else { '<' };
    let mut text = format!("{arrow} {place} {}\n", message.title);
    for field in &message.fields {
        let said = secrets.mask(&field.text);
        let shown: String = said.chars().take(VALUE).collect();
        let more = if shown.len() < said.len() { "…" } else { "" };
        // writing to a String does not fail
        let _ = writeln!(text, "{arrow} {:06x}  {:<12} {shown}{more}", field.at, field.name);
    }
    let Some(at) = message.body else { return text };
    let body = &message.octets[at..];
    let _ = writeln!(text, "{arrow} body, {} octets", body.len());
    let said = String::from_utf8_lossy(body);
    if secrets.mask(&said) == said {
        text.push_str(&hex::dump_from(&body[..body.len().min(BODY)], at));
        if body.len() > BODY {
            let _ = writeln!(text, "… {} octets more", body.len() - BODY);
        }
    } else {
        text.push_str("(with a secret among them)\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use farcall::corba::giop::{Header, Kind};
    use farcall::corba::{ByteOrder, Version};

    #[test]
    fn bodies_are_cut_and_secrets_are_not_shown() {
        let mut secrets = Secrets::default();
        secrets.add("hush-hush");
        let show = |body: &[u8]| {
            let (version, order, kind) = (Version::V1_0, ByteOrder::Big, Kind::Reply);
            let header = Header { version, order, more: false, kind, size: 12 + body.len() };
            let octets = [&header.octets()[..], &[0; 12], body].concat();
            let mut tap = Trace::new(Vec::new());
            text(Side::Server, "h:1", &tap.take(Side::Server, &octets)[0], &secrets)
        };
        let plain = show(b"plain");
        assert!(plain.starts_with("< h:1 Reply, GIOP 1.0, big-endian, 29 octets\n"), "{plain}");
        assert!(plain.contains("\n000018  70 6c 61 69 6e "), "{plain}");
        assert!(show(&[7; BODY + 1]).ends_with("… 1 octets more\n"));
        let hidden = show(b"a hush-hush b");
        assert!(hidden.contains("with a secret") && !hidden.contains("68 75 73 68"), "{hidden}");
    }
}
