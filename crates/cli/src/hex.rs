//! Octets as people read them.

/// So many octets stand in a line.
const WIDTH: usize = 16;

/// Offset, hexadecimal digits and ASCII, a line for sixteen octets.
pub(crate) fn dump(octets: &[u8]) -> String {
    dump_from(octets, 0)
}

/// The same, of octets that begin at that offset.
pub(crate) fn dump_from(octets: &[u8], start: usize) -> String {
    let line = |(index, line): (usize, &[u8])| {
        let digits: String = line.iter().map(|octet| format!("{octet:02x} ")).collect();
        let shown = |octet: &u8| if matches!(octet, b' '..=b'~') { char::from(*octet) } else { '.' };
        let text: String = line.iter().map(shown).collect();
        format!("{:06x}  {digits:<width$} {text}\n", start + index * WIDTH, width = WIDTH * 3)
    };
    octets.chunks(WIDTH).enumerate().map(line).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn octets_have_an_offset_and_their_ascii() {
        let dumped = super::dump(b"GIOP\x01\x02\0\0 sixteen and");
        let first = "000000  47 49 4f 50 01 02 00 00 20 73 69 78 74 65 65 6e  GIOP.... sixteen\n";
        assert!(dumped.starts_with(first), "{dumped}");
        assert!(dumped.ends_with(" and\n") && dumped.contains("\n000010  20 61 6e 64 "), "{dumped}");
    }
}
