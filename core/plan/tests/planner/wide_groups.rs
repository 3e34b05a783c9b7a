//! Services that run on some of very many nodes: proven, or ended with a gap within their effort.

use cordon_plan::{Effort, Outcome, Proof, answer};

use crate::{plain::wide_groups::wide_groups, sketch::question_of};

fn proof(seed: u64, effort: Effort) -> (usize, Proof) {
    let case = wide_groups(seed, None, None);
    let estate = case.estate();
    let mut question = question_of(&case, &estate);
    question.effort = effort;
    let Outcome::Plan(plan) = answer(&question).outcome else {
        panic!("seed {seed}: there is a plan");
    };
    (estate.nodes().len(), plan.draft().proof.clone())
}

#[test]
fn how_many_of_a_wide_group_may_go_down_is_proven_in_little_work() {
    for seed in [1, 15] {
        let (nodes, proof) = proof(seed, Effort::DEFAULT);
        assert!((520..530).contains(&nodes), "seed {seed}");
        assert!(proof.proven, "seed {seed}: {}", proof.certificate);
        let work = proof.work;
        assert!(work < 500, "seed {seed}: {work} units of work");
    }
}

#[test]
fn thousands_of_steps_that_stop_something_are_proven_from_a_few_of_them() {
    let (nodes, proof) = proof(4, Effort::DEFAULT);
    assert!(nodes > 2_000, "{nodes} nodes");
    assert!(proof.proven, "{}", proof.certificate);
    assert!(proof.work < 1_000, "{} units of work", proof.work);
}

#[test]
fn an_estate_whose_branches_are_long_ends_with_a_small_gap_when_its_effort_is_spent() {
    let (nodes, proof) = proof(14, Effort(1_000));
    assert!((1_000..1_010).contains(&nodes), "{nodes} nodes");
    assert!(!proof.proven);
    // The units of a branch are counted once it is looked at, or the simplex rests.
    assert!(proof.work < 1_200, "{} units of work", proof.work);
    let certificate = &proof.certificate;
    assert!(certificate.contains("the effort ran out"), "{certificate}");
}
