//! A text put together from many short parts of another one.
//!
//! Where quotes are escaped every few bytes, a copy of each part by a call would take longer than the part is worth:
//! short parts are copied by a fixed length, and what was copied too much is written over.

use std::str;

/// The longest part that is copied by a fixed length.
pub(crate) const SHORT: usize = 16;

/// How many bytes are looked at together.
pub(crate) const BLOCK: usize = 64;

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
        copy_short(from, room, length);
        self.length += length;
    }

    /// Has a block written, and keeps so much of it as whoever wrote it says beside what else there is to say.
    #[inline]
    pub(crate) fn block<T>(
        &mut self,
        write: impl FnOnce(&mut [u8; BLOCK + SHORT]) -> (usize, T),
    ) -> T {
        let needed = self.length + BLOCK + SHORT;
        if needed > self.bytes.len() {
            self.bytes.resize(ROOM.max(2 * needed), 0);
        }
        let room = self.bytes.get_mut(self.length..);
        let Some(room) = room.and_then(<[u8]>::first_chunk_mut) else {
            unreachable!("room was made for a block");
        };
        let (length, said) = write(room);
        self.length += length;
        said
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

/// Copies so many bytes, and perhaps some more where there is room.
#[inline]
pub(crate) fn copy_short(from: &[u8], to: &mut [u8], length: usize) {
    match (from.first_chunk(), to.first_chunk_mut::<SHORT>()) {
        (Some(from), Some(to)) if length <= SHORT => *to = *from,
        _ => {
            if let (Some(from), Some(to)) = (from.get(..length), to.get_mut(..length)) {
                to.copy_from_slice(from);
            }
        }
    }
}
