//! Between the model's [`ObjectRef`], whose addresses are URLs of any
//! protocol, and an [`Ior`] in a message.

use std::borrow::Cow;

use bytes::Bytes;
use farcall_model::{ObjectRef, ObjectType};
use farcall_wire::{CodecError, Written};

use super::component::{self, Component};
use super::{Ior, TAG_MULTIPLE_COMPONENTS, TaggedProfile};
use crate::cdr::{ByteOrder, CdrDecoder, CdrEncoder};
use crate::repository;

/// Writes a reference: the profiles of its IOR as they came, and its other
/// URLs as a component, which foreign ORBs pass on untouched.
pub(crate) fn write(out: &mut CdrEncoder, ty: &ObjectType, value: &ObjectRef) -> Written {
    of_object(ty, value)?.write(out)
}

/// The IOR that a reference is written as.
pub(crate) fn of_object(ty: &ObjectType, value: &ObjectRef) -> Result<Ior, CodecError> {
    if value.is_nil() {
        return Ok(Ior::default());
    }
    let (own, others): (Vec<&String>, Vec<&String>) = value.addresses.iter().partition(|url| is_corba(url));
    let mut ior = Ior::default();
    for url in own {
        let one: Ior =
            url.parse().map_err(|e| CodecError::range(url, "reference to an object").with_source(e))?;
        if ior.type_id.is_empty() {
            ior.type_id = one.type_id;
        }
        ior.profiles.extend(one.profiles);
    }
    if ior.type_id.is_empty() {
        ior.type_id = type_id(ty, value).into_owned();
    }
    if !others.is_empty() {
        let component = Component::Addresses(others.into_iter().cloned().collect()).encode()?;
        let mut data = CdrEncoder::encapsulation(ByteOrder::Big);
        component::write_all(&mut data, &[component])?;
        let data = Bytes::from(data.into_bytes());
        ior.profiles.push(TaggedProfile { tag: TAG_MULTIPLE_COMPONENTS, data });
    }
    Ok(ior)
}

fn is_corba(url: &str) -> bool {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("ior") || scheme.eq_ignore_ascii_case("corbaloc")
}

fn type_id<'a>(ty: &'a ObjectType, value: &'a ObjectRef) -> Cow<'a, str> {
    if value.interface.contains(':') {
        return Cow::Borrowed(&value.interface);
    }
    repository::of_object(ty)
}

/// Reads a reference.
pub(crate) fn read(from: &mut CdrDecoder<'_>, ty: &ObjectType) -> Result<ObjectRef, CodecError> {
    let mut ior = Ior::read(from)?;
    if ior.is_nil() {
        return Ok(ObjectRef::default());
    }
    let mut urls = Vec::new();
    // the profile that `write` adds comes off again, so that a reference stays as it was
    ior.profiles.retain(|profile| {
        let found = addresses(profile);
        let keep = found.is_none();
        urls.extend(found.into_iter().flatten());
        keep
    });
    // an interface without an id of its own keeps the name that it has elsewhere
    let unnamed = ty.repository_id.is_none() && ior.type_id == repository::of_object(ty);
    let mut object = ObjectRef::new(if unnamed { &ty.interface } else { ior.type_id.as_str() });
    if !ior.is_nil() {
        object.addresses.push(ior.to_string());
    }
    object.addresses.append(&mut urls);
    Ok(object)
}

/// The URLs of a profile that holds nothing else.
fn addresses(profile: &TaggedProfile) -> Option<Vec<String>> {
    if profile.tag != TAG_MULTIPLE_COMPONENTS {
        return None;
    }
    match component::decode_all(&profile.data).ok()?.as_slice() {
        [only] => match only.decode() {
            Component::Addresses(urls) => Some(urls),
            _ => None,
        },
        _ => None,
    }
}
