//! Names as logs write them, cleaned.

use std::{
    borrow::Cow,
    net::{IpAddr, SocketAddr},
};

use cordon_model::{Item, Shape};

use super::Product;

/// A text, or the beginning or end of one with a `*` for the rest; compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(String);

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    pub(super) fn fits(&self, text: &str) -> bool {
        // Letters beyond ASCII may have a lower case of another length.
        let lower = if text.is_ascii() {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.to_lowercase())
        };
        let text = lower.as_bytes();
        let at = |start: Option<usize>, part: &str| {
            let there = start.and_then(|start| text.get(start..start + part.len()));
            there.is_some_and(|there| there.eq_ignore_ascii_case(part.as_bytes()))
        };
        match (self.0.strip_prefix('*'), self.0.strip_suffix('*')) {
            (Some(""), _) => true,
            (Some(end), None) => at(text.len().checked_sub(end.len()), end),
            (None, Some(start)) => at(Some(0), start),
            (Some(_), Some(_)) => {
                let part = self.0.trim_matches('*');
                (0..=text.len()).any(|start| at(Some(start), part))
            }
            (None, None) => text.eq_ignore_ascii_case(self.0.as_bytes()),
        }
    }
}

/// The texts of a value: itself, or each of a list.
pub(super) fn each_text<'r>(value: Item<'r>, take: &mut dyn FnMut(&'r str)) {
    match (value.spelled(), value.shape()) {
        (Some(text), _) => take(text),
        (None, Some(Shape::List)) => value.children().for_each(|item| each_text(item, take)),
        (None, Some(Shape::Map) | None) => {}
    }
}

/// What logs write where they have no name.
const PLACEHOLDERS: [&str; 16] = [
    "",
    "-",
    "--",
    "n/a",
    "na",
    "none",
    "null",
    "(null)",
    "unknown",
    "undefined",
    "not available",
    "<unknown>",
    "{}",
    "?",
    "*",
    "::",
];

/// The name without blanks around it; none if it is a placeholder.
pub(super) fn real(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_one = if text.is_ascii() {
        let mut all = PLACEHOLDERS.iter();
        all.any(|placeholder| placeholder.eq_ignore_ascii_case(text))
    } else {
        PLACEHOLDERS.contains(&text.to_lowercase().as_str())
    };
    (!is_one).then_some(text)
}

/// Whose a name in the place of an account is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// An account's, with its domain if the log gives one.
    Account(String),
    /// An account's that each machine has for itself, without its domain.
    Local(String),
    /// A computer's: that of an account that ends in `$`.
    Computer(String),
    /// The very machine's that wrote the record.
    Machine,
}

/// Whose an account is; none if nobody's.
pub(super) fn account(product: &Product, text: &str, domain: Option<&str>) -> Option<Whose> {
    let (own_domain, name) = match text.split_once('\\') {
        Some((domain, name)) => (Some(domain), name),
        None => (None, text),
    };
    let domain = own_domain.or(domain).and_then(real);
    let name = real(name)?;
    let is = |patterns: &[Pattern], text: &str| patterns.iter().any(|p| p.fits(text));
    let domain_is = |patterns: &[Pattern]| domain.is_some_and(|domain| is(patterns, domain));
    if is(&product.drop_accounts, name) || domain_is(&product.drop_domains) {
        return None;
    }
    if is(&product.machine_accounts, name) || domain_is(&product.machine_domains) {
        return Some(Whose::Machine);
    }
    if let Some(computer) = name.strip_suffix('$') {
        return Some(Whose::Computer(host(computer)?));
    }
    let mail = name.rsplit_once('@').filter(|_| domain.is_none());
    if let Some((name, _)) = mail.filter(|(_, domain)| is(&product.local_domains, domain)) {
        return Some(Whose::Local(name.to_owned()));
    }
    if domain_is(&product.local_domains) || domain.is_none() && is(&product.local_accounts, name) {
        return Some(Whose::Local(name.to_owned()));
    }
    // Groups that every machine has, and what a service is called, are nobody's number.
    if is_security_id(name) && !is_persons(name) {
        return None;
    }
    // A number is whole, whatever domain stands beside it.
    let whole = name.contains('@') || is_security_id(name);
    Some(Whose::Account(match domain {
        Some(domain) if !whole => format!("{domain}\\{name}"),
        Some(_) | None => name.to_owned(),
    }))
}

/// `S-1-5-21-…`
fn is_security_id(name: &str) -> bool {
    let start = name.get(..4);
    start.is_some_and(|start| start.eq_ignore_ascii_case("s-1-"))
}

/// Whether a number is given to one account: by a domain, a machine or Entra.
fn is_persons(number: &str) -> bool {
    let begins = |of: &str| {
        let start = number.get(..of.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(of))
    };
    begins("S-1-5-21-") || begins("S-1-12-1-")
}

/// Whether two names of machines are one, the one short and the other whole.
pub(super) fn is_short_of(short: &str, whole: &str) -> bool {
    let first = whole.split_once('.').map_or(whole, |(first, _)| first);
    first.eq_ignore_ascii_case(short)
}

/// A computer's name without the marks of a path or of the root of the name tree.
pub(super) fn host(text: &str) -> Option<String> {
    let name = real(text.trim_start_matches('\\').trim_end_matches('.'))?;
    let own = name.eq_ignore_ascii_case("localhost") || name.eq_ignore_ascii_case("local");
    (!own).then(|| name.to_owned())
}

/// An address without port; none for one that only means the machine itself.
pub(super) fn address(text: &str) -> Option<String> {
    // Some logs put brackets around either kind of address.
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let bare = bracketed.map_or(text, |(inside, _)| inside);
    let ip = bare
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()))
        .ok()?
        .to_canonical();
    (!ip.is_loopback() && !ip.is_unspecified()).then(|| ip.to_string())
}
