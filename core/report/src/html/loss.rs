//! What each answer costs as time goes by, drawn and as a table.

use cordon_model::{Hours, Money};
use cordon_plan::{Alternative, AlternativeKind, LossPoint, Target, TargetStatus};
use maud::{Markup, html};

use super::{
    answers::title,
    curves::{Curve, Mark, drawn},
    page::{Page, section as framed},
};
use crate::amount;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let Some(answer) = page.case.answer else {
        return html! {};
    };
    let told: Vec<&Alternative> = answer
        .alternatives
        .iter()
        .filter(|a| !a.loss_curve.is_empty())
        .collect();
    if told.is_empty() {
        return html! {};
    }
    let body = html! {
        @if let Some(worse) = worse(page) { p { (worse) } }
        figure.curves {
            (drawn(page, &curves(&told, &answer.targets), &page.case.question.hold))
            figcaption.soft {
                "What is lost by each time, each line up ten times the one below; the hold is marked. "
                "The broken line is what the intruder can have taken by then if nothing is done: "
                "each jewel at its full loss from when it can be reached, at once where that is not known."
            }
        }
        (table(page, &told))
    };
    framed("loss", "What it costs as time goes by", &body)
}

/// The lines to draw: each answer's own cost, and what doing nothing lets the intruder take.
fn curves(told: &[&Alternative], targets: &[Target]) -> Vec<Curve> {
    let own = told.iter().filter(|a| a.kind != AlternativeKind::DoNothing);
    let mut curves: Vec<Curve> = own
        .map(|alternative| Curve {
            title: title(alternative.kind),
            mark: match alternative.kind {
                AlternativeKind::CheapestCut => Mark::Chosen,
                AlternativeKind::DoNothing
                | AlternativeKind::ContainHeld
                | AlternativeKind::PullEveryPlug => Mark::Other,
            },
            points: alternative.loss_curve.iter().map(point).collect(),
        })
        .collect();
    curves.push(Curve {
        title: title(AlternativeKind::DoNothing),
        mark: Mark::Risk,
        points: taken(targets),
    });
    curves
}

fn point(point: &LossPoint) -> (f64, f64) {
    (point.after.to_f64(), point.loss.to_f64())
}

/// What the intruder can have taken by each time if nothing is done, as a staircase.
fn taken(targets: &[Target]) -> Vec<(f64, f64)> {
    let mut falls: Vec<(f64, f64)> = targets
        .iter()
        .filter(|target| is_at_stake(target))
        .map(|target| {
            let minutes = target.minutes_before.as_ref();
            let hours = minutes.map_or(0.0, |minutes| minutes.to_f64() / 60.0);
            (hours, target.loss.to_f64())
        })
        .collect();
    falls.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sum = 0.0;
    let mut stairs = vec![(0.0, 0.0)];
    for (hours, loss) in falls {
        stairs.push((hours, sum));
        sum += loss;
        stairs.push((hours, sum));
    }
    stairs.push((f64::INFINITY, sum));
    stairs
}

fn is_at_stake(target: &Target) -> bool {
    match target.status {
        TargetStatus::CutOff | TargetStatus::Reachable => true,
        TargetStatus::AlreadyHeld | TargetStatus::NeverReachable => false,
    }
}

/// When the cut has cost more than what it protects: the decision has to be looked at again then.
fn worse(page: &Page<'_>) -> Option<String> {
    let draft = page.draft().filter(|draft| !draft.steps.is_empty())?;
    let cut_off = draft.targets.iter();
    let saved: Money = cut_off
        .filter(|target| target.status == TargetStatus::CutOff)
        .map(|target| &target.loss)
        .sum();
    let mut points: Vec<&LossPoint> = draft.loss_curve.iter().collect();
    points.sort_by(|a, b| a.after.cmp(&b.after));
    let last = points.last()?;
    let saved_words = page.money(&saved);
    let Some(at) = points.iter().position(|point| point.loss > saved) else {
        return Some(format!(
            "For the {} looked at, the cut costs less than the {saved_words} it protects.",
            amount::hours(&last.after)
        ));
    };
    let after = points.get(at).map(|point| amount::hours(&point.after))?;
    let before = at.checked_sub(1).and_then(|at| points.get(at));
    Some(match before {
        Some(before) => format!(
            "Between {} and {after} the cut comes to cost more than the {saved_words} it protects: \
             decide again before then.",
            amount::hours(&before.after)
        ),
        None => format!("From the start the cut costs more than the {saved_words} it protects."),
    })
}

fn table(page: &Page<'_>, told: &[&Alternative]) -> Markup {
    let hold = &page.case.question.hold;
    let times = told.first().map_or(&[][..], |first| &first.loss_curve);
    let mut times: Vec<&Hours> = times.iter().map(|point| &point.after).collect();
    times.sort();
    times.dedup();
    html! {
        div.scroll {
            table.loss {
                thead {
                    tr {
                        th scope="col" { "After" }
                        @for alternative in told {
                            th.num.chosen[alternative.kind == AlternativeKind::CheapestCut] scope="col" { (title(alternative.kind)) }
                        }
                    }
                }
                tbody {
                    @for time in times {
                        tr.hold[time == hold] {
                            th scope="row" {
                                @if time.is_zero() { "now" } @else { (amount::hours(time)) }
                                @if time == hold { span.soft { " hold" } }
                            }
                            @for alternative in told {
                                td.num.chosen[alternative.kind == AlternativeKind::CheapestCut] { (cell(page, alternative, time)) }
                            }
                        }
                    }
                }
            }
        }
        p.soft { "The cost of the answer itself: steps and services. What the intruder takes is not in it." }
    }
}

fn cell(page: &Page<'_>, alternative: &Alternative, time: &Hours) -> String {
    let mut points = alternative.loss_curve.iter();
    let found = points.find(|point| point.after == *time);
    found.map_or_else(String::new, |point| page.brief(&point.loss))
}
