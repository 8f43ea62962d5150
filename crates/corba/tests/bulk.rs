//! Values that are written and read in whole are the same octets, values and errors as one by one.

use bytes::Bytes;
use farcall_corba::giop::{Kind, Parts, begin, finish, finish_parts};
use farcall_corba::{ByteOrder, CdrDecoder, CdrEncoder, CodeSets, Version};
use farcall_macros::Wire;
use farcall_wire::plain::Span;
use farcall_wire::{CodecError, Decode, Describe, Encode, Encoder, Lent, Limits, Written};

mod farcall {
    pub(crate) use {farcall_model as model, farcall_wire as wire};
}

#[derive(Clone, Copy, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Plain {
    tiny: i8,
    wide: f64,
    is_set: bool,
    half: u16,
    inside: Inside,
    octet: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Inside {
    word: u32,
    long: i64,
}

/// What comes after it is not aligned, and it is.
#[derive(Clone, Copy, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Tailed {
    word: i32,
    wide: f64,
    is_set: bool,
}

#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(crate = "crate::farcall", scope = "farcall")]
struct Mixed {
    plain: Plain,
    name: String,
}

const ORDERS: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];

fn plain(seed: u8) -> Plain {
    Plain {
        tiny: seed as i8,
        wide: f64::from(seed) + 0.5,
        is_set: seed.is_multiple_of(2),
        half: 0x0102 * u16::from(seed),
        inside: Inside { word: 0x0102_0304 * u32::from(seed), long: -i64::from(seed) },
        octet: seed,
    }
}

fn encoder(start: usize, order: ByteOrder) -> CdrEncoder {
    CdrEncoder::new(vec![0xaa; start], order, Version::V1_2, CodeSets::PREFERRED)
}

fn read<T: Decode>(octets: &Bytes, start: usize, order: ByteOrder) -> Result<T, CodecError> {
    let limits = Limits::default();
    let mut from = CdrDecoder::new(octets, start, order, Version::V1_2, CodeSets::PREFERRED, &limits);
    let value = T::decode(&mut from)?;
    from.end().map(|()| value)
}

/// In every order, from every alignment.
fn same_in_whole<T: Encode + Decode + PartialEq + std::fmt::Debug>(items: &[T]) {
    for order in ORDERS {
        for start in 0..9 {
            let mut out = encoder(start, order);
            items.encode(&mut out).unwrap();
            let octets = Bytes::from(out.into_bytes());
            let mut one_by_one = encoder(start, order);
            one_by_one.u32(items.len() as u32).unwrap();
            items.iter().try_for_each(|item| item.encode(&mut one_by_one)).unwrap();
            assert_eq!(octets, one_by_one.into_bytes(), "{order:?}, from {start}");
            assert_eq!(read::<Vec<T>>(&octets, start, order).unwrap(), items);
        }
    }
}

#[test]
fn structs_of_numbers_are_the_same_in_whole_as_one_by_one() {
    assert!(Plain::SPAN.is_some() && Mixed::SPAN.is_none());
    assert_eq!(Inside::SPAN, Span::chain(&[u32::SPAN, i64::SPAN]));
    let items: Vec<Plain> = (0..9).map(plain).collect();
    same_in_whole(&items);
    same_in_whole(&items.iter().map(|item| item.inside).collect::<Vec<_>>());
    let tailed = |item: &Plain| Tailed { word: item.tiny.into(), wide: item.wide, is_set: item.is_set };
    same_in_whole(&items.iter().map(tailed).collect::<Vec<_>>());
    same_in_whole::<Plain>(&[]);
}

/// The order that is not this machine's goes one by one.
#[test]
fn what_is_wrong_is_said_as_it_is_one_by_one() {
    let errors = |change: &dyn Fn(&mut Vec<u8>)| {
        ORDERS.map(|order| {
            let mut out = encoder(0, order);
            vec![plain(1), plain(2), plain(3)].encode(&mut out).unwrap();
            let mut octets = out.into_bytes();
            change(&mut octets);
            read::<Vec<Plain>>(&octets.into(), 0, order).map_err(|e| e.to_string())
        })
    };
    for at in [16, 48] {
        let [big, little] = errors(&|octets| octets[at] = 7);
        assert_eq!(big, little);
        let error = big.unwrap_err();
        assert!(error.contains("is_set") && error.contains(&at.to_string()), "{error}");
    }
    for len in 4..97 {
        let [big, little] = errors(&|octets| octets.truncate(len));
        assert!(big.is_err(), "of {len}");
        assert_eq!(big, little, "of {len}");
    }
}

fn large(seed: u8) -> Bytes {
    (0..20_000_u32).map(|i| (i as u8).wrapping_mul(seed)).collect()
}

/// Small and large octets, an encapsulation with large ones inside, and what aligns after them.
fn write(out: &mut CdrEncoder, octets: fn(&mut CdrEncoder, &Bytes) -> Written) -> Written {
    out.u8(1)?;
    octets(out, &large(3).slice(..19_997))?;
    out.f64(0.5)?;
    out.encapsulate(|out| {
        out.u16(2)?;
        octets(out, &large(5).slice(..18_001))?;
        out.u64(3)?;
        octets(out, &Bytes::from_static(b"small"))
    })?;
    out.i64(4)?;
    octets(out, &large(7))
}

#[test]
fn large_octets_that_are_not_copied_are_the_same() {
    for order in ORDERS {
        for start in 0..9 {
            let (mut apart, mut copied) = (encoder(start, order), encoder(start, order));
            write(&mut apart, |out, octets| out.octets(octets)).unwrap();
            write(&mut copied, |out, octets| out.bytes(octets)).unwrap();
            let parts = apart.into_parts();
            let octets = copied.into_bytes();
            assert_eq!(parts.len(), octets.len());
            assert!(parts.into_vec() == octets, "{order:?}, from {start}");
        }
    }
    let message = || {
        let mut out = begin(Kind::Request, Version::V1_2, ByteOrder::NATIVE, CodeSets::PREFERRED);
        write(&mut out, |out, octets| out.octets(octets)).unwrap();
        out
    };
    let whole = finish(message()).unwrap();
    assert_eq!(u32::from_ne_bytes(whole[8..12].try_into().unwrap()) as usize, whole.len() - 12);
    assert!(finish_parts(message()).map(Parts::into_vec).unwrap() == whole);
}

#[test]
fn numbers_that_nobody_needs_any_more_are_the_same() {
    let numbers: Vec<f64> = (0..5000).map(f64::from).collect();
    let octets: Vec<u8> = large(11).into();
    for order in ORDERS {
        for start in 0..9 {
            let mut copied = encoder(start, order);
            numbers.encode(&mut copied).unwrap();
            octets.encode(&mut copied).unwrap();
            vec![1.5_f32].encode(&mut copied).unwrap();
            let copied = copied.into_bytes();
            let (mut numbers, mut octets, mut few) = (numbers.clone(), octets.clone(), vec![1.5_f32]);
            let mut lent = [(); 3].map(|()| Lent::default());
            // a call that is made again writes what it lent before, in whatever order
            for again in [order, ORDERS[0], ORDERS[1], order] {
                let mut last = encoder(start, again);
                numbers.encode_lent(&mut lent[0], &mut last).unwrap();
                octets.encode_lent(&mut lent[1], &mut last).unwrap();
                few.encode_lent(&mut lent[2], &mut last).unwrap();
                assert!(again != order || last.into_bytes() == copied, "{order:?}, from {start}");
            }
            assert!(numbers.is_empty() && octets.is_empty() && few == [1.5], "what is large was lent");
        }
    }
}
