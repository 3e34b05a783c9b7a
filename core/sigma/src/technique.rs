//! What a tag says of MITRE ATT&CK: a technique, a tactic, or something else.

use std::fmt;

/// An ATT&CK technique, such as `T1078`, or a part of one, such as `T1078.004`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Technique {
    number: u16,
    /// Which part; 0 for the whole.
    part: u16,
}

impl Technique {
    /// Reads an id, in either case: `T`, four digits, and for a part a dot and three digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['T', 't'])?;
        let (number, part) = match digits.split_once('.') {
            Some((number, part)) => (number, figure(part, 3).filter(|part| *part > 0)?),
            None => (digits, 0),
        };
        let number = figure(number, 4)?;
        Some(Self { number, part })
    }

    /// The technique that this is a part of; none for a whole one.
    pub fn whole(self) -> Option<Self> {
        (self.part > 0).then_some(Self { part: 0, ..self })
    }
}

impl fmt::Display for Technique {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{:04}", self.number)?;
        if self.part > 0 {
            write!(f, ".{:03}", self.part)?;
        }
        Ok(())
    }
}

fn figure(digits: &str, length: usize) -> Option<u16> {
    let all = digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| all)
}

/// What a tag says of ATT&CK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttackTag {
    /// A technique.
    Technique(Technique),
    /// A tactic, in words joined by `-`.
    Tactic(String),
    /// A group, a tool or anything else with a number that is no technique's.
    Other,
    /// Meant to be a technique, and none.
    Malformed,
}

impl AttackTag {
    /// Reads a tag; none if it does not speak of ATT&CK.
    pub fn read(tag: &str) -> Option<Self> {
        let word = tag.strip_prefix("attack.")?;
        if let Some(technique) = Technique::parse(word) {
            return Some(Self::Technique(technique));
        }
        let mut letters = word.chars();
        let first = letters.next();
        Some(match (first, letters.next()) {
            (Some('t'), Some('0'..='9')) => Self::Malformed,
            (Some(_), Some('0'..='9' | 'a'..='z'))
                if word.contains(|c: char| c.is_ascii_digit()) =>
            {
                Self::Other
            }
            (_, _) => Self::Tactic(word.replace('_', "-")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{AttackTag, Technique};

    #[test]
    fn a_tag_names_a_technique_a_tactic_or_neither() {
        let technique = |text| AttackTag::Technique(Technique::parse(text).unwrap());
        let tactic = |text: &str| AttackTag::Tactic(text.to_owned());
        for (tag, expect) in [
            ("attack.t1078", Some(technique("T1078"))),
            ("attack.t1078.004", Some(technique("T1078.004"))),
            ("attack.t1078.4", Some(AttackTag::Malformed)),
            ("attack.t1078.000", Some(AttackTag::Malformed)),
            ("attack.t107", Some(AttackTag::Malformed)),
            ("attack.initial-access", Some(tactic("initial-access"))),
            ("attack.lateral_movement", Some(tactic("lateral-movement"))),
            ("attack.g1015", Some(AttackTag::Other)),
            ("attack.s0002", Some(AttackTag::Other)),
            ("attack.ta0001", Some(AttackTag::Other)),
            ("cve.2021-44228", None),
        ] {
            assert_eq!(AttackTag::read(tag), expect, "{tag}");
        }
    }

    #[test]
    fn a_technique_is_written_as_it_is_read_and_knows_its_whole() {
        for text in ["T1078", "T1078.004", "T0001.123"] {
            assert_eq!(Technique::parse(text).unwrap().to_string(), text);
        }
        let part = Technique::parse("t1078.004").unwrap();
        assert_eq!(part.whole(), Technique::parse("T1078"));
        assert_eq!(part.whole().unwrap().whole(), None);
    }
}
