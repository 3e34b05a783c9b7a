//! What happens and what is to be decided, in two sentences and a few figures.

use cordon_model::{Hours, Minutes, Money, StepIx};
use cordon_plan::{AlternativeKind, Draft, Infeasible, Outlook, Target, TargetStatus};
use maud::{Markup, html};

use super::page::{Page, apart, listed, minute};
use crate::{amount, held_count};

mod quiet;

/// Most names in one sentence.
const NAMES_MAX: usize = 2;

/// Most held entities named.
const HELD_MAX: usize = 3;

/// What the page has to say first.
struct Words {
    /// What happens.
    happens: String,
    /// What can be done about it.
    can_be_done: String,
    /// The decision asked for, if one is.
    decision: Option<String>,
}

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let words = match (page.draft(), page.infeasible()) {
        (Some(draft), _) if draft.steps.is_empty() => quiet::words(page),
        (Some(draft), _) => cut(page, draft),
        (None, Some(why)) => no_plan(page, why),
        (None, None) => quiet::words(page),
    };
    html! {
        section.headline id="headline" {
            h1 { (words.happens) }
            p.lede { (words.can_be_done) }
            @if let Some(decision) = &words.decision {
                p.ask { b { "Decision asked for. " } (decision) }
            }
            @if let Some(draft) = page.draft() { (figures(page, draft)) }
        }
    }
}

/// Those in the estate who are likely held, by name, the surest first.
fn held(page: &Page<'_>) -> String {
    let mut footholds: Vec<_> = page.case.question.footholds.iter().collect();
    footholds.sort_by_key(|foothold| std::cmp::Reverse(foothold.confidence));
    let names: Vec<String> = footholds.iter().map(|f| page.node(f.node)).collect();
    apart(&names, HELD_MAX)
}

/// Everybody who is likely held, by name, those whom the estate does not know apart.
fn everybody_held(page: &Page<'_>) -> String {
    let inside = held(page);
    let outside = page.outside(HELD_MAX);
    match (inside.is_empty(), outside) {
        (true, None) => String::new(),
        (true, Some(outside)) => format!("Held outside the estate: {outside}."),
        (false, None) => format!("Held: {inside}."),
        (false, Some(outside)) => format!(
            "Held: {inside}. Held outside the estate, where no step of this plan reaches: {outside}."
        ),
    }
}

fn targets<'a>(page: &Page<'a>, status: TargetStatus) -> Vec<&'a Target> {
    let all = page.case.answer.map_or(&[][..], |answer| &answer.targets);
    all.iter().filter(|t| t.status == status).collect()
}

/// The jewel that falls first, and when if that is known.
fn first_to_fall<'t>(targets: &[&'t Target]) -> Option<&'t Target> {
    targets.iter().copied().min_by(|a, b| {
        let key = |t: &Target| (t.minutes_before.is_none(), t.minutes_before.clone());
        key(a).cmp(&key(b)).then(b.loss.cmp(&a.loss))
    })
}

/// The threat in a line that fits a telephone.
fn threat(page: &Page<'_>, at_stake: &[&Target]) -> String {
    let held = counted(page);
    let Some(first) = first_to_fall(at_stake) else {
        return format!("An intruder likely holds {held}.");
    };
    let worth: Money = at_stake.iter().map(|target| &target.loss).sum();
    let worth = page.brief(&worth);
    let soon = match (&first.minutes_before, at_stake) {
        (Some(minutes), [_]) => format!(" in {}", amount::minutes(minutes)),
        (Some(minutes), _) => format!(", the first in {}", amount::minutes(minutes)),
        (None, _) => ", how soon is not known".to_owned(),
    };
    format!("An intruder likely holds {held}. {worth} can be reached{soon}.")
}

/// How many of what are held, in the estate and outside it.
fn counted(page: &Page<'_>) -> String {
    let question = page.case.question;
    held_count(
        page.case.estate,
        &question.footholds,
        &question.outside_estate,
    )
}

/// Who is held and what falls first, by name, and what times are counted from.
fn by_name(page: &Page<'_>, at_stake: &[&Target]) -> String {
    let held = everybody_held(page);
    let Some(first) = first_to_fall(at_stake) else {
        return held;
    };
    let within = amount::plural(at_stake.len(), "jewel", "jewels");
    let sources = page.case.reading.sources.iter();
    let last = page.incidents.iter().filter_map(|incident| incident.last);
    let last = last.max().or_else(|| sources.filter_map(|s| s.last).max());
    let counted = last.map_or_else(String::new, |last| {
        let last = minute(Some(last));
        format!(" Times are counted from the last record, {last} UTC.")
    });
    let first = page.node(first.node);
    let soonest = if at_stake.len() == 1 { "" } else { ", first" };
    format!("{held} Within reach: {within}{soonest} {first}.{counted}")
}

fn cut(page: &Page<'_>, draft: &Draft) -> Words {
    let at_stake = targets(page, TargetStatus::CutOff);
    let steps = amount::plural(draft.steps.len(), "step", "steps");
    let takes = match duration(page, &draft.steps) {
        (Some(minutes), true) => {
            format!(", about {} one after another,", amount::minutes(&minutes))
        }
        (Some(_), false) | (None, _) => String::new(),
    };
    let hold = amount::hours(&page.case.question.hold);
    let protected = page.case.estate.services().iter().any(|s| s.protected);
    let trading = if protected {
        " and leaves every protected service trading"
    } else {
        ""
    };
    let price = page.money(&draft.price.total);
    let verb = if draft.steps.len() == 1 {
        "leaves"
    } else {
        "leave"
    };
    Words {
        happens: threat(page, &at_stake),
        can_be_done: format!(
            "{} {steps}{takes} {verb} no further way in to {}.{} Over {hold} that costs \
             {price}{trading}.{}",
            by_name(page, &at_stake),
            any(at_stake.len()),
            faster(page, at_stake.len()),
            lost(page)
        ),
        decision: Some(format!(
            "Carry out the {steps} below now, and hold the cut for {hold}.{}",
            safer(page)
        )),
    }
}

/// For how many jewels the cut may come too late.
fn faster(page: &Page<'_>, jewels: usize) -> String {
    match page.race.late.len() {
        0 => String::new(),
        late => format!(
            " For {} of {} the intruder may be faster.",
            amount::count(late),
            amount::count(jewels)
        ),
    }
}

/// For how much more less may be lost before the cut is in force, if some plan is known for that.
fn safer(page: &Page<'_>) -> String {
    let outlook = page.case.answer.and_then(|answer| answer.outlook.as_ref());
    let Some(safer) = outlook.and_then(Outlook::safer) else {
        return String::new();
    };
    let lost = if safer.may_be_lost.is_zero() {
        "nothing".to_owned()
    } else {
        format!("{} only", page.money(safer.may_be_lost))
    };
    format!(
        " Or, for {} more, the {} of another plan, with which {lost} may be lost before the cut is in force.",
        page.money(&safer.dearer_by),
        amount::plural(safer.steps, "step", "steps")
    )
}

/// What no cut can keep from the intruder any more.
fn lost(page: &Page<'_>) -> String {
    let already = targets(page, TargetStatus::AlreadyHeld);
    let names: Vec<String> = already
        .iter()
        .map(|target| page.node(target.node))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        " No cut helps what is already held: {}.",
        listed(&names, NAMES_MAX)
    )
}

fn any(jewels: usize) -> String {
    match jewels {
        1 => "it".to_owned(),
        2 => "either".to_owned(),
        n => format!("any of the {}", amount::count(n)),
    }
}

fn no_plan(page: &Page<'_>, why: &Infeasible) -> Words {
    let at_stake = targets(page, TargetStatus::Reachable);
    if why.not_found_in.is_some() {
        return Words {
            happens: threat(page, &at_stake),
            can_be_done: format!(
                "{} No admissible plan was found before the search ended; whether one exists is open.{}",
                by_name(page, &at_stake),
                lost(page)
            ),
            decision: Some("Choose by hand among the answers below.".to_owned()),
        };
    }
    let names: Vec<String> = why.reasons.iter().map(|r| page.node(r.target)).collect();
    let mut once: Vec<String> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    Words {
        happens: threat(page, &at_stake),
        can_be_done: format!(
            "{} No admissible plan exists: {} cannot be cut off with the steps there are while every \
             protected service trades on.{}",
            by_name(page, &at_stake),
            listed(&once, NAMES_MAX),
            lost(page)
        ),
        decision: Some(if why.relaxations.is_empty() {
            "Say what may be given up: nothing that Cordon may give up by itself helps.".to_owned()
        } else {
            "Choose one of the ways out below.".to_owned()
        }),
    }
}

/// How long the steps take one after another, and whether that is known of every one.
pub(crate) fn duration(page: &Page<'_>, steps: &[StepIx]) -> (Option<Minutes>, bool) {
    let minutes = steps.iter().map(|ix| &page.case.estate.step(*ix).minutes);
    let known: Vec<&Minutes> = minutes.flatten().collect();
    let all = known.len() == steps.len();
    ((!known.is_empty()).then(|| known.into_iter().sum()), all)
}

/// The few numbers that the decision turns on.
fn figures(page: &Page<'_>, draft: &Draft) -> Markup {
    if draft.steps.is_empty() {
        return html! {};
    }
    let hold: &Hours = &page.case.question.hold;
    let nothing = page.case.answer.and_then(|answer| {
        let mut all = answer.alternatives.iter();
        all.find(|a| a.kind == AlternativeKind::DoNothing)
    });
    let exposure: Option<&Money> = nothing.and_then(|a| a.exposure.as_ref());
    let takes = duration(page, &draft.steps);
    html! {
        dl.figures {
            div { dt { "This cut, over " (amount::hours(hold)) } dd.accent { (page.brief(&draft.price.total)) } }
            @if let Some(exposure) = exposure {
                div { dt { "At stake if nothing is done" } dd { (page.brief(exposure)) } }
            }
            div {
                dt { "Steps" }
                dd { (draft.steps.len()) @if let (Some(minutes), known) = takes {
                    small { " " @if !known { "at least " } (amount::minutes(&minutes)) }
                } }
            }
            @if !draft.price.lifeline.is_zero() {
                div { dt { "Lifeline hours lost" } dd { (draft.price.lifeline.rounded()) } }
            }
        }
    }
}
