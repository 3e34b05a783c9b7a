//! What was learned, as text that outlives a release.

/// The first version: a head line, then a line for each pair of entity and aspect, in order.
///
/// The head is the name of the format, how much was left out, and how many lines follow, which older ones do not say.
/// `ENTITY ASPECT SINCE/SEEN VALUE=DAY …` with digests in hexadecimal and days since 1970; `SEEN` is a number in
/// hexadecimal with a bit for each of the 128 days from `SINCE` on; `varies` stands for the values of those who
/// have too many. Without `/SEEN`, which older ones do not have, only the days are known that stand in the line.
pub mod v1 {
    use std::{collections::BTreeMap, fmt::Write as _};

    use super::super::{Aspect, Baseline, Habit, VALUES_MAX};

    const HEAD: &str = "cordon/baseline/v1";

    /// Why a snapshot cannot be restored.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Broken {
        /// It does not begin with the name of this format.
        Head,
        /// A line, from 1, is not understood, or comes twice.
        Line(usize),
        /// It breaks off: so many lines of so many are there.
        Cut(usize, usize),
    }

    impl std::fmt::Display for Broken {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            match self {
                Self::Head => write!(f, "expected a snapshot that begins with `{HEAD}`"),
                Self::Line(line) => write!(
                    f,
                    "line {line} of the snapshot is not understood; learn from history again"
                ),
                Self::Cut(found, of) => write!(
                    f,
                    "expected {of} lines behind the first, found {found}; learn from history again"
                ),
            }
        }
    }

    impl std::error::Error for Broken {}

    /// Writes what was learned; the same always gives the same text.
    pub fn save(baseline: &Baseline) -> String {
        let mut text = format!("{HEAD} {} {}\n", baseline.left_out, baseline.habits.len());
        for ((entity, aspect), habit) in &baseline.habits {
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "{entity:016x} {} {}/{:x}",
                aspect.word(),
                habit.since,
                habit.seen
            );
            if habit.varies {
                text.push_str(" varies");
            }
            for (value, day) in &habit.values {
                let _ = write!(text, " {value:016x}={day}");
            }
            text.push('\n');
        }
        text
    }

    /// Reads what was saved.
    ///
    /// # Errors
    /// When it is no snapshot, or a line of it is not understood.
    pub fn restore(text: &str) -> Result<Baseline, Broken> {
        let mut lines = text.lines();
        let (left_out, count) = lines.next().and_then(head).ok_or(Broken::Head)?;
        let mut habits = BTreeMap::new();
        for (number, line) in (2..).zip(lines) {
            let (key, habit) = read(line).ok_or(Broken::Line(number))?;
            if habits.insert(key, habit).is_some() {
                return Err(Broken::Line(number));
            }
        }
        match count {
            Some(count) if count != habits.len() => Err(Broken::Cut(habits.len(), count)),
            Some(_) | None => Ok(Baseline { habits, left_out }),
        }
    }

    /// How much was left out, and how many lines follow, if that is said.
    fn head(line: &str) -> Option<(u64, Option<usize>)> {
        let numbers = line.strip_prefix(HEAD)?.strip_prefix(' ')?;
        match numbers.split_once(' ') {
            Some((left_out, count)) => Some((left_out.parse().ok()?, Some(count.parse().ok()?))),
            None => Some((numbers.parse().ok()?, None)),
        }
    }

    fn read(line: &str) -> Option<((u64, Aspect), Habit)> {
        let mut words = line.split(' ');
        let entity = u64::from_str_radix(words.next()?, 16).ok()?;
        let aspect = Aspect::from_word(words.next()?)?;
        let days = words.next()?;
        let (since, seen) = days
            .split_once('/')
            .map_or((days, None), |(since, seen)| (since, Some(seen)));
        let mut habit = Habit::new(since.parse().ok()?);
        if let Some(seen) = seen {
            habit.seen = u128::from_str_radix(seen, 16).ok()?;
        }
        for word in words {
            if word == "varies" {
                habit.varies = true;
                continue;
            }
            let (value, day) = word.split_once('=')?;
            let value = u64::from_str_radix(value, 16).ok()?;
            let day: u32 = day.parse().ok()?;
            habit.values.insert(value, day);
            if seen.is_none() {
                let bit = day.checked_sub(habit.since)?;
                habit.seen |= 1_u128.checked_shl(bit).unwrap_or(0);
            }
        }
        let fits = habit.values.len() <= VALUES_MAX && (!habit.varies || habit.values.is_empty());
        let fits = fits && habit.seen & 1 == 1;
        fits.then_some(((entity, aspect), habit))
    }
}
