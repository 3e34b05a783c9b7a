//! The estate that `--estate` names.

use std::path::PathBuf;

use cordon_estate::{Pages, Read};
use cordon_model::Estate;

use crate::{Failure, console::Console, content, failure::Problems, texts};

/// Reads the files as one estate. What its author probably did not mean is said on the way.
///
/// # Errors
/// When a file cannot be read, or a text is wrong.
pub(crate) fn estate(files: &[PathBuf], console: &Console) -> Result<Estate, Failure> {
    let texts = texts::files(files)?;
    let (pages, _our_own_pages_are_tested) = Pages::parse(&content::steps(), &content::reach());
    match cordon_estate::read_beside(texts.report, &texts.sources, &pages) {
        Ok(Read { estate, lints }) => {
            lints
                .diagnostics
                .iter()
                .for_each(|lint| console.doubt(lint));
            Ok(estate)
        }
        Err(report) => {
            let mut sources = texts.sources;
            sources.extend(texts.unread);
            Err(Failure::Input(Problems { report, sources }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pages, content};

    #[test]
    fn every_built_in_page_can_be_read() {
        let (_, report) = Pages::parse(&content::steps(), &content::reach());
        assert_eq!(report.diagnostics, []);
    }
}
