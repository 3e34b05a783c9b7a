//! What is cut, as an estate writes it: `10.1.0.7`, or `10.1.0.0/24 -> 10.2.0.9 tcp 22,445,6000-6063`.
//!
//! One side alone is cut off from everything; with two sides, connections from the first to the second
//! end, and those that the second begins go on. Invariant: what was parsed has no address twice and is of one family.

use std::net::IpAddr;

use cordon_act::Digest;
use ipnet::IpNet;

use super::rule::{Condition, Protocol, Rule, Side};
use crate::shell::Ends;

/// More ports than anybody lists by hand.
const PORTS_MAX: usize = 64;

/// A cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    target: String,
    from: IpNet,
    to: Option<To>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct To {
    net: IpNet,
    ports: Option<(Protocol, Vec<Ports>)>,
}

/// A port, or a range of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ports {
    pub(crate) first: u16,
    pub(crate) last: u16,
}

impl Cut {
    /// Reads a target.
    ///
    /// # Errors
    /// What was wanted, and what was found.
    pub(crate) fn parse(target: &str) -> Result<Self, String> {
        let (from, to) = match target.split_once("->") {
            None => (net(target)?, None),
            Some((from, to)) => (net(from)?, Some(To::parse(to)?)),
        };
        if let Some(to) = &to
            && matches!(from, IpNet::V4(_)) != matches!(to.net, IpNet::V4(_))
        {
            return Err(format!("`{target}` has addresses of two families"));
        }
        Ok(Self {
            target: target.split_whitespace().collect::<Vec<_>>().join(" "),
            from,
            to,
        })
    }

    /// The name of its table: the same for the same cut.
    pub(crate) fn table(&self) -> String {
        let digest = Digest::of(self.target.as_bytes()).to_string();
        format!("cordon_{digest:.16}")
    }

    pub(crate) fn cut_off(&self) -> String {
        super::rule::net_text(self.from)
    }

    /// Whether it ends an SSH connection.
    pub(crate) fn parts(&self, ends: &Ends) -> bool {
        let Some(to) = &self.to else {
            return self.from.contains(&ends.client) || self.from.contains(&ends.server);
        };
        let port = to.ports.as_ref().is_none_or(|(protocol, ports)| {
            let within = |ports: &Ports| (ports.first..=ports.last).contains(&ends.server_port);
            *protocol == Protocol::Tcp && ports.iter().any(within)
        });
        port && self.from.contains(&ends.client) && to.net.contains(&ends.server)
    }

    /// What is dropped.
    pub(crate) fn rules(&self) -> Vec<Rule> {
        let Some(to) = &self.to else {
            let sides = [Side::Source, Side::Destination];
            return sides
                .map(|side| Rule(vec![Condition::Net(side, self.from)]))
                .to_vec();
        };
        let mut rules = Vec::new();
        for ports in to.each_port() {
            // Traffic that is not tracked has no direction and would pass by the other rules.
            for (tracked, back) in [
                (Condition::Original, false),
                (Condition::Untracked, false),
                (Condition::Reply, true),
            ] {
                let (source, destination) = if back {
                    (to.net, self.from)
                } else {
                    (self.from, to.net)
                };
                let mut conditions = vec![
                    tracked,
                    Condition::Net(Side::Source, source),
                    Condition::Net(Side::Destination, destination),
                ];
                conditions.extend(ports.map(|(protocol, ports)| {
                    let side = if back {
                        Side::Source
                    } else {
                        Side::Destination
                    };
                    Condition::Port(protocol, side, ports)
                }));
                rules.push(Rule(conditions));
            }
        }
        rules
    }
}

impl To {
    fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let address = net(words.next().unwrap_or_default())?;
        let ports = match (words.next(), words.next(), words.next()) {
            (None, _, _) => None,
            (Some(word @ ("tcp" | "udp")), Some(list), None) => {
                let protocol = if word == "tcp" {
                    Protocol::Tcp
                } else {
                    Protocol::Udp
                };
                Some((protocol, ranges(list)?))
            }
            (_, _, _) => {
                return Err(format!(
                    "expected an address and perhaps `tcp` or `udp` with ports, found `{}`",
                    text.trim()
                ));
            }
        };
        Ok(Self {
            net: address,
            ports,
        })
    }

    fn each_port(&self) -> Vec<Option<(Protocol, Ports)>> {
        match &self.ports {
            None => vec![None],
            Some((protocol, ports)) => ports.iter().map(|one| Some((*protocol, *one))).collect(),
        }
    }
}

/// An address, or a network written by its first address.
fn net(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let net: IpNet = match text.parse::<IpAddr>() {
        Ok(address) => address.into(),
        Err(_) => text
            .parse()
            .map_err(|_why| format!("expected an address or a network, found `{text}`"))?,
    };
    if net.prefix_len() == 0 {
        return Err(format!("`{text}` is everything: name what is cut off"));
    }
    if net.trunc() != net {
        let meant = net.trunc();
        return Err(format!(
            "`{text}` is an address within a network: write `{meant}`, or the address alone"
        ));
    }
    Ok(net)
}

fn ranges(text: &str) -> Result<Vec<Ports>, String> {
    let wrong = || format!("expected ports such as `22,445,6000-6063`, found `{text}`");
    let mut found = Vec::new();
    for part in text.split(',') {
        let (low, high) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.parse::<u16>().ok().filter(|port| *port > 0);
        match (number(low), number(high)) {
            (Some(first), Some(last)) if first <= last => found.push(Ports { first, last }),
            (_, _) => return Err(wrong()),
        }
    }
    if found.len() > PORTS_MAX {
        return Err(format!(
            "`{text}` has more than {PORTS_MAX} ports: write ranges"
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::Cut;
    use crate::shell::Ends;

    #[test]
    fn a_cut_is_written_as_rules_that_drop_both_ways_and_leave_the_other_direction() {
        let rules = |target: &str| -> Vec<String> {
            let cut = Cut::parse(target).unwrap();
            cut.rules()
                .iter()
                .map(super::super::rule::Rule::text)
                .collect()
        };
        assert_eq!(
            rules("10.1.0.7"),
            [
                "ip saddr 10.1.0.7 counter drop",
                "ip daddr 10.1.0.7 counter drop"
            ]
        );
        assert_eq!(
            rules("10.1.0.0/24 -> 10.2.0.9 tcp 22"),
            [
                "ct direction original ip saddr 10.1.0.0/24 ip daddr 10.2.0.9 tcp dport 22 counter drop",
                "ct state untracked ip saddr 10.1.0.0/24 ip daddr 10.2.0.9 tcp dport 22 counter drop",
                "ct direction reply ip saddr 10.2.0.9 ip daddr 10.1.0.0/24 tcp sport 22 counter drop",
            ]
        );
        assert_eq!(rules("fd00::1 -> fd01::/64 udp 53,1000-2000").len(), 6);
    }

    #[test]
    fn what_is_no_cut_is_refused_with_what_was_found() {
        for (target, told) in [
            ("", "expected an address"),
            ("10.1.0.0/0", "everything"),
            ("::/0 -> ::1", "everything"),
            ("10.1.0.7/24", "10.1.0.0/24"),
            ("10.1.0.7 -> fd00::1", "two families"),
            ("10.1.0.7 -> 10.1.0.8 icmp 3", "`tcp` or `udp`"),
            ("10.1.0.7 -> 10.1.0.8 tcp 0", "expected ports"),
            ("10.1.0.7 -> 10.1.0.8 tcp 9-3", "expected ports"),
            (
                "10.1.0.7 -> 10.1.0.8 tcp 22 drop; flush ruleset",
                "`tcp` or `udp`",
            ),
            ("10.1.0.7; flush ruleset", "expected an address"),
        ] {
            let why = Cut::parse(target).unwrap_err();
            assert!(why.contains(told), "{target}: {why}");
        }
    }

    #[test]
    fn the_same_cut_has_one_table_however_it_is_spaced() {
        let table = |target: &str| Cut::parse(target).unwrap().table();
        assert_eq!(
            table("10.1.0.7  ->  10.1.0.8"),
            table("10.1.0.7 -> 10.1.0.8")
        );
        assert_ne!(table("10.1.0.7"), table("10.1.0.8"));
    }

    #[test]
    fn a_cut_that_would_end_the_connection_that_makes_it_is_known() {
        let ends = Ends {
            client: "10.8.0.2".parse().unwrap(),
            server: "10.8.0.1".parse().unwrap(),
            server_port: 22,
        };
        for (target, parts) in [
            ("10.8.0.0/24", true),
            ("10.8.0.1", true),
            ("10.7.0.1", false),
            ("10.8.0.2 -> 10.8.0.1", true),
            ("10.8.0.1 -> 10.8.0.2", false),
            ("10.8.0.2 -> 10.8.0.1 tcp 20-30", true),
            ("10.8.0.2 -> 10.8.0.1 udp 22", false),
            ("10.8.0.2 -> 10.8.0.1 tcp 23", false),
        ] {
            assert_eq!(Cut::parse(target).unwrap().parts(&ends), parts, "{target}");
        }
    }
}
