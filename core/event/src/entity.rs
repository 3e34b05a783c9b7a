//! Whom and what an event names, what was done and how it ended.
//!
//! Which field of which log names which entity is data: one YAML document per product under
//! `content/fields/`, described in its README and parsed by [`FieldMap::parse`]. This module applies it
//! and cleans the names: placeholders are left out, a domain joins its user, an account that ends in
//! `$` is the computer it belongs to, and what only means the machine that wrote the record (`SYSTEM`,
//! `.\Administrator`, its own short name) is called by the name that the record has for it.
//!
//! Invariant: an entity's id is what the log says, cleaned but never guessed; resolving two names
//! to one person is the estate's business.

mod deed;
mod lease;
mod name;
mod parse;
mod path;
mod record;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use cordon_model::{Alias, Deed, Entity, EntityKind, Item, Role};
use cordon_text::{Report, Source};

use crate::Event;
use deed::{Action, Ending};
use lease::Lending;
use name::{Pattern, Whose};
use path::Path;
use record::Record;

/// Which field of which log names which entity, the action and its outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldMap {
    products: BTreeMap<String, Product>,
}

/// What is known of one product's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Product {
    drop_accounts: Vec<Pattern>,
    drop_domains: Vec<Pattern>,
    /// Accounts, and domains all of whose accounts, are the machine itself.
    machine_accounts: Vec<Pattern>,
    machine_domains: Vec<Pattern>,
    /// Accounts without a domain, and domains all of whose accounts, are each machine's own.
    local_accounts: Vec<Pattern>,
    local_domains: Vec<Pattern>,
    maps: Vec<Map>,
}

/// Entities of some of a product's records.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Map {
    /// Of these services; of any if empty.
    services: Vec<String>,
    /// Where each of these fields has one of its values.
    when: Vec<Condition>,
    /// Where none of these has.
    unless: Vec<Condition>,
    entities: Vec<Naming>,
    action: Option<Action>,
    ending: Option<Ending>,
    /// Who has which address.
    leases: Vec<Lending>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    field: Path,
    values: Vec<Pattern>,
}

/// One field that names an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Naming {
    role: Role,
    kind: EntityKind,
    /// The first of these that names anything counts.
    fields: Vec<Path>,
    /// The field beside it that holds the account's domain.
    domain: Option<Path>,
    /// Fields beside it with other names of the same thing.
    also: Vec<Path>,
    /// Only the part after the last of these.
    after: Option<String>,
    /// Conditions on what stands beside the field.
    siblings: Vec<Condition>,
    /// What must not stand beside it.
    strangers: Vec<Condition>,
}

impl FieldMap {
    /// Reads the maps of every document of some sources; several for one product add up.
    ///
    /// Everything wrong is in the report, and what is wrong is left out of the map.
    pub fn parse(sources: &[Source]) -> (Self, Report) {
        parse::parse(sources)
    }

    /// The entities an event names, each once, in the order of the map.
    pub fn entities(&self, event: &Event) -> Vec<Entity> {
        let [known, schema] = self.of(event);
        let Some(own) = known.or(schema) else {
            return Vec::new();
        };
        let record = Record::new(own, [known, schema], event);
        let mut found = Vec::new();
        if let Some(known) = known {
            known.collect(&record, &mut found);
        }
        if let Some(schema) = schema {
            let mut more = Vec::new();
            schema.collect(&record, &mut more);
            // The vendor's own names are better than those that a schema has for all.
            let said = found.len();
            more.retain(|one| {
                let mut own = found.iter().take(said);
                !own.any(|own| own.role == one.role && own.kind == one.kind)
            });
            found.extend(more);
        }
        found
    }

    /// What an event says was done, and how it ended: as the first map says that says anything.
    pub fn deed(&self, event: &Event) -> Deed {
        let (service, fields) = (event.kind.service.as_deref(), event.fields.root());
        let mut deed = Deed::default();
        for product in self.of(event).into_iter().flatten() {
            let tells = |map: &&Map| map.action.is_some() || map.ending.is_some();
            for map in product.maps.iter().filter(tells) {
                if map.covers(service, fields) {
                    let told = (map.action.as_ref(), map.ending.as_ref());
                    deed::fill(&mut deed, told, fields);
                }
            }
        }
        deed
    }

    /// What is known of the product that an event is of, and of the schema that it is written in beside that.
    fn of(&self, event: &Event) -> [Option<&Product>; 2] {
        let (product, service) = (&event.kind.product, &event.kind.service);
        // What nobody knows whose it is may still be of a known layout, which is then its service.
        let name = product
            .as_deref()
            .or(service.as_deref())
            .unwrap_or_default();
        let schema = schema(event).filter(|schema| *schema != name);
        [Some(name), schema].map(|name| self.products.get(name?))
    }

    /// Which names an event gives to one and the same thing, in the order of the map.
    pub fn aliases(&self, event: &Event) -> Vec<Alias> {
        let product = event.kind.product.as_deref().unwrap_or_default();
        let Some(product) = self.products.get(product) else {
            return Vec::new();
        };
        let record = Record::new(product, [Some(product), None], event);
        let mut found = Vec::new();
        for map in &product.maps {
            let tells = |naming: &&Naming| !naming.also.is_empty();
            if map.entities.iter().any(|n| tells(&n)) && map.covers(record.service, record.fields) {
                for naming in map.entities.iter().filter(tells) {
                    naming.aliases(&record, &mut found);
                }
            }
        }
        found
    }
}

/// The schema a record is written in, whoever wrote it. Windows events keep their own names in any.
fn schema(event: &Event) -> Option<&'static str> {
    let has = |name| event.fields.get(name).is_some();
    if has("EventID") {
        None
    } else if has("class_uid") && has("metadata") {
        Some("ocsf")
    } else if has("ecs") || has("ecs.version") {
        Some("ecs")
    } else {
        None
    }
}

impl Product {
    /// Adds what another document says of it.
    fn extend(&mut self, more: &Self) {
        self.drop_accounts.extend_from_slice(&more.drop_accounts);
        self.drop_domains.extend_from_slice(&more.drop_domains);
        self.machine_accounts
            .extend_from_slice(&more.machine_accounts);
        self.machine_domains
            .extend_from_slice(&more.machine_domains);
        self.local_accounts.extend_from_slice(&more.local_accounts);
        self.local_domains.extend_from_slice(&more.local_domains);
        self.maps.extend_from_slice(&more.maps);
    }

    /// Collects what its maps name.
    fn collect(&self, record: &Record<'_>, found: &mut Vec<Entity>) {
        let names =
            |map: &&Map| !map.entities.is_empty() && map.covers(record.service, record.fields);
        for map in self.maps.iter().filter(names) {
            for naming in &map.entities {
                naming.collect(record, found);
            }
        }
    }

    /// The machine that its maps say a record happened on.
    fn host(&self, record: &Record<'_>) -> Option<String> {
        let is_host = |n: &&Naming| n.role == Role::Host && n.kind == EntityKind::Host;
        let maps = self.maps.iter();
        let mut maps = maps.filter(|map| map.entities.iter().any(|n| is_host(&n)));
        maps.find_map(|map| {
            let covers = map.covers(record.service, record.fields);
            let mut namings = map.entities.iter().filter(is_host).filter(|_| covers);
            namings.find_map(|naming| naming.first_host(record.fields))
        })
    }
}

impl Map {
    fn covers(&self, service: Option<&str>, fields: Item<'_>) -> bool {
        let mut services = self.services.iter();
        let covered = self.services.is_empty() || services.any(|s| Some(s.as_str()) == service);
        covered
            && self.when.iter().all(|condition| condition.holds(fields))
            && !self.unless.iter().any(|condition| condition.holds(fields))
    }
}

impl Condition {
    fn holds(&self, fields: Item<'_>) -> bool {
        let mut held = false;
        self.field.visit(fields, &mut |value, _| {
            name::each_text(value, &mut |text| held = held || self.fits(text));
        });
        held
    }

    fn fits(&self, text: &str) -> bool {
        self.values.iter().any(|pattern| pattern.fits(text))
    }
}

impl Naming {
    /// Whether what stands beside the field is what must.
    fn stands(&self, beside: Item<'_>) -> bool {
        self.siblings.iter().all(|sibling| sibling.holds(beside))
            && !self.strangers.iter().any(|other| other.holds(beside))
    }

    fn collect(&self, record: &Record<'_>, found: &mut Vec<Entity>) {
        self.each(record, &mut |entity, _| {
            if !found.contains(&entity) {
                found.push(entity);
            }
        });
    }

    /// Other names of what the first of the fields names that names anything.
    fn aliases(&self, record: &Record<'_>, found: &mut Vec<Alias>) {
        self.each(record, &mut |entity, beside| {
            self.beside(record, (&entity, beside), found);
        });
    }

    /// The first machine that it names, as a machine is called that a record happened on.
    fn first_host(&self, fields: Item<'_>) -> Option<String> {
        let mut first = None;
        for field in &self.fields {
            field.visit(fields, &mut |value, beside| {
                if first.is_some() || !self.stands(beside) {
                    return;
                }
                name::each_text(value, &mut |text| {
                    if first.is_none() {
                        first = name::host(self.cut(text));
                    }
                });
            });
        }
        first
    }

    /// Gives what the first of the fields names that names anything, and the map that it stands in.
    fn each<'r>(&self, record: &Record<'r>, give: &mut dyn FnMut(Entity, Item<'r>)) {
        for field in &self.fields {
            let mut named = false;
            field.visit(record.fields, &mut |value, beside| {
                if !self.stands(beside) {
                    return;
                }
                name::each_text(value, &mut |text| {
                    if let Some(entity) = self.entity(record, text, beside) {
                        named = true;
                        give(entity, beside);
                    }
                });
            });
            if named {
                return;
            }
        }
    }

    /// Only the part after the mark, if there is one.
    fn cut<'t>(&self, text: &'t str) -> &'t str {
        match &self.after {
            Some(mark) => text.rsplit(mark.as_str()).next().unwrap_or(text),
            None => text,
        }
    }

    fn entity(&self, record: &Record<'_>, text: &str, beside: Item<'_>) -> Option<Entity> {
        let text = name::real(self.cut(text))?;
        let (kind, id) = match self.kind {
            EntityKind::Account => {
                let domain = self.domain.as_ref().and_then(|path| path.text(beside));
                record.account(text, (domain, self.role))?
            }
            EntityKind::Host if self.role == Role::Host => (EntityKind::Host, name::host(text)?),
            EntityKind::Address => (EntityKind::Address, name::address(text)?),
            EntityKind::Host => (EntityKind::Host, record.whole(name::host(text)?)),
            EntityKind::Device
            | EntityKind::Mailbox
            | EntityKind::Group
            | EntityKind::Application
            | EntityKind::Ticket
            | EntityKind::Session
            | EntityKind::Resource => (self.kind, text.to_owned()),
        };
        Some(Entity {
            role: self.role,
            kind,
            id: id.into(),
        })
    }

    fn beside(
        &self,
        record: &Record<'_>,
        (entity, beside): (&Entity, Item<'_>),
        found: &mut Vec<Alias>,
    ) {
        let mut learn = |other: String| {
            let alias = Alias {
                kind: entity.kind,
                name: Arc::clone(&entity.id),
                other: other.into(),
            };
            if alias.name != alias.other && !found.contains(&alias) {
                found.push(alias);
            }
        };
        if let Some(own) = self.own_account(record, (entity, beside)) {
            learn(own);
        }
        for other in self.also.iter().filter_map(|path| path.text(beside)) {
            let other = name::real(other).and_then(|text| match self.kind {
                EntityKind::Account => record.account(text, (None, self.role)),
                EntityKind::Host => name::host(text).map(|host| (EntityKind::Host, host)),
                EntityKind::Address
                | EntityKind::Device
                | EntityKind::Mailbox
                | EntityKind::Group
                | EntityKind::Application
                | EntityKind::Ticket
                | EntityKind::Session
                | EntityKind::Resource => Some((self.kind, text.to_owned())),
            });
            if let Some((kind, other)) = other
                && kind == entity.kind
            {
                learn(other);
            }
        }
    }

    /// `SHOP\till7` where the account `SHOP\TILL7$` acts on `till7.shop.example`: the one record that
    /// shows which short name of a domain belongs to which whole one.
    fn own_account(
        &self,
        record: &Record<'_>,
        (entity, beside): (&Entity, Item<'_>),
    ) -> Option<String> {
        if self.kind != EntityKind::Account || entity.kind != EntityKind::Host {
            return None;
        }
        let domain = name::real(self.domain.as_ref()?.text(beside)?)?;
        let (short, _) = entity.id.split_once('.')?;
        let is_its = record.host() == Some(&entity.id) && !domain.contains('.');
        let domain = Some(domain).filter(|_| is_its)?;
        let whose = name::account(record.own, "anybody", Some(domain))?;
        matches!(whose, Whose::Account(_)).then(|| format!("{domain}\\{short}"))
    }
}
