//! Steps that are made from estates, planned over: they never make a cut dearer, those that are left out are of no
//! use, and of Northgate's own steps most kinds are found again.
#![expect(
    clippy::disallowed_methods,
    reason = "the shipped example and the pages are files"
)]
#![expect(
    clippy::unwrap_used,
    reason = "a test whose world cannot be built should stop"
)]

use std::{fmt::Write as _, fs, path::PathBuf, sync::LazyLock};

use cordon_estate::{Asked, Pages, Prices, Read, Useless, make, read};
use cordon_model::{Confidence, Estate, Foothold, Hours, Money};
use cordon_plan::{Effort, Outcome, Question, answer};
use cordon_text::Source;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    let sources = |kind: &str| -> Vec<Source> {
        let folder = root().join("content").join(kind);
        let files = fs::read_dir(folder).unwrap();
        let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        let text = |path: &PathBuf| fs::read_to_string(path).unwrap();
        let source = |path: &PathBuf| Source::new(path.display().to_string(), text(path));
        paths.iter().map(source).collect()
    };
    Pages::parse(&sources("steps"), &sources("reach")).0
});

fn known(text: &str) -> Read {
    read(&[Source::new("estate.yaml", text)], &PAGES).unwrap()
}

/// The estate with the steps that are made from it, after those that it has.
fn with_made(read: &Read, useless: Useless) -> Estate {
    let asked = Asked {
        kinds: None,
        prices: Prices::default(),
        useless,
        steps_max: usize::MAX,
    };
    let made = make((&read.estate, &read.grounds), &PAGES, asked);
    let mut parts = read.estate.parts().clone();
    parts.steps.extend(made.steps);
    Estate::new(parts)
}

/// The best price for what is held; none if no plan exists. Only proven prices are compared.
fn best(estate: &Estate, held: &[&str], hours: i64) -> Option<Money> {
    let foothold = |id: &&str| Foothold {
        node: estate.resolve(id).unwrap(),
        confidence: Confidence::CERTAIN,
        evidence: Vec::new(),
        sources: std::collections::BTreeSet::new(),
    };
    let mut footholds: Vec<Foothold> = held.iter().map(foothold).collect();
    footholds.sort_by_key(|foothold| foothold.node);
    let answer = answer(&Question {
        estate,
        footholds,
        outside_estate: Vec::new(),
        hold: Hours::from_units(hours),
        effort: Effort::DEFAULT,
    });
    match answer.outcome {
        Outcome::Plan(plan) => {
            assert!(plan.draft().proof.proven);
            Some(plan.draft().price.total.clone())
        }
        Outcome::Infeasible(_) => None,
    }
}

#[test]
fn made_steps_never_make_northgates_cut_dearer_and_those_left_out_are_of_no_use() {
    let text = fs::read_to_string(root().join("examples/northgate/estate.yaml")).unwrap();
    let by_hand = known(&text);
    let all = with_made(&by_hand, Useless::Keep);
    let useful = with_made(&by_hand, Useless::LeaveOut);
    assert!(useful.steps().len() < all.steps().len());
    for held in [
        &["user:amelia.shah@northgate.example"][..],
        &["host:jobs-1", "zone:helpline-vdi"],
    ] {
        let hand = best(&by_hand.estate, held, 72);
        let both = best(&useful, held, 72);
        assert_eq!(both, best(&all, held, 72));
        assert!(both.is_some() || hand.is_none());
        assert!(hand.is_none() || both <= hand, "{both:?} {hand:?}");
    }
}

/// Any estate of a few nodes, with two jewels and a service.
fn any_estate(chance: &mut ChaCha8Rng) -> String {
    let nodes = [
        "user",
        "group",
        "server",
        "network-zone",
        "hypervisor",
        "vcenter",
        "application",
        "admin-console",
    ];
    let edges = [
        "member-of",
        "admin-to",
        "generic-all",
        "vpn-entry",
        "network-route",
        "hosts-guest",
        "controls",
        "reset-factor",
        "deploys-to",
    ];
    let mut text = "cordon: estate/v1\nname: x\ncurrency: GBP\nnodes:\n".to_owned();
    for (place, kind) in nodes.iter().enumerate() {
        let jewel = if place % 4 == 2 {
            ", jewel: {loss: 9}"
        } else {
            ""
        };
        writeln!(text, "  - {{id: n{place}, kind: {kind}{jewel}}}").unwrap();
    }
    text.push_str("edges:\n");
    for _ in 0..chance.random_range(4..16) {
        let kind = edges.get(chance.random_range(0..edges.len())).unwrap();
        let (from, to) = (chance.random_range(0..8), chance.random_range(0..8));
        writeln!(text, "  - {{from: n{from}, to: n{to}, kind: {kind}}}").unwrap();
    }
    let (one, two) = (chance.random_range(0..8), chance.random_range(0..8));
    let protected = chance.random_range(0..3) == 0;
    writeln!(text, "services:\n  - {{id: s, needs: {{any: [n{one}, n{two}]}}, loss_per_hour: 30, protected: {protected}}}").unwrap();
    writeln!(
        text,
        "steps:\n  - {{id: own, kind: isolate-host, removes: {{nodes: [n{one}]}}, cost: 500}}"
    )
    .unwrap();
    text
}

#[test]
fn on_any_estate_made_steps_make_no_price_higher_and_those_left_out_are_of_no_use() {
    let mut chance = ChaCha8Rng::seed_from_u64(52);
    let mut cheaper = 0;
    for _ in 0..300 {
        let text = any_estate(&mut chance);
        let by_hand = known(&text);
        let hand = best(&by_hand.estate, &["n0", "n1"], 24);
        let both = best(&with_made(&by_hand, Useless::LeaveOut), &["n0", "n1"], 24);
        let all = best(&with_made(&by_hand, Useless::Keep), &["n0", "n1"], 24);
        assert_eq!(both, all, "{text}");
        if let Some(hand) = hand {
            let both = both.unwrap();
            assert!(both <= hand, "{text}");
            cheaper += usize::from(both < hand);
        }
    }
    assert!(cheaper > 0, "some estate has a cheaper cut by made steps");
}
