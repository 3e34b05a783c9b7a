//! A definition from its text, or everything that is wrong with it.

use std::collections::BTreeMap;

use cordon_act::{Digest, Patience, Reversal};
use cordon_model::Value;
use cordon_text::{Fields, Node, Page, Report, ScalarKind, Source, Span, Value as Shape};

use super::{Action, Auth, Body, Definition, Maker, Method, Place, Probe, Read, Request, Tree};
use crate::{
    matching::{Condition, Conditions},
    seconds::seconds,
    template::Template,
};

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn parse(source: &Source) -> Result<Self, Report> {
        Page::read(
            source,
            ("connector", "wrong-connector"),
            |page, document| {
                let (settings, secrets) = (Vec::new(), Vec::new());
                Reader {
                    page,
                    settings,
                    secrets,
                }
                .definition(document)
            },
        )
    }
}

mod auth;

struct Reader<'p, 't> {
    page: &'p mut Page<'t>,
    settings: Vec<String>,
    secrets: Vec<String>,
}

impl<'t> Reader<'_, 't> {
    fn definition(&mut self, document: &'t Node) -> Option<Definition> {
        let mut fields = self.page.fields(document, "a connector")?;
        self.page.format(&mut fields, "connector/v1");
        let name = fields.required("name", &mut self.page.report);
        let title = fields.required("title", &mut self.page.report);
        let tested = fields.required("tested", &mut self.page.report);
        let (name, title) = (
            name.and_then(|at| self.page.text(at)),
            title.and_then(|at| self.page.text(at)),
        );
        let tested = tested.and_then(|at| self.page.text(at));
        let documentation = fields.required("documentation", &mut self.page.report);
        let documentation = documentation
            .map(|at| self.page.texts(at))
            .unwrap_or_default();
        let needs = fields.optional("needs").map(|at| self.page.texts(at));
        let settings = fields.optional("settings");
        self.settings = settings.map(|at| self.page.texts(at)).unwrap_or_default();
        let secrets = fields.optional("secrets");
        self.secrets = secrets.map(|at| self.page.texts(at)).unwrap_or_default();
        let auth = fields.optional("auth").map(|at| self.auth(at));
        let headers = fields.optional("headers").map(|at| self.templates(at));
        let errors = fields.optional("errors").and_then(|at| self.page.text(at));
        let patience = fields.optional("patience").map(|at| self.patience(at));
        let actions = fields.required("actions", &mut self.page.report);
        let actions = actions.map(|at| self.actions(at)).unwrap_or_default();
        fields.finish(&mut self.page.report);
        Some(Definition {
            name: name?,
            title: title?,
            tested: tested?,
            documentation,
            needs: needs.unwrap_or_default(),
            digest: Digest::of(self.page.source.text.as_bytes()),
            maker: Maker::Site,
            settings: self.settings.clone(),
            secrets: self.secrets.clone(),
            auth: auth.unwrap_or(Some(Auth::None))?,
            headers: headers.unwrap_or_default().into_iter().collect(),
            errors,
            patience: patience.unwrap_or_default(),
            actions,
        })
    }

    fn template(&mut self, at: &Node) -> Option<Template> {
        let text = self.page.text(at)?;
        let template = match Template::parse(&text) {
            Ok(template) => template,
            Err(why) => {
                self.page.wrong(
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
            self.page.wrong(
                at.span,
                message,
                "places are `target`, `parameters.…`, `prior.…` and the settings",
            );
        }
        Some(template)
    }

    fn templates(&mut self, at: &'t Node) -> BTreeMap<String, Template> {
        let entries = self.page.entries(at).into_iter();
        let read = entries.filter_map(|(key, value)| Some((key, self.template(value)?)));
        read.collect()
    }

    fn patience(&mut self, at: &'t Node) -> Patience {
        let mut patience = Patience::default();
        let Some(mut fields) = self.page.fields(at, "`patience`") else {
            return patience;
        };
        for (key, ms) in [
            ("answer_seconds", &mut patience.answer_ms),
            ("land_seconds", &mut patience.land_ms),
            ("effect_seconds", &mut patience.effect_ms),
        ] {
            seconds(self.page, fields.optional(key), ms);
        }
        fields.finish(&mut self.page.report);
        patience
    }

    fn actions(&mut self, at: &'t Node) -> BTreeMap<String, Action> {
        let entries = self.page.entries(at).into_iter();
        let read = entries.filter_map(|(name, at)| Some((name, self.action(at)?)));
        read.collect()
    }

    fn action(&mut self, at: &'t Node) -> Option<Action> {
        let mut fields = self.page.fields(at, "an action")?;
        let kinds = fields.optional("kinds").map(|at| self.page.texts(at));
        let target = fields.required("target", &mut self.page.report);
        let target = target.and_then(|at| self.page.text(at));
        let beware = fields.optional("beware").and_then(|at| self.page.text(at));
        let reads = fields.required("read", &mut self.page.report);
        let reads = reads
            .map(|at| self.each(at, Self::read))
            .unwrap_or_default();
        let requires = fields.optional("requires").map(|at| self.conditions(at));
        let wanted = fields.required("wanted", &mut self.page.report);
        let wanted = wanted.map(|at| self.conditions(at));
        let pending = fields.optional("pending");
        let pending = pending.map(|at| {
            self.page
                .list(at)
                .iter()
                .map(|at| self.conditions(at))
                .collect()
        });
        let restored = fields.optional("restored").map(|at| self.conditions(at));
        let does = fields.required("do", &mut self.page.report);
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
        fields.finish(&mut self.page.report);
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
                self.page
                    .wrong(at, "it does not say how it is taken back".to_owned(), help);
                None
            }
        }
    }

    fn each<T>(&mut self, at: &'t Node, read: impl Fn(&mut Self, &'t Node) -> Option<T>) -> Vec<T> {
        let items = self.page.list(at).iter();
        items.filter_map(|item| read(self, item)).collect()
    }

    fn read(&mut self, at: &'t Node) -> Option<Read> {
        let mut fields = self.page.fields(at, "a reading")?;
        let state = fields.required("state", &mut self.page.report);
        let state = state.map(|at| self.places(at)).unwrap_or_default();
        let request = self.request_of(&mut fields, at.span);
        fields.finish(&mut self.page.report);
        Some(Read {
            request: request?,
            state,
        })
    }

    fn places(&mut self, at: &'t Node) -> BTreeMap<String, Place> {
        let entries = self.page.entries(at).into_iter();
        let read = entries.filter_map(|(key, at)| Some((key, self.place(at)?)));
        read.collect()
    }

    fn place(&mut self, at: &'t Node) -> Option<Place> {
        if at.mapping().is_some() {
            let mut fields = self.page.fields(at, "a place in an answer")?;
            let holds = fields.required("holds", &mut self.page.report);
            let holds = holds.and_then(|at| self.template(at));
            fields.finish(&mut self.page.report);
            return holds.map(Place::Holds);
        }
        if at
            .text()
            .is_some_and(|text| !text.is_empty() && !text.starts_with('/'))
        {
            self.page.wrong(
                at.span,
                "this is no JSON pointer".to_owned(),
                "begin it with `/`, as in `/status`",
            );
        }
        self.template(at).map(Place::Pointer)
    }

    fn conditions(&mut self, at: &'t Node) -> Conditions {
        let entries = self.page.entries(at).into_iter();
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
        let mut fields = self.page.fields(at, "a probe")?;
        let refused = fields.optional("refused").map(|at| self.codes(at));
        let state = fields.optional("state").map(|at| self.places(at));
        let effective = fields.optional("effective").map(|at| self.conditions(at));
        let request = self.request_of(&mut fields, at.span);
        fields.finish(&mut self.page.report);
        if refused.is_some() == (state.is_some() && effective.is_some()) {
            let help = "write either `refused: [CODE, …]`, or `state` and `effective`";
            let message = "it does not say when the effect holds".to_owned();
            self.page.wrong(at.span, message, help);
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
        let entries = self.page.entries(at).into_iter();
        let read = entries.filter_map(|(fact, at)| Some((fact, self.request(at)?)));
        read.collect()
    }

    fn request(&mut self, at: &'t Node) -> Option<Request> {
        let mut fields = self.page.fields(at, "a request")?;
        let request = self.request_of(&mut fields, at.span);
        fields.finish(&mut self.page.report);
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
            self.page
                .wrong(span, "expected one request".to_owned(), help);
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
        for item in self.page.list(at) {
            let code: Option<u16> = item.text().and_then(|text| text.parse().ok());
            if code.is_none() {
                let message = format!("expected a code, found {}", item.describe());
                self.page
                    .wrong(item.span, message, "write a number, such as `404`");
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
                let entries = self.page.entries(at).into_iter();
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
