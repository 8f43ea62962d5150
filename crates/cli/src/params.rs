//! Arguments of `call` as parameters: JSON values, texts, names.

use farcall::Value;
use farcall::model::{Operation, Record, Type};
use farcall::wire::json;

use crate::exit::{Exit, Failure};
use crate::secrets::{self, Secrets};

/// The arguments of a call as they were given.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// Parameters in order.
    positional: Vec<Value>,
    /// Parameters or members by name, if any were given so.
    named: Option<Record>,
    /// Texts that must not be shown.
    pub(crate) secrets: Secrets,
    /// What was decided on the way, for `-v`.
    pub(crate) notes: Vec<String>,
}

impl Arguments {
    /// Reads the positional arguments of the command line.
    pub(crate) fn from_words(words: &[String]) -> Result<Self, Failure> {
        let mut arguments = Self::default();
        for (index, word) in words.iter().enumerate() {
            arguments.word(word).map_err(|failure| failure.at(format!("argument {}: {word}", index + 1)))?;
        }
        Ok(arguments)
    }

    /// Reads the value of `-d`.
    pub(crate) fn from_data(data: &str) -> Result<Self, Failure> {
        let path = if data == "-" { Some("-") } else { data.strip_prefix('@') };
        let (text, place) = match path {
            Some(path) => (secrets::octets(path)?, path),
            None => (data.to_owned(), "-d"),
        };
        let value = json::parse(&text).map_err(|error| {
            Failure::value(&error)
                .at(place)
                .then_try("farcall template TARGET OP, which prints JSON to fill in")
        })?;
        let mut arguments = Self::default();
        match value {
            Value::Sequence(items) => arguments.positional = items,
            Value::Struct(record) => arguments.named = Some(record),
            one => arguments.positional.push(one),
        }
        Ok(arguments)
    }

    fn word(&mut self, word: &str) -> Result<(), Failure> {
        let error = match json::parse(word) {
            Ok(value) => {
                self.positional.push(value);
                return Ok(());
            }
            Err(error) => error,
        };
        if let Some(path) = word.strip_prefix('@') {
            let text = self.secret(path)?;
            self.positional.push(Value::String(text));
        } else if let Some((name, value)) = name_of(word) {
            let value = match value.strip_prefix(":=") {
                Some(json) => self.json(json)?,
                None => self.text(&value[1..])?,
            };
            let record = self.named.get_or_insert_default();
            if record.field(name).is_some() {
                return Err(Failure::new(Exit::Schema, format!("'{name}' is given twice")));
            }
            record.fields.push((name.to_owned(), value));
        } else if word.trim_start().starts_with(['{', '[', '"']) {
            // it was meant to be JSON
            return Err(Failure::value(&error)
                .because("a shell takes quotes away")
                .then_try("'…' around it"));
        } else {
            self.notes.push(format!("'{word}' is not JSON, so it is sent as text"));
            self.positional.push(Value::from(word));
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<Value, Failure> {
        match text.strip_prefix('@') {
            Some(path) => self.secret(path).map(Value::String),
            None => Ok(Value::from(text)),
        }
    }

    fn json(&mut self, text: &str) -> Result<Value, Failure> {
        let read = |text: &str| json::parse(text).map_err(|error| Failure::value(&error));
        match text.strip_prefix('@') {
            Some(path) => read(&secrets::octets(path)?),
            None => read(text),
        }
    }

    fn secret(&mut self, path: &str) -> Result<String, Failure> {
        let text = secrets::file(path)?;
        self.secrets.add(&text);
        Ok(text)
    }

    /// The parameters in order. `operation` is what is known of the operation, if anything.
    pub(crate) fn params(self, operation: Option<&Operation>) -> Result<Vec<Value>, Failure> {
        let Some(record) = self.named else { return Ok(self.positional) };
        let names: Vec<String> = match operation {
            Some(operation) => operation.params.iter().map(|p| p.field.name.to_string()).collect(),
            None => positions(&record),
        };
        let is_one = |(name, _): &(String, Value)| names.contains(name);
        let fits = record.fields.iter().all(is_one) && !(names.is_empty() && record.fields.is_empty());
        if fits || (record.fields.is_empty() && operation.is_some()) {
            return by_name(self.positional, record, &names, operation);
        }
        if let Some(operation) = operation
            && !takes_struct(operation, self.positional.len())
        {
            let wrong: Vec<&str> =
                record.fields.iter().filter(|f| !is_one(f)).map(|(name, _)| name.as_str()).collect();
            let message = format!("{} has no parameter {}", operation.name, wrong.join(", "));
            let known = if names.is_empty() { "it has none".to_owned() } else { names.join(", ") };
            return Err(Failure::new(Exit::Schema, message).because(format!("its parameters: {known}")));
        }
        let mut params = self.positional;
        params.push(Value::Struct(record));
        Ok(params)
    }
}

/// XML-RPC knows parameters by position only: `param1`, `param2` … stand for these.
fn positions(record: &Record) -> Vec<String> {
    let last = record.fields.iter().map(|(name, _)| {
        let digits = name.strip_prefix("param").filter(|digits| !digits.starts_with(['0', '+']));
        digits.and_then(|digits| digits.parse::<usize>().ok()).filter(|number| *number <= 255)
    });
    match last.collect::<Option<Vec<usize>>>() {
        Some(numbers) => {
            let last = numbers.into_iter().max().unwrap_or(0);
            (1..=last).map(|number| format!("param{number}")).collect()
        }
        None => Vec::new(),
    }
}

/// Whether the parameter after those given by position can be a struct.
fn takes_struct(operation: &Operation, given: usize) -> bool {
    match operation.params.get(given) {
        Some(param) => {
            let mut ty = param.field.ty.resolve();
            while let Type::Optional(inner) = ty {
                ty = inner.resolve();
            }
            matches!(ty, Type::Struct(_) | Type::Map(..) | Type::Any | Type::Union(_))
        }
        // an operation of which the server tells nothing may take anything
        None => operation.params.is_empty(),
    }
}

/// Parameters in order. One that is optional may be left out amid others.
fn by_name(
    positional: Vec<Value>,
    record: Record,
    names: &[String],
    operation: Option<&Operation>,
) -> Result<Vec<Value>, Failure> {
    let mut params: Vec<Option<Value>> = positional.into_iter().map(Some).collect();
    for (name, value) in record.fields {
        let Some(index) = names.iter().position(|known| *known == name) else { continue };
        if index >= params.len() {
            params.resize(index + 1, None);
        }
        if params[index].replace(value).is_some() {
            return Err(Failure::new(Exit::Schema, format!("'{name}' is given by name and by position")));
        }
    }
    let missing = |index: usize| names.get(index).map_or_else(String::new, Clone::clone);
    let declared = |index: usize| operation.and_then(|operation| operation.params.get(index));
    let given = params.into_iter().enumerate().map(|(index, param)| match param {
        Some(value) => Ok(value),
        None if declared(index).is_some_and(|param| param.field.is_optional()) => Ok(Value::Absent),
        None => Err(Failure::new(Exit::Schema, format!("parameter '{}' is missing", missing(index)))),
    });
    given.collect()
}

/// The name in `name=…` and `name:=…`, and the rest from the sign on.
fn name_of(word: &str) -> Option<(&str, &str)> {
    let end = word.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))?;
    let (name, rest) = word.split_at(end);
    let starts_well = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (starts_well && (rest.starts_with('=') || rest.starts_with(":="))).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use farcall::model::{Param, TypeRef};

    use super::*;

    fn params(words: &[&str], operation: Option<&Operation>) -> Result<String, Failure> {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let params = Arguments::from_words(&words)?.params(operation)?;
        Ok(json::write(&Value::Sequence(params)))
    }

    #[test]
    fn words_become_values() {
        let table: &[(&[&str], &str)] = &[
            (&[], "[]"),
            (
                &["5", "2.0", "true", "null", "\"5\"", "[1]", r#"{"a":1}"#],
                r#"[5,2.0,true,null,"5",[1],{"a":1}]"#,
            ),
            (&["-7", "word", "two words", "", "1.2.3"], r#"[-7,"word","two words","","1.2.3"]"#),
            (&["http://h/?a=b", "a b=c", "=x"], r#"["http://h/?a=b","a b=c","=x"]"#),
            (&["a=1", "b:=1", "c=", "d:=[true]"], r#"[{"a":"1","b":1,"c":"","d":[true]}]"#),
            (&["token", "dir=/tmp", "x==y"], r#"["token",{"dir":"/tmp","x":"=y"}]"#),
            (&["param2=b", "param1:=1"], r#"[1,"b"]"#),
            (&["0", "param2=b"], r#"[0,"b"]"#),
        ];
        for (words, expected) in table {
            assert_eq!(params(words, None).unwrap(), *expected, "{words:?}");
        }
        let typed: &[&str] = &[r#"{"$bytes":"AAE="}"#, r#"{"$datetime":"2026-11-22"}"#];
        let arguments = Arguments::from_words(&typed.iter().map(|&w| w.into()).collect::<Vec<_>>()).unwrap();
        assert_eq!(arguments.positional[0], Value::Bytes(vec![0, 1].into()));
        assert!(matches!(arguments.positional[1], Value::DateTime(_)));
    }

    #[test]
    fn what_cannot_be_meant_is_an_error() {
        for words in [
            &["{a:1}"][..],
            &["[1,"],
            &["\"x"],
            &["a=1", "a=2"],
            &["a:=x"],
            &["param2=x"],
            &["1", "param1=x"],
            &["@/no/such/file"],
        ] {
            let failure = params(words, None).unwrap_err();
            assert!(matches!(failure.exit, Exit::Schema | Exit::Usage), "{words:?}: {failure:?}");
        }
    }

    #[test]
    fn names_of_the_interface_fill_parameters() {
        let operation = Operation::new("open")
            .with_param(Param::new("owner", TypeRef::from(Type::String)))
            .with_param(Param::new("initial", TypeRef::from(Type::F64)));
        let known = |words: &[&str]| params(words, Some(&operation));
        assert_eq!(known(&["initial:=5", "owner=ann"]).unwrap(), r#"["ann",5]"#);
        assert_eq!(known(&["ann", "initial:=5"]).unwrap(), r#"["ann",5]"#);
        assert_eq!(known(&["owner=ann"]).unwrap(), r#"["ann"]"#);
        assert_eq!(known(&["initial:=5"]).unwrap_err().exit, Exit::Schema);
        assert_eq!(known(&["own=ann"]).unwrap_err().exit, Exit::Schema);
        let options = Operation::new("set").with_param(Param::new("param1", TypeRef::from(Type::Any)));
        assert_eq!(params(&["a=b"], Some(&options)).unwrap(), r#"[{"a":"b"}]"#);
    }

    #[test]
    fn data_is_by_position_or_by_name() {
        let read = |data: &str| Arguments::from_data(data).unwrap().params(None).unwrap();
        assert_eq!(read("[1,2]").len(), 2);
        assert_eq!(json::write(&read(r#"{"a":1}"#)[0]), r#"{"a":1}"#);
        assert_eq!(json::write(&Value::Sequence(read(r#"{"param1":1,"param2":[]}"#))), "[1,[]]");
        assert_eq!(read("7"), [Value::I32(7)]);
        assert_eq!(json::write(&Value::Sequence(read("{}"))), "[{}]");
        assert_eq!(Arguments::from_data("[1").unwrap_err().exit, Exit::Schema);
    }
}
