//! Ids that changed between two versions of ATT&CK.

use std::collections::{BTreeMap, BTreeSet};

use cordon_sigma::Technique;
use cordon_text::{Node, parse};

use crate::content;

/// A version of ATT&CK that coverage can be drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// The older.
    V18,
    /// The newer.
    V19,
}

impl Version {
    /// Its number.
    pub(crate) fn number(self) -> &'static str {
        match self {
            Self::V18 => "18",
            Self::V19 => "19",
        }
    }

    /// The version that a number means; numbers are checked when they are typed.
    pub(crate) fn of_number(number: &str) -> Self {
        if number == "18" { Self::V18 } else { Self::V19 }
    }
}

/// Which ids changed from v18 to v19.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Old ids and what became of them, in the order of the page.
    techniques: Vec<(Technique, Vec<Technique>)>,
    /// Ids of the newer version that no known old one became.
    without_old: BTreeSet<Technique>,
    /// Old tactics and what became of them.
    tactics: BTreeMap<String, Vec<String>>,
    /// The last whole technique of each version.
    last: (Technique, Technique),
}

/// What becomes of an id in a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is an id of that version as far as is known.
    Stays,
    /// It is that other id there.
    Became(Technique),
    /// It is of the newer version, and what it was before is not known.
    NoOld,
    /// No version known has a technique of this number.
    Unknown,
}

impl Changes {
    /// Those that are part of the content.
    pub(crate) fn built_in() -> Self {
        let source = content::attack_changes();
        let (documents, _our_own_page_is_tested) = parse(&source);
        let Some(changes) = documents.first().and_then(read) else {
            unreachable!("our own page of changes can be read");
        };
        changes
    }

    /// What becomes of an id in a version.
    pub(crate) fn fate(&self, technique: Technique, version: Version) -> Fate {
        let number = technique.whole().unwrap_or(technique);
        let (last_old, last_new) = self.last;
        let became = self.techniques.iter().find(|(old, _)| *old == technique);
        let became = became.and_then(|(_, new)| new.first().copied());
        if number > last_new {
            return Fate::Unknown;
        }
        match (version, became) {
            (Version::V19, Some(new)) => Fate::Became(new),
            // A change that was there before is one in both versions.
            (Version::V18, Some(new)) if new.whole().unwrap_or(new) <= last_old => {
                Fate::Became(new)
            }
            (Version::V19, None) | (Version::V18, Some(_)) => Fate::Stays,
            (Version::V18, None) if number <= last_old => Fate::Stays,
            (Version::V18, None) => {
                let mut olds = self.techniques.iter();
                let old = olds.find(|(_, new)| new.first() == Some(&technique));
                old.map_or(Fate::NoOld, |(old, _)| Fate::Became(*old))
            }
        }
    }

    /// The tactics that a tactic is in a version.
    pub(crate) fn tactics(&self, tactic: &str, version: Version) -> Vec<String> {
        match version {
            Version::V19 => {
                let new = self.tactics.get(tactic);
                new.cloned().unwrap_or_else(|| vec![tactic.to_owned()])
            }
            Version::V18 => {
                let mut olds = self.tactics.iter();
                let old = olds.find(|(_, new)| new.iter().any(|new| new == tactic));
                vec![old.map_or(tactic, |(old, _)| old).to_owned()]
            }
        }
    }
}

fn read(document: &Node) -> Option<Changes> {
    let technique = |node: &Node| Technique::parse(node.text()?);
    let techniques = document
        .get("techniques")?
        .sequence()?
        .iter()
        .map(|change| {
            let new: Option<Vec<_>> = change
                .get("new")?
                .sequence()?
                .iter()
                .map(technique)
                .collect();
            Some((technique(change.get("old")?)?, new?))
        });
    let tactics = document.get("tactics")?.sequence()?.iter().map(|change| {
        let new = change.get("new")?.sequence()?.iter();
        let new: Option<Vec<_>> = new.map(|node| node.text().map(str::to_owned)).collect();
        Some((change.get("old")?.text()?.to_owned(), new?))
    });
    let last = document.get("last")?;
    Some(Changes {
        techniques: techniques.collect::<Option<_>>()?,
        without_old: document
            .get("without_old")?
            .sequence()?
            .iter()
            .map(technique)
            .collect::<Option<_>>()?,
        tactics: tactics.collect::<Option<_>>()?,
        last: (technique(last.get("from")?)?, technique(last.get("to")?)?),
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use cordon_recordings::recording;
    use cordon_sigma::Technique;

    use super::{Changes, Fate, Version};

    fn id(text: &str) -> Technique {
        Technique::parse(text).unwrap()
    }

    #[test]
    fn ids_are_mapped_forth_and_back() {
        let changes = Changes::built_in();
        let became = |text: &str| Fate::Became(id(text));
        for (text, v18, v19) in [
            ("T1078.004", Fate::Stays, Fate::Stays),
            ("T1562.001", Fate::Stays, became("T1685")),
            ("T1656", Fate::Stays, became("T1684.001")),
            ("T1547.011", became("T1647"), became("T1647")),
            ("T1685", became("T1562.001"), Fate::Stays),
            ("T1685.005", became("T1070.001"), Fate::Stays),
            ("T1690", Fate::NoOld, Fate::Stays),
            ("T9999", Fate::Unknown, Fate::Unknown),
        ] {
            assert_eq!(changes.fate(id(text), Version::V18), v18, "{text} in v18");
            assert_eq!(changes.fate(id(text), Version::V19), v19, "{text} in v19");
        }
    }

    #[test]
    fn a_tactic_that_was_split_is_both_of_its_parts() {
        let changes = Changes::built_in();
        let v19 = changes.tactics("defense-evasion", Version::V19);
        assert_eq!(v19, ["stealth", "defense-impairment"]);
        assert_eq!(
            changes.tactics("stealth", Version::V18),
            ["defense-evasion"]
        );
        assert_eq!(changes.tactics("impact", Version::V19), ["impact"]);
    }

    /// The rows of a table split by tabs, without its heading; none where it may be absent.
    fn rows(name: &str) -> Option<Vec<Vec<String>>> {
        let text = fs::read_to_string(recording("attack")?.join(name)).unwrap();
        let cells = |line: &str| line.split('\t').map(str::to_owned).collect();
        Some(text.lines().skip(1).map(cells).collect())
    }

    #[test]
    fn our_changes_are_exactly_those_of_the_published_tables() {
        let (Some(table), Some(v18)) = (rows("v18-to-v19.tsv"), rows("techniques-v18.tsv")) else {
            return;
        };
        let changes = Changes::built_in();
        let published: BTreeSet<_> = table.iter().map(|row| (id(&row[0]), id(&row[1]))).collect();
        let ours: BTreeSet<_> = changes
            .techniques
            .iter()
            .flat_map(|(old, new)| new.iter().map(|new| (*old, *new)))
            .collect();
        assert_eq!(ours, published);
        let old: BTreeSet<_> = v18.iter().map(|row| id(&row[0])).collect();
        let whole = old.iter().copied().filter(|t| t.whole().is_none()).max();
        assert_eq!(whole, Some(changes.last.0));
        for new in &changes.without_old {
            assert!(!old.contains(new), "{new} is an id of v18");
        }
        for technique in &old {
            assert_ne!(
                changes.fate(*technique, Version::V18),
                Fate::Unknown,
                "{technique}"
            );
            assert_ne!(
                changes.fate(*technique, Version::V18),
                Fate::NoOld,
                "{technique}"
            );
        }
        for (_, new) in &published {
            if let Fate::Became(back) = changes.fate(*new, Version::V18) {
                assert!(published.contains(&(back, *new)), "{new} back to {back}");
            } else {
                assert!(old.contains(new), "{new} is in neither");
            }
        }
    }
}
