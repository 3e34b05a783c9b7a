//! Northgate's estate as `cordon/estate/v1`: what an inventory would say the day before.
//!
//! The topology is the same for every seed; people, and whose sessions were left open where, differ.
//! It is built so that the obvious answers are wrong in the ways they were wrong in 2025: the server
//! that must be cut off carries the jobs that tills and island shops live on, and what is held is
//! not what matters. Absent on purpose: anything that only the intrusion brings about.

mod console_steps;
mod edges;
mod network_steps;
mod nodes;
mod places;
mod routes;
mod services;
mod shared_steps;
mod steps;
mod yaml;

use crate::{cast::Cast, machine::Machines, people::People};
pub(crate) use places::{GROUPS, Group};
use yaml::Yaml;

const HEAD: &str = "\
# Northgate, a retailer that does not exist: 2,300 shops, 12 depots, 800 funeral homes, a web shop.
#
# This file is what Cordon must know of an organisation to answer \"what do we switch off, and what
# will that cost us tomorrow and next week?\". It has four parts:
#   nodes     what somebody could hold: accounts, groups, computers, networks, whole classes of tills
#   edges     holding `from` lets an intruder take `to`, in so many minutes, with some likelihood
#   services  what Northgate sells or owes people, what each needs, what an hour without it costs
#   steps     what can be switched off, what that cuts, what it takes down, what it costs
# Money is in pounds. Made by `cordon demo`; every name and address in it is invented.
";

/// Writes the estate.
pub(crate) fn estate(people: &People, machines: &Machines, cast: &Cast<'_>) -> String {
    let mut yaml = Yaml::new(HEAD);
    yaml.line("cordon: estate/v1");
    yaml.line("name: Northgate");
    yaml.line("currency: GBP");
    nodes::write(&mut yaml, people, machines);
    edges::write(&mut yaml, people, machines, cast);
    services::write(&mut yaml, people);
    steps::write(&mut yaml, people, machines);
    shared_steps::write(&mut yaml, people, machines, cast);
    yaml.finish()
}

#[cfg(test)]
mod tests {
    use cordon_estate::{Pages, read};
    use cordon_text::Source;

    use super::estate;
    use crate::{cast::Cast, machine::Machines, people::People};

    #[test]
    fn other_seeds_give_other_people_in_the_same_estate() {
        let made = |seed| {
            let people = People::new(seed);
            let machines = Machines::new(&people);
            let text = estate(&people, &machines, &Cast::new(seed, &people, &machines));
            let read = read(&[Source::new("estate.yaml", text)], &Pages::default());
            read.unwrap().estate
        };
        let first = made(0);
        for seed in 1..6 {
            let other = made(seed);
            assert_eq!(other.nodes().len(), first.nodes().len());
            assert_eq!(other.steps().len(), first.steps().len());
            assert_ne!(other.nodes(), first.nodes());
        }
    }
}
