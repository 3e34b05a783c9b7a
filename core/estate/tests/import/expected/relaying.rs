//! Sign-ins of hosts that are passed on to others.

use super::check;

#[test]
fn a_host_without_signing_falls_to_whoever_makes_another_that_administers_it_sign_in() {
    check(
        "D1: Domain functionallevel=2008
         D2: Domain functionallevel=2016
         AUTH1 D1-525 G1 G2: Group
         AUTH2 D2-525 G3: Group in=D2
         H1: Computer restrictoutboundntlm=false
         H2: Computer smbsigning=false
         H3: Computer smbsigning=true
         H4: Computer smbsigning=false
         H5: Computer restrictoutboundntlm=true
         H6: Computer smbsigning=false restrictoutboundntlm=false
         H7: Computer
         K1: Computer restrictoutboundntlm=false in=D2
         K2: Computer smbsigning=false in=D2
         K3: Computer smbsigning=false in=D2
         K4: Computer restrictoutboundntlm=false in=D2
         U1: User
         H1 MemberOf D1-525
         H1 Local544 H2
         H1 Local544 H3
         H1 Local544 H7
         H5 Local544 H4
         H6 Local544 H6
         U1 Local544 H6
         K1 MemberOf G3
         G3 MemberOf D2-525
         G3 Local544 K2
         G2 Local544 K3
         G1 MemberOf G2
         K4 MemberOf G1
         => H1 admin-to H2
         => H1 admin-to H3
         => H1 admin-to H7
         => H5 admin-to H4
         => U1 admin-to H6
         => G3 admin-to K2
         => G2 admin-to K3
         => AUTH1 coerce-and-relay-ntlm-to-smb H2
         => AUTH1 coerce-and-relay-ntlm-to-smb H7 ?
         => AUTH2 coerce-and-relay-ntlm-to-smb K3",
    );
}

#[test]
fn a_controller_that_asks_for_no_proof_hands_over_hosts_with_a_web_client() {
    check(
        "D1: Domain functionallevel=2016
         AUTH1 D1-525: Group
         DC: Computer isdc=true ldapavailable=true ldapsigning=false ldapsavailable=true ldapsepa=true webclientrunning=true restrictoutboundntlm=false
         H1: Computer webclientrunning=true restrictoutboundntlm=false
         H2: Computer webclientrunning=false restrictoutboundntlm=false
         H3: Computer webclientrunning=true restrictoutboundntlm=true
         H4: Computer webclientrunning=true restrictoutboundntlm=false
         H5: Computer restrictoutboundntlm=false
         H6: Computer webclientrunning=true
         DC DCFor D1
         H4 MemberOf D1-525
         => AUTH1 coerce-and-relay-ntlm-to-ldap H1
         => AUTH1 coerce-and-relay-ntlm-to-ldap H5 ?
         => AUTH1 coerce-and-relay-ntlm-to-ldap H6 ?",
    );
}

#[test]
fn one_of_two_controllers_suffices_and_hands_over_the_other() {
    check(
        "D1: Domain
         AUTH1 D1-525: Group
         DC1: Computer isdc=true ldapavailable=true ldapsigning=true ldapsavailable=true ldapsepa=false webclientrunning=true restrictoutboundntlm=false
         DC2: Computer isdc=true ldapavailable=false ldapsigning=false ldapsavailable=true ldapsepa=false webclientrunning=true restrictoutboundntlm=false
         H1: Computer webclientrunning=true restrictoutboundntlm=false
         DC1 DCFor D1
         DC2 DCFor D1
         H1 MemberOf D1-525
         => AUTH1 coerce-and-relay-ntlm-to-ldaps DC1
         => AUTH1 coerce-and-relay-ntlm-to-ldaps DC2
         => AUTH1 coerce-and-relay-ntlm-to-ldaps H1 ?",
    );
}

#[test]
fn nothing_is_said_where_nobody_asked_about_sign_ins() {
    check(
        "D1: Domain
         AUTH1: Group
         DC: Computer isdc=true
         H1 H2: Computer
         DC DCFor D1
         H1 Local544 H2
         => H1 admin-to H2",
    );
}

/// An authority with a page that binds no sign-in to its channel, of which hosts may ask for certificates.
const WEB: &str = "D1: Domain
     D2: Domain
     AUTH1: Group
     D1-515: Group
     AUTH2: Group in=D2
     ROOT: RootCA
     STORE: NTAuthStore
     CAHOST: Computer enabled=true
     H1: Computer restrictoutboundntlm=false
     H2: Computer restrictoutboundntlm=true
     K1: Computer restrictoutboundntlm=false in=D2
     U1: User
     CA IssuedSignedBy ROOT
     CA TrustedForNTAuth STORE
     ROOT RootCAFor D1
     STORE NTAuthStoreFor D1
     CAHOST HostsCAService CA
     TEMPLATE PublishedTo CA
     AUTH1 Enroll CA
     H1 Enroll TEMPLATE
     H2 Enroll TEMPLATE
     U1 Enroll TEMPLATE
     K1 Enroll TEMPLATE
     => CAHOST golden-cert D1\n";

#[test]
fn an_authority_that_asks_for_no_proof_gives_certificates_of_hosts() {
    let of = |ca: &str, template: &str, expect: &str| {
        let usual = "requiresmanagerapproval=false authenticationenabled=true schemaversion=2 authorizedsignatures=0 \
                     enrolleesuppliessubject=false effectiveekus=[\"1.1\"] nosecurityextension=false \
                     isuserspecifiessanenabled=false";
        let template = format!("TEMPLATE: CertTemplate {usual} {template}");
        let ca = format!("CA: EnterpriseCA isuserspecifiessanenabled=false {ca}");
        check(&format!("{WEB}{ca}\n{template}\n{expect}"));
    };
    let hosts =
        "=> AUTH1 coerce-and-relay-ntlm-to-adcs H1\n=> AUTH1 coerce-and-relay-ntlm-to-adcs K1";
    of("hasvulnerableendpoint=true", "", hosts);
    of("hasvulnerableendpoint=false", "", "");
    of("", "", &hosts.replace('\n', " ?\n").replace("K1", "K1 ?"));
    of(
        "hasvulnerableendpoint=true",
        "authenticationenabled=false",
        "",
    );
    of(
        "hasvulnerableendpoint=true",
        "requiresmanagerapproval=true",
        "",
    );
    of("hasvulnerableendpoint=true", "authorizedsignatures=1", "");
    of(
        "hasvulnerableendpoint=true",
        "authorizedsignatures=1 schemaversion=1",
        hosts,
    );
}
