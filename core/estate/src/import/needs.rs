//! What services need, from tables and catalogues where each line names one need.
//!
//! Services need each other, nodes, and through nodes what those need. What needs each other in a circle
//! stops together: each service in it needs everything that any of it needs. Where a circle leads through
//! a choice, that choice is left out and told, because nothing keeps itself up. A service whose loss nobody
//! states is protected: what is not known is not nothing. Work is linear for each service, whatever the
//! number of ways from it to a node.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::inventory::{Inventory, Need};
use circles::classes;
use things::Things;

mod circles;
mod things;

/// A service with its needs.
pub(super) type Service = Map<String, Value>;

/// Makes services of all that was said.
pub(super) fn close(inventory: &mut Inventory) -> Vec<Service> {
    let names = one_spelling(inventory);
    let needs = std::mem::take(&mut inventory.needs);
    let mut things = Things::of(inventory, &names, &needs);
    tell_unreached(inventory, &things);
    let together = classes(things.names.len(), |thing| things.always(thing).to_vec());
    tell_circles(inventory, &things, &together);
    things.cut_choices(inventory, &together);
    check_groups(inventory, &things);
    let said = std::mem::take(&mut inventory.services);
    let own: Vec<Option<Value>> = said
        .values()
        .map(|said| said.get("needs").cloned())
        .collect();
    let mut services = Vec::new();
    for (place, (id, mut service)) in said.into_iter().enumerate() {
        let (mut parts, circle) = things.parts(place, &together);
        let theirs = circle.iter().filter_map(|one| own.get(*one)?.clone());
        parts.splice(0..0, theirs);
        if parts.is_empty() {
            let first = circle.first().and_then(|one| things.names.get(*one));
            parts.push(json!(runs(inventory, &id, first)));
        }
        service.insert("needs".to_owned(), all(parts));
        if !service.contains_key("loss_per_hour") && !service.contains_key("protected") {
            let what = "services whose loss nobody states, and that are protected therefore";
            inventory.note("unpriced", what, &id);
            service.insert("protected".to_owned(), json!(true));
        }
        service.insert("id".to_owned(), json!(id));
        services.push(service);
    }
    services
}

/// Makes one service of those whose ids differ in case only, under the lowest spelling; which that is for
/// each id in lower case.
fn one_spelling(inventory: &mut Inventory) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (id, said) in std::mem::take(&mut inventory.services) {
        let spelled = names.entry(id.to_lowercase()).or_insert(id);
        inventory.say_service(spelled, said);
    }
    names
}

/// The node of a service of which nothing says what it needs; one for all that stop together.
fn runs(inventory: &mut Inventory, id: &str, first: Option<&String>) -> String {
    let runs = format!("{}#runs", first.map_or(id, String::as_str));
    inventory.describe(&runs, "application");
    let what =
        "services of which nothing says what they need, so that only they themselves can stop";
    inventory.note("needs-nothing", what, id);
    runs
}

/// All of these, of which there is at least one.
fn all(mut parts: Vec<Value>) -> Value {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            json!({ "all": parts })
        }
    }
}

/// Tells of groups that ask for more than they have, or for different numbers.
fn check_groups(inventory: &mut Inventory, things: &Things) {
    for ((who, name), group) in &things.groups {
        let (who, many) = (things.name(*who), group.of.len() + group.cut);
        let asked = &group.at_least;
        let example = format!("{name} of {who}: {asked:?} of {many}");
        if asked.len() > 1 {
            let what =
                "groups of needs whose rows differ in `at_least`, of which the largest was kept";
            inventory.note("group-differs", what, &example);
        }
        let many = u64::try_from(many).unwrap_or(u64::MAX);
        if asked.last().is_some_and(|asked| *asked > many) {
            let what =
                "groups of needs that ask for more than they hold, so that all of them are needed";
            inventory.note("group-too-small", what, &example);
        }
    }
}

/// Counts needs of what no service needs: no plan can weigh them.
fn tell_unreached(inventory: &mut Inventory, things: &Things) {
    let mut reached: BTreeSet<usize> = BTreeSet::new();
    let mut open: Vec<usize> = (0..things.services).collect();
    while let Some(at) = open.pop() {
        if reached.insert(at) {
            open.extend(things.needed(at));
        }
    }
    for at in (0..things.names.len()).filter(|at| !reached.contains(at)) {
        for what in things.needed(at) {
            let example = format!("{} needs {}", things.name(at), things.name(what));
            let what = "needs of what is no service and no service needs; name the services (`services.csv`, or the \
                        table of items with its classes)";
            inventory.note("needs-of-no-service", what, &example);
        }
    }
}

/// Members of a circle that are named when it is told.
const TOLD_MAX: usize = 4;

/// Tells what needs each other in a circle, once for each.
fn tell_circles(inventory: &mut Inventory, things: &Things, together: &[usize]) {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (thing, class) in together.iter().enumerate() {
        members.entry(*class).or_default().push(thing);
    }
    let itself = |members: &[usize]| members.iter().any(|one| things.always(*one).contains(one));
    for members in members
        .values()
        .filter(|members| members.len() > 1 || itself(members))
    {
        let told = members.iter().take(TOLD_MAX);
        let mut told: Vec<&str> = told.map(|member| things.name(*member)).collect();
        if members.len() > TOLD_MAX {
            told.push("…");
        }
        let what = "circles of needs, in which all stop if one does";
        inventory.note("circle", what, &told.join(", "));
    }
}
