//! Inequalities that a point of the relaxation breaks although every admissible set obeys them.
//!
//! Beside the gates of services there are two families. Every path to a jewel needs one of its steps.
//! And since some of those steps stop a service by themselves, every path needs either the fall of
//! that service or one of its other steps: that charges a loss once, however many steps share it.

use super::{gates::Gates, net::Net, row::Row};

/// What a point may break a row by: more than the simplex's rounding, less than could matter.
pub(super) const TOLERANCE: f64 = 1e-6;
/// Added to each step's weight so that of paths equally light the one of fewer steps is found.
const NUDGE: f64 = 1e-7;
/// Paths looked for at a point, each with none of the steps of those before. More make fewer rounds
/// with more rows; measured on made estates of four hundred nodes there is little between 8 and 32.
const PATHS_MAX: usize = 16;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Broken {
    pub(super) rows: Vec<Row>,
    /// Arcs looked at, at most.
    pub(super) arcs: u64,
}

/// Rows that these values break; none if no path is open to them.
pub(super) fn broken(net: &Net, gates: &Gates, values: &[f64]) -> Broken {
    let mut found = Broken {
        rows: gates.broken(values, TOLERANCE),
        arcs: 0,
    };
    paths(net, gates, values, &mut found);
    charged(net, gates, values, &mut found);
    found.rows.sort();
    found.rows.dedup();
    found
}

fn paths(net: &Net, gates: &Gates, values: &[f64], found: &mut Broken) {
    let mut weight: Vec<f64> = values.iter().map(|value| value + NUDGE).collect();
    for _ in 0..PATHS_MAX {
        found.arcs += net.arcs();
        let Some(path) = net.lightest(&weight) else {
            break;
        };
        for &step in &path {
            weight[step] = weight[step].max(1.0);
        }
        let row = charge(gates, values, path, Vec::new());
        if row.excess(values) >= -TOLERANCE {
            break;
        }
        found.rows.push(row);
    }
}

/// For each service that falls in part the lightest path that only its fall helps against.
fn charged(net: &Net, gates: &Gates, values: &[f64], found: &mut Broken) {
    for (service, alone) in gates.charges() {
        if values[service] <= TOLERANCE || values[service] >= 1.0 - TOLERANCE {
            continue;
        }
        found.arcs += net.arcs();
        let weigh = |(&value, &alone): (&f64, &bool)| if alone { NUDGE } else { value + NUDGE };
        let weight: Vec<f64> = values.iter().zip(alone).map(weigh).collect();
        let Some(mut path) = net.lightest(&weight) else {
            continue;
        };
        path.retain(|&step| !alone[step]);
        let row = charge(gates, values, path, vec![service]);
        if row.excess(values) < -TOLERANCE {
            found.rows.push(row);
        }
    }
}

/// One of a path's steps or one of the services taken for them, services taken as long as that
/// makes the row harder to obey at this point.
fn charge(gates: &Gates, values: &[f64], mut path: Vec<usize>, mut taken: Vec<usize>) -> Row {
    loop {
        let gains = gates
            .charges()
            .filter(|(service, _)| !taken.contains(service));
        let gains = gains.map(|(service, alone)| {
            let steps = path.iter().filter(|&&step| alone[step]);
            let gain = steps.map(|&step| values[step]).sum::<f64>() - values[service];
            (gain, service, alone)
        });
        let best = gains.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        match best {
            Some((gain, service, alone)) if gain > TOLERANCE => {
                path.retain(|&step| !alone[step]);
                taken.push(service);
            }
            Some(_) | None => break,
        }
    }
    path.extend(taken);
    Row::one_of(path)
}
