//! One rule of a cut, as nft takes it and as nft tells it.

use cordon_model::Value;
use ipnet::IpNet;
use serde_json::json;

use super::cut::Ports;

/// Conditions that all hold for a packet that is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule(pub(crate) Vec<Condition>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    /// It goes the way of whoever began the connection.
    Original,
    /// It answers.
    Reply,
    /// No connection is known of.
    Untracked,
    /// One end is of this network.
    Net(Side, IpNet),
    /// One end is one of these ports.
    Port(Protocol, Side, Ports),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Source,
    Destination,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
}

impl Protocol {
    fn word(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

impl Side {
    fn field(self, what: &str) -> String {
        match self {
            Self::Source => format!("s{what}"),
            Self::Destination => format!("d{what}"),
        }
    }
}

impl Rule {
    /// As nft takes it.
    pub(crate) fn text(&self) -> String {
        let conditions: Vec<String> = self.0.iter().map(|one| one.text()).collect();
        format!("{} counter drop", conditions.join(" "))
    }

    /// As nft tells it, but for what it counted.
    pub(crate) fn json(&self) -> Value {
        let mut parts: Vec<Value> = self.0.iter().map(|one| one.json()).collect();
        parts.push(json!({ "drop": null }));
        parts.into()
    }
}

impl Condition {
    fn text(self) -> String {
        match self {
            Self::Original => "ct direction original".to_owned(),
            Self::Reply => "ct direction reply".to_owned(),
            Self::Untracked => "ct state untracked".to_owned(),
            Self::Net(side, net) => {
                format!("{} {} {}", family(net), side.field("addr"), net_text(net))
            }
            Self::Port(protocol, side, ports) => {
                let (word, field) = (protocol.word(), side.field("port"));
                format!("{word} {field} {}", ports.text())
            }
        }
    }

    fn json(self) -> Value {
        let ct = |op: &str, key: &str, right: &str| json!({ "match": { "op": op, "left": { "ct": { "key": key } }, "right": right } });
        let payload = |protocol: &str, field: String, right: Value| {
            let left = json!({ "payload": { "protocol": protocol, "field": field } });
            json!({ "match": { "op": "==", "left": left, "right": right } })
        };
        match self {
            Self::Original => ct("==", "direction", "original"),
            Self::Reply => ct("==", "direction", "reply"),
            Self::Untracked => ct("in", "state", "untracked"),
            Self::Net(side, net) => payload(family(net), side.field("addr"), net_json(net)),
            Self::Port(protocol, side, ports) => {
                payload(protocol.word(), side.field("port"), ports.json())
            }
        }
    }
}

impl Ports {
    fn text(self) -> String {
        if self.first == self.last {
            self.first.to_string()
        } else {
            format!("{}-{}", self.first, self.last)
        }
    }

    fn json(self) -> Value {
        if self.first == self.last {
            self.first.into()
        } else {
            json!({ "range": [self.first, self.last] })
        }
    }
}

fn family(net: IpNet) -> &'static str {
    match net {
        IpNet::V4(_) => "ip",
        IpNet::V6(_) => "ip6",
    }
}

/// A network of one address is written as that address.
pub(crate) fn net_text(net: IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() {
        net.addr().to_string()
    } else {
        net.to_string()
    }
}

fn net_json(net: IpNet) -> Value {
    if net.prefix_len() == net.max_prefix_len() {
        return net.addr().to_string().into();
    }
    json!({ "prefix": { "addr": net.addr().to_string(), "len": net.prefix_len() } })
}
