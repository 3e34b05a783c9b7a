//! What people said is held or not (`cordon/marks/v1`): read for `respond`, added to by `mark`.
//!
//! A word has its author and its reason, so that whoever reads the answer can ask them. *Absent*: judging whether
//! they are right.

use std::path::PathBuf;

use cordon_incident::{Mark, Marked, Says};
use cordon_model::{Belief, Confidence, EntityKind, Estate, Thresholds};
use cordon_text::{Node, Page, Report, Source};

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

/// What a word must fit: what there is, and from which confidence on which word is used.
type Known<'e> = (&'e Estate, Thresholds);

/// Reads files of words; of several on the same thing the last counts.
///
/// # Errors
/// When a file cannot be read, or something in it is wrong; all of it at once.
pub(crate) fn read(files: &[PathBuf], known: Known<'_>) -> Result<Vec<Word>, Failure> {
    let texts = texts::files(files)?;
    let mut problems = Problems {
        report: texts.report,
        sources: texts.unread,
    };
    let mut words: Vec<Word> = Vec::new();
    for source in texts.sources {
        match parse(&source, Some(known)) {
            Ok(more) => {
                for word in more {
                    words.retain(|known| known.marked != word.marked);
                    words.push(word);
                }
            }
            Err(report) => problems.report.extend(report),
        }
        problems.sources.push(source);
    }
    if problems.report.has_errors() {
        return Err(Failure::Input(problems));
    }
    Ok(words)
}

/// The words of a text, with what is wrong with it instead if anything is. Without an estate, only the text
/// is looked at.
pub(crate) fn parse(source: &Source, known: Option<Known<'_>>) -> Result<Vec<Word>, Report> {
    Page::read(source, ("file of marks", "wrong-mark"), |page, document| {
        let mut fields = page.fields(document, "a file of marks")?;
        page.format(&mut fields, FORMAT);
        let marks = fields.required("marks", &mut page.report);
        fields.finish(&mut page.report);
        let items = marks.map_or(&[][..], |at| page.list(at)).iter();
        Some(items.filter_map(|item| word(page, item, known)).collect())
    })
}

fn word<'t>(page: &mut Page<'t>, node: &'t Node, known: Option<Known<'_>>) -> Option<Word> {
    let mut keys = page.fields(node, "a mark")?;
    let entity = keys.required("entity", &mut page.report);
    let kind = keys.optional("kind");
    let says = keys.required("says", &mut page.report);
    let confidence = keys.optional("confidence");
    let by = keys.required("by", &mut page.report);
    let at = keys.optional("at");
    let why = keys.required("why", &mut page.report);
    keys.finish(&mut page.report);
    let kind = kind.and_then(|node| {
        let all = EntityKind::ALL.map(EntityKind::word).join(", ");
        one(page, node, &format!("one of {all}"), EntityKind::from_word)
    });
    let confidence = confidence.and_then(|node| {
        let number = |text: &str| text.parse().ok().and_then(Confidence::new);
        one(page, node, "a confidence between 0 and 1", number)
    });
    let says = says.and_then(|node| said(page, node, confidence, known));
    let by = by.and_then(|node| page.text(node));
    let at = at.and_then(|node| {
        let wanted = "a time such as 2026-05-23T18:40:00Z";
        one(page, node, wanted, |text| text.parse().ok())
    });
    let why = why.and_then(|node| page.text(node));
    let (node, entity) = (entity?, page.text(entity?)?);
    let marked = marked(page, (node, &entity), kind, known)?;
    Some(Word {
        marked,
        mark: Mark {
            says: says?,
            by: by?.into(),
            at,
            why: why?.into(),
        },
        entity,
    })
}

/// What a value means, if it is one of those wanted.
fn one<T>(
    page: &mut Page<'_>,
    node: &Node,
    wanted: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let found = node.scalar().and_then(|scalar| read(&scalar.text));
    if found.is_none() {
        let message = format!("expected {wanted}, found {}", node.describe());
        page.wrong(node.span, message, "write it as `cordon mark` does");
    }
    found
}

fn marked(
    page: &mut Page<'_>,
    (node, entity): (&Node, &str),
    kind: Option<EntityKind>,
    known: Option<Known<'_>>,
) -> Option<Marked> {
    if let Some(found) = known.and_then(|(estate, _)| estate.resolve(entity)) {
        return Some(Marked::Node(found));
    }
    if let (None, Some(_)) = (kind, known) {
        let message = format!("`{entity}` is not in the estate, or means several things there");
        let help = "name a node's id or alias; of what is outside the estate, say its kind too: `kind: account`";
        page.wrong(node.span, message, help);
        return None;
    }
    Some(Marked::Named(
        kind.unwrap_or(EntityKind::Account),
        entity.into(),
    ))
}

/// A word and a number must mean the same; without a number, held is certain and a suspicion as weak as one can be.
fn said(
    page: &mut Page<'_>,
    node: &Node,
    confidence: Option<Confidence>,
    known: Option<Known<'_>>,
) -> Option<Says> {
    let thresholds = known.map_or_else(Thresholds::default, |(_, thresholds)| thresholds);
    let word = one(
        page,
        node,
        "`held`, `suspected` or `cleared`",
        |text| match text {
            "held" => Some(Some((Belief::Likely, Confidence::CERTAIN))),
            "suspected" => Some(Some((Belief::Suspected, thresholds.suspected_from()))),
            "cleared" => Some(None),
            _ => None,
        },
    )?;
    let Some((expect, usual)) = word else {
        return Some(Says::Cleared);
    };
    let confidence = confidence.unwrap_or(usual);
    if known.is_some() && thresholds.belief(confidence) != expect {
        let meant = thresholds.belief(confidence).word();
        let message = format!("a confidence of {confidence} is called `{meant}` here");
        let help = format!(
            "likely is what is {} and more, suspected what is {} and more",
            thresholds.likely_from(),
            thresholds.suspected_from()
        );
        page.wrong(node.span, message, &help);
        return None;
    }
    Some(Says::Held(confidence))
}

#[cfg(test)]
mod tests {
    use cordon_model::{Confidence, Estate, EstateParts, Thresholds};
    use cordon_text::{Report, Source};

    use super::{Word, parse};

    fn words(text: &str) -> Result<Vec<Word>, Report> {
        let estate = Estate::new(EstateParts::default());
        let known = (&estate, Thresholds::default());
        parse(&Source::new("marks.yml", text), Some(known))
    }

    #[test]
    fn a_word_has_its_author_and_its_reason() {
        let found = words(
            "cordon: marks/v1\nmarks:\n  - { entity: 'NG\\tom', kind: account, says: suspected, confidence: 0.5, \
             by: s.osei, at: 2026-05-23T18:40:00Z, why: 'odd, but' }\n",
        )
        .unwrap();
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
        let report = words(
            "cordon: marks/v1\nmarks:\n\
             - { entity: a, says: held, by: b, why: c }\n\
             - { entity: a, kind: person, says: held, by: b, why: c }\n\
             - { entity: a, kind: account, says: held, confidence: 0.4, by: b, why: c }\n\
             - { entity: a, kind: account, says: maybe, by: b, why: c }\n\
             - { entity: a, kind: account, says: cleared, by: b }\n",
        )
        .unwrap_err();
        let told = |d: &cordon_text::Diagnostic| d.message.split(',').next().map(str::to_owned);
        let told: Vec<_> = report.diagnostics.iter().filter_map(told).collect();
        let expect = [
            "`a` is not in the estate",
            "expected one of account",
            "`a` is not in the estate",
            "a confidence of 0.40 is called `suspected` here",
            "expected `held`",
            "a mark needs the key `why`",
        ];
        assert_eq!(told, expect);
    }
}
