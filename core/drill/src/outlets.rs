//! Northgate with thousands of outlets: an estate of the size that large retailers have, to measure on.
//!
//! Shops, staff, servers and their administrators follow roles, as rights in real directories mostly
//! do; how far they keep to them is the [`Shape`]. Written one thing a line as `cordon/estate/v1`, so
//! that no size is too large. Invariants: the same arguments give the same bytes; prices come from a
//! short list by role and class; what the intruder needs for a road to every jewel is always there.
//! Absent on purpose: names of people and days of logs (see [`crate::northgate`] for those).

mod lines;
mod office;
mod servers;
mod services;
mod shared;
mod shops;

use std::io;

use lines::Lines;

use crate::chance::{Chance, Concern};

/// How far rights keep to roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Rights come from roles, but for 500 loose ones.
    Roles,
    /// Roles, and 50,000 rights that somebody once gave to somebody.
    Exceptions,
    /// Memberships, sessions and rights drawn without any order.
    Random,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 3] = [Self::Roles, Self::Exceptions, Self::Random];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::Exceptions => "exceptions",
            Self::Random => "random",
        }
    }

    /// The shape a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.word() == word)
    }
}

/// A retailer to be written.
#[derive(Debug, Clone, Copy)]
pub struct Outlets {
    /// How many shops; everything else grows with them.
    pub outlets: u32,
    /// How far rights keep to roles.
    pub shape: Shape,
    /// What every draw follows from.
    pub seed: u64,
}

/// How much was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Nodes.
    pub nodes: u64,
    /// Attack edges.
    pub edges: u64,
    /// Services.
    pub services: u64,
    /// Steps.
    pub steps: u64,
}

impl Outlets {
    /// Writes the estate.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(&self, out: impl io::Write) -> io::Result<Written> {
        let mut lines = Lines::new(out);
        let mut chance = Chance::new(self.seed, Concern::Outlets);
        let plan = Sizes::of(*self);
        lines.head()?;
        shops::write(&mut lines, plan)?;
        office::write(&mut lines, plan, &mut chance)?;
        servers::write(&mut lines, plan, &mut chance)?;
        servers::loose_rights(&mut lines, plan, &mut chance)?;
        services::write(&mut lines, plan)?;
        shared::write(&mut lines, plan)?;
        lines.finish()
    }

    /// Ids of so many staff accounts that an intruder may hold, spread over all roles.
    pub fn staff(&self, count: u32) -> Vec<String> {
        let all = Sizes::of(*self).staff;
        let count = count.min(all).max(1);
        (0..count)
            .map(|n| office::staff(n * (all / count)))
            .collect()
    }

    /// The id of everybody outside, who can only come in through remote access.
    pub fn outside(&self) -> String {
        servers::OUTSIDE.to_owned()
    }
}

/// How many there are of everything.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    shape: Shape,
    shops: u32,
    staff: u32,
    servers: u32,
    admins: u32,
}

impl Sizes {
    const REGIONS: u32 = 40;
    const FLOORS: u32 = 20;
    const ROLES: u32 = 300;
    const ACCESS: u32 = 200;
    const ZONES: u32 = 30;
    const POLICIES: u32 = 60;
    const APPS: u32 = 80;
    const TEMPLATES: u32 = 10;
    const CONTROLLERS: u32 = 12;

    fn of(outlets: Outlets) -> Self {
        let shops = outlets.outlets.max(Self::REGIONS);
        Self {
            shape: outlets.shape,
            shops,
            staff: shops * 17 / 2,
            servers: (shops * 3 / 7).max(2 * Self::ZONES),
            admins: (shops / 12).max(Self::ZONES),
        }
    }

    /// Rights that follow from no role.
    fn loose(self) -> u32 {
        match self.shape {
            Shape::Roles | Shape::Random => self.shops / 14,
            Shape::Exceptions => self.shops * 50 / 7,
        }
    }

    fn is_random(self) -> bool {
        self.shape == Shape::Random
    }
}
