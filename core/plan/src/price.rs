//! What a set of steps costs: when services stop, and what that loses over the hold.
//!
//! The plain reading of the contract, in exact rationals. It is what people are told and what the
//! checker recomputes; the search has its own, faster arithmetic and must agree with this one.

mod alone;
mod standing;

use cordon_model::{Care, Estate, Exact, Hours, Money, Need, NodeIx, Service, ServiceIx, StepIx};
use num_bigint::BigInt;
use num_traits::Zero;

use crate::{LossPoint, Price, ServiceLoss};
pub(crate) use alone::Alone;
pub(crate) use standing::Standing;

/// When something that services need fails. Ordered: whatever fails comes before what never does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Failure {
    After(Exact),
    Never,
}

impl Failure {
    /// So much later.
    fn and(self, cover: &Hours) -> Self {
        match self {
            Self::After(hours) => Self::After(hours + cover.exact()),
            Self::Never => Self::Never,
        }
    }
}

/// Hours after the cut at which people ask what it has cost by then; the hold is added to them.
const CURVE_HOURS: [i64; 6] = [0, 1, 6, 24, 72, 168];

/// What `steps`, each counted once, cost over a hold.
pub fn price(estate: &Estate, steps: &[StepIx], hold: &Hours) -> Price {
    let own: Money = steps.iter().map(|&step| &estate.step(step).cost).sum();
    let mut total = own.clone();
    let mut lifeline = Hours::zero();
    let mut services = Vec::with_capacity(estate.services().len());
    for ((number, service), start) in (0_u32..).zip(estate.services()).zip(starts(estate, steps)) {
        let down = time_down(start.as_ref(), hold);
        let loss = loss(service, &down);
        total += &loss;
        if service.care == Care::Lifeline {
            lifeline += &Hours::from_exact(down);
        }
        services.push(ServiceLoss {
            service: ServiceIx(number),
            loss,
            start,
        });
    }
    Price {
        total,
        steps: own,
        services,
        lifeline,
    }
}

/// What `steps` have cost after 0, 1, 6, 24, 72 and 168 hours and at the hold, in that order of
/// time, the hold once.
pub fn loss_curve(estate: &Estate, steps: &[StepIx], hold: &Hours) -> Vec<LossPoint> {
    let own: Money = steps.iter().map(|&step| &estate.step(step).cost).sum();
    let starts = starts(estate, steps);
    let mut times: Vec<Hours> = CURVE_HOURS.into_iter().map(Hours::from_units).collect();
    times.push(hold.clone());
    times.sort();
    times.dedup();
    let point = |after: Hours| {
        let mut lost = own.clone();
        for (service, start) in estate.services().iter().zip(&starts) {
            lost += &loss(service, &time_down(start.as_ref(), &after));
        }
        LossPoint { after, loss: lost }
    };
    times.into_iter().map(point).collect()
}

/// When each service stops, in the order of the estate; none if never.
pub(crate) fn starts(estate: &Estate, steps: &[StepIx]) -> Vec<Option<Hours>> {
    let mut down = vec![false; estate.nodes().len()];
    for &step in steps {
        for node in &estate.step(step).takes_down {
            if let Some(down) = down.get_mut(node.index()) {
                *down = true;
            }
        }
    }
    let mut starts = vec![Failure::Never; estate.services().len()];
    for &ix in estate.services_bottom_up() {
        let service = estate.service(ix);
        let is_down = |node: NodeIx| down.get(node.index()) == Some(&true);
        let stopped = |service: ServiceIx| starts.get(service.index()).cloned();
        let start = fails(&service.needs, &is_down, &stopped).and(&service.cover);
        if let Some(slot) = starts.get_mut(ix.index()) {
            *slot = start;
        }
    }
    let hours = |failure| match failure {
        Failure::After(hours) => Some(Hours::from_exact(hours)),
        Failure::Never => None,
    };
    starts.into_iter().map(hours).collect()
}

/// Which nodes services need, by name.
pub(crate) fn needed_nodes(estate: &Estate) -> Vec<bool> {
    let mut needed = vec![false; estate.nodes().len()];
    for service in estate.services() {
        service.needs.for_each_node(&mut |node| {
            if let Some(needed) = needed.get_mut(node.index()) {
                *needed = true;
            }
        });
    }
    needed
}

/// When a need fails, by what is down and when other services stop.
fn fails(
    need: &Need,
    is_down: &dyn Fn(NodeIx) -> bool,
    stopped: &dyn Fn(ServiceIx) -> Option<Failure>,
) -> Failure {
    let enough = |k: usize, of: &[Need]| {
        // So many that never fail are enough, and the rest need not be asked.
        let mut running = 0;
        let mut times = Vec::new();
        for child in of {
            if running == k {
                return None;
            }
            match fails(child, is_down, stopped) {
                Failure::Never => running += 1,
                failure @ Failure::After(_) => times.push(failure),
            }
        }
        times.sort();
        of.len()
            .checked_sub(k)
            .and_then(|nth| times.into_iter().nth(nth))
    };
    let found = match need {
        Need::Node(node) => is_down(*node).then(|| Failure::After(Exact::zero())),
        Need::Service(service) => stopped(*service),
        Need::All(of) => enough(of.len(), of),
        Need::Any(of) => enough(1, of),
        Need::AtLeast { k, of } => enough(*k, of),
    };
    found.unwrap_or(Failure::Never)
}

/// How long a service is down within a span that begins with the cut.
pub(crate) fn time_down(start: Option<&Hours>, span: &Hours) -> Exact {
    match start {
        Some(start) if start < span => span.exact() - start.exact(),
        Some(_) | None => Exact::zero(),
    }
}

/// What a service loses that has been down for that many hours: the rate grows evenly over the
/// ramp and stays full after it.
pub(crate) fn loss(service: &Service, down: &Exact) -> Money {
    let (rate, ramp) = (service.loss_per_hour.exact(), service.ramp.exact());
    let two = Exact::from(BigInt::from(2));
    Money::from_exact(if ramp.is_zero() {
        rate * down
    } else if down <= ramp {
        rate * down * down / (two * ramp)
    } else {
        rate * (down - ramp / two)
    })
}
