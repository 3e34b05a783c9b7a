//! What Northgate sells or owes people.
//!
//! The prices follow what the retailers of 2025 published: a day online is worth £3.8m, and a
//! supply chain that is cut off costs little at first and most a week later, because the shelves
//! are full when it stops.

use super::yaml::{Yaml, list, scalar};
use crate::{account::Role, people::People};

/// One service. `needs` is an expression of the estate format.
struct Service {
    id: &'static str,
    name: &'static str,
    needs: &'static str,
    /// Pounds an hour, cover in hours, ramp in hours.
    loss: (u32, u32, u32),
    promise: Promise,
    /// How to see that it runs; empty if nobody has said.
    probe: &'static str,
}

/// What Northgate has promised about a service.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    None,
    /// No plan may stop it.
    Protected,
    /// People depend on it.
    Lifeline,
    /// Both.
    ProtectedLifeline,
}

use Promise::{Lifeline, None as NoPromise, Protected, ProtectedLifeline};

const SHOPS: &[Service] = &[
    Service {
        id: "service:tills",
        name: "Tills in all shops",
        needs: "{ all: [class:tills-city, class:tills-rural, class:tills-lifeline, class:store-servers-city, class:store-servers-rural, class:store-servers-lifeline] }",
        loss: (830_000, 0, 0),
        promise: Protected,
        probe: "{ log: tills/heartbeat }",
    },
    Service {
        id: "service:terminal-keys",
        name: "Start-of-day keys and limits for card terminals",
        // The terminals' keys are renewed before opening; without that they go on for ten hours.
        needs: "{ all: [host:jobs-1, host:pay-keys-1] }",
        loss: (0, 10, 0),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:contactless",
        name: "Card and contactless payments in shops",
        needs: "{ all: [zone:store-wan, service:terminal-keys, host:hsm-1, { any: [host:pay-switch-1, host:pay-switch-2] }, { any: [{ all: [host:psp-a-link, app:psp-a] }, { all: [host:psp-b-link, app:psp-b] }] }] }",
        loss: (210_000, 0, 2),
        promise: Protected,
        probe: "{ tcp: 10.19.4.10:8583 }",
    },
    Service {
        id: "service:gift-cards",
        name: "Gift cards",
        needs: "{ all: [host:giftcard-1, zone:store-wan] }",
        loss: (6_000, 0, 0),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:price-changes",
        name: "Price and promotion changes in shops",
        needs: "{ all: [host:jobs-1, user:svc-store-deploy@northgate.example, host:file-3] }",
        loss: (4_000, 14, 24),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:pharmacy",
        name: "Dispensing in shops",
        needs: "{ all: [host:rx-1, zone:pharmacy] }",
        loss: (3_000, 4, 4),
        promise: Lifeline,
        probe: "{ tcp: 10.26.4.10:443 }",
    },
];

const SUPPLY: &[Service] = &[
    Service {
        id: "service:edi",
        name: "Orders to suppliers, electronically",
        needs: "{ all: [zone:integration, host:mq-1, { any: [host:edi-1, host:edi-2] }] }",
        loss: (0, 0, 0),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:fresh-ordering",
        name: "Fresh food on the shelves",
        // Small after six hours, ruinous after three days: the shelves are full when ordering stops.
        needs: "{ all: [service:edi, host:jobs-1, host:order-db-1, { any: [host:order-app-1, host:order-app-2] }, user:svc-ordering@northgate.example] }",
        loss: (95_000, 18, 60),
        promise: NoPromise,
        probe: "{ http: http://10.18.4.12/health }",
    },
    Service {
        id: "service:ambient-ordering",
        name: "Everything else on the shelves",
        needs: "{ all: [service:edi, host:jobs-1, host:order-db-1, { any: [host:order-app-1, host:order-app-2] }] }",
        loss: (40_000, 72, 168),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:lifeline-ordering",
        name: "Orders for 60 lifeline shops",
        // The ferries take what was ordered by the evening before.
        needs: "{ all: [service:edi, host:jobs-1, { any: [host:order-app-1, host:order-app-2] }] }",
        loss: (2_500, 16, 24),
        promise: ProtectedLifeline,
        probe: "{ http: http://10.18.4.12/lifeline }",
    },
    Service {
        id: "service:forecasting",
        name: "Forecasts for orders",
        needs: "{ all: [host:forecast-1, host:lake-1] }",
        loss: (9_000, 24, 72),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:depots",
        name: "Depots ship",
        needs: "{ all: [zone:depots, host:wms-app-1, host:wms-db-1, { at_least: 9, of: [host:depot-ashbeck, host:depot-birkholme, host:depot-cawdale, host:depot-drumfearn, host:depot-eastmoor, host:depot-fellside, host:depot-glenarrow, host:depot-hartmere, host:depot-inchmore, host:depot-kilncote, host:depot-larkfield, host:depot-marlow-moor] }] }",
        loss: (110_000, 6, 24),
        promise: NoPromise,
        probe: "{ tcp: 10.24.4.10:443 }",
    },
    Service {
        id: "service:partner-supply",
        name: "Supply of 4,700 franchise and society shops",
        needs: "{ all: [service:fresh-ordering, host:supplier-portal-1] }",
        loss: (22_000, 12, 72),
        promise: NoPromise,
        probe: "",
    },
];

const ONLINE: &[Service] = &[
    Service {
        id: "service:online",
        name: "Web shop: £3.8m a day",
        needs: "{ all: [zone:online, app:cdn, host:shop-db-1, cloud:aws-prod, { at_least: 2, of: [host:web-1, host:web-2, host:web-3, host:web-4] }, { any: [app:psp-a, app:psp-b] }] }",
        loss: (158_333, 0, 1),
        promise: NoPromise,
        probe: "{ http: http://10.22.4.10/health }",
    },
    Service {
        id: "service:click-and-collect",
        name: "Click and collect",
        needs: "{ all: [service:online, host:collect-1, zone:store-wan] }",
        loss: (24_000, 0, 6),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:quick-commerce",
        name: "Delivery within the hour by partners",
        needs: "{ all: [host:qc-gw-1, zone:dmz, cloud:aws-prod, party:quick-commerce] }",
        loss: (18_000, 0, 2),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:member-offers",
        name: "Member prices and offers",
        needs: "{ all: [host:member-db-1, user:svc-etl@northgate.example, host:crm-1] }",
        loss: (3_000, 12, 24),
        promise: NoPromise,
        probe: "",
    },
];

const PEOPLE: &[Service] = &[
    Service {
        id: "service:funeral-care",
        name: "Funeral care in 800 homes",
        needs: "{ all: [zone:funeral, host:funeral-app-1, host:funeral-db-1, class:funeral-homes] }",
        loss: (7_000, 8, 8),
        promise: ProtectedLifeline,
        probe: "{ http: http://10.25.4.10/health }",
    },
    Service {
        id: "service:call-centre",
        name: "Call centre",
        needs: "{ all: [zone:call-centre, host:cti-1, host:crm-1] }",
        loss: (2_000, 0, 4),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:sign-in",
        name: "Staff sign in",
        needs: "{ all: [app:okta, { any: [host:okta-agent-1, host:okta-agent-2] }, { at_least: 2, of: [host:dc1, host:dc2, host:dc3, host:dc4] }] }",
        loss: (9_000, 4, 8),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:remote-work",
        name: "Staff work from home",
        needs: "{ all: [zone:vpn-staff, { any: [host:vpn-gw-1, host:vpn-gw-2] }] }",
        loss: (3_500, 0, 2),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:mail",
        name: "Mail and meetings",
        needs: "{ all: [app:mail, app:teams, app:entra] }",
        loss: (4_000, 1, 8),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:payroll",
        name: "74,000 people are paid",
        needs: "{ all: [host:payroll-1, host:hr-1] }",
        loss: (6_000, 72, 72),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:head-office",
        name: "Head office",
        needs: "{ all: [zone:office-lan, zone:server-lan, { at_least: 2, of: [host:file-1, host:file-2, host:file-3] }] }",
        loss: (2_500, 2, 8),
        promise: NoPromise,
        probe: "",
    },
];

const RUNNING: &[Service] = &[
    Service {
        id: "service:store-support",
        name: "Night support of shops by the outsourcer",
        needs: "{ all: [zone:vpn-partners, { any: [host:jump-partner-1, host:jump-partner-2] }] }",
        loss: (1_200, 2, 6),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:privileged-resets",
        name: "Administrators who locked themselves out are helped by telephone",
        needs: "app:privileged-resets",
        loss: (350, 8, 16),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:unattended-jobs",
        name: "Loads and reports run without anybody fetching passwords",
        needs: "app:unattended-secrets",
        loss: (1_800, 30, 24),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:platform",
        name: "Virtual servers are made, moved and repaired",
        needs: "{ all: [app:vcenter-console, host:vcenter-1, host:vcenter-2] }",
        loss: (1_000, 2, 12),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:backups",
        name: "Backups",
        needs: "{ all: [app:backup-schedule, user:svc-backup@northgate.example, zone:backup, { any: [{ all: [host:backup-1, host:repo-1] }, { all: [host:backup-2, host:repo-2] }] }] }",
        loss: (1_500, 26, 48),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:releases",
        name: "Patches and releases",
        needs: "{ all: [host:config-1, host:deploy-1, host:git-1] }",
        loss: (800, 24, 48),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:watch",
        name: "Somebody is watching",
        needs: "{ all: [host:siem-1, app:edr-console, zone:server-lan] }",
        loss: (5_000, 0, 0),
        promise: NoPromise,
        probe: "",
    },
    Service {
        id: "service:cloud-change",
        name: "Changes to the clouds",
        needs: "{ all: [app:aws-console, app:azure-portal] }",
        loss: (700, 6, 12),
        promise: NoPromise,
        probe: "",
    },
];

pub(super) fn write(yaml: &mut Yaml, people: &People) {
    yaml.part(
        "services",
        "Cover: hours it carries on after it lost a need. Ramp: hours from first to full loss.",
    );
    let parts: [(&str, &[Service]); 5] = [
        ("Shops.", SHOPS),
        ("Supply.", SUPPLY),
        ("Online.", ONLINE),
        ("People.", PEOPLE),
        ("What keeps the rest going.", RUNNING),
    ];
    for (note, services) in parts {
        yaml.note(note);
        for service in services {
            service.write(yaml);
        }
    }
    service_desk(yaml, people);
}

impl Service {
    fn write(&self, yaml: &mut Yaml) {
        let (loss, cover, ramp) = self.loss;
        let mut fields = vec![
            ("id", self.id.to_owned()),
            ("name", scalar(self.name)),
            ("needs", self.needs.to_owned()),
            ("loss_per_hour", loss.to_string()),
            ("cover", format!("{cover}h")),
            ("ramp", format!("{ramp}h")),
        ];
        if matches!(self.promise, Protected | ProtectedLifeline) {
            fields.push(("protected", "true".to_owned()));
        }
        if matches!(self.promise, Lifeline | ProtectedLifeline) {
            fields.push(("care", "lifeline".to_owned()));
        }
        if !self.probe.is_empty() {
            fields.push(("probe", self.probe.to_owned()));
        }
        yaml.block(&fields);
    }
}

/// The desk answers as long as half of its agents can work.
fn service_desk(yaml: &mut Yaml, people: &People) {
    let agents = list(people.of(Role::DeskAgent).iter().map(|a| a.node()));
    let needs = format!(
        "{{ all: [app:itsm, app:reset-console, zone:helpline-vdi, party:helpline, {{ at_least: 13, of: {agents} }}] }}"
    );
    yaml.block(&[
        ("id", "service:service-desk".to_owned()),
        ("name", scalar("The service desk helps 74,000 people")),
        ("needs", needs),
        ("loss_per_hour", "2600".to_owned()),
        ("cover", "0h".to_owned()),
        ("ramp", "4h".to_owned()),
    ]);
}
