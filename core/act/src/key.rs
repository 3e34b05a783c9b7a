//! Keys that sign approvals, policies and journals: Ed25519, in the files that OpenSSL writes.
//!
//! `openssl genpkey -algorithm ed25519` makes a private key (PKCS#8) and `openssl pkey -pubout` its public
//! one, so that nobody needs Cordon to make a key or to check a signature. Absent on purpose: making
//! keys, which needs chance, and keys behind a pass phrase.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use thiserror::Error;

/// Everything before the 32 bytes of a private Ed25519 key in PKCS#8 (RFC 8410).
const PRIVATE_HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Everything before the 32 bytes of a public Ed25519 key (RFC 8410).
const PUBLIC_HEAD: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotKey {
    /// Not the kind of file.
    #[error("expected a PEM file with one `{0}`")]
    NotPem(&'static str),
    /// Of another algorithm, or behind a pass phrase.
    #[error(
        "expected an Ed25519 key without a pass phrase, as `openssl genpkey -algorithm ed25519` makes it"
    )]
    NotEd25519,
    /// No point on the curve.
    #[error("the 32 bytes are no Ed25519 public key")]
    NoPoint,
}

/// A private key.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

/// A public key, written as the Base64 of its 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PrivateKey {
    /// Reads a private key in PEM.
    ///
    /// # Errors
    /// When it is none, or of another kind.
    pub fn from_pem(text: &str) -> Result<Self, NotKey> {
        let bytes = unwrapped(text, "PRIVATE KEY")?;
        let key = bytes
            .strip_prefix(&PRIVATE_HEAD)
            .ok_or(NotKey::NotEd25519)?;
        let key = key.try_into().map_err(|_why| NotKey::NotEd25519)?;
        Ok(Self::from_bytes(key))
    }

    /// A key from 32 bytes that nobody can guess.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&bytes))
    }

    /// Its public key.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs bytes; the signature is Base64.
    pub fn sign(&self, bytes: &[u8]) -> String {
        STANDARD.encode(self.0.sign(bytes).to_bytes())
    }
}

/// Never shows the key.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey(of {})", self.public())
    }
}

impl PublicKey {
    /// Reads a public key in PEM.
    ///
    /// # Errors
    /// When it is none, or of another kind.
    pub fn from_pem(text: &str) -> Result<Self, NotKey> {
        let bytes = unwrapped(text, "PUBLIC KEY")?;
        let key = bytes.strip_prefix(&PUBLIC_HEAD).ok_or(NotKey::NotEd25519)?;
        Self::from_slice(key)
    }

    fn from_slice(bytes: &[u8]) -> Result<Self, NotKey> {
        let bytes = bytes.try_into().map_err(|_why| NotKey::NotEd25519)?;
        let key = VerifyingKey::from_bytes(bytes).map_err(|_why| NotKey::NoPoint)?;
        Ok(Self(key))
    }

    /// The key in PEM, as OpenSSL reads it.
    pub fn to_pem(&self) -> String {
        let mut bytes = PUBLIC_HEAD.to_vec();
        bytes.extend(self.0.as_bytes());
        let body = STANDARD.encode(bytes);
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// Whether a Base64 signature over these bytes was made with the private key.
    pub fn signed(&self, bytes: &[u8], signature: &str) -> bool {
        let signature = STANDARD.decode(signature.trim()).ok();
        let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| self.0.verify_strict(bytes, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&STANDARD.encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = NotKey;

    fn from_str(text: &str) -> Result<Self, NotKey> {
        let bytes = STANDARD.decode(text).map_err(|_why| NotKey::NotEd25519)?;
        Self::from_slice(&bytes)
    }
}

/// The bytes in a PEM text of one part.
fn unwrapped(text: &str, label: &'static str) -> Result<Vec<u8>, NotKey> {
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let body = text
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once(&end));
    let (body, _) = body.ok_or(NotKey::NotPem(label))?;
    let body: String = body.split_whitespace().collect();
    STANDARD.decode(body).map_err(|_why| NotKey::NotPem(label))
}

#[cfg(test)]
mod tests {
    use super::{NotKey, PrivateKey, PublicKey};

    /// Made with `openssl genpkey -algorithm ed25519` and `openssl pkey -pubout`.
    const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGGbgBKzYtrbk1aK5mnEBo4EvSEG+PQVa5YIC8W//M3h\n-----END PRIVATE KEY-----\n";
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAW9+6B0mIIo9n2SVd7qlHCLB8ikxghtSA1T7b3btdj3w=\n-----END PUBLIC KEY-----\n";

    #[test]
    fn keys_of_openssl_are_read_and_public_ones_written_as_it_writes_them() {
        let private = PrivateKey::from_pem(PRIVATE).unwrap();
        assert_eq!(private.public().to_pem(), PUBLIC);
        assert_eq!(PublicKey::from_pem(PUBLIC).unwrap(), private.public());
        let written = private.public().to_string();
        assert_eq!(written.parse::<PublicKey>().unwrap(), private.public());
    }

    #[test]
    fn a_signature_of_openssl_holds_for_its_bytes_and_no_others() {
        let key = PublicKey::from_pem(PUBLIC).unwrap();
        let signature = "sOr9SE1pqqqPaUps1OJf7uRfRjCJP55O56zqVStlOVpeRSJR9KEtOeIqfZvx7Z68atGJI9fyCN6BdI/JM+awDg==";
        assert!(key.signed(b"cordon", signature));
        assert!(!key.signed(b"cordoN", signature));
        assert!(!key.signed(b"cordon", "not a signature"));
        let private = PrivateKey::from_pem(PRIVATE).unwrap();
        assert_eq!(private.sign(b"cordon"), signature);
    }

    #[test]
    fn what_is_no_key_is_refused_and_a_private_key_is_never_shown() {
        assert_eq!(
            PrivateKey::from_pem(PUBLIC).unwrap_err(),
            NotKey::NotPem("PRIVATE KEY")
        );
        assert!(PublicKey::from_pem(PRIVATE).is_err());
        assert!("AAAA".parse::<PublicKey>().is_err());
        let shown = format!("{:?}", PrivateKey::from_bytes([7; 32]));
        assert!(shown.starts_with("PrivateKey(of "), "{shown}");
    }
}
