//! Rehearsals, each from a seed.

use std::collections::BTreeSet;

use crate::{
    Profile,
    cast::Cast,
    chance::{Chance, Concern},
    day::{self, Administration, World},
    estate::estate,
    intrusion,
    ledger::Ledger,
    log::Delivery,
    machine::Machines,
    moment::Span,
    people::People,
    truth::{Drill, Truth},
};

/// The seed of the example that is shipped.
pub const DEFAULT_SEED: u64 = 2_300;

/// Makes Northgate, a Saturday of its logs, and one intrusion in them.
///
/// The same seed always gives the same bytes. Other seeds give other people, another victim, other
/// times and other noise; what Northgate runs stays the same.
pub fn northgate(seed: u64) -> Drill {
    made(
        seed,
        (&[Profile::Telephone], Administration::Usual),
        &|_| Span::ms(0),
    )
}

/// Makes Northgate and a Saturday of its logs with the intrusions that are asked for, or none.
///
/// Beside the usual work the day has, by chance, work of administrators that looks like an
/// intrusion and is none: a copy of the directory for an audit, a tunnel of a supplier, a disk
/// attached for a test of the backup. The same seed always gives the same bytes; an intrusion that
/// is left out leaves everything else as it was.
pub fn northgate_day(seed: u64, intrusions: &BTreeSet<Profile>) -> Drill {
    let intrusions: Vec<Profile> = intrusions.iter().copied().collect();
    made(seed, (&intrusions, Administration::Strange), &|_| {
        Span::ms(0)
    })
}

/// Makes what [`northgate`] makes, in files whose writers' clocks are ahead by so many minutes as `ahead` says of
/// the file's path, or behind. Nothing else differs.
pub fn northgate_by_clocks(seed: u64, ahead: &dyn Fn(&str) -> i64) -> Drill {
    let ahead = |path: &str| Span::minutes(ahead(path));
    made(seed, (&[Profile::Telephone], Administration::Usual), &ahead)
}

fn made(
    seed: u64,
    (intrusions, work): (&[Profile], Administration),
    ahead: &dyn Fn(&str) -> Span,
) -> Drill {
    let people = People::new(seed);
    let machines = Machines::new(&people);
    let cast = Cast::new(seed, &people, &machines);
    let world = World {
        seed,
        people: &people,
        machines: &machines,
        cast: &cast,
    };
    let mut ledger = Ledger::new();
    day::pass(&world, work, &mut ledger);
    let held = intrusion::pass(&world, intrusions, &mut ledger);
    let mut delivery = Delivery {
        chance: Chance::new(seed, Concern::Delivery),
        ahead,
    };
    let (mut logs, mut steps) = (Vec::new(), Vec::new());
    for export in ledger.export(&mut delivery) {
        logs.push(export.file);
        steps.extend(export.steps);
    }
    steps.sort_by(|a, b| (a.time, &a.log).cmp(&(b.time, &b.log)));
    let intrusion_records = u64::try_from(steps.len()).unwrap_or(u64::MAX);
    let records: u64 = logs.iter().map(|log| log.records).sum();
    let benign_records = records.saturating_sub(intrusion_records);
    let truth = Truth {
        intrusions: intrusions.to_vec(),
        held,
        steps,
        benign_records,
        intrusion_records,
    };
    Drill {
        estate: estate(&people, &machines, &cast),
        logs,
        truth,
    }
}
