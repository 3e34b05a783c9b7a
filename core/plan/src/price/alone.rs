//! What single steps stop, each found in the time that takes which it stops: where many steps are asked one by one,
//! nobody waits for all services each time.

use std::collections::{BTreeMap, BTreeSet};

use cordon_model::{Estate, Hours, Money, NodeIx, ServiceIx, StepIx};

use super::{Failure, fails, loss, time_down};

/// Which services need what.
pub(crate) struct Alone<'e> {
    estate: &'e Estate,
    /// By node, the services that name it.
    needing_node: Vec<Vec<ServiceIx>>,
    /// By service, the services that name it.
    needing_service: Vec<Vec<ServiceIx>>,
    /// By service, its place from the bottom up.
    places: Vec<usize>,
}

impl<'e> Alone<'e> {
    pub(crate) fn new(estate: &'e Estate) -> Self {
        let count = estate.services().len();
        let mut needing_node = vec![Vec::new(); estate.nodes().len()];
        let mut needing_service = vec![Vec::new(); count];
        let mut places = vec![0; count];
        for (place, &ix) in estate.services_bottom_up().iter().enumerate() {
            let needs = &estate.service(ix).needs;
            needs.for_each_node(&mut |node| push(&mut needing_node, node.index(), ix));
            needs.for_each_service(&mut |needed| push(&mut needing_service, needed.index(), ix));
            if let Some(slot) = places.get_mut(ix.index()) {
                *slot = place;
            }
        }
        Self {
            estate,
            needing_node,
            needing_service,
            places,
        }
    }

    /// When each service stops that a step stops by itself.
    pub(crate) fn stops(&self, step: StepIx) -> BTreeMap<ServiceIx, Hours> {
        let down = &self.estate.step(step).takes_down;
        let by_node = |node: &NodeIx| self.needing_node.get(node.index());
        if !down.iter().filter_map(by_node).any(|list| !list.is_empty()) {
            return BTreeMap::new();
        }
        let down: BTreeSet<NodeIx> = down.iter().copied().collect();
        let mut starts: BTreeMap<ServiceIx, Failure> = BTreeMap::new();
        let place = |service: &ServiceIx| (self.places.get(service.index()), *service);
        let named = down.iter().filter_map(by_node).flatten();
        let mut open: BTreeSet<_> = named.map(place).collect();
        // What needs a service comes after it, so that each is looked at once.
        while let Some((_, ix)) = open.pop_first() {
            let service = self.estate.service(ix);
            let is_down = |node: NodeIx| down.contains(&node);
            let stopped = |service: ServiceIx| starts.get(&service).cloned();
            let start = fails(&service.needs, &is_down, &stopped).and(&service.cover);
            if start != Failure::Never {
                starts.insert(ix, start);
                let above = self.needing_service.get(ix.index()).into_iter().flatten();
                open.extend(above.map(place));
            }
        }
        let hours = |(service, failure)| match failure {
            Failure::After(hours) => Some((service, Hours::from_exact(hours))),
            Failure::Never => None,
        };
        starts.into_iter().filter_map(hours).collect()
    }

    /// What each service loses over a hold that a step stops by itself.
    pub(crate) fn losses(&self, step: StepIx, hold: &Hours) -> BTreeMap<ServiceIx, Money> {
        let stops = self.stops(step).into_iter();
        let lost = stops.map(|(ix, start)| {
            let down = time_down(Some(&start), hold);
            (ix, loss(self.estate.service(ix), &down))
        });
        lost.collect()
    }
}

fn push(lists: &mut [Vec<ServiceIx>], place: usize, service: ServiceIx) {
    // A service that names something twice needs it once.
    if let Some(list) = lists.get_mut(place)
        && list.last() != Some(&service)
    {
        list.push(service);
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{
        Care, Estate, EstateParts, Hours, Money, Need, Node, NodeId, NodeIx, NodeKind, Service,
        ServiceId, ServiceIx, Step, StepId, StepIx, StepKind,
    };

    use super::Alone;
    use crate::price;

    fn service(number: u32, needs: Need) -> Service {
        Service {
            id: ServiceId::new(format!("s{number}")),
            name: None,
            needs,
            loss_per_hour: Money::from_units(i64::from(number) + 1),
            cover: Hours::from_units(i64::from(number % 3)),
            ramp: Hours::zero(),
            protected: false,
            care: Care::None,
            probe: None,
        }
    }

    /// Services that need nodes and services before them in every way there is.
    fn estate() -> Estate {
        let node = |n| Need::Node(NodeIx(n));
        let of = |s| Need::Service(ServiceIx(s));
        let needs = [
            node(0),
            Need::All(vec![node(1), of(0)]),
            Need::Any(vec![node(2), of(1)]),
            Need::AtLeast {
                k: 2,
                of: vec![node(0), node(1), of(2), node(0)],
            },
            Need::Any(vec![of(0), of(3), Need::All(vec![node(2), node(3)])]),
        ];
        let step = |down: &[u32]| Step {
            id: StepId::new(format!("{down:?}")),
            kind: StepKind::new("x"),
            removes_nodes: Vec::new(),
            removes_edges: Vec::new(),
            takes_down: down.iter().map(|n| NodeIx(*n)).collect(),
            cost: Money::zero(),
            minutes: None,
            undo: None,
            check: None,
            irreversible: false,
            action: None,
        };
        let sets = (0_u32..16).map(|set| (0..4).filter(|n| set >> n & 1 == 1).collect());
        let sets: Vec<Vec<u32>> = sets.collect();
        Estate::new(EstateParts {
            name: "made".to_owned(),
            currency: "GBP".to_owned(),
            nodes: (0..4)
                .map(|n| Node {
                    id: NodeId::new(format!("n{n}")),
                    kind: NodeKind::new("host"),
                    name: None,
                    aliases: Vec::new(),
                    jewel: None,
                })
                .collect(),
            edges: Vec::new(),
            services: (0..)
                .zip(needs)
                .map(|(n, needs)| service(n, needs))
                .collect(),
            steps: sets.iter().map(|set| step(set)).collect(),
        })
    }

    #[test]
    fn what_a_step_stops_alone_is_what_pricing_it_alone_says() {
        let (estate, hold) = (estate(), Hours::from_units(24));
        let alone = Alone::new(&estate);
        for step in estate.step_indices() {
            let all = price(&estate, &[step], &hold).services;
            let stopped = all
                .iter()
                .filter_map(|s| Some((s.service, s.start.clone()?)));
            assert_eq!(alone.stops(step), stopped.collect(), "{}", step.0);
            let lost = all.iter().filter(|s| s.start.is_some());
            let lost = lost.map(|s| (s.service, s.loss.clone()));
            assert_eq!(alone.losses(step, &hold), lost.collect(), "{}", step.0);
        }
        assert!(alone.stops(StepIx(15)).len() == 5);
    }
}
