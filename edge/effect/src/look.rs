//! Looking at a service: does it do what it should?

use std::{
    net::{TcpStream, ToSocketAddrs as _},
    time::Duration,
};

use cordon_act::{Guarded, Health};
use ureq::{Agent, Error};

use crate::tls;

/// How long a look may take: a till's customer would not wait longer.
const WAIT: Duration = Duration::from_millis(1_500);

/// Looks at a service once.
pub fn look(guarded: &Guarded) -> Health {
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

    use super::look;

    fn looked(by: &str, at: &str) -> Health {
        look(&Guarded {
            service: ServiceId::new("service:x"),
            by: by.to_owned(),
            at: at.to_owned(),
        })
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
        assert!(matches!(looked("log", "payments"), Health::Unknown(_)));
    }
}
