//! Requests that always end: in an answer, or in what is known of why there is none.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use cordon_model::Value;
use ureq::{Agent, Error, http::Request};

use jiff::{Timestamp, fmt::rfc2822};

use super::{Failed, hidden::Hidden, method};
use crate::{Site, definition::Method, tls};

/// More than the state of any target has.
const BODY_BYTES_MAX: u64 = 1 << 20;

/// Long enough to say what is wrong, short enough for a line.
const REASON_CHARS_MAX: usize = 200;

/// A pause for a service that says "not now" without saying until when.
const PAUSE_MS: u64 = 5_000;

/// No service means a longer pause than this; whoever says so is not believed.
const PAUSE_MS_MAX: u64 = 600_000;

/// What it takes to tell how a request ended.
pub(crate) const MOMENT: Duration = Duration::from_millis(200);

/// What a request carries, and what that is.
pub(crate) type Written = (&'static str, String);

/// A client for one site.
pub(crate) struct Client {
    agent: Agent,
    pub(super) token: Mutex<Option<String>>,
    pub(super) hidden: Hidden,
    has_secrets: bool,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Its text, secrets put out of sight.
    pub(crate) body: String,
    /// Whether there were any in it.
    pub(super) repeats_secret: bool,
    pause_ms: Option<u64>,
}

impl Client {
    pub(crate) fn new(site: &Site) -> Result<Self, String> {
        let hidden = Hidden::default();
        for secret in site.secrets.values() {
            hidden.learn(secret.reveal());
        }
        let agent: Agent = Agent::config_builder()
            .tls_config(tls::config(site.ca_pem.as_deref())?)
            .http_status_as_error(false)
            // A redirect would carry a secret, or a change, somewhere that nobody approved.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent("cordon")
            .build()
            .into();
        Ok(Self {
            agent,
            token: Mutex::new(None),
            has_secrets: !site.secrets.is_empty(),
            hidden,
        })
    }

    /// Sends one request.
    pub(crate) fn send(
        &self,
        by: Method,
        url: &str,
        (headers, body): (&[(String, String)], Option<Written>),
        until: Instant,
    ) -> Result<Reply, Failed> {
        if self.has_secrets && is_in_clear(url) {
            return Err(Failed::Refused {
                why: format!(
                    "a secret would go to {} in the clear: nothing was sent; say https",
                    host(url)
                ),
            });
        }
        let mut request = Request::builder().method(method(by)).uri(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let (kind, body) = body.map_or((None, None), |(kind, body)| (Some(kind), Some(body)));
        if let Some(kind) = kind {
            request = request.header("Content-Type", kind);
        }
        // A little is left for saying so; what is too late is tried for a moment all the same.
        let left = until.saturating_duration_since(Instant::now());
        let wait = left.saturating_sub(MOMENT).max(MOMENT);
        // A service may refuse a request that should have a body and says nothing of its length.
        let has_body = matches!(by, Method::Post | Method::Put | Method::Patch);
        let sent = match body.or_else(|| has_body.then(String::new)) {
            Some(body) => self.run(request.body(body), wait),
            None => self.run(request.body(()), wait),
        };
        let mut response = sent.map_err(|error| self.failed(url, &error))?;
        let status = response.status().as_u16();
        let pause_ms = pause(response.headers());
        let body = response.body_mut().with_config().limit(BODY_BYTES_MAX);
        let bytes = body
            .read_to_vec()
            .map_err(|error| self.failed(url, &error))?;
        let body = String::from_utf8_lossy(&bytes);
        let clean = self.hidden.without(&body);
        Ok(Reply {
            status,
            repeats_secret: clean.is_some(),
            body: clean.unwrap_or_else(|| body.into_owned()),
            pause_ms,
        })
    }

    fn run<B: ureq::AsSendBody>(
        &self,
        request: Result<Request<B>, ureq::http::Error>,
        wait: Duration,
    ) -> Result<ureq::http::Response<ureq::Body>, Error> {
        let request = self.agent.configure_request(request?);
        self.agent.run(request.timeout_global(Some(wait)).build())
    }

    /// Why there is no answer. A doubt, unless nothing can have been sent.
    fn failed(&self, url: &str, error: &Error) -> Failed {
        let why = format!("no answer from {}: {error}", host(url));
        let why = self.hidden.without(&why).unwrap_or(why);
        if is_distrust(error) {
            return Failed::Refused { why };
        }
        Failed::Unknown { why }
    }

    /// Forgets a token that was refused; false if there is none to forget.
    pub(super) fn forget_token(&self) -> bool {
        let mut token = self
            .token
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        token.take().is_some()
    }
}

/// The host that a URL names, with its port.
fn host(url: &str) -> &str {
    url.split('/').nth(2).unwrap_or(url)
}

/// Whether what is sent there can be read on its way: anything but TLS that leaves this machine.
pub(crate) fn is_in_clear(url: &str) -> bool {
    let Ok(uri) = url.parse::<ureq::http::Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    uri.scheme_str() == Some("http") && !is_here
}

/// Whether a peer was not trusted, so that nothing was sent to it.
fn is_distrust(error: &Error) -> bool {
    let Error::Io(cause) = error else {
        return false;
    };
    let inner = cause.get_ref();
    inner.is_some_and(|inner| {
        matches!(
            inner.downcast_ref(),
            Some(rustls::Error::InvalidCertificate(_))
        )
    })
}

impl Reply {
    /// What a reply means.
    pub(crate) fn judge(self, also_good: &[u16], errors: Option<&str>) -> Result<Self, Failed> {
        let status = self.status;
        let good = (200..300).contains(&status) || also_good.contains(&status);
        if good {
            let error = errors.and_then(|at| {
                let body = self.json().ok()?;
                body.pointer(at).filter(|error| !error.is_null()).cloned()
            });
            return match error {
                None => Ok(self),
                Some(error) => Err(Failed::Refused {
                    why: short(&format!("{status}, but with an error: {error}")),
                }),
            };
        }
        let why = match status {
            300..=399 => format!("{status}: a redirect, which is not followed"),
            _ => short(&format!("{status}: {}", self.body)),
        };
        Err(match status {
            429 => Failed::Throttled {
                after_ms: self.pause_ms.unwrap_or(PAUSE_MS),
            },
            503 if self.pause_ms.is_some() => Failed::Throttled {
                after_ms: self.pause_ms.unwrap_or(PAUSE_MS),
            },
            // A request that came in too slowly may have come in all the same.
            408 => Failed::Unknown { why },
            400..=499 => Failed::Refused { why },
            _ => Failed::Unknown { why },
        })
    }

    pub(super) fn json(&self) -> Result<Value, String> {
        if self.body.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&self.body)
            .map_err(|why| short(&format!("expected JSON, found {}: {why}", self.body)))
    }
}

/// What a peer said, as long as a line.
pub(super) fn short(text: &str) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = clean.take(REASON_CHARS_MAX).collect();
    if text.chars().count() > REASON_CHARS_MAX {
        short.push('…');
    }
    short
}

/// Headers with the moment at which a limit begins anew, in seconds since 1970.
const RESETS: [&str; 2] = ["x-rate-limit-reset", "x-ratelimit-retryafter"];

/// How long a service asks to be left alone: `Retry-After` in seconds or as a date, or the moment at which a
/// limit begins anew.
fn pause(headers: &ureq::http::HeaderMap) -> Option<u64> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |name: &str| text(name)?.parse::<u64>().ok();
    let now = Timestamp::now().as_second();
    let until = |moment: i64| {
        let seconds = u64::try_from(moment.saturating_sub(now)).unwrap_or(0);
        seconds.max(1)
    };
    let date = || {
        let date = rfc2822::parse(text("retry-after")?).ok()?;
        Some(until(date.timestamp().as_second()))
    };
    let reset = || {
        let moment = RESETS.iter().find_map(|name| number(name))?;
        Some(until(i64::try_from(moment).ok()?))
    };
    let seconds = number("retry-after").or_else(date).or_else(reset)?;
    Some(seconds.saturating_mul(1000).min(PAUSE_MS_MAX))
}
