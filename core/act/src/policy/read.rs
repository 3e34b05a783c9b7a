//! A policy from its text, or everything that is wrong with it.

use std::collections::BTreeMap;

use cordon_model::Money;
use cordon_text::{Node, Page, Report, Source, Span};
use jiff::{civil::Time, civil::Weekday, tz::TimeZone};

use super::{Hours, Never, Person, Policy, Rule};
use crate::{Digest, Limits, PublicKey};

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn parse(source: &Source) -> Result<Self, Report> {
        Page::read(source, ("policy", "wrong-policy"), |page, document| {
            Reader { page }.policy(document)
        })
    }
}

struct Reader<'p, 't> {
    page: &'p mut Page<'t>,
}

impl<'t> Reader<'_, 't> {
    fn policy(&mut self, document: &'t Node) -> Option<Policy> {
        let mut fields = self.page.fields(document, "a policy")?;
        self.page.format(&mut fields, "policy/v1");
        let name = fields.required("name", &mut self.page.report);
        let name = name.and_then(|at| self.page.text(at));
        let people = fields.optional("people").map(|at| self.people(at));
        let people = people.unwrap_or_default();
        let rules = fields.required("rules", &mut self.page.report);
        let rules = rules
            .map(|at| self.each(at, Self::rule))
            .unwrap_or_default();
        let never = fields.optional("never");
        let never = never
            .map(|at| self.each(at, Self::never))
            .unwrap_or_default();
        let limits = fields.optional("limits").map(|at| self.limits(at));
        let executor = fields.optional("executor").map(|at| self.key(at));
        fields.finish(&mut self.page.report);
        self.enough(&rules, &people, document.span);
        Some(Policy {
            digest: Digest::of(self.page.source.text.as_bytes()),
            name: name?,
            people,
            rules,
            never,
            limits: limits.unwrap_or_default(),
            // A key that cannot be read must not let everybody in.
            executor: match executor {
                Some(key) => Some(key?),
                None => None,
            },
        })
    }

    /// A rule that asks for more people than could ever approve forbids by accident.
    fn enough(&mut self, rules: &[Rule], people: &BTreeMap<String, Person>, span: Span) {
        for (n, rule) in (1..).zip(rules) {
            let able = people
                .values()
                .filter(|person| person.speaks_as(&rule.roles));
            let able = able.count();
            if able < rule.people {
                let message = format!(
                    "rule {n} asks for {} people, and {able} could approve",
                    rule.people
                );
                self.page
                    .wrong(span, message, "name more people, or other roles");
            }
        }
    }

    fn texts(&mut self, at: Option<&'t Node>) -> Vec<String> {
        at.map(|at| self.page.texts(at)).unwrap_or_default()
    }

    fn each<T>(&mut self, at: &'t Node, read: impl Fn(&mut Self, &'t Node) -> Option<T>) -> Vec<T> {
        let items = self.page.list(at).iter();
        items.filter_map(|item| read(self, item)).collect()
    }

    fn people(&mut self, at: &'t Node) -> BTreeMap<String, Person> {
        let mut people = BTreeMap::new();
        for (id, person, span) in self.each(at, Self::person) {
            let twice = people
                .values()
                .any(|known: &Person| known.key == person.key);
            if twice || people.insert(id.clone(), person).is_some() {
                let message = format!("`{id}` or their key is named twice");
                self.page.wrong(
                    span,
                    message,
                    "name each person once, each with a key of their own",
                );
            }
        }
        people
    }

    fn person(&mut self, at: &'t Node) -> Option<(String, Person, Span)> {
        let mut fields = self.page.fields(at, "a person")?;
        let id = fields.required("id", &mut self.page.report);
        let id = id.and_then(|at| self.page.text(at));
        let key = fields.required("key", &mut self.page.report);
        let key = key.and_then(|at| self.key(at));
        let roles = fields.optional("roles");
        let roles = self.texts(roles);
        fields.finish(&mut self.page.report);
        Some((id?, Person { key: key?, roles }, at.span))
    }

    fn key(&mut self, at: &Node) -> Option<PublicKey> {
        match at.text().unwrap_or_default().parse() {
            Ok(key) => Some(key),
            Err(why) => {
                let help = "write the Base64 of the key's 32 bytes: `openssl pkey -in KEY -pubout -outform DER | tail -c 32 | base64`";
                self.page
                    .wrong(at.span, format!("this is no public key: {why}"), help);
                None
            }
        }
    }

    fn rule(&mut self, at: &'t Node) -> Option<Rule> {
        let mut fields = self.page.fields(at, "a rule")?;
        let kinds = fields.optional("kinds");
        let kinds = self.texts(kinds);
        let targets_max = fields.optional("targets_max").and_then(|at| self.count(at));
        let price_max = fields.optional("price_max").and_then(|at| self.money(at));
        let hours = fields.optional("hours").and_then(|at| self.hours(at));
        let people = fields.required("people", &mut self.page.report);
        let people = people.and_then(|at| self.count(at));
        let roles = fields.optional("roles");
        let roles = self.texts(roles);
        fields.finish(&mut self.page.report);
        Some(Rule {
            kinds,
            targets_max,
            price_max,
            hours,
            people: people?,
            roles,
        })
    }

    fn count(&mut self, at: &Node) -> Option<usize> {
        let count = at.text().and_then(|text| text.parse().ok());
        if count.is_none() {
            let message = format!("expected a whole number, found {}", at.describe());
            self.page
                .wrong(at.span, message, "write a whole number, such as `2`");
        }
        count
    }

    fn money(&mut self, at: &Node) -> Option<Money> {
        match Money::parse(at.text().unwrap_or_default()) {
            Ok(money) => Some(money),
            Err(why) => {
                self.page
                    .wrong(at.span, why.to_string(), "write an amount, such as `50000`");
                None
            }
        }
    }

    fn hours(&mut self, at: &'t Node) -> Option<Hours> {
        let mut fields = self.page.fields(at, "`hours`")?;
        let from = fields.required("from", &mut self.page.report);
        let from = from.and_then(|at| self.time(at));
        let to = fields.required("to", &mut self.page.report);
        let to = to.and_then(|at| self.time(at));
        let zone = fields.required("zone", &mut self.page.report);
        let zone = zone.and_then(|at| self.zone(at));
        let days = fields.optional("days");
        let days = days.map(|at| self.each(at, Self::day)).unwrap_or_default();
        fields.finish(&mut self.page.report);
        Some(Hours {
            from: from?,
            to: to?,
            days,
            zone: zone?,
        })
    }

    fn time(&mut self, at: &Node) -> Option<Time> {
        let time = at.text().and_then(|text| text.parse().ok());
        if time.is_none() {
            let message = format!("expected a time of day, found {}", at.describe());
            self.page
                .wrong(at.span, message, "write it in quotes, such as `'08:00'`");
        }
        time
    }

    fn zone(&mut self, at: &Node) -> Option<TimeZone> {
        let zone = at.text().and_then(|name| TimeZone::get(name).ok());
        if zone.is_none() {
            let message = format!("expected a time zone, found {}", at.describe());
            self.page
                .wrong(at.span, message, "write a name such as `Europe/London`");
        }
        zone
    }

    fn day(&mut self, at: &Node) -> Option<Weekday> {
        let day = match at.text().unwrap_or_default() {
            "mon" => Weekday::Monday,
            "tue" => Weekday::Tuesday,
            "wed" => Weekday::Wednesday,
            "thu" => Weekday::Thursday,
            "fri" => Weekday::Friday,
            "sat" => Weekday::Saturday,
            "sun" => Weekday::Sunday,
            _ => {
                let message = format!("expected a day, found {}", at.describe());
                self.page.wrong(
                    at.span,
                    message,
                    "write `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`",
                );
                return None;
            }
        };
        Some(day)
    }

    fn never(&mut self, at: &'t Node) -> Option<Never> {
        let mut fields = self.page.fields(at, "an entry of `never`")?;
        let target = fields.required("target", &mut self.page.report);
        let target = target.and_then(|at| self.page.text(at));
        let connector = fields
            .optional("connector")
            .and_then(|at| self.page.text(at));
        let why = fields.required("why", &mut self.page.report);
        let why = why.and_then(|at| self.page.text(at));
        fields.finish(&mut self.page.report);
        Some(Never {
            target: target?,
            connector,
            why: why?,
        })
    }

    fn limits(&mut self, at: &'t Node) -> Limits {
        let mut limits = Limits::default();
        let Some(mut fields) = self.page.fields(at, "`limits`") else {
            return limits;
        };
        if let Some(at) = fields.optional("per_minute") {
            for (kind, most) in at.mapping().unwrap_or_default() {
                if let (Some(kind), Some(most)) = (kind.text(), self.at_least_one(most)) {
                    limits.per_minute.insert(kind.to_owned(), most);
                }
            }
        }
        if let Some(most) = fields
            .optional("per_minute_other")
            .and_then(|at| self.at_least_one(at))
        {
            limits.per_minute_other = most;
        }
        if let Some(most) = fields
            .optional("in_flight_max")
            .and_then(|at| self.at_least_one(at))
        {
            limits.in_flight_max = most;
        }
        fields.finish(&mut self.page.report);
        limits
    }

    fn at_least_one(&mut self, at: &Node) -> Option<u32> {
        let most = at
            .text()
            .and_then(|text| text.parse().ok())
            .filter(|most| *most > 0);
        if most.is_none() {
            let message = format!(
                "expected a whole number of 1 at least, found {}",
                at.describe()
            );
            self.page.wrong(
                at.span,
                message,
                "to forbid something, put it under `never`",
            );
        }
        most
    }
}

impl Person {
    /// Whether they may speak as one of these; anybody may if none is named.
    pub fn speaks_as(&self, roles: &[String]) -> bool {
        roles.is_empty() || roles.iter().any(|role| self.roles.contains(role))
    }
}
