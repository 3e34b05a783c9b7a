//! An order for people: what is at stake, who must approve it, every target and every call.

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use cordon_act::{Effect, EffectIx, Lately, Limits, Need, Order, Policy, Stop, as_people, needs};
use cordon_effect::Registry;
use cordon_model::{Hours, Timestamp, Value};
use cordon_report::money;

use super::{
    amount::{counted, hours},
    plain,
};

/// The order, call by call, and what it needs under a policy now.
pub(crate) fn order(
    order: &Order,
    registry: &Registry,
    weighed: Option<(&Policy, Timestamp)>,
) -> String {
    let mut text = format!("plan   {}\norder  {}\n\n", order.plan, order.digest());
    text.push_str(&at_stake(order));
    let policy = weighed.map(|(policy, _)| policy);
    if let Some((policy, now)) = weighed {
        text.push_str(&needed(order, policy, now));
    }
    text.push_str(&limits(&order.limits));
    let irreversible: BTreeSet<EffectIx> = order.irreversible.iter().copied().collect();
    let mut stage = None;
    for (n, effect) in by_stage(&order.effects) {
        if stage != Some(effect.stage) {
            stage = Some(effect.stage);
            let _never_fails = writeln!(text, "\nstage {}", effect.stage + 1);
        }
        let lasting = if irreversible.contains(&EffectIx(n)) {
            ", CANNOT BE TAKEN BACK"
        } else {
            ""
        };
        text.push_str(&one(effect, lasting));
        if let Some(never) = policy.and_then(|policy| policy.forbids(effect)) {
            let _never_fails = writeln!(text, "    FORBIDDEN by the policy: {}", never.why);
        }
        let lines = registry.get(&effect.connector).map(|c| c.preview(effect));
        for line in lines.unwrap_or_default() {
            let _never_fails = writeln!(text, "    {line}");
        }
    }
    text.push_str(&guarded(order));
    let lines: Vec<String> = text.lines().map(plain).collect();
    lines.join("\n") + "\n"
}

/// Effects with their numbers, stage by stage as they are carried out; a plan may name its steps in another order.
fn by_stage(effects: &[Effect]) -> Vec<(u32, &Effect)> {
    let mut numbered: Vec<(u32, &Effect)> = (0..).zip(effects).collect();
    numbered.sort_by_key(|(_, effect)| effect.stage);
    numbered
}

/// What the order is for, what it costs and what it stops.
fn at_stake(order: &Order) -> String {
    let stake = &order.stake;
    let mut text = String::new();
    if !stake.footholds.is_empty() {
        let held = stake.footholds.join("`, `");
        let _never_fails = writeln!(text, "held by the intruder, as the plan says: `{held}`");
    }
    if !stake.on_one_word.is_empty() {
        let held = stake.on_one_word.join("`, `");
        let _never_fails = writeln!(
            text,
            "ONE SOURCE ALONE says what this is for: that `{held}` is held. Nothing of it is approved in advance."
        );
    }
    let _never_fails = writeln!(
        text,
        "planned to stay for {} and to cost {} by then; nothing takes it back by itself after that",
        hours(&stake.hold_hours),
        money(&stake.price, &stake.currency),
    );
    for stop in &stake.stops {
        let _never_fails = writeln!(
            text,
            "{} stops `{}` {} after the cut{}",
            if stop.after_hours < stake.hold_hours {
                "IT"
            } else {
                "if it stays, it"
            },
            stop.service,
            hours(&stop.after_hours),
            if stop.protected {
                ", WHICH IS PROTECTED: take it back or plan anew before"
            } else {
                ""
            },
        );
    }
    text
}

/// By when a cut must be taken back for a protected service not to stop; none if none does.
pub(crate) fn stays(order: &Order, from: Timestamp) -> Option<String> {
    let protected = |stop: &&Stop| stop.protected;
    let first = order.stake.stops.iter().find(protected)?;
    Some(format!(
        "if the cut stays, the protected service `{}` stops at about {:.0}: take it back or plan anew before",
        first.service,
        after(from, &first.after_hours),
    ))
}

fn after(from: Timestamp, length: &Hours) -> Timestamp {
    let seconds = length.to_f64() * 3600.0;
    let length = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    from.saturating_add(length).unwrap_or(Timestamp::MAX)
}

/// Who must approve it, kind by kind, and by which rule.
fn needed(order: &Order, policy: &Policy, now: Timestamp) -> String {
    let needs = needs(order, policy, now, &Lately::default());
    needs.iter().map(need).collect()
}

fn need(need: &Need<'_>) -> String {
    let targets = counted(need.targets, "target");
    let Some((number, rule)) = need.rule else {
        return format!(
            "`{}` on {targets}: REFUSED, no rule of the policy allows it\n",
            need.kind
        );
    };
    let roles = if rule.roles.is_empty() {
        String::new()
    } else {
        format!(" as {}", rule.roles.join(" or "))
    };
    let why = if need.why.is_empty() {
        String::new()
    } else {
        format!(", because {}", need.why)
    };
    format!(
        "`{}` on {targets}: approved by {}{roles} (rule {number}{why})\n",
        need.kind,
        as_people(need.people),
    )
}

fn limits(limits: &Limits) -> String {
    let kinds = limits.per_minute.iter();
    let mut each: Vec<String> = kinds
        .map(|(kind, most)| format!("{most} `{kind}`"))
        .collect();
    each.push(format!("{} of any other kind", limits.per_minute_other));
    format!(
        "at most a minute: {}; {} under way at once\n",
        each.join(", "),
        counted(
            usize::try_from(limits.in_flight_max).unwrap_or(usize::MAX),
            "call"
        )
    )
}

/// A target, with everything that the estate says of it.
fn one(effect: &Effect, lasting: &str) -> String {
    let (step, target, by) = (&effect.step, &effect.target, &effect.connector);
    let mut text = format!("  {step} on `{target}` by {by}{lasting}\n");
    if effect.parameters != Value::Null {
        let _never_fails = writeln!(text, "    with {}", effect.parameters);
    }
    text
}

fn guarded(order: &Order) -> String {
    if order.guarded.is_empty() {
        let none = "No protected service can be looked at: nothing would be taken back by itself.";
        return format!("\n{none}\n");
    }
    let look = |guarded: &cordon_act::Guarded| {
        let (service, by, at) = (&guarded.service, &guarded.by, &guarded.at);
        format!("\nlook at `{service}` by {by} {at}\n")
    };
    order.guarded.iter().map(look).collect()
}

#[cfg(test)]
mod tests {
    use cordon_act::{Ability, Effect, Patience, Reversal};
    use cordon_model::StepKind;

    use super::by_stage;

    #[test]
    fn each_stage_is_shown_once_and_effects_keep_their_numbers() {
        let effect = |stage| {
            let ability = Ability {
                action: "cut".to_owned(),
                reversal: Reversal::Undo,
                patience: Patience::default(),
            };
            let kind = StepKind::new("disable-account");
            Effect {
                stage,
                ..Effect::alone(kind, "someone", ability)
            }
        };
        let shown: Vec<(u32, u32)> = by_stage(&[0, 3, 0, 2].map(effect))
            .into_iter()
            .map(|(n, effect)| (n, effect.stage))
            .collect();
        assert_eq!(shown, [(0, 0), (2, 0), (3, 2), (1, 3)]);
    }
}
