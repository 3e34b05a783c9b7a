//! The requests of an effect, for other tools: with variables where a secret or the state before belongs.

use cordon_act::Effect;
use cordon_model::Value;

use super::{Http, written};
use crate::{
    Said,
    definition::{Auth, Request},
    spoken::before,
};

impl Http {
    /// A request as it would be sent.
    pub(super) fn said(&self, request: &Request, effect: &Effect) -> Said {
        let prior = self.before(effect);
        let filling = self.filling(effect, &prior);
        let method = request.method.word();
        let in_words = |why: String| Said::Words(format!("{method} {} ({why})", request.url));
        let url = match request.url.url(&filling) {
            // A variable is not percent-encoded: what it stands for will be.
            Ok(url) => url.replace("__%3Avalue", "__:value"),
            Err(why) => return in_words(why),
        };
        let body = request.body.as_ref().map(|body| written(body, &filling));
        let body = match body.transpose() {
            Ok(body) => body,
            Err(why) => return in_words(why),
        };
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in &self.definition.headers {
            match value.text(&filling) {
                Ok(value) => headers.push((name.clone(), value)),
                Err(why) => return in_words(why),
            }
        }
        headers.extend(self.believed());
        Said::Http {
            method,
            url,
            headers,
            body,
        }
    }

    /// What a target's state is called, part by part.
    fn before(&self, effect: &Effect) -> Value {
        let action = self.definition.actions.get(&effect.action);
        let reads = action.into_iter().flat_map(|action| &action.reads);
        let names = reads.flat_map(|read| read.state.keys());
        let pairs = names.map(|name| (name.clone(), Value::from(before(name))));
        Value::Object(pairs.collect())
    }

    /// The header that says who asks, with a variable for the secret.
    fn believed(&self) -> Option<(String, String)> {
        let authorization = |value: String| Some(("Authorization".to_owned(), value));
        let variable = |what: &str| format!("__{}_{what}__:value", self.definition.name);
        match &self.definition.auth {
            Auth::None => None,
            Auth::Header {
                name,
                prefix,
                secret,
            } => Some((name.clone(), format!("{prefix}{}", variable(secret)))),
            Auth::Basic { .. } => authorization(format!("Basic {}", variable("basic"))),
            Auth::ClientCredentials { .. } => {
                authorization(format!("Bearer {}", variable("access_token")))
            }
            Auth::Session { header, .. } => Some((header.clone(), variable("session"))),
        }
    }
}
