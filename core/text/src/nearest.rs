//! Which word somebody probably meant.

/// Most slips of the pen between what was written and what was meant.
const SLIPS_MAX: usize = 2;

/// The candidate nearest to `word`, if one is near enough to be a slip of the pen: at most two
/// characters wrong, missing or too many, and fewer than half of it. Ties go to the candidate that
/// sorts first.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let near = |c: &'c str| {
        slips(word, c)
            .filter(|slips| slips * 2 < c.len())
            .map(|slips| (slips, c))
    };
    candidates
        .into_iter()
        .filter_map(near)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters, if it is within the limit. Most candidates leave after their
/// common beginning, so that a whole estate can be looked through.
fn slips(a: &str, b: &str) -> Option<usize> {
    let same: usize = a
        .chars()
        .zip(b.chars())
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x.len_utf8())
        .sum();
    let (a, b) = (a.get(same..)?, b.get(same..)?);
    if a.chars().count().abs_diff(b.chars().count()) > SLIPS_MAX {
        return None;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut least = left;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let next = (diagonal + usize::from(x != *y))
                .min(left + 1)
                .min(*cell + 1);
            diagonal = std::mem::replace(cell, next);
            left = next;
            least = least.min(next);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        if least > SLIPS_MAX {
            return None;
        }
    }
    row.last().copied().filter(|slips| *slips <= SLIPS_MAX)
}

#[cfg(test)]
mod tests {
    use super::{nearest, slips};

    #[test]
    fn distance_is_symmetric_bounded_and_zero_on_equals() {
        let cases = [
            ("kind", "kind", Some(0)),
            ("knd", "kind", Some(1)),
            ("", "ab", Some(2)),
            ("host:dc-1", "host:dc1", Some(1)),
            ("müller", "muller", Some(1)),
            ("ab", "ba", Some(2)),
            ("kitten", "sitting", None),
            ("", "abc", None),
        ];
        for (a, b, expect) in cases {
            assert_eq!(slips(a, b), expect, "{a} {b}");
            assert_eq!(slips(b, a), expect, "{b} {a}");
        }
    }

    #[test]
    fn the_nearest_wins_and_ties_go_to_the_first_in_order() {
        assert_eq!(nearest("kid", ["kind", "bid", "kin"]), Some("bid"));
        assert_eq!(nearest("zebra", ["kind"]), None);
        assert_eq!(nearest("icmp", ["tcp", "id"]), None);
    }
}
