//! What services need, from tables and catalogues where each line names one need.
//!
//! Services need each other, nodes, and through nodes what those need. Needs in a circle are cut at one
//! place, which is noted, because nothing in a circle could ever run. A service whose loss nobody states
//! is protected: what is not known is not nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::inventory::{Inventory, Need, Standing};

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
    check_groups(inventory, &of);
    tell_unreached(inventory, &of, &names);
    let mut services = Vec::new();
    for (id, mut service) in said {
        let mut parts: Vec<Value> = service.remove("needs").into_iter().collect();
        parts.extend(expression(&of, &names, &id));
        if parts.is_empty() {
            let runs = format!("{id}#runs");
            inventory.describe(&runs, "application");
            let what = "services of which nothing says what they need, so that only they themselves can stop";
            inventory.note("needs-nothing", what, &id);
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
        let new = inventory.find(&what).is_none();
        let ix = inventory.object(&what);
        inventory.guess_kind(ix, "configuration-item");
        if let Some(object) = inventory.get_mut(ix) {
            object.standing = object.standing.max(Standing::Needed);
            object.by_name |= new;
        }
    }
    services
}

/// Tells of groups that ask for more than they have, or for different numbers.
fn check_groups(inventory: &mut Inventory, of: &BTreeMap<String, Vec<Need>>) {
    for (who, needs) in of {
        let mut groups: BTreeMap<&str, (u64, BTreeSet<u64>)> = BTreeMap::new();
        for need in needs.iter().filter(|need| !need.group.is_empty()) {
            let (many, asked) = groups.entry(&need.group).or_default();
            *many += 1;
            asked.extend(need.at_least);
        }
        for (group, (many, asked)) in groups {
            let example = format!("{group} of {who}: {asked:?} of {many}");
            if asked.len() > 1 {
                let what = "groups of needs whose rows differ in `at_least`, of which the largest was kept";
                inventory.note("group-differs", what, &example);
            }
            if asked.last().is_some_and(|asked| *asked > many) {
                let what = "groups of needs that ask for more than they hold, so that all of them are needed";
                inventory.note("group-too-small", what, &example);
            }
        }
    }
}

/// Counts needs of what no service needs: no plan can weigh them.
fn tell_unreached(
    inventory: &mut Inventory,
    of: &BTreeMap<String, Vec<Need>>,
    services: &BTreeMap<String, String>,
) {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = services.values().map(String::as_str).collect();
    while let Some(at) = open.pop() {
        if reached.insert(at) {
            let needs = of.get(at).into_iter().flatten();
            open.extend(needs.map(|need| need.what.as_str()));
        }
    }
    for (who, needs) in of.iter().filter(|(who, _)| !reached.contains(who.as_str())) {
        let ix = inventory.object(who);
        inventory.guess_kind(ix, "configuration-item");
        if let Some(object) = inventory.get_mut(ix) {
            object.standing = object.standing.max(Standing::Needed);
            object.by_name |= object.standing == Standing::Needed;
        }
        for need in needs {
            let example = format!("{who} needs {}", need.what);
            let what = "needs of what is no service and no service needs; name the services (`services.csv`, or the \
                        table of items with its classes)";
            inventory.note("needs-of-no-service", what, &example);
        }
    }
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
