//! From a question to an answer that the checker has passed.

use cordon_model::StepIx;

use crate::{
    Answer, Draft, Outcome, Proof, Question, VettedPlan,
    alternative::alternatives,
    check,
    infeasible::{self, Demands},
    loss_curve,
    order::in_order,
    price,
    solve::{self, Found, Ties},
    target::targets,
};

/// The cheapest admissible plan, or why there is none, and what people compare it with.
///
/// # Panics
/// When the checker refuses what the search found, which is a bug of this crate, or when a foothold
/// is not a node of the estate.
pub fn answer(question: &Question<'_>) -> Answer {
    match solve::cheapest(
        &Demands::of(question).task(question),
        question.effort,
        Ties::FirstByIds,
    ) {
        Some(found) => {
            let plan = vetted(question, &found);
            Answer {
                targets: plan.draft().targets.clone(),
                alternatives: alternatives(question, Some(&plan.draft().steps)),
                outcome: Outcome::Plan(plan),
            }
        }
        None => Answer {
            targets: targets(question, &[]),
            alternatives: alternatives(question, None),
            outcome: Outcome::Infeasible(infeasible::explain(question)),
        },
    }
}

fn vetted(question: &Question<'_>, found: &Found) -> VettedPlan {
    let steps: Vec<StepIx> = in_order(question.estate, found.steps.clone());
    let price = price(question.estate, &steps, &question.hold);
    assert_eq!(
        price.total, found.price,
        "the search prices its set of steps as the contract does"
    );
    let draft = Draft {
        targets: targets(question, &steps),
        loss_curve: loss_curve(question.estate, &steps, &question.hold),
        exposure: price.total.clone(),
        proof: proof(found),
        price,
        steps,
    };
    match check(question, draft) {
        Ok(plan) => plan,
        Err(flaws) => {
            let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
            unreachable!(
                "the checker refuses the search's own plan: {}",
                flaws.join("; ")
            );
        }
    }
}

fn proof(found: &Found) -> Proof {
    let proven = found.lower_bound == found.price;
    let branches = match found.work {
        1 => "1 branch".to_owned(),
        work => format!("{work} branches"),
    };
    let root = &found.bound_at_root;
    let certificate = if proven {
        format!(
            "nothing cheaper exists: the search looked at {branches} and none is left; what every \
             path to a jewel must cost together shows {root} before any branching"
        )
    } else {
        format!(
            "the effort ran out after {branches}; no plan costs less than {}, and a cheaper one \
             than this may exist",
            found.lower_bound
        )
    };
    Proof {
        lower_bound: found.lower_bound.clone(),
        proven,
        certificate,
        work: found.work,
    }
}
