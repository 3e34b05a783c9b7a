//! Services that run on some of very many nodes: proven, or ended with a gap within their effort.

use cordon_plan::{Outcome, answer};

use crate::{plain::wide_groups::wide_groups, sketch::question_of};

#[test]
fn how_many_of_a_wide_group_may_go_down_is_proven_in_little_work() {
    for seed in [1, 15] {
        let case = wide_groups(seed, None, None);
        let estate = case.estate();
        assert!((520..530).contains(&estate.nodes().len()), "seed {seed}");
        let Outcome::Plan(plan) = answer(&question_of(&case, &estate)).outcome else {
            panic!("seed {seed}: there is a plan");
        };
        let proof = &plan.draft().proof;
        assert!(proof.proven, "seed {seed}: {}", proof.certificate);
        assert!(
            proof.work < 500,
            "seed {seed}: {} units of work",
            proof.work
        );
    }
}
