//! Rights that matter together, groups of hosts, owners, policies, trusts and groups that everybody is in.

use std::collections::BTreeSet;

use super::{
    check,
    sketch::{Sketch, short},
};
use crate::{estate, known};

#[test]
fn replication_needs_both_rights_and_is_told_of_whoever_is_nearest_to_them() {
    check(
        "D1: Domain
         G1 G2 G3 G4: Group
         U1 U2 U3 U4 U5: User
         G1 GetChanges D1
         U1 GetChanges D1
         U1 GetChangesAll D1
         G2 GetChangesAll D1
         G3 GetChanges D1
         U2 MemberOf G1
         U2 MemberOf G2
         G3 MemberOf G2
         U4 MemberOf G3
         G4 MemberOf G1
         U5 MemberOf G4
         U3 MemberOf G1
         => U1 dcsync D1
         => U2 dcsync D1
         => G3 dcsync D1",
    );
}

#[test]
fn a_group_with_both_rights_stands_for_its_members_unless_they_have_one_by_another_way() {
    check(
        "D1: Domain
         G1 G2 G3 G4 G5: Group
         U1 U2 U3: User
         G1 GetChanges D1
         G2 GetChangesAll D1
         G3 MemberOf G1
         G3 MemberOf G2
         G4 MemberOf G1
         U1 MemberOf G3
         U1 MemberOf G4
         G5 GetChanges D1
         G5 GetChangesAll D1
         U2 MemberOf G5
         U3 MemberOf G5
         U3 MemberOf G1
         => G3 dcsync D1
         => G5 dcsync D1
         => U3 dcsync D1",
    );
}

#[test]
fn local_passwords_are_replicated_by_another_pair_of_rights_where_there_are_any() {
    check(
        "D1: Domain
         G1 G2: Group
         U1: User
         H1: Computer haslaps=true
         H2: Computer haslaps=false
         H3: Computer
         G1 GetChanges D1
         G2 GetChangesInFilteredSet D1
         U1 MemberOf G1
         U1 MemberOf G2
         => U1 sync-laps-password H1
         => U1 sync-laps-password H3 ?",
    );
}

#[test]
fn a_right_that_everybody_has_however_deep_asks_nothing_of_anybody() {
    let of = |edges: &str| {
        format!(
            "D1: Domain
             D2: Domain
             AUTH1 EVERY1 G1 G2 G3: Group
             D1-513: Group
             U1: User
             U1 MemberOf G1
             {edges}"
        )
    };
    // The other right is what counts, and its first holders are told.
    check(&of("AUTH1 MemberOf G2
         G2 MemberOf G3
         G3 GetChanges D1
         G1 GetChangesAll D1
         => G1 dcsync D1"));
    check(&of("EVERY1 GetChangesAll D1
         G1 GetChanges D1
         => G1 dcsync D1"));
    // If everybody has both, whoever they were given to.
    check(&of("AUTH1 GetChanges D1
         G1 GetChanges D1
         EVERY1 GetChangesAll D1
         => AUTH1 dcsync D1
         => G1 dcsync D1
         => EVERY1 dcsync D1"));
}

#[test]
fn whoever_a_trust_lets_in_is_in_the_groups_of_everybody_there() {
    check(
        "D1: Domain
         D2: Domain
         AUTH1 G1: Group
         EVERY1: Group
         AUTH2: Group in=D2
         EVERY2: Group in=D2
         D2 CrossForestTrust D1
         AUTH2 GetChanges D2
         G1 GetChangesAll D2
         AUTH1 GetChangesAll D1
         AUTH2 GetChanges D1
         => G1 dcsync D2
         => AUTH1 dcsync D1
         => AUTH2 dcsync D1",
    );
}

#[test]
fn authenticated_users_of_a_trusted_domain_are_in_those_of_the_trusting_one() {
    let sketch = Sketch::read(
        "D1: Domain
         D2: Domain
         AUTH1: Group
         D1-513: Group
         AUTH2: Group in=D2
         D2 CrossForestTrust D1",
    );
    let expect = BTreeSet::from(["D1-513 AUTH1", "AUTH1 AUTH2"].map(str::to_owned));
    let graph = sketch.graph();
    let collected = sketch.collected();
    let files: Vec<_> = collected
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    for texts in [files, vec![("graph.json", graph.as_str())]] {
        let found = known(&estate(&texts), "member-of").into_iter();
        let found = found.map(|(from, to)| format!("{} {}", short(&from), short(&to)));
        assert_eq!(found.collect::<BTreeSet<_>>(), expect);
    }
}

#[test]
fn anybody_becomes_what_the_way_of_signing_in_makes_of_them() {
    check(
        "D1: Domain
         EVERY1: Group
         ONE.EXAMPLE-S-1-5-2 ONE.EXAMPLE-S-1-5-15 ONE.EXAMPLE-S-1-64-10 ONE.EXAMPLE-S-1-5-9: Group
         D1-501: User enabled=true
         => EVERY1 claim-special-identity ONE.EXAMPLE-S-1-5-2
         => EVERY1 claim-special-identity ONE.EXAMPLE-S-1-5-15
         => EVERY1 claim-special-identity ONE.EXAMPLE-S-1-64-10
         => EVERY1 claim-special-identity D1-501",
    );
}

#[test]
fn members_of_groups_of_a_host_may_do_there_what_the_group_may() {
    check(
        "D1: Domain
         H1 H2: Computer
         G1: Group
         U1 U2: User
         U1 MemberOf G1
         G1 Local544 H1
         U2 Local555 H1
         U2 Local562 H1
         U2 Local580 H1
         U2 Local551 H1
         H2 Local544 H1
         => G1 admin-to H1
         => H2 admin-to H1
         => U2 can-rdp H1
         => U2 execute-dcom H1
         => U2 can-psremote H1
         => U2 can-backup H1",
    );
}

#[test]
fn a_desktop_needs_the_right_to_sign_in_where_such_rights_are_known() {
    let of = |rights: &str| {
        format!(
            "D1: Domain
             H1: Computer hasura=true
             G1 G2: Group
             U1 U2: User
             U1 MemberOf G1
             U1 MemberOf G2
             U2 MemberOf G1
             G1 Local555 H1
             {rights}"
        )
    };
    check(&of("H1-555 RemoteInteractiveLogonRight H1
         => G1 can-rdp H1"));
    check(&of("G2 RemoteInteractiveLogonRight H1
         => U1 can-rdp H1"));
    check(&of("G1 RemoteInteractiveLogonRight H1
         => G1 can-rdp H1"));
    check(&of("U2 RemoteInteractiveLogonRight H1
         => U2 can-rdp H1"));
}

#[test]
fn backups_need_both_rights_beside_the_group_where_such_rights_are_known() {
    let of = |rights: &str| {
        format!(
            "D1: Domain
             H1: Computer hasura=true
             G1 G2: Group
             U1 U2 U3: User
             U1 MemberOf G1
             U1 MemberOf G2
             U2 MemberOf G2
             G1 Local551 H1
             {rights}"
        )
    };
    check(&of("H1-551 BackupPrivilege H1
         H1-551 RestorePrivilege H1
         => G1 can-backup H1"));
    check(&of("G2 BackupPrivilege H1
         G2 RestorePrivilege H1
         => U1 can-backup H1"));
    check(&of("G2 BackupPrivilege H1
         U2 RestorePrivilege H1"));
    // Rights of another group of the host are those of its members.
    check(&of("U3 Local551 H1
         U3 Local562 H1
         H1-562 BackupPrivilege H1
         H1-562 RestorePrivilege H1
         => U3 execute-dcom H1
         => U3 can-backup H1"));
    check(&of("H1-551 BackupPrivilege H1
         => G1 can-backup H1"));
}

#[test]
fn whoever_keeps_tickets_of_others_leads_to_the_domain_unless_they_control_it() {
    check(
        "D1: Domain
         U1: User unconstraineddelegation=true
         U2: User unconstraineddelegation=false
         H1: Computer unconstraineddelegation=true isdc=false
         DC: Computer unconstraineddelegation=true isdc=true
         DC DCFor D1
         => U1 coerce-to-tgt D1
         => H1 coerce-to-tgt D1",
    );
}

#[test]
fn owners_lose_what_they_may_do_to_hosts_and_service_accounts_in_a_strict_domain() {
    check(
        "D1: Domain dsheuristics=\"00000000000000000000000000001\"
         D2: Domain dsheuristics=\"00000000000000000000000000002\"
         D1-512: Group
         U1 ADMIN: User
         T1: User
         S1: User gmsa=true
         S2: User msa=true
         H1: Computer
         H2: Computer in=D2
         ADMIN MemberOf D1-512
         U1 Owns T1
         U1 Owns S1
         U1 Owns H2
         ADMIN Owns H1
         D1-512 Owns S2
         ADMIN WriteOwner H1
         U1 WriteOwner T1
         U1 WriteOwner S2
         U1 WriteOwner H2
         => U1 owns T1
         => U1 owns H2
         => ADMIN owns H1
         => D1-512 owns S2
         => U1 write-owner T1
         => U1 write-owner H2",
    );
}

#[test]
fn policies_go_down_past_what_blocks_them_only_if_enforced() {
    check(
        "D1: Domain
         O1: OU blocksinheritance=false
         O2: OU blocksinheritance=true
         O3: OU blocksinheritance=false
         O4: OU
         C1: Container
         P1 P2 P3: GPO
         U1 U2 U3: User
         H1 H4: Computer
         G1: Group
         L1: User
         P1 GPLink D1
         P2 GPLinkEnforced D1
         P3 GPLink O3
         D1 Contains O1
         O1 Contains O2
         O2 Contains O3
         D1 Contains O4
         O1 Contains C1
         C1 Contains H1
         O1 Contains U1
         O2 Contains U2
         O3 Contains U3
         O4 Contains H4
         L1 WriteGPLink O2
         G1 GenericAll O3
         => P1 gpo-applies U1
         => P2 gpo-applies U1
         => P1 gpo-applies H1
         => P2 gpo-applies H1
         => P2 gpo-applies U2
         => P2 gpo-applies U3
         => P3 gpo-applies U3
         => P1 gpo-applies H4 ?
         => P2 gpo-applies H4
         => L1 can-apply-gpo U2
         => L1 can-apply-gpo U3
         => G1 can-apply-gpo U3",
    );
}

#[test]
fn keys_of_a_trust_lie_with_the_trusted_side_and_lists_are_copied_from_one_object() {
    check(
        "D1: Domain netbios=ONE
         D2: Domain
         U1: User samaccountname=ONE$ in=D2
         U2: User samaccountname=TWO$ in=D2
         K1: Container distinguishedname=CN=AdminSDHolder,CN=System,DC=one,DC=example
         K2: Container distinguishedname=CN=System,DC=one,DC=example
         A1: User adminsdholderprotected=true
         A2: Group adminsdholderprotected=false
         A3: User admincount=false
         A4: Group admincount=true
         A5: User adminsdholderprotected=true in=D2
         A6 A7: User
         D1-512: Group
         A6 MemberOf D1-512
         D1 CrossForestTrust D2
         => D1 has-trust-keys U1
         => K1 protect-admin-groups A1
         => K1 protect-admin-groups A4 ?
         => K1 protect-admin-groups A6 ?
         => K1 protect-admin-groups D1-512 ?",
    );
}
