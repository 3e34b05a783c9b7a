//! Equal values kept once.
//!
//! Readers make every value anew. What detections hold for as long as they are kept is worth looking up: a rule
//! mostly matches by the same values, and a product has few words for what is done.

use std::{hash::Hash, sync::Arc};

/// Most different values kept for being shared. What vendors call things are some thousands; what is beyond this is made
/// up by whoever writes the logs, and is held by its own detection alone.
const VALUES_MAX: usize = 65_536;

#[expect(
    clippy::disallowed_types,
    reason = "looked up for every detection, and never walked through"
)]
type Known<T> = std::collections::HashSet<Arc<T>>;

/// Values of one type.
#[derive(Debug)]
pub(crate) struct Pool<T: ?Sized>(Known<T>);

impl<T: ?Sized> Default for Pool<T> {
    fn default() -> Self {
        Self(Known::default())
    }
}

impl<T: ?Sized + Eq + Hash> Pool<T> {
    /// Has a value be the one that is kept already, if there is an equal one; else keeps it while there is room.
    pub(crate) fn share(&mut self, value: &mut Arc<T>) {
        if let Some(known) = self.0.get(value) {
            *value = Arc::clone(known);
        } else if self.0.len() < VALUES_MAX {
            self.0.insert(Arc::clone(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Pool, VALUES_MAX};

    #[test]
    fn equal_values_are_kept_once_as_long_as_there_is_room() {
        let mut pool: Pool<str> = Pool::default();
        let mut keep = |text: String| {
            let mut value: Arc<str> = text.into();
            pool.share(&mut value);
            value
        };
        let first = keep("0".to_owned());
        assert!(Arc::ptr_eq(&first, &keep("0".to_owned())));
        for number in 1..=VALUES_MAX {
            assert_eq!(&*keep(number.to_string()), number.to_string());
        }
        let beyond = keep(VALUES_MAX.to_string());
        assert!(!Arc::ptr_eq(&beyond, &keep(VALUES_MAX.to_string())));
        assert!(Arc::ptr_eq(&first, &keep("0".to_owned())));
    }
}
