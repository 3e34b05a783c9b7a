//! Claims about carrying out, in worlds made from seeds.
//!
//! `CORDON_SEEDS` says how many worlds; a failure prints its seed.

use std::env;

use cordon_sim::{check_act, check_act_killed};

/// Some twenty seconds of a build; many more are run by the binary.
const SEEDS: u64 = 60;

#[test]
fn whatever_comes_late_twice_or_never_the_laws_of_carrying_out_hold() {
    let count = env::var("CORDON_SEEDS").ok();
    let count = count.map_or(SEEDS, |count| count.parse().unwrap());
    for seed in 0..count {
        if let Err(broken) = check_act(seed) {
            panic!("seed {seed}: {broken:#?}");
        }
    }
}

#[test]
fn an_executor_that_dies_at_any_write_with_any_part_of_it_on_the_disk_breaks_no_law() {
    let deaths = check_act_killed(3).unwrap();
    assert!(deaths > 40, "{deaths}");
}

#[test]
fn worlds_that_once_broke_a_law_keep_them_all() {
    // A change that landed long after it was sent hurt a service, and was held to be innocent.
    for seed in [799, 1376, 1460, 4138, 4434, 4496] {
        assert_eq!(check_act(seed), Ok(()), "seed {seed}");
    }
}
