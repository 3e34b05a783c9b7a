//! Everything that happened on the day, by the log that recorded it.

use crate::{
    log::{Delivery, Export, Framing, Stream},
    source::{
        cloudtrail::Call,
        entra::{Audit, SignIn},
        esxi::Esxi,
        fortigate::Tunnel,
        okta::Okta,
        servicenow::Incident,
        sysmon::Sysmon,
        vcenter::Vcenter,
        windows::Windows,
    },
};

/// One stream a log.
pub(crate) struct Ledger<'n> {
    pub(crate) calls: Stream<Call<'n>>,
    pub(crate) audits: Stream<Audit<'n>>,
    pub(crate) sign_ins: Stream<SignIn<'n>>,
    pub(crate) incidents: Stream<Incident<'n>>,
    pub(crate) okta: Stream<Okta<'n>>,
    pub(crate) tunnels: Stream<Tunnel<'n>>,
    pub(crate) hypervisors: Stream<Esxi<'n>>,
    pub(crate) vcenter: Stream<Vcenter>,
    pub(crate) security: Stream<Windows<'n>>,
    pub(crate) sysmon: Stream<Sysmon<'n>>,
    pub(crate) system: Stream<Windows<'n>>,
}

impl Ledger<'_> {
    pub(crate) fn new() -> Self {
        Self {
            calls: Stream::new(),
            audits: Stream::new(),
            sign_ins: Stream::new(),
            incidents: Stream::new(),
            okta: Stream::new(),
            tunnels: Stream::new(),
            hypervisors: Stream::new(),
            vcenter: Stream::new(),
            security: Stream::new(),
            sysmon: Stream::new(),
            system: Stream::new(),
        }
    }

    /// Every log as its system exports it, by path.
    pub(crate) fn export(self, delivery: &mut Delivery<'_>) -> Vec<Export> {
        const LINES: Framing = Framing::Lines;
        const CALLS: Framing = Framing::Within {
            open: "{\"Records\":[\n",
            close: "\n]}\n",
        };
        const TABLE: Framing = Framing::Within {
            open: "{\"result\":[\n",
            close: "\n]}\n",
        };
        vec![
            self.calls.export("cloud/cloudtrail.json", CALLS, delivery),
            self.audits
                .export("entra/auditlogs.ndjson", LINES, delivery),
            self.sign_ins
                .export("entra/signinlogs.ndjson", LINES, delivery),
            self.incidents
                .export("itsm/incidents.json", TABLE, delivery),
            self.okta.export("okta/system-log.ndjson", LINES, delivery),
            self.tunnels.export("vpn/fortigate.log", LINES, delivery),
            self.hypervisors.export("vsphere/esxi.log", LINES, delivery),
            self.vcenter.export("vsphere/vcenter.log", LINES, delivery),
            self.security
                .export("windows/security.ndjson", LINES, delivery),
            self.sysmon.export("windows/sysmon.ndjson", LINES, delivery),
            self.system.export("windows/system.ndjson", LINES, delivery),
        ]
    }
}
