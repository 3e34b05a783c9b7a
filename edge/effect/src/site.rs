//! What a site says of its connectors (`cordon/connectors/v1`): addresses, secrets' places, programs.

use std::{collections::BTreeMap, fs, path::Path};

use cordon_act::{Patience, Reversal};
use cordon_text::{Fields, Node, Page, Report, Source};

use crate::{Programs, Secret, seconds::seconds, secret::SecretPlace};

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
    let what = ("document of connectors", "wrong-connectors");
    Page::read(source, what, |page, document| {
        Reader { page }.connectors(document)
    })
}

/// Lets no program see the variables in which secrets of other connectors are.
fn apart(mut connectors: BTreeMap<String, SiteConnector>) -> BTreeMap<String, SiteConnector> {
    let secret = connectors.values().flat_map(SiteConnector::secrets);
    let variables: Vec<String> = secret
        .filter_map(|place| match place {
            SecretPlace::Env(name) => Some(name.clone()),
            SecretPlace::File(_) | SecretPlace::Command(_) => None,
        })
        .collect();
    for connector in connectors.values_mut() {
        if let SiteConnector::Exec(programs) = connector {
            programs.without.clone_from(&variables);
        }
    }
    connectors
}

impl SiteConnector {
    /// Where its secrets are.
    fn secrets(&self) -> Vec<&SecretPlace> {
        match self {
            Self::Http(site) | Self::Aws(_, site) => site.secrets.values().collect(),
            Self::BuiltIn(built_in) => built_in.secret().into_iter().collect(),
            Self::Exec(_) => Vec::new(),
        }
    }
}

struct Reader<'p, 't> {
    page: &'p mut Page<'t>,
}

impl<'t> Reader<'_, 't> {
    fn connectors(&mut self, document: &'t Node) -> Option<BTreeMap<String, SiteConnector>> {
        let mut fields = self.page.fields(document, "the connectors")?;
        self.page.format(&mut fields, "connectors/v1");
        let list = fields.required("connectors", &mut self.page.report);
        fields.finish(&mut self.page.report);
        let entries = list.map(|at| self.page.entries(at)).unwrap_or_default();
        let read = entries
            .into_iter()
            .filter_map(|(name, at)| Some((name, self.connector(at)?)));
        Some(apart(read.collect()))
    }

    fn connector(&mut self, at: &'t Node) -> Option<SiteConnector> {
        let mut fields = self.page.fields(at, "a connector")?;
        if let Some(command) = fields.optional("exec") {
            let programs = Programs {
                command: self.page.texts(command),
                kinds: fields
                    .optional("kinds")
                    .map(|at| self.page.texts(at))
                    .unwrap_or_default(),
                reversal: match fields.optional("forward_only").and_then(Node::text) {
                    None => Reversal::Undo,
                    Some("passing") => Reversal::Passing,
                    Some(_) => Reversal::Never,
                },
                patience: self.patience(&mut fields),
                without: Vec::new(),
            };
            fields.finish(&mut self.page.report);
            return Some(SiteConnector::Exec(programs));
        }
        if let Some(region) = fields.optional("aws") {
            let region = self.page.text(region);
            let site = self.site(&mut fields, "aws".to_owned());
            fields.finish(&mut self.page.report);
            return Some(SiteConnector::Aws(region?, site));
        }
        match self.built_in(&mut fields) {
            Named::None => {}
            Named::Wrong => return None,
            Named::Product(built_in) => {
                fields.finish(&mut self.page.report);
                return Some(SiteConnector::BuiltIn(built_in));
            }
        }
        let definition = fields.required("http", &mut self.page.report);
        let definition = definition.and_then(|at| self.page.text(at));
        let site = self.site(&mut fields, definition.unwrap_or_default());
        fields.finish(&mut self.page.report);
        Some(SiteConnector::Http(site))
    }

    /// Settings, secrets and certificates.
    fn site(&mut self, fields: &mut Fields<'t>, definition: String) -> HttpSite {
        let settings = fields.optional("settings").map(|at| self.page.entries(at));
        let settings = settings.unwrap_or_default().into_iter();
        let settings = settings
            .filter_map(|(key, at)| Some((key, self.page.text(at)?)))
            .collect();
        let secrets = fields.optional("secrets").map(|at| self.page.entries(at));
        let secrets = secrets.unwrap_or_default().into_iter();
        let secrets = secrets
            .filter_map(|(key, at)| Some((key, self.secret(at)?)))
            .collect();
        let ca = fields.optional("ca").and_then(|at| self.page.text(at));
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
            seconds(self.page, fields.optional(key), ms);
        }
        patience
    }

    fn secret(&mut self, at: &'t Node) -> Option<SecretPlace> {
        let mut fields = self.page.fields(at, "where a secret is")?;
        let file = fields.optional("file").and_then(|at| self.page.text(at));
        let env = fields.optional("env").and_then(|at| self.page.text(at));
        let command = fields.optional("command").map(|at| self.page.texts(at));
        fields.finish(&mut self.page.report);
        match (file, env, command) {
            (Some(file), None, None) => Some(SecretPlace::File(file.into())),
            (None, Some(name), None) => Some(SecretPlace::Env(name)),
            (None, None, Some(words)) => Some(SecretPlace::Command(words)),
            (_, _, _) => {
                let message = "it does not say where the secret is".to_owned();
                let help = "write one of `{ file: … }`, `{ env: … }` and `{ command: […] }`; a secret itself never stands here";
                self.page.wrong(at.span, message, help);
                None
            }
        }
    }
}
