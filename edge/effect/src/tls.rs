//! Whom TLS trusts: the certificates of the system, or those that a site names instead.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// The certificates of the system, read once.
static SYSTEM: OnceLock<Vec<Certificate<'static>>> = OnceLock::new();

/// What connections trust.
///
/// # Errors
/// When a site names certificates and there are none.
pub(crate) fn config(ca_pem: Option<&str>) -> Result<TlsConfig, String> {
    let roots = match ca_pem {
        None => RootCerts::new_with_certs(SYSTEM.get_or_init(system)),
        Some(pem) => RootCerts::new_with_certs(&named(pem)?),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = TlsConfig::builder().root_certs(roots);
    Ok(config.unversioned_rustls_crypto_provider(provider).build())
}

/// What a connection that is no HTTP trusts.
///
/// # Errors
/// When a site names certificates and there are none.
pub(crate) fn client(ca_pem: Option<&str>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    match ca_pem {
        None => {
            for certificate in SYSTEM.get_or_init(system) {
                let der = CertificateDer::from(certificate.der().to_vec());
                let _one_that_is_odd_is_left_out = roots.add(der);
            }
        }
        Some(pem) => {
            for certificate in named(pem)? {
                let der = CertificateDer::from(certificate.der().to_vec());
                roots
                    .add(der)
                    .map_err(|why| format!("the file of `ca`: {why}"))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| why.to_string())?;
    Ok(Arc::new(
        config.with_root_certificates(roots).with_no_client_auth(),
    ))
}

/// A certificate that cannot be read is left out; a peer that needs it is not trusted.
fn system() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs().certs;
    let read = found
        .iter()
        .map(|der| Certificate::from_der(der).to_owned());
    read.collect()
}

fn named(pem: &str) -> Result<Vec<Certificate<'static>>, String> {
    let certificates: Vec<_> = parse_pem(pem.as_bytes())
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            Ok(_) | Err(_) => None,
        })
        .collect();
    if certificates.is_empty() {
        return Err("the file of `ca` holds no certificate in PEM".to_owned());
    }
    Ok(certificates)
}
