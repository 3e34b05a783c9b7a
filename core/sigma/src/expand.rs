//! Placeholders such as `%Administrators%`, which each organisation fills with its own values.
//!
//! They are never resolved from an event: `%` is common in logs, and a rule that silently searched
//! for the placeholder's own text would match nothing and say so to nobody.

use std::collections::BTreeMap;

use cordon_text::nearest;

/// Most values that one text may become: an organisation's list of administrators fits, the
/// product of several long lists does not.
pub(crate) const EXPANSIONS_MAX: usize = 10_000;

/// The values that placeholders stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placeholders {
    values: BTreeMap<String, Vec<String>>,
    open: bool,
}

impl Placeholders {
    /// No placeholder has a value.
    pub fn none() -> Self {
        Self::default()
    }

    /// Says what a placeholder, named without its percent signs, stands for. The values may hold
    /// wildcards.
    pub fn set(&mut self, name: impl Into<String>, values: Vec<String>) {
        self.values.insert(name.into(), values);
    }

    /// Whether rules can speak of a placeholder of this name.
    pub(crate) fn may_be_named(name: &str) -> bool {
        !name.is_empty() && name.chars().all(may_name)
    }

    /// The placeholder with a value whose name is nearest to this one, if one is near or differs by
    /// case only.
    pub(crate) fn like(&self, name: &str) -> Option<&str> {
        let names = || self.values.keys().map(String::as_str);
        names()
            .find(|known| known.eq_ignore_ascii_case(name))
            .or_else(|| nearest(name, names()))
    }

    /// The same values, and those of other placeholders are left to a pipeline: a rule that has one
    /// is read all the same, and refused by [`crate::transform`] if no pipeline gives it a value.
    #[must_use]
    pub fn left_open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Whether `value` has to wait for a pipeline.
    pub(crate) fn waits(&self, value: &str) -> bool {
        self.open && matches!(self.expand(value), Err(Unresolved::Unknown(_)))
    }

    /// Every text that `value` stands for.
    pub(crate) fn expand(&self, value: &str) -> Result<Vec<String>, Unresolved> {
        let mut results = vec![String::new()];
        let mut rest = value;
        while let Some((before, name, after)) = split(rest) {
            let Some(values) = self.values.get(name).filter(|v| !v.is_empty()) else {
                return Err(Unresolved::Unknown(name.to_owned()));
            };
            if results.len().saturating_mul(values.len()) > EXPANSIONS_MAX {
                return Err(Unresolved::TooMany);
            }
            results = results
                .iter()
                .flat_map(|start| values.iter().map(move |v| format!("{start}{before}{v}")))
                .collect();
            rest = after;
        }
        for result in &mut results {
            result.push_str(rest);
        }
        Ok(results)
    }
}

/// Why a value cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unresolved {
    /// This placeholder has no value.
    Unknown(String),
    /// The text would become more than [`EXPANSIONS_MAX`] texts.
    TooMany,
}

/// Whether a character may stand in the name of a placeholder.
fn may_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// The text before the first placeholder, its name, and the text after it.
pub(crate) fn split(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find('%')?;
        let tail = text.get(open + 1..)?;
        let length = tail.find(|c| !may_name(c))?;
        let (name, after) = tail.split_at_checked(length)?;
        if let Some(after) = after.strip_prefix('%')
            && !name.is_empty()
        {
            return Some((text.get(..open)?, name, after));
        }
        from = open + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Placeholders, Unresolved};

    #[test]
    fn placeholders_become_their_values_and_unknown_ones_are_named() {
        let mut known = Placeholders::none();
        known.set("Servers", vec!["srv1".to_owned(), "srv2".to_owned()]);
        known.set("d", vec!["x".to_owned()]);
        let expand = |text| known.expand(text);
        assert_eq!(expand(r"%d%\%Servers%$").unwrap(), [r"x\srv1$", r"x\srv2$"]);
        assert_eq!(expand("100% sure").unwrap(), ["100% sure"]);
        assert_eq!(expand("100%%d%").unwrap(), ["100%x"]);
        let unknown = Err(Unresolved::Unknown("Admins".to_owned()));
        assert_eq!(expand("%Admins%"), unknown);
    }
}
