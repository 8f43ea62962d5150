//! The pull reader: its state, what it hands out, and moving from event to event.

mod content;
mod markup;
mod names;
mod predict;
mod tags;

use std::borrow::Cow;

use crate::attributes::{Attribute, Start};
use crate::chars::{SPACE, forbidden_in, is, is_white_space};
use crate::declaration;
use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::namespaces::Namespaces;
use crate::position::{Position, path_at};
use tags::AttributeName;

/// One step through a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A start tag or an empty-element tag; the latter is followed by an `End` of its own.
    Start(Start<'a>),
    /// The end of the innermost open element.
    End,
    /// Character data up to the next markup: references replaced, line ends normalised.
    Text(Cow<'a, str>),
    /// The inside of a CDATA section, line ends normalised.
    CData(Cow<'a, str>),
    /// The inside of a comment, as written.
    Comment(&'a str),
    /// A processing instruction.
    Instruction(Instruction<'a>),
    /// The document is complete. Comes again when asked again.
    Eof,
}

/// A processing instruction, `<?target data?>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction<'a> {
    /// Whom it is for.
    pub target: &'a str,
    /// What follows the target and white space, as written.
    pub data: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing has been read.
    Begin,
    /// Before the root element.
    Prolog,
    /// Inside the root element.
    Content,
    /// After an empty-element tag, whose end is still to be told.
    EmptyTag,
    /// After the root element.
    Epilog,
}

/// An open element: where its name is, and how many namespace bindings were in scope outside it.
#[derive(Debug, Clone, Copy)]
struct Open {
    name_at: usize,
    name_len: u32,
    bindings: u32,
}

/// A pull reader of one XML document.
///
/// It borrows the text, allocates nothing per event except for text that holds references or CRs,
/// and never recurses. After an error it stays where it was and gives the same error again.
///
/// ```
/// use farcall_xml::{Event, Limits, Reader};
///
/// let mut reader = Reader::new("<a xmlns='urn:x'>1<b/></a>", Limits::default());
/// let Event::Start(a) = reader.next_event()? else { unreachable!() };
/// assert_eq!(reader.expanded(&a), (Some("urn:x"), "a"));
/// assert_eq!(reader.next_event()?, Event::Text("1".into()));
/// assert!(matches!(reader.next_event()?, Event::Start(b) if b.self_closing()));
/// assert_eq!(reader.next_event()?, Event::End);
/// assert_eq!(reader.next_event()?, Event::End);
/// assert_eq!(reader.next_event()?, Event::Eof);
/// # Ok::<(), farcall_xml::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    text: &'a str,
    pos: usize,
    /// No forbidden character begins before this offset.
    clean: usize,
    state: State,
    limits: Limits,
    /// Elements begun so far.
    elements: usize,
    stack: Vec<Open>,
    namespaces: Namespaces<'a>,
    /// Reused for the attributes of each tag.
    names: Vec<AttributeName>,
}

/// Room for open elements that most messages need.
const USUAL_DEPTH: usize = 16;

impl<'a> Reader<'a> {
    /// A reader at the beginning of a document.
    #[must_use]
    pub fn new(text: &'a str, limits: Limits) -> Self {
        Self {
            text,
            pos: 0,
            clean: 0,
            state: State::Begin,
            limits,
            elements: 0,
            stack: Vec::with_capacity(USUAL_DEPTH),
            namespaces: Namespaces::default(),
            names: Vec::new(),
        }
    }

    /// The next event.
    ///
    /// White space outside the root element is passed over, and so is the XML declaration.
    ///
    /// # Errors
    /// Whatever makes the document ill-formed up to the end of this event, and limits.
    // the tags and texts below are inlined into this one place, not into each of its callers
    #[inline(never)]
    pub fn next_event(&mut self) -> Result<Event<'a>, Error> {
        if self.state != State::Content {
            return self.outside_content();
        }
        let bytes = self.text.as_bytes();
        match bytes.get(self.pos) {
            Some(b'<') => match bytes.get(self.pos + 1) {
                Some(b'/') => self.end_tag(),
                Some(b'!') => self.declaration_like(),
                Some(b'?') => self.instruction(),
                _ => self.start_tag(),
            },
            Some(_) => self.text_run(),
            None => Err(self.fail(ErrorKind::UnexpectedEof, self.pos)),
        }
    }

    /// The next start or end tag, or the document's end: white space, comments and processing
    /// instructions are passed over.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedText`] where other text stands; those of [`next_event`](Self::next_event).
    pub fn next_start_or_end(&mut self) -> Result<Event<'a>, Error> {
        loop {
            let before = self.pos;
            match self.next_event()? {
                Event::Text(text) | Event::CData(text) => {
                    if !is_white_space(&text) {
                        let raw = &self.text[before..self.pos];
                        let blank = raw.bytes().take_while(|&b| is(b, SPACE)).count();
                        return Err(self.fail(ErrorKind::UnexpectedText, before + blank));
                    }
                }
                Event::Comment(_) | Event::Instruction(_) => {}
                event => return Ok(event),
            }
        }
    }

    /// Passes over the element whose start was the last event, its end included.
    ///
    /// Without an open element this does nothing.
    ///
    /// # Errors
    /// Those of [`next_event`](Self::next_event): what is passed over is checked as well.
    pub fn skip_element(&mut self) -> Result<(), Error> {
        let Some(outside) = self.stack.len().checked_sub(1) else {
            return Ok(());
        };
        while self.stack.len() > outside {
            self.next_event()?;
        }
        Ok(())
    }

    /// Reads to the document's end, where only comments, instructions and white space may stand.
    ///
    /// # Errors
    /// [`ErrorKind::Syntax`] when the root element is not closed yet; those of
    /// [`next_event`](Self::next_event).
    pub fn finish(&mut self) -> Result<(), Error> {
        if self.state != State::Epilog {
            let what = "the root element is not complete";
            return Err(self.fail(ErrorKind::Syntax(what), self.pos));
        }
        while self.next_event()? != Event::Eof {}
        Ok(())
    }

    /// The whole text that is read: for cutting out a fragment between two offsets, or for
    /// [`path_at`].
    #[inline]
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Where the next event begins, in bytes.
    #[inline]
    #[must_use]
    pub fn offset(&self) -> usize {
        self.pos
    }

    /// How many elements are open.
    #[inline]
    #[must_use]
    pub fn depth(&self) -> usize {
        self.stack.len()
    }

    /// The line and column of an offset.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        Position::of(self.text, offset)
    }

    /// The path of the innermost open element; see [`path_at`]. It reads the document again from
    /// its beginning, so it is for errors.
    #[must_use]
    pub fn path(&self) -> String {
        match self.stack.last() {
            Some(open) => path_at(self.text, open.name_at - 1),
            None => "/".to_owned(),
        }
    }

    /// The name of the innermost open element, as written.
    #[must_use]
    pub fn open_element(&self) -> Option<&'a str> {
        self.stack.last().map(|open| self.name_of(open))
    }

    /// The namespace that a prefix is bound to here; with an empty prefix, the default namespace.
    #[must_use]
    pub fn namespace(&self, prefix: &str) -> Option<&str> {
        self.namespaces.resolve(prefix)
    }

    /// How many declarations of namespaces are in scope, those that others hide among them: what a
    /// copy of the reader copies.
    #[must_use]
    pub fn bindings(&self) -> usize {
        self.namespaces.len()
    }

    /// Every prefix in scope with its namespace, the default namespace under an empty prefix;
    /// `xml` and `xmlns` are left out.
    pub fn namespaces(&self) -> impl Iterator<Item = (&str, &str)> {
        self.namespaces.in_scope()
    }

    /// The namespace and local name of an element; to be asked before the next event is read.
    #[must_use]
    pub fn expanded(&self, start: &Start<'a>) -> (Option<&str>, &'a str) {
        (self.namespaces.resolve(start.prefix()), start.local())
    }

    /// The namespace and local name of an attribute; to be asked before the next event is read.
    #[must_use]
    pub fn expanded_attribute(&self, attribute: &Attribute<'a>) -> (Option<&str>, &'a str) {
        match attribute.prefix() {
            // the default namespace does not reach attributes
            "" => (None, attribute.local()),
            prefix => (self.namespaces.resolve(prefix), attribute.local()),
        }
    }

    /// The value of the attribute with this namespace and local name; to be asked before the next
    /// event is read.
    ///
    /// ```
    /// use farcall_xml::{Event, Limits, Reader};
    ///
    /// let mut reader = Reader::new("<a xmlns:i='urn:i' i:nil='true'/>", Limits::default());
    /// let Event::Start(a) = reader.next_event()? else { unreachable!() };
    /// assert_eq!(reader.attribute(&a, Some("urn:i"), "nil").as_deref(), Some("true"));
    /// assert_eq!(reader.attribute(&a, None, "nil"), None);
    /// # Ok::<(), farcall_xml::Error>(())
    /// ```
    #[must_use]
    pub fn attribute(&self, start: &Start<'a>, namespace: Option<&str>, local: &str) -> Option<Cow<'a, str>> {
        start
            .attributes()
            .find(|a| a.local() == local && self.expanded_attribute(a).0 == namespace)
            .map(|a| a.value())
    }

    /// What a QName inside a value (such as that of `xsi:type`) means here; white space around it
    /// is passed over, and without a prefix it is in the default namespace. None when the prefix is
    /// not bound or it is no QName.
    #[must_use]
    pub fn resolve<'q>(&self, qname: &'q str) -> Option<(Option<&str>, &'q str)> {
        let qname = qname.trim_matches(['\t', '\n', '\r', ' ']);
        let (prefix, local) = qname.split_once(':').unwrap_or(("", qname));
        let namespace = self.namespaces.resolve(prefix);
        let known = namespace.is_some() || !qname.contains(':');
        (known && crate::chars::is_ncname(local)).then_some((namespace, local))
    }

    fn name_of(&self, open: &Open) -> &'a str {
        &self.text[open.name_at..open.name_at + open.name_len as usize]
    }

    /// An error at an offset, unless a forbidden character comes first.
    #[cold]
    fn fail(&self, kind: ErrorKind, offset: usize) -> Error {
        let bytes = self.text.as_bytes();
        let to = bytes.len().min(offset.saturating_add(1));
        let Some(at) = forbidden_in(bytes, self.clean.min(to), to) else {
            return Error::new(kind, offset);
        };
        let character = self.text[at..].chars().next().unwrap_or_default();
        Error::new(ErrorKind::ForbiddenCharacter(character), at)
    }

    #[cold]
    fn syntax(&self, what: &'static str, offset: usize) -> Error {
        self.fail(ErrorKind::Syntax(what), offset)
    }

    /// An error where something else stands than what the grammar wants.
    #[cold]
    fn wanted(&self, what: &'static str, offset: usize) -> Error {
        let at_end = offset >= self.text.len();
        let kind = if at_end { ErrorKind::UnexpectedEof } else { ErrorKind::Syntax(what) };
        self.fail(kind, offset)
    }

    #[cold]
    fn over(&self, name: &'static str, limit: usize, offset: usize) -> Error {
        self.fail(ErrorKind::Limit { name, limit }, offset)
    }

    /// Whether everything before `end` is free of forbidden characters.
    #[inline(always)]
    fn is_clean(&mut self, end: usize) -> bool {
        end <= self.clean || self.look_ahead(end)
    }

    /// Looks for forbidden characters a block ahead, while the bytes come into the cache anyway.
    #[cold]
    fn look_ahead(&mut self, end: usize) -> bool {
        const BLOCK: usize = 8 * 1024;
        let bytes = self.text.as_bytes();
        let to = bytes.len().min(end.saturating_add(BLOCK));
        let found = forbidden_in(bytes, self.clean, to);
        self.clean = found.unwrap_or(to);
        end <= self.clean
    }

    /// Moves to `end`, where an event ends, if nothing before it is forbidden.
    #[inline(always)]
    fn step(&mut self, end: usize) -> Result<(), Error> {
        if !self.is_clean(end) {
            return Err(self.forbidden());
        }
        self.pos = end;
        Ok(())
    }

    #[cold]
    fn forbidden(&self) -> Error {
        self.fail(ErrorKind::UnexpectedEof, self.text.len())
    }

    /// Closes the innermost element.
    #[inline(always)]
    fn pop(&mut self) {
        if let Some(open) = self.stack.pop() {
            self.namespaces.truncate(open.bindings as usize);
        }
        self.state = if self.stack.is_empty() { State::Epilog } else { State::Content };
    }

    /// The next event when the reader is not between the root element's tags.
    fn outside_content(&mut self) -> Result<Event<'a>, Error> {
        match self.state {
            State::EmptyTag => {
                self.pop();
                return Ok(Event::End);
            }
            State::Begin => self.begin()?,
            _ => {}
        }
        self.skip_whitespace();
        let bytes = self.text.as_bytes();
        let epilog = self.state == State::Epilog;
        match bytes.get(self.pos) {
            Some(b'<') => match bytes.get(self.pos + 1) {
                Some(b'?') => self.instruction(),
                Some(b'!') => self.declaration_like(),
                Some(b'/') => Err(self.syntax("an end tag without an open element", self.pos)),
                _ if epilog => Err(self.syntax("a second root element", self.pos)),
                _ => self.start_tag(),
            },
            Some(_) => Err(self.syntax("text outside the root element", self.pos)),
            None if epilog => Ok(Event::Eof),
            None => Err(self.fail(ErrorKind::UnexpectedEof, self.pos)),
        }
    }

    /// Passes over a byte order mark and the XML declaration.
    fn begin(&mut self) -> Result<(), Error> {
        if self.pos > 0 {
            // a codec has gone on by itself; a declaration after it is no longer at the beginning
            self.state = State::Prolog;
            return Ok(());
        }
        let mark = if self.text.starts_with('\u{FEFF}') { 3 } else { 0 };
        let text = &self.text[mark..];
        let mut end = mark;
        if declaration::begins(text.as_bytes()) {
            match declaration::parse(text) {
                Ok(declaration) => end += declaration.len,
                Err((what, at)) => return Err(self.syntax(what, mark + at)),
            }
        }
        self.step(end)?;
        self.state = State::Prolog;
        Ok(())
    }
}
