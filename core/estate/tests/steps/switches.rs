//! What the pages that ship make of small estates.

use crate::{lines, sketch};

/// Of one kind of step, what is made of a sketch.
fn check(kind: &str, text: &str, expect: &[&str]) {
    let mut found = lines(&sketch(text));
    found.retain(|line| line.starts_with(&format!("{kind}/")));
    assert_eq!(found, expect, "{text}");
}

/// A kind of step, a sketch, and what is made of it.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: [Case; 17] = [
    (
        "disable-account",
        "a:user -member-of-> g:group\ng -admin-to-> !j:server",
        &["disable-account/a | a | a | 100"],
    ),
    (
        "remove-from-group",
        "a:user -member-of-> g:group\na -admin-to-> h:server\ng -admin-to-> !j:server",
        &["remove-from-group/a>g | a member-of g | a | 40"],
    ),
    (
        "close-admin-rights",
        "g:group -admin-to-> !j:server\ng -can-rdp-> j\ng -owns-> j\nh:hypervisor-cluster -admin-to-> j",
        &["close-admin-rights/g | g admin-to j, g can-rdp j | g | 200"],
    ),
    (
        "revoke-right",
        "g:group -generic-all-> !j:server\ng -member-of-> x:group\nh:hypervisor-cluster -admin-to-> j",
        &["revoke-right/g>j | g generic-all j | g | 60"],
    ),
    (
        "close-vpn",
        "a:user -vpn-entry-> v:network-zone\nb:user -vpn-entry-> v\nc:user -remote-access-> v\nv -network-route-> !j:server",
        &["close-vpn/v | a vpn-entry v, b vpn-entry v | v | 800"],
    ),
    (
        "close-vpn",
        "a:user -vpn-entry-> v:vpn-gateway\nv -network-route-> !j:server",
        &["close-vpn/v | v | v | 800"],
    ),
    (
        "suspend-service-desk-resets",
        "d:group -reset-factor-> a:user\nd -force-change-password-> b:user\nd -member-of-> x:group\n\
             a -admin-to-> !j:server\nu:user -force-change-password-> a",
        &["suspend-service-desk-resets/d | d reset-factor a, d force-change-password b | d | 300"],
    ),
    (
        "stop-directory-sync",
        "a:user -synced-to-entra-user-> b:az-user\nc:user -synced-to-entra-user-> d:az-user\nb -az-owns-> !j:az-vm",
        &["stop-directory-sync/all | a synced-to-entra-user b, c synced-to-entra-user d |  | 700"],
    ),
    (
        "block-zone-to-zone",
        "a:network-zone -network-route-> b:network-zone\nb -exposed-service-> !j:server",
        &[
            "block-zone-to-zone/a>b | a network-route b | a | 800",
            "block-zone-to-zone/b>j | b exposed-service j | b | 800",
        ],
    ),
    (
        "isolate-zone",
        "a:network-zone -contains-> h:server\na -network-route-> !j:server",
        &["isolate-zone/a | a | a, h | 2500"],
    ),
    (
        "isolate-host",
        "a:user -admin-to-> !j:server\nj -has-session-> b:user",
        &["isolate-host/j | j | j | 600"],
    ),
    (
        "isolate-host",
        "a:user -admin-to-> !j:server\nh:hypervisor -hosts-guest-> j\nj -has-session-> b:user",
        &[
            "isolate-host/j | a admin-to j, j has-session b | j | 600",
            "isolate-host/h | h | h | 600",
        ],
    ),
    (
        "lockdown-hypervisors",
        "v:vcenter -controls-> one:hypervisor\nv -controls-> two:hypervisor\nv -console-admin-> one\ng:group -admin-to-> one\n\
             g -can-ssh-> two\none -hosts-guest-> !j:server\ntwo -hosts-guest-> j",
        &[
            "lockdown-hypervisors/v | g admin-to one, g can-ssh two | g | 2400",
            "lockdown-hypervisors/one | g admin-to one | g | 1200",
            "lockdown-hypervisors/two | g can-ssh two | g | 1200",
        ],
    ),
    (
        "take-application-offline",
        "a:user -sso-to-> p:application\np -stores-credential-> !j:database",
        &["take-application-offline/p | p | p | 500"],
    ),
    (
        "isolate-backup",
        "a:user -admin-to-> one:backup-server\na -admin-to-> two:backup-server\none -controls-backup-> !j:server\ntwo -controls-backup-> j",
        &[
            "isolate-backup/all | one, two | one, two | 700",
            "isolate-backup/one | one | one | 600",
            "isolate-backup/two | two | two | 600",
        ],
    ),
    (
        "disconnect-third-party",
        "p:third-party -third-party-access-> z:network-zone\nz -exposed-service-> !j:server",
        &["disconnect-third-party/p | p | p | 1500"],
    ),
    (
        "restrict-vault",
        "r:group -vault-read-> v:password-vault\nv -vault-read-> u:user\nu -admin-to-> !j:server",
        &[
            "restrict-vault/r>v | r vault-read v | r | 500",
            "restrict-vault/v>u | v vault-read u | v | 500",
        ],
    ),
];

#[test]
fn each_kind_of_step_cuts_what_its_page_says_and_no_more() {
    for (kind, text, expect) in CASES {
        check(kind, text, expect);
    }
}

#[test]
fn what_an_isolated_host_keeps_open_is_the_way_through_its_hypervisor() {
    let read =
        sketch("h:hypervisor -hosts-guest-> !j:server\nh -admin-to-> j\nx:user -admin-to-> h");
    let found = lines(&read);
    assert!(
        found.contains(&"isolate-host/j | h admin-to j | j | 600".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn nobody_is_taken_out_of_a_group_by_what_they_are_nor_built_in_administrators_deprived() {
    let read = sketch(
        "u:user -member-of-> S-1-5-21-1-2-3-513:group\nS-1-5-21-1-2-3-513 -member-of-> N-S-1-5-11:group\n\
         N-S-1-5-11 -admin-to-> !j:server\nS-1-5-21-1-2-3-512:group -generic-all-> j\nu -member-of-> S-1-5-21-1-2-3-1512:group\n\
         S-1-5-21-1-2-3-1512 -generic-all-> j",
    );
    let found = lines(&read);
    let ids: Vec<&str> = found
        .iter()
        .map(|line| line.split(" | ").next().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "close-admin-rights/N-S-1-5-11",
            "disable-account/u",
            "isolate-host/j",
            "remove-from-group/u>S-1-5-21-1-2-3-1512",
            "revoke-right/N-S-1-5-11>j",
            "revoke-right/S-1-5-21-1-2-3-1512>j",
        ]
    );
}
