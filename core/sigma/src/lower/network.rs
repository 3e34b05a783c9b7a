//! Networks: `10.0.0.0/8`, `fe80::/10`, or one address.

use std::net::IpAddr;

use cordon_text::Node;

use crate::{item::Test, reader::Reader};

/// Reads a network; what is wrong with it is reported.
pub(super) fn cidr(reader: &mut Reader<'_>, node: &Node, text: &str) -> Option<Test> {
    let (address, prefix) = text
        .split_once('/')
        .map_or((text, None), |(a, p)| (a, Some(p)));
    let address = address.parse::<IpAddr>().ok();
    let bits = address.map(|a| if a.is_ipv4() { 32 } else { 128 });
    let prefix = prefix
        .map_or(bits, |p| p.parse::<u8>().ok())
        .filter(|p| Some(*p) <= bits);
    let (Some(address), Some(prefix)) = (address, prefix) else {
        let message = format!(
            "expected a network such as `10.0.0.0/8`, found {}",
            node.describe()
        );
        let help = "write an address, a slash and how many of its bits count: at most 32 for IPv4, \
            128 for IPv6";
        reader.problem(node.span, "bad-cidr", message, help);
        return None;
    };
    let (address, prefix) = plain(address, prefix);
    if network(address, prefix) != address {
        let message = format!("{text} has bits set behind its prefix; they are ignored");
        let help = format!("write {}/{prefix}", network(address, prefix));
        reader.warning(node.span, "cidr-host-bits", message, &help);
    }
    Some(Test::Cidr { address, prefix })
}

/// IPv4 within IPv6 (`::ffff:10.0.0.0/104`) as the IPv4 that it denotes.
fn plain(address: IpAddr, prefix: u8) -> (IpAddr, u8) {
    match (address.to_canonical(), prefix.checked_sub(96)) {
        (mapped @ IpAddr::V4(_), Some(prefix)) if address.is_ipv6() => (mapped, prefix),
        (_, _) => (address, prefix),
    }
}

/// The first address of a network.
fn network(address: IpAddr, prefix: u8) -> IpAddr {
    let prefix = u32::from(prefix);
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - prefix).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}
