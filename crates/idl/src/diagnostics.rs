//! What is said about a text: [`Diagnostic`], and how it is shown.

use std::fmt::Write as _;

use crate::source::{Sources, Span};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The text is refused.
    Error,
    /// The text is accepted, but somebody should look at it.
    Warning,
}

/// Something to say about a place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and what was expected.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Other places that have to do with it.
    pub notes: Vec<(Span, String)>,
}

impl Diagnostic {
    /// The diagnostic with its source line and the place marked, as compilers print it:
    /// `file:line:column: error: …`.
    #[must_use]
    pub fn render(&self, sources: &Sources) -> String {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut out = String::new();
        show(&mut out, sources, self.span, word, &self.message);
        for (span, note) in &self.notes {
            show(&mut out, sources, *span, "note", note);
        }
        let mut at = sources.file(self.span).and_then(|f| f.included_at);
        while let Some(include) = at {
            let (line, _) = sources.position(include);
            let name = sources.file(include).map_or("", |f| f.name.as_str());
            let _ = writeln!(out, "  included from {name}:{line}");
            at = sources.file(include).and_then(|f| f.included_at);
        }
        out
    }
}

/// So many characters of a line are shown at most.
const WIDTH: usize = 160;

fn show(out: &mut String, sources: &Sources, span: Span, word: &str, message: &str) {
    let Some(file) = sources.file(span) else {
        let _ = writeln!(out, "{word}: {message}");
        return;
    };
    let (line, column) = sources.position(span);
    let _ = writeln!(out, "{}:{line}:{column}: {word}: {message}", file.name);
    let range = sources.line(span);
    let text = file.text.get(range.clone()).unwrap_or("").trim_end();
    if column > WIDTH {
        return;
    }
    let shown: String = text.chars().take(WIDTH).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let end = (span.end as usize).min(range.end);
    let marked = file.text.get(span.start as usize..end).map_or(1, |t| t.chars().count());
    let marked = marked.clamp(1, (WIDTH + 1).saturating_sub(column).max(1));
    let margin = line.to_string().len();
    let _ = writeln!(out, "{line} | {shown}");
    let (gap, marks) = (" ".repeat(column - 1), "^".repeat(marked));
    let _ = writeln!(out, "{:margin$} | {gap}{marks}", "");
}

/// Collects what is said, up to a bound.
#[derive(Debug)]
pub(crate) struct Diagnostics {
    items: Vec<Diagnostic>,
    limit: usize,
    errors: usize,
}

impl Diagnostics {
    pub(crate) fn new(limit: usize) -> Self {
        Self { items: Vec::new(), limit, errors: 0 }
    }

    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>) {
        self.push(Severity::Error, span, message.into(), Vec::new());
    }

    pub(crate) fn error_with(
        &mut self,
        span: Span,
        message: impl Into<String>,
        at: Span,
        note: impl Into<String>,
    ) {
        self.push(Severity::Error, span, message.into(), vec![(at, note.into())]);
    }

    pub(crate) fn error_notes(&mut self, span: Span, message: impl Into<String>, notes: Vec<(Span, String)>) {
        self.push(Severity::Error, span, message.into(), notes);
    }

    pub(crate) fn warning(&mut self, span: Span, message: impl Into<String>) {
        self.push(Severity::Warning, span, message.into(), Vec::new());
    }

    fn push(&mut self, severity: Severity, span: Span, message: String, notes: Vec<(Span, String)>) {
        self.errors += usize::from(severity == Severity::Error);
        let one = Diagnostic { severity, message, span, notes };
        if self.items.len() < self.limit && !self.items.contains(&one) {
            self.items.push(one);
        }
    }

    /// True once so much is wrong that going on serves nobody.
    pub(crate) fn full(&self) -> bool {
        self.items.len() >= self.limit
    }

    pub(crate) fn failed(&self) -> bool {
        self.errors > 0
    }

    pub(crate) fn into_items(self) -> Vec<Diagnostic> {
        self.items
    }
}
