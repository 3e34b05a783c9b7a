//! Lines of text: one message each.

use cordon_model::Value;

use crate::{
    Degradation, Hints,
    intake::{Kind, Understood},
    windows::Fields,
};

/// Makes an event's parts of one line.
pub(crate) fn understand(line: &[u8], _hints: &Hints) -> Understood {
    let mut degraded = vec![Degradation::Unstructured];
    let text = String::from_utf8_lossy(line);
    if std::str::from_utf8(line).is_err() {
        degraded.push(Degradation::InvalidUtf8);
    }
    let message = Value::String(text.trim().to_owned());
    let fields = Fields::from_iter([("message".to_owned(), message)]);
    Understood {
        kind: Kind::default(),
        fields: Value::Object(fields),
        id: None,
        when: Err(Degradation::TimeMissing),
        degraded,
    }
}
