//! A password that nobody knows, as a directory takes it.

use base64::Engine as _;

use super::Failed;

/// 192 bits, which no one guesses.
const RANDOM_BYTES: usize = 24;

/// A new one, in quotes and UTF-16 ([MS-ADTS] 3.1.1.3.1.5.1).
///
/// # Errors
/// When the system has no randomness.
pub(super) fn quoted() -> Result<Vec<u8>, Failed> {
    let mut random = [0; RANDOM_BYTES];
    let provider = rustls::crypto::ring::default_provider();
    let filled = provider.secure_random.fill(&mut random);
    filled.map_err(|_why| Failed::Refused {
        why: "this system gives no random numbers".to_owned(),
    })?;
    let random = base64::engine::general_purpose::STANDARD.encode(random);
    // Rules ask for several sorts of characters, which chance alone does not promise.
    let text = format!("\"aA1-{random}\"");
    Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn two_are_never_the_same_and_each_is_quoted() {
        let (one, other) = (quoted().unwrap(), quoted().unwrap());
        assert_ne!(one, other);
        for text in [one, other] {
            assert!(text.starts_with(b"\"\0a\0A\x001\0-\0") && text.ends_with(b"\"\0"));
        }
    }
}
