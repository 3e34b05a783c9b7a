//! Rows of the relaxation from flows: what no chosen shared step stops, own steps must (Benders 1962).

use super::{
    flow::{ENDLESS, Flow, Terms},
    search::{PARTS, Search, float},
};
use crate::solve::{problem::numbers, row::Row, search::Choice, separate::TOLERANCE};

/// How much of a flow a point must promise too much of for a row that is a bound by itself.
const WORTH_IT: f64 = 0.02;

/// How much a flow may draw on a shared step that is not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pools {
    /// What it costs, all arcs together.
    Own,
    /// What it costs on each arc.
    Endless,
}

impl Search<'_, '_> {
    /// A row that a point breaks, if one is found, and the flow last looked at; none if what is decided
    /// leaves a way that nothing closes. Flows that draw no more on a shared step than it costs are
    /// tried first: each of them is a bound by itself, while others only are together.
    pub(super) fn broken(
        &mut self,
        state: &[Choice],
        values: &[f64],
    ) -> Option<(Option<Row>, Flow)> {
        let lengths = lengths(state, values);
        let flow = self.flow(state, &lengths, Pools::Own);
        if flow.total >= self.beyond {
            return None;
        }
        let row = self.row(&flow, values);
        if row.excess(values) < -WORTH_IT {
            return Some((Some(row), flow));
        }
        let flow = self.flow(state, &lengths, Pools::Endless);
        if flow.total >= self.beyond {
            return None;
        }
        let row = self.row(&flow, values);
        let is_broken = row.excess(values) < -TOLERANCE;
        Some((is_broken.then_some(row), flow))
    }

    /// The most valuable flow where shared steps shorten what they close by these parts.
    pub(super) fn flow(&mut self, state: &[Choice], parts: &[u32], pools: Pools) -> Flow {
        let most = self.beyond;
        let sets = || self.merged.sets.iter();
        let price = |steps: &Vec<usize>| {
            let open = steps.iter().filter(|&&step| state[step] == Choice::Open);
            open.map(|&step| self.dear[step]).min().unwrap_or(most)
        };
        let free: Vec<i64> = sets().map(price).collect();
        let length = |steps: &Vec<usize>| {
            let length: u32 = steps.iter().map(|&step| parts[step]).sum();
            length.min(PARTS)
        };
        let length: Vec<u32> = sets().map(length).collect();
        let pool = |(choice, dear): (&Choice, &i64)| match (choice, pools) {
            (Choice::Open, Pools::Own) => *dear,
            (_, _) => ENDLESS,
        };
        let pools: Vec<i64> = state.iter().zip(&self.dear).map(pool).collect();
        let flow = self.network.flow(&Terms {
            free: &free,
            length: &length,
            limit: PARTS,
            most,
            pools: &pools,
        });
        self.scanned += flow.work;
        flow
    }

    /// What a flow says of every admissible set.
    fn row(&self, flow: &Flow, values: &[f64]) -> Row {
        let mut through = vec![0_i64; self.merged.sets.len()];
        for (arc, amount) in self.merged.arcs.iter().zip(&flow.through) {
            through[arc.set as usize] = through[arc.set as usize].saturating_add(*amount);
        }
        through[0] = 0;
        let taken = self.charged(&through, values);
        let mut terms = vec![self.own];
        // More than all of the flow is stopped by one step at most as well as all of it.
        terms.extend(taken.iter().map(|&(v, amount)| (v, amount.min(flow.total))));
        Row {
            terms,
            least: flow.total,
            scale: flow.total.max(1),
        }
    }

    /// What each variable stops of flows through sets: steps, or in their place services that some of
    /// them stop by themselves, where that is the harder to obey at these values.
    fn charged(&self, through: &[i64], values: &[f64]) -> Vec<(usize, i64)> {
        let used = || {
            let sets = self.merged.sets.iter().zip(through);
            sets.filter(|(_, amount)| **amount > 0)
        };
        let mut by_step = vec![0_i64; self.problem.steps.len()];
        for (steps, &amount) in used() {
            for &step in steps {
                by_step[step] = by_step[step].saturating_add(amount);
            }
        }
        let mut found = Vec::new();
        for (service, alone) in self.gates.charges() {
            let some = |steps: &&Vec<usize>| steps.iter().any(|&s| alone[s] && by_step[s] > 0);
            let together = used()
                .filter(|(steps, _)| some(steps))
                .fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount));
            let each = numbers(alone).map(|step| float(by_step[step]) * values[step]);
            if each.sum::<f64>() > float(together) * values[service] + TOLERANCE {
                found.push((service, together));
                numbers(alone).for_each(|step| by_step[step] = 0);
            }
        }
        let rest = by_step.into_iter().enumerate();
        found.extend(rest.filter(|(_, amount)| *amount > 0));
        found
    }
}

/// How many parts of a decision each step has, rounded up so that what is decided stays so.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "values lie within 0 and 1, and a cast saturates"
)]
fn lengths(state: &[Choice], values: &[f64]) -> Vec<u32> {
    let part = |(choice, value): (&Choice, &f64)| match choice {
        Choice::In => PARTS,
        Choice::Out => 0,
        Choice::Open => (value * f64::from(PARTS) - TOLERANCE).ceil() as u32,
    };
    state.iter().zip(values).map(part).collect()
}
