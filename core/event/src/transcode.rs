//! UTF-16 to UTF-8 as a stream, for the exports that some Windows tools write.
//!
//! Half pairs become the replacement character. Offsets of records then count the bytes of the
//! text as UTF-8.

use std::io::{self, BufRead, Read};

use crate::format::Endian;

/// How many units are turned at a time.
const UNITS_AT_A_TIME: usize = 16 * 1024;

pub(crate) struct Utf16<'r> {
    input: &'r mut dyn BufRead,
    endian: Endian,
    /// The first half of a pair whose second half is in the next block.
    half: Option<u16>,
    ready: Vec<u8>,
    given: usize,
}

impl<'r> Utf16<'r> {
    pub(crate) fn new(input: &'r mut dyn BufRead, endian: Endian) -> Self {
        Self {
            input,
            endian,
            half: None,
            ready: Vec::new(),
            given: 0,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut bytes = Vec::new();
        let limit = u64::try_from(2 * UNITS_AT_A_TIME).unwrap_or(u64::MAX);
        (&mut *self.input).take(limit).read_to_end(&mut bytes)?;
        let ended = bytes.len() < 2 * UNITS_AT_A_TIME;
        let endian = self.endian;
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| match endian {
            Endian::Little => u16::from_le_bytes(*pair),
            Endian::Big => u16::from_be_bytes(*pair),
        });
        let mut units: Vec<u16> = self.half.take().into_iter().chain(units).collect();
        if !ended && let Some(0xD800..=0xDBFF) = units.last() {
            self.half = units.pop();
        }
        self.given = 0;
        self.ready.clear();
        let text: String = char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .filter(|c| *c != '\u{feff}')
            .collect();
        self.ready.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl Read for Utf16<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let mut from = self.fill_buf()?;
        let count = from.read(to)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Utf16<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given >= self.ready.len() {
            self.refill()?;
        }
        Ok(self.ready.get(self.given..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.given += count;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::Utf16;
    use crate::format::Endian;

    #[test]
    fn text_of_any_length_survives_the_turn() {
        let text = "\u{feff}{\"a\":\"😀é\"}\r\n".repeat(9_000);
        for endian in [Endian::Little, Endian::Big] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| match endian {
                    Endian::Little => unit.to_le_bytes(),
                    Endian::Big => unit.to_be_bytes(),
                })
                .collect();
            let mut back = String::new();
            Utf16::new(&mut bytes.as_slice(), endian)
                .read_to_string(&mut back)
                .unwrap();
            assert_eq!(back, text.replace('\u{feff}', ""));
        }
    }
}
