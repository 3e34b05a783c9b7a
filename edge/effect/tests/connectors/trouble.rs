//! Peers that hang, close half-way or are not there: a clear answer, in time.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use cordon_act::{Act, Answer};
use cordon_effect::{Connector as _, Http, Job, Secret, Site};
use cordon_model::Value;

use crate::{
    SECRET, call, connect, connect_trusting, definition, effect,
    mock::{Fault, Mock, say},
    vendors::vendors,
};

#[test]
fn a_peer_that_hangs_is_a_doubt_within_the_time_allowed() {
    let vendor = vendors().remove(0);
    let mock = Mock::serve(vendor.state.clone(), vendor.answer);
    let connector = connect(&vendor, &mock, SECRET);
    let effect = effect(&vendor, &connector);
    mock.next(Fault::Hang);
    let began = Instant::now();
    let (act, prior) = (Act::Do, &Value::Null);
    let answer = connector.call(Job {
        effect: &effect,
        act,
        prior,
    });
    assert!(matches!(answer, Answer::Unknown { .. }), "{answer:?}");
    assert!(began.elapsed() < Duration::from_millis(effect.patience.answer_ms + 500));
}

#[test]
fn a_redirect_carries_nothing_elsewhere() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let there = elsewhere.local_addr().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serve = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut head = [0; 4096];
        let _asked = stream.read(&mut head).unwrap();
        let moved = format!(
            "HTTP/1.1 307 X\r\nLocation: http://{there}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(moved.as_bytes()).unwrap();
    });
    let vendor = vendors().remove(0);
    let connector = connect_trusting(&vendor, &url, (SECRET, None));
    let effect = effect(&vendor, &connector);
    let (act, prior) = (Act::Do, &Value::Null);
    let answer = connector.call(Job {
        effect: &effect,
        act,
        prior,
    });
    serve.join().unwrap();
    assert!(matches!(answer, Answer::Unknown { .. }), "{answer:?}");
    assert!(elsewhere.accept().is_err(), "nobody was asked elsewhere");
}

#[test]
fn a_half_closed_connection_and_a_missing_peer_are_doubts_that_name_the_peer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serve = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"status\":")
            .unwrap();
        // Dropping both ends it in the middle of the body, and nobody listens any more.
    });
    let vendor = vendors().remove(0);
    let mut mock = Mock::serve(vendor.state.clone(), vendor.answer);
    mock.url = format!("http://{address}");
    let connector = connect(&vendor, &mock, SECRET);
    let effect = effect(&vendor, &connector);
    for what in ["half closed", "missing"] {
        let (act, prior) = (Act::Capture, &Value::Null);
        match connector.call(Job {
            effect: &effect,
            act,
            prior,
        }) {
            Answer::Unknown { why } => assert!(why.contains(&address), "{what}: {why}"),
            other => panic!("{what}: {other:?}"),
        }
        thread::sleep(Duration::from_millis(100));
    }
    serve.join().unwrap();
}

#[test]
fn a_peer_that_repeats_what_it_was_sent_shows_no_secret() {
    for vendor in vendors() {
        for code in [200, 400, 500] {
            let state = Value::from(code);
            let mock = Mock::serve(state, |world, asked| {
                let code = u16::try_from(world.state.as_u64().unwrap()).unwrap();
                let signs_in = asked.path.contains("token") || asked.path.ends_with("/api/session");
                if signs_in && code != 500 {
                    return say(200, r#"{"access_token":"t0ken-of-today"}"#);
                }
                let sent = Value::from(asked.repeated());
                say(
                    code,
                    format!(r#"{{"status":{sent},"id":"x","result":{{"locked_out":{sent}}}}}"#),
                )
            });
            let connector = connect(&vendor, &mock, SECRET);
            let effect = effect(&vendor, &connector);
            for act in [Act::Capture, Act::Do, Act::ReadBack, Act::Probe, Act::Undo] {
                let prior = serde_json::json!({"enabled": true, "id": "x", "locked_out": "false"});
                let said = format!("{:?}", call(&connector, &effect, act, &prior));
                let base64 = "czNjcjN0LW9mLXRoZS1zaXRl";
                for secret in [SECRET, "t0ken-of-today", base64] {
                    assert!(
                        !said.contains(secret),
                        "{} {code} {act:?}: {said}",
                        vendor.connector
                    );
                }
            }
        }
    }
}

#[test]
fn a_secret_goes_nowhere_in_the_clear() {
    for (url, is_good) in [
        ("http://192.0.2.1", false),
        ("http://okta.example:8080", false),
        ("http://127.0.0.1:1", true),
        ("http://[::1]:1", true),
        ("https://okta.example", true),
    ] {
        let site = Site {
            settings: [("url".to_owned(), url.to_owned())].into(),
            secrets: [("token".to_owned(), Secret::new(SECRET))].into(),
            ca_pem: None,
        };
        let made = Http::new(definition("okta"), site);
        assert_eq!(made.is_ok(), is_good, "{url}");
        if let Err(why) = made {
            assert!(why.contains("https") && why.contains(url), "{why}");
        }
    }
}

#[test]
fn a_list_that_goes_on_is_not_taken_for_the_whole() {
    let vendors = vendors();
    let vendor = vendors.iter().find(|v| v.action == "remove-from-group");
    let vendor = vendor.unwrap();
    for members in [serde_json::json!(["u2"]), serde_json::json!(["u1", "u2"])] {
        let mut state = vendor.state.clone();
        state["members"] = members;
        state["more"] = true.into();
        let mock = Mock::serve(state, vendor.answer);
        let connector = connect(vendor, &mock, SECRET);
        let effect = effect(vendor, &connector);
        let answer = call(&connector, &effect, Act::Capture, &Value::Null);
        assert!(matches!(answer, Answer::Refused { .. }), "{answer:?}");
    }
}
