//! The few moments at which each service can stop at all.
//!
//! A node fails at once or never, so a service stops at a sum of covers along its needs or not at
//! all. Knowing these moments turns the loss of a service into a handful of fixed charges.

use std::collections::BTreeSet;

use cordon_model::{Need, NodeIx, ServiceIx};
use num_bigint::BigInt;
use num_traits::Zero;

use super::outage::Outage;

/// Most moments kept for one service. Real estates have a few (one for each depth of services
/// needing services); beyond this some are left out, which weakens bounds and changes no answer.
const LEVELS_MAX: usize = 48;

/// For each service the moments within the hold at which it can stop, ascending.
#[derive(Debug)]
pub(super) struct Levels {
    by_service: Vec<Vec<BigInt>>,
    complete: bool,
}

impl Levels {
    /// Finds them, for the services that matter, where these nodes can be taken down.
    pub(super) fn new(outage: &Outage<'_>, matter: &[bool], can_fail: &[bool]) -> Self {
        let estate = outage.estate();
        let mut levels = Self {
            by_service: vec![Vec::new(); estate.services().len()],
            complete: true,
        };
        for &service in estate.services_bottom_up() {
            if !matter[service.index()] {
                continue;
            }
            let mut fails = BTreeSet::new();
            let down = |node: NodeIx| can_fail[node.index()];
            levels.gather(&estate.service(service).needs, &down, &mut fails);
            let starts = fails.into_iter().map(|fail| fail + outage.cover(service));
            let starts: Vec<BigInt> = starts.filter(|start| start < outage.hold()).collect();
            levels.keep(service, starts);
        }
        levels
    }

    fn gather(&self, need: &Need, down: &impl Fn(NodeIx) -> bool, fails: &mut BTreeSet<BigInt>) {
        match need {
            Need::Node(node) if down(*node) => {
                fails.insert(BigInt::zero());
            }
            Need::Node(_) => {}
            Need::Service(service) => fails.extend(self.of(*service).iter().cloned()),
            Need::All(children) | Need::Any(children) | Need::AtLeast { of: children, .. } => {
                for child in children {
                    self.gather(child, down, fails);
                }
            }
        }
    }

    fn keep(&mut self, service: ServiceIx, mut starts: Vec<BigInt>) {
        if starts.len() > LEVELS_MAX {
            self.complete = false;
            let every = starts.len().div_ceil(LEVELS_MAX);
            starts = starts.into_iter().rev().step_by(every).collect();
            starts.reverse();
        }
        self.by_service[service.index()] = starts;
    }

    /// One service's moments.
    pub(super) fn of(&self, service: ServiceIx) -> &[BigInt] {
        &self.by_service[service.index()]
    }

    /// Whether none was left out.
    pub(super) fn complete(&self) -> bool {
        self.complete
    }
}
