//! Cuts by a real packet filter, among rules of a site.

use cordon_act::{Act, Answer};
use cordon_effect::{Nftables, Shell, harness};
use cordon_model::Value;

use crate::{
    call, effect,
    room::{Network, Room},
};

/// What a site has: the rule that lets live sessions pass by cuts that come after it.
const SITE: &str = "table inet site { chain forward { type filter hook forward priority 0; policy drop; ct state established accept; tcp dport 443 accept; }; }\n";

fn filter(room: &Room) -> Nftables {
    let shell = Shell {
        ssh: None,
        become_: room.words(),
    };
    Nftables::new(shell, Vec::new())
}

#[test]
fn cuts_of_every_form_hold_to_the_contract_and_leave_the_rules_of_the_site() {
    let Some(room) = Room::with(Network::Own, &["nft"]) else {
        return;
    };
    room.feed(&["nft", "-f", "-"], SITE);
    let connector = filter(&room);
    for target in [
        "10.1.0.7",
        "10.1.0.0/24",
        "fd00::/64",
        "10.1.0.0/24 -> 10.2.0.9",
        "10.1.0.7 -> 10.2.0.0/16 tcp 22,445,6000-6063",
        "fd00::1 -> fd01::/64 udp 53",
    ] {
        let effect = effect(&connector, "block-zone-to-zone", target, Value::Null);
        let truth = || room.run(&["nft", "-s", "list", "ruleset"]);
        harness::check(&connector, &effect, truth).unwrap_or_else(|why| panic!("{target}: {why}"));
    }
}

#[test]
fn a_cut_that_somebody_altered_is_not_taken_for_the_cut() {
    let Some(room) = Room::with(Network::Own, &["nft"]) else {
        return;
    };
    let connector = filter(&room);
    let effect = effect(&connector, "block-address", "10.1.0.7", Value::Null);
    assert_eq!(call(&connector, &effect, Act::Do), Answer::Accepted);
    let tables = room.run(&["nft", "list", "tables"]);
    let table = tables.split_whitespace().last().unwrap();
    room.run(&[
        "nft", "insert", "rule", "inet", table, "cut", "ip", "saddr", "10.1.0.7", "accept",
    ]);
    let read = call(&connector, &effect, Act::ReadBack);
    match read {
        Answer::Stands { standing, state } => {
            assert_eq!(
                (standing, state),
                (cordon_act::Standing::Other, "altered".into())
            );
        }
        other => panic!("{other:?}"),
    }
    match call(&connector, &effect, Act::Capture) {
        Answer::Refused { why } => assert!(why.contains("other rules"), "{why}"),
        other => panic!("{other:?}"),
    }
}
