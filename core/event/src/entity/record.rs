//! One record that names are taken from, and what only means the machine that it happened on.

use std::cell::OnceCell;

use cordon_model::{EntityKind, Item, Role};

use super::{
    Product,
    name::{self, Whose},
};
use crate::Event;

/// What names are taken from.
pub(super) struct Record<'r> {
    /// What knows which accounts are nobody's.
    pub(super) own: &'r Product,
    /// Whose maps say what names whom.
    maps: [Option<&'r Product>; 2],
    pub(super) service: Option<&'r str>,
    pub(super) fields: Item<'r>,
    /// The machine that it happened on, once somebody asked.
    host: OnceCell<Option<String>>,
}

impl<'r> Record<'r> {
    pub(super) fn new(own: &'r Product, maps: [Option<&'r Product>; 2], event: &'r Event) -> Self {
        Self {
            own,
            maps,
            service: event.kind.service.as_deref(),
            fields: event.fields.root(),
            host: OnceCell::new(),
        }
    }
    /// The machine that it happened on.
    pub(super) fn host(&self) -> Option<&str> {
        let host = self.host.get_or_init(|| {
            let products = self.maps.iter().flatten();
            let mut hosts = products.filter_map(|product| product.host(self));
            hosts.next()
        });
        host.as_deref()
    }

    /// The machine that wrote it, where that need not be the one that it happened on.
    fn writer(&self) -> Option<&str> {
        name::real(self.fields.get("host")?.as_str()?)
    }

    /// A machine's name, whole if it is the short one of the machine that the record happened on.
    pub(super) fn whole(&self, host: String) -> String {
        match self.host() {
            Some(own) if !host.contains('.') && name::is_short_of(&host, own) => own.to_owned(),
            Some(_) | None => host,
        }
    }

    /// An account whose domain is the machine that it happened on, by that machine's whole name.
    fn localized(&self, account: String) -> String {
        let Some((domain, name)) = account.split_once('\\') else {
            return account;
        };
        match self.host() {
            Some(own)
                if domain != own && !domain.contains('.') && name::is_short_of(domain, own) =>
            {
                format!("{own}\\{name}")
            }
            Some(_) | None => account,
        }
    }

    /// What an account of this role is, of which `domain` is the domain.
    pub(super) fn account(
        &self,
        text: &str,
        (domain, role): (Option<&str>, Role),
    ) -> Option<(EntityKind, String)> {
        Some(match name::account(self.own, text, domain)? {
            Whose::Account(account) => (EntityKind::Account, self.localized(account)),
            Whose::Computer(computer) => (EntityKind::Host, self.whole(computer)),
            Whose::Local(name) => (
                EntityKind::Account,
                match self.writer().or_else(|| self.host()) {
                    Some(own) => format!("{own}\\{name}"),
                    None => name,
                },
            ),
            // What the machine does is its doing; what is done to one of its services is not done to it.
            Whose::Machine if role == Role::Actor => (EntityKind::Host, self.host()?.to_owned()),
            Whose::Machine => return None,
        })
    }
}
