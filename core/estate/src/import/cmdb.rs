//! Relations between configuration items as ServiceNow exports them (`cmdb_rel_ci`), as CSV or from its
//! Table API.
//!
//! The type of a relation reads `<parent's word>::<child's word>`, and people fill the two columns in
//! either way. Which side needs the other is therefore asked of the user, type by type, on pairs that they
//! know. The Table API names items by `sys_id`; what those mean is known once every table was read.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::BufRead,
};

use cordon_text::nearest;
use serde_json::{Map, Value};

use super::{
    Direction, Options, Undirected,
    inventory::{Inventory, Need},
    rows::Table,
};

/// One relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// In the column `parent`.
    pub parent: String,
    /// In the column `child`.
    pub child: String,
    /// What stands between them.
    pub relation: String,
}

/// What tables say, before it is known what each name and number means.
#[derive(Debug, Default)]
pub(super) struct Tables {
    items: Vec<Item>,
    relations: Vec<[Reference; 3]>,
}

/// One configuration item, or one type of relation.
#[derive(Debug)]
struct Item {
    sys_id: String,
    name: String,
    /// Empty for types of relations.
    class: String,
    aliases: Vec<String>,
    /// Whether a field says that it is gone; none if no field speaks of that.
    gone: Option<bool>,
}

/// How a field speaks of an item: by number, by name, or both.
#[derive(Debug, Default)]
struct Reference {
    sys_id: String,
    name: String,
}

impl Reference {
    fn is_empty(&self) -> bool {
        self.sys_id.is_empty() && self.name.is_empty()
    }

    /// What stands for it for people.
    fn shown(self) -> String {
        if self.name.is_empty() {
            self.sys_id
        } else {
            self.name
        }
    }
}

/// Adds a record of the Table API.
///
/// # Errors
/// When it is neither a relation nor an item.
pub(super) fn json_record(inventory: &mut Inventory, text: &str) -> Result<(), String> {
    let record: Map<String, Value> = serde_json::from_str(text).map_err(|why| why.to_string())?;
    row(inventory, &|key| {
        record.get(key).map(reference).unwrap_or_default()
    })
}

/// A field of a record: a text, or a reference with what stands for it for people.
fn reference(value: &Value) -> Reference {
    let by_name = |name: &str| Reference {
        sys_id: String::new(),
        name: name.trim().to_owned(),
    };
    match value {
        Value::String(text) => by_name(text),
        Value::Number(number) => by_name(&number.to_string()),
        Value::Object(map) => {
            let text = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or_default();
            let name = [text("display_value"), text("name")];
            let name = name.into_iter().find(|name| !name.is_empty());
            Reference {
                sys_id: text("value").to_owned(),
                name: name.unwrap_or_default().trim().to_owned(),
            }
        }
        Value::Null | Value::Bool(_) | Value::Array(_) => Reference::default(),
    }
}

/// Adds every row of a table.
///
/// # Errors
/// When the table cannot be read.
pub(super) fn table(
    inventory: &mut Inventory,
    name: &str,
    input: impl BufRead,
) -> Result<(), csv::Error> {
    Table::open(input)?.each(inventory, name, |inventory, cells| {
        cells.in_one_line(&NAMING)?;
        row(inventory, &|key| Reference {
            sys_id: String::new(),
            name: cells.cell(key).to_owned(),
        })
    })
}

/// Columns whose cells name something.
const NAMING: [&str; 6] = [
    "parent",
    "child",
    "type",
    "name",
    "sys_id",
    "sys_class_name",
];

/// Fields that say how much something matters, and not what is lost without it.
const WEIGHING: [&str; 4] = [
    "busines_criticality",
    "business_criticality",
    "connection_strength",
    "percent_outage",
];

/// What fields say, in words or in ServiceNow's numbers, of an item that is gone.
const RETIRED: [(&str, &[&str]); 4] = [
    ("operational_status", &["retired", "6", "decommissioned"]),
    ("install_status", &["retired", "7", "absent", "100"]),
    ("hardware_status", &["retired", "disposed", "absent"]),
    ("life_cycle_stage_status", &["retired", "disposed"]),
];

/// Whether an item is said to be gone; none if no field says anything of that.
fn gone(text: &dyn Fn(&str) -> String) -> Option<bool> {
    let said = RETIRED.iter().map(|(key, words)| (text(key), words));
    let said = said.filter(|(said, _)| !said.is_empty());
    said.map(|(said, words)| words.contains(&&*said.to_lowercase()))
        .reduce(|one, two| one || two)
}

/// Tells of what is not weighed.
fn tell(inventory: &mut Inventory, own: &str, text: &dyn Fn(&str) -> String) {
    for key in WEIGHING {
        let said = text(key);
        if !said.is_empty() {
            let what = "words on how much items and relations matter, which are not read: say in `services.csv` what an \
                        hour without a service loses";
            inventory.note("not-weighed", what, &format!("`{key}` of {own}: {said}"));
        }
    }
}

fn row(inventory: &mut Inventory, cell: &dyn Fn(&str) -> Reference) -> Result<(), String> {
    let text = |key: &str| cell(key).shown();
    let (parent, child) = (cell("parent"), cell("child"));
    if !parent.is_empty() && !child.is_empty() {
        let own = [text("parent"), text("type"), text("child")].join(" ");
        tell(inventory, &own, &text);
        let tables = &mut inventory.tables;
        for (end, class) in [(&parent, "parent"), (&child, "child")] {
            let class = text(&format!("{class}.sys_class_name"));
            if !class.is_empty() {
                tables.items.push(Item {
                    sys_id: end.sys_id.clone(),
                    name: end.name.clone(),
                    class,
                    aliases: Vec::new(),
                    gone: None,
                });
            }
        }
        tables.relations.push([parent, child, cell("type")]);
        return Ok(());
    }
    let (sys_id, name) = (text("sys_id"), text("name"));
    let class = [text("sys_class_name"), text("class")].concat();
    if name.is_empty() || class.is_empty() && sys_id.is_empty() {
        return Err("neither `parent` and `child` nor `name` and `sys_class_name`".to_owned());
    }
    tell(inventory, &name, &text);
    let mut aliases = ["fqdn", "host_name", "ip_address"].map(text).to_vec();
    // A domain is many items'; with the item's name before it, it is one's.
    let (domain, host) = (text("dns_domain"), text("host_name"));
    if !domain.is_empty() && !name.contains('.') {
        let host = if host.is_empty() { &name } else { &host };
        aliases.push(format!("{host}.{domain}"));
    }
    aliases.retain(|alias| alias.contains('.') || alias.len() > 3);
    inventory.tables.items.push(Item {
        sys_id,
        name,
        class,
        aliases,
        gone: gone(&text),
    });
    Ok(())
}

/// Makes items and needs of the tables.
///
/// # Errors
/// When somebody must say first which side of pairs needs the other.
pub(super) fn close(inventory: &mut Inventory, options: &Options) -> Result<(), Undirected> {
    let tables = std::mem::take(&mut inventory.tables);
    let names = Names::of(&tables.items);
    let gone = retired(&tables.items, &names);
    for item in &tables.items {
        add(inventory, &names, (item, &gone));
    }
    for id in &gone {
        let what = "items that are said to be retired, and that nothing needs any more";
        inventory.note("retired", what, id);
    }
    let pairs: Vec<Pair> = tables
        .relations
        .iter()
        .map(|[parent, child, relation]| Pair {
            parent: names.meant(inventory, parent),
            child: names.meant(inventory, child),
            relation: names.meant_type(relation),
        })
        .collect();
    let direction = |pair: &Pair| {
        let own = options.by_relation.get(&pair.relation);
        own.copied().or(options.direction)
    };
    let types: BTreeSet<String> = pairs.iter().map(|pair| pair.relation.clone()).collect();
    let is_gone = |id: &str| gone.contains(&id.to_lowercase());
    let (dead, pairs): (Vec<Pair>, Vec<Pair>) = pairs
        .into_iter()
        .partition(|pair| is_gone(&pair.parent) || is_gone(&pair.child));
    for pair in dead {
        let example = format!("{} {} {}", pair.parent, pair.relation, pair.child);
        let what = "relations of items that are said to be retired, which are no needs";
        inventory.note("retired-need", what, &example);
    }
    let unsaid: Vec<Pair> = pairs
        .iter()
        .filter(|pair| direction(pair).is_none())
        .cloned()
        .collect();
    let said = options.by_relation.keys();
    let unknown = said.filter(|said| !types.contains(said.as_str()));
    let unknown: Vec<_> = unknown
        .map(|said| (said.clone(), meant(said, &types).map(str::to_owned)))
        .collect();
    if !unsaid.is_empty() || !unknown.is_empty() {
        return Err(Undirected::of(&unsaid, unknown));
    }
    for pair in pairs {
        let (who, what) = match direction(&pair) {
            Some(Direction::ParentNeedsChild) => (pair.parent, pair.child),
            Some(Direction::ChildNeedsParent) => (pair.child, pair.parent),
            Some(Direction::Neither) | None => {
                let example = format!("{} {} {}", pair.parent, pair.relation, pair.child);
                let what = "relations of which neither side needs the other, as was said";
                inventory.note("no-need", what, &example);
                continue;
            }
        };
        inventory.needs.push(Need {
            who,
            what,
            group: String::new(),
            at_least: None,
        });
    }
    Ok(())
}

/// The type that was probably meant: by its name, or by one side's word for it.
fn meant<'t>(said: &str, types: &'t BTreeSet<String>) -> Option<&'t str> {
    let words = |of: &str| nearest(said, std::iter::once(of).chain(of.split("::"))).is_some();
    types.iter().map(String::as_str).find(|of| words(of))
}

/// Ids, in lower case, of items that are gone. Where one table says so and another says how the item does, it stays.
fn retired(items: &[Item], names: &Names) -> BTreeSet<String> {
    let said = |gone: bool| {
        let ours = items.iter().filter(move |item| item.gone == Some(gone));
        ours.map(|item| names.id(item).to_lowercase())
    };
    let stay: BTreeSet<String> = said(false).collect();
    said(true).filter(|id| !stay.contains(id)).collect()
}

/// Adds an item as a service or a node. A service that is gone serves nobody; a thing that is gone may still stand there.
fn add(inventory: &mut Inventory, names: &Names, (item, gone): (&Item, &BTreeSet<String>)) {
    if item.class.is_empty() {
        return;
    }
    let id = names.id(item);
    let class = item.class.to_lowercase().replace([' ', '_'], "-");
    let class = class.strip_prefix("cmdb-ci-").unwrap_or(&class);
    if class.contains("service") || class.contains("business-app") {
        if gone.contains(&id.to_lowercase()) {
            return;
        }
        let name = Map::from_iter([("name".to_owned(), Value::String(item.name.clone()))]);
        inventory.say_service(&id, name);
        return;
    }
    let ix = inventory.describe(&id, class);
    if let Some(object) = inventory.get_mut(ix) {
        object.by_name = true;
    }
    for alias in &item.aliases {
        inventory.alias(ix, alias);
    }
}

/// What names and numbers of items mean.
struct Names {
    /// By number: the name.
    by_number: BTreeMap<String, String>,
    /// Names, in lower case, that several items have.
    shared: BTreeSet<String>,
}

impl Names {
    fn of(items: &[Item]) -> Self {
        let mut by_number = BTreeMap::new();
        let mut numbers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for item in items.iter().filter(|item| !item.sys_id.is_empty()) {
            if !item.name.is_empty() {
                by_number.insert(item.sys_id.clone(), item.name.clone());
            }
            let numbers = numbers.entry(item.name.to_lowercase()).or_default();
            numbers.insert(&item.sys_id);
        }
        let shared = numbers.into_iter().filter(|(_, numbers)| numbers.len() > 1);
        let shared = shared.map(|(name, _)| name).collect();
        Self { by_number, shared }
    }

    /// The id of an item: its name, unless others have it too.
    fn id(&self, item: &Item) -> String {
        self.spelled(&item.sys_id, &item.name)
    }

    fn spelled(&self, sys_id: &str, name: &str) -> String {
        if sys_id.is_empty() || !self.shared.contains(&name.to_lowercase()) {
            return name.to_owned();
        }
        format!("{name} ({sys_id})")
    }

    /// The id of what a field speaks of.
    fn meant(&self, inventory: &mut Inventory, reference: &Reference) -> String {
        // Some exports put the number where others put the name.
        let number = [&reference.sys_id, &reference.name];
        let known = number
            .into_iter()
            .find_map(|n| Some((n, self.by_number.get(n)?)));
        if let Some((number, name)) = known {
            return self.spelled(number, name);
        }
        if reference.name.is_empty() {
            let what = "items that relations name by `sys_id`, and that no table describes";
            inventory.note("unknown-item", what, &reference.sys_id);
            return reference.sys_id.clone();
        }
        if self.shared.contains(&reference.name.to_lowercase()) {
            let what = "names in relations that several items have, taken for a further one";
            inventory.note("shared-name", what, &reference.name);
        }
        reference.name.clone()
    }

    /// The name of a type of relation.
    fn meant_type(&self, reference: &Reference) -> String {
        let number = [&reference.sys_id, &reference.name];
        let known = number.into_iter().find_map(|n| self.by_number.get(n));
        match known {
            Some(name) => name.clone(),
            None if reference.name.is_empty() => reference.sys_id.clone(),
            None => reference.name.clone(),
        }
    }
}
