//! The encodings that a rule may search for: UTF-16 and base64.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A way to write UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Utf16 {
    /// Little end first (`utf16le`, `wide`).
    Little,
    /// Big end first (`utf16be`).
    Big,
    /// Little end first after the byte order mark FF FE (`utf16`).
    Marked,
}

/// The bytes of a text in UTF-16.
pub(crate) fn utf16(text: &str, how: Utf16) -> Vec<u8> {
    let units = text.encode_utf16();
    match how {
        Utf16::Little => units.flat_map(u16::to_le_bytes).collect(),
        Utf16::Big => units.flat_map(u16::to_be_bytes).collect(),
        Utf16::Marked => [0xFF, 0xFE]
            .into_iter()
            .chain(units.flat_map(u16::to_le_bytes))
            .collect(),
    }
}

/// Base64 with padding (RFC 4648, section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let octets = [0, 1, 2].map(|n| u32::from(chunk.get(n).copied().unwrap_or(0)));
        let [first, second, third] = octets;
        let word = first << 16 | second << 8 | third;
        for place in 0..4 {
            let sextet = usize::try_from(word >> (18 - 6 * place) & 63).unwrap_or(0);
            let letter = ALPHABET.get(sextet).copied().unwrap_or(b'=');
            let padded = place > u32::try_from(chunk.len()).unwrap_or(3);
            text.push(if padded { '=' } else { char::from(letter) });
        }
    }
    text
}

/// What stays the same of a text's base64, for each of the three places where it may begin within
/// a group of three bytes: the characters that depend on its neighbours are trimmed.
pub(crate) fn base64_offsets(bytes: &[u8]) -> [String; 3] {
    [(0, 0), (1, 2), (2, 3)].map(|(offset, skip)| {
        let mut shifted = vec![0; offset];
        shifted.extend_from_slice(bytes);
        let drop = match shifted.len() % 3 {
            1 => 3,
            2 => 2,
            _ => 0,
        };
        let whole = base64(&shifted);
        let keep = whole.len().saturating_sub(drop + skip);
        whole.chars().skip(skip).take(keep).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{Utf16, base64, base64_offsets, utf16};

    #[test]
    fn base64_agrees_with_the_vectors_of_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn an_offset_form_is_found_wherever_the_text_stands_and_whatever_surrounds_it() {
        for word in ["http://", "IEX ", "Invoke-x", "abcdefghi"] {
            let forms = base64_offsets(word.as_bytes());
            for before in 0..6 {
                for (left, right) in [("\0", "\0"), ("\u{7f}", "~")] {
                    let text = format!("{}{word}{}", left.repeat(before), right.repeat(3));
                    let form = &forms[before % 3];
                    assert!(base64(text.as_bytes()).contains(form), "{word} at {before}");
                }
            }
        }
    }

    #[test]
    fn utf16_has_its_mark_and_its_order() {
        assert_eq!(utf16("é", Utf16::Little), [0xE9, 0]);
        assert_eq!(utf16("é", Utf16::Big), [0, 0xE9]);
        assert_eq!(utf16("a", Utf16::Marked), [0xFF, 0xFE, b'a', 0]);
    }
}
