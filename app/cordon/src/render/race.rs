//! What may be lost before the cut is in force, beside the steps that come too late for it.

use std::cmp::Reverse;

use cordon_model::Money;
use cordon_plan::{Outlook, TooLate};

use super::{
    Column,
    amount::{counted, minutes},
    plan::{Page, few, line},
    prose::path_within,
    table,
};

/// Most jewels told one by one, the dearest; the document has all.
const JEWELS_MAX: usize = 10;

impl Page<'_> {
    /// Whether the steps come in time, in a sentence.
    pub(super) fn in_time(&self) -> String {
        let late = self.dearest_first();
        let takes = match self.race.in_force.last() {
            Some(Some(minutes)) => {
                format!(
                    "Begun now, the cut is in force after {} min",
                    minutes.rounded()
                )
            }
            Some(None) | None => "How long the cut takes is not known".to_owned(),
        };
        if late.is_empty() {
            return format!("{takes}; no jewel can be taken before.");
        }
        let loss: Money = late.iter().map(|late| &late.loss).sum();
        let names: Vec<String> = late.iter().map(|late| self.node(late.jewel)).collect();
        format!(
            "{takes}; {} worth {} may be lost before: {}.{}",
            counted(late.len(), "jewel"),
            self.money(&loss),
            few(&names),
            self.less_lost()
        )
    }

    /// For how much more less may be lost, in a sentence behind a blank; nothing if for no price that was found.
    fn less_lost(&self) -> String {
        let outlook = self.decision.answer.outlook.as_ref();
        let Some(safer) = outlook.and_then(Outlook::safer) else {
            return String::new();
        };
        let lost = if safer.may_be_lost.is_zero() {
            "nothing may be lost".to_owned()
        } else {
            format!("{} may be lost", self.money(safer.may_be_lost))
        };
        format!(
            " For {} more {lost} before: {}, among the other plans below.",
            self.money(&safer.dearer_by),
            counted(safer.steps, "step"),
        )
    }

    /// Jewels that may be lost before they are cut off, with how soon and until when; nothing if there are none.
    pub(super) fn may_be_lost(&self) -> String {
        let late = self.dearest_first();
        if late.is_empty() {
            return String::new();
        }
        let mut text = self.heading("What may be lost before it is cut off");
        let columns = [
            Column::Whole("jewel"),
            Column::Number("loss"),
            Column::Number("soonest"),
            Column::Number("cut after"),
            Column::Number("by step"),
            Column::Text("way open longest"),
        ];
        let rows = late.iter().take(JEWELS_MAX).map(|late| {
            let way: Vec<String> = late.way.iter().map(|node| self.node(*node)).collect();
            [
                self.node(late.jewel),
                self.money(&late.loss),
                minutes(late.soonest.as_ref()),
                minutes(self.race.in_force(late.step)),
                late.step.to_string(),
                path_within(&way, self.look.width / 2),
            ]
        });
        text.push_str(&table(&columns, rows, self.look));
        let more = late.len().saturating_sub(JEWELS_MAX);
        if more > 0 {
            text.push_str(&line(format_args!("{more} more in the plan's document")));
        }
        text
    }

    fn dearest_first(&self) -> Vec<&TooLate> {
        let mut late: Vec<&TooLate> = self.race.late.iter().collect();
        late.sort_by_key(|late| Reverse(&late.loss));
        late
    }
}
