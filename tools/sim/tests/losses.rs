//! A day that is shuffled, doubled, told by wrong clocks and cut off loses what the cut took, and nothing else.
//!
//! `CORDON_CUTS` says how many places each source is cut at: 997 take minutes in release. Without it, the two large
//! logs are left out and the others are cut once.

#![expect(clippy::print_stderr, reason = "what was tried is of interest")]

use std::{env, path::Path, thread};

use cordon_sim::{Checked, Trial, texts};

/// Records of the largest log of a short run: all but two of Northgate's have fewer.
const SHORT_RECORDS_MAX: u64 = 20_000;

#[test]
fn a_day_that_is_shuffled_doubled_and_cut_loses_what_the_cut_took_and_nothing_else() {
    let asked = env::var("CORDON_CUTS")
        .ok()
        .map(|text| text.parse::<u64>().unwrap());
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let records_max = asked.map_or(SHORT_RECORDS_MAX, |_| u64::MAX);
    let texts = texts(&content).unwrap();
    let trial = Trial::new(cordon_drill::DEFAULT_SEED, &texts, records_max);
    let sources: Vec<usize> = (0..trial.sources()).collect();
    assert_eq!(sources.len(), if asked.is_some() { 11 } else { 9 });
    let cuts = asked.unwrap_or(1);
    // Large and small ones for each thread.
    let (even, odd): (Vec<_>, Vec<_>) = sources.iter().partition(|source| *source % 2 == 0);
    let check = |sources: &[usize]| trial.check(sources, cuts).unwrap();
    let [one, other] = thread::scope(|scope| {
        let one = scope.spawn(|| check(&even));
        let other = check(&odd);
        [one.join().unwrap(), other]
    });
    eprintln!("{one:?}\n{other:?}");
    let sum = |count: fn(&Checked) -> u64| count(&one) + count(&other);
    // One world without a cut in each thread.
    let worlds = cuts * u64::try_from(sources.len()).unwrap() + 2;
    assert_eq!(sum(|c| c.worlds), worlds);
    assert!(sum(|c| c.told) > 5 * worlds, "few detections prove little");
    assert!(
        sum(|c| c.records_lost) > 0 && sum(|c| c.lost) > 0,
        "nothing was lost"
    );
    assert!(sum(|c| c.records_halved) > 0, "no record was cut through");
    assert!(
        sum(|c| c.silences) > 0,
        "a source that is cut off is silent"
    );
}
