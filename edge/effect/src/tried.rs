//! A connector whose effects can also be tried from outside: by connecting to what should be cut off.
//!
//! A step may name `probe: { tcp: HOST:PORT }` beside its target. What its connector cannot tell is told by
//! connecting from here: that must have been possible before, and must fail now. Invariant: what could
//! not be reached before proves nothing, and is said to. Absent on purpose: sessions that were open before;
//! whoever can see those is the connector.

use std::{net::TcpStream, net::ToSocketAddrs as _, sync::Arc, time::Duration};

use cordon_act::{Ability, Act, Answer, Asked, Digest, Effect, Means};
use cordon_model::Value;
use serde_json::json;

use crate::{Connector, Job, Spoken};

/// A host of the same house answers sooner; one that drops never does.
const WAIT: Duration = Duration::from_millis(1_500);

/// Where the state before stands, beside whether the address could be reached.
const INNER: &str = "state";
const REACHED: &str = "reached";

/// A connector, with trials from outside.
pub(crate) struct Tried(pub(crate) Arc<dyn Connector>);

/// The address to try, if the step names one.
///
/// # Errors
/// When what it names is no address.
fn address(parameters: &Value) -> Result<Option<&str>, String> {
    let Some(probe) = parameters.get("probe") else {
        return Ok(None);
    };
    let tcp = probe.get("tcp").and_then(Value::as_str);
    let only = probe.as_object().is_some_and(|keys| keys.len() == 1);
    let has_port = |at: &&str| {
        let port = at.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
        matches!(port, Some(Ok(_)))
    };
    let named = tcp.filter(|_| only).filter(has_port);
    let wrong = || format!("expected `probe: {{ tcp: HOST:PORT }}`, found {probe}");
    named.map(Some).ok_or_else(wrong)
}

fn connects(at: &str) -> Result<(), String> {
    let addresses = at.to_socket_addrs().map_err(|why| why.to_string())?;
    let mut last = "it names no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(&address, WAIT) {
            Ok(_connected) => return Ok(()),
            Err(why) => last = why.to_string(),
        }
    }
    Err(last)
}

impl Tried {
    fn capture(&self, job: Job<'_>, at: &str) -> Answer {
        let mut answer = self.0.call(job);
        if let Answer::Captured { prior, .. } = &mut answer {
            *prior = json!({ INNER: prior.take(), REACHED: connects(at).is_ok() });
        }
        answer
    }

    fn probe(&self, job: Job<'_>, (at, reached): (&str, bool)) -> Answer {
        let answer = self.0.call(job);
        let Answer::CannotTell { why } = answer else {
            return answer;
        };
        if !reached {
            let why = format!("{why}; {at} could not be reached before either");
            return Answer::CannotTell { why };
        }
        match connects(at) {
            Ok(()) => Answer::NotYet {
                why: format!("{at} still takes connections"),
            },
            Err(_refused) => Answer::Effective,
        }
    }
}

impl Connector for Tried {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        address(asked.parameters)?;
        self.0.ability(asked)
    }

    fn means(&self, action: &str) -> Means {
        self.0.means(action)
    }

    fn call(&self, job: Job<'_>) -> Answer {
        let Ok(Some(at)) = address(&job.effect.parameters) else {
            return self.0.call(job);
        };
        if job.act == Act::Capture {
            return self.capture(job, at);
        }
        let reached = job.prior.get(REACHED).and_then(Value::as_bool);
        let inner = Job {
            prior: job.prior.get(INNER).unwrap_or(&Value::Null),
            ..job
        };
        if job.act == Act::Probe {
            return self.probe(inner, (at, reached == Some(true)));
        }
        self.0.call(inner)
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        let mut lines = self.0.preview(effect);
        if let Ok(Some(at)) = address(&effect.parameters) {
            lines.push(format!(
                "try: connect to {at}, which must fail once it is done"
            ));
        }
        lines
    }

    fn spoken(&self, effect: &Effect) -> Spoken {
        self.0.spoken(effect)
    }

    fn digest(&self) -> Option<Digest> {
        self.0.digest()
    }
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, sync::Arc};

    use cordon_act::{Ability, Act, Answer, Asked, Effect, Patience, Reversal};
    use cordon_model::{StepKind, Value};
    use serde_json::json;

    use super::Tried;
    use crate::{Connector as _, Dry, Job, harness};

    fn effect(at: &str) -> Effect {
        let ability = Ability {
            action: "cut".to_owned(),
            reversal: Reversal::Undo,
            patience: Patience::default(),
        };
        Effect {
            parameters: json!({ "probe": { "tcp": at } }),
            ..Effect::alone(StepKind::new("isolate-host"), "h", ability)
        }
    }

    #[test]
    fn what_still_takes_connections_is_not_cut_off_and_what_never_did_proves_nothing() {
        let tried = Tried(Arc::new(Dry::default()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let effect = effect(&listener.local_addr().unwrap().to_string());
        let call = |act, prior: &Value| {
            tried.call(Job {
                effect: &effect,
                act,
                prior,
            })
        };
        let Answer::Captured { prior, .. } = call(Act::Capture, &Value::Null) else {
            panic!("the state before is captured");
        };
        assert_eq!(call(Act::Do, &prior), Answer::Accepted);
        let still = call(Act::Probe, &prior);
        assert!(matches!(still, Answer::NotYet { .. }), "{still:?}");
        drop(listener);
        assert_eq!(call(Act::Probe, &prior), Answer::Effective);
        assert_eq!(call(Act::Undo, &prior), Answer::Accepted);
        let Answer::Captured { prior, .. } = call(Act::Capture, &Value::Null) else {
            panic!("the state before is captured");
        };
        let unproven = call(Act::Probe, &prior);
        assert!(
            matches!(unproven, Answer::CannotTell { .. }),
            "{unproven:?}"
        );
    }

    #[test]
    fn a_connector_that_is_tried_holds_to_the_contract_and_refuses_what_is_no_address() {
        let tried = Tried(Arc::new(Dry::default()));
        let state = || {
            let effect = effect("127.0.0.1:1");
            let (act, prior) = (Act::ReadBack, &json!({ "state": "open" }));
            let answer = tried.call(Job {
                effect: &effect,
                act,
                prior,
            });
            let Answer::Stands { state, .. } = answer else {
                panic!("{answer:?}");
            };
            state
        };
        harness::check(&tried, &effect("127.0.0.1:1"), state).unwrap();
        let kind = StepKind::new("isolate-host");
        for (probe, fits) in [
            (json!({ "tcp": "10.0.0.5:445" }), true),
            (json!({ "tcp": "10.0.0.5" }), false),
            (json!({ "exec": "rm" }), false),
            (json!({ "tcp": "10.0.0.5:445", "exec": "rm" }), false),
            (json!("10.0.0.5:445"), false),
        ] {
            let parameters = &json!({ "probe": probe });
            let asked = Asked {
                kind: &kind,
                action: None,
                parameters,
            };
            assert_eq!(tried.ability(asked).is_ok(), fits, "{parameters}");
        }
    }
}
