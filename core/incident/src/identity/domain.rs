//! Which names of domains are one domain's: `SHOP` and `shop.example`.
//!
//! That one name begins as the other says nothing: `corp.alpha.example` and `corp.beta.example` both begin as
//! `CORP` does. Only who shows it is believed: the estate, where it lists both names of somebody, and
//! records in which a machine of `shop.example` has its account in `SHOP`. A short name that one of the
//! two gives to several whole ones is none's.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{EntityKind, Estate};

use super::alias::Form;

/// The evidence.
#[derive(Debug, Default)]
pub(super) struct Domains {
    of_estate: BTreeMap<String, BTreeSet<String>>,
    of_records: BTreeMap<String, BTreeSet<String>>,
}

impl Domains {
    pub(super) fn of(estate: &Estate) -> Self {
        let mut domains = Self::default();
        for node in estate.nodes() {
            let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for alias in &node.aliases {
                if let Some((domain, name)) = Form::of(EntityKind::Account, alias).parts() {
                    let names = known.entry(name.to_owned()).or_default();
                    names.insert(domain.to_owned());
                }
            }
            for among in known.values().filter(|among| among.len() > 1) {
                let (short, whole) = among.iter().partition::<Vec<_>, _>(|d| !d.contains('.'));
                for short in short {
                    let known = domains.of_estate.entry(short.clone()).or_default();
                    known.extend(whole.iter().map(|&whole| whole.clone()));
                }
            }
        }
        domains
    }

    /// Learns from two names of a machine, `shop\till7` and `till7.shop.example`; says whether that is news.
    pub(super) fn learn(&mut self, machine: &str, account: &str) -> bool {
        let (machine, account) = (machine.to_lowercase(), account.to_lowercase());
        let (Some((_, whole)), Some((short, _))) =
            (machine.split_once('.'), account.split_once('\\'))
        else {
            return false;
        };
        let known = self.of_records.entry(short.to_owned()).or_default();
        known.insert(whole.to_owned())
    }

    /// One name for all names of a domain, for each that has several.
    pub(super) fn one_for_all(&self) -> BTreeMap<&str, &str> {
        let mut one: BTreeMap<&str, &str> = BTreeMap::new();
        for (short, whole) in [&self.of_estate, &self.of_records].into_iter().flatten() {
            let mut all = whole.iter();
            let (Some(whole), None) = (all.next(), all.next()) else {
                continue;
            };
            let of = |name: &'_ str| one.get(name).copied();
            let ends = [
                of(short).unwrap_or(short),
                of(whole).unwrap_or(whole.as_str()),
            ];
            let (least, other) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            for known in one.values_mut().filter(|known| **known == other) {
                *known = least;
            }
            one.extend([short.as_str(), whole, least, other].map(|name| (name, least)));
        }
        one
    }
}
