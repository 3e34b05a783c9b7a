//! Sentences of Cisco's firewalls, `AnyConnect` among them.

use std::net::IpAddr;

use super::{Shape, header::Header};
use crate::Hints;

/// `%ASA-4-113019: Group = …, Username = …, IP = …, Session disconnected. …`.
pub(super) fn of(header: &Header<'_>, _: &Hints) -> Option<Shape> {
    let text = header.message;
    let at = text.find("%ASA-").or_else(|| text.find("%FTD-"))?;
    let (code, rest) = text.get(at..)?.split_once(": ")?;
    let mut shape = Shape::new("cisco", "asa");
    shape.put("event_type", code.trim_start_matches('%'));
    shape.put("message", rest);
    let after = |names: &[&str]| {
        let found = names.iter().find_map(|name| rest.split_once(*name))?.1;
        let found = found.trim_start_matches(['=', ' ', '<']);
        let end = found.find(['>', ',', ' ']).unwrap_or(found.len());
        found.get(..end).filter(|value| !value.is_empty())
    };
    shape.put_some("user", after(&["Username", "User", "user"]));
    shape.put_some("group", after(&["Group", "GroupPolicy"]));
    let address = after(&["IP"]).filter(|text| text.parse::<IpAddr>().is_ok());
    shape.put_some("src_ip", address);
    Some(shape)
}
