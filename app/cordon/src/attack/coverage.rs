//! Which techniques rules see.

use std::collections::{BTreeMap, BTreeSet};

use cordon_sigma::{AttackTag, Technique};

use super::{Changes, TechniqueList, Version, changes::Fate};
use crate::library::{Entry, Library};

/// Which techniques rules see.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    /// The techniques, and who sees each.
    pub(crate) techniques: BTreeMap<Technique, Covered>,
    /// What is to be said of tags, each once.
    pub(crate) remarks: Vec<String>,
    /// How many rules name a technique.
    pub(crate) rules: usize,
    /// How many name none.
    pub(crate) without: usize,
}

/// A technique that some rule sees.
#[derive(Debug, Default)]
pub(crate) struct Covered {
    /// The titles of the rules.
    pub(crate) rules: Vec<String>,
    /// Its tactics, and how many of the rules are meant there: all of them where a list says so, else
    /// those that name the tactic.
    pub(crate) tactics: BTreeMap<String, usize>,
    /// Its name, if a list says.
    pub(crate) name: Option<String>,
    /// Ids of another version under which rules name it.
    pub(crate) written: BTreeSet<Technique>,
}

/// Works out which techniques rules see, in the ids of a version.
pub(crate) fn coverage(
    library: &Library,
    version: Version,
    list: Option<&TechniqueList>,
) -> Coverage {
    let mut work = Work {
        changes: Changes::built_in(),
        version,
        list,
        told: BTreeMap::new(),
        coverage: Coverage::default(),
    };
    for entry in library.entries() {
        work.take(entry);
    }
    let mut coverage = work.coverage;
    coverage.remarks = work
        .told
        .into_iter()
        .map(|(remark, count)| said(&remark, count))
        .collect();
    coverage
}

fn said(remark: &str, rules: usize) -> String {
    let more = if rules == 1 {
        "one rule".to_owned()
    } else {
        format!("{rules} rules")
    };
    format!("{remark} ({more})")
}

struct Work<'l> {
    changes: Changes,
    version: Version,
    list: Option<&'l TechniqueList>,
    /// Remarks, and how many rules each is about.
    told: BTreeMap<String, usize>,
    coverage: Coverage,
}

impl Work<'_> {
    fn take(&mut self, entry: Entry<'_>) {
        let header = entry.header();
        let (mut techniques, mut tactics) = (BTreeMap::new(), BTreeSet::new());
        for tag in &header.tags {
            match AttackTag::read(tag) {
                Some(AttackTag::Technique(written)) => {
                    if let Some(technique) = self.mapped(written) {
                        techniques.insert(technique, written);
                    }
                }
                Some(AttackTag::Tactic(tactic)) => {
                    tactics.insert(self.changes.tactics(&tactic, self.version).join(" or "));
                }
                Some(AttackTag::Malformed) => {
                    self.remark(format!(
                        "`{tag}` is no id of a technique, such as attack.t1078.004"
                    ));
                }
                Some(AttackTag::Other) | None => {}
            }
        }
        let counted = if techniques.is_empty() {
            &mut self.coverage.without
        } else {
            &mut self.coverage.rules
        };
        *counted += 1;
        for (technique, written) in techniques {
            let listed = self.list.and_then(|list| list.get(&technique));
            let covered = self.coverage.techniques.entry(technique).or_default();
            covered.rules.push(header.title.clone());
            covered
                .written
                .extend((written != technique).then_some(written));
            covered.name = listed.map(|listed| listed.name.clone());
            let named: Vec<&String> = match listed {
                Some(listed) => listed.tactics.iter().collect(),
                None => tactics.iter().collect(),
            };
            for tactic in named {
                *covered.tactics.entry(tactic.clone()).or_default() += 1;
            }
        }
    }

    /// The id of a technique in the version wanted, with a remark where that is not plain.
    fn mapped(&mut self, written: Technique) -> Option<Technique> {
        let version = self.version.number();
        let technique = match self.changes.fate(written, self.version) {
            Fate::Stays => written,
            Fate::Became(other) => {
                self.remark(format!("{written} is {other} in ATT&CK v{version}"));
                other
            }
            Fate::NoOld => {
                self.remark(format!(
                    "{written} is not in ATT&CK v{version}, and is left out"
                ));
                return None;
            }
            Fate::Unknown => {
                self.remark(format!("{written} is unknown, and is left out"));
                return None;
            }
        };
        if self.list.is_some_and(|list| !list.contains_key(&technique)) {
            self.remark(format!("{technique} is not in the list of techniques"));
        }
        Some(technique)
    }

    fn remark(&mut self, remark: String) {
        *self.told.entry(remark).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use cordon_text::Source;

    use super::{Library, Version, coverage};
    use crate::{library::Reading, texts::Texts};

    fn library(tags: &[&str]) -> Library {
        let sources = tags.iter().enumerate().map(|(n, tags)| {
            let text = format!(
                "title: R{n}\nlogsource: {{ product: p }}\ntags: [{tags}]\n\
                 detection: {{ s: {{ f: 1 }}, condition: s }}\n"
            );
            Source::new(format!("{n}.yml"), text)
        });
        let texts = Texts {
            sources: sources.collect(),
            ..Texts::default()
        };
        Library::read(texts, &Reading::default())
    }

    #[test]
    fn a_technique_is_counted_once_for_a_rule_and_mapped_to_the_version() {
        let library = library(&[
            "attack.t1562.001, attack.t1685, attack.defense-evasion",
            "attack.t1685, attack.impact",
            "attack.t9999, attack.t12",
            "attack.g1015",
        ]);
        let told = coverage(&library, Version::V19, None);
        assert_eq!((told.rules, told.without), (2, 2));
        let found: Vec<_> = told
            .techniques
            .iter()
            .map(|(id, covered)| (id.to_string(), covered.rules.len(), covered.tactics.len()))
            .collect();
        assert_eq!(found, [("T1685".to_owned(), 2, 2)]);
        assert_eq!(
            told.remarks,
            [
                "T1562.001 is T1685 in ATT&CK v19 (one rule)",
                "T9999 is unknown, and is left out (one rule)",
                "`attack.t12` is no id of a technique, such as attack.t1078.004 (one rule)",
            ]
        );
    }
}
