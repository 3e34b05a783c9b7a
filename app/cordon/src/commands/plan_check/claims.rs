//! What a plan says of jewels, services, price, loss, race and bound, against what follows from its steps.

use cordon_model::{Estate, Minutes, Money, NodeIx, StepIx};
use cordon_plan::{self as plan, Question, loss_curve, vet_targets};
use cordon_reach::{Removal, reach};
use cordon_report::json::v1::{self, Number};
use serde_json::{Value, json};

/// A plan, with its question and steps in terms of the estate.
pub(super) struct Told<'p> {
    pub(super) plan: &'p v1::Plan,
    pub(super) question: &'p Question<'p>,
    pub(super) steps: &'p [StepIx],
}

impl Told<'_> {
    /// Everything said of what the steps do and cost that is not so, each with its place.
    pub(super) fn wrong(&self, priced: &v1::Price, found: &plan::Price) -> Vec<String> {
        let (estate, hold) = (self.question.estate, &self.question.hold);
        let mut wrong = self.targets();
        let price = v1::Price::of(estate, found);
        differ("price", &json!(priced), &json!(price), &mut wrong);
        // As numbers of a document, amounts beyond sixteen digits may be alike.
        let exact = |number: &Number| Money::parse(number.as_str()).ok();
        if exact(&priced.total) != exact(&price.total) && wrong.is_empty() {
            let (claimed, found) = (&priced.total, &price.total);
            wrong.push(format!("price.total: claimed {claimed}, found {found}"));
        }
        // Every jewel that can be reached is a flaw of its own.
        let exposure = Some(Number::money(&found.total));
        differ(
            "exposure",
            &json!(self.plan.exposure),
            &json!(exposure),
            &mut wrong,
        );
        let curve = v1::curve(&loss_curve(estate, self.steps, hold));
        // A plan may be silent about the race, but not wrong.
        if let Some(told) = &self.plan.race {
            let found = v1::Race::of(self.question, self.steps);
            differ("race", &json!(told), &json!(found), &mut wrong);
        }
        differ(
            "loss_curve",
            &json!(self.plan.loss_curve),
            &json!(curve),
            &mut wrong,
        );
        wrong
    }

    fn targets(&self) -> Vec<String> {
        let estate = self.question.estate;
        let mut wrong = Vec::new();
        let mut read = Vec::new();
        for (number, told) in self.plan.targets.iter().enumerate() {
            let node = estate.node_by_id(&told.id);
            let jewel = node.and_then(|node| estate.node(node).jewel.as_ref());
            let path = told.path_before.iter().map(|id| estate.node_by_id(id));
            let path: Option<Vec<_>> = path.collect();
            let (Some(node), Some(jewel), Some(status), Some(path_before)) =
                (node, jewel, told.meant(), path)
            else {
                wrong.push(format!(
                    "targets[{number}]: the estate has no such jewel, or no such path to it, or `{}` is no status",
                    told.status
                ));
                continue;
            };
            let loss = Number::money(&jewel.loss);
            let place = format!("targets[{number}].loss");
            differ(&place, &json!(told.loss), &json!(loss), &mut wrong);
            read.push(plan::Target {
                node,
                loss: jewel.loss.clone(),
                status,
                path_before,
                minutes_before: None,
            });
        }
        if wrong.is_empty() {
            let flaws = vet_targets(self.question, self.steps, &read);
            // What can still be reached was said of the steps.
            let other = flaws
                .iter()
                .filter(|flaw| !matches!(flaw, plan::Flaw::JewelReachable { .. }));
            wrong.extend(other.map(|flaw| format!("targets: {flaw}")));
        }
        if wrong.is_empty() {
            wrong.extend(self.minutes_before(&read));
        }
        wrong
    }

    /// How long the paths take that are said to be the fastest.
    fn minutes_before(&self, read: &[plan::Target]) -> Vec<String> {
        let estate = self.question.estate;
        let held: Vec<NodeIx> = self.question.footholds.iter().map(|f| f.node).collect();
        let before = reach(estate, &held, &Removal::none(estate));
        let mut wrong = Vec::new();
        for (number, (told, target)) in self.plan.targets.iter().zip(read).enumerate() {
            let fastest = before.fastest(target.node).and_then(|path| path.minutes);
            let taken = along(estate, &target.path_before);
            for (place, found) in [("minutes_before", &fastest), ("path_before", &taken)] {
                let found = found.as_ref().map(Number::minutes);
                let place = format!("targets[{number}].{place}");
                let claimed = json!(told.minutes_before);
                differ(&place, &claimed, &json!(found), &mut wrong);
            }
        }
        wrong
    }
}

/// How long a path takes by its fastest edges; unknown if that of all edges of some hop is, or it has no node.
fn along(estate: &Estate, path: &[NodeIx]) -> Option<Minutes> {
    let hops = path.iter().zip(path.iter().skip(1));
    let fastest = hops.map(|(from, to)| {
        let edges = estate.edges_between(*from, *to).iter();
        edges
            .filter_map(|edge| estate.edge(*edge).minutes.as_ref())
            .min()
    });
    let fastest: Option<Vec<&Minutes>> = fastest.collect();
    fastest
        .filter(|_| !path.is_empty())
        .map(|minutes| minutes.into_iter().sum())
}

/// Everything said of the bound that contradicts itself or the total.
pub(super) fn of_proof(proof: &v1::Proof, total: &Money) -> Vec<String> {
    let claimed = &proof.lower_bound;
    let Ok(bound) = Money::parse(claimed.as_str()) else {
        return vec![format!(
            "proof.lower_bound: {claimed} is no amount of money"
        )];
    };
    let mut wrong = Vec::new();
    let rounded = Number::money(total);
    let gap_is_none = float(&proof.gap) == 0.0;
    if gap_is_none != proof.proven {
        wrong.push(format!(
            "proof.proven: claimed {} with a gap of {}",
            proof.proven, proof.gap
        ));
    }
    let is_whole = *claimed == rounded;
    if bound > *total && !is_whole {
        wrong.push(format!(
            "proof.lower_bound: claimed {claimed}, and the plan costs {rounded}"
        ));
    }
    if proof.proven && !is_whole {
        wrong.push(format!(
            "proof.proven: a bound of {claimed} does not prove a price of {rounded}"
        ));
    }
    // Of the bound only hundredths are written, which a gap in millionths may be finer than.
    let gap = if is_whole {
        Number::gap(total, total)
    } else {
        Number::gap(total, &bound)
    };
    let rounding = HALF_A_HUNDREDTH / total.to_f64().max(HALF_A_HUNDREDTH) + MILLIONTHS;
    if (float(&proof.gap) - float(&gap)).abs() > rounding {
        wrong.push(format!("proof.gap: claimed {}, found {gap}", proof.gap));
    }
    wrong
}

/// By so much a bound may differ from how it is written.
const HALF_A_HUNDREDTH: f64 = 0.005;
/// By so much two gaps may differ by being written in millionths.
const MILLIONTHS: f64 = 2.5e-6;

fn float(number: &Number) -> f64 {
    number.as_str().parse().unwrap_or(f64::NAN)
}

/// Names every place where a claim is not what was found.
pub(super) fn differ(place: &str, claimed: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (claimed, found) {
        (Value::Object(claimed), Value::Object(found)) => {
            for (key, found) in found {
                let claimed = claimed.get(key).unwrap_or(&Value::Null);
                differ(&format!("{place}.{key}"), claimed, found, wrong);
            }
        }
        (Value::Array(claimed), Value::Array(found)) if claimed.len() == found.len() => {
            for (number, (claimed, found)) in claimed.iter().zip(found).enumerate() {
                differ(&format!("{place}[{number}]"), claimed, found, wrong);
            }
        }
        (Value::Array(claimed), Value::Array(found)) => {
            let (claimed, found) = (claimed.len(), found.len());
            wrong.push(format!("{place}: claimed {claimed} entries, found {found}"));
        }
        (claimed, found) if claimed != found => {
            wrong.push(format!("{place}: claimed {claimed}, found {found}"));
        }
        (_, _) => {}
    }
}
