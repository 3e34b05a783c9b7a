//! What a site says of its connectors (`cordon/connectors/v1`): addresses, secrets' places, programs.

use std::{collections::BTreeMap, fs, path::Path};

use cordon_act::{Patience, Reversal};
use cordon_text::{Diagnostic, Fields, Node, Report, Source, Span, parse};

use crate::{Programs, Secret, secret::SecretPlace};

pub use built_in::BuiltIn;

mod built_in;

use built_in::Named;

/// What a site sets for one connector.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Settings that its definition names.
    pub settings: BTreeMap<String, String>,
    /// Secrets that its definition names.
    pub secrets: BTreeMap<String, Secret>,
    /// Certificates to trust instead of the system's, in PEM.
    pub ca_pem: Option<String>,
}

/// One connector of a site.
#[derive(Debug)]
pub enum SiteConnector {
    /// A definition with what it needs; secrets are not fetched yet.
    Http(HttpSite),
    /// Programs.
    Exec(Programs),
    /// Amazon Web Services in one region; secrets are not fetched yet.
    Aws(String, HttpSite),
    /// One for a product; secrets are not fetched yet.
    BuiltIn(Box<BuiltIn>),
}

/// An HTTP connector of a site.
#[derive(Debug, Clone)]
pub struct HttpSite {
    /// Which definition.
    pub definition: String,
    /// Settings.
    pub settings: BTreeMap<String, String>,
    secrets: BTreeMap<String, SecretPlace>,
    ca: Option<String>,
}

impl HttpSite {
    /// Fetches secrets and certificates; a dry run does not.
    ///
    /// # Errors
    /// What cannot be had.
    pub fn fetched(&self) -> Result<Site, String> {
        let mut secrets = BTreeMap::new();
        for (name, place) in &self.secrets {
            let secret = place
                .fetch()
                .map_err(|why| format!("secret `{name}`: {why}"))?;
            secrets.insert(name.clone(), secret);
        }
        let read = |path: &String| {
            fs::read_to_string(Path::new(path)).map_err(|why| format!("cannot read {path}: {why}"))
        };
        Ok(Site {
            settings: self.settings.clone(),
            secrets,
            ca_pem: self.ca.as_ref().map(read).transpose()?,
        })
    }

    /// The site without its secrets, for showing what would be called.
    pub fn unfetched(&self) -> Site {
        let empty = |name: &String| (name.clone(), Secret::new(""));
        Site {
            settings: self.settings.clone(),
            secrets: self.secrets.keys().map(empty).collect(),
            ca_pem: None,
        }
    }
}

/// Reads what a site says of its connectors, by their names.
///
/// # Errors
/// Everything that is wrong with the text.
pub fn read(source: &Source) -> Result<BTreeMap<String, SiteConnector>, Report> {
    let (documents, mut report) = parse(source);
    let mut read = Reader {
        source,
        report: Report::default(),
    };
    let found = if let [document] = documents.as_slice() {
        read.connectors(document)
    } else {
        let message = "expected one document of connectors".to_owned();
        read.wrong(Span::START, message, "write `cordon: connectors/v1`");
        None
    };
    report.extend(read.report);
    match found.filter(|_| !report.has_errors()) {
        Some(found) => Ok(found),
        None => Err(report),
    }
}

struct Reader<'t> {
    source: &'t Source,
    report: Report,
}

impl<'t> Reader<'t> {
    fn wrong(&mut self, span: Span, message: String, help: &str) {
        let problem = Diagnostic::error(self.source, span, "wrong-connectors", message);
        self.report.push(problem.help(help));
    }

    fn text(&mut self, at: &Node) -> Option<String> {
        let text = at.text().filter(|text| !text.is_empty()).map(str::to_owned);
        if text.is_none() {
            let message = format!("expected a text, found {}", at.describe());
            self.wrong(at.span, message, "write a text here");
        }
        text
    }

    fn texts(&mut self, at: &'t Node) -> Vec<String> {
        let Some(items) = at.sequence() else {
            let message = format!("expected a list, found {}", at.describe());
            self.wrong(at.span, message, "put it in brackets: `[…]`");
            return Vec::new();
        };
        items.iter().filter_map(|item| self.text(item)).collect()
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

    fn connectors(&mut self, document: &'t Node) -> Option<BTreeMap<String, SiteConnector>> {
        let mut fields = Fields::of(self.source, document, "the connectors", &mut self.report)?;
        if let Some(at) = fields.required("cordon", &mut self.report)
            && at.text() != Some("connectors/v1")
        {
            let message = format!("expected `connectors/v1`, found {}", at.describe());
            self.wrong(at.span, message, "write `cordon: connectors/v1`");
        }
        let list = fields.required("connectors", &mut self.report);
        fields.finish(&mut self.report);
        let entries = list.map(|at| self.entries(at)).unwrap_or_default();
        let read = entries
            .into_iter()
            .filter_map(|(name, at)| Some((name, self.connector(at)?)));
        Some(read.collect())
    }

    fn connector(&mut self, at: &'t Node) -> Option<SiteConnector> {
        let mut fields = Fields::of(self.source, at, "a connector", &mut self.report)?;
        if let Some(command) = fields.optional("exec") {
            let programs = Programs {
                command: self.texts(command),
                kinds: fields
                    .optional("kinds")
                    .map(|at| self.texts(at))
                    .unwrap_or_default(),
                reversal: match fields.optional("forward_only").and_then(Node::text) {
                    None => Reversal::Undo,
                    Some("passing") => Reversal::Passing,
                    Some(_) => Reversal::Never,
                },
                patience: self.patience(&mut fields),
            };
            fields.finish(&mut self.report);
            return Some(SiteConnector::Exec(programs));
        }
        if let Some(region) = fields.optional("aws") {
            let region = self.text(region);
            let site = self.site(&mut fields, "aws".to_owned());
            fields.finish(&mut self.report);
            return Some(SiteConnector::Aws(region?, site));
        }
        match self.built_in(&mut fields) {
            Named::None => {}
            Named::Wrong => return None,
            Named::Product(built_in) => {
                fields.finish(&mut self.report);
                return Some(SiteConnector::BuiltIn(built_in));
            }
        }
        let definition = fields.required("http", &mut self.report);
        let definition = definition.and_then(|at| self.text(at));
        let site = self.site(&mut fields, definition.unwrap_or_default());
        fields.finish(&mut self.report);
        Some(SiteConnector::Http(site))
    }

    /// Settings, secrets and certificates.
    fn site(&mut self, fields: &mut Fields<'t>, definition: String) -> HttpSite {
        let settings = fields.optional("settings").map(|at| self.entries(at));
        let settings = settings.unwrap_or_default().into_iter();
        let settings = settings
            .filter_map(|(key, at)| Some((key, self.text(at)?)))
            .collect();
        let secrets = fields.optional("secrets").map(|at| self.entries(at));
        let secrets = secrets.unwrap_or_default().into_iter();
        let secrets = secrets
            .filter_map(|(key, at)| Some((key, self.secret(at)?)))
            .collect();
        let ca = fields.optional("ca").and_then(|at| self.text(at));
        HttpSite {
            definition,
            settings,
            secrets,
            ca,
        }
    }

    fn patience(&mut self, fields: &mut Fields<'t>) -> Patience {
        let mut patience = Patience::default();
        for (key, ms) in [
            ("answer_seconds", &mut patience.answer_ms),
            ("land_seconds", &mut patience.land_ms),
        ] {
            let Some(at) = fields.optional(key) else {
                continue;
            };
            match at.text().and_then(|text| text.parse::<u64>().ok()) {
                Some(seconds) if (1..=86_400).contains(&seconds) => *ms = seconds * 1000,
                Some(_) | None => {
                    let message = format!(
                        "expected whole seconds up to a day, found {}",
                        at.describe()
                    );
                    self.wrong(at.span, message, "write a number, such as `30`");
                }
            }
        }
        patience
    }

    fn secret(&mut self, at: &'t Node) -> Option<SecretPlace> {
        let mut fields = Fields::of(self.source, at, "where a secret is", &mut self.report)?;
        let file = fields.optional("file").and_then(|at| self.text(at));
        let env = fields.optional("env").and_then(|at| self.text(at));
        let command = fields.optional("command").map(|at| self.texts(at));
        fields.finish(&mut self.report);
        match (file, env, command) {
            (Some(file), None, None) => Some(SecretPlace::File(file.into())),
            (None, Some(name), None) => Some(SecretPlace::Env(name)),
            (None, None, Some(words)) => Some(SecretPlace::Command(words)),
            (_, _, _) => {
                let message = "it does not say where the secret is".to_owned();
                let help = "write one of `{ file: … }`, `{ env: … }` and `{ command: […] }`; a secret itself never stands here";
                self.wrong(at.span, message, help);
                None
            }
        }
    }
}
