//! A text put together from many short parts of another one.
//!
//! Where quotes are escaped every few bytes, a copy of each part by a call would take longer than the part is worth:
//! short parts are copied by a fixed length, and what was copied too much is written over.

use std::str;

/// The longest part that is copied by a fixed length.
const SHORT: usize = 16;

/// How many bytes there is room for at first.
const ROOM: usize = 1024;

/// The text so far.
#[derive(Debug, Default)]
pub(crate) struct Pieced {
    /// With room behind it.
    bytes: Vec<u8>,
    length: usize,
}

impl Pieced {
    /// Adds so many bytes of those that stand here.
    #[inline]
    pub(crate) fn push(&mut self, from: &[u8], length: usize) {
        let needed = self.length + length.max(SHORT);
        if needed > self.bytes.len() {
            self.bytes.resize(ROOM.max(2 * needed), 0);
        }
        let room = self.bytes.get_mut(self.length..).unwrap_or_default();
        match (from.first_chunk(), room.first_chunk_mut::<SHORT>()) {
            (Some(from), Some(to)) if length <= SHORT => *to = *from,
            _ => {
                if let (Some(from), Some(to)) = (from.get(..length), room.get_mut(..length)) {
                    to.copy_from_slice(from);
                }
            }
        }
        self.length += length;
    }

    /// Adds one character.
    pub(crate) fn push_char(&mut self, c: char) {
        let mut bytes = [0; 4];
        let written = c.encode_utf8(&mut bytes);
        self.push(written.as_bytes(), written.len());
    }

    /// The text, if its parts make one.
    pub(crate) fn text(&self) -> Option<&str> {
        str::from_utf8(self.bytes.get(..self.length)?).ok()
    }

    /// The same as a text of its own.
    pub(crate) fn into_text(mut self) -> Option<String> {
        self.bytes.truncate(self.length);
        String::from_utf8(self.bytes).ok()
    }
}
