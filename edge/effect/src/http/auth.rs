//! How requests show who sends them: the only place where a secret leaves.

use std::{
    fmt::Write as _,
    sync::PoisonError,
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    Failed,
    client::{Client, Written},
};
use crate::{
    Secret, Site,
    definition::{Auth, Method},
    template::Filling,
};

/// How long having a token may take.
const TOKEN_WAIT: Duration = Duration::from_secs(10);

impl Client {
    /// Headers that authenticate a request.
    pub(super) fn authenticate(
        &self,
        auth: &Auth,
        (site, filling): (&Site, &Filling<'_>),
        until: Instant,
    ) -> Result<Vec<(String, String)>, Failed> {
        let refused = |why: String| Failed::Refused { why };
        let secret = |name: &String| {
            let missing = || refused(format!("there is no secret `{name}`"));
            site.secrets.get(name).ok_or_else(missing)
        };
        let authorization = |value: String| vec![("Authorization".to_owned(), value)];
        Ok(match auth {
            Auth::None => Vec::new(),
            Auth::Header {
                name,
                prefix,
                secret: key,
            } => {
                vec![(name.clone(), format!("{prefix}{}", secret(key)?.reveal()))]
            }
            Auth::Basic { user, secret: key } => {
                let user = user.text(filling).map_err(refused)?;
                authorization(self.basic(&user, secret(key)?))
            }
            Auth::ClientCredentials {
                url,
                id,
                secret: key,
                scope,
            } => {
                let mut pairs = vec![
                    ("grant_type", "client_credentials".to_owned()),
                    ("client_id", id.text(filling).map_err(refused)?),
                    ("client_secret", secret(key)?.reveal().to_owned()),
                ];
                if let Some(scope) = scope {
                    pairs.push(("scope", scope.text(filling).map_err(refused)?));
                }
                let url = url.url(filling).map_err(refused)?;
                let body = ("application/x-www-form-urlencoded", form(&pairs));
                let token = self.token(&url, (&[], Some(body)), until)?;
                authorization(format!("Bearer {token}"))
            }
            Auth::Session {
                url,
                user,
                secret: key,
                header,
            } => {
                let user = user.text(filling).map_err(refused)?;
                let url = url.url(filling).map_err(refused)?;
                let by = authorization(self.basic(&user, secret(key)?));
                vec![(header.clone(), self.token(&url, (&by, None), until)?)]
            }
        })
    }

    /// A token, kept until it is refused.
    fn token(
        &self,
        url: &str,
        sent: (&[(String, String)], Option<Written>),
        until: Instant,
    ) -> Result<String, Failed> {
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = kept.as_ref() {
            return Ok(token.clone());
        }
        let until = until.min(Instant::now() + TOKEN_WAIT);
        let reply = self.send(Method::Post, url, sent, until)?;
        let status = reply.status;
        // What is said there may repeat what was sent, in whatever spelling, so that it is not shown.
        let reply = reply.judge(&[], None).map_err(|answer| match answer {
            Failed::Refused { .. } => Failed::Refused {
                why: format!("signing in was refused with {status}: check the id and the secret"),
            },
            Failed::Unknown { .. } => Failed::Unknown {
                why: format!("signing in was answered with {status}"),
            },
            other @ Failed::Throttled { .. } => other,
        })?;
        let unfit = || Failed::Unknown {
            why: "signing in was answered without a token".to_owned(),
        };
        let body = reply.json().map_err(|_why| unfit())?;
        let token = body.get("access_token").unwrap_or(&body);
        let token = token.as_str().ok_or_else(unfit)?.to_owned();
        self.hidden.learn(&token);
        *kept = Some(token.clone());
        Ok(token)
    }

    fn basic(&self, user: &str, secret: &Secret) -> String {
        let pair = STANDARD.encode(format!("{user}:{}", secret.reveal()));
        self.hidden.learn(&pair);
        format!("Basic {pair}")
    }
}

/// Pairs as a form.
pub(crate) fn form(pairs: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (key, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(&encoded(key));
        text.push('=');
        text.push_str(&encoded(value));
    }
    text
}

/// A text as it stands in a form: all but unreserved characters as `%XX`.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _never_fails = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
