//! Who plays which part in the intrusions.

use crate::{
    account::{Account, Role},
    chance::{Chance, Concern},
    machine::{Machine, Machines},
    moment::{Moment, Span},
    people::People,
    place::{Browser, HOSTING, Ip, Provider, RESIDENTIAL_VPN, Seat, TOWNS},
};

/// The parts, as the seed deals them.
pub(crate) struct Cast<'n> {
    /// Whose account is taken: somebody of the outsourcer who runs virtualisation and leads a shift.
    pub(crate) victim: &'n Account,
    /// The desk agent who believes the caller, and did nothing else wrong.
    pub(crate) agent: &'n Account,
    /// A colleague of the victim whose session is still open on the outsourcer's jump host.
    pub(crate) colleague: &'n Account,
    /// A tier 0 account whose session is still open on the job scheduler, where it has no business.
    pub(crate) tier_zero: &'n Account,
    /// People for whom the caller asked first, without success.
    pub(crate) asked_for: [&'n Account; 2],
    /// The jump host that is entered.
    pub(crate) jump: &'n Machine,
    /// The server on which the remote access tool is put.
    pub(crate) scheduler: &'n Machine,
    /// The hypervisor on which the shell is opened.
    pub(crate) hypervisor: &'n Machine,
    /// When the call is answered.
    pub(crate) call: Moment,
    /// Where the intruder sits.
    pub(crate) seat: Seat,
    /// Who comes by wearing somebody down, and as whom.
    pub(crate) exhaustion: Guest<'n>,
    /// Who comes with a password that was bought, and as whom.
    pub(crate) affiliate: Guest<'n>,
}

/// An intruder in somebody's name.
pub(crate) struct Guest<'n> {
    /// Whose account is taken.
    pub(crate) victim: &'n Account,
    /// When it begins.
    pub(crate) at: Moment,
    /// Where the intruder sits.
    pub(crate) seat: Seat,
}

/// What names of devices that nobody gave a name are made of.
const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVW";

/// What the intruder browses with.
const INTRUDERS_BROWSER: Browser = Browser {
    name: "FIREFOX",
    system: "Windows 10",
    raw: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:138.0) Gecko/20100101 Firefox/138.0",
};

impl<'n> Cast<'n> {
    pub(crate) fn new(seed: u64, people: &'n People, machines: &'n Machines) -> Self {
        let mut chance = Chance::new(seed, Concern::Cast);
        let mut draw = |end: u64| usize::try_from(chance.below(end)).unwrap_or(0);
        let (victim, agent) = (draw(4), draw(26));
        let (tier_zero, hypervisor, host) = (draw(5), draw(10), draw(40));
        let first = draw(3);
        let call = Moment::clock(17, 45) + Span::seconds(chance.between(0, 1_500));
        Self {
            victim: people.nth(Role::PartnerVirtualisation, victim),
            agent: people.nth(Role::DeskAgent, agent),
            colleague: people.nth(Role::PartnerVirtualisation, victim + 1),
            tier_zero: people.nth(Role::TierZero, tier_zero),
            asked_for: [
                people.nth(Role::VirtualisationAdmin, first),
                people.nth(Role::BackupAdmin, first),
            ],
            jump: machines.named("jump-partner-1"),
            scheduler: machines.named("jobs-1"),
            hypervisor: machines.hypervisor(hypervisor),
            call,
            seat: intruders_seat(&mut chance, host),
            exhaustion: exhaustion(seed, people),
            affiliate: affiliate(seed, people),
        }
    }
}

/// Wears down somebody who runs the clouds, in the afternoon.
fn exhaustion(seed: u64, people: &People) -> Guest<'_> {
    let mut chance = Chance::new(seed, Concern::Exhaustion);
    let line = low(chance.below(30));
    Guest {
        victim: people.nth(Role::CloudAdmin, usize::from(low(chance.below(5)))),
        at: Moment::clock(15, 10) + Span::seconds(chance.between(0, 9_000)),
        seat: Seat {
            egress: Ip([198, 51, 100, 120 + line]),
            provider: &RESIDENTIAL_VPN,
            town: chance.pick(TOWNS),
            browser: &INTRUDERS_BROWSER,
            device: format!("LAPTOP-{}", chance.letters(LETTERS, 8)),
            inside: Ip([10, 80, 8, 20 + line]),
            from: crate::place::From::Home,
        },
    }
}

/// Comes as somebody who runs databases, after most people went home.
fn affiliate(seed: u64, people: &People) -> Guest<'_> {
    let mut chance = Chance::new(seed, Concern::Affiliate);
    let line = low(chance.below(30));
    Guest {
        victim: people.nth(Role::DatabaseAdmin, usize::from(low(chance.below(4)))),
        at: Moment::clock(18, 5) + Span::seconds(chance.between(0, 4_500)),
        seat: Seat {
            egress: Ip([198, 51, 100, 60 + line]),
            provider: &HOSTING,
            town: chance.pick(TOWNS),
            browser: &INTRUDERS_BROWSER,
            device: format!("WIN-{}", chance.letters(LETTERS, 11)),
            inside: Ip([10, 80, 9, 20 + line]),
            from: crate::place::From::Home,
        },
    }
}

fn low(n: u64) -> u8 {
    u8::try_from(n).unwrap_or(0)
}

fn intruders_seat(chance: &mut Chance, host: usize) -> Seat {
    const PROVIDER: &Provider = &RESIDENTIAL_VPN;
    let line = u8::try_from(host).unwrap_or(0);
    Seat {
        egress: Ip([198, 51, 100, 200 + line]),
        provider: PROVIDER,
        town: chance.pick(TOWNS),
        browser: &INTRUDERS_BROWSER,
        device: format!("DESKTOP-{}", chance.letters(LETTERS, 7)),
        inside: Ip([10, 81, 9, 20 + line]),
        from: crate::place::From::Home,
    }
}
