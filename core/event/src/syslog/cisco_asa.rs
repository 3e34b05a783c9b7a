//! Sentences of Cisco's firewalls, `AnyConnect` among them.

use std::net::IpAddr;

use super::{
    header::Header,
    shape::Shape,
    words::{around, behind, find},
};
use crate::Hints;

/// `%ASA-4-113019: Group = …, Username = …, IP = …, Session disconnected. …`.
pub(super) fn of(header: &Header<'_>, _: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let text = header.message;
    let at = find(text, "%ASA-").or_else(|| find(text, "%FTD-"))?;
    let (code, rest) = around(text.get(at..)?, ": ")?;
    shape.is("cisco", "asa");
    shape.put("event_type", code.trim_start_matches('%'));
    shape.put("message", rest);
    let after = |names: &[&str]| {
        let found = names.iter().find_map(|name| behind(rest, name))?;
        let found = found.trim_start_matches(['=', ' ', '<']);
        let end = found.find(['>', ',', ' ']).unwrap_or(found.len());
        found.get(..end).filter(|value| !value.is_empty())
    };
    shape.put_some("user", after(&["Username", "User", "user"]));
    shape.put_some("group", after(&["Group", "GroupPolicy"]));
    let address = after(&["IP"]).filter(|text| text.parse::<IpAddr>().is_ok());
    shape.put_some("src_ip", address);
    Some(())
}
