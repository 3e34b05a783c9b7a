//! Text of UTF-16 to text of UTF-8.

use std::str;

/// How many plain characters are handed on at a time.
const PLAIN_MAX: usize = 64;

/// How many characters are looked at together.
const BLOCK: usize = 8;

type Unit = [u8; 2];

/// Hands on the text before the first zero, piece by piece; none if it is no whole text.
#[inline]
pub(super) fn decode(bytes: &[u8], mut push: impl FnMut(&str)) -> Option<()> {
    let (mut units, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let mut plain = [0_u8; PLAIN_MAX];
    loop {
        let taken = narrow(units, &mut plain);
        push(str::from_utf8(plain.get(..taken)?).ok()?);
        units = units.get(taken..)?;
        match units.first() {
            None | Some([0, 0]) => return Some(()),
            Some(_) if taken == PLAIN_MAX => {}
            Some(_) => units = wide(units, &mut push)?,
        }
    }
}

/// Whether a unit is a character of ASCII, and not the zero that ends a text.
#[inline]
fn is_plain([low, high]: Unit) -> bool {
    (high == 0) & (low.wrapping_sub(1) < 0x7f)
}

/// Takes as many plain characters as there are at the beginning; how many.
#[inline]
fn narrow(units: &[Unit], plain: &mut [u8; PLAIN_MAX]) -> usize {
    let mut taken = 0;
    let (blocks, _) = units.as_chunks::<BLOCK>();
    let (places, _) = plain.as_chunks_mut::<BLOCK>();
    for (from, to) in blocks.iter().zip(places) {
        let mut all = true;
        for (unit, byte) in from.iter().zip(to) {
            *byte = unit[0];
            all &= is_plain(*unit);
        }
        if !all {
            break;
        }
        taken += BLOCK;
    }
    let rest = units.iter().zip(plain.iter_mut()).skip(taken);
    for (unit, byte) in rest {
        if !is_plain(*unit) {
            break;
        }
        *byte = unit[0];
        taken += 1;
    }
    taken
}

/// Takes the characters up to the next plain one or the end of the text; none if half of a
/// surrogate pair is among them.
fn wide<'u>(units: &'u [Unit], push: &mut impl FnMut(&str)) -> Option<&'u [Unit]> {
    let numbers = units
        .iter()
        .take_while(|unit| !is_plain(**unit) && **unit != [0, 0])
        .map(|unit| u16::from_le_bytes(*unit));
    let mut taken = 0;
    for character in char::decode_utf16(numbers) {
        let character = character.ok()?;
        push(character.encode_utf8(&mut [0; 4]));
        taken += character.len_utf16();
    }
    units.get(taken..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::decode;

    fn decoded(units: &[u16]) -> Option<String> {
        let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let mut text = String::new();
        decode(&bytes, |piece| text.push_str(piece)).map(|()| text)
    }

    fn check(units: &[u16]) {
        let end = units.iter().position(|unit| *unit == 0);
        let expect = String::from_utf16(&units[..end.unwrap_or(units.len())]);
        assert_eq!(decoded(units), expect.ok(), "{units:?}");
    }

    #[test]
    fn half_a_pair_and_half_a_unit_are_no_text() {
        check(&[0x61, 0xd83d]);
        check(&[0xde00, 0x61]);
        check(&[0xd83d, 0x61]);
        check(&[0x61, 0, 0xd83d]);
        assert_eq!(decode(b"a\0b", |_| {}), None);
    }

    proptest! {
        #[test]
        fn any_units_are_decoded_up_to_the_first_zero(
            units in prop::collection::vec(
                prop_oneof![8 => 1..0x80_u16, 1 => any::<u16>(), 1 => Just(0_u16)], 0..200),
        ) {
            check(&units);
        }

        #[test]
        fn any_text_is_given_back(text in "[^\0]{0,200}") {
            let units: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(decoded(&units), Some(text));
        }
    }
}
