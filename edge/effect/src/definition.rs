//! How one HTTP API carries out effects, as data (`cordon/connector/v1`, `content/connectors`).
//!
//! What each key means stands in `docs/reference/connectors.md`. Invariants: a definition that was read names only
//! places that can be filled; a secret stands only where it authenticates.

use std::collections::BTreeMap;

use cordon_act::{Digest, Patience, Reversal};
use cordon_model::Value;

use crate::{matching::Conditions, template::Template};

mod page;
mod read;

/// Who wrote a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// It ships.
    Cordon,
    /// The site brings it.
    Site,
}

/// How one HTTP API carries out effects.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// What it is called.
    pub name: String,
    /// The product.
    pub title: String,
    /// Against what it was tried: `mock` or `product`.
    pub tested: String,
    /// What its behaviour was written from.
    pub documentation: Vec<String>,
    /// Rights that its account must have.
    pub needs: Vec<String>,
    /// The digest of its exact text.
    pub digest: Digest,
    /// Who answers for what it says; whoever reads it, as long as nobody says so.
    pub maker: Maker,
    /// What a site must set.
    pub settings: Vec<String>,
    /// Secrets that a site must have.
    pub secrets: Vec<String>,
    pub(crate) auth: Auth,
    pub(crate) headers: Vec<(String, Template)>,
    /// Where an answer that looks good tells of an error.
    pub(crate) errors: Option<String>,
    pub(crate) patience: Patience,
    pub(crate) actions: BTreeMap<String, Action>,
}

/// How a site shows who it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Auth {
    /// Not at all.
    None,
    /// A header that holds a secret behind a prefix.
    Header {
        name: String,
        prefix: String,
        secret: String,
    },
    /// A name and a secret (RFC 7617).
    Basic { user: Template, secret: String },
    /// A token for an id and a secret (RFC 6749, 4.4).
    ClientCredentials {
        url: Template,
        id: Template,
        secret: String,
        scope: Option<Template>,
    },
    /// A token from signing in with a name and a secret, sent as a header.
    Session {
        url: Template,
        user: Template,
        secret: String,
        header: String,
    },
}

/// One thing that it can do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Action {
    /// Kinds of steps that mean it.
    pub(crate) kinds: Vec<String>,
    /// What the target is called.
    pub(crate) target: String,
    /// What goes wrong if nobody thinks of it.
    pub(crate) beware: Option<String>,
    pub(crate) reads: Vec<Read>,
    /// States from which it works; any if none.
    pub(crate) requires: Conditions,
    pub(crate) wanted: Conditions,
    pub(crate) pending: Vec<Conditions>,
    /// States that count as restored, beside the very one before.
    pub(crate) restored: Option<Conditions>,
    pub(crate) does: Vec<Request>,
    pub(crate) undoes: Vec<Request>,
    pub(crate) reversal: Reversal,
    pub(crate) probe: Option<Probe>,
    /// Facts that the cut may destroy, and the requests whose answers keep them.
    pub(crate) evidence: Vec<(String, Request)>,
}

/// A request whose answer tells part of the state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Read {
    pub(crate) request: Request,
    /// Where in the answer each value is.
    pub(crate) state: BTreeMap<String, Place>,
}

/// Where in an answer a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Place {
    /// At a JSON pointer (RFC 6901).
    Pointer(Template),
    /// Whether the answer, as text, holds this.
    Holds(Template),
}

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Template,
    pub(crate) body: Option<Body>,
    /// Codes beside 2xx that are as good.
    pub(crate) also_good: Vec<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    /// JSON, with templates for texts.
    Json(Tree),
    /// A form.
    Form(BTreeMap<String, Template>),
}

/// A JSON value with templates for texts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Leaf(Value),
    Text(Template),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// A request that tells whether the effect holds: by being refused, or by what it is answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Probe {
    pub(crate) read: Read,
    /// Codes that refuse.
    pub(crate) refused: Vec<u16>,
    /// What the answer says once it holds.
    pub(crate) effective: Conditions,
}
