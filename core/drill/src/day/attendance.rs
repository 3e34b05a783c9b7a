//! Who works on the day, and when.

use crate::{
    account::{Account, Role},
    chance::{Chance, Concern},
    day::World,
    moment::{Moment, Span},
};

/// Somebody's working hours; they may begin before the day and end after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn<'n> {
    pub(crate) who: &'n Account,
    pub(crate) from: Moment,
    pub(crate) until: Moment,
}

impl Turn<'_> {
    /// Some moment of the turn.
    pub(crate) fn some_time(&self, chance: &mut Chance) -> Moment {
        Moment::at_ms(chance.between(self.from.as_ms(), self.until.as_ms()))
    }

    /// The same, early in the turn more often than late.
    pub(crate) fn rather_early(&self, chance: &mut Chance) -> Moment {
        let (one, other) = (self.some_time(chance), self.some_time(chance));
        one.min(other)
    }

    pub(crate) fn covers(&self, at: Moment) -> bool {
        (self.from..self.until).contains(&at)
    }

    /// Whole hours that it lasts.
    pub(crate) fn hours(&self) -> u64 {
        u64::try_from((self.until - self.from).as_ms() / 3_600_000).unwrap_or(0)
    }
}

/// How many of a hundred work this Saturday, at which hours (UTC) turns begin, and how long they
/// last.
const fn habits(role: Role) -> (u64, &'static [i64], i64) {
    match role {
        Role::DeskAgent => (100, &[-3, 5, 13, 21], 8),
        Role::PartnerVirtualisation | Role::PartnerStoreSupport => (100, &[5, 5, 13, 21], 8),
        Role::StoreManager | Role::StoreStaff | Role::Pharmacist => (68, &[5, 6, 9, 12], 9),
        Role::DepotManager | Role::DepotStaff => (70, &[-4, 4, 12, 20], 8),
        Role::CallCentreLead | Role::CallCentreStaff => (60, &[7, 9, 11], 8),
        Role::FuneralDirector | Role::FuneralStaff => (35, &[7, 8], 8),
        Role::IdentityAdmin
        | Role::DirectoryAdmin
        | Role::VirtualisationAdmin
        | Role::BackupAdmin
        | Role::CloudAdmin
        | Role::NetworkAdmin
        | Role::DatabaseAdmin
        | Role::PaymentsEngineer
        | Role::SecurityAnalyst
        | Role::EdiOperator
        | Role::JobOperator => (55, &[6, 7, 8, 13], 8),
        Role::Developer
        | Role::Buyer
        | Role::Finance
        | Role::PeopleTeam
        | Role::Executive
        | Role::OfficeStaff => (16, &[8, 9, 10], 5),
        Role::TierZero | Role::Service => (0, &[8], 1),
    }
}

/// Everybody's turns, by the order of people.
pub(super) fn turns<'n>(world: &World<'n>) -> Vec<Turn<'n>> {
    let mut chance = Chance::new(world.seed, Concern::SignIns);
    let mut turns = Vec::new();
    for who in world.people.all() {
        let (present, starts, hours) = habits(who.role);
        let (drawn, start) = (chance.percent(present), *chance.pick(starts));
        let late = Span::ms(chance.between(-20 * 60_000, 25 * 60_000));
        if let Some(start) = part(world, who, start).filter(|_| drawn) {
            let from = Moment::clock(start, 0) + late;
            turns.push(Turn {
                who,
                from,
                until: from + Span::hours(hours),
            });
        }
    }
    turns
}

/// When somebody's turn begins, after what the story asks of them: the agent who takes the call is
/// there in the evening, whoever is impersonated went home long before.
fn part(world: &World<'_>, who: &Account, start: i64) -> Option<i64> {
    let cast = world.cast;
    let is = |other: &Account| other.sam == who.sam;
    if is(cast.agent) {
        return Some(13);
    }
    if is(cast.victim) || is(cast.colleague) {
        return Some(5);
    }
    (!cast.asked_for.iter().any(|other| is(other))).then_some(start)
}
