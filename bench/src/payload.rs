//! What is sent: the four cases, the ten-member struct, and the bytes of their calls and responses.
//!
//! The XML is written here by hand, by no codec under test, so every server gets the same octets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::sample::Named;

/// One kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Int,
    Struct,
    Structs,
    Bytes,
}

impl Named for Case {
    const ALL: &'static [Self] = &[Self::Int, Self::Struct, Self::Structs, Self::Bytes];

    /// The method is `bench.echo_` and this.
    fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Struct => "struct",
            Self::Structs => "structs",
            Self::Bytes => "bytes",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Int => "an int",
            Self::Struct => "a struct of 10 members",
            Self::Structs => "an array of 1000 structs",
            Self::Bytes => "base64 of 1 MiB",
        }
    }
}

impl Case {
    fn value(self) -> String {
        match self {
            Self::Int => "<value><int>1789</int></value>".to_owned(),
            Self::Struct => item_xml(0),
            Self::Structs => {
                let items: String = (0..1000).map(item_xml).collect();
                format!("<value><array><data>{items}</data></array></value>")
            }
            Self::Bytes => format!("<value><base64>{}</base64></value>", STANDARD.encode(random(1 << 20))),
        }
    }

    /// The `methodCall` document.
    pub(crate) fn call(self) -> String {
        format!(
            "<?xml version=\"1.0\"?><methodCall><methodName>bench.echo_{}</methodName>\
             <params><param>{}</param></params></methodCall>",
            self.name(),
            self.value()
        )
    }

    /// The `methodResponse` document that echoes the call's parameter.
    pub(crate) fn response(self) -> String {
        format!(
            "<?xml version=\"1.0\"?><methodResponse><params><param>{}</param></params></methodResponse>",
            self.value()
        )
    }
}

/// `count` octets that look random (xorshift), so that nothing on the way can profit from repetition.
pub(crate) fn random(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// The struct numbered `i` as a `<value>`: the members of [`item_types`], about 1.27 kB.
fn item_xml(i: usize) -> String {
    let member =
        |name: &str, value: String| format!("<member><name>{name}</name><value>{value}</value></member>");
    let text = |text: String| format!("<string>{text}</string>");
    let place = member("aisle", format!("<int>{}</int>", i % 40))
        + &member("shelf", text(format!("S{:03}", i % 250)));
    let members = [
        member("active", format!("<boolean>{}</boolean>", i % 3 % 2)),
        member(
            "created",
            format!("<dateTime.iso8601>202402{:02}T{:02}:34:56</dateTime.iso8601>", i % 28 + 1, i % 24),
        ),
        member("description", text(description(i))),
        member("id", format!("<int>{}</int>", 100_000 + i)),
        member("name", text(format!("Hex bolt M{} &amp; washer, grade {}", i % 30 + 2, i % 7 + 4))),
        member("place", format!("<struct>{place}</struct>")),
        member("price", format!("<double>{}.{:02}5</double>", i % 900, i % 100)),
        member("quantity", format!("<i4>{}</i4>", (i as i64 * 37 % 5000) - 100)),
        member("sku", text(format!("HB-{:06}-{:04X}", i * 7919 % 1_000_000, i))),
        member("weight", format!("<double>{}.25</double>", i % 50)),
    ];
    format!("<value><struct>{}</struct></value>", members.concat())
}

/// Prose of catalogue length, with a character outside ASCII and two that XML escapes.
fn description(i: usize) -> String {
    format!(
        "Zinc-plated steel, property class 8.8, threaded to the head; for loads of up to {} N at 20 °C. \
         Tolerance &lt; {} µm. Delivered in boxes of {} with a test certificate on request; not for use in \
         salt water, near chlorine, or where the joint cannot be inspected once a year by a trained person. \
         Store dry and in its own closed box.",
        1000 + i % 9000,
        i % 90 + 10,
        i % 20 * 10 + 50
    )
}

/// Defines `Item` (the ten-member struct) and `Place`, which it nests, with the derives of one
/// codec and its type of `dateTime.iso8601` (a bare name: dxr's derive knows no type that a macro
/// wrapped): one list of members for every typed codec.
macro_rules! item_types {
    ($(#[$derive:meta])* created: $date_time:ident) => {
        $(#[$derive])*
        pub(crate) struct Item {
            active: bool,
            created: $date_time,
            description: String,
            id: i32,
            name: String,
            place: Place,
            price: f64,
            quantity: i32,
            sku: String,
            weight: f64,
        }

        $(#[$derive])*
        pub(crate) struct Place {
            aisle: i32,
            shelf: String,
        }
    };
}
pub(crate) use item_types;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_that_the_results_name() {
        let structs = Case::Structs.call().len();
        assert!((1_260_000..1_280_000).contains(&structs), "{structs}");
        assert_eq!(random(1 << 20).len(), 1 << 20);
        assert_eq!(
            item_xml(0).matches("<member>").count(),
            12,
            "ten members, two of them in the nested struct"
        );
    }
}
