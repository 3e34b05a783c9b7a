//! What is at stake in a decision: jewels in reach, money over time, services that stop.

use cordon_model::{Service, ServiceIx};
use cordon_plan::{Alternative, Draft, LossPoint, Price, Target, TargetStatus};

use super::{
    Column,
    amount::{counted, hours},
    plain,
    plan::{Page, answer_name, line},
    prose::{path_within, wrap},
    table,
    verdict::in_reach,
};

/// Most jewels shown where a person decides.
const JEWELS_MAX: usize = 6;

/// Narrowest column in which a path still says something.
const PATH_WIDTH_MIN: usize = 24;

impl Page<'_> {
    /// Every jewel, in the order of the estate.
    pub(super) fn targets(&self) -> String {
        let all: Vec<&Target> = self.decision.answer.targets.iter().collect();
        format!("{}{}", self.heading("What is at stake"), self.jewels(&all))
    }

    /// The jewels that are held or fall soonest.
    pub(super) fn soonest_targets(&self) -> String {
        let held = |target: &Target| target.status == TargetStatus::AlreadyHeld;
        let mut hit: Vec<&Target> = self
            .decision
            .answer
            .targets
            .iter()
            .filter(|target| held(target) || in_reach(target))
            .collect();
        if hit.is_empty() {
            return String::new();
        }
        hit.sort_by_key(|target| {
            let minutes = target.minutes_before.as_ref();
            (!held(target), minutes.is_none(), minutes)
        });
        let rest = hit.split_off(hit.len().min(JEWELS_MAX));
        let mut text = self.heading("What they reach, soonest first");
        text.push_str(&self.jewels(&hit));
        if !rest.is_empty() {
            text.push_str(&line(format_args!("{} more in plan.json", rest.len())));
        }
        text
    }

    fn jewels(&self, targets: &[&Target]) -> String {
        let columns = [
            Column::Whole("jewel"),
            Column::Number("loss"),
            Column::Whole("before"),
            Column::Whole("after"),
            Column::Text("fastest path before"),
        ];
        let mut rows: Vec<[String; 5]> = targets
            .iter()
            .map(|target| {
                [
                    self.node(target.node),
                    self.money(&target.loss),
                    before(target),
                    after(target.status).to_owned(),
                    String::new(),
                ]
            })
            .collect();
        // Two columns of space before each column but the first, and one at either end.
        let gaps = columns.len() * 2;
        let widest = |at| {
            rows.iter()
                .filter_map(move |row| row.get(at))
                .map(width)
                .max()
        };
        let others: usize = (0..columns.len() - 1).filter_map(widest).sum();
        let room = self.look.width.saturating_sub(others + gaps);
        for (row, target) in rows.iter_mut().zip(targets) {
            let stops: Vec<String> = target.path_before.iter().map(|n| self.node(*n)).collect();
            let [.., path] = row;
            *path = path_within(&stops, room.max(PATH_WIDTH_MIN));
        }
        table(&columns, rows, self.look)
    }

    /// What the plan costs, and what each answer costs as time goes by.
    pub(super) fn price(&self, draft: &Draft) -> String {
        let hold = hours(&self.decision.hold);
        let mut text = self.heading("What it costs as time goes by");
        let services = draft.price.services.iter().map(|service| &service.loss);
        let sums = format!(
            "over {hold}: {} (steps {}, services {})",
            self.money(&draft.price.total),
            self.money(&draft.price.steps),
            self.money(&services.sum())
        );
        text.push_str(&wrap(&sums, self.look.width));
        if !draft.price.lifeline.is_zero() {
            let lost = hours(&draft.price.lifeline);
            text.push_str(&line(format_args!("lifeline services lose {lost}")));
        }
        let curves = self.decision.answer.alternatives.iter();
        let curves: Vec<_> = curves.filter(|a| !a.loss_curve.is_empty()).collect();
        let mut columns = vec![Column::Number("after")];
        columns.extend(curves.iter().map(|a| Column::Number(answer_name(a.kind))));
        let rows = draft.loss_curve.iter().enumerate().map(|(at, point)| {
            let loss = |a: &&Alternative| {
                let point = a.loss_curve.get(at);
                point.map_or_else(String::new, |point: &LossPoint| self.money(&point.loss))
            };
            std::iter::once(hours(&point.after))
                .chain(curves.iter().map(loss))
                .collect::<Vec<_>>()
        });
        text.push_str(&table(&columns, rows, self.look));
        text
    }

    /// What stops within the hold, and how much goes on.
    pub(super) fn services(&self, price: &Price) -> String {
        let hold = &self.decision.hold;
        let stopping: Vec<_> = price
            .services
            .iter()
            .filter(|service| service.start.as_ref().is_some_and(|start| start < hold))
            .collect();
        let mut text = self.heading("What stops, and what keeps trading");
        let columns = [
            Column::Text("service"),
            Column::Number("stops after"),
            Column::Number("loss"),
        ];
        let rows = stopping.iter().map(|service| {
            let start = service.start.as_ref().map_or_else(String::new, hours);
            [
                self.service(service.service),
                start,
                self.money(&service.loss),
            ]
        });
        if stopping.is_empty() {
            text.push_str("nothing stops\n");
        } else {
            text.push_str(&table(&columns, rows, self.look));
        }
        let all = price.services.len();
        if all > 0 {
            let kept = self.kept(all - stopping.len(), price);
            text.push_str(&wrap(&plain(&kept), self.look.width));
        }
        text
    }

    fn kept(&self, trading: usize, price: &Price) -> String {
        let protected: Vec<String> = price
            .services
            .iter()
            .map(|service| self.estate.service(service.service))
            .filter(|service| service.protected)
            .map(called)
            .collect();
        let all = price.services.len();
        let keep = if trading == 1 { "keeps" } else { "keep" };
        let kept = format!("{trading} of {} {keep} trading", counted(all, "service"));
        if protected.is_empty() {
            return kept;
        }
        let list = protected.join(", ");
        format!("{kept}, all protected among them: {list}")
    }

    /// What people call a service.
    pub(super) fn service(&self, service: ServiceIx) -> String {
        called(self.estate.service(service))
    }
}

fn called(service: &Service) -> String {
    let Service { id, name, .. } = service;
    name.clone().unwrap_or_else(|| id.to_string())
}

#[expect(clippy::ptr_arg, reason = "maps over strings as they are")]
fn width(text: &String) -> usize {
    text.chars().count()
}

fn before(target: &Target) -> String {
    match (target.status, &target.minutes_before) {
        (TargetStatus::AlreadyHeld, _) => "held".to_owned(),
        (TargetStatus::NeverReachable, _) => "out of reach".to_owned(),
        (TargetStatus::CutOff | TargetStatus::Reachable, None) => "in reach".to_owned(),
        (TargetStatus::CutOff | TargetStatus::Reachable, Some(minutes)) => {
            format!("in {} min", minutes.rounded())
        }
    }
}

fn after(status: TargetStatus) -> &'static str {
    match status {
        TargetStatus::CutOff => "cut off",
        TargetStatus::AlreadyHeld => "held",
        TargetStatus::Reachable => "reachable",
        TargetStatus::NeverReachable => "out of reach",
    }
}
