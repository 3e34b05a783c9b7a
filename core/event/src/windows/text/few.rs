//! A few things without memory of their own, because lists are begun for every event.

/// As many as fit: nearly twice the elements that Windows writes about an event.
const FEW_MAX: usize = 24;

/// The first ones of a list.
#[derive(Debug, Default)]
pub(super) struct Few<T> {
    room: [T; FEW_MAX],
    count: usize,
}

impl<T> Few<T> {
    /// Adds one; none if there is no room for it.
    #[inline]
    pub(super) fn push(&mut self, one: T) -> Option<()> {
        *self.room.get_mut(self.count)? = one;
        self.count += 1;
        Some(())
    }

    #[inline]
    pub(super) fn all(&self) -> &[T] {
        self.room.get(..self.count).unwrap_or_default()
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW_MAX, Few};

    #[test]
    fn what_has_no_room_is_refused() {
        let mut few = Few::default();
        for number in 0..FEW_MAX {
            assert_eq!(few.push(number), Some(()));
        }
        assert_eq!(few.push(7), None);
        assert_eq!(few.all().last(), Some(&(FEW_MAX - 1)));
        few.clear();
        assert_eq!(few.all(), [0; 0]);
    }
}
