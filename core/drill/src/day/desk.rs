//! The service desk's day: locked accounts, forgotten passwords, new telephones.

use super::{Turn, World};
use crate::{
    account::{Account, Role},
    chance::{Chance, Concern},
    ledger::Ledger,
    moment::{Moment, Span},
    source::{
        entra::{Activity, Audit},
        okta::{APP_METHODS, Act, Novelty, Okta},
        servicenow::{Incident, Matter},
        windows::{self, Windows},
    },
};

const FORGOTTEN: Matter = Matter {
    short: "Forgotten password",
    subcategory: "Password",
    notes: "Caller verified: employee number, start date, called back on the number on file.",
    close: "Temporary password given, changed at next sign-in.",
};
const LOCKED: Matter = Matter {
    short: "Account locked",
    subcategory: "Unlock",
    notes: "Caller verified: employee number, manager's name.",
    close: "Unlocked.",
};
const NEW_PHONE: Matter = Matter {
    short: "New telephone, authenticator app to be set up again",
    subcategory: "Multi-factor",
    notes: "Caller verified: employee number, called back on the number on file, manager confirmed.",
    close: "Old authenticator removed, caller set up the new one.",
};
const BOTH: Matter = Matter {
    short: "New laptop and telephone, cannot sign in",
    subcategory: "Multi-factor",
    notes: "Seen in person at the walk-up desk, staff card checked, manager present.",
    close: "Password and authenticator set up together with the caller.",
};
const OTHER: [Matter; 4] = [
    Matter {
        short: "Label printer offline",
        subcategory: "Hardware",
        notes: "Restarted.",
        close: "Prints again.",
    },
    Matter {
        short: "Till will not open the drawer",
        subcategory: "Hardware",
        notes: "Cable checked.",
        close: "Engineer booked.",
    },
    Matter {
        short: "Rota does not show Sunday",
        subcategory: "Software",
        notes: "Known issue.",
        close: "Explained.",
    },
    Matter {
        short: "Handheld will not charge",
        subcategory: "Hardware",
        notes: "Cradle swapped.",
        close: "Charges.",
    },
];

/// How many calls of each kind a Saturday has.
const CALLS: [(Call, u64); 4] = [
    (Call::Forgotten, 168),
    (Call::Locked, 60),
    (Call::NewPhone, 44),
    (Call::Other, 130),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Call {
    Forgotten,
    Locked,
    NewPhone,
    Other,
}

pub(super) fn write<'n>(world: &World<'n>, turns: &[Turn<'n>], ledger: &mut Ledger<'n>) {
    let mut chance = Chance::new(world.seed, Concern::Desk);
    let agents: Vec<&Turn<'n>> = turns
        .iter()
        .filter(|t| t.who.role == Role::DeskAgent)
        .collect();
    let callers: Vec<&Turn<'n>> = turns
        .iter()
        .filter(|t| t.who.role.desk_can_reset() && !t.who.role.is_partner())
        .collect();
    let mut desk = Desk {
        world,
        chance: &mut chance,
        agents,
        ledger,
    };
    for (call, count) in CALLS {
        for _ in 0..count {
            let caller = **desk.chance.pick(&callers);
            let at = caller.rather_early(desk.chance);
            desk.take(call, caller.who, at);
        }
    }
    // Those whose reset would worry anybody, seen in person: the same records, none of the worry.
    for role in [Role::NetworkAdmin, Role::Developer, Role::DatabaseAdmin] {
        let here = turns.iter().find(|t| t.who.role == role);
        if let Some(turn) = here {
            let at = turn.rather_early(desk.chance);
            desk.walk_in(turn.who, at);
        }
    }
}

struct Desk<'w, 'n> {
    world: &'w World<'n>,
    chance: &'w mut Chance,
    agents: Vec<&'w Turn<'n>>,
    ledger: &'w mut Ledger<'n>,
}

impl<'n> Desk<'_, 'n> {
    fn take(&mut self, call: Call, caller: &'n Account, at: Moment) {
        let Some(agent) = self.agent(at) else { return };
        let matter: &'static Matter = match call {
            Call::Forgotten => &FORGOTTEN,
            Call::Locked => &LOCKED,
            Call::NewPhone => &NEW_PHONE,
            Call::Other => self.chance.pick(&OTHER),
        };
        self.ticket(caller, agent, matter, at);
        let soon = at + Span::ms(self.chance.between(120_000, 300_000));
        match call {
            Call::Forgotten => self.reset_password(agent, caller, soon),
            Call::Locked => {
                let dc = self.world.machines.named("dc4");
                let locked = windows::Act::LockedOut { who: caller };
                self.ledger.security.push(
                    at + Span::seconds(-90),
                    Windows {
                        on: dc,
                        act: locked,
                    },
                );
                self.okta(Act::AccountUnlocked, (agent, Some(caller)), soon);
            }
            Call::NewPhone => self.replace_phone(agent, caller, soon),
            Call::Other => {}
        }
    }

    fn walk_in(&mut self, caller: &'n Account, at: Moment) {
        let Some(agent) = self.agent(at) else { return };
        self.ticket(caller, agent, &BOTH, at);
        self.reset_password(agent, caller, at + Span::minutes(3));
        self.replace_phone(agent, caller, at + Span::minutes(4));
    }

    /// Somebody of the desk who is there.
    fn agent(&mut self, at: Moment) -> Option<&'n Account> {
        let there: Vec<&'n Account> = self
            .agents
            .iter()
            .filter(|t| t.covers(at))
            .map(|t| t.who)
            .collect();
        (!there.is_empty()).then(|| *self.chance.pick(&there))
    }

    fn ticket(
        &mut self,
        caller: &'n Account,
        agent: &'n Account,
        matter: &'static Matter,
        at: Moment,
    ) {
        let closed = Span::ms(self.chance.between(6 * 60_000, 35 * 60_000));
        let contact = if matter.short == BOTH.short {
            "walk-in"
        } else {
            self.chance.pick(&["phone", "phone", "self-service"])
        };
        let incident = Incident {
            caller,
            agent,
            matter,
            closed_after: Some(closed),
            touched_after: closed,
            contact,
        };
        self.ledger.incidents.push(at, incident);
    }

    fn okta(&mut self, act: Act, (actor, target): (&'n Account, Option<&'n Account>), at: Moment) {
        let session = self.chance.below(u64::MAX);
        let seat = &actor.seat;
        let record = Okta {
            act,
            actor,
            target,
            seat,
            session,
            novelty: Novelty::None,
        };
        self.ledger.okta.push(at, record);
    }

    fn reset_password(&mut self, agent: &'n Account, caller: &'n Account, at: Moment) {
        self.okta(Act::PasswordReset, (agent, Some(caller)), at);
        let controllers = self.world.machines.of_kind("domain-controller");
        let on = *self.chance.pick(&controllers);
        let reset = windows::Act::PasswordReset {
            by: agent,
            to: caller,
        };
        self.ledger
            .security
            .push(at + Span::ms(800), Windows { on, act: reset });
        let changed = windows::Act::Changed {
            by: agent,
            to: caller,
        };
        self.ledger
            .security
            .push(at + Span::ms(830), Windows { on, act: changed });
        if self.chance.percent(40) {
            let activity = Activity::PasswordReset;
            let audit = Audit {
                activity,
                by: agent,
                to: caller,
                seat: &agent.seat,
            };
            self.ledger.audits.push(at + Span::seconds(35), audit);
        }
    }

    /// The old authenticator goes at once, the new one comes when the caller gets to it.
    fn replace_phone(&mut self, agent: &'n Account, caller: &'n Account, at: Moment) {
        for (n, method) in (0..).zip(APP_METHODS) {
            let at = at + Span::ms(n * 240);
            self.okta(Act::FactorDeactivated(method), (agent, Some(caller)), at);
        }
        let enrolled = at + Span::ms(self.chance.between(4 * 60_000, 50 * 60_000));
        self.okta(
            Act::FactorActivated("OKTA_VERIFY_PUSH"),
            (caller, None),
            enrolled,
        );
        self.okta(
            Act::DeviceEnrolled,
            (caller, None),
            enrolled + Span::ms(700),
        );
        let activity = Activity::SecurityInfoRegistered;
        let audit = Audit {
            activity,
            by: caller,
            to: caller,
            seat: &caller.seat,
        };
        self.ledger.audits.push(enrolled + Span::seconds(50), audit);
        let session = self.chance.below(u64::MAX);
        let started = Okta {
            act: Act::SessionStarted,
            actor: caller,
            target: None,
            seat: &caller.seat,
            session,
            novelty: Novelty::Device,
        };
        self.ledger.okta.push(enrolled + Span::seconds(75), started);
    }
}
