//! JSON records: whose they are, when they happened and what their vendor calls them.

mod generic;

use cordon_model::Value;

use crate::{
    Hints,
    intake::Understood,
    windows::{self, Fields},
};

/// Makes an event's parts of a JSON record of any vendor.
pub(crate) fn understand(record: Fields, hints: &Hints) -> Understood {
    let record = match of_windows(record) {
        Ok(fields) => return windows::understand(fields, hints),
        Err(record) => record,
    };
    generic::understand(record, hints)
}

/// The fields of a Windows record in any of its shapes; gives any other record back.
fn of_windows(record: Fields) -> Result<Fields, Fields> {
    let is_xml = record
        .get("Event")
        .is_some_and(|event| event.get("System").is_some_and(Value::is_object));
    if is_xml {
        return windows::of_xml(Value::Object(record)).ok_or_else(Fields::new);
    }
    windows::of_winlogbeat(record).or_else(windows::of_flat)
}
