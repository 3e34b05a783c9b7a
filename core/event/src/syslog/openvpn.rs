//! Sentences of `OpenVPN` and `OpenVPN` Access Server.

use std::net::IpAddr;

use super::{
    header::Header,
    shape::Shape,
    words::{first_word, has},
};
use crate::Hints;

/// `user/1.2.3.4:1194 …` and `1.2.3.4:1194 [user] Peer Connection Initiated …`.
pub(super) fn of(header: &Header<'_>, _: &Hints, shape: &mut Shape<'_>) -> Option<()> {
    let app = header.app?;
    if !app.starts_with("openvpn") && !app.starts_with("ovpn") {
        return None;
    }
    shape.is("openvpn", "openvpn");
    let text = header.message;
    let (who, rest) = first_word(text).unwrap_or((text, ""));
    let (user, address) = who.rsplit_once('/').unwrap_or(("", who));
    let address = address.strip_prefix("[AF_INET]").unwrap_or(address);
    let ip = address.rsplit_once(':').map_or(address, |(ip, _)| ip);
    if ip.parse::<IpAddr>().is_ok() {
        shape.put("src_ip", ip);
        let named = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let user = named.map_or(user, |(name, _)| name);
        shape.put_some("user", Some(user).filter(|user| !user.is_empty()));
    }
    if has(text, "Peer Connection Initiated") {
        shape.put("event_type", "connected");
    } else if has(text, "AUTH_FAILED") || has(text, "TLS Auth Error") {
        shape.put("event_type", "auth-failed");
    }
    Some(())
}
