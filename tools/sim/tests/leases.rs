//! Which machine had which address in recordings of real attacks: each of a laboratory's had one for itself.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot read recordings must fail, and what it found is what it is for"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use cordon_event::{Degradation, Event, FieldMap, Hints, Refusal, Sink};
use cordon_recordings::{files_ending, recording};
use cordon_sim::texts;
use cordon_source::list;

struct Sightings<'m> {
    fields: &'m FieldMap,
    count: usize,
    by_address: BTreeMap<String, BTreeSet<String>>,
}

impl Sink for Sightings<'_> {
    fn event(&mut self, event: &Event, _: &[Degradation]) {
        for lease in self.fields.leases(event) {
            let (Some(address), Some(holder)) = (lease.address, lease.holder) else {
                continue;
            };
            let short = holder.name.split('.').next().unwrap_or_default();
            let machines = self.by_address.entry(address.to_string()).or_default();
            machines.insert(short.to_lowercase());
            self.count += 1;
        }
    }

    fn refusal(&mut self, _: Refusal) {}
}

fn sightings(fields: &FieldMap, path: PathBuf) -> (usize, BTreeMap<String, BTreeSet<String>>) {
    let mut seen = Sightings {
        fields,
        count: 0,
        by_address: BTreeMap::new(),
    };
    for member in list(&[path]).unwrap().members {
        let _whole = member.read(&Hints::default(), &mut seen, &|_| {});
    }
    (seen.count, seen.by_address)
}

#[test]
fn no_address_of_a_laboratory_is_seen_with_two_machines() {
    let Some(folder) = recording("windows-json") else {
        return;
    };
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let fields = FieldMap::parse(&texts(&content).unwrap().fields).0;
    let (mut count, mut addresses) = (0, 0);
    for archive in files_ending(&folder, ".zip") {
        let name = archive.display().to_string();
        let (seen, by_address) = sightings(&fields, archive);
        let shared: Vec<_> = by_address.iter().filter(|(_, m)| m.len() > 1).collect();
        assert!(shared.is_empty(), "{name}: {shared:?}");
        (count, addresses) = (count + seen, addresses + by_address.len());
    }
    eprintln!("{count} sightings of {addresses} addresses");
    assert!(count > 300 && addresses >= 12, "{count} of {addresses}");
}
