//! `cordon mark`: adds a person's word on something to a file that `respond --marks` reads.

use std::{fmt::Write as _, fs, io};

use cordon_text::{Report, Source};
use jiff::Timestamp;

use crate::{
    Failure,
    console::Console,
    failure::Problems,
    marks::{FORMAT, parse},
    render::counted,
    typed,
};

/// Adds one word.
///
/// # Errors
/// When the file cannot be read or written, or is no file of marks.
pub(crate) fn run(asked: &typed::Mark, console: &Console) -> Result<(), Failure> {
    let path = &asked.marks;
    let before = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            format!("cordon: {FORMAT}\nmarks:\n")
        }
        Err(cause) => return Err(Failure::read(path, cause)),
    };
    let mut after = before.clone();
    if !after.ends_with('\n') {
        after.push('\n');
    }
    after.push_str(&word(asked, Timestamp::now()));
    let name = path.display().to_string();
    // A list without a mark is no list yet.
    let had = parse(&Source::new(name.clone(), before.as_str()), None);
    let had = had.map_or(0, |words| words.len());
    let source = Source::new(name, after.as_str());
    let (has, report) = match parse(&source, None) {
        Ok(words) => (words.len(), Report::default()),
        Err(report) => (0, report),
    };
    if has != had + 1 {
        let message = "expected a file of marks that ends with its list, found something else";
        let mut problems = Problems::of_arguments("marks", message, "add the mark by hand");
        problems.report.extend(report);
        problems.sources.push(source);
        return Err(Failure::Input(problems));
    }
    // Beside it first, so that a full disk costs no word that was there.
    let beside = path.with_extension("new");
    fs::write(&beside, &after).map_err(|cause| Failure::write(&beside, cause))?;
    fs::rename(&beside, path).map_err(|cause| Failure::write(path, cause))?;
    console.remark(&format!("{} in {}", counted(has, "mark"), path.display()));
    Ok(())
}

/// One word as YAML, in which no text means anything but itself.
fn word(asked: &typed::Mark, now: Timestamp) -> String {
    let kind = asked.kind.map(|kind| kind.word().to_owned());
    let confidence = asked.confidence.map(cordon_model::Confidence::decimal);
    let now = now.round(jiff::Unit::Second).unwrap_or(now).to_string();
    let keys = [
        ("entity", Some(text(&asked.entity))),
        ("kind", kind),
        ("says", Some(asked.says.word().to_owned())),
        ("confidence", confidence),
        ("by", Some(text(&asked.by))),
        ("at", Some(now)),
        ("why", Some(text(&asked.why))),
    ];
    let mut word = String::new();
    for (key, value) in keys {
        let lead = if word.is_empty() { "  - " } else { "    " };
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = writeln!(word, "{lead}{key}: {value}");
        }
    }
    word
}

/// A JSON string is a YAML string.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use cordon_text::Source;

    use super::word;
    use crate::{marks::parse, typed};

    #[test]
    fn a_word_is_read_back_whatever_it_says() {
        let asked = typed::Mark {
            marks: "m.yml".into(),
            entity: "NG\\to\"m: {".to_owned(),
            kind: Some(cordon_model::EntityKind::Account),
            says: typed::MarkSays::Cleared,
            confidence: None,
            by: "o'neil # x".to_owned(),
            why: "two\nlines".to_owned(),
        };
        let now = "2026-05-23T18:40:00Z".parse().unwrap();
        let text = format!(
            "cordon: marks/v1\nmarks:\n{}{}",
            word(&asked, now),
            word(&asked, now)
        );
        let words = parse(&Source::new("m.yml", text.as_str()), None).unwrap();
        assert_eq!(words.len(), 2);
    }
}
