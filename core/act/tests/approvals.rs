//! Claims about who may let an order be carried out.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot make its subject has failed"
)]

use std::collections::{BTreeMap, BTreeSet};

use cordon_act::{
    Ability, Approval, Before, Circumstances, Digest, Effect, EffectIx, Lately, Order, Patience,
    Policy, PrivateKey, Refusal, Reversal, Stake, Statement, Stop, TARGETS_ON_ONE_WORD_MAX,
    authorise,
};
use cordon_model::{Hours, Money, StepKind, Timestamp};
use cordon_text::Source;

const NOW: &str = "2026-07-03T12:00:00Z";

fn key(of: &str) -> PrivateKey {
    PrivateKey::from_bytes([of.as_bytes()[0]; 32])
}

/// Anna leads, Ben and Cleo respond. Sessions are approved in advance, few accounts need one person.
fn policy() -> Policy {
    let [a, b, c] = ["anna", "ben", "cleo"].map(|who| key(who).public().to_string());
    let text = format!(
        "cordon: policy/v1
name: Northgate
people:
  - {{ id: anna, key: '{a}', roles: [lead] }}
  - {{ id: ben, key: '{b}', roles: [responder] }}
  - {{ id: cleo, key: '{c}', roles: [responder] }}
rules:
  - {{ kinds: [revoke-sessions], targets_max: 3, people: 0 }}
  - {{ kinds: [disable-account], targets_max: 2, price_max: 1000, people: 1, roles: [responder, lead] }}
  - {{ kinds: [disable-account], people: 2 }}
  - {{ kinds: [rotate-krbtgt], people: 1, roles: [lead, responder] }}
  - {{ kinds: [isolate-zone], people: 1, hours: {{ from: '08:00', to: '18:00', zone: Europe/London }} }}
never:
  - {{ target: '*break-glass*', why: the way back in }}
"
    );
    Policy::parse(&Source::new("policy.yml", text)).unwrap()
}

fn order(kind: &str, targets: &[&str]) -> Order {
    let effect = |target: &&str| {
        let ability = Ability {
            action: "cut".to_owned(),
            reversal: Reversal::Undo,
            patience: Patience::default(),
        };
        Effect::alone(StepKind::new(kind), target, ability)
    };
    let effects = targets.iter().map(effect).collect();
    let mut order = Order::bare(policy().digest, effects);
    order.stake.price = Money::from_units(100);
    order
}

fn stop(after: i64) -> Stop {
    Stop {
        service: "service:tills".to_owned(),
        after_hours: Hours::from_units(after),
        protected: false,
    }
}

fn statement(order: &Order, by: &str) -> Statement {
    Statement {
        plan: order.plan,
        order: order.digest(),
        by: by.to_owned(),
        from: "2026-07-03T11:00:00Z".parse().unwrap(),
        until: "2026-07-03T13:00:00Z".parse().unwrap(),
        once: format!("once-{by}"),
    }
}

fn by(order: &Order, who: &str) -> Approval {
    statement(order, who).sign(&key(who))
}

fn refused(order: Order, approvals: &[Approval]) -> Vec<Refusal> {
    refused_at(order, approvals, NOW, &[])
}

fn refused_at(order: Order, approvals: &[Approval], now: &str, used: &[&str]) -> Vec<Refusal> {
    let circumstances = Circumstances {
        now: now.parse().unwrap(),
        used: used
            .iter()
            .map(|&once| once.to_owned())
            .collect::<BTreeSet<_>>(),
        run: "run".to_owned(),
        executor: key("executor").public(),
        lately: Lately::default(),
        seen: None,
    };
    match authorise(order, &policy(), approvals, circumstances) {
        Ok(_) => Vec::new(),
        Err(refusals) => refusals,
    }
}

#[test]
fn as_many_people_are_needed_as_the_first_rule_that_fits_says() {
    let few = order("disable-account", &["a"]);
    let many = order("disable-account", &["a", "b", "c"]);
    let mut dear = few.clone();
    dear.stake.price = Money::from_units(1001);
    for (order, people, expect) in [
        (&few, vec![], 1),
        (&few, vec!["ben"], 0),
        (&many, vec!["ben"], 1),
        (&many, vec!["ben", "cleo"], 0),
        (&dear, vec!["anna"], 1),
        (&order("revoke-sessions", &["a"]), vec![], 0),
        (
            &order("revoke-sessions", &["a", "b", "c", "d"]),
            vec!["anna"],
            1,
        ),
        (&order("power-down-host", &["a"]), vec!["anna", "ben"], 1),
    ] {
        let approvals: Vec<Approval> = people.iter().map(|who| by(order, who)).collect();
        let found = refused(order.clone(), &approvals);
        assert_eq!(found.len(), expect, "{people:?}: {found:?}");
    }
}

#[test]
fn one_person_is_too_few_for_what_reaches_a_whole_zone_whatever_the_rule_says() {
    let mut order = order("isolate-zone", &["region-north"]);
    assert_eq!(refused(order.clone(), &[by(&order, "anna")]), []);
    order.wide = BTreeSet::from([StepKind::new("isolate-zone")]);
    let alone = refused(order.clone(), &[by(&order, "anna")]);
    assert!(
        matches!(alone.as_slice(), [Refusal::TooFew { needed: 2, .. }]),
        "{alone:?}"
    );
    let two = [by(&order, "anna"), by(&order, "ben")];
    assert_eq!(refused(order, &two), []);
}

#[test]
fn a_zone_is_a_zone_whatever_its_kind_is_called_and_however_it_is_cut_up() {
    let halves = ["0.0.0.0/1", "128.0.0.0/1"];
    let pieces: Vec<String> = (0..=256)
        .map(|n| format!("10.9.{}.{}", n / 256, n % 256))
        .collect();
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    for (targets, needed) in [
        (&["10.1.0.0/24"][..], 1),
        (&["10.1.0.0/23"], 2),
        (&["10.1.0.0/24", "10.1.1.0/24"], 2),
        (&halves, 2),
        (&["2001:db8::/63"], 2),
        (&["10.0.0.0/8 -> 10.2.0.9 tcp 22"], 1),
        (&pieces[1..], 1),
        (&pieces, 2),
    ] {
        let order = order("rotate-krbtgt", targets);
        let (anna, ben) = (by(&order, "anna"), by(&order, "ben"));
        let alone = refused(order.clone(), std::slice::from_ref(&anna));
        assert_eq!(alone.len(), needed - 1, "{targets:?}: {alone:?}");
        assert_eq!(refused(order, &[anna, ben]), []);
    }
    let mut beside = order("revoke-sessions", &["a"]);
    beside.effects[0].parameters = serde_json::json!({ "nets": halves });
    assert_eq!(refused(beside, &[]).len(), 1);
}

#[test]
fn what_the_site_made_itself_is_never_approved_in_advance() {
    let mut order = order("revoke-sessions", &["a"]);
    assert_eq!(refused(order.clone(), &[]), []);
    order.own = BTreeSet::from([StepKind::new("revoke-sessions")]);
    let found = refused(order.clone(), &[]);
    assert!(
        matches!(found.as_slice(), [Refusal::TooFew { needed: 1, .. }]),
        "{found:?}"
    );
    assert_eq!(refused(order.clone(), &[by(&order, "anna")]), []);
}

#[test]
fn what_lasts_or_stops_a_service_needs_two_people_whatever_the_rule_says() {
    let mut lasting = order("rotate-krbtgt", &["a"]);
    lasting.irreversible = vec![EffectIx(0)];
    let mut stops = order("revoke-sessions", &["a"]);
    stops.stake = Stake {
        hold_hours: Hours::from_units(24),
        stops: vec![stop(1)],
        ..stops.stake
    };
    for order in [lasting, stops] {
        let (anna, ben) = (by(&order, "anna"), by(&order, "ben"));
        assert_eq!(refused(order.clone(), std::slice::from_ref(&anna)).len(), 1);
        assert_eq!(refused(order, &[anna, ben]), []);
    }
}

#[test]
fn a_hold_that_ends_before_a_protected_service_does_not_make_one_person_enough() {
    let mut order = order("revoke-sessions", &["a"]);
    order.stake.hold_hours = Hours::from_units(1);
    order.stake.stops = vec![stop(2)];
    assert_eq!(refused(order.clone(), &[]), []);
    order.stake.stops[0].protected = true;
    let anna = by(&order, "anna");
    let found = refused(order.clone(), std::slice::from_ref(&anna));
    assert!(
        found[0]
            .to_string()
            .contains("a protected service stops if the cut stays"),
        "{found:?}"
    );
    let ben = by(&order, "ben");
    assert_eq!(refused(order.clone(), &[anna.clone(), ben]), []);
    let mut longer = order;
    longer.stake.hold_hours = Hours::from_units(2);
    let found = refused(longer, &[anna]);
    assert_eq!(found[0], Refusal::OtherOrder("anna".to_owned()));
}

#[test]
fn a_plan_in_pieces_weighs_as_much_as_the_whole() {
    let at = |order: Order, now: &str, before: &[Before]| {
        let circumstances = Circumstances {
            now: now.parse().unwrap(),
            used: BTreeSet::new(),
            run: "run".to_owned(),
            executor: key("executor").public(),
            lately: Lately(before.to_vec()),
            seen: None,
        };
        authorise(order, &policy(), &[], circumstances)
            .err()
            .unwrap_or_default()
    };
    let run = |targets: &[&str]| {
        let mut order = order("revoke-sessions", targets);
        order.plan = Digest::of(targets.concat().as_bytes());
        order
    };
    let before = [Before::of(&run(&["a", "b"]), NOW.parse().unwrap())];
    assert_eq!(at(run(&["c"]), NOW, &before), []);
    assert_eq!(at(run(&["a", "b", "c"]), NOW, &before), []);
    let more = run(&["c", "d"]);
    assert!(matches!(
        at(more.clone(), NOW, &before).as_slice(),
        [Refusal::NoRule { targets: 4, .. }]
    ));
    assert_eq!(at(more, "2026-07-04T12:00:00Z", &before), []);

    let mut slow = run(&["a", "b"]);
    slow.limits.per_minute = BTreeMap::from([("revoke-sessions".to_owned(), 1)]);
    assert_eq!(at(slow.clone(), NOW, &[]), []);
    for (now, fast) in [("12:00:59", 1), ("12:01:59", 1), ("12:02:00", 0)] {
        let found = at(slow.clone(), &format!("2026-07-03T{now}Z"), &before);
        assert_eq!(found.len(), fast, "{now}: {found:?}");
        assert!(
            found
                .iter()
                .all(|why| matches!(why, Refusal::TooFast { .. }))
        );
    }
}

#[test]
fn a_clock_that_was_set_back_brings_no_approval_back() {
    let order = order("disable-account", &["a"]);
    let ben = by(&order, "ben");
    for (seen, expect) in [("2026-07-03T12:00:10Z", 0), ("2026-07-03T13:30:00Z", 1)] {
        let circumstances = Circumstances {
            now: NOW.parse().unwrap(),
            used: BTreeSet::new(),
            run: "run".to_owned(),
            executor: key("executor").public(),
            lately: Lately::default(),
            seen: Some(seen.parse().unwrap()),
        };
        let found = authorise(
            order.clone(),
            &policy(),
            std::slice::from_ref(&ben),
            circumstances,
        );
        let found = found.err().unwrap_or_default();
        assert_eq!(found.len(), expect, "{found:?}");
    }
}

#[test]
fn what_one_source_alone_says_is_never_approved_in_advance_and_many_targets_for_it_need_two() {
    let said = |order: &Order, people: &[&str]| {
        let approvals: Vec<Approval> = people.iter().map(|who| by(order, who)).collect();
        refused(order.clone(), &approvals)
    };
    let mut in_advance = order("revoke-sessions", &["a"]);
    assert_eq!(said(&in_advance, &[]), []);
    in_advance.stake.on_one_word = vec!["user:a".to_owned()];
    let found = said(&in_advance, &[]);
    assert!(
        matches!(found.as_slice(), [Refusal::TooFew { needed: 1, .. }]),
        "{found:?}"
    );
    assert!(found[0].to_string().contains("because one source alone"));
    assert_eq!(said(&in_advance, &["anna"]), []);

    let names: Vec<String> = (0..=TARGETS_ON_ONE_WORD_MAX)
        .map(|n| n.to_string())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for (targets, needed) in [(&names[1..], 1), (&names[..], 2)] {
        let mut order = order("rotate-krbtgt", targets);
        assert_eq!(said(&order, &["anna"]), []);
        order.stake.on_one_word = vec!["user:a".to_owned()];
        assert_eq!(said(&order, &["anna"]).len(), needed - 1, "{targets:?}");
        assert_eq!(said(&order, &["anna", "ben"]), []);
    }
}

#[test]
fn only_the_executor_that_the_policy_names_may_carry_anything_out() {
    let of = |who: &str| {
        let text = format!(
            "{{ cordon: policy/v1, name: One, executor: '{}', rules: [{{ people: 0 }}] }}",
            key(who).public()
        );
        let policy = Policy::parse(&Source::new("policy.yml", text)).unwrap();
        let circumstances = Circumstances {
            now: NOW.parse().unwrap(),
            used: BTreeSet::new(),
            run: "run".to_owned(),
            executor: key("executor").public(),
            lately: Lately::default(),
            seen: None,
        };
        let order = Order {
            policy: policy.digest,
            ..order("disable-account", &["a"])
        };
        authorise(order, &policy, &[], circumstances)
    };
    assert!(of("executor").is_ok());
    assert_eq!(
        of("another").unwrap_err(),
        [Refusal::OtherExecutor(key("another").public().to_string())]
    );
    let unread = "{ cordon: policy/v1, name: One, executor: 'AAAA', rules: [{ people: 0 }] }";
    assert!(Policy::parse(&Source::new("policy.yml", unread)).is_err());
}

#[test]
fn one_person_who_signs_twice_is_one_person() {
    let order = order("disable-account", &["a", "b", "c"]);
    let mut again = statement(&order, "ben");
    again.once = "another".to_owned();
    let found = refused(order.clone(), &[by(&order, "ben"), again.sign(&key("ben"))]);
    assert!(
        matches!(found.as_slice(), [Refusal::TooFew { needed: 2, .. }]),
        "{found:?}"
    );
}

#[test]
fn an_approval_counts_once_and_only_while_it_holds() {
    let order = order("disable-account", &["a"]);
    let ben = by(&order, "ben");
    let replayed = refused_at(
        order.clone(),
        std::slice::from_ref(&ben),
        NOW,
        &["once-ben"],
    );
    assert_eq!(replayed[0], Refusal::Replayed("ben".to_owned()));
    let doubled = refused(order.clone(), &[ben.clone(), ben.clone()]);
    assert_eq!(doubled, [Refusal::Replayed("ben".to_owned())]);
    for now in ["2026-07-03T10:59:59Z", "2026-07-03T13:00:00Z"] {
        let found = refused_at(order.clone(), std::slice::from_ref(&ben), now, &[]);
        assert!(matches!(found[0], Refusal::Expired { .. }), "{found:?}");
    }
    let mut long = statement(&order, "ben");
    long.until = "2026-07-05T13:00:00Z".parse::<Timestamp>().unwrap();
    let found = refused(order, &[long.sign(&key("ben"))]);
    assert_eq!(found[0], Refusal::TooLong("ben".to_owned()));
}

#[test]
fn a_forged_approval_is_refused_even_beside_enough_good_ones() {
    let order = order("disable-account", &["a"]);
    let good = by(&order, "ben");
    let by_another_key = statement(&order, "anna").sign(&key("ben"));
    let mut changed = by(&order, "anna");
    changed.statement = changed.statement.replace("13:00", "14:00");
    let mut unknown = statement(&order, "mallory").sign(&key("mallory"));
    let forged = |who: &str| vec![Refusal::Forged(who.to_owned())];
    assert_eq!(
        refused(order.clone(), &[good.clone(), by_another_key]),
        forged("anna")
    );
    assert_eq!(
        refused(order.clone(), &[good.clone(), changed]),
        forged("anna")
    );
    assert_eq!(
        refused(order.clone(), &[good.clone(), unknown.clone()]),
        [Refusal::Nobody("mallory".to_owned())]
    );
    unknown.statement.push_str("by: anna\n");
    assert_eq!(refused(order, &[good, unknown]), [Refusal::Unreadable(2)]);
}

#[test]
fn an_approval_is_for_one_plan_its_targets_its_limits_and_its_policy() {
    let approved = order("disable-account", &["a"]);
    let ben = by(&approved, "ben");
    let mut other_plan = approved.clone();
    other_plan.plan = Digest::of(b"another plan");
    let found = refused(other_plan, std::slice::from_ref(&ben));
    assert_eq!(found[0], Refusal::OtherPlan("ben".to_owned()));
    let mut more = approved.clone();
    more.effects
        .push(order("disable-account", &["b"]).effects[0].clone());
    let mut faster = approved.clone();
    faster.limits.per_minute = BTreeMap::from([("disable-account".to_owned(), 10_000)]);
    let mut elsewhere = approved.clone();
    elsewhere.effects[0].connector = "exec".to_owned();
    for changed in [more, faster, elsewhere] {
        let found = refused(changed, std::slice::from_ref(&ben));
        assert_eq!(found[0], Refusal::OtherOrder("ben".to_owned()));
    }
    let mut other_policy = approved;
    other_policy.policy = Digest::of(b"another policy");
    let found = refused(other_policy, &[ben]);
    assert!(found.contains(&Refusal::OtherPolicy), "{found:?}");
}

#[test]
fn nobody_can_approve_what_is_never_touched() {
    let order = order("disable-account", &["CN=Break-Glass-1,DC=x"]);
    let all: Vec<Approval> = ["anna", "ben", "cleo"]
        .iter()
        .map(|who| by(&order, who))
        .collect();
    let found = refused(order, &all);
    assert!(
        matches!(found.as_slice(), [Refusal::Never { .. }]),
        "{found:?}"
    );
}

#[test]
fn a_rule_for_the_day_does_not_fit_at_night() {
    let order = order("isolate-zone", &["z"]);
    let ben = [by(&order, "ben")];
    assert_eq!(refused(order.clone(), &ben), []);
    let mut late = statement(&order, "ben");
    late.until = "2026-07-03T20:00:00Z".parse().unwrap();
    let found = refused_at(
        order,
        &[late.sign(&key("ben"))],
        "2026-07-03T18:00:00Z",
        &[],
    );
    assert!(
        matches!(found.as_slice(), [Refusal::NoRule { .. }]),
        "{found:?}"
    );
}

#[test]
fn everything_wrong_with_a_policy_is_said_at_once() {
    let text = "cordon: policy/v2\nname: x\npeople: [{ id: a, key: AAAA }]\nrules: [{ people: two }, { people: 3, hours: { from: 8, to: '18:00', zone: Mars/Base } }]\nnver: []\n";
    let report = Policy::parse(&Source::new("policy.yml", text)).unwrap_err();
    let told: Vec<&str> = report
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    for part in [
        "policy/v1",
        "no public key",
        "whole number",
        "time of day",
        "time zone",
        "no key `nver`",
    ] {
        assert!(
            told.iter().any(|message| message.contains(part)),
            "{part}: {told:#?}"
        );
    }
}
