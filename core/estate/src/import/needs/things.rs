//! Services and nodes by number, with what each needs.
//!
//! Services are numbered first, in the order of their ids. Only a service has groups of needs that stand in
//! for each other: tables name none for nodes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::import::{
    inventory::{Inventory, Ix, Standing},
    merge,
};

use super::{Need, all, circles::classes};

/// Everything that needs or is needed.
pub(super) struct Things {
    /// Ids, of services first.
    pub(super) names: Vec<String>,
    /// How many of them are services.
    pub(super) services: usize,
    /// What each always needs.
    always: Vec<Vec<usize>>,
    /// What a service needs some of, by the service and the group's name.
    pub(super) groups: BTreeMap<(usize, String), Group>,
}

/// Needs that stand in for each other.
#[derive(Default)]
pub(super) struct Group {
    /// How many of them are needed, as rows say.
    pub(super) at_least: BTreeSet<u64>,
    pub(super) of: BTreeSet<usize>,
    /// Choices that were left out because they close a circle.
    pub(super) cut: usize,
}

impl Things {
    /// Finds out what names mean. Those that nothing has become nodes of their own.
    pub(super) fn of(
        inventory: &mut Inventory,
        services: &BTreeMap<String, String>,
        needs: &[Need],
    ) -> Self {
        let mut things = Self {
            names: inventory.services.keys().cloned().collect(),
            services: inventory.services.len(),
            always: Vec::new(),
            groups: BTreeMap::new(),
        };
        let by_id = things.names.iter().enumerate();
        let by_id: BTreeMap<String, usize> = by_id
            .map(|(place, id)| (id.to_lowercase(), place))
            .collect();
        let names: BTreeSet<&str> = needs
            .iter()
            .flat_map(|need| [&*need.who, &*need.what])
            .collect();
        let nodes = names
            .into_iter()
            .filter(|name| !services.contains_key(&name.to_lowercase()));
        let meant = nodes_of(inventory, nodes.collect());
        let nodes: BTreeSet<Ix> = meant.values().copied().collect();
        let numbers: BTreeMap<Ix, usize> = nodes.iter().copied().zip(things.services..).collect();
        let ids = nodes.iter().map(|ix| inventory.id(*ix).to_owned());
        things.names.extend(ids);
        things.always = vec![Vec::new(); things.names.len()];
        let number = |name: &str| {
            let service = by_id.get(&name.to_lowercase());
            service.or_else(|| numbers.get(meant.get(name)?)).copied()
        };
        for need in needs {
            if let (Some(who), Some(what)) = (number(&need.who), number(&need.what)) {
                things.add(who, what, need);
            }
        }
        for needs in &mut things.always {
            needs.sort_unstable();
            needs.dedup();
        }
        things
    }

    fn add(&mut self, who: usize, what: usize, need: &Need) {
        if need.group.is_empty() {
            if let Some(needs) = self.always.get_mut(who) {
                needs.push(what);
            }
            return;
        }
        let group = self.groups.entry((who, need.group.clone())).or_default();
        group.of.insert(what);
        group.at_least.extend(need.at_least);
    }

    pub(super) fn name(&self, thing: usize) -> &str {
        self.names.get(thing).map_or("", String::as_str)
    }

    /// What a thing always needs.
    pub(super) fn always(&self, thing: usize) -> &[usize] {
        self.always.get(thing).map_or(&[], Vec::as_slice)
    }

    fn groups_of(&self, thing: usize) -> impl Iterator<Item = &Group> {
        let own = (thing, String::new())..(thing + 1, String::new());
        self.groups.range(own).map(|(_, group)| group)
    }

    /// All that a thing needs, always or as a choice.
    pub(super) fn needed(&self, thing: usize) -> Vec<usize> {
        let choices = self.groups_of(thing).flat_map(|group| group.of.iter());
        self.always(thing).iter().chain(choices).copied().collect()
    }

    /// Takes out each choice that closes a circle. Classes are numbered so that each needs only lower ones
    /// always: a choice among what needs each other in any way stays if it is of a lower class.
    pub(super) fn cut_choices(&mut self, inventory: &mut Inventory, together: &[usize]) {
        let in_any_way = classes(self.names.len(), |thing| self.needed(thing));
        let (names, class) = (&self.names, |of: &[usize], thing: usize| {
            of.get(thing).copied()
        });
        for ((who, _), group) in &mut self.groups {
            let closes = |what: &usize| {
                class(&in_any_way, *who) == class(&in_any_way, *what)
                    && class(together, *what) >= class(together, *who)
            };
            let cut: Vec<usize> = group.of.iter().copied().filter(closes).collect();
            group.of.retain(|what| !cut.contains(what));
            group.cut = cut.len();
            for what in cut {
                let name = |thing: usize| names.get(thing).map_or("", String::as_str);
                let example = format!("{} -> {}", name(*who), name(what));
                let what =
                    "choices of a group that need what they are a choice for, and were left out";
                inventory.note("circle", what, &example);
            }
        }
    }

    /// What a service needs, part by part, and the services that stop with it, itself among them.
    pub(super) fn parts(&self, service: usize, together: &[usize]) -> (Vec<Value>, Vec<usize>) {
        let (needed, circle) = self.closed(service, service, together);
        let names = needed.iter().map(|thing| json!(self.name(*thing)));
        let mut parts: Vec<Value> = names.collect();
        for group in circle.iter().flat_map(|one| self.groups_of(*one)) {
            let choices: Vec<Value> = group
                .of
                .iter()
                .map(|what| {
                    let (needed, _) = self.closed(service, *what, together);
                    let itself = std::iter::once(what);
                    let names = itself.chain(needed.iter().filter(|thing| *thing != what));
                    all(names.map(|thing| json!(self.name(*thing))).collect())
                })
                .collect();
            let asked = group.at_least.last().copied().unwrap_or(1);
            let many = u64::try_from(choices.len()).unwrap_or(u64::MAX);
            match asked.min(many) {
                0 => {}
                1 => parts.push(json!({ "any": choices })),
                k => parts.push(json!({ "at_least": k, "of": choices })),
            }
        }
        (parts, circle.into_iter().collect())
    }

    /// Everything that a thing always needs, through nodes and through services that stop together with
    /// `service`; and which those are.
    fn closed(
        &self,
        service: usize,
        from: usize,
        together: &[usize],
    ) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let own = together.get(service);
        let stops_with = |thing: usize| thing < self.services && together.get(thing) == own;
        let (mut needed, mut circle) = (BTreeSet::new(), BTreeSet::new());
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if stops_with(at) {
                circle.insert(at);
            } else {
                needed.insert(at);
                if at < self.services {
                    continue;
                }
            }
            let next = self.always(at).iter().copied();
            open.extend(next.filter(|next| seen.insert(*next)));
        }
        (needed, circle)
    }
}

/// The node of each name. Of several spellings of a new one the lowest counts.
fn nodes_of(inventory: &mut Inventory, names: Vec<&str>) -> BTreeMap<String, Ix> {
    let meanings = merge::Meanings::new(inventory);
    let names = names.into_iter();
    let meant: BTreeMap<&str, Option<Ix>> = names
        .map(|name| (name, meanings.of(inventory, name)))
        .collect();
    let mut nodes = BTreeMap::new();
    for (name, ix) in meant {
        let ix = ix.unwrap_or_else(|| {
            let ix = inventory.object(name);
            inventory.united.get(&ix).copied().unwrap_or(ix)
        });
        inventory.guess_kind(ix, "configuration-item");
        if let Some(object) = inventory.get_mut(ix) {
            object.standing = object.standing.max(Standing::Needed);
        }
        nodes.insert(name.to_owned(), ix);
    }
    nodes
}
