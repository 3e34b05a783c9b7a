//! What authorities, templates and weak controllers let whoever asks for certificates do.

use super::check;

/// An authority that signs people in to a domain, with a controller, and nothing weak.
fn domain(ca: &str, dc: &str, rest: &str) -> String {
    let ca = format!(
        "isuserspecifiessanenabled=false disabledextensions=[] hasvulnerableendpoint=false \
         hasenrollmentagentrestrictions=false {ca}"
    );
    let dc = format!(
        "isdc=true certificatemappingmethodsraw=24 strongcertificatebindingenforcementraw=2 {dc}"
    );
    format!(
        "D1: Domain
         ROOT: RootCA
         STORE: NTAuthStore
         CAHOST: Computer enabled=true
         DC: Computer {dc}
         CA: EnterpriseCA {ca}
         DC DCFor D1
         CA IssuedSignedBy ROOT
         CA TrustedForNTAuth STORE
         ROOT RootCAFor D1
         STORE NTAuthStoreFor D1
         CAHOST HostsCAService CA
         => CAHOST golden-cert D1
         {rest}"
    )
}

/// A template that nobody can misuse, with what is different about it.
fn template(id: &str, different: &str) -> String {
    format!(
        "{id}: CertTemplate requiresmanagerapproval=false authenticationenabled=true enrolleesuppliessubject=false \
         schemaversion=2 authorizedsignatures=0 effectiveekus=[\"1.1\"] nosecurityextension=false \
         schannelauthenticationenabled=false subjectaltrequireupn=false subjectaltrequirespn=false \
         subjectaltrequiredns=false subjectaltrequiredomaindns=false applicationpolicies=[] certificatepolicy=[] \
         {different}\n{id} PublishedTo CA\n"
    )
}

#[test]
fn whoever_may_ask_both_the_template_and_the_authority_is_told_of_and_nobody_else() {
    let rest = "G1 G2 G3: Group
         U1 U2 U3 U4: User
         U1 MemberOf G1
         U2 MemberOf G1
         U2 MemberOf G2
         U3 MemberOf G3
         G3 MemberOf G2
         G3 GenericAll T
         U4 AllExtendedRights T
         U4 Enroll CA
         G1 Enroll T
         G2 Enroll CA
         => U2 adcs-esc1 D1
         => G3 adcs-esc1 D1
         => G3 adcs-esc4 D1
         => U4 adcs-esc1 D1\n";
    let open = template("T", "enrolleesuppliessubject=true");
    check(&domain("", "", &format!("{rest}{open}")));
    let (none, _) = rest.split_once("=>").unwrap();
    let none = format!("{none}=> G3 adcs-esc4 D1\n");
    for shut in [
        "requiresmanagerapproval=true",
        "authenticationenabled=false",
        "authorizedsignatures=1",
    ] {
        let shut = template("T", &format!("enrolleesuppliessubject=true {shut}"));
        check(&domain("", "", &format!("{none}{shut}")));
    }
}

#[test]
fn an_authority_that_everybody_may_ask_leaves_the_holders_of_the_template() {
    let rest = "AUTH1 G1: Group
         U1: User
         U1 MemberOf G1
         G1 Enroll T
         AUTH1 Enroll CA
         => G1 adcs-esc1 D1\n";
    let open = template("T", "enrolleesuppliessubject=true");
    check(&domain("", "", &format!("{rest}{open}")));
}

#[test]
fn chains_over_several_authorities_count_and_those_that_end_elsewhere_do_not() {
    let open = template("T", "enrolleesuppliessubject=true");
    let of = |edges: &str| {
        check(&format!(
            "D1: Domain
             D2: Domain
             ROOT1: RootCA
             ROOT2: RootCA in=D2
             STORE1: NTAuthStore
             STORE2: NTAuthStore in=D2
             MIDDLE: AIACA
             CA: EnterpriseCA isuserspecifiessanenabled=false hasvulnerableendpoint=false
             HOST: Computer enabled=true
             G: Group
             G Enroll CA
             G Enroll T
             ROOT1 RootCAFor D1
             ROOT2 RootCAFor D2
             STORE1 NTAuthStoreFor D1
             STORE2 NTAuthStoreFor D2
             HOST HostsCAService CA
             {open}
             {edges}"
        ));
    };
    let found = "=> G adcs-esc1 D1\n=> HOST golden-cert D1";
    of(&format!(
        "CA IssuedSignedBy MIDDLE\nMIDDLE IssuedSignedBy ROOT1\nCA TrustedForNTAuth STORE1\n{found}"
    ));
    of("CA IssuedSignedBy MIDDLE\nMIDDLE IssuedSignedBy ROOT1\nCA TrustedForNTAuth STORE2");
    of("CA IssuedSignedBy ROOT2\nCA TrustedForNTAuth STORE1");
}

#[test]
fn an_authority_on_a_host_that_is_switched_off_gives_nothing() {
    let open = template("T", "enrolleesuppliessubject=true");
    let text = domain(
        "",
        "",
        &format!("G: Group\nG Enroll CA\nG Enroll T\n{open}"),
    );
    let text = text.replace(
        "CAHOST: Computer enabled=true",
        "CAHOST: Computer enabled=false",
    );
    check(&text.replace("=> CAHOST golden-cert D1", ""));
}

#[test]
fn agents_ask_in_the_name_of_others() {
    let agent = template("A", "effectiveekus=[\"1.3.6.1.4.1.311.20.2.1\"]");
    let one = template("T", "schemaversion=1 authorizedsignatures=1");
    let two = template(
        "T",
        "authorizedsignatures=1 applicationpolicies=[\"1.3.6.1.4.1.311.20.2.1\"]",
    );
    let rights = "G: Group
         U1 U2: User
         U1 MemberOf G
         U2 MemberOf G
         G Enroll CA
         G Enroll T
         U1 Enroll A\n";
    let found = "=> U1 adcs-esc3 D1\n";
    for target in [&one, &two] {
        check(&domain("", "", &format!("{rights}{agent}{target}{found}")));
    }
    // Nobody asks an authority for what is not published there.
    let apart = two.replace("T PublishedTo CA\n", "");
    check(&domain("", "", &format!("{rights}{agent}{apart}")));
    let any = template(
        "A",
        "effectiveekus=[\"2.5.29.37.0\",\"1.3.6.1.4.1.311.20.2.1\"]",
    );
    check(&domain("", "", &format!("{rights}{any}{one}{found}")));
    check(&domain("", "", &format!("{rights}{any}{two}")));
    let restricted = "hasenrollmentagentrestrictions=true";
    check(&domain(restricted, "", &format!("{rights}{agent}{two}")));
    let delegated = "G DelegatedEnrollmentAgent T\n";
    check(&domain(
        restricted,
        "",
        &format!("{rights}{agent}{two}{delegated}{found}"),
    ));
    let other = "U2 DelegatedEnrollmentAgent T\n";
    check(&domain(
        restricted,
        "",
        &format!("{rights}{agent}{two}{other}"),
    ));
}

#[test]
fn a_template_for_any_purpose_asks_in_the_name_of_others_for_itself() {
    let any = template("T", "schemaversion=1 effectiveekus=[\"2.5.29.37.0\"]");
    let rights = "U1: User\nU1 Enroll CA\nU1 Enroll T\n=> U1 adcs-esc3 D1\n";
    check(&domain("", "", &format!("{rights}{any}")));
}

#[test]
fn a_template_under_control_is_made_dangerous() {
    let of = |rights: &str, different: &str| {
        let template = template("T", different);
        let rest = format!("G: Group\nU1: User\nU1 MemberOf G\nG Enroll CA\n{rights}\n{template}");
        check(&domain("", "", &rest));
    };
    let found = "=> U1 adcs-esc4 D1";
    for right in ["GenericAll", "WriteDacl"] {
        of(
            &format!("U1 {right} T\n{found}"),
            "authenticationenabled=false",
        );
    }
    of(&format!("U1 Owns T\n=> U1 owns T\n{found}"), "");
    of(
        &format!("U1 WriteOwner T\n=> U1 write-owner T\n{found}"),
        "",
    );
    of(
        &format!("U1 GenericWrite T\nU1 Enroll T\n{found}"),
        "authorizedsignatures=3",
    );
    of("U1 GenericWrite T", "");
    of("U1 Enroll T", "");
    let both = "U1 Enroll T\nU1 WritePKINameFlag T\nU1 WritePKIEnrollmentFlag T";
    of(&format!("{both}\n{found}"), "requiresmanagerapproval=true");
    of(
        both,
        "requiresmanagerapproval=true authenticationenabled=false",
    );
    let name = "U1 Enroll T\nU1 WritePKINameFlag T";
    of(&format!("{name}\n{found}"), "");
    of(name, "requiresmanagerapproval=true");
    let approval = "U1 AllExtendedRights T\nU1 WritePKIEnrollmentFlag T";
    of(
        &format!("{approval}\n{found}"),
        "requiresmanagerapproval=true enrolleesuppliessubject=true",
    );
    of(approval, "requiresmanagerapproval=true");
}

#[test]
fn an_authority_that_takes_any_name_needs_one_more_gap() {
    let of = |ca: &str, dc: &str, different: &str, expect: &str| {
        let template = template("T", different);
        let rest = format!(
            "G: Group\nU1: User\nS1: User gmsa=true\nH1: Computer\nG Enroll CA\nU1 MemberOf G\nH1 MemberOf G\n\
             S1 MemberOf G\nU1 Enroll T\nH1 Enroll T\nS1 Enroll T\n{template}{expect}"
        );
        check(&domain(ca, dc, &rest));
    };
    let kinds = |kind: &str, who: &[&str]| -> String {
        let lines = who.iter().map(|who| format!("=> {who} {kind} D1\n"));
        lines.collect()
    };
    let (san, all) = ("isuserspecifiessanenabled=true", ["U1", "H1", "S1"]);
    of(san, "", "", "");
    of(
        san,
        "",
        "nosecurityextension=true",
        &kinds("adcs-esc6a", &all),
    );
    let dns = "nosecurityextension=true subjectaltrequiredns=true";
    of(san, "", dns, &kinds("adcs-esc6a", &["H1", "S1"]));
    of("", "", "nosecurityextension=true", "");
    let (maps, schannel) = (
        "certificatemappingmethodsraw=31",
        "schannelauthenticationenabled=true",
    );
    of(san, maps, schannel, &kinds("adcs-esc6b", &all));
    of(san, "", schannel, "");
    of(san, "certificatemappingmethodsraw=-1", schannel, "");
    let without = format!("{san} disabledextensions=[\"1.3.6.1.4.1.311.25.2\"]");
    of(&without, "", "", &kinds("adcs-esc16", &all));
    of(&without, "", "authenticationenabled=false", "");
    let other = "subjectaltrequiredomaindns=true";
    of(&without, "", other, &kinds("adcs-esc16", &["H1", "S1"]));
    let open = "disabledextensions=[\"1.3.6.1.4.1.311.25.2\"]";
    of(open, "", "", "");
}

#[test]
fn accounts_under_control_are_renamed_where_controllers_map_weakly() {
    let of = |dc: &str, different: &str, expect: &str| {
        let template = template("T", &format!("nosecurityextension=true {different}"));
        let rest = format!(
            "G: Group\nA1 A2 A3: User\nU1: User\nH1: Computer\nG Enroll CA\nG Enroll T\nU1 MemberOf G\nH1 MemberOf G\n\
             A1 GenericWrite U1\nA2 GenericAll H1\nA3 GenericWrite G\n{template}{expect}"
        );
        check(&domain("", dc, &rest));
    };
    let (weak, upn) = (
        "strongcertificatebindingenforcementraw=1",
        "subjectaltrequireupn=true",
    );
    let both = "=> A1 adcs-esc9a D1\n=> A2 adcs-esc9a D1\n";
    of(weak, upn, both);
    of(
        "strongcertificatebindingenforcementraw=-1",
        "subjectaltrequirespn=true",
        both,
    );
    of("", upn, "");
    of(weak, "subjectaltrequiredns=true", "=> A2 adcs-esc9b D1\n");
    let mixed = "subjectaltrequireupn=true subjectaltrequiredns=true";
    of(weak, mixed, "=> A2 adcs-esc9a D1\n=> A2 adcs-esc9b D1\n");
    of(
        weak,
        "subjectaltrequireupn=true enrolleesuppliessubject=true",
        "=> G adcs-esc1 D1\n",
    );
    let maps = "certificatemappingmethodsraw=4";
    let schannel = "schannelauthenticationenabled=true nosecurityextension=false";
    let ten = "=> A1 adcs-esc10a D1\n=> A2 adcs-esc10a D1\n";
    of(maps, &format!("{schannel} {upn}"), ten);
    of(
        maps,
        &format!("{schannel} subjectaltrequiredns=true"),
        "=> A2 adcs-esc10b D1\n",
    );
    of(maps, upn, "");
}

#[test]
fn a_weak_controller_of_another_domain_of_the_forest_suffices() {
    let template = template("T", "nosecurityextension=true subjectaltrequireupn=true");
    let rest = format!(
        "D2: Domain\nROOT2: RootCA in=D2\nSTORE2: NTAuthStore in=D2\nROOT2 RootCAFor D2\nSTORE2 NTAuthStoreFor D2\nDC2: Computer in=D2 isdc=true strongcertificatebindingenforcementraw=0 \
         certificatemappingmethodsraw=24\nDC2 DCFor D2\nU1 A1: User\nU1 Enroll CA\nU1 Enroll T\nA1 WriteDacl U1\n{template}"
    );
    let forest =
        format!("{rest}D1 SameForestTrust D2\nD2 SameForestTrust D1\n=> A1 adcs-esc9a D1\n");
    check(&domain("", "", &forest));
    check(&domain("", "", &format!("{rest}D1 CrossForestTrust D2\n")));
}

#[test]
fn a_policy_makes_a_member_of_the_group_that_it_stands_for() {
    let of = |different: &str, policy: &str, expect: &str| {
        let template = template("T", &format!("certificatepolicy=[\"1.2.3\"] {different}"));
        let rest = format!(
            "G: Group\nTARGET: Group\nU1: User\nP: IssuancePolicy {policy}\nP OIDGroupLink TARGET\nG Enroll CA\n\
             U1 MemberOf G\nU1 Enroll T\n{template}{expect}"
        );
        check(&domain("", "", &rest));
    };
    let found = "=> U1 adcs-esc13 TARGET\n";
    of("", "certtemplateoid=\"1.2.3\"", found);
    of("", "certtemplateoid=\"1.2.4\"", "");
    of(
        "authenticationenabled=false",
        "certtemplateoid=\"1.2.3\"",
        "",
    );
    of("subjectaltrequiredns=true", "certtemplateoid=\"1.2.3\"", "");
    of(
        "requiresmanagerapproval=true",
        "certtemplateoid=\"1.2.3\"",
        "",
    );
}

#[test]
fn what_was_not_collected_of_an_authority_makes_its_edges_unknown() {
    let template = template(
        "T",
        "nosecurityextension=true schannelauthenticationenabled=true",
    );
    let rest = format!("U1: User\nU1 Enroll CA\nU1 Enroll T\n{template}");
    let of = |without: &[&str], expect: &str| {
        let text = domain("isuserspecifiessanenabled=true", "", &rest);
        let mut text = text.replace("isuserspecifiessanenabled=false ", "");
        for property in without {
            text = text.replace(property, "");
        }
        check(&format!("{text}{expect}"));
    };
    of(&[], "=> U1 adcs-esc6a D1");
    of(
        &["disabledextensions=[]"],
        "=> U1 adcs-esc6a D1\n=> U1 adcs-esc16 D1 ?",
    );
    of(
        &["certificatemappingmethodsraw=24"],
        "=> U1 adcs-esc6a D1\n=> U1 adcs-esc6b D1 ?",
    );
    of(&["isuserspecifiessanenabled=true"], "=> U1 adcs-esc6a D1 ?");
}

#[test]
fn a_host_of_another_forest_runs_no_authority_of_this_one() {
    let open = template("T", "enrolleesuppliessubject=true");
    let text = domain(
        "",
        "",
        &format!("D2: Domain\nG: Group\nG Enroll CA\nG Enroll T\n{open}"),
    );
    let far = text.replace(
        "CAHOST: Computer enabled=true",
        "CAHOST: Computer enabled=true in=D2",
    );
    let edges = "=> G adcs-esc1 D1\n";
    let there = "=> CAHOST golden-cert D2 ?\n=> G adcs-esc1 D2 ?\n";
    check(&format!("{far}D1 SameForestTrust D2\n{edges}{there}"));
    let none = far.replace("=> CAHOST golden-cert D1", "");
    check(&none);
    check(&format!("{none}D1 CrossForestTrust D2\n"));
    let second = "NEAR: Computer enabled=true\nNEAR HostsCAService CA\n=> NEAR golden-cert D1\n";
    check(&format!("{none}{second}{edges}"));
}
