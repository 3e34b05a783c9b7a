//! What is not made, and that each reason is counted.

use std::collections::BTreeSet;

use cordon_estate::Useless;

use crate::{asked, left_out, made, made_as, sketch, told};

#[test]
fn a_step_that_removes_nothing_on_a_way_to_a_jewel_is_left_out_and_counted() {
    let text = "a:user -member-of-> g:group\ng -admin-to-> !j:server\nj -has-session-> b:user\nb -member-of-> o:group";
    let read = sketch(text);
    let made = made(&read);
    let ids: Vec<String> = made.steps.iter().map(|step| step.id.to_string()).collect();
    assert!(!ids.iter().any(|id| id.ends_with("/b")), "{ids:?}");
    assert_eq!(
        left_out(&made),
        [
            "disable-account no-way-on 1",
            "remove-from-group no-way-on 1"
        ]
    );
    let all = made_as(
        &read,
        crate::Asked {
            useless: Useless::Keep,
            ..asked()
        },
    );
    assert_eq!(all.steps.len(), made.steps.len() + 2);
    let without = sketch(&text.replace('!', ""));
    assert_eq!(
        made_as(&without, asked()).steps.len(),
        all.steps.len(),
        "no jewel, no doubt"
    );
}

#[test]
fn a_step_that_a_person_wrote_stays_and_wins_over_one_that_removes_the_same() {
    let read = sketch(
        "a:user -member-of-> g:group\nb:user -member-of-> g\ng -admin-to-> !j:server\n---\nsteps:\n\
         \x20 - {id: out, kind: disable-account, removes: {edges: [{from: a, to: g}]}, cost: 7}\n\
         \x20 - {id: disable-account/b, kind: disable-account, takes_down: [b], cost: 9}\n\
         \x20 - {id: gone, kind: isolate-host, removes: {nodes: [g]}, cost: 9}\n",
    );
    let made = made(&read);
    let twice = ["disable-account written 1"; 2];
    assert_eq!(
        left_out(&made),
        twice,
        "one by its name, one by what it removes"
    );
    assert!(
        made.steps
            .iter()
            .all(|step| step.kind.as_str() != "disable-account")
    );
}

#[test]
fn nodes_of_unknown_kind_get_no_step_and_are_counted() {
    let read = sketch("a:unknown -member-of-> g:group\ng -generic-all-> !j:domain");
    let made = made(&read);
    assert_eq!(left_out(&made), [" kind-not-known 1"]);
    let ids: Vec<String> = made.steps.iter().map(|s| told(s, &read.estate)).collect();
    assert_eq!(ids.len(), 2, "the membership and the right: {ids:?}");
}

#[test]
fn ways_that_no_step_closes_are_told_by_kind() {
    let read = sketch(
        "dc:computer -dc-for-> !d:domain\no:ou -contains-> d\nS-1-5-21-1-2-3-512:group -owns-> d\ng:group -owns-> d",
    );
    let made = made(&read);
    let told: Vec<String> = made
        .unclosed
        .iter()
        .map(|(k, n)| format!("{n} {k}"))
        .collect();
    assert_eq!(told, ["1 contains", "1 owns"]);
}

#[test]
fn beyond_the_limit_the_steps_stay_that_close_most_and_the_rest_is_counted() {
    let read = sketch(
        "a:user -member-of-> g:group\nb:user -member-of-> g\ng -admin-to-> !j:server\ng -admin-to-> !k:server",
    );
    let few = made_as(
        &read,
        crate::Asked {
            steps_max: 1,
            ..asked()
        },
    );
    let ids: Vec<String> = few.steps.iter().map(|step| step.id.to_string()).collect();
    assert_eq!(ids, ["close-admin-rights/g"]);
    let gone: u64 = few
        .left_out
        .iter()
        .filter(|(l, _)| l.code == "limit")
        .map(|(_, n)| n.count)
        .sum();
    assert_eq!(usize::try_from(gone).unwrap() + 1, made(&read).steps.len());
    assert_eq!(few.unclosed.values().sum::<u64>(), 2);
}

#[test]
fn only_the_kinds_asked_for_are_made() {
    let read = sketch("a:user -member-of-> g:group\ng -admin-to-> !j:server");
    let kinds = Some(BTreeSet::from(["isolate-host".to_owned()]));
    let made = made_as(&read, crate::Asked { kinds, ..asked() });
    assert_eq!(made.steps.len(), 1);
}
