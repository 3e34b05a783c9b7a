//! Services as inventories speak of them, and what becomes of two that say different things of one.

use serde_json::{Map, Value};

use super::inventory::Inventory;

impl Inventory {
    /// Adds what an inventory says of a service. Where two differ, the careful side is kept and told: more loss,
    /// and protected; of anything else the lower spelling.
    pub(super) fn say_service(&mut self, id: &str, said: Map<String, Value>) {
        let mut differ = Vec::new();
        let known = self.services.entry(id.to_owned()).or_default();
        for (key, value) in said {
            let Some(own) = known.get(&key).filter(|own| **own != value) else {
                known.insert(key, value);
                continue;
            };
            differ.push(format!("`{key}` of {id}: {own}, {value}"));
            let kept = careful(own.clone(), value);
            known.insert(key, kept);
        }
        for example in differ {
            let what = "properties of services that two inventories give differently, of which the careful one was kept";
            self.note("service-differs", what, &example);
        }
    }
}

fn careful(one: Value, two: Value) -> Value {
    let number = |value: &Value| value.as_f64();
    match (&one, &two) {
        (Value::Bool(_), Value::Bool(_)) => Value::Bool(true),
        (Value::Number(_), Value::Number(_)) if number(&one) >= number(&two) => one,
        (Value::Number(_), Value::Number(_)) => two,
        _ => {
            let texts = [one.to_string(), two.to_string()];
            if texts.is_sorted() { one } else { two }
        }
    }
}
