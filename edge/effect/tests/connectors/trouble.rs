//! Peers that hang, close half-way or are not there: a clear answer, in time.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use cordon_act::{Act, Answer};
use cordon_effect::{Connector as _, Job};
use cordon_model::Value;

use crate::{
    SECRET, connect, connect_trusting, effect,
    mock::{Fault, Mock},
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
