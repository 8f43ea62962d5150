//! IDL laid out anew: [`format`].

mod scan;

use scan::{Kind, Piece, fuse, scan};

/// Lays a text out: four spaces a level, one between words, none at the ends of lines, no two
/// empty lines.
///
/// Where lines end is left as it was written, and so are comments and directives. Any text is
/// taken, also one with errors; its tokens stay the same.
///
/// ```
/// let text = "module  a{\ninterface I:B{\n void f( in long x ) ; // what\n};\n};";
/// let expected = "module a {\n    interface I : B {\n        void f(in long x); // what\n    };\n};\n";
/// assert_eq!(farcall_idl::format(text), expected);
/// ```
#[must_use]
pub fn format(text: &str) -> String {
    let mut layout = Layout::default();
    for piece in scan(text) {
        layout.piece(&piece);
    }
    if !layout.out.is_empty() {
        layout.out.push('\n');
    }
    layout.out
}

#[derive(Debug, Default)]
struct Layout {
    out: String,
    /// The open braces: true for those of enumerations.
    braces: Vec<bool>,
    /// Open parentheses and brackets.
    parentheses: usize,
    /// Open `<`.
    angles: usize,
    /// The last token; comments and directives aside.
    last: String,
    /// The one before it.
    before_last: String,
    /// True after `enum` until its brace.
    enumeration: bool,
    /// True after `case` or `default` until its colon.
    label: bool,
    /// The last piece was a comment to the end of the line, or a directive: a line must end.
    must_end: bool,
}

impl Layout {
    fn piece(&mut self, piece: &Piece<'_>) {
        let fresh = self.out.is_empty();
        if !fresh && (piece.lines > 0 || self.must_end) {
            self.out.push('\n');
            if piece.lines > 1 {
                self.out.push('\n');
            }
        }
        let starts = fresh || piece.lines > 0 || self.must_end;
        self.must_end = matches!(piece.kind, Kind::LineComment | Kind::Directive);
        match piece.kind {
            Kind::Directive => self.verbatim(piece.text),
            Kind::LineComment | Kind::BlockComment => {
                if starts {
                    self.indent("");
                } else {
                    self.out.push(' ');
                }
                self.comment(piece, starts);
            }
            Kind::Token => {
                if starts {
                    self.indent(piece.text);
                } else if self.gap(piece) {
                    self.out.push(' ');
                }
                self.out.push_str(piece.text);
                self.note(piece.text);
            }
        }
    }

    /// Lines as they are, but for white space at their ends.
    fn verbatim(&mut self, text: &str) {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        self.out.push_str(&lines.join("\n"));
    }

    /// A comment; its further lines move with its first.
    fn comment(&mut self, piece: &Piece<'_>, starts: bool) {
        if !starts || piece.kind == Kind::LineComment {
            return self.verbatim(piece.text);
        }
        let indent = self.out.len() - self.out.rfind('\n').map_or(0, |i| i + 1);
        for (number, line) in piece.text.lines().enumerate() {
            if number == 0 {
                self.out.push_str(line.trim_end());
                continue;
            }
            let body = line.trim();
            let had = line.chars().take_while(|c| c.is_whitespace()).count();
            let moved =
                if body.starts_with('*') { indent + 1 } else { (indent + had).saturating_sub(piece.column) };
            self.out.push('\n');
            if !body.is_empty() {
                self.out.push_str(&" ".repeat(moved));
                self.out.push_str(body);
            }
        }
    }

    /// The white space at the start of a line whose first token is this; empty for a comment.
    fn indent(&mut self, first: &str) {
        let closing = first.starts_with('}');
        let mut levels = self.braces.len() - usize::from(closing && !self.braces.is_empty());
        let ended = matches!(self.last.as_str(), "" | ";" | "{" | "}" | ":")
            || (self.last == "," && self.parentheses == 0 && self.braces.last() == Some(&true));
        let after_label = self.last == ":" && !self.label && self.before_label();
        let continued = !ended || (self.last == ":" && !after_label);
        let opens = matches!(first, "{" | "}" | ")");
        if (continued || self.parentheses > 0 || (after_label && first != "case" && first != "default"))
            && !opens
        {
            levels += 1;
        }
        self.out.push_str(&"    ".repeat(levels.min(MOST)));
    }

    /// True if the last colon ended a label.
    fn before_label(&self) -> bool {
        self.before_last == "\u{0}label"
    }

    /// Whether a space stands between the last piece and this token on the same line.
    fn gap(&self, piece: &Piece<'_>) -> bool {
        let (last, next) = (self.last.as_str(), piece.text);
        if self.out.ends_with("*/") {
            return true;
        }
        if !last.is_empty() && fuse(last, next) {
            return true;
        }
        let sign = matches!(last, "-" | "+" | "~") && self.is_operand_wanted(&self.before_last);
        match (last, next) {
            ("" | "(" | "[" | "::" | "@", _) | (_, ";" | "," | ")" | "]" | "[") => false,
            ("{", "}") => false,
            _ if sign => false,
            (">" | ">>", "::") | ("<" | ":" | "," | ";", "::") => last != "<" || piece.spaced,
            (_, "::") => piece.spaced,
            ("<", _) | (_, "<" | ">") => false,
            (_, ">>") if self.angles > 1 => false,
            (_, ":") => !self.label,
            ("##", _) | (_, "##") => piece.spaced,
            (word, "(") => {
                let spaced = ["raises", "switch", "context", "getraises", "setraises"].contains(&word);
                spaced || !word.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '>')
            }
            _ => true,
        }
    }

    /// True after what an operand must follow, so that `-` there is a sign.
    fn is_operand_wanted(&self, token: &str) -> bool {
        let operators =
            ["=", "(", ",", "[", "<", "|", "^", "&", "<<", ">>", "+", "-", "*", "/", "%", "~", "case"];
        operators.contains(&token)
    }

    /// Takes note of a token that was written.
    fn note(&mut self, token: &str) {
        let mut before = std::mem::replace(&mut self.last, token.to_owned());
        match token {
            "enum" => self.enumeration = true,
            "case" | "default" => self.label = true,
            ":" if self.label => {
                self.label = false;
                before = "\u{0}label".to_owned();
            }
            "{" => self.braces.push(std::mem::take(&mut self.enumeration)),
            "}" => {
                self.braces.pop();
                self.parentheses = 0;
            }
            ";" => {
                self.parentheses = 0;
                self.angles = 0;
                self.label = false;
            }
            "(" | "[" => self.parentheses += 1,
            ")" | "]" => self.parentheses = self.parentheses.saturating_sub(1),
            "<" => self.angles += 1,
            ">" => self.angles = self.angles.saturating_sub(1),
            ">>" => self.angles = self.angles.saturating_sub(2),
            _ => {}
        }
        self.before_last = before;
    }
}

/// Levels beyond this are not shown: a text of nothing but braces would grow by its square.
const MOST: usize = 40;
