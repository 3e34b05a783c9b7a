//! By telephone: a call to the desk, then identities, then nearly the hypervisors.
//!
//! It follows the order and the tempo of the intrusions of 2025 as they were reported, and stops
//! where they became ruinous: a shell is open on one hypervisor, nothing is encrypted, nothing is
//! taken. Only log lines are made; there is no tool here that does any of it.

mod inside;

use crate::{
    app::{App, named},
    cast::Cast,
    chance::{Chance, Concern},
    day::World,
    ledger::Ledger,
    log::Part,
    moment::{Moment, Span},
    source::{
        cloudtrail::{Call, Caller, PRODUCTION},
        entra::{Activity, Audit, Risk, SignIn, SignInResult},
        fortigate::{self, Tunnel},
        okta::{self, APP_METHODS, Novelty, Okta},
        servicenow::{Incident, Matter},
        windows::{self, Windows},
    },
    truth::{Held, Stage},
};

use cordon_model::NodeId;

/// No note of how the caller was checked: the one thing that sets the ticket apart.
const LOCKED_OUT: Matter = Matter {
    short: "Locked out while travelling, new telephone, password and authenticator needed",
    subcategory: "Multi-factor",
    notes: "Caller in a hurry, on call tonight. Reset done.",
    close: "Caller can sign in.",
};

const REFUSED: Matter = Matter {
    short: "Password and authenticator, caller abroad",
    subcategory: "Multi-factor",
    notes: "Caller could not give the employee number and rang off.",
    close: "Nothing changed.",
};

/// Writes the intrusion into the ledger, and says what is held since when.
pub(super) fn pass<'n>(world: &World<'n>, intrusion: usize, ledger: &mut Ledger<'n>) -> Vec<Held> {
    let mut story = Story {
        world,
        cast: world.cast,
        chance: Chance::new(world.seed, Concern::Intrusion),
        ledger,
        intrusion,
        session: 0,
    };
    story.session = story.chance.below(u64::MAX);
    story.call();
    story.resets();
    story.enrols();
    story.signs_in();
    story.opens_applications();
    story.looks_at_the_cloud();
    story.comes_in();
    let jump = story.reads_the_directory();
    let scheduler = story.stays();
    story.adds_rights();
    story.enters_vcenter();
    let held = |node: String, since: Moment| Held {
        node: NodeId::new(node),
        since: since.timestamp(),
        intrusion,
    };
    let cast = world.cast;
    vec![
        held(cast.victim.node(), story.at(6, 0)),
        held(cast.jump.node(), jump),
        held(cast.scheduler.node(), scheduler),
    ]
}

struct Story<'w, 'n> {
    world: &'w World<'n>,
    cast: &'n Cast<'n>,
    chance: Chance,
    ledger: &'w mut Ledger<'n>,
    intrusion: usize,
    session: u64,
}

impl<'n> Story<'_, 'n> {
    /// So long after the call was answered.
    fn at(&self, minutes: i64, seconds: i64) -> Moment {
        self.cast.call + Span::minutes(minutes) + Span::seconds(seconds)
    }

    fn part(&self, stage: Stage) -> Part {
        Part {
            intrusion: self.intrusion,
            stage,
        }
    }

    /// A few seconds, as hands have.
    fn pause(&mut self) -> Span {
        Span::ms(self.chance.between(400, 9_000))
    }

    fn call(&mut self) {
        let agent = self.cast.agent;
        for (caller, before) in self.cast.asked_for.into_iter().zip([-47, -21]) {
            let incident = Incident {
                caller,
                agent,
                matter: &REFUSED,
                closed_after: Some(Span::minutes(3)),
                touched_after: Span::minutes(3),
                contact: "phone",
            };
            self.ledger
                .incidents
                .mark(self.at(before, 0), self.part(Stage::Call), incident);
        }
        let incident = Incident {
            caller: self.cast.victim,
            agent,
            matter: &LOCKED_OUT,
            closed_after: Some(Span::minutes(9)),
            // Written to once more after the reset, by the same agent.
            touched_after: Span::minutes(12),
            contact: "phone",
        };
        self.ledger
            .incidents
            .mark(self.cast.call, self.part(Stage::Call), incident);
    }

    /// What the desk does, believing the caller.
    fn resets(&mut self) {
        let (by, to) = (self.cast.agent, self.cast.victim);
        let session = self.chance.below(u64::MAX);
        let desk = |act| Okta {
            act,
            actor: by,
            target: Some(to),
            seat: &by.seat,
            session,
            novelty: Novelty::None,
        };
        let at = self.at(2, 30);
        self.ledger.okta.mark(
            at,
            self.part(Stage::PasswordReset),
            desk(okta::Act::PasswordReset),
        );
        let on = self.world.machines.named("dc1");
        for (after, act) in [
            (700, windows::Act::PasswordReset { by, to }),
            (740, windows::Act::Changed { by, to }),
        ] {
            let at = at + Span::ms(after);
            self.ledger
                .security
                .mark(at, self.part(Stage::PasswordReset), Windows { on, act });
        }
        let audit = Audit {
            activity: Activity::PasswordReset,
            by,
            to,
            seat: &by.seat,
        };
        self.ledger
            .audits
            .mark(self.at(3, 5), self.part(Stage::PasswordReset), audit);
        for (n, method) in (0..).zip(APP_METHODS) {
            let at = self.at(3, 40) + Span::ms(n * 230);
            self.ledger.okta.mark(
                at,
                self.part(Stage::FactorReset),
                desk(okta::Act::FactorDeactivated(method)),
            );
        }
        let activity = Activity::SecurityInfoDeletedByAdmin;
        let audit = Audit {
            activity,
            by,
            to,
            seat: &by.seat,
        };
        self.ledger
            .audits
            .mark(self.at(4, 10), self.part(Stage::FactorReset), audit);
    }

    /// What the intruder does in the victim's name.
    fn own(&self, act: okta::Act, novelty: Novelty) -> Okta<'n> {
        Okta {
            act,
            actor: self.cast.victim,
            target: None,
            seat: &self.cast.seat,
            session: self.session,
            novelty,
        }
    }

    fn enrols(&mut self) {
        let factor = self.own(
            okta::Act::FactorActivated("OKTA_VERIFY_PUSH"),
            Novelty::None,
        );
        self.ledger
            .okta
            .mark(self.at(6, 0), self.part(Stage::FactorEnrolled), factor);
        let device = self.own(okta::Act::DeviceEnrolled, Novelty::None);
        self.ledger
            .okta
            .mark(self.at(6, 4), self.part(Stage::FactorEnrolled), device);
        let victim = self.cast.victim;
        let activity = Activity::SecurityInfoRegistered;
        let audit = Audit {
            activity,
            by: victim,
            to: victim,
            seat: &self.cast.seat,
        };
        self.ledger
            .audits
            .mark(self.at(8, 0), self.part(Stage::FactorEnrolled), audit);
    }

    fn signs_in(&mut self) {
        for (after, act) in [
            (0, okta::Act::PolicyEvaluated),
            (2, okta::Act::PushSent),
            (8, okta::Act::FactorVerified),
            (9, okta::Act::SessionStarted),
        ] {
            let record = self.own(act, Novelty::AddressAndDevice);
            self.ledger
                .okta
                .mark(self.at(11, after), self.part(Stage::NewSession), record);
        }
        self.cloud_sign_in(self.at(12, 0), Stage::NewSession, Risk::High);
    }

    fn cloud_sign_in(&mut self, at: Moment, stage: Stage, risk: Risk) {
        let app = named("Microsoft Office 365");
        let (who, seat) = (self.cast.victim, &self.cast.seat);
        let result = SignInResult::Done;
        self.ledger.sign_ins.mark(
            at,
            self.part(stage),
            SignIn {
                who,
                seat,
                app,
                result,
                risk,
            },
        );
    }

    fn opens_applications(&mut self) {
        const OPENED: [&str; 10] = [
            "Microsoft Office 365",
            "SharePoint Online",
            "ServiceNow",
            "Password Vault",
            "vCenter SSO",
            "AWS IAM Identity Center",
            "FortiGate VPN",
            "Endpoint Console",
            "Azure Portal",
            "Reports",
        ];
        let mut at = self.at(20, 0);
        for label in OPENED {
            let app: &'static App = named(label);
            let record = self.own(okta::Act::SignedOn(app), Novelty::None);
            self.ledger
                .okta
                .mark(at, self.part(Stage::AppBurst), record);
            at = at + Span::ms(self.chance.between(300, 5_000));
        }
        self.cloud_sign_in(self.at(21, 10), Stage::AppBurst, Risk::Low);
    }

    fn looks_at_the_cloud(&mut self) {
        for (minute, source, name, about) in [
            (24, "signin.amazonaws.com", "ConsoleLogin", ("", "")),
            (26, "secretsmanager.amazonaws.com", "ListSecrets", ("", "")),
            (
                27,
                "secretsmanager.amazonaws.com",
                "GetSecretValue",
                ("secretId", "platform/vcenter-api"),
            ),
        ] {
            let caller = Caller::Person {
                who: self.cast.victim,
                seat: &self.cast.seat,
                set: "PartnerReadOnly",
            };
            let call = Call {
                caller,
                account: PRODUCTION,
                source,
                name,
                about,
            };
            let at = self.at(minute, 0) + self.pause();
            self.ledger
                .calls
                .mark(at, self.part(Stage::CloudAccess), call);
        }
    }

    fn comes_in(&mut self) {
        let number = self.chance.below(u64::MAX);
        let up = self.at(28, 15);
        let mut at = up;
        while at.is_of_the_day() {
            let act = if at == up {
                fortigate::Act::Up
            } else {
                fortigate::Act::Statistics
            };
            let (who, seat) = (self.cast.victim, &self.cast.seat);
            let record = Tunnel {
                act,
                who,
                seat,
                number,
                up_for: at - up,
            };
            self.ledger
                .tunnels
                .mark(at, self.part(Stage::RemoteAccess), record);
            at = at + Span::minutes(10);
        }
    }
}
