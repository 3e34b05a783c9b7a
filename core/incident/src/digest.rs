//! Things in 64 bits, where only sameness is asked for.
//!
//! Two of a million texts share a digest with a probability below one in ten million. Equal texts have equal digests
//! in every run and release.

/// A digest in the making (FNV-1a, scattered at the end).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digest(u64);

impl Digest {
    /// Of things of one kind, which no digest of another kind is compared with.
    pub(crate) fn new(kind: u8) -> Self {
        Self(0xcbf2_9ce4_8422_2325).byte(kind)
    }

    pub(crate) fn number(self, number: usize) -> Self {
        number.to_le_bytes().into_iter().fold(self, Self::byte)
    }

    pub(crate) fn text(self, text: &str) -> Self {
        text.bytes().fold(self, Self::byte)
    }

    /// A text without regard to case.
    pub(crate) fn folded(self, text: &str) -> Self {
        if text.is_ascii() {
            let bytes = text.bytes().map(|byte| byte.to_ascii_lowercase());
            return bytes.fold(self, Self::byte);
        }
        self.text(&text.to_lowercase())
    }

    fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }

    pub(crate) fn finish(self) -> u64 {
        let digest = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        digest ^ (digest >> 31)
    }
}
