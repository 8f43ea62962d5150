//! The documents of a description: following imports and includes, and gathering what they hold.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::LoadOptions;
use super::messages::Raw;
use super::standard;
use crate::diagnostic::{Diagnostic, LoadError, Severity};
use crate::dom::{Document, Node, Place};
use crate::mapping::XSD;
use crate::resolver::{Resolver, join};
use crate::schema::content::WSDL;
use crate::schema::parse::Reading;
use crate::schema::{BUILT_IN, Schemas};

/// How deep redefinitions of redefinitions may go.
const REDEFINITIONS: usize = 16;

/// All that was read.
pub(super) struct Documents<'o> {
    resolver: &'o dyn Resolver,
    options: &'o LoadOptions,
    bytes_left: usize,
    included_left: usize,
    by_location: HashMap<String, Option<Arc<Document>>>,
    /// Schema elements that were read, each with the namespace that it was read for.
    read: HashSet<(usize, usize, String)>,
    pub(super) locations: Vec<String>,
    pub(super) schemas: Schemas,
    pub(super) raw: Raw,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A document that is to be read, and what for.
struct Task {
    document: Arc<Document>,
    /// The namespace of the schema that includes it; none if it is imported.
    includer: Option<String>,
}

impl<'o> Documents<'o> {
    pub(super) fn new(resolver: &'o dyn Resolver, options: &'o LoadOptions) -> Self {
        Self {
            resolver,
            options,
            bytes_left: options.bytes,
            included_left: options.included,
            by_location: HashMap::new(),
            read: HashSet::new(),
            locations: Vec::new(),
            schemas: Schemas::default(),
            raw: Raw::default(),
            diagnostics: Vec::new(),
        }
    }

    /// Reads the first document and all that it leads to.
    pub(super) fn read_all(&mut self, bytes: &[u8], location: &str) -> Result<(), LoadError> {
        let fatal = |message: String, line, column| LoadError {
            cause: Diagnostic {
                severity: Severity::Error,
                message,
                location: location.to_owned(),
                line,
                column,
            },
            earlier: Vec::new(),
        };
        self.bytes_left = self.bytes_left.saturating_sub(bytes.len());
        let first = Document::parse(bytes, location, self.options.xml)
            .map_err(|(message, at)| fatal(message, at.line, at.column))?;
        let root = first.root();
        if !root.is(WSDL, "definitions") && !root.is_xsd("schema") {
            let at = root.place().position();
            let what = match &*root.name().namespace {
                "http://www.w3.org/ns/wsdl" => "WSDL 2.0, which is not read; ask for the WSDL 1.1".to_owned(),
                _ => format!("neither WSDL 1.1 nor XML Schema: its root element is {}", root.name()),
            };
            return Err(fatal(format!("the document is {what}"), at.line, at.column));
        }
        self.raw.target_namespace = root.attribute("targetNamespace").unwrap_or_default().to_owned();
        self.raw.name = root.attribute("name").unwrap_or_default().to_owned();
        self.raw.doc = super::messages::documentation(root);
        self.by_location.insert(location.to_owned(), Some(Arc::clone(&first)));
        self.locations.push(location.to_owned());
        self.drain(Task { document: first, includer: None }, 0);
        self.standard_schemas();
        self.schemas.link();
        Ok(())
    }

    /// The documents in the order in which they were read.
    pub(super) fn into_read(self) -> (Vec<Arc<Document>>, Vec<Diagnostic>) {
        let Self { locations, by_location, diagnostics, .. } = self;
        let read = locations.iter().filter_map(|location| by_location.get(location).cloned().flatten());
        (read.collect(), diagnostics)
    }

    pub(super) fn say(&mut self, severity: Severity, message: String, place: &Place) {
        if self.diagnostics.len() >= self.options.diagnostics {
            return;
        }
        let at = place.position();
        let location = place.document.location.clone();
        self.diagnostics.push(Diagnostic { severity, message, location, line: at.line, column: at.column });
    }

    /// Reads a document and what it imports and includes, and so on.
    fn drain(&mut self, first: Task, redefinitions: usize) {
        let mut tasks = vec![first];
        while let Some(task) = tasks.pop() {
            let root = task.document.root();
            self.undeclared(&task.document);
            if root.is_xsd("schema") {
                self.schema(root, task.includer.as_deref(), &mut tasks, redefinitions);
            } else if root.is(WSDL, "definitions") {
                self.wsdl(root, &mut tasks, redefinitions);
            } else {
                let message = format!("neither WSDL nor XML Schema: its root element is {}", root.name());
                self.say(Severity::Error, message, &root.place());
            }
        }
    }

    /// Says which prefixes of a document had to be guessed, once.
    fn undeclared(&mut self, document: &Arc<Document>) {
        let first = self.read.insert((Arc::as_ptr(document) as usize, 1, String::from("prefixes")));
        for (prefix, namespace) in document.undeclared.iter().filter(|_| first) {
            let message = format!("the prefix {prefix} is not declared; read as {namespace}");
            self.say(Severity::Warning, message, &document.root().place());
        }
    }

    fn wsdl(&mut self, root: Node<'_>, tasks: &mut Vec<Task>, redefinitions: usize) {
        let place = root.place();
        if !self.read.insert((Arc::as_ptr(&place.document) as usize, 0, String::new())) {
            return;
        }
        for child in root.children() {
            if child.is(WSDL, "import") {
                match child.attribute("location").map(str::trim).filter(|l| !l.is_empty()) {
                    Some(location) => self.follow(child, location, None, tasks),
                    None => {
                        let message = "an import without a location leads nowhere".to_owned();
                        self.say(Severity::Warning, message, &child.place());
                    }
                }
            } else if child.is(WSDL, "types") {
                for schema in child.children().filter(|c| c.is_xsd("schema")) {
                    self.schema(schema, None, tasks, redefinitions);
                }
            }
        }
        let mut found = Vec::new();
        self.raw.read(root, &mut found);
        for (message, node) in found {
            self.say(Severity::Warning, message, &node.place());
        }
    }

    fn schema(
        &mut self,
        schema: Node<'_>,
        includer: Option<&str>,
        tasks: &mut Vec<Task>,
        redefinitions: usize,
    ) {
        let target = schema.attribute("targetNamespace").or(includer).unwrap_or("").to_owned();
        let place = schema.place();
        let key = (Arc::as_ptr(&place.document) as usize, place.offset + 2, target.clone());
        if !self.read.insert(key) {
            return;
        }
        if includer.is_some() && schema.attribute("targetNamespace").is_none() {
            match self.included_left.checked_sub(place.document.size()) {
                Some(left) => self.included_left = left,
                None => {
                    let limit = self.options.included;
                    let message =
                        format!("not included: more than `LoadOptions::included` allows, which is {limit}");
                    return self.say(Severity::Error, message, &place);
                }
            }
        }
        for child in schema.children().filter(|c| c.name().namespace == XSD) {
            // as WSDL calls it, some do here too
            let location = child.attribute("schemaLocation").or_else(|| child.attribute("location"));
            let location = location.map(str::trim).filter(|l| !l.is_empty());
            match (&*child.name().local, location) {
                ("import", Some(location)) => {
                    let namespace = child.attribute("namespace").unwrap_or("").trim();
                    if namespace != XSD && !standard::is_standard(namespace) {
                        self.follow(child, location, None, tasks);
                    }
                }
                ("include", Some(location)) => self.follow(child, location, Some(&target), tasks),
                ("redefine", Some(location)) => {
                    self.redefine(child, location, (schema, includer, &target), redefinitions);
                }
                ("include" | "redefine", None) => {
                    let message = format!("{} without a schemaLocation leads nowhere", child.name().local);
                    self.say(Severity::Warning, message, &child.place());
                }
                _ => {}
            }
        }
        self.components(|reading| reading.components(schema), schema, includer);
    }

    /// Reads what a redefinition starts from, then the redefinition.
    fn redefine(
        &mut self,
        node: Node<'_>,
        location: &str,
        (schema, includer, target): (Node<'_>, Option<&str>, &str),
        redefinitions: usize,
    ) {
        if redefinitions >= REDEFINITIONS {
            let message = format!("redefinitions nest more than {REDEFINITIONS} deep; this one is left out");
            return self.say(Severity::Error, message, &node.place());
        }
        let mut tasks = Vec::new();
        self.follow(node, location, Some(target), &mut tasks);
        for task in tasks {
            self.drain(task, redefinitions + 1);
        }
        self.components(|reading| reading.redefine(node), schema, includer);
    }

    fn components<'d>(
        &mut self,
        read: impl FnOnce(&mut Reading<'d, '_>),
        schema: Node<'d>,
        includer: Option<&str>,
    ) {
        let mut reading = Reading::new(schema, includer, &mut self.schemas);
        read(&mut reading);
        for (message, node) in reading.findings {
            self.say(Severity::Warning, message, &node.place());
        }
    }

    /// Adds the document that an import or include names to what is to be read.
    fn follow(&mut self, node: Node<'_>, reference: &str, includer: Option<&str>, tasks: &mut Vec<Task>) {
        let place = node.place();
        let location = join(&place.document.location, reference);
        if let Some(known) = self.by_location.get(&location) {
            if let Some(document) = known {
                let includer = includer.map(str::to_owned);
                tasks.push(Task { document: Arc::clone(document), includer });
            }
            return;
        }
        let document = self.fetch(&location);
        let document = match document {
            Ok(document) => Some(document),
            Err(message) => {
                self.say(Severity::Error, message, &place);
                None
            }
        };
        self.by_location.insert(location.clone(), document.clone());
        if let Some(document) = document {
            self.locations.push(location);
            tasks.push(Task { document, includer: includer.map(str::to_owned) });
        }
    }

    fn fetch(&mut self, location: &str) -> Result<Arc<Document>, String> {
        if self.locations.len() >= self.options.documents {
            return Err(format!(
                "{location} is not read: more than `LoadOptions::documents`, which is {}",
                self.options.documents
            ));
        }
        let bytes = self.resolver.open(location, self.bytes_left).map_err(|e| e.to_string())?;
        if bytes.len() > self.bytes_left {
            return Err(format!(
                "{location} is too large: all documents together may have `LoadOptions::bytes`, which is {}",
                self.options.bytes
            ));
        }
        self.bytes_left -= bytes.len();
        Document::parse(&bytes, location, self.options.xml)
            .map_err(|(message, at)| format!("{location}:{at}: {message}"))
    }

    /// Adds the built-in schemas of the namespaces that the documents know.
    fn standard_schemas(&mut self) {
        let mut known: HashSet<String> = HashSet::new();
        for document in self.by_location.values().flatten() {
            known.extend(document.namespaces().map(str::to_owned));
        }
        for namespace in standard::closure(&known) {
            let Some(text) = standard::text(namespace) else { continue };
            let location = format!("{BUILT_IN}{namespace}");
            match Document::parse(text.as_bytes(), &location, self.options.xml) {
                Ok(document) => {
                    self.components(|reading| reading.components(document.root()), document.root(), None);
                }
                Err((message, _)) => self.diagnostics.push(Diagnostic {
                    severity: Severity::Error,
                    message,
                    location,
                    line: 1,
                    column: 1,
                }),
            }
        }
    }
}
