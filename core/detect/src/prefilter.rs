//! Which rules have any chance on a record, found by one pass over its values.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use cordon_model::Value;

use crate::{
    field::{each_leaf, text},
    fold::fold,
    rule_set::RuleIx,
    witness::Witnesses,
};

/// The rules of one log source, indexed by their witnesses.
#[derive(Debug)]
pub(crate) struct Prefilter {
    rules: Vec<RuleIx>,
    /// Places in `rules` of those without witnesses, which always have a chance.
    always: Vec<usize>,
    automaton: Option<AhoCorasick>,
    /// For every text of the automaton, the places in `rules` that it is a witness of.
    witnessed: Vec<Vec<usize>>,
}

impl Prefilter {
    /// Indexes rules with their witnesses.
    pub(crate) fn new(rules: Vec<(RuleIx, Option<Witnesses>)>) -> Self {
        let mut always = Vec::new();
        let mut texts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut kept = Vec::new();
        for (place, (rule, witnesses)) in rules.into_iter().enumerate() {
            kept.push(rule);
            match witnesses.filter(|w| !w.contains("")) {
                Some(witnesses) => {
                    for text in witnesses {
                        texts.entry(text).or_default().push(place);
                    }
                }
                None => always.push(place),
            }
        }
        // An automaton of texts this size is always built unless memory ends; without one every
        // rule has a chance, which is slow and right.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(texts.keys())
            .ok();
        if automaton.is_none() {
            always = (0..kept.len()).collect();
        }
        Self {
            rules: kept,
            always,
            automaton,
            witnessed: texts.into_values().collect(),
        }
    }

    /// All rules of this log source.
    pub(crate) fn rules(&self) -> &[RuleIx] {
        &self.rules
    }

    /// Adds the rules that have a chance on a record with these texts.
    pub(crate) fn candidates(&self, texts: &Texts, into: &mut Vec<RuleIx>) {
        let mut chance = vec![false; self.rules.len()];
        let mut give = |places: &[usize]| {
            for place in places {
                if let Some(slot) = chance.get_mut(*place) {
                    *slot = true;
                }
            }
        };
        give(&self.always);
        if let Some(automaton) = self
            .automaton
            .as_ref()
            .filter(|_| !self.witnessed.is_empty())
        {
            for text in texts.each() {
                for found in automaton.find_overlapping_iter(text) {
                    let places = self.witnessed.get(found.pattern().as_usize());
                    give(places.map_or(&[], Vec::as_slice));
                }
            }
        }
        let chosen = self.rules.iter().zip(chance).filter(|(_, chance)| *chance);
        into.extend(chosen.map(|(rule, _)| *rule));
    }
}

/// All values of a record as texts without case.
pub(crate) struct Texts {
    joined: String,
    ends: Vec<usize>,
}

impl Texts {
    /// The texts of a record.
    pub(crate) fn of(record: &Value) -> Self {
        let mut texts = Self {
            joined: String::new(),
            ends: Vec::new(),
        };
        each_leaf(record, &mut |value| {
            if let Some(text) = text(value) {
                texts.joined.push_str(&fold(&text));
                texts.ends.push(texts.joined.len());
            }
        });
        texts
    }

    fn each(&self) -> impl Iterator<Item = &str> {
        let mut start = 0;
        self.ends.iter().filter_map(move |end| {
            let text = self.joined.get(start..*end);
            start = *end;
            text
        })
    }
}
