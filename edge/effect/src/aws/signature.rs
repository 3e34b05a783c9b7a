//! How AWS knows who sends a request: Signature Version 4, as its documentation describes it.
//!
//! Absent on purpose: signatures in URLs, and bodies in parts.

use std::fmt::Write as _;

use cordon_act::Digest;
use ring::hmac::{HMAC_SHA256, Key, sign};

use crate::Secret;

/// Who signs, and for which service.
pub(super) struct Signer<'s> {
    pub(super) id: &'s str,
    pub(super) secret: &'s Secret,
    pub(super) region: &'s str,
    pub(super) service: &'s str,
}

/// What is signed: a `POST` to the root, or a `GET` with a query.
pub(super) struct Signed<'s> {
    pub(super) method: &'s str,
    /// The query, its parameters sorted and encoded.
    pub(super) query: &'s str,
    /// The headers in lower case, sorted; `host` and `x-amz-date` among them.
    pub(super) headers: &'s [(&'s str, String)],
    pub(super) body: &'s str,
    /// As `x-amz-date` says it: `20150830T123600Z`.
    pub(super) time: &'s str,
}

impl Signer<'_> {
    /// The value of the header `Authorization`.
    pub(super) fn authorization(&self, what: &Signed<'_>) -> String {
        let names: Vec<&str> = what.headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let mut canonical = format!("{}\n/\n{}\n", what.method, what.query);
        for (name, value) in what.headers {
            let _never_fails = writeln!(canonical, "{name}:{}", value.trim());
        }
        let body = Digest::of(what.body.as_bytes());
        let _never_fails = write!(canonical, "\n{names}\n{body}");
        let day = what.time.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let canonical = Digest::of(canonical.as_bytes());
        let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{canonical}", what.time);
        let signature = self.signature(day, &text);
        format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.id
        )
    }

    /// With a key that is good for this day, region and service only.
    fn signature(&self, day: &str, text: &str) -> String {
        let mut key = format!("AWS4{}", self.secret.reveal()).into_bytes();
        for part in [day, self.region, self.service, "aws4_request", text] {
            let tag = sign(&Key::new(HMAC_SHA256, &key), part.as_bytes());
            key = tag.as_ref().to_vec();
        }
        let mut hex = String::new();
        for byte in key {
            let _never_fails = write!(hex, "{byte:02x}");
        }
        hex
    }
}

#[cfg(test)]
mod tests {
    use super::{Signed, Signer};
    use crate::Secret;

    #[test]
    fn the_example_of_the_documentation_is_signed_as_it_says() {
        let secret = Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let signer = Signer {
            id: "AKIDEXAMPLE",
            secret: &secret,
            region: "us-east-1",
            service: "iam",
        };
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        let headers = [
            ("content-type", form.to_owned()),
            ("host", "iam.amazonaws.com".to_owned()),
            ("x-amz-date", "20150830T123600Z".to_owned()),
        ];
        let given = signer.authorization(&Signed {
            method: "GET",
            query: "Action=ListUsers&Version=2010-05-08",
            headers: &headers,
            body: "",
            time: "20150830T123600Z",
        });
        let expect = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, \
             Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
        assert_eq!(given, expect);
    }
}
