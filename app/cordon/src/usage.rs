//! What this process used so far: CPU time and peak memory, where the system says it.
//!
//! Read from `/proc`, so that no code of ours or of others has to call the system unsafely for it;
//! elsewhere nothing is known, and whoever asks says so.

use std::{fs, time::Duration};

/// Ticks in which Linux tells CPU time to programs; fixed at a hundred a second on every
/// architecture that Rust's standard library supports.
const TICK: Duration = Duration::from_millis(10);

/// User and system time of all threads so far.
pub(crate) fn cpu() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    ticks(&stat).map(|ticks| TICK * ticks)
}

/// The name in parentheses may hold anything, blanks included; user and system time are the
/// twelfth and thirteenth word after it.
fn ticks(stat: &str) -> Option<u32> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut words = after_name.split_ascii_whitespace().skip(11);
    let mut next = || words.next()?.parse::<u32>().ok();
    Some(next()? + next()?)
}

/// Largest resident memory so far, or since it was last forgotten, in bytes.
pub(crate) fn peak_bytes() -> Option<u64> {
    peak(&fs::read_to_string("/proc/self/status").ok()?)
}

/// Lets the peak begin anew at what is resident now, where the system can.
pub(crate) fn forget_peak() {
    let _elsewhere_the_peak_is_that_of_all_so_far = fs::write("/proc/self/clear_refs", "5");
}

fn peak(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::{peak, ticks};

    #[test]
    fn what_the_system_tells_is_understood() {
        let stat = "7 (a) b) R 1 2 3 4 5 6 7 8 9 10 150 25 0 0 20\n";
        assert_eq!(ticks(stat), Some(175));
        assert_eq!(peak("Name:\tx\nVmHWM:\t    2048 kB\n"), Some(2_097_152));
        assert_eq!((ticks(""), peak("VmHWM:\t? kB")), (None, None));
    }
}
