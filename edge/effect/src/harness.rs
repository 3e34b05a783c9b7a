//! The contract of connectors as checks that each of them must pass, against its own kind of target.
//!
//! Absent on purpose: any knowledge of a target; whoever checks a connector brings one that is in
//! its usual state.

use std::fmt::Debug;

use cordon_act::{Act, Answer, Effect, Reversal, Standing};
use cordon_model::Value;

use crate::{Connector, Job};

/// How often a state that is pending is read before it counts as stuck.
const READS_MAX: u32 = 50;

/// Walks an effect through doing and undoing, twice each, and says what breaks the contract.
/// `truth` tells the target's own state, which no connector can talk about falsely.
///
/// # Errors
/// The first thing that does.
pub fn check<T: PartialEq + Debug>(
    connector: &dyn Connector,
    effect: &Effect,
    truth: impl Fn() -> T,
) -> Result<(), String> {
    let call = |act, prior: &Value| connector.call(Job { effect, act, prior });
    let before = truth();
    let captured = call(Act::Capture, &Value::Null);
    let Answer::Captured {
        prior,
        already: false,
        ..
    } = captured.clone()
    else {
        return Err(format!("the state before is not captured: {captured:?}"));
    };
    stands(connector, effect, &prior, Standing::AsBefore, "captured")?;
    let again = call(Act::Capture, &Value::Null);
    if again != captured {
        return Err(format!("capturing twice differs: {captured:?}, {again:?}"));
    }
    let probed = call(Act::Probe, &prior);
    if truth() != before {
        return Err(format!("asking changed {before:?} to {:?}", truth()));
    }
    if probed == Answer::Effective {
        return Err("nothing is done, and the probe says that it holds".to_owned());
    }
    for what in ["done", "done twice"] {
        accepted(&call(Act::Do, &prior), what)?;
        stands(connector, effect, &prior, Standing::AsWanted, what)?;
        if truth() == before {
            return Err(format!("{what}, and the target is {before:?} as before"));
        }
    }
    let probed = call(Act::Probe, &prior);
    if !matches!(probed, Answer::Effective | Answer::CannotTell { .. }) {
        return Err(format!("it is done, and the probe says {probed:?}"));
    }
    if effect.reversal != Reversal::Undo {
        return Ok(());
    }
    for what in ["undone", "undone twice"] {
        accepted(&call(Act::Undo, &prior), what)?;
        stands(connector, effect, &prior, Standing::AsBefore, what)?;
        if truth() != before {
            return Err(format!("{what}, and {before:?} is now {:?}", truth()));
        }
    }
    Ok(())
}

/// A repeated call may be refused, as long as the state is the one wanted.
fn accepted(answer: &Answer, what: &str) -> Result<(), String> {
    let again = matches!(answer, Answer::Refused { .. }) && what.ends_with("twice");
    if again || *answer == Answer::Accepted {
        return Ok(());
    }
    Err(format!("{what}: {answer:?}"))
}

fn stands(
    connector: &dyn Connector,
    effect: &Effect,
    prior: &Value,
    wanted: Standing,
    what: &str,
) -> Result<(), String> {
    let act = Act::ReadBack;
    for _ in 0..READS_MAX {
        let answer = connector.call(Job { effect, act, prior });
        let mut found = None;
        if let Answer::Stands { standing, .. } = answer {
            found = Some(standing);
        }
        if found == Some(wanted) {
            return Ok(());
        }
        if found != Some(Standing::Pending) {
            return Err(format!("{what}, and reads back as {answer:?}"));
        }
    }
    Err(format!("{what}, and stays pending"))
}
