//! Interfaces as traits.

use std::fmt::Write as _;

use farcall_model::{Interface, Operation, Type};

use super::Writer;
use super::head::{attribute, parts, wire_name};
use super::types::{Spot, unsupported};
use crate::Error;
use crate::docs::doc;
use crate::names::{Scope, plain, snake};

/// Methods of every client, which would hide those of the trait.
const OF_CLIENT: &[&str] = &["channel", "with_context"];

/// As many parameters as `#[service]` takes.
const MOST_PARAMS: usize = 40;

impl Writer<'_, '_> {
    pub(super) fn interface(&mut self, interface: &Interface, name: &str) -> Result<(), Error> {
        let service = self.facade("service");
        let mut heads = parts(name, &interface.name, &interface.scope, interface.repository_id.as_ref());
        if !interface.bases.is_empty() {
            let bases: Vec<String> = interface.bases.iter().map(|id| format!("{id:?}")).collect();
            heads.push(format!("bases({})", bases.join(", ")));
        }
        let names = method_names(interface);
        let with = self.messages(interface, name)?;
        heads.extend(with.iter().map(|(function, _)| format!("with = {function:?}")));
        doc(&mut self.out, &interface.doc);
        match heads.as_slice() {
            [] => {
                let _ = writeln!(self.out, "#[{service}]");
            }
            heads => attribute(&mut self.out, &service, heads),
        }
        let _ = writeln!(self.out, "pub trait {name} {{");
        for (operation, method) in interface.operations.iter().zip(names) {
            self.operation(operation, &method)?;
        }
        self.out.push_str("}\n");
        self.out.extend(with.map(|(_, function)| function));
        Ok(())
    }

    fn operation(&mut self, operation: &Operation, method: &str) -> Result<(), Error> {
        doc(&mut self.out, &operation.doc);
        let mut options = Vec::new();
        if plain(method) != operation.name {
            options.push(format!("name = {:?}", operation.name));
        }
        options.extend(operation.oneway.then(|| "oneway".to_owned()));
        if !operation.outs.is_empty() {
            let outs: Vec<String> = operation.outs.iter().map(|out| out_name(&out.field.name)).collect();
            options.push(format!("out({})", outs.join(", ")));
        }
        options.extend(operation.idempotent.then(|| "idempotent".to_owned()));
        if !operation.context.is_empty() {
            let names: Vec<String> = operation.context.iter().map(|name| format!("{name:?}")).collect();
            options.push(format!("context({})", names.join(", ")));
        }
        attribute(&mut self.out, "op", &options);
        let _ = write!(self.out, "async fn {method}(&self");
        if operation.params.len() > MOST_PARAMS {
            return Err(unsupported(&operation.name, format!("more than {MOST_PARAMS} parameters")));
        }
        let mut taken = Scope::default();
        for param in &operation.params {
            let place = format!("{}.{}", operation.name, param.field.name);
            let rust = taken.claim(snake(&param.field.name));
            self.out.push_str(", ");
            doc(&mut self.out, &param.field.doc);
            let says: Vec<String> = wire_name(&rust, &param.field.name, None).into_iter().collect();
            attribute(&mut self.out, "wire", &says);
            let ty = self.ty(&param.field.ty, Spot { owner: None, place: &place })?;
            let _ = write!(self.out, "{rust}: {ty}");
        }
        let (outcome, error) = (self.outcome(operation)?, self.error(operation));
        let result = self.prelude("Result", "std::result::Result");
        let _ = writeln!(self.out, ") -> {result}<{outcome}, {error}>;");
        Ok(())
    }

    /// What comes back: the return value and the parameters that come back, or those there are of
    /// them.
    fn outcome(&mut self, operation: &Operation) -> Result<String, Error> {
        let mut parts = Vec::new();
        if !operation.returns_nothing() {
            parts.push(self.ty(&operation.result, Spot { owner: None, place: &operation.name })?);
        }
        for out in &operation.outs {
            let place = format!("{}.{}", operation.name, out.field.name);
            parts.push(self.ty(&out.field.ty, Spot { owner: None, place: &place })?);
            // it would be taken for a return value and a parameter
            if operation.outs.len() == 1 && parts.len() == 1 && is_pair(out.field.ty.resolve()) {
                return Err(unsupported(&place, "a pair that comes back alone"));
            }
        }
        Ok(match parts.as_slice() {
            [] => "()".to_owned(),
            [one] => one.clone(),
            several => format!("({})", several.join(", ")),
        })
    }

    /// What goes wrong.
    fn error(&mut self, operation: &Operation) -> String {
        let members = self.plan.raised(operation);
        let exception = match (members.as_slice(), self.plan.set(&members)) {
            ([], _) => return self.facade("Fault"),
            (_, Some(set)) => &set.place,
            ([one, ..], None) => &self.plan.places[one.0],
        };
        let exception = self.plan.relative(self.module, exception);
        format!("{}<{exception}>", self.facade("CallError"))
    }
}

fn is_pair(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(items) if items.len() == 2)
}

/// A name as `out(…)` takes it: as an identifier, if it is one.
fn out_name(name: &str) -> String {
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => name.to_owned(),
        Err(_) => format!("{name:?}"),
    }
}

/// What the operations are called in Rust: `_get_x` and `_set_x` are `x` and `set_x`, if these are free.
fn method_names(interface: &Interface) -> Vec<String> {
    let mut taken = Scope::holding(OF_CLIENT);
    let mut names = vec![String::new(); interface.operations.len()];
    let attribute = |operation: &Operation| {
        let name = &operation.name;
        let read = name.strip_prefix("_get_").filter(|_| operation.params.is_empty());
        let write = name.strip_prefix("_set_").filter(|_| operation.params.len() == 1);
        read.map(snake).or_else(|| write.map(|name| snake(&format!("set_{name}"))))
    };
    // attributes give way to operations
    for (operation, name) in interface.operations.iter().zip(&mut names) {
        if attribute(operation).is_none() {
            *name = taken.claim(snake(&operation.name));
        }
    }
    for (operation, name) in interface.operations.iter().zip(&mut names) {
        if let Some(attribute) = attribute(operation) {
            *name = taken.claim_first(&[attribute, snake(&operation.name)]);
        }
    }
    names
}
