//! Administration that looks like an intrusion and is none.
//!
//! Each kind falls on some days only, in somebody's working hours and at their own desk. A rule that
//! fires on it is not wrong; how often it fires on days without an intruder is what its word is
//! worth.

use super::{Turn, World};
use crate::{
    account::Role,
    chance::{Chance, Concern},
    estate::GROUPS,
    ledger::Ledger,
    moment::{Moment, Span},
    program::{COPYING_THE_DIRECTORY, PORT_FORWARDED, Program},
    source::{
        cloudtrail::{Call, Caller, PRODUCTION},
        entra::{Activity, Audit, Risk, SignIn, SignInResult},
        okta::{Act, Novelty, Okta},
        sysmon::{self, Sysmon},
        vcenter::{Vcenter, disk_attached},
        windows::{self, Windows},
    },
};

/// Secrets of the web shop and the platform, as those who move them read them one by one.
pub(crate) const SECRETS: [&str; 10] = [
    "shop/psp-a",
    "shop/psp-b",
    "shop/sessions",
    "shop/search",
    "platform/vcenter-api",
    "platform/dns",
    "platform/registry",
    "members/export",
    "members/warehouse",
    "ordering/edi",
];

pub(super) fn write<'n>(world: &World<'n>, turns: &[Turn<'n>], ledger: &mut Ledger<'n>) {
    let mut work = Work {
        world,
        turns,
        chance: Chance::new(world.seed, Concern::Lookalikes),
        ledger,
    };
    work.suppliers_tool();
    work.audit_of_the_directory();
    work.new_colleague();
    work.forwarded_port();
    work.secrets_moved();
    work.restore_test();
    work.forgotten_device();
    work.role_given();
    work.travellers();
}

struct Work<'w, 'n> {
    world: &'w World<'n>,
    turns: &'w [Turn<'n>],
    chance: Chance,
    ledger: &'w mut Ledger<'n>,
}

impl<'n> Work<'_, 'n> {
    /// Somebody of a role who works on so many of a hundred days on such a thing, and when. The same
    /// draws are made whatever comes of them.
    fn someone(&mut self, days_percent: u64, role: Role) -> Option<(Turn<'n>, Moment)> {
        let today = self.chance.percent(days_percent);
        let here: Vec<&Turn<'n>> = self.turns.iter().filter(|t| t.who.role == role).collect();
        if here.is_empty() {
            return None;
        }
        let turn = **self.chance.pick(&here);
        let at = turn.some_time(&mut self.chance);
        today.then_some((turn, at))
    }

    fn starts(&mut self, (turn, at): (Turn<'n>, Moment), program: &'static Program) {
        let Some(on) = self.world.machines.workstation_of(&turn.who.sam) else {
            return;
        };
        let record = Sysmon {
            on,
            user: Some(turn.who),
            act: sysmon::Act::Started(program),
            session: self.chance.below(u64::MAX),
        };
        self.ledger.sysmon.push(at, record);
    }

    /// The supplier of the refrigeration looks after a depot's server from afar.
    fn suppliers_tool(&mut self) {
        let depots = self.world.machines.of_kind("depot-server");
        let on = *self.chance.pick(&depots);
        if let Some((turn, at)) = self.someone(40, Role::PartnerStoreSupport) {
            let act = windows::Act::ServiceInstalled {
                by: turn.who,
                name: "TeamViewer",
                image: r#""C:\Program Files\TeamViewer\TeamViewer_Service.exe""#,
            };
            self.ledger.system.push(at, Windows { on, act });
        }
    }

    fn audit_of_the_directory(&mut self) {
        const COPY: &Program = &COPYING_THE_DIRECTORY;
        if let Some(when) = self.someone(30, Role::DirectoryAdmin) {
            self.starts(when, COPY);
        }
    }

    /// Somebody joins those who run the hypervisors, and looks around in vCenter.
    fn new_colleague(&mut self) {
        let joined = self.world.people.of(Role::Developer);
        let member = *self.chance.pick(&joined);
        let Some((turn, at)) = self.someone(20, Role::DirectoryAdmin) else {
            return;
        };
        let Some(group) = GROUPS.iter().find(|(id, ..)| *id == "vsphere-admins") else {
            return;
        };
        let on = self.world.machines.named("dc1");
        let act = windows::Act::AddedToGlobalGroup {
            by: turn.who,
            member,
            group,
        };
        self.ledger.security.push(at, Windows { on, act });
    }

    fn forwarded_port(&mut self) {
        if let Some(when) = self.someone(20, Role::NetworkAdmin) {
            self.starts(when, PORT_FORWARDED);
        }
    }

    /// Secrets are moved to another account.
    fn secrets_moved(&mut self) {
        let Some((turn, mut at)) = self.someone(20, Role::CloudAdmin) else {
            return;
        };
        for secret in SECRETS {
            let call = Call {
                caller: Caller::Person {
                    who: turn.who,
                    seat: &turn.who.seat,
                    set: "CloudAdmin",
                },
                account: PRODUCTION,
                source: "secretsmanager.amazonaws.com",
                name: "GetSecretValue",
                about: ("secretId", secret),
            };
            self.ledger.calls.push(at, call);
            at = at + Span::ms(self.chance.between(4_000, 30_000));
        }
    }

    /// A machine is stopped and its disk read on another, to see whether the backup is any good.
    fn restore_test(&mut self) {
        let Some((turn, at)) = self.someone(25, Role::BackupAdmin) else {
            return;
        };
        let user = turn.who.down_level();
        let off = "ledger-1 on  esx-b02.northgate.example in DC-South is powered off".to_owned();
        for (minute, (event, text)) in [
            (0, ("vim.event.VmPoweredOffEvent", off)),
            (7, disk_attached("print-1", "ledger-1")),
        ] {
            let record = Vcenter {
                site: 2,
                event,
                user: user.clone(),
                text,
            };
            self.ledger.vcenter.push(at + Span::minutes(minute), record);
        }
    }

    /// A device at home signs on by itself, and its owner says no each time.
    fn forgotten_device(&mut self) {
        let role = *self.chance.pick(&[Role::Buyer, Role::StoreManager]);
        let Some((turn, mut at)) = self.someone(25, role) else {
            return;
        };
        let session = self.chance.below(u64::MAX);
        for _ in 0..7 {
            for (after, act) in [(0, Act::PushSent), (9, Act::PushRefused)] {
                let record = Okta {
                    act,
                    actor: turn.who,
                    target: None,
                    seat: &turn.who.seat,
                    session,
                    novelty: Novelty::None,
                };
                self.ledger.okta.push(at + Span::seconds(after), record);
            }
            at = at + Span::ms(self.chance.between(20_000, 60_000));
        }
    }

    fn role_given(&mut self) {
        let members = self.world.people.of(Role::SecurityAnalyst);
        let to = *self.chance.pick(&members);
        if let Some((turn, at)) = self.someone(40, Role::IdentityAdmin) {
            let audit = Audit {
                activity: Activity::RoleGiven("Security Administrator"),
                by: turn.who,
                to,
                seat: &turn.who.seat,
            };
            self.ledger.audits.push(at, audit);
        }
    }

    /// Sign-ins that the directory finds risky, of people on the road.
    fn travellers(&mut self) {
        for _ in 0..2 {
            if let Some((turn, at)) = self.someone(50, Role::OfficeStaff) {
                let sign_in = SignIn {
                    who: turn.who,
                    seat: &turn.who.seat,
                    app: crate::app::named("Microsoft Office 365"),
                    result: SignInResult::Done,
                    risk: Risk::High,
                };
                self.ledger.sign_ins.push(at, sign_in);
            }
        }
    }
}
