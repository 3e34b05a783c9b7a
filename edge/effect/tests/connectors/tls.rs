//! Whom a connector trusts: certificates that ran out, and those of nobody known, are refused by name.
//!
//! The certificates were made for these tests (`openssl req`, `openssl ca`): `good.pem` from 2020 until 2126, `expired.pem`
//! until February 2020, both by the authority `ca.pem`.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    path::PathBuf,
    sync::Arc,
    thread,
};

use cordon_act::{Act, Answer};
use cordon_effect::{Connector as _, Job};
use cordon_model::Value;
use rustls::{
    ServerConfig, ServerConnection, Stream,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};

use crate::{SECRET, connect_trusting, effect, vendors::vendors};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/connectors/certificates")
        .join(name)
}

/// A service that shows this certificate and answers one request.
fn serve(certificate: &str) -> String {
    let chain = vec![CertificateDer::from_pem_file(file(certificate)).unwrap()];
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(chain, key);
    let config = Arc::new(config.unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(config).unwrap();
        let mut stream = Stream::new(&mut connection, &mut socket);
        let mut head = [0; 4096];
        let body = r#"{"status":"ACTIVE"}"#;
        let length = body.len();
        // A client that does not trust us breaks off here.
        if stream.read(&mut head).is_ok() {
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            let _it_may_have_left = stream.write_all(answer.as_bytes());
        }
    });
    url
}

fn captured(certificate: &str, ca: Option<&str>) -> Answer {
    let vendor = vendors().remove(0);
    let ca = ca.map(|name| std::fs::read_to_string(file(name)).unwrap());
    let connector = connect_trusting(&vendor, &serve(certificate), (SECRET, ca));
    let effect = effect(&vendor, &connector);
    let (act, prior) = (Act::Capture, &Value::Null);
    connector.call(Job {
        effect: &effect,
        act,
        prior,
    })
}

#[test]
fn a_certificate_counts_if_it_holds_now_and_its_authority_is_trusted() {
    let good = captured("good.pem", Some("ca.pem"));
    assert!(matches!(good, Answer::Captured { .. }), "{good:?}");
    for (certificate, ca, reason) in [
        ("expired.pem", Some("ca.pem"), "certificate expired"),
        ("good.pem", None, "UnknownIssuer"),
    ] {
        let answer = captured(certificate, ca);
        let Answer::Refused { why } = &answer else {
            unreachable!("{certificate}: {answer:?}");
        };
        assert!(
            why.contains("127.0.0.1") && why.contains(reason),
            "{certificate}: {why}"
        );
    }
}
