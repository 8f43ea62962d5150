//! Types: named ones declared where they belong, others by helper types.

use farcall_model::{
    AliasType, Case, EnumType, Field, ObjectType, StructType, Type, TypeRef, UnionType, ValueKind, ValueType,
};

use super::interfaces::full_id;
use super::names::{Taken, doc, escaped};
use super::{EmitError, Emitter};
use crate::lower::shapes::{MODULE, SIMPLE};

/// The id, where the text's names would give another.
pub(super) fn pragma(path: &[String], written: &str, scope: &str, name: &str, id: Option<&str>) -> String {
    let given = path.iter().map(|p| p.trim_start_matches('_')).chain([written]).collect::<Vec<_>>().join("/");
    let given = format!("IDL:{given}:1.0");
    let wanted = full_id(id, scope, name);
    let mut out = renamed(written, name);
    // No string of IDL holds these, and no id of IDL has them.
    if wanted != given && !wanted.contains(['"', '\n', '\\']) {
        out += &format!("#pragma ID {} \"{wanted}\"\n", escaped(written));
    }
    out
}

/// Says what a name was, if the text has another.
pub(super) fn renamed(written: &str, name: &str) -> String {
    if written == name || name.contains(['"', '\n', '\\']) {
        String::new()
    } else {
        format!("#pragma farcall name {} \"{name}\"\n", escaped(written))
    }
}

/// What stands before a type that contains itself through others. This compiler reads it; omniidl
/// wants a sequence of a type that is only announced to be used inside of that type alone, and IDL
/// has no other way to say it.
const WINDING: &str = "// contains itself by way of another struct, which omniidl refuses\n";

impl Emitter<'_> {
    /// How a type is called where it is used; declares what that needs.
    pub(super) fn name(&mut self, ty: &TypeRef, place: &str) -> Result<String, EmitError> {
        let ty = ty.exact();
        let basic = match ty {
            Type::Bool => "boolean",
            Type::U8 => "octet",
            Type::I16 => "short",
            Type::U16 => "unsigned short",
            Type::I32 => "long",
            Type::U32 => "unsigned long",
            Type::I64 => "long long",
            Type::U64 => "unsigned long long",
            Type::F32 => "float",
            Type::F64 => "double",
            Type::LongDouble => "long double",
            Type::Char => "char",
            Type::WideChar => "wchar",
            Type::String => "string",
            Type::WideString => "wstring",
            Type::Any => "any",
            Type::TypeCode => "::CORBA::TypeCode",
            Type::Void => {
                return Err(EmitError::Unsupported {
                    place: place.into(),
                    what: "type without a value".into(),
                });
            }
            Type::Struct(_) | Type::Enum(_) | Type::Union(_) | Type::Value(_) => return self.named(ty),
            Type::Object(object) => return Ok(self.object(object)),
            Type::Alias(AliasType { ty, .. }) => return self.name(ty, place),
            Type::Bounded(inner, most) => match inner.exact() {
                Type::String => return Ok(format!("string<{most}>")),
                Type::WideString => return Ok(format!("wstring<{most}>")),
                Type::Sequence(_) | Type::Bytes => return self.helper(ty, place),
                // a map is a sequence here
                _ => return self.name(inner, place),
            },
            _ => return self.helper(ty, place),
        };
        Ok(basic.to_owned())
    }

    /// Declares a type that has a name, or announces it if it is being declared.
    pub(super) fn named(&mut self, ty: &Type) -> Result<String, EmitError> {
        if let Type::Value(value) = ty
            && value.body.scope == "CORBA"
            && value.body.name == "ValueBase"
        {
            return Ok("ValueBase".into());
        }
        if let Type::Value(value) = ty {
            // they may come where this one is declared
            self.derived.extend(value.derived.iter().rev().cloned());
            if let Some(own) = value.with_state() {
                return self.named(own);
            }
        }
        if let Type::Union(union) = ty
            && let Some(object) = union.abstract_interface()
        {
            return Ok(self.abstract_interface(union, object));
        }
        let Some((scope, name)) = ty.qualified_name() else { return Ok(String::new()) };
        let key = (scope.to_owned(), name.to_owned());
        let absolute = self.names.absolute(scope, name);
        if !self.state.contains_key(&key) && self.must_wait(&key) {
            // what it supports has to be whole before it is
            self.derived.insert(0, ty.clone().into());
            self.announce(ty, key);
            return Ok(absolute);
        }
        match self.state.get(&key) {
            Some(true) => return Ok(absolute),
            Some(false) => {
                if self.open.last() != Some(&key) {
                    self.winding.insert(key.clone());
                }
                self.announce(ty, key);
                return Ok(absolute);
            }
            None => {}
        }
        self.state.insert(key.clone(), false);
        self.open.push(key.clone());
        let path = self.names.path(scope);
        let written = self.names.declared(scope, name);
        let (body, id) = match ty {
            Type::Struct(ty) => (self.structure("struct", ty, &written)?, ty.repository_id.as_deref()),
            Type::Union(ty) => (self.union(ty, &written)?, ty.repository_id.as_deref()),
            Type::Enum(ty) => (self.enumeration(ty, &written), ty.repository_id.as_deref()),
            Type::Value(ty) => (self.value(ty, &written)?, ty.body.repository_id.as_deref()),
            _ => (String::new(), None),
        };
        self.open.pop();
        if body.is_empty() {
            return Ok(absolute);
        }
        let pragma = pragma(&path, &written, scope, name, id);
        let note = if self.winding.remove(&key) && !matches!(ty, Type::Value(_)) { WINDING } else { "" };
        self.push(path, format!("{note}{}{body}{pragma}", doc(ty.doc(), "")));
        self.state.insert(key, true);
        Ok(absolute)
    }

    /// Keeps what derives from a value type without state, which only that one tells.
    pub(super) fn remember_derived(&mut self, ty: &Type) {
        let Type::Value(value) = ty else { return };
        if value.kind != ValueKind::Abstract || value.with_state().is_some() {
            return;
        }
        for (scope, name) in value.derived.iter().filter_map(|derived| derived.exact().qualified_name()) {
            self.stateless.entry((scope.to_owned(), name.to_owned())).or_default().push(ty.clone());
        }
    }

    /// A declaration without a body, once, before what refers to it.
    fn announce(&mut self, ty: &Type, key: (String, String)) {
        let word = match ty {
            Type::Struct(_) => "struct",
            Type::Union(_) => "union",
            Type::Value(ty) if ty.kind == ValueKind::Abstract => "abstract valuetype",
            Type::Value(_) => "valuetype",
            _ => return,
        };
        if self.announced.insert(key.clone()) {
            let path = self.names.path(&key.0);
            let name = escaped(&self.names.declared(&key.0, &key.1));
            self.push(path, format!("{word} {name};\n"));
        }
    }

    /// A type of which IDL needs the whole, not only the name.
    fn whole(&mut self, ty: &TypeRef, place: &str) -> Result<String, EmitError> {
        let name = self.name(ty, place)?;
        let unfinished = match ty.exact() {
            Type::Struct(_) | Type::Union(_) => ty.exact().qualified_name().filter(|(scope, name)| {
                self.state.get(&((*scope).to_owned(), (*name).to_owned())) == Some(&false)
            }),
            _ => None,
        };
        match unfinished {
            Some((_, name)) => Err(EmitError::Recursive { name: name.to_owned() }),
            None => Ok(name),
        }
    }

    pub(super) fn structure(
        &mut self,
        word: &str,
        ty: &StructType,
        written: &str,
    ) -> Result<String, EmitError> {
        let fields = self.fields(&ty.fields, written, "")?;
        if fields.is_empty() && word == "struct" {
            let what = "struct without a member".to_owned();
            return Err(EmitError::Unsupported { place: ty.name.to_string(), what });
        }
        Ok(format!("{word} {} {{\n{fields}}};\n", escaped(written)))
    }

    fn fields(&mut self, fields: &[Field], written: &str, before: &str) -> Result<String, EmitError> {
        let mut taken = Taken::of(written);
        let mut out = String::new();
        for field in fields {
            let ty = self.whole(&field.ty, &format!("{written}.{}", field.name))?;
            let name = escaped(&taken.take(&field.name));
            out += &doc(&field.doc, "    ");
            out += &format!("    {before}{ty} {name};\n");
        }
        Ok(out)
    }

    fn union(&mut self, ty: &UnionType, written: &str) -> Result<String, EmitError> {
        let switch = self.name(&ty.discriminator, written)?;
        let mut taken = Taken::of(written);
        let (mut cases, mut notes) = (String::new(), String::new());
        let open = UnionType {
            cases: ty.cases.iter().filter(|case| !case.labels.is_empty()).cloned().collect(),
            ..ty.clone()
        }
        .with_nothing();
        // what IDL says of it by saying nothing
        let is_open = ty.nothing().is_some() && open.cases == ty.cases;
        if ty.clone().with_nothing().cases.len() > ty.cases.len() {
            notes += &format!("#pragma farcall closed {}\n", escaped(written));
        }
        for (index, case) in ty.cases.iter().enumerate() {
            if is_open && case.labels.is_empty() {
                continue;
            }
            // IDL has no case without a member: one selects it by its discriminator alone.
            if matches!(case.ty.exact(), Type::Void) {
                let (union, name, labels) = (escaped(written), &case.name, labels(case));
                notes += &format!("#pragma farcall case {union} {index} \"{name}\" {labels}\n");
                continue;
            }
            let name = self.whole(&case.ty, &format!("{written}.{}", case.name))?;
            cases += &doc(&case.doc, "    ");
            for label in case.labels.iter() {
                cases += &format!("    case {}:\n", self.label(ty.discriminator.exact(), *label));
            }
            if case.labels.is_empty() {
                cases += "    default:\n";
            }
            cases += &format!("        {name} {};\n", escaped(&taken.take(&case.name)));
        }
        if cases.is_empty() {
            let what = "union without a member".to_owned();
            return Err(EmitError::Unsupported { place: written.to_owned(), what });
        }
        Ok(format!("union {} switch ({switch}) {{\n{cases}}};\n{notes}", escaped(written)))
    }

    fn label(&mut self, switch: &Type, label: i64) -> String {
        match switch {
            Type::Bool => if label == 0 { "FALSE" } else { "TRUE" }.to_owned(),
            Type::Char => format!("'\\x{:02x}'", label & 0xff),
            Type::WideChar => format!("L'\\u{:04x}'", label & 0xffff),
            #[allow(clippy::cast_sign_loss)]
            Type::U64 => (label as u64).to_string(),
            Type::Enum(ty) => match ty.members.iter().find(|m| m.value == label) {
                Some(member) => self.enumerator(ty, &member.name),
                None => label.to_string(),
            },
            _ => label.to_string(),
        }
    }

    /// A name of an enumeration stands in the scope around that.
    fn enumerator(&mut self, ty: &EnumType, member: &str) -> String {
        let key = format!("{} {member}", ty.name);
        let path = self.names.path(&ty.scope);
        let name = escaped(&self.names.declared_as(&ty.scope, &key, member));
        path.iter()
            .map(String::as_str)
            .chain([name.as_str()])
            .fold(String::new(), |out, part| out + "::" + part)
    }

    fn enumeration(&mut self, ty: &EnumType, written: &str) -> String {
        let mut out = format!("enum {} {{\n", escaped(written));
        let mut notes = String::new();
        for (index, member) in ty.members.iter().enumerate() {
            let key = format!("{} {}", ty.name, member.name);
            let name = self.names.declared_as(&ty.scope, &key, &member.name);
            notes += &renamed(&name, &member.name);
            let name = escaped(&name);
            let comma = if index + 1 < ty.members.len() { "," } else { "" };
            out += &doc(&member.doc, "    ");
            out += &format!("    {name}{comma}\n");
        }
        out + "};\n" + &notes
    }

    fn value(&mut self, ty: &ValueType, written: &str) -> Result<String, EmitError> {
        if let (ValueKind::Boxed, Some(field)) = (ty.kind, ty.body.fields.first()) {
            let inner = self.name(&field.ty, written)?;
            return Ok(format!("valuetype {} {inner};\n", escaped(written)));
        }
        let base = ty.bases.first().and_then(|id| self.values.get(&**id).cloned());
        let mut bases = Vec::new();
        let own = match &base {
            Some((base, fields)) if *fields <= ty.body.fields.len() => {
                let truncatable = if ty.kind == ValueKind::Truncatable { "truncatable " } else { "" };
                bases.push(format!("{truncatable}{base}"));
                &ty.body.fields[*fields..]
            }
            _ => &ty.body.fields[..],
        };
        let key = (ty.body.scope.to_string(), ty.body.name.to_string());
        for base in self.stateless.remove(&key).unwrap_or_default() {
            let base = self.named(&base)?;
            // of those that derive from one another each may tell
            if !bases.contains(&base) {
                bases.push(base);
            }
        }
        let mut head = if bases.is_empty() { String::new() } else { format!(" : {}", bases.join(", ")) };
        head += &self.supported(&key)?;
        let fields = self.fields(own, written, "public ")?;
        let word = match ty.kind {
            ValueKind::Abstract => "abstract valuetype",
            ValueKind::Custom => "custom valuetype",
            _ => "valuetype",
        };
        let id = full_id(ty.body.repository_id.as_deref(), &ty.body.scope, &ty.body.name);
        let place = self.names.absolute(&ty.body.scope, &ty.body.name);
        self.values.insert(id, (place, ty.body.fields.len()));
        Ok(format!("{word} {}{head} {{\n{fields}}};\n", escaped(written)))
    }

    /// A reference to an interface, which is announced; of another text, if it is not in this one.
    fn object(&mut self, object: &ObjectType) -> String {
        let is_abstract = || object.repository_id.as_deref().is_some_and(|id| self.abstracts.contains(id));
        if (object.repository_id.is_none() && object.interface == "Object") || is_abstract() {
            // that of an abstract interface would be a value as well
            return "Object".to_owned();
        }
        let key = self.interface_key(object);
        self.announce_interface(&key, object.repository_id.as_deref());
        self.names.absolute(&key.0, &key.1)
    }

    /// Scope and name of the interface that is referred to.
    pub(super) fn interface_key(&self, object: &ObjectType) -> (String, String) {
        match &object.repository_id {
            Some(id) => self
                .interfaces
                .get(&**id)
                .cloned()
                .unwrap_or_else(|| (scope_of(id), object.interface.to_string())),
            None => (String::new(), object.interface.to_string()),
        }
    }

    pub(super) fn announce_interface(&mut self, key: &(String, String), id: Option<&str>) {
        if self.announced.insert(key.clone()) {
            let path = self.names.path(&key.0);
            let written = self.names.declared(&key.0, &key.1);
            let pragma = pragma(&path, &written, &key.0, &key.1, id);
            let word = self.word(&full_id(id, &key.0, &key.1));
            self.push(path, format!("{word} {};\n{pragma}", escaped(&written)));
        }
    }

    /// A type that has no name in the model: by a typedef, struct or union of the helpers' module.
    fn helper(&mut self, ty: &Type, place: &str) -> Result<String, EmitError> {
        if let Type::Fixed { digits, scale } = ty {
            return self.declare_helper(ty, &format!("Fixed{digits}_{scale}"), |name, _| {
                Ok(format!("typedef fixed<{digits}, {scale}> {name};\n"))
            });
        }
        if let Some((name, plain, _)) = SIMPLE.iter().find(|(_, _, simple)| simple == ty) {
            return self.declare_helper(ty, name, |name, _| Ok(format!("typedef {plain} {name};\n")));
        }
        let label = self.label_of(ty);
        match ty {
            Type::Bytes => {
                self.declare_helper(ty, &label, |name, _| Ok(format!("typedef sequence<octet> {name};\n")))
            }
            Type::Sequence(item) => {
                let item = self.name(item, place)?;
                let (before, after) = gaps(&item);
                self.declare_helper(ty, &label, |name, _| {
                    Ok(format!("typedef sequence<{before}{item}{after}> {name};\n"))
                })
            }
            Type::Bounded(inner, most) => {
                let item = match inner.exact() {
                    Type::Sequence(item) => self.name(item, place)?,
                    _ => "octet".to_owned(),
                };
                let (before, _) = gaps(&item);
                self.declare_helper(ty, &label, |name, _| {
                    Ok(format!("typedef sequence<{before}{item}, {most}> {name};\n"))
                })
            }
            Type::Array(item, size) if *size > 0 && u32::try_from(*size).is_ok() => {
                let item = self.whole(item, place)?;
                self.declare_helper(ty, &label, |name, _| Ok(format!("typedef {item} {name}[{size}];\n")))
            }
            Type::Optional(inner) => {
                let inner = self.inside(ty, |out| out.whole(inner, place))?;
                self.declare_helper(ty, &label, |name, _| {
                    Ok(format!(
                        "union {name} switch (boolean) {{\n    case TRUE:\n        {inner} value;\n}};\n"
                    ))
                })
            }
            Type::Map(key, value) => {
                let (key, value) =
                    self.inside(ty, |out| Ok((out.whole(key, place)?, out.whole(value, place)?)))?;
                self.declare_helper(ty, &label, |name, names| {
                    let entry = names.fresh(MODULE, &format!("{name}Entry"));
                    Ok(format!(
                        "struct {entry} {{\n    {key} key;\n    {value} value;\n}};\ntypedef sequence<{entry}> {name};\n"
                    ))
                })
            }
            Type::Tuple(items) if !items.is_empty() => {
                let mut fields = String::new();
                for (index, item) in items.iter().enumerate() {
                    let item = self.inside(ty, |out| out.whole(item, place))?;
                    fields += &format!("    {item} item{index};\n");
                }
                self.declare_helper(ty, &label, |name, _| Ok(format!("struct {name} {{\n{fields}}};\n")))
            }
            other => Err(EmitError::Unsupported { place: place.into(), what: other.to_string() }),
        }
    }

    /// What a helper struct or union holds, which is declared apart from what has it.
    fn inside<T>(
        &mut self,
        helper: &Type,
        name: impl FnOnce(&mut Self) -> Result<T, EmitError>,
    ) -> Result<T, EmitError> {
        self.open.push((MODULE.to_owned(), self.key_of(helper)));
        let named = name(self);
        self.open.pop();
        named
    }

    fn declare_helper(
        &mut self,
        ty: &Type,
        name: &str,
        body: impl FnOnce(&str, &mut super::Names) -> Result<String, EmitError>,
    ) -> Result<String, EmitError> {
        let key = self.key_of(ty);
        if let Some(known) = self.helpers.get(&key) {
            return Ok(known.clone());
        }
        let written = self.names.fresh(MODULE, name);
        let lines = body(&written, &mut self.names)?;
        let path = self.names.path(MODULE);
        let absolute = format!("::{}::{written}", path.join("::"));
        self.push(path, lines);
        self.helpers.insert(key, absolute.clone());
        Ok(absolute)
    }

    /// What tells helper types apart: the type, with scopes.
    fn key_of(&self, ty: &Type) -> String {
        if let Type::Object(object) = ty {
            return format!("ref {} {}", object.interface, object.repository_id.as_deref().unwrap_or(""));
        }
        if let Some((scope, name)) = ty.qualified_name() {
            return format!("{scope}::{name}");
        }
        let parts: Vec<String> = ty.children().iter().map(|t| self.key_of(t.exact())).collect();
        match ty {
            Type::Sequence(_) => format!("sequence<{}>", parts.join(",")),
            Type::Array(_, size) => format!("array<{},{size}>", parts.join(",")),
            Type::Bounded(_, most) => format!("bounded<{},{most}>", parts.join(",")),
            Type::Optional(_) => format!("optional<{}>", parts.join(",")),
            Type::Map(..) => format!("map<{}>", parts.join(",")),
            Type::Tuple(_) => format!("tuple<{}>", parts.join(",")),
            other => other.to_string(),
        }
    }

    /// A name for a helper type, or for a part of one.
    fn label_of(&self, ty: &Type) -> String {
        let of = |ty: &TypeRef| self.label_of(ty.exact());
        let basic = match ty {
            Type::Bool => "Boolean",
            Type::I8 => "Int8",
            Type::U8 => "Octet",
            Type::I16 => "Short",
            Type::U16 => "UShort",
            Type::I32 => "Long",
            Type::U32 => "ULong",
            Type::I64 => "LongLong",
            Type::U64 => "ULongLong",
            Type::F32 => "Float",
            Type::F64 => "Double",
            Type::LongDouble => "LongDouble",
            Type::Decimal => "Decimal",
            Type::Char => "Char",
            Type::WideChar => "WChar",
            Type::String => "String",
            Type::WideString => "WString",
            Type::Bytes => "Octets",
            Type::DateTime => "DateTime",
            Type::Date => "Date",
            Type::Time => "Time",
            Type::Duration => "Duration",
            Type::Any => "Any",
            Type::TypeCode => "TypeCode",
            Type::Fixed { digits, scale } => return format!("Fixed{digits}_{scale}"),
            Type::Optional(inner) => return format!("Optional{}", of(inner)),
            Type::Sequence(item) => return format!("{}Seq", of(item)),
            Type::Array(item, size) => return format!("{}Array{size}", of(item)),
            Type::Bounded(inner, most) => return format!("{}{most}", of(inner)),
            Type::Map(key, value) => return format!("Map{}{}", of(key), of(value)),
            Type::Tuple(items) => return items.iter().fold("Tuple".to_owned(), |out, item| out + &of(item)),
            other => other.name().unwrap_or("Nothing"),
        };
        basic.to_owned()
    }
}

/// What stands around an item between angle brackets: to preprocessors of C++ '<:' is a bracket, and
/// '>>' is one token.
fn gaps(item: &str) -> (&'static str, &'static str) {
    (if item.starts_with(':') { " " } else { "" }, if item.ends_with('>') { " " } else { "" })
}

fn labels(case: &Case) -> String {
    match case.labels.as_ref() {
        [] => "default".to_owned(),
        labels => labels.iter().map(i64::to_string).collect::<Vec<_>>().join(" "),
    }
}

/// The scope that a repository id says, but for a prefix such as `omg.org`.
fn scope_of(id: &str) -> String {
    let path = id.strip_prefix("IDL:").unwrap_or(id);
    let path = path.rsplit_once(':').map_or(path, |(path, _)| path);
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    let prefix = parts.iter().rposition(|p| p.contains('.')).map_or(0, |i| i + 1);
    parts[prefix..].join("::")
}
