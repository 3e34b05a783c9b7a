//! Everybody at Northgate and at its outsourcer, made from the seed.

use std::collections::BTreeSet;

use crate::{
    account::{Account, Role},
    chance::{Chance, Concern},
    names::{FAMILY, GIVEN},
    place::{BROWSERS, CORPORATE, From, HELPLINE, HOME, Ip, Seat, TOWNS},
};

/// The domain part of every security id.
const DOMAIN_SID: &str = "S-1-5-21-3180275196-1420947711-2877605913";

/// Accounts that programs use, with what for.
pub(crate) const SERVICE_ACCOUNTS: [(&str, &str); 14] = [
    ("svc-jobs", "the job scheduler"),
    ("svc-store-deploy", "software and price files to the shops"),
    ("svc-backup", "backup of all servers"),
    ("svc-vcenter", "reports and automation on vCenter"),
    ("svc-etl", "nightly loads of the member database"),
    ("svc-edi", "the EDI hub"),
    ("svc-ordering", "the ordering application"),
    ("svc-sync", "directory synchronisation"),
    ("svc-okta", "the identity provider's directory agents"),
    ("svc-monitor", "monitoring"),
    ("svc-config", "software distribution to servers"),
    ("svc-payments", "the payment switch"),
    ("svc-sql", "databases"),
    ("svc-wms", "warehouse management"),
];

/// Everybody, by role in a fixed order.
#[derive(Debug)]
pub(crate) struct People {
    accounts: Vec<Account>,
}

impl People {
    pub(crate) fn new(seed: u64) -> Self {
        let mut maker = Maker {
            chance: Chance::new(seed, Concern::People),
            taken: BTreeSet::new(),
            rid: 1_100,
            accounts: Vec::new(),
        };
        for (role, count) in Role::LISTED {
            if role == Role::TierZero {
                maker.tier_zero();
            } else {
                maker.persons(role, count);
            }
        }
        for (sam, purpose) in SERVICE_ACCOUNTS {
            maker.service(sam, purpose);
        }
        for (role, count) in Role::UNLISTED {
            maker.persons(role, count);
        }
        Self {
            accounts: maker.accounts,
        }
    }

    /// All accounts.
    pub(crate) fn all(&self) -> &[Account] {
        &self.accounts
    }

    /// All accounts that the estate lists.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Account> {
        let unlisted = Role::UNLISTED.map(|(role, _)| role);
        self.accounts
            .iter()
            .filter(move |a| !unlisted.contains(&a.role))
    }

    /// All accounts of a role.
    pub(crate) fn of(&self, role: Role) -> Vec<&Account> {
        self.accounts.iter().filter(|a| a.role == role).collect()
    }

    /// The n-th account of a role, counting round.
    pub(crate) fn nth(&self, role: Role, n: usize) -> &Account {
        let all = self.of(role);
        let Some(found) = all.get(n % all.len().max(1)) else {
            unreachable!("every role has somebody");
        };
        found
    }

    /// A service account.
    pub(crate) fn service(&self, sam: &str) -> &Account {
        let found = self.accounts.iter().find(|a| a.sam == sam);
        found.unwrap_or_else(|| unreachable!("{sam} is in the list of service accounts"))
    }
}

struct Maker {
    chance: Chance,
    /// Names in use: display names and, told apart by their form, short account names.
    taken: BTreeSet<String>,
    rid: u32,
    accounts: Vec<Account>,
}

impl Maker {
    fn persons(&mut self, role: Role, count: usize) {
        for _ in 0..count {
            let (given, family) = self.name();
            let mut account = self.account(role, format!("{given} {family}"));
            account.upn = format!("{given}.{family}@northgate.example").to_lowercase();
            account.sam = self.sam(given, family);
            account.okta = Some(self.okta_id());
            account.employee = Some(self.employee());
            if role.is_partner() {
                account.partner_mail =
                    Some(format!("{given}.{family}@helpline.example").to_lowercase());
            }
            self.accounts.push(account);
        }
    }

    /// A second account for each directory administrator.
    fn tier_zero(&mut self) {
        let owners: Vec<Account> = self
            .accounts
            .iter()
            .filter(|a| a.role == Role::DirectoryAdmin)
            .cloned()
            .collect();
        for owner in owners {
            let mut account = self.account(Role::TierZero, format!("{} (tier 0)", owner.display));
            account.upn = format!("adm-{}", owner.upn);
            account.sam = format!("adm-{}", owner.sam);
            account.seat = owner.seat;
            self.accounts.push(account);
        }
    }

    fn service(&mut self, sam: &str, purpose: &str) {
        let mut account = self.account(Role::Service, format!("Service account for {purpose}"));
        account.upn = format!("{sam}@northgate.example");
        sam.clone_into(&mut account.sam);
        self.accounts.push(account);
    }

    /// An account with everything but its names.
    fn account(&mut self, role: Role, display: String) -> Account {
        self.rid += u32::try_from(self.chance.below(3)).unwrap_or(0) + 1;
        let parts = [8, 4, 4, 4, 12].map(|digits| self.chance.hex(digits));
        Account {
            role,
            display,
            upn: String::new(),
            sam: String::new(),
            sid: format!("{DOMAIN_SID}-{}", self.rid),
            okta: None,
            entra: parts.join("-"),
            ticket_id: self.chance.hex(32),
            employee: None,
            partner_mail: None,
            seat: self.seat(role),
        }
    }

    fn name(&mut self) -> (&'static str, &'static str) {
        loop {
            let (given, family) = (*self.chance.pick(GIVEN), *self.chance.pick(FAMILY));
            if self.taken.insert(format!("{given} {family}")) {
                return (given, family);
            }
        }
    }

    /// First letter and family name, numbered where somebody came first.
    fn sam(&mut self, given: &str, family: &str) -> String {
        let plain: String = given.chars().take(1).chain(family.chars()).collect();
        let plain = plain.to_lowercase();
        let numbered = (2..).map(|n| format!("{plain}{n}"));
        let mut free = std::iter::once(plain.clone())
            .chain(numbered)
            .filter(|s| !self.taken.contains(s));
        let sam = free
            .next()
            .unwrap_or_else(|| unreachable!("numbers do not run out"));
        self.taken.insert(sam.clone());
        sam
    }

    fn okta_id(&mut self) -> String {
        const LETTERS: &[u8] = b"0123456789abcdefghijkmnopqrstuvwxyz";
        format!("00u{}5d7", self.chance.letters(LETTERS, 14))
    }

    fn employee(&mut self) -> String {
        loop {
            let number = format!("E{}", 100_000 + self.chance.below(800_000));
            if self.taken.insert(number.clone()) {
                return number;
            }
        }
    }

    fn seat(&mut self, role: Role) -> Seat {
        let n = self.accounts.len();
        let (high, low) = (low_byte(n / 250), low_byte(n % 250 + 2));
        let from = self.works_from(role);
        let line = low_byte(usize::try_from(self.chance.below(180)).unwrap_or(0));
        let (egress, provider, inside) = match from {
            From::Office => (
                Ip([192, 0, 2, 10 + line % 4]),
                &CORPORATE,
                Ip([10, 40, high, low]),
            ),
            From::Store => (
                Ip([192, 0, 2, 20 + line % 60]),
                &CORPORATE,
                Ip([10, 64, high, low]),
            ),
            From::Helpline => (
                Ip([192, 0, 2, 200 + line % 3]),
                &HELPLINE,
                Ip([10, 70, high, low]),
            ),
            From::Home => (
                Ip([203, 0, 113, 10 + line]),
                self.chance.pick(HOME),
                Ip([10, 80, high, low]),
            ),
        };
        let town = match from {
            From::Office => TOWNS
                .first()
                .unwrap_or_else(|| unreachable!("there are towns")),
            From::Helpline => TOWNS
                .get(2)
                .unwrap_or_else(|| unreachable!("there are towns")),
            From::Store | From::Home => self.chance.pick(TOWNS),
        };
        let browser = self.chance.pick(BROWSERS);
        Seat {
            egress,
            provider,
            town,
            browser,
            device: format!("NG-L{}", 2_000 + n),
            inside,
            from,
        }
    }

    fn works_from(&mut self, role: Role) -> From {
        let in_the_field = matches!(
            role,
            Role::StoreManager
                | Role::StoreStaff
                | Role::DepotManager
                | Role::DepotStaff
                | Role::Pharmacist
                | Role::FuneralDirector
                | Role::FuneralStaff
        );
        if role == Role::DeskAgent {
            From::Helpline
        } else if in_the_field {
            From::Store
        } else if self.chance.percent(45) {
            From::Home
        } else if role.is_partner() {
            From::Helpline
        } else {
            From::Office
        }
    }
}

fn low_byte(n: usize) -> u8 {
    u8::try_from(n % 256).unwrap_or(0)
}
