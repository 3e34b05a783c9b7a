//! What people said is held or not (`cordon/marks/v1`): read for `respond`, added to by `mark`.
//!
//! A word has its author and its reason, so that whoever reads the answer can ask them. *Absent*: judging whether
//! they are right.

use std::path::PathBuf;

use cordon_incident::{Mark, Marked, Says};
use cordon_model::{Belief, Confidence, EntityKind, Estate, Thresholds, Timestamp};
use cordon_text::{Diagnostic, Fields, Node, Report, Source};

use crate::{Failure, failure::Problems, texts};

/// The first line of such a file.
pub(crate) const FORMAT: &str = "marks/v1";

/// One word, as it was written and as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// Of what, as it was written.
    pub(crate) entity: String,
    /// Of what.
    pub(crate) marked: Marked,
    /// What was said.
    pub(crate) mark: Mark,
}

/// Reads files of words; of several on the same thing the last counts.
///
/// # Errors
/// When a file cannot be read, or something in it is wrong; all of it at once.
pub(crate) fn read(
    files: &[PathBuf],
    estate: &Estate,
    thresholds: Thresholds,
) -> Result<Vec<Word>, Failure> {
    let texts = texts::files(files)?;
    let mut problems = Problems {
        report: texts.report,
        sources: texts.unread,
    };
    let mut words: Vec<Word> = Vec::new();
    for source in texts.sources {
        let mut reader = Reader {
            source: &source,
            report: &mut problems.report,
            estate: Some(estate),
            thresholds,
        };
        for word in reader.words() {
            words.retain(|known| known.marked != word.marked);
            words.push(word);
        }
        problems.sources.push(source);
    }
    if problems.report.has_errors() {
        return Err(Failure::Input(problems));
    }
    Ok(words)
}

/// How many words a text holds, if nothing in it is wrong. Whether the estate knows what they speak of is not
/// looked at.
pub(crate) fn count(source: &Source) -> (usize, Report) {
    let mut report = Report::default();
    let mut reader = Reader {
        source,
        report: &mut report,
        estate: None,
        thresholds: Thresholds::default(),
    };
    let words = reader.words().len();
    (words, report)
}

struct Reader<'s> {
    source: &'s Source,
    report: &'s mut Report,
    /// None where only the text is looked at.
    estate: Option<&'s Estate>,
    thresholds: Thresholds,
}

impl Reader<'_> {
    fn words(&mut self) -> Vec<Word> {
        let (documents, problems) = cordon_text::parse(self.source);
        self.report.extend(problems);
        let mut words = Vec::new();
        for document in &documents {
            let Some(mut keys) = Fields::of(self.source, document, "a file of marks", self.report)
            else {
                continue;
            };
            let format = keys.required("cordon", self.report);
            let marks = keys.required("marks", self.report);
            keys.finish(self.report);
            if let Some(format) = format.filter(|node| node.text() != Some(FORMAT)) {
                self.wrong(format, FORMAT);
            }
            let Some(marks) = marks else { continue };
            match marks.sequence() {
                Some(items) => words.extend(items.iter().filter_map(|item| self.word(item))),
                None => self.wrong(marks, "a list of marks"),
            }
        }
        words
    }

    fn word(&mut self, node: &Node) -> Option<Word> {
        let mut keys = Fields::of(self.source, node, "a mark", self.report)?;
        let entity = keys.required("entity", self.report);
        let kind = keys.optional("kind");
        let says = keys.required("says", self.report);
        let confidence = keys.optional("confidence");
        let by = keys.required("by", self.report);
        let at = keys.optional("at");
        let why = keys.required("why", self.report);
        keys.finish(self.report);
        let entity = entity.and_then(|node| Some((node, self.text(node)?)));
        let kind = kind.map(|node| self.kind(node));
        let confidence = confidence.map(|node| self.confidence(node));
        let says = says.and_then(|node| self.says(node, confidence.flatten()));
        let by = by.and_then(|node| self.text(node));
        let at = at.map(|node| self.time(node));
        let why = why.and_then(|node| self.text(node));
        let (node, entity) = entity?;
        let marked = self.marked(node, &entity, kind.flatten())?;
        Some(Word {
            marked,
            mark: Mark {
                says: says?,
                by: by?.into(),
                at: at.flatten(),
                why: why?.into(),
            },
            entity,
        })
    }

    fn marked(&mut self, node: &Node, entity: &str, kind: Option<EntityKind>) -> Option<Marked> {
        if let Some(found) = self.estate.and_then(|estate| estate.resolve(entity)) {
            return Some(Marked::Node(found));
        }
        if let (None, Some(_)) = (kind, self.estate) {
            let message = format!("`{entity}` is not in the estate, or means several things there");
            let help = "name a node's id or alias; of what is outside the estate, say its kind too: `kind: account`";
            let problem = Diagnostic::error(self.source, node.span, "unknown-entity", message);
            self.report.push(problem.help(help));
            return None;
        }
        Some(Marked::Named(
            kind.unwrap_or(EntityKind::Account),
            entity.into(),
        ))
    }

    /// A word and a number must mean the same; without a number, held is certain and a suspicion as weak as one can be.
    fn says(&mut self, node: &Node, confidence: Option<Confidence>) -> Option<Says> {
        let (expect, usual) = match node.text() {
            Some("cleared") => return Some(Says::Cleared),
            Some("held") => (Belief::Likely, Confidence::CERTAIN),
            Some("suspected") => (Belief::Suspected, self.thresholds.suspected_from()),
            Some(_) | None => {
                self.wrong(node, "`held`, `suspected` or `cleared`");
                return None;
            }
        };
        let confidence = confidence.unwrap_or(usual);
        if self.estate.is_some() && self.thresholds.belief(confidence) != expect {
            let meant = self.thresholds.belief(confidence).word();
            let message = format!("a confidence of {confidence} is called `{meant}` here");
            let help = format!(
                "likely is what is {} and more, suspected what is {} and more",
                self.thresholds.likely_from(),
                self.thresholds.suspected_from()
            );
            let problem = Diagnostic::error(self.source, node.span, "wrong-confidence", message);
            self.report.push(problem.help(help));
            return None;
        }
        Some(Says::Held(confidence))
    }

    fn confidence(&mut self, node: &Node) -> Option<Confidence> {
        let text = node.scalar().map_or("", |scalar| scalar.text.as_str());
        let found = text.parse().ok().and_then(Confidence::new);
        if found.is_none() {
            self.wrong(node, "a confidence between 0 and 1");
        }
        found
    }

    fn kind(&mut self, node: &Node) -> Option<EntityKind> {
        let found = node.text().and_then(EntityKind::from_word);
        if found.is_none() {
            let all = EntityKind::ALL.map(EntityKind::word).join(", ");
            self.wrong(node, &format!("one of {all}"));
        }
        found
    }

    fn time(&mut self, node: &Node) -> Option<Timestamp> {
        let text = node.scalar().map_or("", |scalar| scalar.text.as_str());
        let found = text.parse().ok();
        if found.is_none() {
            self.wrong(node, "a time such as 2026-05-23T18:40:00Z");
        }
        found
    }

    fn text(&mut self, node: &Node) -> Option<String> {
        let text = node.text().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.wrong(node, "a text");
        }
        text.map(str::to_owned)
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        let message = format!("expected {wanted}, found {}", node.describe());
        let problem = Diagnostic::error(self.source, node.span, "wrong-value", message);
        self.report.push(problem);
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{Confidence, Estate, EstateParts, Thresholds};
    use cordon_text::{Report, Source};

    use super::{Reader, Word};

    fn words(text: &str) -> (Vec<Word>, Vec<&'static str>) {
        let source = Source::new("marks.yml", text);
        let estate = Estate::new(EstateParts::default());
        let mut report = Report::default();
        let words = Reader {
            source: &source,
            report: &mut report,
            estate: Some(&estate),
            thresholds: Thresholds::default(),
        }
        .words();
        (words, report.diagnostics.iter().map(|d| d.code).collect())
    }

    #[test]
    fn a_word_has_its_author_and_its_reason() {
        let (found, wrong) = words(
            "cordon: marks/v1\nmarks:\n  - { entity: 'NG\\tom', kind: account, says: suspected, confidence: 0.5, \
             by: s.osei, at: 2026-05-23T18:40:00Z, why: 'odd, but' }\n",
        );
        assert_eq!(wrong, [""; 0]);
        assert_eq!(found[0].entity, "NG\\tom");
        let mark = &found[0].mark;
        assert_eq!(
            mark.says,
            cordon_incident::Says::Held(Confidence::new(0.5).unwrap())
        );
        assert_eq!((&*mark.by, &*mark.why), ("s.osei", "odd, but"));
        assert_eq!(mark.at.unwrap().to_string(), "2026-05-23T18:40:00Z");
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let (found, wrong) = words(
            "cordon: marks/v1\nmarks:\n\
             - { entity: a, says: held, by: b, why: c }\n\
             - { entity: a, kind: person, says: held, by: b, why: c }\n\
             - { entity: a, kind: account, says: held, confidence: 0.4, by: b, why: c }\n\
             - { entity: a, kind: account, says: maybe, by: b, why: c }\n\
             - { entity: a, kind: account, says: cleared, by: b }\n",
        );
        assert!(found.is_empty(), "{found:?}");
        let expect = [
            "unknown-entity",
            "wrong-value",
            "unknown-entity",
            "wrong-confidence",
            "wrong-value",
            "missing-key",
        ];
        assert_eq!(wrong, expect);
    }
}
