//! From a question to an answer that the checker has passed.

use cordon_model::Money;

use crate::{
    Answer, Draft, Infeasible, Outcome, Proof, Question, VettedPlan,
    alternative::alternatives,
    check,
    infeasible::{self, Demands},
    loss_curve,
    order::in_order,
    price,
    solve::{self, Found, NoSet, Settled, Ties},
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
        Ok(mut found) => {
            if found.flow.is_none() {
                found.flow = solve::proof(&Demands::of(question).task(question));
            }
            let plan = vetted(question, &found);
            Answer {
                targets: plan.draft().targets.clone(),
                alternatives: alternatives(question, Some(&plan.draft().steps)),
                outcome: Outcome::Plan(plan),
                outlook: None,
            }
        }
        Err(missing) => Answer {
            targets: targets(question, &[]),
            alternatives: alternatives(question, None),
            outcome: Outcome::Infeasible(match missing {
                NoSet::Impossible => infeasible::explain(question),
                // Each reason and each way out would take as long again.
                NoSet::NotFound(work) => Infeasible {
                    not_found_in: Some(work),
                    reasons: Vec::new(),
                    relaxations: Vec::new(),
                },
            }),
            outlook: None,
        },
    }
}

fn vetted(question: &Question<'_>, found: &Found) -> VettedPlan {
    let steps = in_order(question, found.steps.clone());
    let price = price(question.estate, &steps, &question.hold);
    assert_eq!(
        price.total, found.price,
        "the search prices its set of steps as the contract does"
    );
    let draft = Draft {
        targets: targets(question, &steps),
        loss_curve: loss_curve(question.estate, &steps, &question.hold),
        exposure: price.total.clone(),
        proof: proof(question, found),
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

fn proof(question: &Question<'_>, found: &Found) -> Proof {
    Proof {
        lower_bound: found.lower_bound.clone(),
        proven: found.lower_bound == found.price,
        certificate: certificate(found, question.estate.currency()),
        flow: found.flow.clone(),
        work: found.work,
    }
}

fn certificate(found: &Found, currency: &str) -> String {
    let is_proven = found.lower_bound >= found.price;
    let money = |money: &Money| format!("{money} {currency}").trim_end().to_owned();
    let (price, root) = (money(&found.price), money(&found.bound_at_root));
    let bound = money(&found.lower_bound);
    let work = match found.work {
        1 => "1 unit of work".to_owned(),
        work => format!("{work} units of work"),
    };
    let paths = "weighing the paths to the jewels against the steps that cut them";
    if !is_proven {
        return format!(
            "no plan costs less than {bound}; whether one costs less than {price} is open, as the \
             effort ran out after {work}; {paths} shows {root} before any branching"
        );
    }
    let proof = if found.price.is_zero() {
        "no plan costs less than nothing".to_owned()
    } else if found.bound_at_root == found.price {
        format!("no plan costs less than {price}: {paths} shows it, before any branching")
    } else {
        format!(
            "no plan costs less than {price}: {paths} shows {root} before any branching, and after \
             {work} no branch is left that could cost less"
        )
    };
    let ties = match found.settled {
        Settled::Ids => "",
        Settled::Number => {
            "; the effort ran out before plans as cheap and as short were told apart"
        }
        Settled::Price => "; plans as cheap were not told apart",
    };
    format!("{proof}{ties}")
}
