//! The edges that are the same for every seed, one a line: from, to, kind, minutes, likelihood.
//!
//! No likelihood means that it surely works. Lines that begin with `#` are written into the estate.

const DESK: &str = "\
group:helpline-agents -> group:reset-operators member-of 0m
group:helpline-agents -> zone:helpline-vdi remote-access 5m
group:helpline-agents -> app:itsm sso-to 2m
group:reset-operators -> app:reset-console console-admin 2m
app:reset-console -> class:staff-accounts reset-factor 12m
party:helpline -> zone:helpline-vdi third-party-access 5m
party:helpline -> zone:vpn-partners third-party-access 5m
zone:helpline-vdi -> host:helpline-vdi-1 network-route 20m 0.6
zone:helpline-vdi -> host:helpline-vdi-2 network-route 20m 0.6
# The scheduler makes the nightly extract of personnel data: number, manager, start date.
host:jobs-1 -> app:reset-console passes-caller-check 25m 0.6";

const IDENTITY: &str = "\
group:identity-admins -> app:okta-admin console-admin 2m
app:okta-admin -> app:okta controls 5m
app:okta-admin -> app:reset-console controls 5m
app:okta -> app:aws-console sso-to 3m
app:okta -> app:vault-ui sso-to 3m
app:okta -> app:vcenter-console sso-to 3m
app:okta -> app:entra sso-to 3m
app:okta -> app:sharepoint sso-to 3m
host:okta-agent-1 -> app:okta signs-in-anyone 60m 0.6
host:okta-agent-2 -> app:okta signs-in-anyone 60m 0.6
group:entra-admins -> app:entra-admin console-admin 2m
app:entra-admin -> app:mail controls 10m
app:entra-admin -> app:teams controls 10m
app:entra-admin -> app:sharepoint controls 10m
app:entra-admin -> app:mdm controls 10m
app:entra-admin -> app:azure-portal controls 10m
app:azure-portal -> cloud:azure-prod console-admin 10m
app:mdm -> class:office-pcs deploys-to 45m 0.8
group:domain-admins -> host:dc1 admin-to 5m
group:domain-admins -> host:dc2 admin-to 5m
group:domain-admins -> host:dc3 admin-to 5m
group:domain-admins -> host:dc4 admin-to 5m
group:domain-admins -> group:server-operators add-member 5m
group:domain-admins -> group:esx-admins add-member 5m
group:domain-admins -> group:backup-admins add-member 5m
group:domain-admins -> host:sync1 admin-to 5m
group:domain-admins -> host:pki1 admin-to 5m
host:dc1 -> group:domain-admins dcsync 20m
host:dc2 -> group:domain-admins dcsync 20m
host:dc3 -> group:domain-admins dcsync 20m
host:dc4 -> group:domain-admins dcsync 20m
host:sync1 -> host:dc1 dcsync 15m 0.8
host:sync1 -> app:entra-admin synced-to 30m 0.5
host:pki1 -> group:domain-admins golden-cert 45m 0.7
group:directory-admins -> group:helpline-agents add-member 5m
group:directory-admins -> host:sync1 admin-to 10m
zone:identity -> host:sync1 exposed-service 180m 0.3
zone:identity -> host:pki1 exposed-service 180m 0.2";

const VIRTUALISATION: &str = "\
# Nobody remembers who gave the outsourcer this right; it was for one migration.
group:helpline-virtualisation -> group:esx-admins add-member 5m
group:helpline-virtualisation -> group:vsphere-admins add-member 5m
group:helpline-virtualisation -> app:vcenter-console sso-to 3m
group:helpline-virtualisation -> app:vault-ui sso-to 3m
group:helpline-virtualisation -> app:sharepoint sso-to 2m
group:helpline-virtualisation -> app:aws-console sso-to 5m 0.3
group:helpline-virtualisation -> group:remote-partners member-of 0m
group:helpline-virtualisation -> group:job-operators add-member 10m 0.5
group:vsphere-admins -> app:vcenter-console console-admin 4m
app:vcenter-console -> host:vcenter-1 console-admin 10m 0.9
app:vcenter-console -> host:vcenter-2 console-admin 10m 0.9
# Hypervisors that are joined to the domain trust a group of this name by default.
group:esx-admins -> cluster:ds-a admin-to 15m 0.9
group:esx-admins -> cluster:ds-b admin-to 15m 0.9
host:vcenter-1 -> cluster:ds-a controls 10m
host:vcenter-2 -> cluster:ds-b controls 10m
zone:virtualisation-mgmt -> host:vcenter-1 exposed-service 240m 0.25
zone:virtualisation-mgmt -> host:vcenter-2 exposed-service 240m 0.25";

const BACKUP_AND_VAULT: &str = "\
group:backup-admins -> app:backup-console console-admin 3m
app:backup-console -> host:backup-1 console-admin 5m
app:backup-console -> host:backup-2 console-admin 5m
host:backup-1 -> host:repo-1 controls-backup 15m
host:backup-2 -> host:repo-2 controls-backup 15m
host:backup-1 -> host:dc1 controls-backup 180m 0.5
host:backup-1 -> host:member-db-1 controls-backup 180m 0.6
zone:backup -> host:backup-1 exposed-service 180m 0.3
zone:backup -> host:backup-2 exposed-service 180m 0.3
group:vault-admins -> host:vault-1 admin-to 5m
app:vault-ui -> host:vault-1 exposed-service 300m 0.1
host:vault-1 -> group:domain-admins vault-read 30m 0.9
host:vault-1 -> app:vault-jobs vault-read 5m
app:vault-jobs -> user:svc-backup@northgate.example vault-read 1m
app:vault-jobs -> user:svc-vcenter@northgate.example vault-read 1m
app:vault-jobs -> user:svc-etl@northgate.example vault-read 1m
app:vault-jobs -> user:svc-sql@northgate.example vault-read 1m
app:vault-jobs -> user:svc-store-deploy@northgate.example vault-read 1m
user:svc-backup@northgate.example -> host:backup-1 admin-to 10m
user:svc-backup@northgate.example -> host:backup-2 admin-to 10m
user:svc-vcenter@northgate.example -> group:vsphere-admins member-of 0m
user:svc-etl@northgate.example -> host:member-db-1 admin-to 10m
user:svc-etl@northgate.example -> host:lake-1 admin-to 10m
user:svc-sql@northgate.example -> host:member-db-1 admin-to 10m
user:svc-sql@northgate.example -> host:order-db-1 admin-to 10m
user:svc-sql@northgate.example -> host:wms-db-1 admin-to 10m
user:svc-sql@northgate.example -> host:funeral-db-1 admin-to 10m";

const AUTOMATION: &str = "\
group:job-operators -> host:jobs-1 admin-to 8m
group:helpline-store-support -> group:job-operators member-of 0m
group:helpline-store-support -> group:remote-partners member-of 0m
host:jobs-1 -> user:svc-jobs@northgate.example stores-credential 5m
host:jobs-1 -> app:vault-jobs vault-read 8m
host:jobs-1 -> host:pay-keys-1 runs-jobs-on 20m 0.7
host:jobs-1 -> zone:automation network-route 1m
user:svc-jobs@northgate.example -> host:order-app-1 admin-to 10m
user:svc-jobs@northgate.example -> host:order-app-2 admin-to 10m
user:svc-jobs@northgate.example -> host:wms-app-1 admin-to 10m
user:svc-jobs@northgate.example -> host:supplier-portal-1 admin-to 10m
user:svc-store-deploy@northgate.example -> group:store-deployers member-of 0m
group:store-deployers -> class:store-servers-city deploys-to 30m
group:store-deployers -> class:store-servers-rural deploys-to 30m
group:store-deployers -> class:store-servers-lifeline deploys-to 30m
class:store-servers-city -> class:tills-city admin-to 30m 0.9
class:store-servers-rural -> class:tills-rural admin-to 30m 0.9
class:store-servers-lifeline -> class:tills-lifeline admin-to 30m 0.9
user:svc-config@northgate.example -> host:config-1 admin-to 5m
group:server-operators -> host:config-1 admin-to 5m
host:config-1 -> host:dc3 deploys-to 45m 0.7
host:config-1 -> host:payroll-1 deploys-to 30m
host:config-1 -> class:office-pcs deploys-to 30m
zone:automation -> zone:virtualisation-mgmt network-route 5m
zone:automation -> zone:backup network-route 5m
zone:automation -> zone:identity network-route 5m
zone:automation -> zone:server-lan network-route 5m
group:developers -> host:git-1 admin-to 5m 0.7
host:git-1 -> host:deploy-1 deploys-to 30m 0.6
host:deploy-1 -> host:web-1 deploys-to 20m
host:deploy-1 -> host:web-2 deploys-to 20m
host:deploy-1 -> host:shop-db-1 deploys-to 20m
host:deploy-1 -> cloud:aws-prod deploys-to 30m 0.7";

const TRADE: &str = "\
host:pay-keys-1 -> host:pay-switch-1 admin-to 40m 0.6
host:pay-keys-1 -> host:pay-switch-2 admin-to 40m 0.6
host:pay-keys-1 -> class:terminals deploys-to 60m 0.5
group:payments-engineers -> host:pay-keys-1 admin-to 5m
group:payments-engineers -> host:pay-switch-1 admin-to 10m
group:payments-engineers -> host:pay-switch-2 admin-to 10m
group:payments-engineers -> host:giftcard-1 admin-to 10m
group:database-admins -> host:member-db-1 admin-to 5m
group:database-admins -> host:order-db-1 admin-to 5m
group:database-admins -> host:wms-db-1 admin-to 5m
group:database-admins -> host:funeral-db-1 admin-to 5m
host:lake-1 -> cloud:aws-data stores-credential 20m 0.8
host:bi-1 -> host:member-db-1 stores-credential 40m 0.5
zone:data -> host:member-db-1 exposed-service 240m 0.2
zone:data -> host:bi-1 exposed-service 120m 0.3
zone:server-lan -> host:payroll-1 exposed-service 240m 0.2
zone:server-lan -> host:hr-1 exposed-service 240m 0.3
zone:server-lan -> host:file-1 exposed-service 90m 0.4
zone:server-lan -> zone:data network-route 5m
group:edi-operators -> host:edi-1 admin-to 5m
group:edi-operators -> host:edi-2 admin-to 5m
party:edi-network -> host:edi-1 third-party-access 120m 0.1
host:edi-1 -> host:mq-1 stores-credential 15m
host:mq-1 -> host:order-app-1 network-route 60m 0.4
host:order-app-1 -> host:order-db-1 stores-credential 10m
host:order-app-2 -> host:order-db-1 stores-credential 10m
host:wms-app-1 -> host:wms-db-1 stores-credential 10m
group:buyers -> host:order-app-1 sso-to 5m 0.3
group:call-centre -> host:crm-1 sso-to 5m
host:crm-1 -> host:member-db-1 stores-credential 60m 0.4
group:finance -> host:ledger-1 sso-to 5m
group:people-team -> host:hr-1 sso-to 5m
host:hr-1 -> host:payroll-1 stores-credential 45m 0.5
group:store-managers -> class:handhelds sso-to 10m
group:depot-managers -> host:wms-app-1 sso-to 5m 0.5
group:funeral-directors -> host:funeral-app-1 sso-to 5m
host:funeral-app-1 -> host:funeral-db-1 stores-credential 45m 0.6
group:pharmacists -> host:rx-1 sso-to 5m
group:executives -> app:mail sso-to 2m
host:web-1 -> host:shop-db-1 stores-credential 20m
party:quick-commerce -> host:qc-gw-1 third-party-access 120m 0.1
host:qc-gw-1 -> cloud:aws-prod stores-credential 60m 0.3";

const NETWORK_AND_CLOUD: &str = "\
group:remote-partners -> zone:vpn-partners vpn-entry 3m
group:remote-staff -> zone:vpn-staff vpn-entry 3m
class:staff-accounts -> group:remote-staff member-of 0m 0.4
zone:vpn-partners -> host:jump-partner-1 remote-access 20m 0.8
zone:vpn-partners -> host:jump-partner-2 remote-access 20m 0.8
zone:vpn-staff -> zone:office-lan network-route 5m
zone:office-lan -> class:office-pcs network-route 120m 0.3
host:jump-partner-1 -> host:jobs-1 admin-to 15m 0.9
host:jump-partner-1 -> zone:virtualisation-mgmt network-route 2m
host:jump-partner-1 -> zone:server-lan network-route 2m
host:jump-partner-1 -> zone:helpline-vdi network-route 2m
host:jump-partner-2 -> zone:virtualisation-mgmt network-route 2m
host:jump-partner-2 -> zone:server-lan network-route 2m
host:jump-1 -> group:server-operators has-session 20m 0.7
host:jump-2 -> group:server-operators has-session 20m 0.7
group:network-admins -> app:firewall-manager console-admin 3m
group:network-admins -> host:sdwan-1 admin-to 5m
app:firewall-manager -> zone:backup controls 15m
app:firewall-manager -> zone:virtualisation-mgmt controls 15m
group:cloud-admins -> app:aws-console console-admin 3m
group:cloud-admins -> group:entra-admins member-of 0m
app:aws-console -> cloud:aws-prod console-admin 5m 0.8
app:aws-console -> cloud:aws-data console-admin 5m 0.8
cloud:aws-prod -> cloud:aws-data assumes-role 30m 0.6
group:security-analysts -> app:edr-console console-admin 2m
app:edr-console -> class:office-pcs deploys-to 20m";

/// All of them, each part with what it is about.
pub(super) const ROUTES: [(&str, &str); 7] = [
    ("The outsourced desk.", DESK),
    ("Identity.", IDENTITY),
    (
        "Virtualisation: two consoles over everything.",
        VIRTUALISATION,
    ),
    ("Backup and the vault.", BACKUP_AND_VAULT),
    (
        "Automation: the scheduler has a hand on everything.",
        AUTOMATION,
    ),
    ("What Northgate trades with.", TRADE),
    ("Ways in, networks, clouds.", NETWORK_AND_CLOUD),
];
