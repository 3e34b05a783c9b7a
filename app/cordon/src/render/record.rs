//! Records of a run for people: one line each, as it happens.

use cordon_act::{EffectIx, Evidence, Given, Health, Record, State, Tally};

/// A record in a line; none if it would tell a person nothing new.
#[expect(clippy::too_many_lines, reason = "one line for each kind of record")]
pub(crate) fn record(record: &Record, state: &State) -> Option<String> {
    let of = |ix: &EffectIx| match state.effect(*ix) {
        Some(effect) => format!("{} `{}`", effect.kind, effect.target),
        None => format!("effect {}", ix.0),
    };
    Some(match record {
        Record::Opened(opened) => format!(
            "run {} opened: {} targets",
            opened.run,
            opened.effects.len()
        ),
        Record::Resumed {
            generation,
            torn_bytes: 0,
        } => format!("taken over by executor {generation}"),
        Record::Resumed {
            generation,
            torn_bytes,
        } => {
            format!(
                "taken over by executor {generation}; {torn_bytes} bytes at the end of the journal that are no record to go by were put aside"
            )
        }
        Record::Captured {
            effect,
            already: true,
            ..
        } => format!("already so: {}", of(effect)),
        Record::Captured {
            effect, evidence, ..
        } => return kept(evidence).map(|kept| format!("{kept}: {}", of(effect))),
        Record::Doing { effect } => match state.effect(*effect) {
            Some(e) if e.connector == cordon_act::MANUAL => {
                format!(
                    "for a person to do: {}; then `cordon run confirm RUN '{}' --by NAME`",
                    of(effect),
                    e.target
                )
            }
            Some(_) | None => format!("doing: {}", of(effect)),
        },
        Record::Reverted { .. }
        | Record::DoAnswered {
            given: Given::Accepted,
            ..
        }
        | Record::UndoAnswered {
            given: Given::Accepted,
            ..
        } => return None,
        Record::DoAnswered { effect, given } => {
            format!("not yet done: {}: {}", of(effect), given.why())
        }
        Record::UndoAnswered { effect, given } => {
            format!("not yet undone: {}: {}", of(effect), given.why())
        }
        Record::Confirmed { effect, .. } => format!("read back as wanted: {}", of(effect)),
        Record::Effective {
            effect,
            untried: None,
        } => format!("tried and effective: {}", of(effect)),
        Record::Effective {
            effect,
            untried: Some(why),
        } => {
            format!("in place, not tried: {}: {why}", of(effect))
        }
        Record::Unproven { effect, why } => {
            format!("IN PLACE BUT WITHOUT EFFECT: {}: {why}", of(effect))
        }
        Record::Drifted { effect, .. } => format!("REVERTED BY SOMEBODY ELSE: {}", of(effect)),
        Record::GivenUp { effect, why } => format!("GIVEN UP: {}: {why}", of(effect)),
        Record::Recalling { why, .. } => format!("taking back: {why}"),
        Record::Undoing { effect, .. } => match state.effect(*effect) {
            Some(e) if e.connector == cordon_act::MANUAL => {
                format!(
                    "for a person to take back: {}; then `cordon run confirm RUN '{}' --by NAME --undone`",
                    of(effect),
                    e.target
                )
            }
            Some(_) | None => format!("undoing: {}", of(effect)),
        },
        Record::Undone { effect } => format!("undone: {}", of(effect)),
        Record::Skipped { effect } => format!("never begun: {}", of(effect)),
        Record::ForwardOnly { effect } => format!("only goes forward, stays: {}", of(effect)),
        Record::Stuck { effect, why } => format!("CANNOT BE TAKEN BACK: {}: {why}", of(effect)),
        Record::Held { why } => format!("HELD: {why}"),
        Record::Released { why } => format!("released: {why}"),
        Record::Health { service, health } => match health {
            Health::Well => format!("service `{service}` is well"),
            Health::Ill(why) => format!("service `{service}` was ill from the start: {why}"),
            Health::Unknown(why) => format!("service `{service}` cannot be seen: {why}"),
        },
        Record::Worse { recalls, why, .. } => {
            format!("HELD, and {} targets are taken back: {why}", recalls.len())
        }
        Record::Refused { why, .. } => format!("REFUSED: {}", why.join("; ")),
        Record::Closed => "everything is taken back".to_owned(),
    })
}

/// What was kept before the cut and what was not, if there is any.
fn kept(evidence: &Evidence) -> Option<String> {
    let names = |facts: Vec<&String>| {
        let facts: Vec<&str> = facts.into_iter().map(String::as_str).collect();
        facts.join(", ")
    };
    let taken = names(evidence.taken.keys().collect());
    let skipped = names(evidence.skipped.keys().collect());
    match (taken.as_str(), skipped.as_str()) {
        ("", "") => None,
        (taken, "") => Some(format!("kept before the cut: {taken}")),
        ("", skipped) => Some(format!("not kept before the cut: {skipped}")),
        (taken, skipped) => Some(format!("kept before the cut: {taken}; not kept: {skipped}")),
    }
}

/// How many effects stand where, in a line.
pub(crate) fn tally(tally: &Tally) -> String {
    let each = tally
        .0
        .iter()
        .map(|(phase, count)| format!("{count} {}", phase.words()));
    each.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use cordon_act::{
        Ability, Digest, Effect, EffectIx, Limits, MANUAL, Opened, Patience, Record, Reversal,
        State,
    };
    use cordon_model::StepKind;

    use super::record;

    #[test]
    fn a_person_is_told_what_to_take_back_and_how_to_say_so() {
        let ability = Ability {
            action: "by-hand".to_owned(),
            reversal: Reversal::Undo,
            patience: Patience::default(),
        };
        let effect = Effect {
            connector: MANUAL.to_owned(),
            ..Effect::alone(StepKind::new("isolate-zone"), "stores", ability)
        };
        let opened = Opened {
            run: "run".to_owned(),
            estate: "One".to_owned(),
            plan: Digest::NONE,
            order: Digest::NONE,
            plan_generation: 0,
            approvals: Vec::new(),
            effects: vec![effect],
            guarded: Vec::new(),
            limits: Limits::default(),
            connectors: Vec::new(),
            executor: None,
            begin_by: None,
        };
        let state = State::new(opened).unwrap();
        let (effect, overwrites) = (EffectIx(0), None);
        let told = record(&Record::Undoing { effect, overwrites }, &state).unwrap();
        for part in [
            "isolate-zone `stores`",
            "run confirm RUN 'stores'",
            "--undone",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}
