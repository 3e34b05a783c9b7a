//! People sign in, open applications, and come in from home.

use super::{Turn, World};
use crate::{
    account::Role,
    app::{App, EVERYDAY, PRIVILEGED, TRADE, named},
    chance::{Chance, Concern},
    ledger::Ledger,
    moment::{Moment, Span},
    place::From,
    source::{
        entra::{Risk, SignIn, SignInResult},
        fortigate::{self, Tunnel},
        okta::{self, Novelty, Okta},
    },
};

pub(super) fn write<'n>(world: &World<'n>, turns: &[Turn<'n>], ledger: &mut Ledger<'n>) {
    let mut chance = Chance::new(world.seed ^ 1, Concern::SignIns);
    for turn in turns {
        sign_in(turn, &mut chance, ledger);
        if comes_in(turn) {
            tunnel(turn, &mut chance, ledger);
        }
    }
}

fn comes_in(turn: &Turn<'_>) -> bool {
    let role = turn.who.role;
    turn.who.seat.from == From::Home
        && (role.runs_systems()
            || role.is_partner()
            || matches!(
                role,
                Role::OfficeStaff | Role::Developer | Role::CallCentreStaff
            ))
}

/// The morning's sign-in, and everything opened during the turn.
fn sign_in<'n>(turn: &Turn<'n>, chance: &mut Chance, ledger: &mut Ledger<'n>) {
    let session = chance.below(u64::MAX);
    let novelty = match chance.below(100) {
        0 => Novelty::Device,
        1..=3 => Novelty::Address,
        _ => Novelty::None,
    };
    let begin = turn.from + Span::ms(chance.between(0, 900_000));
    let record = |act, novelty| Okta {
        act,
        actor: turn.who,
        target: None,
        seat: &turn.who.seat,
        session,
        novelty,
    };
    if chance.percent(4) {
        ledger.okta.push(
            begin + Span::seconds(-40),
            record(okta::Act::SessionRefused, Novelty::None),
        );
    }
    for (after, act) in [
        (0, okta::Act::PolicyEvaluated),
        (1_400, okta::Act::PushSent),
        (9_000, okta::Act::FactorVerified),
        (9_600, okta::Act::SessionStarted),
    ] {
        ledger
            .okta
            .push(begin + Span::ms(after), record(act, novelty));
    }
    for _ in 0..turn.hours() + 4 {
        let (at, app) = (turn.rather_early(chance), application(turn, chance));
        ledger
            .okta
            .push(at, record(okta::Act::SignedOn(app), Novelty::None));
        entra(turn, at, chance, ledger);
    }
    for _ in 0..turn.hours() / 2 {
        entra(turn, turn.some_time(chance), chance, ledger);
    }
}

/// What somebody opens: mostly what everybody does, those who run systems also the keys to them.
fn application(turn: &Turn<'_>, chance: &mut Chance) -> &'static App {
    let privileged = turn.who.role.runs_systems() || turn.who.role.is_partner();
    match chance.below(10) {
        0..=5 => chance.pick(EVERYDAY),
        6 | 7 if privileged && turn.who.role != Role::DeskAgent => chance.pick(PRIVILEGED),
        _ => chance.pick(TRADE),
    }
}

fn entra<'n>(turn: &Turn<'n>, at: Moment, chance: &mut Chance, ledger: &mut Ledger<'n>) {
    let result = match chance.below(60) {
        0 => SignInResult::WrongPassword,
        1 => SignInResult::StrongAuthenticationNeeded,
        2 if chance.percent(10) => SignInResult::Locked,
        _ => SignInResult::Done,
    };
    let risk = if chance.below(400) == 0 {
        Risk::Low
    } else {
        Risk::None
    };
    let labels = ["Microsoft Office 365", "SharePoint Online"];
    let app = named(chance.pick::<&'static str>(&labels));
    ledger.sign_ins.push(
        at + Span::ms(chance.between(200, 2_000)),
        SignIn {
            who: turn.who,
            seat: &turn.who.seat,
            app,
            result,
            risk,
        },
    );
}

/// How often a gateway counts what went through a tunnel.
const STATISTICS_EVERY: Span = Span::minutes(10);

fn tunnel<'n>(turn: &Turn<'n>, chance: &mut Chance, ledger: &mut Ledger<'n>) {
    let number = chance.below(u64::MAX);
    let up = turn.from + Span::ms(chance.between(600_000, 1_500_000));
    let record = |act, up_for| Tunnel {
        act,
        who: turn.who,
        seat: &turn.who.seat,
        number,
        up_for,
    };
    if chance.percent(5) {
        let failed = record(fortigate::Act::LoginFailed, Span::ms(0));
        ledger.tunnels.push(up + Span::seconds(-25), failed);
    }
    ledger
        .tunnels
        .push(up, record(fortigate::Act::Up, Span::ms(0)));
    let mut at = up + STATISTICS_EVERY;
    while at < turn.until {
        ledger
            .tunnels
            .push(at, record(fortigate::Act::Statistics, at - up));
        at = at + STATISTICS_EVERY;
    }
    ledger
        .tunnels
        .push(turn.until, record(fortigate::Act::Down, turn.until - up));
}
