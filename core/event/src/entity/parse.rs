//! The text of a field map to [`FieldMap`], all problems at once.

mod lease;

use cordon_model::{EntityKind, Outcome, Role};
use cordon_text::{Diagnostic, Fields, Node, Report, Source};

use super::{
    Condition, FieldMap, Map, Naming, Product,
    deed::{Action, Ending, Ends},
    name::Pattern,
    path::Path,
};

pub(super) fn parse(sources: &[Source]) -> (FieldMap, Report) {
    let mut map = FieldMap::default();
    let mut report = Report::default();
    for source in sources {
        let (documents, problems) = cordon_text::parse(source);
        report.extend(problems);
        let mut reader = Reader {
            source,
            report: &mut report,
        };
        for document in &documents {
            reader.document(document, &mut map);
        }
    }
    report.sort();
    (map, report)
}

struct Reader<'s> {
    source: &'s Source,
    report: &'s mut Report,
}

impl Reader<'_> {
    fn document(&mut self, document: &Node, map: &mut FieldMap) {
        let what = "a field map";
        let Some(mut keys) = Fields::of(self.source, document, what, self.report) else {
            return;
        };
        let products = keys.required("product", self.report);
        let products = self.words(products);
        let [
            drop_accounts,
            drop_domains,
            machine_accounts,
            machine_domains,
        ] = [
            "drop_accounts",
            "drop_domains",
            "machine_accounts",
            "machine_domains",
        ]
        .map(|key| keys.optional(key));
        let [local_accounts, local_domains] =
            ["local_accounts", "local_domains"].map(|key| keys.optional(key));
        let maps = keys.required("maps", self.report);
        keys.finish(self.report);
        let read = Product {
            drop_accounts: self.patterns(drop_accounts),
            drop_domains: self.patterns(drop_domains),
            machine_accounts: self.patterns(machine_accounts),
            machine_domains: self.patterns(machine_domains),
            local_accounts: self.patterns(local_accounts),
            local_domains: self.patterns(local_domains),
            maps: self.list(maps, Self::map),
        };
        for name in products {
            map.products.entry(name).or_default().extend(&read);
        }
    }

    fn map(&mut self, node: &Node) -> Option<Map> {
        let mut keys = Fields::of(self.source, node, "a map", self.report)?;
        let service = keys.optional("service");
        let when = keys.optional("when");
        let unless = keys.optional("unless");
        let entities = keys.optional("entities");
        let action = keys.optional("action");
        let outcome = keys.optional("outcome");
        let leases = keys.optional("leases");
        keys.finish(self.report);
        if [entities, action, outcome, leases]
            .iter()
            .all(Option::is_none)
        {
            let message =
                "expected a map with `entities`, `action`, `outcome` or `leases`".to_owned();
            let problem = Diagnostic::error(self.source, node.span, "missing-key", message);
            self.report.push(problem);
        }
        Some(Map {
            services: self.words(service),
            when: self.conditions(when),
            unless: self.conditions(unless),
            entities: self.list(entities, Self::naming),
            action: action.and_then(|node| self.action(node)),
            ending: outcome.and_then(|node| self.ending(node)),
            leases: self.list(leases, Self::lending),
        })
    }

    /// A word, or the fields that say it.
    fn action(&mut self, node: &Node) -> Option<Action> {
        if node.mapping().is_none() {
            return self.word(Some(node)).map(Action::Word);
        }
        let mut keys = Fields::of(self.source, node, "an action", self.report)?;
        let field = keys.required("field", self.report);
        keys.finish(self.report);
        Some(Action::Told(self.paths(field)))
    }

    /// An outcome, or what fields say of it.
    fn ending(&mut self, node: &Node) -> Option<Ending> {
        if node.mapping().is_none() {
            let words = Outcome::ALL.map(Outcome::word);
            let word = self.one_of(Some(node), "outcome", &words)?;
            return Outcome::from_word(word).map(Ending::So);
        }
        let mut keys = Fields::of(self.source, node, "an outcome", self.report)?;
        let field = keys.required("field", self.report);
        let unknown = keys.optional("unknown");
        let success = keys.optional("success");
        let failure = keys.optional("failure");
        keys.finish(self.report);
        Some(Ending::Told(Ends {
            fields: self.paths(field),
            unknown: self.patterns(unknown),
            success: self.patterns(success),
            failure: self.patterns(failure),
        }))
    }

    fn paths(&mut self, node: Option<&Node>) -> Vec<Path> {
        let words = self.words(node);
        words.iter().map(|word| Path::new(word)).collect()
    }

    fn naming(&mut self, node: &Node) -> Option<Naming> {
        let mut keys = Fields::of(self.source, node, "an entity", self.report)?;
        let role = keys.required("role", self.report);
        let kind = keys.required("kind", self.report);
        let field = keys.required("field", self.report);
        let domain = keys.optional("domain");
        let also = keys.optional("also");
        let after = keys.optional("after");
        let siblings = keys.optional("where");
        let strangers = keys.optional("unless");
        keys.finish(self.report);
        let role = self.one_of(role, "role", &Role::ALL.map(Role::word));
        let kind = self.one_of(kind, "kind", &EntityKind::ALL.map(EntityKind::word));
        let fields = self.paths(field);
        let domain = self.word(domain);
        let also = self.paths(also);
        let naming = Naming {
            role: Role::from_word(role?)?,
            kind: EntityKind::from_word(kind?)?,
            fields,
            domain: domain.map(|field| Path::new(&field)),
            also,
            after: self.word(after),
            siblings: self.conditions(siblings),
            strangers: self.conditions(strangers),
        };
        (!naming.fields.is_empty()).then_some(naming)
    }

    /// A mapping of fields to the value, or one of the values, that each must have.
    fn conditions(&mut self, node: Option<&Node>) -> Vec<Condition> {
        let Some(node) = node else {
            return Vec::new();
        };
        let Some(entries) = node.mapping() else {
            self.wrong(node, "fields and their values");
            return Vec::new();
        };
        let mut conditions = Vec::new();
        for (key, values) in entries {
            let field = Path::new(key.scalar().map_or("", |scalar| scalar.text.as_str()));
            let values = self.patterns(Some(values));
            conditions.push(Condition { field, values });
        }
        conditions
    }

    fn patterns(&mut self, node: Option<&Node>) -> Vec<Pattern> {
        let words = self.words(node);
        words.iter().map(|word| Pattern::new(word)).collect()
    }

    /// One text or a list of texts.
    fn words(&mut self, node: Option<&Node>) -> Vec<String> {
        match node {
            None => Vec::new(),
            Some(list) if list.sequence().is_some() => {
                self.list(Some(list), |reader, item| reader.word(Some(item)))
            }
            Some(_) => self.word(node).into_iter().collect(),
        }
    }

    fn word(&mut self, node: Option<&Node>) -> Option<String> {
        let node = node?;
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            self.wrong(node, "a text");
        }
        text
    }

    fn one_of<'w>(
        &mut self,
        node: Option<&Node>,
        what: &str,
        words: &[&'w str],
    ) -> Option<&'w str> {
        let node = node?;
        let found = node.text().unwrap_or_default();
        let known = words.iter().copied().find(|word| *word == found);
        if known.is_none() {
            let message = format!("expected a {what}, found {}", node.describe());
            let help = format!("one of: {}", words.join(", "));
            let problem = Diagnostic::error(self.source, node.span, "unknown-word", message);
            self.report.push(problem.help(help));
        }
        known
    }

    fn list<T>(
        &mut self,
        node: Option<&Node>,
        mut read: impl FnMut(&mut Self, &Node) -> Option<T>,
    ) -> Vec<T> {
        let Some(node) = node else {
            return Vec::new();
        };
        let Some(items) = node.sequence() else {
            self.wrong(node, "a list");
            return Vec::new();
        };
        items.iter().filter_map(|item| read(self, item)).collect()
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        let message = format!("expected {wanted}, found {}", node.describe());
        let problem = Diagnostic::error(self.source, node.span, "wrong-type", message);
        self.report.push(problem);
    }
}
