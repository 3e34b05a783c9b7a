//! Services as inventories speak of them, and what becomes of two that say different things of one.

use std::cmp::Ordering;

use cordon_model::{Hours, Money};
use serde_json::{Map, Value};

use super::inventory::Inventory;

impl Inventory {
    /// Adds what an inventory says of a service. Where two differ, the careful side is kept and told: more loss,
    /// sooner, and protected; of anything else the lower spelling.
    pub(super) fn say_service(&mut self, id: &str, said: Map<String, Value>) {
        let mut differ = Vec::new();
        let known = self.services.entry(id.to_owned()).or_default();
        for (key, value) in said {
            let Some(own) = known.get(&key).filter(|own| **own != value) else {
                known.insert(key, value);
                continue;
            };
            differ.push(format!("`{key}` of {id}: {own}, {value}"));
            let kept = careful(&key, own.clone(), value);
            known.insert(key, kept);
        }
        for example in differ {
            let what = "properties of services that two inventories give differently, of which the careful one was kept";
            self.note("service-differs", what, &example);
        }
    }
}

/// Of two things said of one key, the one that promises less: the higher loss, the shorter time until it begins or
/// is whole, and protected. What cannot be read is kept, so that whoever reads the estate is told.
fn careful(key: &str, one: Value, two: Value) -> Value {
    let promises = match key {
        "loss_per_hour" => dearer(&one, &two),
        "cover" | "ramp" => hours(&one).cmp(&hours(&two)),
        "protected" => (one == Value::Bool(false)).cmp(&(two == Value::Bool(false))),
        _ => Ordering::Equal,
    };
    match promises.then_with(|| one.to_string().cmp(&two.to_string())) {
        Ordering::Less | Ordering::Equal => one,
        Ordering::Greater => two,
    }
}

/// The higher loss first, and before it what is none.
fn dearer(one: &Value, two: &Value) -> Ordering {
    let [one, two] = [one, two].map(money);
    let unread = one.is_some().cmp(&two.is_some());
    unread.then_with(|| two.cmp(&one))
}

fn hours(value: &Value) -> Option<Hours> {
    Hours::parse(value.as_str()?).ok()
}

fn money(value: &Value) -> Option<Money> {
    match value {
        Value::Number(number) => Money::parse(&number.to_string()).ok(),
        Value::String(text) => Money::parse(text).ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::careful;

    #[test]
    fn the_careful_side_promises_less_whatever_the_spelling() {
        let cases = [
            ("cover", json!("10d"), json!("9h"), json!("9h")),
            ("cover", json!("30m"), json!("1h"), json!("30m")),
            ("ramp", json!("100m"), json!("2h"), json!("100m")),
            ("ramp", json!("90m"), json!("1.5h"), json!("1.5h")),
            ("cover", json!("soon"), json!("1h"), json!("soon")),
            ("loss_per_hour", json!(9), json!(10.5), json!(10.5)),
            (
                "loss_per_hour",
                json!("9007199254740993.25"),
                json!(9),
                json!("9007199254740993.25"),
            ),
            ("protected", json!(false), json!(true), json!(true)),
            ("care", json!("none"), json!("lifeline"), json!("lifeline")),
            ("name", json!("Till"), json!("Pay"), json!("Pay")),
        ];
        for (key, one, two, kept) in cases {
            assert_eq!(careful(key, one.clone(), two.clone()), kept, "{key}");
            assert_eq!(careful(key, two, one), kept, "{key}, the other way");
        }
    }

    fn said() -> impl Strategy<Value = Value> {
        let texts = ["1h", "60m", "10d", "9h", "5x", "", "9", "10"].map(|text| json!(text));
        let others = [
            json!(1),
            json!(1.0),
            json!(9),
            json!(-1),
            json!(true),
            json!(false),
            json!(null),
        ];
        proptest::sample::select([&texts[..], &others[..]].concat())
    }

    proptest! {
        #[test]
        fn what_is_kept_of_three_does_not_depend_on_their_order(
            key in proptest::sample::select(vec!["cover", "loss_per_hour", "protected", "care"]),
            [one, two, three] in [said(), said(), said()],
        ) {
            let of = |one: &Value, two: &Value, three: &Value| {
                careful(key, careful(key, one.clone(), two.clone()), three.clone())
            };
            let kept = of(&one, &two, &three);
            prop_assert_eq!(&kept, &of(&three, &one, &two));
            prop_assert_eq!(&kept, &of(&two, &three, &one));
            prop_assert_eq!(&kept, &of(&two, &one, &three));
        }
    }
}
