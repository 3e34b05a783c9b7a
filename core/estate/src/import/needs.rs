//! What services need, from tables and catalogues where each line names one need.
//!
//! Services need each other, nodes, and through nodes what those need. Needs in a circle are cut at one
//! place, which is noted, because nothing in a circle could ever run. A service whose loss nobody states
//! is protected: what is not known is not nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::inventory::{Inventory, Need};

/// A service with its needs, still by names.
pub(super) type Service = Map<String, Value>;

/// Makes services of all that was said.
pub(super) fn close(inventory: &mut Inventory) -> Vec<Service> {
    let said = std::mem::take(&mut inventory.services);
    let names: BTreeMap<String, String> = said
        .keys()
        .map(|id| (id.to_lowercase(), id.clone()))
        .collect();
    let called = |name: &str| names.get(&name.to_lowercase()).cloned();
    let mut of: BTreeMap<String, Vec<Need>> = BTreeMap::new();
    for mut need in std::mem::take(&mut inventory.needs) {
        need.what = called(&need.what).unwrap_or(need.what);
        let who = called(&need.who).unwrap_or_else(|| need.who.clone());
        of.entry(who).or_default().push(need);
    }
    cut_circles(inventory, &mut of);
    let mut services = Vec::new();
    for (id, mut service) in said {
        let mut parts: Vec<Value> = service.remove("needs").into_iter().collect();
        parts.extend(expression(&of, &names, &id));
        if parts.is_empty() {
            let runs = format!("{id}#runs");
            inventory.describe(&runs, "application");
            parts.push(json!(runs));
        }
        let whole = match parts.as_slice() {
            [only] => only.clone(),
            _ => json!({ "all": parts }),
        };
        service.insert("needs".to_owned(), whole);
        if !service.contains_key("loss_per_hour") && !service.contains_key("protected") {
            inventory.note(
                "unpriced",
                "services whose loss nobody states, and that are protected therefore",
                &id,
            );
            service.insert("protected".to_owned(), json!(true));
        }
        service.insert("id".to_owned(), json!(id));
        services.push(service);
    }
    let things: BTreeSet<&String> = of.values().flatten().map(|need| &need.what).collect();
    let unknown: Vec<String> = things
        .into_iter()
        .filter(|what| called(what).is_none())
        .cloned()
        .collect();
    for what in unknown {
        if inventory.find(&what).is_none() {
            let ix = inventory.describe(&what, "configuration-item");
            if let Some(object) = inventory.get_mut(ix) {
                object.by_name = true;
            }
        }
    }
    services
}

/// Everything that one service or node needs, group by group.
fn expression(
    of: &BTreeMap<String, Vec<Need>>,
    services: &BTreeMap<String, String>,
    id: &str,
) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut groups: BTreeMap<&str, (u64, Vec<Value>)> = BTreeMap::new();
    for need in of.get(id).into_iter().flatten() {
        let mut parts = vec![json!(need.what)];
        if !services.contains_key(&need.what.to_lowercase()) {
            parts.extend(expression(of, services, &need.what));
        }
        if need.group.is_empty() {
            all.extend(parts);
            continue;
        }
        let (at_least, choices) = groups.entry(&need.group).or_insert((1, Vec::new()));
        *at_least = need.at_least.unwrap_or(1).max(*at_least);
        choices.push(match parts.as_slice() {
            [only] => only.clone(),
            _ => json!({ "all": parts }),
        });
    }
    let mut seen = BTreeSet::new();
    all.retain(|part| seen.insert(part.to_string()));
    for (at_least, choices) in groups.into_values() {
        let many = u64::try_from(choices.len()).unwrap_or(u64::MAX);
        all.push(match at_least {
            1 => json!({ "any": choices }),
            k => json!({ "at_least": k.min(many), "of": choices }),
        });
    }
    all
}

/// Takes out each need that closes a circle.
fn cut_circles(inventory: &mut Inventory, of: &mut BTreeMap<String, Vec<Need>>) {
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut closing: BTreeSet<(String, String)> = BTreeSet::new();
    for start in of.keys() {
        let mut path: Vec<(String, usize)> = vec![(start.clone(), 0)];
        while let Some((at, next)) = path.last_mut() {
            let (at, place) = (at.clone(), *next);
            *next += 1;
            let Some(need) = of.get(&at).and_then(|needs| needs.get(place)) else {
                done.insert(at);
                path.pop();
                continue;
            };
            if path.iter().any(|(on, _)| *on == need.what) {
                closing.insert((at, need.what.clone()));
            } else if !done.contains(&need.what) {
                path.push((need.what.clone(), 0));
            }
        }
    }
    for (who, what) in &closing {
        let what_is_wrong = "needs that close a circle and were left out";
        inventory.note("circle", what_is_wrong, &format!("{who} -> {what}"));
    }
    for (who, needs) in of {
        needs.retain(|need| !closing.contains(&(who.clone(), need.what.clone())));
    }
}
