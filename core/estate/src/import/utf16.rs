//! Inventories in UTF-16, as PowerShell and spreadsheets write them: read as a whole, and then as any other.

use std::io::{BufRead, Read as _};

use cordon_text::Source;

use super::ImportError;

/// Largest text in UTF-16 that is read, in bytes: it is held as a whole, twice.
const BYTES_MAX: u64 = 1 << 28;

/// Whether a text begins with the mark of UTF-16.
pub(super) fn is(beginning: &[u8]) -> bool {
    beginning.starts_with(&[0xff, 0xfe]) || beginning.starts_with(&[0xfe, 0xff])
}

/// The text, in UTF-8.
///
/// # Errors
/// When it cannot be read, is too large, or is not in UTF-16 to its end.
pub(super) fn read(name: &str, input: impl BufRead) -> Result<String, ImportError> {
    let mut bytes = Vec::new();
    let read = input.take(BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|source| ImportError::Read {
        name: name.to_owned(),
        source,
    })?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > BYTES_MAX) {
        return Err(ImportError::Text {
            name: name.to_owned(),
            message:
                "it is UTF-16 of more than 256 MiB; save it as UTF-8, which is read as a stream"
                    .to_owned(),
        });
    }
    let decoded = Source::decode(name, bytes);
    let source = decoded.map_err(|wrong| ImportError::Text {
        name: format!("{name}:{}", wrong.problem.span.line),
        message: wrong.problem.message.clone(),
    })?;
    Ok(source.text.trim_start_matches('\u{feff}').to_owned())
}
