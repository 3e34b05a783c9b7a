//! Groups, applications, classes and parties: what is neither an account nor one computer.

use crate::account::Role;

/// A group of the directory or the identity provider: id, name in the directory, relative id.
pub(crate) type Group = (&'static str, &'static str, u32);

/// All groups. The names are those that the directory's own logs use.
pub(crate) const GROUPS: [Group; 33] = [
    ("helpline-agents", "Helpline Agents", 2101),
    (
        "helpline-virtualisation",
        "Helpline Virtualisation Operations",
        2102,
    ),
    ("helpline-store-support", "Helpline Store Support", 2103),
    ("reset-operators", "Password Reset Operators", 2104),
    ("esx-admins", "ESX Admins", 2105),
    ("vsphere-admins", "vSphere Admins", 2106),
    ("backup-admins", "Backup Administrators", 2107),
    ("domain-admins", "Domain Admins", 512),
    ("identity-admins", "Identity Provider Administrators", 2108),
    ("directory-admins", "Directory Administrators", 2109),
    ("entra-admins", "Entra Administrators", 2110),
    ("cloud-admins", "Cloud Administrators", 2111),
    ("network-admins", "Network Administrators", 2112),
    ("database-admins", "Database Administrators", 2113),
    ("payments-engineers", "Payments Engineers", 2114),
    ("server-operators", "Northgate Server Operators", 2115),
    ("store-deployers", "Store Software Deployment", 2116),
    ("job-operators", "Job Operators", 2117),
    ("vault-admins", "Vault Administrators", 2118),
    ("security-analysts", "Security Analysts", 2119),
    ("edi-operators", "EDI Operators", 2120),
    ("developers", "Developers", 2121),
    ("buyers", "Buyers", 2122),
    ("store-managers", "Store Managers", 2123),
    ("depot-managers", "Depot Managers", 2124),
    ("funeral-directors", "Funeral Directors", 2125),
    ("pharmacists", "Pharmacists", 2126),
    ("call-centre", "Call Centre", 2127),
    ("finance", "Finance", 2128),
    ("people-team", "People Team", 2129),
    ("executives", "Executives", 2130),
    ("remote-staff", "Remote Access Staff", 2131),
    ("remote-partners", "Remote Access Partners", 2132),
];

/// The group that everybody of a role is in; none where rights hang on the account itself.
pub(super) const fn group_of(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::DeskAgent => "group:helpline-agents",
        Role::PartnerVirtualisation => "group:helpline-virtualisation",
        Role::PartnerStoreSupport => "group:helpline-store-support",
        Role::IdentityAdmin => "group:identity-admins",
        Role::DirectoryAdmin => "group:directory-admins",
        Role::TierZero => "group:domain-admins",
        Role::VirtualisationAdmin => "group:vsphere-admins",
        Role::BackupAdmin => "group:backup-admins",
        Role::CloudAdmin => "group:cloud-admins",
        Role::NetworkAdmin => "group:network-admins",
        Role::DatabaseAdmin => "group:database-admins",
        Role::PaymentsEngineer => "group:payments-engineers",
        Role::SecurityAnalyst => "group:security-analysts",
        Role::EdiOperator => "group:edi-operators",
        Role::JobOperator => "group:job-operators",
        Role::Developer => "group:developers",
        Role::Buyer => "group:buyers",
        Role::StoreManager => "group:store-managers",
        Role::DepotManager => "group:depot-managers",
        Role::FuneralDirector => "group:funeral-directors",
        Role::Pharmacist => "group:pharmacists",
        Role::CallCentreLead => "group:call-centre",
        Role::Finance => "group:finance",
        Role::PeopleTeam => "group:people-team",
        Role::Executive => "group:executives",
        Role::Service
        | Role::OfficeStaff
        | Role::StoreStaff
        | Role::DepotStaff
        | Role::CallCentreStaff
        | Role::FuneralStaff => return None,
    })
}

/// Applications, clouds, classes, clusters and other parties: id, kind, name.
pub(super) const PLACES: &[(&str, &str, &str)] = &[
    ("app:okta", "identity-provider", "Identity provider"),
    (
        "app:okta-admin",
        "admin-console",
        "Identity provider, administration",
    ),
    (
        "app:reset-console",
        "admin-console",
        "Where the desk resets passwords and second factors",
    ),
    (
        "app:privileged-resets",
        "procedure",
        "The desk may reset privileged accounts too",
    ),
    ("app:entra", "identity-provider", "Cloud directory"),
    (
        "app:entra-admin",
        "admin-console",
        "Cloud directory, administration",
    ),
    ("app:itsm", "application", "Tickets"),
    (
        "app:sharepoint",
        "application",
        "Documents: network plans, runbooks, contracts",
    ),
    ("app:mail", "application", "Mail"),
    (
        "app:teams",
        "application",
        "Meetings and chat; assume the intruder listens",
    ),
    ("app:vault-ui", "application", "Password vault, web"),
    (
        "app:vault-jobs",
        "secret-folder",
        "Vault folder that the job scheduler reads",
    ),
    (
        "app:unattended-secrets",
        "procedure",
        "Jobs fetch passwords without a person",
    ),
    (
        "app:vcenter-console",
        "admin-console",
        "vCenter, console and API",
    ),
    ("app:backup-console", "admin-console", "Backup, console"),
    (
        "app:backup-schedule",
        "procedure",
        "The scheduler starts the nightly backups",
    ),
    (
        "app:edr-console",
        "admin-console",
        "Endpoint detection, console",
    ),
    ("app:aws-console", "admin-console", "Cloud console"),
    ("app:azure-portal", "admin-console", "Second cloud, portal"),
    (
        "app:firewall-manager",
        "admin-console",
        "Firewalls, console",
    ),
    ("app:mdm", "admin-console", "Mobile devices, console"),
    (
        "app:cdn",
        "application",
        "Content delivery for the web shop",
    ),
    ("app:psp-a", "payment-provider", "First payment provider"),
    ("app:psp-b", "payment-provider", "Second payment provider"),
    (
        "cloud:aws-prod",
        "cloud-account",
        "Cloud account of the web shop and quick commerce",
    ),
    (
        "cloud:aws-data",
        "cloud-account",
        "Cloud account with the copy of the member data",
    ),
    ("cloud:azure-prod", "cloud-account", "Second cloud"),
    (
        "cluster:ds-a",
        "hypervisor-cluster",
        "All hypervisors of the first site with their storage",
    ),
    (
        "cluster:ds-b",
        "hypervisor-cluster",
        "All hypervisors of the second site with their storage",
    ),
    (
        "class:store-servers-city",
        "device-class",
        "Servers of 900 city shops",
    ),
    (
        "class:store-servers-rural",
        "device-class",
        "Servers of 1,340 town and village shops",
    ),
    (
        "class:store-servers-lifeline",
        "device-class",
        "Servers of 60 lifeline shops",
    ),
    (
        "class:tills-city",
        "device-class",
        "9,400 tills in city shops",
    ),
    (
        "class:tills-rural",
        "device-class",
        "8,100 tills in town and village shops",
    ),
    (
        "class:tills-lifeline",
        "device-class",
        "190 tills in lifeline shops",
    ),
    (
        "class:terminals",
        "device-class",
        "Card terminals in all shops",
    ),
    (
        "class:handhelds",
        "device-class",
        "Handhelds of shops and depots",
    ),
    (
        "class:office-pcs",
        "device-class",
        "Desks and laptops of head office",
    ),
    (
        "class:staff-accounts",
        "account-class",
        "74,000 accounts without special rights",
    ),
    (
        "class:funeral-homes",
        "device-class",
        "Desks of 800 funeral homes",
    ),
    (
        "party:helpline",
        "third-party",
        "Helpline, the outsourced service desk",
    ),
    (
        "party:quick-commerce",
        "third-party",
        "Partners who deliver within the hour",
    ),
    (
        "party:edi-network",
        "third-party",
        "Network to 3,100 suppliers",
    ),
];

/// What hurts most to lose: node, loss, why.
pub(super) const JEWELS: &[(&str, u32, &str)] = &[
    ("host:dc1", 20_000_000, "every identity in the estate"),
    ("host:dc2", 8_000_000, "every identity in the estate"),
    ("host:dc3", 8_000_000, "every identity in the estate"),
    ("host:dc4", 8_000_000, "sign-on of all shops"),
    (
        "host:vcenter-1",
        12_000_000,
        "one console over half of all servers",
    ),
    (
        "host:vcenter-2",
        10_000_000,
        "one console over half of all servers",
    ),
    (
        "cluster:ds-a",
        60_000_000,
        "all servers of the site encrypted at once; online dark for weeks",
    ),
    (
        "cluster:ds-b",
        40_000_000,
        "all servers of the site encrypted at once",
    ),
    (
        "host:repo-1",
        15_000_000,
        "without backups a ransom is the only way back",
    ),
    (
        "host:repo-2",
        10_000_000,
        "without backups a ransom is the only way back",
    ),
    (
        "host:member-db-1",
        40_000_000,
        "names, addresses and birthdays of 6.1 million members",
    ),
    ("cloud:aws-data", 15_000_000, "the copy of the member data"),
    (
        "host:vault-1",
        12_000_000,
        "every password that opens everything else",
    ),
    (
        "host:pay-switch-1",
        12_000_000,
        "no card payment in any shop",
    ),
    (
        "host:pay-switch-2",
        12_000_000,
        "no card payment in any shop",
    ),
    (
        "class:tills-city",
        6_000_000,
        "9,400 tills to rebuild by hand",
    ),
    (
        "class:tills-rural",
        8_000_000,
        "8,100 tills to rebuild by hand, far apart",
    ),
    (
        "class:tills-lifeline",
        3_000_000,
        "the only shop for miles, cash only for weeks",
    ),
    ("host:funeral-db-1", 5_000_000, "records of the bereaved"),
    ("host:payroll-1", 3_000_000, "bank details of 74,000 people"),
];
