//! An order for people: every target and every call.

use std::fmt::Write as _;

use cordon_act::{Order, Policy};
use cordon_effect::Registry;

use super::plain;

/// The order, call by call.
pub(crate) fn order(order: &Order, registry: &Registry, policy: Option<&Policy>) -> String {
    let mut text = String::new();
    let _never_fails = writeln!(text, "plan   {}\norder  {}", order.plan, order.digest());
    let mut stage = None;
    for (n, effect) in (0..).zip(&order.effects) {
        if stage != Some(effect.stage) {
            stage = Some(effect.stage);
            let _never_fails = writeln!(text, "\nstage {}", effect.stage + 1);
        }
        let lasting = order.irreversible.iter().any(|ix| ix.0 == n);
        let _never_fails = writeln!(
            text,
            "  {} on `{}` by {}{}",
            effect.step,
            effect.target,
            effect.connector,
            if lasting {
                ", CANNOT BE TAKEN BACK"
            } else {
                ""
            }
        );
        if let Some(never) = policy.and_then(|policy| policy.forbids(effect)) {
            let _never_fails = writeln!(text, "    FORBIDDEN by the policy: {}", never.why);
        }
        let lines = registry.get(&effect.connector).map(|c| c.preview(effect));
        for line in lines.unwrap_or_default() {
            let _never_fails = writeln!(text, "    {line}");
        }
    }
    if !order.stake.on_one_word.is_empty() {
        let held = order.stake.on_one_word.join("`, `");
        let _never_fails = writeln!(
            text,
            "\nONE SOURCE ALONE says what this is for: that `{held}` is held. Nothing of it is approved in advance."
        );
    }
    if order.guarded.is_empty() {
        text.push_str(
            "\nNo protected service can be looked at: nothing would be taken back by itself.\n",
        );
    }
    for guarded in &order.guarded {
        let _never_fails = writeln!(
            text,
            "\nlook at `{}` by {} {}",
            guarded.service, guarded.by, guarded.at
        );
    }
    let lines: Vec<String> = text.lines().map(plain).collect();
    lines.join("\n") + "\n"
}
