//! Looking at a service: does it do what it should?

use std::{
    net::{TcpStream, ToSocketAddrs as _},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use cordon_act::{Guarded, Health};
use ureq::{Agent, Error};

use crate::{heartbeat::Heartbeat, tls};

/// How long a look may take. Within a house an answer takes milliseconds, and two looks that saw nothing,
/// with the undo after them, have to fit into five seconds.
const WAIT: Duration = Duration::from_secs(1);

/// Looks at services, and keeps what looking at some of them needs.
#[derive(Debug)]
pub struct Watchers {
    each: Vec<Watcher>,
}

#[derive(Debug)]
enum Watcher {
    Asks(Guarded),
    Follows(Mutex<Heartbeat>),
}

impl Watchers {
    /// For these services; logs are followed from now on.
    pub fn over(guarded: &[Guarded]) -> Self {
        let watcher = |guarded: &Guarded| match &guarded.beat {
            Some(beat) => {
                let heartbeat = Heartbeat::of(&guarded.at, beat, Instant::now());
                Watcher::Follows(Mutex::new(heartbeat))
            }
            None => Watcher::Asks(guarded.clone()),
        };
        Self {
            each: guarded.iter().map(watcher).collect(),
        }
    }

    /// Looks at one of them, counted along those guarded.
    pub fn look(&self, number: usize) -> Health {
        match self.each.get(number) {
            Some(Watcher::Asks(guarded)) => asked(guarded),
            Some(Watcher::Follows(heartbeat)) => held(heartbeat).look(Instant::now()),
            None => Health::Unknown("nobody guards such a service".to_owned()),
        }
    }

    /// How long logs must still be followed at most until each can be told; none if they can.
    pub fn settling(&self) -> Option<Duration> {
        let now = Instant::now();
        let each = self.each.iter().filter_map(|watcher| match watcher {
            Watcher::Asks(_) => None,
            Watcher::Follows(heartbeat) => {
                let mut heartbeat = held(heartbeat);
                let _health = heartbeat.look(now);
                heartbeat.settles_in(now)
            }
        });
        each.max()
    }
}

/// A look that panicked left nothing half done.
fn held(heartbeat: &Mutex<Heartbeat>) -> MutexGuard<'_, Heartbeat> {
    heartbeat.lock().unwrap_or_else(PoisonError::into_inner)
}

fn asked(guarded: &Guarded) -> Health {
    match guarded.by.as_str() {
        "tcp" => tcp(&guarded.at),
        "http" => http(&guarded.at),
        other => Health::Unknown(format!("there is no way to look by `{other}` yet")),
    }
}

fn tcp(at: &str) -> Health {
    let addresses = match at.to_socket_addrs() {
        Ok(addresses) => addresses,
        Err(why) => return Health::Unknown(format!("`{at}` is no address: {why}")),
    };
    let mut last = format!("`{at}` names no address");
    for address in addresses {
        match TcpStream::connect_timeout(&address, WAIT) {
            Ok(_connected) => return Health::Well,
            Err(why) => last = format!("{address}: {why}"),
        }
    }
    Health::Ill(last)
}

fn http(at: &str) -> Health {
    let trusted = match tls::config(None) {
        Ok(trusted) => trusted,
        Err(why) => return Health::Unknown(why),
    };
    let agent: Agent = Agent::config_builder()
        .tls_config(trusted)
        .timeout_global(Some(WAIT))
        .http_status_as_error(false)
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .into();
    match agent.get(at).call() {
        Ok(reply) if reply.status().as_u16() < 400 => Health::Well,
        Ok(reply) => Health::Ill(format!("{at} answers {}", reply.status().as_u16())),
        Err(why @ (Error::BadUri(_) | Error::Http(_))) => {
            Health::Unknown(format!("`{at}` cannot be asked: {why}"))
        }
        Err(why) => Health::Ill(format!("{at}: {why}")),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use cordon_act::{Guarded, Health};
    use cordon_model::ServiceId;

    use super::Watchers;

    fn looked(by: &str, at: &str) -> Health {
        let guarded = Guarded {
            service: ServiceId::new("service:x"),
            by: by.to_owned(),
            at: at.to_owned(),
            beat: None,
        };
        Watchers::over(&[guarded]).look(0)
    }

    #[test]
    fn a_port_that_answers_is_well_one_that_does_not_is_ill_and_nonsense_is_unknown() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap().to_string();
        assert_eq!(looked("tcp", &at), Health::Well);
        drop(listener);
        assert!(matches!(looked("tcp", &at), Health::Ill(_)));
        assert!(matches!(
            looked("http", &format!("http://{at}/")),
            Health::Ill(_)
        ));
        assert!(matches!(looked("tcp", "no address"), Health::Unknown(_)));
        assert!(matches!(looked("smoke", "signals"), Health::Unknown(_)));
    }
}
