//! Which machines and networks Northgate has, as tables.

/// Zones with the second byte of their addresses and what they are.
pub(crate) const ZONES: [(&str, u8, &str); 27] = [
    (
        "identity",
        10,
        "Domain controllers and directory synchronisation",
    ),
    (
        "virtualisation-mgmt",
        11,
        "Management network of the hypervisors",
    ),
    ("backup", 12, "Backup servers and repositories"),
    ("vault", 13, "Password vault"),
    ("admin", 14, "Jump hosts"),
    (
        "automation",
        15,
        "Job scheduler, software distribution, releases",
    ),
    ("server-lan", 16, "General servers"),
    ("edge", 17, "Firewalls, VPN gateways, proxies"),
    ("integration", 18, "EDI hub, ordering, forecasting"),
    ("payments", 19, "Payment switch and links to the PSPs"),
    ("payments-mgmt", 20, "Terminal management and key loading"),
    ("data", 21, "Member database and data platform"),
    ("online", 22, "Web shop"),
    ("dmz", 23, "What faces the internet"),
    ("depots", 24, "Twelve depots and warehouse management"),
    ("funeral", 25, "800 funeral homes"),
    ("pharmacy", 26, "In-store pharmacies"),
    ("call-centre", 27, "Call centre"),
    ("office-lan", 40, "Head office"),
    ("store-wan", 60, "Network to all shops"),
    ("stores-city", 61, "900 city shops"),
    ("stores-rural", 62, "1,340 town and village shops"),
    (
        "stores-lifeline",
        63,
        "60 shops on islands and without a rival nearby",
    ),
    (
        "helpline-vdi",
        70,
        "Desktops of the outsourced service desk",
    ),
    ("vpn-staff", 80, "Remote access for staff"),
    ("vpn-partners", 81, "Remote access for outsourcers"),
    ("cloud-prod", 90, "Cloud accounts"),
];

/// The depots' towns are invented.
pub(crate) const DEPOTS: [&str; 12] = [
    "ashbeck",
    "birkholme",
    "cawdale",
    "drumfearn",
    "eastmoor",
    "fellside",
    "glenarrow",
    "hartmere",
    "inchmore",
    "kilncote",
    "larkfield",
    "marlow-moor",
];

/// All machines but hypervisors, depot servers and workstations, which are numbered: name, kind,
/// zone, system, what it is.
pub(super) const TABLE: &str = "\
dc1 | domain-controller | identity | windows | Domain controller, holder of the five roles
dc2 | domain-controller | identity | windows | Domain controller
dc3 | domain-controller | identity | windows | Domain controller, second site
dc4 | domain-controller | identity | windows | Domain controller for the shops
sync1 | directory-sync | identity | windows | Directory synchronisation to the cloud
okta-agent-1 | idp-agent | identity | windows | Identity provider's directory agent
okta-agent-2 | idp-agent | identity | windows | Identity provider's directory agent
pki1 | certificate-authority | identity | windows | Certificate authority
vcenter-1 | vcenter | virtualisation-mgmt | appliance | vCenter, first site
vcenter-2 | vcenter | virtualisation-mgmt | appliance | vCenter, second site
backup-1 | backup-server | backup | windows | Backup server, first site
backup-2 | backup-server | backup | windows | Backup server, second site
repo-1 | backup-repository | backup | linux | Backup repository, first site
repo-2 | backup-repository | backup | linux | Backup repository, second site
vault-1 | password-vault | vault | linux | Password vault
vault-2 | password-vault | vault | linux | Password vault, standby
jump-1 | jump-host | admin | windows | Jump host for staff
jump-2 | jump-host | admin | windows | Jump host for staff
jump-partner-1 | jump-host | admin | windows | Jump host for the outsourcer
jump-partner-2 | jump-host | admin | windows | Jump host for the outsourcer
jobs-1 | job-scheduler | automation | windows | Job scheduler: order runs, price files, terminal keys
jobs-2 | job-scheduler | automation | windows | Job scheduler, cold standby (30 hours to start)
config-1 | software-distribution | automation | windows | Software distribution to servers and desks
deploy-1 | release-server | automation | linux | Releases of own software
git-1 | source-control | automation | linux | Source code
mon-1 | monitoring | server-lan | linux | Monitoring
siem-1 | log-platform | server-lan | linux | Log platform
file-1 | file-server | server-lan | windows | File server
file-2 | file-server | server-lan | windows | File server
file-3 | file-server | server-lan | windows | File server for the shops
print-1 | print-server | server-lan | windows | Print server
hr-1 | application-server | server-lan | windows | Personnel records
payroll-1 | application-server | server-lan | windows | Payroll
ledger-1 | application-server | server-lan | windows | General ledger
relay-1 | mail-relay | dmz | linux | Mail relay
fw-core-1 | firewall | edge | appliance | Core firewall
fw-core-2 | firewall | edge | appliance | Core firewall
vpn-gw-1 | vpn-gateway | edge | appliance | VPN gateway
vpn-gw-2 | vpn-gateway | edge | appliance | VPN gateway
proxy-1 | web-proxy | edge | linux | Web proxy
sdwan-1 | network-controller | edge | appliance | Controller of the network to the shops
edi-1 | edi-hub | integration | windows | EDI hub
edi-2 | edi-hub | integration | windows | EDI hub
order-app-1 | application-server | integration | windows | Ordering
order-app-2 | application-server | integration | windows | Ordering
order-db-1 | database | integration | windows | Ordering database
forecast-1 | application-server | integration | linux | Forecasting
supplier-portal-1 | application-server | integration | windows | Supplier portal
mq-1 | message-broker | integration | linux | Message broker
pay-switch-1 | payment-switch | payments | linux | Payment switch
pay-switch-2 | payment-switch | payments | linux | Payment switch
hsm-1 | hardware-security-module | payments | appliance | Hardware security module
psp-a-link | psp-link | payments | appliance | Line to the first PSP
psp-b-link | psp-link | payments | appliance | Line to the second PSP
giftcard-1 | application-server | payments | windows | Gift cards
pay-keys-1 | terminal-manager | payments-mgmt | windows | Terminal management and start-of-day keys
member-db-1 | database | data | windows | Member database: 6.1 million people
lake-1 | data-platform | data | linux | Data platform
bi-1 | application-server | data | windows | Reports
crm-1 | application-server | data | windows | Member and customer care
web-1 | web-server | online | linux | Web shop
web-2 | web-server | online | linux | Web shop
web-3 | web-server | online | linux | Web shop
web-4 | web-server | online | linux | Web shop
shop-db-1 | database | online | linux | Web shop database
collect-1 | application-server | online | windows | Click and collect
qc-gw-1 | partner-gateway | dmz | linux | Gateway to quick-commerce partners
wms-app-1 | application-server | depots | windows | Warehouse management
wms-db-1 | database | depots | windows | Warehouse management database
funeral-app-1 | application-server | funeral | windows | Funeral care
funeral-db-1 | database | funeral | windows | Funeral care database
rx-1 | application-server | pharmacy | windows | Pharmacy dispensing
cti-1 | telephony | call-centre | windows | Call centre telephony
helpline-vdi-1 | virtual-desktops | helpline-vdi | windows | Desktops of the outsourced desk
helpline-vdi-2 | virtual-desktops | helpline-vdi | windows | Desktops of the outsourced desk";
