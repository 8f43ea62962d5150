//! A text as pieces that can be put together again: tokens, comments and directives as they stand.

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Token,
    /// `// …`, without its end of line.
    LineComment,
    BlockComment,
    /// `#…` with all its lines.
    Directive,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Ends of lines before it.
    pub(super) lines: usize,
    /// True if white space stands before it on its line.
    pub(super) spaced: bool,
    /// Characters before it on its line.
    pub(super) column: usize,
}

/// All pieces; what is between them is white space.
pub(super) fn scan(text: &str) -> Vec<Piece<'_>> {
    let mut out: Vec<Piece<'_>> = Vec::new();
    let (mut at, mut lines, mut spaced, mut line_start) = (0, 0, false, 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c == '\n' || c.is_whitespace() {
            at += c.len_utf8();
            spaced = true;
            if c == '\n' {
                lines += 1;
                line_start = at;
            }
            continue;
        }
        if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") {
            // Outside directives, a splice is white space.
            at += rest.find('\n').map_or(1, |i| i + 1);
            spaced = true;
            lines += 1;
            line_start = at;
            continue;
        }
        let fresh = lines > 0 || out.is_empty();
        let (kind, length) = piece(rest, fresh);
        let piece_text = &rest[..length];
        out.push(Piece {
            kind,
            text: piece_text.trim_end(),
            lines,
            spaced,
            column: text[line_start..at].chars().count(),
        });
        at += length;
        lines = 0;
        spaced = false;
        if let Some(last) = piece_text.rfind('\n') {
            line_start = at - (length - last - 1);
        }
    }
    out
}

/// What a text starts with, and how many octets it has.
fn piece(rest: &str, fresh: bool) -> (Kind, usize) {
    if rest.starts_with('#') && fresh {
        return (Kind::Directive, directive(rest));
    }
    if rest.starts_with("//") {
        return (Kind::LineComment, line(rest));
    }
    if let Some(inner) = rest.strip_prefix("/*") {
        return (Kind::BlockComment, inner.find("*/").map_or(rest.len(), |end| end + 4));
    }
    (Kind::Token, token(rest))
}

/// Up to the end of the line, spliced ones included.
fn line(rest: &str) -> usize {
    let mut at = 0;
    while let Some(end) = rest[at..].find('\n') {
        let before = rest[..at + end].trim_end_matches('\r');
        if !before.ends_with('\\') {
            return at + end;
        }
        at += end + 1;
    }
    rest.len()
}

/// As a line, but a block comment in it may go on over more.
fn directive(rest: &str) -> usize {
    let end = line(rest);
    match rest[..end].rfind("/*") {
        Some(open) if !rest[open..end].contains("*/") => {
            rest[open..].find("*/").map_or(rest.len(), |close| open + close + 2)
        }
        _ => end,
    }
}

fn token(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    let wide = first == 'L' && rest[1..].starts_with(['"', '\'']);
    if wide || matches!(first, '"' | '\'') {
        return usize::from(wide) + literal(&rest[usize::from(wide)..]);
    }
    let word = |c: char| c.is_alphanumeric() || c == '_';
    if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
        let mut last = first;
        let ends = |c: char, last: char| {
            let exponent = matches!(last, 'e' | 'E') && !rest.starts_with("0x") && !rest.starts_with("0X");
            !(word(c) || c == '.' || (exponent && matches!(c, '+' | '-')))
        };
        for (at, c) in chars {
            if ends(c, last) {
                return at;
            }
            last = c;
        }
        return rest.len();
    }
    if word(first) {
        return rest.find(|c: char| !word(c)).unwrap_or(rest.len());
    }
    let long = LONG.iter().find(|punct| rest.starts_with(**punct));
    long.map_or(first.len_utf8(), |punct| punct.len())
}

/// Punctuation of more than one character.
const LONG: &[&str] = &["...", "::", "<<", ">>", "&&", "||", "==", "!=", "<=", ">=", "##"];

/// True if two tokens written together would be read as others.
pub(super) fn fuse(first: &str, second: &str) -> bool {
    let both = format!("{first}{second}");
    piece(&both, false) != (Kind::Token, first.len())
}

/// A literal with its quotes; one that is not closed ends with its line.
fn literal(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, quote)) = chars.next() else { return 0 };
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '\n' => return at,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}
