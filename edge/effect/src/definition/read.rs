//! A definition from its text, or everything that is wrong with it.

use std::collections::BTreeMap;

use cordon_act::{Digest, Patience, Reversal};
use cordon_model::Value;
use cordon_text::{
    Diagnostic, Fields, Node, Report, ScalarKind, Source, Span, Value as Shape, parse,
};

use super::{Action, Auth, Body, Definition, Method, Place, Probe, Read, Request, Tree};
use crate::{
    matching::{Condition, Conditions},
    template::Template,
};

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn parse(source: &Source) -> Result<Self, Report> {
        let (documents, mut report) = parse(source);
        let mut read = Reader {
            source,
            report: Report::default(),
            settings: Vec::new(),
            secrets: Vec::new(),
        };
        let found = match documents.as_slice() {
            [document] => read.definition(document),
            others => {
                let message = format!("expected one connector, found {} documents", others.len());
                read.wrong(
                    Span::START,
                    message,
                    "put each connector into a file of its own",
                );
                None
            }
        };
        report.extend(read.report);
        match found.filter(|_| !report.has_errors()) {
            Some(found) => Ok(found),
            None => Err(report),
        }
    }
}

mod auth;

struct Reader<'t> {
    source: &'t Source,
    report: Report,
    settings: Vec<String>,
    secrets: Vec<String>,
}

impl<'t> Reader<'t> {
    fn wrong(&mut self, span: Span, message: String, help: &str) {
        let problem = Diagnostic::error(self.source, span, "wrong-connector", message);
        self.report.push(problem.help(help));
    }

    fn fields(&mut self, node: &'t Node, what: &'static str) -> Option<Fields<'t>> {
        Fields::of(self.source, node, what, &mut self.report)
    }

    fn definition(&mut self, document: &'t Node) -> Option<Definition> {
        let mut fields = self.fields(document, "a connector")?;
        if let Some(at) = fields.required("cordon", &mut self.report)
            && at.text() != Some("connector/v1")
        {
            let message = format!("expected `connector/v1`, found {}", at.describe());
            self.wrong(at.span, message, "write `cordon: connector/v1`");
        }
        let name = fields.required("name", &mut self.report);
        let title = fields.required("title", &mut self.report);
        let tested = fields.required("tested", &mut self.report);
        let (name, title) = (
            name.and_then(|at| self.text(at)),
            title.and_then(|at| self.text(at)),
        );
        let tested = tested.and_then(|at| self.text(at));
        let documentation = fields.required("documentation", &mut self.report);
        let documentation = documentation.map(|at| self.texts(at)).unwrap_or_default();
        let needs = fields.optional("needs").map(|at| self.texts(at));
        let settings = fields.optional("settings");
        self.settings = settings.map(|at| self.texts(at)).unwrap_or_default();
        let secrets = fields.optional("secrets");
        self.secrets = secrets.map(|at| self.texts(at)).unwrap_or_default();
        let auth = fields.optional("auth").map(|at| self.auth(at));
        let headers = fields.optional("headers").map(|at| self.templates(at));
        let errors = fields.optional("errors").and_then(|at| self.text(at));
        let patience = fields.optional("patience").map(|at| self.patience(at));
        let actions = fields.required("actions", &mut self.report);
        let actions = actions.map(|at| self.actions(at)).unwrap_or_default();
        fields.finish(&mut self.report);
        Some(Definition {
            name: name?,
            title: title?,
            tested: tested?,
            documentation,
            needs: needs.unwrap_or_default(),
            digest: Digest::of(self.source.text.as_bytes()),
            settings: self.settings.clone(),
            secrets: self.secrets.clone(),
            auth: auth.unwrap_or(Some(Auth::None))?,
            headers: headers.unwrap_or_default().into_iter().collect(),
            errors,
            patience: patience.unwrap_or_default(),
            actions,
        })
    }

    fn text(&mut self, at: &Node) -> Option<String> {
        let text = at.text().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            let message = format!("expected a text, found {}", at.describe());
            self.wrong(at.span, message, "write a text here");
        }
        text.map(str::to_owned)
    }

    fn list(&mut self, at: &'t Node) -> &'t [Node] {
        at.sequence().unwrap_or_else(|| {
            let message = format!("expected a list, found {}", at.describe());
            self.wrong(at.span, message, "put it in brackets: `[…]`");
            &[]
        })
    }

    fn texts(&mut self, at: &'t Node) -> Vec<String> {
        let items = self.list(at).iter();
        items.filter_map(|item| self.text(item)).collect()
    }

    fn entries(&mut self, at: &'t Node) -> Vec<(String, &'t Node)> {
        let Some(entries) = at.mapping() else {
            let message = format!("expected keys and values, found {}", at.describe());
            self.wrong(at.span, message, "write them as in `key: …`");
            return Vec::new();
        };
        let named = entries.iter();
        named
            .filter_map(|(key, value)| Some((self.text(key)?, value)))
            .collect()
    }

    fn template(&mut self, at: &Node) -> Option<Template> {
        let text = self.text(at)?;
        let template = match Template::parse(&text) {
            Ok(template) => template,
            Err(why) => {
                self.wrong(
                    at.span,
                    format!("this text cannot be filled in: {why}"),
                    "places are written `{name}`",
                );
                return None;
            }
        };
        let own = |name: &str| {
            name == "target"
                || name
                    .strip_prefix("parameters.")
                    .is_some_and(|key| !key.is_empty())
                || name
                    .strip_prefix("prior.")
                    .is_some_and(|key| !key.is_empty())
        };
        let unknown = template
            .places()
            .find(|name| !own(name) && !self.settings.iter().any(|known| known == name));
        if let Some(name) = unknown {
            let message = format!("`{{{name}}}` stands for nothing here");
            self.wrong(
                at.span,
                message,
                "places are `target`, `parameters.…`, `prior.…` and the settings",
            );
        }
        Some(template)
    }

    fn templates(&mut self, at: &'t Node) -> BTreeMap<String, Template> {
        let entries = self.entries(at).into_iter();
        let read = entries.filter_map(|(key, value)| Some((key, self.template(value)?)));
        read.collect()
    }

    fn patience(&mut self, at: &'t Node) -> Patience {
        let mut patience = Patience::default();
        let Some(mut fields) = self.fields(at, "`patience`") else {
            return patience;
        };
        let mut seconds = |read: &mut Self, key: &'static str, ms: &mut u64| {
            let Some(at) = fields.optional(key) else {
                return;
            };
            match at.text().and_then(|text| text.parse::<u64>().ok()) {
                Some(s) if (1..=86_400).contains(&s) => *ms = s * 1000,
                Some(_) | None => {
                    let message = format!(
                        "expected whole seconds up to a day, found {}",
                        at.describe()
                    );
                    read.wrong(at.span, message, "write a number, such as `30`");
                }
            }
        };
        seconds(self, "answer_seconds", &mut patience.answer_ms);
        seconds(self, "land_seconds", &mut patience.land_ms);
        seconds(self, "effect_seconds", &mut patience.effect_ms);
        fields.finish(&mut self.report);
        patience
    }

    fn actions(&mut self, at: &'t Node) -> BTreeMap<String, Action> {
        let entries = self.entries(at).into_iter();
        let read = entries.filter_map(|(name, at)| Some((name, self.action(at)?)));
        read.collect()
    }

    fn action(&mut self, at: &'t Node) -> Option<Action> {
        let mut fields = self.fields(at, "an action")?;
        let kinds = fields.optional("kinds").map(|at| self.texts(at));
        let target = fields.required("target", &mut self.report);
        let target = target.and_then(|at| self.text(at));
        let beware = fields.optional("beware").and_then(|at| self.text(at));
        let reads = fields.required("read", &mut self.report);
        let reads = reads
            .map(|at| self.each(at, Self::read))
            .unwrap_or_default();
        let requires = fields.optional("requires").map(|at| self.conditions(at));
        let wanted = fields.required("wanted", &mut self.report);
        let wanted = wanted.map(|at| self.conditions(at));
        let pending = fields.optional("pending");
        let pending =
            pending.map(|at| self.list(at).iter().map(|at| self.conditions(at)).collect());
        let restored = fields.optional("restored").map(|at| self.conditions(at));
        let does = fields.required("do", &mut self.report);
        let does = does
            .map(|at| self.each(at, Self::request))
            .unwrap_or_default();
        let undoes = fields.optional("undo");
        let undoes = undoes
            .map(|at| self.each(at, Self::request))
            .unwrap_or_default();
        let forward = fields
            .optional("forward_only")
            .map(|at| (at.text(), at.span));
        let reversal = self.reversal(at.span, &undoes, forward);
        let probe = fields.optional("probe").map(|at| self.probe(at));
        let evidence = fields.optional("evidence").map(|at| self.evidence(at));
        fields.finish(&mut self.report);
        Some(Action {
            kinds: kinds.unwrap_or_default(),
            target: target?,
            beware,
            reads,
            requires: requires.unwrap_or_default(),
            wanted: wanted?,
            pending: pending.unwrap_or_default(),
            restored,
            does,
            undoes,
            reversal: reversal?,
            probe: probe.flatten(),
            evidence: evidence.unwrap_or_default(),
        })
    }

    fn reversal(
        &mut self,
        span: Span,
        undoes: &[Request],
        forward: Option<(Option<&str>, Span)>,
    ) -> Option<Reversal> {
        let help = "write either `undo: […]`, or `forward_only: passing` where nothing needs to be undone, or `forward_only: lasting`";
        match (undoes.is_empty(), forward) {
            (false, None) => Some(Reversal::Undo),
            (true, Some((Some("passing"), _))) => Some(Reversal::Passing),
            (true, Some((Some("lasting"), _))) => Some(Reversal::Never),
            (_, other) => {
                let at = other.map_or(span, |(_, span)| span);
                self.wrong(at, "it does not say how it is taken back".to_owned(), help);
                None
            }
        }
    }

    fn each<T>(&mut self, at: &'t Node, read: impl Fn(&mut Self, &'t Node) -> Option<T>) -> Vec<T> {
        let items = self.list(at).iter();
        items.filter_map(|item| read(self, item)).collect()
    }

    fn read(&mut self, at: &'t Node) -> Option<Read> {
        let mut fields = self.fields(at, "a reading")?;
        let state = fields.required("state", &mut self.report);
        let state = state.map(|at| self.places(at)).unwrap_or_default();
        let request = self.request_of(&mut fields, at.span);
        fields.finish(&mut self.report);
        Some(Read {
            request: request?,
            state,
        })
    }

    fn places(&mut self, at: &'t Node) -> BTreeMap<String, Place> {
        let entries = self.entries(at).into_iter();
        let read = entries.filter_map(|(key, at)| Some((key, self.place(at)?)));
        read.collect()
    }

    fn place(&mut self, at: &'t Node) -> Option<Place> {
        if at.mapping().is_some() {
            let mut fields = self.fields(at, "a place in an answer")?;
            let holds = fields.required("holds", &mut self.report);
            let holds = holds.and_then(|at| self.template(at));
            fields.finish(&mut self.report);
            return holds.map(Place::Holds);
        }
        if at
            .text()
            .is_some_and(|text| !text.is_empty() && !text.starts_with('/'))
        {
            self.wrong(
                at.span,
                "this is no JSON pointer".to_owned(),
                "begin it with `/`, as in `/status`",
            );
        }
        self.template(at).map(Place::Pointer)
    }

    fn conditions(&mut self, at: &'t Node) -> Conditions {
        let entries = self.entries(at).into_iter();
        let each = entries.map(|(key, at)| {
            let condition = match at.sequence() {
                Some(items) => Condition::OneOf(items.iter().map(plain).collect()),
                None if at.text() == Some("changed") => Condition::Changed,
                None => Condition::OneOf(vec![plain(at)]),
            };
            (key, condition)
        });
        Conditions(each.collect())
    }

    fn probe(&mut self, at: &'t Node) -> Option<Probe> {
        let mut fields = self.fields(at, "a probe")?;
        let refused = fields.optional("refused").map(|at| self.codes(at));
        let state = fields.optional("state").map(|at| self.places(at));
        let effective = fields.optional("effective").map(|at| self.conditions(at));
        let request = self.request_of(&mut fields, at.span);
        fields.finish(&mut self.report);
        if refused.is_some() == (state.is_some() && effective.is_some()) {
            let help = "write either `refused: [CODE, …]`, or `state` and `effective`";
            let message = "it does not say when the effect holds".to_owned();
            self.wrong(at.span, message, help);
        }
        Some(Probe {
            read: Read {
                request: request?,
                state: state.unwrap_or_default(),
            },
            refused: refused.unwrap_or_default(),
            effective: effective.unwrap_or_default(),
        })
    }

    fn evidence(&mut self, at: &'t Node) -> Vec<(String, Request)> {
        let entries = self.entries(at).into_iter();
        let read = entries.filter_map(|(fact, at)| Some((fact, self.request(at)?)));
        read.collect()
    }

    fn request(&mut self, at: &'t Node) -> Option<Request> {
        let mut fields = self.fields(at, "a request")?;
        let request = self.request_of(&mut fields, at.span);
        fields.finish(&mut self.report);
        request
    }

    fn request_of(&mut self, fields: &mut Fields<'t>, span: Span) -> Option<Request> {
        let methods = [
            ("get", Method::Get),
            ("post", Method::Post),
            ("put", Method::Put),
            ("patch", Method::Patch),
            ("delete", Method::Delete),
        ];
        let mut found = methods
            .into_iter()
            .filter_map(|(key, method)| Some((method, fields.optional(key)?)));
        let (Some((method, url)), None) = (found.next(), found.next()) else {
            let help = "write one of `get`, `post`, `put`, `patch` and `delete` with a URL";
            self.wrong(span, "expected one request".to_owned(), help);
            return None;
        };
        let url = self.template(url);
        let json = fields.optional("body").map(|at| self.tree(at));
        let form = fields.optional("form").map(|at| self.templates(at));
        let also_good = fields.optional("also_good").map(|at| self.codes(at));
        let body = match (json, form) {
            (Some(json), _) => Some(Body::Json(json?)),
            (None, form) => form.map(Body::Form),
        };
        Some(Request {
            method,
            url: url?,
            body,
            also_good: also_good.unwrap_or_default(),
        })
    }

    fn codes(&mut self, at: &'t Node) -> Vec<u16> {
        let mut codes = Vec::new();
        for item in self.list(at) {
            let code: Option<u16> = item.text().and_then(|text| text.parse().ok());
            if code.is_none() {
                let message = format!("expected a code, found {}", item.describe());
                self.wrong(item.span, message, "write a number, such as `404`");
            }
            codes.extend(code);
        }
        codes
    }

    fn tree(&mut self, at: &'t Node) -> Option<Tree> {
        Some(match &at.value {
            Shape::Sequence(items) => {
                Tree::List(items.iter().filter_map(|item| self.tree(item)).collect())
            }
            Shape::Mapping(_) => {
                let entries = self.entries(at).into_iter();
                let read = entries.filter_map(|(key, at)| Some((key, self.tree(at)?)));
                Tree::Map(read.collect())
            }
            Shape::Scalar(scalar)
                if scalar.kind() == ScalarKind::String && !scalar.text.is_empty() =>
            {
                Tree::Text(self.template(at)?)
            }
            Shape::Scalar(_) => Tree::Leaf(plain(at)),
        })
    }
}

/// A scalar as JSON.
fn plain(at: &Node) -> Value {
    let Some(scalar) = at.scalar() else {
        return Value::Null;
    };
    match scalar.kind() {
        ScalarKind::Null => Value::Null,
        ScalarKind::Bool(truth) => Value::Bool(truth),
        ScalarKind::Integer | ScalarKind::Decimal => {
            serde_json::from_str(&scalar.text).unwrap_or_else(|_why| scalar.text.clone().into())
        }
        ScalarKind::String => scalar.text.clone().into(),
    }
}
