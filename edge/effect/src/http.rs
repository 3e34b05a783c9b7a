//! The connector that any definition of an HTTP API makes.
//!
//! What an answer means: 2xx was taken; 429, and 503 with a time, is not now; any other 4xx was refused
//! without effect; everything else, a broken connection included, is unknown. Whether it had an effect is
//! read back in every case.

use std::time::{Duration, Instant};

use cordon_act::{Ability, Act, Answer, Asked, Digest, Effect, Means};
use cordon_model::Value;

use crate::{
    Connector, Definition, Job, Maker, Site, Spoken,
    definition::{Action, Body, Method, Request, Tree},
    template::Filling,
};
pub(crate) use auth::form;
pub(crate) use client::{Client, Reply};

mod asking;
mod auth;
mod client;
mod hidden;
mod saying;

/// Why a request has no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failed {
    /// Not now.
    Throttled { after_ms: u64 },
    /// It was refused, without effect.
    Refused { why: String },
    /// Nobody knows.
    Unknown { why: String },
}

impl From<Failed> for Answer {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Throttled { after_ms } => Self::Throttled { after_ms },
            Failed::Refused { why } => Self::Refused { why },
            Failed::Unknown { why } => Self::Unknown { why },
        }
    }
}

impl Failed {
    pub(crate) fn words(self) -> String {
        match self {
            Self::Throttled { after_ms } => format!("the service asked for {after_ms} ms"),
            Self::Refused { why } | Self::Unknown { why } => why,
        }
    }
}

/// A call, and until when it must be answered.
struct Ask<'j> {
    job: Job<'j>,
    until: Instant,
}

/// A connector made of a definition and what a site sets.
pub struct Http {
    definition: Definition,
    site: Site,
    client: Client,
}

impl Http {
    /// Puts them together.
    ///
    /// # Errors
    /// What the site does not set.
    pub fn new(definition: Definition, site: Site) -> Result<Self, String> {
        let set = |name: &&String| !site.settings.contains_key(*name);
        if let Some(name) = definition.settings.iter().find(set) {
            return Err(format!("`{}` needs the setting `{name}`", definition.name));
        }
        let kept = |name: &&String| !site.secrets.contains_key(*name);
        if let Some(name) = definition.secrets.iter().find(kept) {
            return Err(format!("`{}` needs the secret `{name}`", definition.name));
        }
        let mut settings = site.settings.iter();
        if let Some((name, url)) = settings.find(|(_, value)| client::is_in_clear(value)) {
            return Err(format!(
                "the setting `{name}` is {url}: whoever listens would read the secrets of `{}`; say https",
                definition.name
            ));
        }
        let client = Client::new(&site)?;
        Ok(Self {
            definition,
            site,
            client,
        })
    }

    fn filling<'f>(&'f self, effect: &'f Effect, prior: &'f Value) -> Filling<'f> {
        Filling {
            target: &effect.target,
            parameters: &effect.parameters,
            prior,
            settings: &self.site.settings,
        }
    }

    fn action(&self, effect: &Effect) -> Result<&Action, Failed> {
        let action = self.definition.actions.get(&effect.action);
        action.ok_or_else(|| Failed::Refused {
            why: format!(
                "`{}` has no action `{}`",
                self.definition.name, effect.action
            ),
        })
    }

    /// Sends a request with whatever authenticates, and judges what came back.
    fn send(&self, request: &Request, ask: &Ask<'_>) -> Result<Reply, Failed> {
        let errors = self.definition.errors.as_deref();
        let reply = self.reply(request, ask)?;
        reply.judge(&request.also_good, errors)
    }

    /// Whatever came back; a token that is no longer good is had anew.
    fn reply(&self, request: &Request, ask: &Ask<'_>) -> Result<Reply, Failed> {
        let reply = self.send_once(request, ask)?;
        if reply.status == 401 && self.client.forget_token() {
            return self.send_once(request, ask);
        }
        Ok(reply)
    }

    fn send_once(&self, request: &Request, ask: &Ask<'_>) -> Result<Reply, Failed> {
        let filling = &self.filling(ask.job.effect, ask.job.prior);
        let refused = |why| Failed::Refused { why };
        let mut headers = Vec::new();
        for (name, value) in &self.definition.headers {
            headers.push((name.clone(), value.text(filling).map_err(refused)?));
        }
        headers.extend(self.client.authenticate(
            &self.definition.auth,
            (&self.site, filling),
            ask.until,
        )?);
        let url = request.url.url(filling).map_err(refused)?;
        let body = match &request.body {
            None => None,
            Some(body) => Some(written(body, filling).map_err(refused)?),
        };
        self.client
            .send(request.method, &url, (&headers, body), ask.until)
    }

    fn all(&self, requests: &[Request], ask: &Ask<'_>) -> Result<Answer, Failed> {
        for (done, request) in requests.iter().enumerate() {
            match self.send(request, ask) {
                Ok(_) => {}
                // What went before it had its effect; only what is read back says what is so now.
                Err(Failed::Refused { why }) if done > 0 => {
                    let of = requests.len();
                    return Err(Failed::Unknown {
                        why: format!("{done} of {of} requests were taken, then: {why}"),
                    });
                }
                Err(other) => return Err(other),
            }
        }
        Ok(Answer::Accepted)
    }
}

fn written(body: &Body, filling: &Filling<'_>) -> Result<(&'static str, String), String> {
    Ok(match body {
        Body::Json(tree) => ("application/json", value(tree, filling)?.to_string()),
        Body::Form(fields) => {
            let mut pairs = Vec::new();
            for (key, template) in fields {
                pairs.push((key.as_str(), template.plain(filling)?));
            }
            ("application/x-www-form-urlencoded", auth::form(&pairs))
        }
    })
}

fn value(tree: &Tree, filling: &Filling<'_>) -> Result<Value, String> {
    Ok(match tree {
        Tree::Leaf(leaf) => leaf.clone(),
        Tree::Text(template) => template.value(filling)?,
        Tree::List(items) => {
            let items: Result<Vec<Value>, String> =
                items.iter().map(|item| value(item, filling)).collect();
            Value::Array(items?)
        }
        Tree::Map(entries) => {
            let mut map = serde_json::Map::new();
            for (key, tree) in entries {
                map.insert(key.clone(), value(tree, filling)?);
            }
            Value::Object(map)
        }
    })
}

impl Connector for Http {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        let actions = &self.definition.actions;
        let kind = asked.kind.as_str();
        let found = match asked.action {
            Some(name) => actions.get_key_value(name),
            None => actions
                .iter()
                .find(|(_, action)| action.kinds.iter().any(|known| known == kind)),
        };
        let (name, action) = found.ok_or_else(|| {
            let known: Vec<&str> = actions.keys().map(String::as_str).collect();
            format!(
                "it has no action for `{}`; known: {}",
                asked.action.unwrap_or(kind),
                known.join(", ")
            )
        })?;
        Ok(Ability {
            action: name.clone(),
            reversal: action.reversal,
            patience: self.definition.patience,
        })
    }

    fn means(&self, action: &str) -> Means {
        match self.definition.actions.get(action) {
            Some(action) if self.definition.maker == Maker::Cordon => Means::Of {
                kinds: action.kinds.clone(),
                wide: false,
            },
            Some(_) | None => Means::Own,
        }
    }

    fn call(&self, job: Job<'_>) -> Answer {
        let ask = &Ask {
            job,
            until: Instant::now() + Duration::from_millis(job.effect.patience.answer_ms),
        };
        let answered = self.action(job.effect).and_then(|action| match job.act {
            Act::Capture => self.capture(action, ask),
            Act::Do => self.all(&action.does, ask),
            Act::ReadBack => self.read_back(action, ask),
            Act::Probe => self.probe(action, ask),
            Act::Undo => self.all(&action.undoes, ask),
        });
        answered.unwrap_or_else(Answer::from)
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let Ok(action) = self.action(effect) else {
            return vec![format!("no action `{}`", effect.action)];
        };
        let filling = self.filling(effect, &Value::Null);
        let line = |what: &str, request: &Request| {
            let url = request
                .url
                .url(&filling)
                .unwrap_or_else(|why| format!("({why})"));
            let body = request
                .body
                .as_ref()
                .map(|body| match written(body, &filling) {
                    Ok((_, body)) => format!(" {body}"),
                    Err(why) => format!(" ({why}: it is read first)"),
                });
            let method = request.method.word();
            format!("{what}: {method} {url}{}", body.unwrap_or_default())
        };
        let reads = action.reads.iter().map(|read| line("read", &read.request));
        let does = action.does.iter().map(|request| line("do", request));
        let evidence = action.evidence.iter();
        let evidence = evidence.map(|(fact, request)| line(&format!("keep {fact}"), request));
        let probe = action.probe.iter();
        let probe = probe.map(|probe| line("probe", &probe.read.request));
        let undoes = action.undoes.iter().map(|request| line("undo", request));
        let before = reads.chain(evidence).chain(does);
        before.chain(probe).chain(undoes).collect()
    }

    fn spoken(&self, effect: &Effect) -> Spoken {
        let Ok(action) = self.action(effect) else {
            return Spoken::default();
        };
        let say = |requests: &mut dyn Iterator<Item = &Request>| {
            requests.map(|request| self.said(request, effect)).collect()
        };
        Spoken {
            reads: say(&mut action.reads.iter().map(|read| &read.request)),
            does: say(&mut action.does.iter()),
            undoes: say(&mut action.undoes.iter()),
        }
    }

    fn digest(&self) -> Option<Digest> {
        // The settings say which tenant it goes to, so they are part of what is approved.
        let settings = self.site.settings.iter();
        let settings = settings.map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        let settings = Value::Object(settings.collect());
        let both = format!("{}\n{settings}", self.definition.digest);
        Some(Digest::of(both.as_bytes()))
    }
}

/// Methods as the client's library names them.
pub(crate) fn method(method: Method) -> ureq::http::Method {
    match method {
        Method::Get => ureq::http::Method::GET,
        Method::Post => ureq::http::Method::POST,
        Method::Put => ureq::http::Method::PUT,
        Method::Patch => ureq::http::Method::PATCH,
        Method::Delete => ureq::http::Method::DELETE,
    }
}
