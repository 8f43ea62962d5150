//! `farcall ior`: references to objects, taken apart and made.

use farcall::Value;
use farcall::corba::ior::{CodeSetInfo, TaggedComponent, TaggedProfile, escape_key};
use farcall::corba::ior::{Component, Corbaname, IiopProfile, IorError, TAG_INTERNET_IOP, unescape_key};
use farcall::corba::{ByteOrder, CodeSet, Ior, Version};
use farcall::model::Record;

use crate::args::{Format, IorMakeArgs, IorShowArgs};
use crate::exit::{Exit, Failure};
use crate::output::{self, printable_lines};
use crate::secrets;

/// Shows what a reference says: lines for people, or a value.
pub(crate) fn show(args: &IorShowArgs) -> Result<(), Failure> {
    let text = match args.reference.strip_prefix('@') {
        Some(path) => secrets::file(path)?,
        None => args.reference.clone(),
    };
    let (ior, name) = read(text.trim())?;
    match args.output.format {
        None | Some(Format::Table | Format::Raw) => {
            let name = name.map_or_else(String::new, |name| format!("name      {name}, to be resolved at\n"));
            output::print(printable_lines(&format!("{name}{}", ior.describe())).as_bytes())
        }
        format => {
            let mut told = reference(&ior);
            if let Some(name) = name {
                told = Record::new().with("name", name).with("context", told);
            }
            output::value(&told.into(), format)
        }
    }
}

/// Prints a reference to the object that the flags tell of.
pub(crate) fn make(args: &IorMakeArgs) -> Result<(), Failure> {
    let key = unescape_key(&args.key).ok_or_else(|| {
        Failure::usage("a % in the key is not followed by two hexadecimal digits").at("--key")
    })?;
    let profile = IiopProfile::new(args.iiop, &*args.host, args.port, key);
    let ior = Ior::new(&*args.id, &[profile]);
    let order = if args.little_endian { ByteOrder::Little } else { ByteOrder::Big };
    let text = ior.stringify(order);
    // what CDR cannot express, such as U+0000, comes out as something else
    match text.parse::<Ior>() {
        Ok(read) if read == ior => output::print(format!("{text}\n").as_bytes()),
        _ => Err(Failure::usage("a reference cannot hold such a host or type").at("--host, --type")),
    }
}

/// Reads the version of `--iiop`.
pub(crate) fn version(text: &str) -> Result<Version, String> {
    match text {
        "1.0" => Ok(Version::V1_0),
        "1.1" => Ok(Version::V1_1),
        "1.2" => Ok(Version::V1_2),
        _ => Err("the version is 1.0, 1.1 or 1.2".to_owned()),
    }
}

/// A reference; with a name, that of the naming context to resolve it in.
fn read(text: &str) -> Result<(Ior, Option<String>), Failure> {
    let refused = |error: IorError| Failure::new(Exit::Schema, error.to_string()).at("REF");
    if !text.get(..10).is_some_and(|scheme| scheme.eq_ignore_ascii_case("corbaname:")) {
        return text.parse().map(|ior| (ior, None)).map_err(refused);
    }
    let url: Corbaname = text.parse().map_err(refused)?;
    let name: Vec<String> = url.name.iter().map(ToString::to_string).collect();
    Ok((url.context, Some(name.join("/"))))
}

fn reference(ior: &Ior) -> Record {
    let profiles: Vec<Value> = ior.profiles.iter().map(|tagged| profile(tagged).into()).collect();
    Record::new().with("type", ior.type_id.as_str()).with("profiles", profiles)
}

fn profile(tagged: &TaggedProfile) -> Record {
    let told = Record::new().with("tag", tagged.tag);
    let told = match (tagged.tag == TAG_INTERNET_IOP).then(|| IiopProfile::decode(&tagged.data)) {
        Some(Ok(iiop)) => told
            .with("version", iiop.version.to_string())
            .with("host", iiop.host)
            .with("port", iiop.port)
            .with("key", escape_key(&iiop.object_key)),
        Some(Err(error)) => told.with("error", error.to_string()).with("data", tagged.data.clone()),
        None => told.with("data", tagged.data.clone()),
    };
    // those of this profile alone
    let alone = Ior { type_id: String::new(), profiles: vec![tagged.clone()] };
    let components: Vec<Value> = alone.components().map(|tagged| component(&tagged).into()).collect();
    told.with("components", components)
}

fn component(tagged: &TaggedComponent) -> Record {
    let told = Record::new().with("tag", tagged.tag);
    match tagged.decode() {
        Component::OrbType(orb) => told.with("orb", orb),
        Component::CodeSets(char, wchar) => told.with("char", sets(&char)).with("wchar", sets(&wchar)),
        Component::AlternateAddress(at) => told.with("host", at.host).with("port", at.port),
        Component::Ssl(ssl) => {
            told.with("port", ssl.port).with("supports", ssl.supports).with("requires", ssl.requires)
        }
        Component::Unix(socket) => told.with("host", socket.host).with("path", socket.path),
        Component::Csi(security) => {
            told.with("gssup", if security.required { "required" } else { "supported" })
        }
        Component::Addresses(urls) => {
            told.with("urls", urls.into_iter().map(Value::from).collect::<Vec<Value>>())
        }
        _ => told.with("data", tagged.data.clone()),
    }
}

/// Code sets by name where there is one, the native one first.
fn sets(info: &CodeSetInfo) -> Vec<Value> {
    let name = |id: &u32| match CodeSet::of_id(*id) {
        Some(CodeSet::Latin1) => "ISO 8859-1".into(),
        Some(CodeSet::Utf8) => "UTF-8".into(),
        Some(CodeSet::Utf16) => "UTF-16".into(),
        Some(CodeSet::Ucs2) => "UCS-2".into(),
        _ => Value::from(*id),
    };
    std::iter::once(&info.native).chain(&info.conversions).map(name).collect()
}
