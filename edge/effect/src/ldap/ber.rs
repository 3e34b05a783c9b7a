//! The Basic Encoding Rules (X.690), as far as LDAP uses them: definite lengths, one-byte tags.

/// A sequence.
pub(super) const SEQUENCE: u8 = 0x30;
/// A set.
pub(super) const SET: u8 = 0x31;
/// A whole number.
pub(super) const INTEGER: u8 = 0x02;
/// Bytes.
pub(super) const OCTETS: u8 = 0x04;
/// One of several names.
pub(super) const ENUMERATED: u8 = 0x0a;
/// True or false.
pub(super) const BOOLEAN: u8 = 0x01;

/// A value with its tag and length.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length) if length < 0x80 => bytes.push(length),
        Ok(_) | Err(_) => {
            let length = content.len().to_be_bytes();
            let zeros = length.iter().take_while(|byte| **byte == 0).count();
            let (_, length) = length.split_at(zeros);
            let count = u8::try_from(length.len()).unwrap_or(u8::MAX);
            bytes.push(0x80 | count);
            bytes.extend_from_slice(length);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

/// Several values under one tag.
pub(super) fn all(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

/// A number that is not negative.
pub(super) fn number(tag: u8, number: u32) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let zeros = bytes.iter().take(3).take_while(|byte| **byte == 0).count();
    let (_, bytes) = bytes.split_at(zeros);
    let mut content = Vec::new();
    if bytes.first().is_some_and(|first| *first >= 0x80) {
        content.push(0);
    }
    content.extend_from_slice(bytes);
    tlv(tag, &content)
}

/// A value that was read: its tag, its content, and what follows.
pub(super) type Read<'b> = (u8, &'b [u8], &'b [u8]);

/// How far a value goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// So many bytes with tag and length.
    Whole(usize),
    /// More bytes are needed to know.
    Short,
    /// It is not written like this.
    Unfit,
}

/// How far the first value in some bytes goes, whether or not it is there in full.
pub(super) fn extent(bytes: &[u8]) -> Extent {
    match head(bytes) {
        Some((header, length)) => header
            .checked_add(length)
            .map_or(Extent::Unfit, Extent::Whole),
        None => match bytes.get(1) {
            Some(0x80 | 0x85..) => Extent::Unfit,
            Some(_) | None => Extent::Short,
        },
    }
}

/// The lengths of tag and length, and of the content.
fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.get(1)?;
    if first < 0x80 {
        return Some((2, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    if !(1..=4).contains(&count) {
        return None;
    }
    let digits = bytes.get(2..2 + count)?;
    let length = digits
        .iter()
        .fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
    Some((2 + count, length))
}

/// Reads the first value.
pub(super) fn read(bytes: &[u8]) -> Option<Read<'_>> {
    let tag = *bytes.first()?;
    let (header, length) = head(bytes)?;
    let (_, rest) = bytes.split_at_checked(header)?;
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// Reads the first value, if it has this tag.
pub(super) fn expect(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = read(bytes)?;
    (found == tag).then_some((content, rest))
}

/// A number that is not negative and fits.
pub(super) fn to_number(content: &[u8]) -> Option<u32> {
    if content.is_empty() || content.len() > 5 || content.first()? & 0x80 != 0 {
        return None;
    }
    let sum = content
        .iter()
        .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    u32::try_from(sum).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Extent, INTEGER, OCTETS, extent, number, read, tlv, to_number};

    proptest! {
        #[test]
        fn what_was_written_is_read_again(content in prop::collection::vec(any::<u8>(), 0..70_000), tail in any::<[u8; 3]>()) {
            let mut bytes = tlv(OCTETS, &content);
            let length = bytes.len();
            prop_assert_eq!(extent(&bytes), Extent::Whole(length));
            bytes.extend_from_slice(&tail);
            prop_assert_eq!(read(&bytes), Some((OCTETS, &*content, &tail[..])));
        }

        #[test]
        fn numbers_are_read_again(n in any::<u32>()) {
            let bytes = number(INTEGER, n);
            let (_, content, _) = read(&bytes).unwrap();
            prop_assert_eq!(to_number(content), Some(n));
        }

        #[test]
        fn no_bytes_are_read_beyond_their_end(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Some((_, content, rest)) = read(&bytes) {
                prop_assert!(content.len() + rest.len() < bytes.len());
            }
            let _any = extent(&bytes);
        }
    }

    #[test]
    fn lengths_without_an_end_or_of_absurd_size_are_refused() {
        assert_eq!(extent(&[0x30]), Extent::Short);
        assert_eq!(extent(&[0x30, 0x82, 0x01]), Extent::Short);
        assert_eq!(extent(&[0x30, 0x80]), Extent::Unfit);
        assert_eq!(extent(&[0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 1]), Extent::Unfit);
        assert_eq!(read(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0]), None);
    }
}
