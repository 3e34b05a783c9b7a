//! Those who had a detection's addresses, beside those whom its records name.

use cordon_model::{Detection, Entity, EntityKind};

use super::{Directory, Meaning, Mention};
use crate::{Naming, lease::Lodging};

/// The mentions of a detection with those of whoever had its addresses, who stand behind the others of their record.
pub(super) fn lodged(
    detection: &Detection,
    (named, lodgings): (&[Mention], &[Lodging]),
    directory: &mut Directory,
) -> Box<[Mention]> {
    let mut mentions = Vec::with_capacity(named.len());
    for (number, record) in (0..u16::MAX).zip(&detection.records) {
        let count = record.entities.len();
        let own = named.iter().filter(|mention| mention.record == number);
        mentions.extend(own.filter(|mention| usize::from(mention.place) < count));
        let behind = u16::try_from(count).unwrap_or(u16::MAX)..u16::MAX;
        for (place, (entity, _)) in behind.zip(tenants(lodgings, number)) {
            let name = directory.name(entity.kind, &entity.id);
            mentions.push(Mention {
                name,
                meaning: directory.meaning(name),
                kind: entity.kind,
                held: false,
                record: number,
                place,
            });
        }
    }
    mentions.into()
}

/// The entity that a mention is of: one that the record names, or one that had an address of it.
pub(super) fn entity<'d>(
    (detection, lodgings): (&'d Detection, &'d [Lodging]),
    mention: &Mention,
) -> Option<&'d Entity> {
    let record = detection.records.get(usize::from(mention.record))?;
    let place = usize::from(mention.place);
    record.entities.get(place).or_else(|| {
        let behind = place.checked_sub(record.entities.len())?;
        tenant(lodgings, mention.record, behind).map(|(entity, _)| entity)
    })
}

/// What a mention means where addresses are whoever had them.
pub(super) fn meant(
    (detection, lodgings): (&Detection, &[Lodging]),
    mention: &Mention,
    meaning: Meaning,
) -> Meaning {
    if lodgings.is_empty() {
        return meaning;
    }
    let record = detection.records.get(usize::from(mention.record));
    let named = record.map_or(0, |record| record.entities.len());
    if let Some(behind) = usize::from(mention.place).checked_sub(named) {
        let how = tenant(lodgings, mention.record, behind).map(|(_, how)| *how);
        let surer = |how: &Naming| how.confidence() > meaning.how.confidence();
        let how = how.filter(|how| !surer(how)).unwrap_or(meaning.how);
        return Meaning { how, ..meaning };
    }
    if mention.kind != EntityKind::Address {
        return meaning;
    }
    let here =
        |lodging: &&Lodging| (lodging.record, lodging.place) == (mention.record, mention.place);
    let instead = lodgings
        .iter()
        .find(here)
        .and_then(|lodging| lodging.instead);
    Meaning {
        thing: instead.unwrap_or(meaning.thing),
        ..meaning
    }
}

fn tenants(lodgings: &[Lodging], record: u16) -> impl Iterator<Item = &(Entity, Naming)> {
    let here = lodgings
        .iter()
        .filter(move |lodging| lodging.record == record);
    here.flat_map(|lodging| &lodging.tenants)
}

fn tenant(lodgings: &[Lodging], record: u16, place: usize) -> Option<&(Entity, Naming)> {
    tenants(lodgings, record).nth(place)
}
