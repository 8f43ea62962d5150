//! What tests of the macros share: a stand-in for the facade, and the ways
//! that a value is sent there and back.
#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

pub(crate) mod local;
pub(crate) mod tape;

use std::fmt::Debug;

use farcall_wire::{Decode, Encode, ValueDecoder, ValueEncoder, from_value, to_value, transcode};
use tape::{Tape, TapeReader};

/// What expansions need of the facade.
pub(crate) mod farcall {
    pub(crate) use farcall_model as model;
    pub(crate) use farcall_wire as wire;

    /// Connects to nothing.
    #[derive(Clone, Debug)]
    pub(crate) struct Connection(pub(crate) String);

    impl Connection {
        pub(crate) async fn open(
            url: &str,
            _interface: &'static model::Interface,
        ) -> Result<Self, wire::Fault> {
            Ok(Self(url.to_owned()))
        }
    }

    impl wire::Channel for Connection {
        async fn call<I: wire::Invocation>(
            &self,
            _cx: &wire::Context,
            _invocation: &I,
        ) -> Result<I::Output, wire::Fault> {
            Err(wire::Fault::new(wire::FaultKind::Transport, "nobody is there"))
        }
    }
}

/// Through values, a keyed wire and a positional wire, typed and transcoded, and back.
pub(crate) fn there_and_back<T: Encode + Decode + PartialEq + Debug>(value: &T) {
    let carried = to_value(value).unwrap();
    assert_eq!(&from_value::<T>(&carried).unwrap(), value);
    let mut copied = ValueEncoder::new();
    transcode(T::describe(), &mut ValueDecoder::new(&carried), &mut copied).unwrap();
    assert_eq!(copied.finish(), carried, "transcode by {}", T::describe());
    over::<T, true>(value);
    over::<T, false>(value);
}

fn over<T: Encode + Decode + PartialEq + Debug, const KEYED: bool>(value: &T) {
    let mut tape = Tape::<KEYED>::default();
    value.encode(&mut tape).unwrap();
    let mut reader = TapeReader::<KEYED>::new(&tape);
    assert_eq!(&T::decode(&mut reader).unwrap(), value, "keyed: {KEYED}");
    assert!(reader.is_at_end(), "all was read (keyed: {KEYED})");
}

/// Writes to a positional wire and reads from it, whatever type each side has.
pub(crate) fn positionally<T: Encode, U: Decode>(value: &T) -> Result<U, farcall_wire::CodecError> {
    let mut tape = Tape::<false>::default();
    value.encode(&mut tape)?;
    U::decode(&mut TapeReader::<false>::new(&tape))
}
