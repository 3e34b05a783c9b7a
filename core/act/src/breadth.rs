//! How much of a network an effect names, in whatever words.
//!
//! A kind is only a word, and a connector's name is the site's: what a cut reaches follows from the addresses in its target.
//! Invariant: many small networks count as much as the large one that they make up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use cordon_model::Value;
use ipnet::IpNet;

use crate::Effect;

/// Addresses that one person may have cut off: a `/24`, or a `/64` of IPv6, which is as large a network as people
/// mean by one place. More is a zone, whatever it is called.
pub const ADDRESSES_MAX: u64 = 256;

/// Addresses that an effect names. A `/64` of IPv6 counts as a `/24`.
pub(crate) fn addresses(effect: &Effect) -> u64 {
    let target = of_text(&effect.target);
    target.max(of_value(&effect.parameters))
}

/// Networks that a text names.
pub(crate) fn networks(text: &str) -> impl Iterator<Item = IpNet> {
    let part = |c: char| c.is_whitespace() || ",;()[]{}'\"".contains(c);
    let words = text.split(part).filter(|word| !word.is_empty());
    words.flat_map(word)
}

/// Of a cut between two sides the smaller one counts: one host is cut off from much, or much from one host.
fn of_text(text: &str) -> u64 {
    if ["any", "all", "*"].contains(&text.trim().to_lowercase().as_str()) {
        return u64::MAX;
    }
    let sides = text.split("->").map(side).filter(|named| *named > 0);
    sides.min().unwrap_or(0)
}

fn side(text: &str) -> u64 {
    networks(text).fold(0, |sum, net| sum.saturating_add(size(net)))
}

fn of_value(value: &Value) -> u64 {
    let sum = |sum: u64, value: &Value| sum.saturating_add(of_value(value));
    match value {
        Value::String(text) => of_text(text),
        Value::Array(items) => items.iter().fold(0, sum),
        Value::Object(fields) => fields.values().fold(0, sum),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// A word as networks: `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1-10.0.0.9` or `10.0.0.1`.
fn word(word: &str) -> Vec<IpNet> {
    if let Ok(net) = word.parse::<IpNet>() {
        return vec![plain(net)];
    }
    if let Ok(address) = word.parse::<IpAddr>() {
        return vec![IpNet::from(address.to_canonical())];
    }
    if let Some((address, mask)) = word.split_once('/') {
        let masked = address.parse::<Ipv4Addr>().ok().zip(mask.parse().ok());
        let net = masked.and_then(|(address, mask): (_, Ipv4Addr)| {
            IpNet::with_netmask(address.into(), mask.into()).ok()
        });
        return net.into_iter().collect();
    }
    let Some((first, last)) = word.split_once('-') else {
        return Vec::new();
    };
    match (first.parse(), last.parse()) {
        (Ok(IpAddr::V4(first)), Ok(IpAddr::V4(last))) => {
            let subnets = ipnet::Ipv4Subnets::new(first, last, 0);
            subnets.map(IpNet::V4).collect()
        }
        (Ok(IpAddr::V6(first)), Ok(IpAddr::V6(last))) => {
            let subnets = ipnet::Ipv6Subnets::new(first, last, 0);
            subnets.map(IpNet::V6).collect()
        }
        (_, _) => Vec::new(),
    }
}

/// An IPv4 network that is written as IPv6 (`::ffff:10.0.0.0/104`) as what it is.
fn plain(net: IpNet) -> IpNet {
    let IpNet::V6(six) = net.trunc() else {
        return net.trunc();
    };
    let four = six.addr().to_ipv4_mapped();
    let four = four.zip(six.prefix_len().checked_sub(96));
    let four = four.and_then(|(address, bits)| IpNet::new(address.into(), bits).ok());
    four.unwrap_or(IpNet::V6(six))
}

fn size(net: IpNet) -> u64 {
    let (bits, length) = (u32::from(net.max_prefix_len()), u32::from(net.prefix_len()));
    // A network of IPv6 is counted as if a `/72` was one address.
    let free = match net {
        IpNet::V4(_) => bits - length,
        IpNet::V6(six) if holds_all_of_four(six.addr(), length) => 32,
        IpNet::V6(_) => 72_u32.saturating_sub(length),
    };
    1_u64.checked_shl(free).unwrap_or(u64::MAX)
}

/// Whether every mapped IPv4 address is in it.
fn holds_all_of_four(address: Ipv6Addr, length: u32) -> bool {
    let mapped = Ipv4Addr::UNSPECIFIED.to_ipv6_mapped();
    (72..=96).contains(&length)
        && u128::from(mapped) >> (128 - length) == u128::from(address) >> (128 - length)
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn a_text_names_as_many_addresses_as_it_cuts_off_however_it_is_written() {
        for (text, expect) in [
            ("10.1.0.7", 1),
            ("10.1.0.0/24", 256),
            ("10.0.0.0/8", 1 << 24),
            ("10.0.0.0/255.0.0.0", 1 << 24),
            ("10.0.0.0-10.255.255.255", 1 << 24),
            ("10.0.0.0/9, 10.128.0.0/9", 1 << 24),
            ("0.0.0.0/0", 1 << 32),
            ("::/0", u64::MAX),
            ("2001:db8::/64", 256),
            ("2001:db8::/63", 512),
            ("2001:db8::1", 1),
            ("::ffff:10.0.0.0/104", 1 << 24),
            ("::ffff:0:0/95", 1 << 32),
            ("10.0.0.0/8 -> 10.2.0.9 tcp 22,445", 1),
            ("10.0.0.0/8 -> 10.0.0.0/9 tcp 1-65535", 1 << 23),
            ("any", u64::MAX),
            ("CN=agent7,OU=Desk,DC=x", 0),
            ("till-7", 0),
        ] {
            assert_eq!(of_text(text), expect, "{text}");
        }
    }
}
