//! A policy from its text, or everything that is wrong with it.

use std::collections::BTreeMap;

use cordon_model::Money;
use cordon_text::{Diagnostic, Fields, Node, Report, Source, Span, parse};
use jiff::{civil::Time, civil::Weekday, tz::TimeZone};

use super::{Hours, Never, Person, Policy, Rule};
use crate::{Digest, Limits, PublicKey};

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn parse(source: &Source) -> Result<Self, Report> {
        let (documents, mut report) = parse(source);
        let mut read = Reader {
            source,
            report: Report::default(),
        };
        let policy = match documents.as_slice() {
            [document] => read.policy(document),
            others => {
                let message = format!("expected one policy, found {} documents", others.len());
                read.wrong(
                    Span::START,
                    message,
                    "put each policy into a file of its own",
                );
                None
            }
        };
        report.extend(read.report);
        match policy.filter(|_| !report.has_errors()) {
            Some(policy) => Ok(policy),
            None => Err(report),
        }
    }
}

struct Reader<'t> {
    source: &'t Source,
    report: Report,
}

impl<'t> Reader<'t> {
    fn wrong(&mut self, span: Span, message: String, help: &str) {
        let problem = Diagnostic::error(self.source, span, "wrong-policy", message);
        self.report.push(problem.help(help));
    }

    fn fields(&mut self, node: &'t Node, what: &'static str) -> Option<Fields<'t>> {
        Fields::of(self.source, node, what, &mut self.report)
    }

    fn policy(&mut self, document: &'t Node) -> Option<Policy> {
        let mut fields = self.fields(document, "a policy")?;
        if let Some(at) = fields.required("cordon", &mut self.report)
            && at.text() != Some("policy/v1")
        {
            let message = format!("expected `policy/v1`, found {}", at.describe());
            self.wrong(at.span, message, "write `cordon: policy/v1`");
        }
        let name = fields.required("name", &mut self.report);
        let name = name.and_then(|at| self.text(at));
        let people = fields.optional("people").map(|at| self.people(at));
        let people = people.unwrap_or_default();
        let rules = fields.required("rules", &mut self.report);
        let rules = rules
            .map(|at| self.each(at, Self::rule))
            .unwrap_or_default();
        let never = fields.optional("never");
        let never = never
            .map(|at| self.each(at, Self::never))
            .unwrap_or_default();
        let limits = fields.optional("limits").map(|at| self.limits(at));
        fields.finish(&mut self.report);
        self.enough(&rules, &people, document.span);
        Some(Policy {
            digest: Digest::of(self.source.text.as_bytes()),
            name: name?,
            people,
            rules,
            never,
            limits: limits.unwrap_or_default(),
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
                self.wrong(span, message, "name more people, or other roles");
            }
        }
    }

    fn text(&mut self, at: &Node) -> Option<String> {
        let text = at.text().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            let message = format!("expected a text, found {}", at.describe());
            self.wrong(at.span, message, "write a text here");
        }
        text.map(str::to_owned)
    }

    fn texts(&mut self, at: Option<&'t Node>) -> Vec<String> {
        at.map(|at| self.each(at, Self::text)).unwrap_or_default()
    }

    fn each<T>(&mut self, at: &'t Node, read: impl Fn(&mut Self, &'t Node) -> Option<T>) -> Vec<T> {
        let Some(items) = at.sequence() else {
            let message = format!("expected a list, found {}", at.describe());
            self.wrong(at.span, message, "put it in brackets: `[…]`");
            return Vec::new();
        };
        items.iter().filter_map(|item| read(self, item)).collect()
    }

    fn people(&mut self, at: &'t Node) -> BTreeMap<String, Person> {
        let mut people = BTreeMap::new();
        for (id, person, span) in self.each(at, Self::person) {
            let twice = people
                .values()
                .any(|known: &Person| known.key == person.key);
            if twice || people.insert(id.clone(), person).is_some() {
                let message = format!("`{id}` or their key is named twice");
                self.wrong(
                    span,
                    message,
                    "name each person once, each with a key of their own",
                );
            }
        }
        people
    }

    fn person(&mut self, at: &'t Node) -> Option<(String, Person, Span)> {
        let mut fields = self.fields(at, "a person")?;
        let id = fields.required("id", &mut self.report);
        let id = id.and_then(|at| self.text(at));
        let key = fields.required("key", &mut self.report);
        let key = key.and_then(|at| self.key(at));
        let roles = fields.optional("roles");
        let roles = self.texts(roles);
        fields.finish(&mut self.report);
        Some((id?, Person { key: key?, roles }, at.span))
    }

    fn key(&mut self, at: &Node) -> Option<PublicKey> {
        match at.text().unwrap_or_default().parse() {
            Ok(key) => Some(key),
            Err(why) => {
                let help = "write the Base64 of the key's 32 bytes, as `cordon approve --show-key` prints it";
                self.wrong(at.span, format!("this is no public key: {why}"), help);
                None
            }
        }
    }

    fn rule(&mut self, at: &'t Node) -> Option<Rule> {
        let mut fields = self.fields(at, "a rule")?;
        let kinds = fields.optional("kinds");
        let kinds = self.texts(kinds);
        let targets_max = fields.optional("targets_max").and_then(|at| self.count(at));
        let price_max = fields.optional("price_max").and_then(|at| self.money(at));
        let hours = fields.optional("hours").and_then(|at| self.hours(at));
        let people = fields.required("people", &mut self.report);
        let people = people.and_then(|at| self.count(at));
        let roles = fields.optional("roles");
        let roles = self.texts(roles);
        fields.finish(&mut self.report);
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
            self.wrong(at.span, message, "write a whole number, such as `2`");
        }
        count
    }

    fn money(&mut self, at: &Node) -> Option<Money> {
        match Money::parse(at.text().unwrap_or_default()) {
            Ok(money) => Some(money),
            Err(why) => {
                self.wrong(at.span, why.to_string(), "write an amount, such as `50000`");
                None
            }
        }
    }

    fn hours(&mut self, at: &'t Node) -> Option<Hours> {
        let mut fields = self.fields(at, "`hours`")?;
        let from = fields.required("from", &mut self.report);
        let from = from.and_then(|at| self.time(at));
        let to = fields.required("to", &mut self.report);
        let to = to.and_then(|at| self.time(at));
        let zone = fields.required("zone", &mut self.report);
        let zone = zone.and_then(|at| self.zone(at));
        let days = fields.optional("days");
        let days = days.map(|at| self.each(at, Self::day)).unwrap_or_default();
        fields.finish(&mut self.report);
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
            self.wrong(at.span, message, "write it in quotes, such as `'08:00'`");
        }
        time
    }

    fn zone(&mut self, at: &Node) -> Option<TimeZone> {
        let zone = at.text().and_then(|name| TimeZone::get(name).ok());
        if zone.is_none() {
            let message = format!("expected a time zone, found {}", at.describe());
            self.wrong(at.span, message, "write a name such as `Europe/London`");
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
                self.wrong(
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
        let mut fields = self.fields(at, "an entry of `never`")?;
        let target = fields.required("target", &mut self.report);
        let target = target.and_then(|at| self.text(at));
        let connector = fields.optional("connector").and_then(|at| self.text(at));
        let why = fields.required("why", &mut self.report);
        let why = why.and_then(|at| self.text(at));
        fields.finish(&mut self.report);
        Some(Never {
            target: target?,
            connector,
            why: why?,
        })
    }

    fn limits(&mut self, at: &'t Node) -> Limits {
        let mut limits = Limits::default();
        let Some(mut fields) = self.fields(at, "`limits`") else {
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
        fields.finish(&mut self.report);
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
            self.wrong(
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
