//! Who a record says has an address, as a field map tells it.

use std::sync::Arc;

use cordon_model::{Holder, Item, Lease, RawPlace, Tenure, Timestamp, Until};
use jiff::SignedDuration;

use super::{FieldMap, Naming, name, path::Path, record::Record};
use crate::Event;

/// What a record says of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lending {
    pub(super) says: Says,
    /// The first of these that is an address counts; empty where somebody gives back whatever they had.
    pub(super) addresses: Vec<Path>,
    /// Who has it; none where it is free, whoever had it.
    pub(super) holder: Option<Naming>,
    /// The field that says for how many seconds.
    pub(super) seconds: Option<Path>,
    /// How many hours at most, where no field says.
    pub(super) hours_max: u32,
}

/// What happens to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Given,
    Seen,
    Ended,
}

impl Says {
    pub(super) const ALL: [Self; 3] = [Self::Given, Self::Seen, Self::Ended];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Seen => "seen",
            Self::Ended => "ended",
        }
    }
}

impl FieldMap {
    /// Who an event says has which address, in the order of the map; nothing if the event says no time.
    pub fn leases(&self, event: &Event) -> Vec<Lease> {
        let product = event.kind.product.as_deref().unwrap_or_default();
        let Some((product, at)) = self.products.get(product).zip(event.time) else {
            return Vec::new();
        };
        let record = Record::new(product, [Some(product), None], event);
        let maps = product.maps.iter().filter(|map| !map.leases.is_empty());
        let maps = maps.filter(|map| map.covers(record.service, record.fields));
        let leases = maps.flat_map(|map| &map.leases);
        leases
            .filter_map(|lending| lending.of(&record, at, event))
            .collect()
    }
}

impl Lending {
    fn of(&self, record: &Record<'_>, at: Timestamp, event: &Event) -> Option<Lease> {
        let address = self.addresses.iter().find_map(|path| {
            let text = path.text(record.fields)?;
            name::address(name::real(text)?)
        });
        let holder = self.holder.as_ref().and_then(|holder| holder.first(record));
        let says = match self.says {
            Says::Given => Tenure::Given(self.until(record.fields, at)),
            Says::Seen => Tenure::Seen,
            Says::Ended => Tenure::Ended,
        };
        let whole = match says {
            Tenure::Given(_) | Tenure::Seen => address.is_some() && holder.is_some(),
            // A field that is missing must not end everything that somebody has.
            Tenure::Ended => address.is_some() || self.addresses.is_empty() && holder.is_some(),
        };
        whole.then(|| Lease {
            at,
            says,
            address: address.map(Arc::from),
            holder,
            record: event.id(),
            log: event.log.clone(),
            raw: RawPlace {
                offset: event.offset,
                length: event.length,
                sha256: None,
            },
            source: event.kind.source(),
        })
    }

    fn until(&self, fields: Item<'_>, at: Timestamp) -> Until {
        let seconds = self.seconds.as_ref().and_then(|path| path.text(fields));
        let seconds: Option<u32> = seconds.and_then(|text| text.trim().parse().ok());
        let end = |length| at.checked_add(length).unwrap_or(Timestamp::MAX);
        match seconds {
            Some(seconds) => Until::Told(end(SignedDuration::from_secs(i64::from(seconds)))),
            None => Until::AtMost(end(SignedDuration::from_hours(i64::from(self.hours_max)))),
        }
    }
}

impl Naming {
    /// The first that it names.
    fn first(&self, record: &Record<'_>) -> Option<Holder> {
        let mut first = None;
        self.each(record, &mut |entity, _| {
            first.get_or_insert(Holder {
                kind: entity.kind,
                name: entity.id,
            });
        });
        first
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{EventId, Lease, Tenure, Until};
    use cordon_text::Source;
    use serde_json::{Value, json};

    use crate::{Event, FieldMap, LogKind};

    const MAP: &str = "
product: dhcp
maps:
  - when: { id: 10 }
    leases:
      - { says: given, address: [ip, ip6], kind: host, field: host, seconds: lasts, hours: 2 }
  - when: { id: 11 }
    leases:
      - { says: seen, address: ip, kind: account, field: user, domain: domain }
  - when: { id: 12 }
    leases:
      - { says: ended, address: ip }
  - when: { id: 13 }
    leases:
      - { says: ended, kind: account, field: user }
";

    fn leases(fields: Value) -> Vec<Lease> {
        let (map, report) = FieldMap::parse(&[Source::new("t.yml", MAP)]);
        assert_eq!(report.diagnostics, []);
        let kind = LogKind {
            product: Some("dhcp".into()),
            ..LogKind::default()
        };
        let mut event = Event::of_fields(kind, fields);
        event.time = Some("2026-04-17T08:00:00Z".parse().unwrap());
        map.leases(&event)
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "so that cases read as tables"
    )]
    fn check(fields: Value, expect: &str) {
        let told = leases(fields.clone()).into_iter().map(|lease| {
            let says = match lease.says {
                Tenure::Ended => "ended".to_owned(),
                Tenure::Seen => "seen".to_owned(),
                Tenure::Given(Until::Told(end)) => format!("given until {end}"),
                Tenure::Given(Until::AtMost(end)) => format!("given at most until {end}"),
            };
            let holder = lease
                .holder
                .map(|h| format!("{} {}", h.kind.word(), h.name));
            let address = lease.address.as_deref().unwrap_or("-").to_owned();
            format!("{says}: {address} {}", holder.as_deref().unwrap_or("-"))
        });
        assert_eq!(told.collect::<Vec<_>>().join("; "), expect, "{fields}");
    }

    #[test]
    fn who_has_an_address_is_told_with_how_long() {
        check(
            json!({"id": 10, "ip": "10.0.0.7", "host": "ws7", "lasts": "60"}),
            "given until 2026-04-17T08:01:00Z: 10.0.0.7 host ws7",
        );
        check(
            json!({"id": 10, "ip": "-", "ip6": "2001:db8::7", "host": "ws7."}),
            "given at most until 2026-04-17T10:00:00Z: 2001:db8::7 host ws7",
        );
        check(
            json!({"id": 11, "ip": "::ffff:10.0.0.7", "user": "WS7$", "domain": "NG"}),
            "seen: 10.0.0.7 host WS7",
        );
        check(
            json!({"id": 11, "ip": "10.0.0.7", "user": "ann", "domain": "NG"}),
            "seen: 10.0.0.7 account NG\\ann",
        );
        check(json!({"id": 12, "ip": "10.0.0.7"}), "ended: 10.0.0.7 -");
        check(json!({"id": 13, "user": "ann"}), "ended: - account ann");
    }

    #[test]
    fn what_names_no_holder_or_no_address_says_nothing() {
        check(json!({"id": 10, "ip": "10.0.0.7"}), "");
        check(json!({"id": 10, "ip": "", "host": "ws7"}), "");
        check(json!({"id": 10, "ip": "127.0.0.1", "host": "ws7"}), "");
        check(json!({"id": 12, "ip": "not an address"}), "");
        check(json!({"id": 13}), "");
        check(json!({"id": 9, "ip": "10.0.0.7", "host": "ws7"}), "");
        // Hours that no calendar has end with it.
        let far = leases(
            json!({"id": 10, "ip": "10.0.0.7", "host": "ws7", "lasts": "99999999999999999999"}),
        );
        assert!(matches!(far[0].says, Tenure::Given(Until::AtMost(_))));
        assert_ne!(far[0].record, EventId::new(""));
    }

    #[test]
    fn everything_wrong_with_a_lease_is_said() {
        let text = "product: x\nmaps:\n  - leases:\n      - { says: lent, address: a, kind: host, field: b }\n      - { says: given, address: a }\n      - { says: given, kind: host, field: b }\n      - { says: seen, address: a, kind: ticket, field: b }\n      - { says: ended }\n      - { says: given, address: a, kind: host, field: b, hours: many }\n";
        let (_, report) = FieldMap::parse(&[Source::new("t.yml", text)]);
        let said: Vec<_> = report
            .diagnostics
            .iter()
            .map(|d| (d.span.line, d.code))
            .collect();
        assert_eq!(
            said,
            [
                (4, "unknown-word"),
                (5, "missing-key"),
                (6, "missing-key"),
                (7, "unknown-word"),
                (8, "missing-key"),
                (9, "wrong-type"),
            ]
        );
    }
}
