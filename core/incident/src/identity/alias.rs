//! What a name says by its form.

use std::{fmt, net::IpAddr};

use cordon_model::EntityKind;

/// How a name was understood to mean what it is taken to mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Naming {
    /// It is the name by which the thing is known here, whatever its form: `northgate.example\pnair` and
    /// `pnair@NORTHGATE.EXAMPLE` are one name.
    Itself,
    /// The estate lists it.
    Estate,
    /// Records name it beside another name of the same thing.
    Record,
    /// It gives no domain, and only one domain is known to have such a name.
    OnlyOne,
    /// It was lent the address that the record names.
    Lent,
    /// It was seen with the address that the record names, not long before or after.
    Sighted,
    /// It was seen with the address that the record names hours before or after, or was lent it over another's lease.
    Perhaps,
}

impl Naming {
    /// How surely the name means that thing; judged, not measured.
    pub const fn confidence(self) -> f64 {
        match self {
            Self::Itself | Self::Estate => 1.0,
            Self::Record => 0.98,
            Self::Lent => 0.9,
            Self::OnlyOne => 0.85,
            Self::Sighted => 0.8,
            Self::Perhaps => 0.6,
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Itself => "the name it is known by",
            Self::Estate => "listed in the estate",
            Self::Record => "named together in records",
            Self::OnlyOne => "the only one of that name that is known",
            Self::Lent => "had been given the address",
            Self::Sighted => "was seen with the address",
            Self::Perhaps => "probably had the address",
        }
    }
}

impl fmt::Display for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

/// What kind of name a name is, the most telling first. Names of one sort cannot both be somebody's only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Sort {
    /// A name within a domain.
    Qualified,
    /// A name that many domains may have.
    Bare,
    /// A number that was given once and means one thing for ever; one has at most one of a shape.
    Number(Shape),
}

/// What a number looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shape {
    /// `S-1-5-21-…`, of Windows.
    Security,
    /// `6f0d4c5e-8f0b-…`, of Entra and others.
    Universal,
    /// `00u…`, of Okta.
    Okta,
    /// 32 digits, of `ServiceNow`.
    Digits,
    /// An IP address in the place of a machine's name.
    Address,
}

/// A name in the form in which names are compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Form {
    pub(super) sort: Sort,
    /// In lower case; for an account within a domain `domain\name`, whatever the log wrote.
    pub(super) key: String,
    /// The part that a bare name would have, if this is qualified.
    pub(super) tail: Option<String>,
}

impl Form {
    pub(super) fn of(kind: EntityKind, name: &str) -> Self {
        let lower = name.to_lowercase();
        match kind {
            EntityKind::Account => account(lower),
            EntityKind::Host => host(lower),
            EntityKind::Address
            | EntityKind::Device
            | EntityKind::Mailbox
            | EntityKind::Group
            | EntityKind::Application
            | EntityKind::Ticket
            | EntityKind::Session
            | EntityKind::Resource => Self::alone(Sort::Qualified, lower),
        }
    }

    /// The domain and the name within it of an account that has both.
    pub(super) fn parts(&self) -> Option<(&str, &str)> {
        parts(self.sort, &self.key)
    }

    fn alone(sort: Sort, key: String) -> Self {
        Self {
            sort,
            key,
            tail: None,
        }
    }
}

/// The domain and the name within it, of the key of an account that has both.
pub(super) fn parts(sort: Sort, key: &str) -> Option<(&str, &str)> {
    match sort {
        Sort::Qualified => key.split_once('\\'),
        Sort::Number(_) | Sort::Bare => None,
    }
}

/// How telling a spelling is: what has a domain, then what has none, then what a machine gave out.
pub(super) fn rank(kind: EntityKind, spelling: &str) -> u8 {
    match Form::of(kind, spelling).sort {
        Sort::Qualified => 0,
        Sort::Bare => 1,
        Sort::Number(_) => 2,
    }
}

/// Names that products come with: that only one is known says nothing of whose another is.
const SHIPPED: [&str; 10] = [
    "admin",
    "administrator",
    "guest",
    "nsroot",
    "oracle",
    "postgres",
    "root",
    "sa",
    "service",
    "user",
];

/// `ann@partner.example`, whom another's directory calls `ann_partner.example#EXT#@here.example`.
fn guest(lower: &str) -> Option<String> {
    let (home, _) = lower.split_once("#ext#@")?;
    let (name, domain) = home.rsplit_once('_')?;
    Some(format!("{name}@{domain}"))
}

/// `dom.example\name` and `name@dom.example` are one name; that `dom\name` is one with them takes more than
/// its form (see [`super::domain`]).
fn account(lower: String) -> Form {
    let lower = guest(&lower).unwrap_or(lower);
    if let Some(shape) = shape(&lower) {
        return Form::alone(Sort::Number(shape), lower);
    }
    let down_level = lower.split_once('\\');
    let mail = || lower.rsplit_once('@').map(|(name, domain)| (domain, name));
    let Some((domain, name)) = down_level.or_else(mail) else {
        return Form::alone(Sort::Bare, lower);
    };
    if domain.is_empty() || name.is_empty() {
        return Form::alone(Sort::Qualified, lower);
    }
    Form {
        sort: Sort::Qualified,
        key: format!("{domain}\\{name}"),
        tail: (!SHIPPED.contains(&name)).then(|| name.to_owned()),
    }
}

/// A machine's full name, or its short one.
fn host(lower: String) -> Form {
    if lower.parse::<IpAddr>().is_ok() {
        return Form::alone(Sort::Number(Shape::Address), lower);
    }
    match lower.split_once('.') {
        Some((short, _)) => Form {
            sort: Sort::Qualified,
            tail: Some(short.to_owned()),
            key: lower,
        },
        None => Form::alone(Sort::Bare, lower),
    }
}

/// The shape of a name that a machine gave out; none if a person could have.
fn shape(lower: &str) -> Option<Shape> {
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    let groups: Vec<&str> = lower.split('-').collect();
    let sizes: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    if lower.starts_with("s-1-5-") || lower.starts_with("s-1-12-") {
        Some(Shape::Security)
    } else if sizes == [8, 4, 4, 4, 12] && groups.iter().all(|group| hex(group)) {
        Some(Shape::Universal)
    } else if lower.len() == 20 && lower.starts_with("00u") {
        Some(Shape::Okta)
    } else if lower.len() == 32 && hex(lower) {
        Some(Shape::Digits)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::EntityKind;

    use super::{Form, Shape, Sort};

    #[test]
    fn forms_of_one_name_are_one_name_and_no_others_are() {
        let key = |name| Form::of(EntityKind::Account, name).key;
        assert_eq!(
            key(r"northgate.example\pnair"),
            key("PNAIR@NORTHGATE.EXAMPLE")
        );
        assert_eq!(key(r"northgate\pnair"), key(r"NORTHGATE\PNAIR"));
        assert_ne!(key(r"NORTHGATE\pnair"), key("pnair@northgate.example"));
        assert_ne!(key("info@mail.example"), key("info@mail.test"));
        assert_ne!(key(r"NORTHGATE\pnair"), key(r"OTHER\pnair"));
        assert_ne!(key("pnair"), key(r"NORTHGATE\pnair"));
        assert_eq!(
            key("Ann_Lee_partner.example#EXT#@northgate.onmicrosoft.example"),
            key("ann_lee@partner.example"),
            "a guest is who it is at home"
        );
    }

    #[test]
    fn names_that_products_come_with_are_of_many() {
        let tail = |name| Form::of(EntityKind::Account, name).tail;
        assert_eq!(tail(r"NORTHGATE\pnair").as_deref(), Some("pnair"));
        assert_eq!(tail(r"NORTHGATE\Administrator"), None);
    }

    #[test]
    fn numbers_are_told_from_names() {
        for (name, sort) in [
            ("S-1-5-21-1-2-3-1104", Sort::Number(Shape::Security)),
            ("00uWK59PFkl0JfI2yyVl", Sort::Number(Shape::Okta)),
            (
                "6f0d4c5e-8f0b-4b3a-9a6e-2f3b1f0c7d21",
                Sort::Number(Shape::Universal),
            ),
            ("pnair", Sort::Bare),
            ("priya.nair@northgate.example", Sort::Qualified),
        ] {
            assert_eq!(Form::of(EntityKind::Account, name).sort, sort, "{name}");
        }
        let address = Form::of(EntityKind::Host, "10.0.0.1");
        assert_eq!(address.sort, Sort::Number(Shape::Address));
    }
}
