//! How a site shows who it is, as a definition says it.

use cordon_text::Node;

use super::Reader;
use crate::definition::Auth;

impl<'t> Reader<'_, 't> {
    fn secret(&mut self, at: Option<&'t Node>) -> Option<String> {
        let at = at?;
        let name = self.page.text(at)?;
        if !self.secrets.contains(&name) {
            let message = format!("`{name}` is not among the secrets");
            self.page.wrong(at.span, message, "name it under `secrets`");
        }
        Some(name)
    }

    pub(super) fn auth(&mut self, at: &'t Node) -> Option<Auth> {
        let mut fields = self.page.fields(at, "`auth`")?;
        let secret = fields.required("secret", &mut self.page.report);
        let secret = self.secret(secret);
        let kind = fields.required("by", &mut self.page.report);
        let kind = kind.and_then(|at| self.page.text(at));
        let mut template = |read: &mut Self, key: &'static str| {
            let at = fields.required(key, &mut read.page.report);
            at.and_then(|at| read.template(at))
        };
        let auth = match kind.as_deref()? {
            "header" => {
                let name = fields.required("name", &mut self.page.report);
                let prefix = fields.optional("prefix").and_then(Node::text);
                Auth::Header {
                    name: name.and_then(|at| self.page.text(at))?,
                    prefix: prefix.unwrap_or_default().to_owned(),
                    secret: secret?,
                }
            }
            "basic" => Auth::Basic {
                user: template(self, "user")?,
                secret: secret?,
            },
            "client-credentials" => {
                let (url, id) = (template(self, "url"), template(self, "id"));
                let scope = fields.optional("scope").and_then(|at| self.template(at));
                Auth::ClientCredentials {
                    url: url?,
                    id: id?,
                    secret: secret?,
                    scope,
                }
            }
            "session" => {
                let (url, user) = (template(self, "url"), template(self, "user"));
                let header = fields.required("header", &mut self.page.report);
                Auth::Session {
                    url: url?,
                    user: user?,
                    secret: secret?,
                    header: header.and_then(|at| self.page.text(at))?,
                }
            }
            other => {
                let message = format!("nobody authenticates by `{other}`");
                self.page.wrong(
                    at.span,
                    message,
                    "write `header`, `basic`, `client-credentials` or `session`",
                );
                return None;
            }
        };
        fields.finish(&mut self.page.report);
        Some(auth)
    }
}
