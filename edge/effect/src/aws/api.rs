//! The calls of IAM and EC2 that are needed, and what their answers mean.

use std::time::Instant;

use cordon_model::{Timestamp, Value};
use roxmltree::{Document, Node};
use serde_json::json;

use super::signature::{Signed, Signer};
use crate::{
    Site,
    definition::Method,
    http::{Client, Failed, Reply, form},
};

/// A pause for a service that says "not now": it never says until when.
const PAUSE_MS: u64 = 5_000;

const FORM: &str = "application/x-www-form-urlencoded";

/// What is called.
pub(super) struct Api {
    region: String,
    iam: String,
    ec2: String,
    site: Site,
    client: Client,
}

/// A service: its address, its name and region in signatures, and the version of its calls.
struct Service<'a> {
    url: &'a str,
    name: &'a str,
    region: &'a str,
    version: &'a str,
}

impl Api {
    pub(super) fn new(region: &str, site: Site) -> Result<Self, String> {
        for secret in ["access_key_id", "secret_access_key"] {
            if !site.secrets.contains_key(secret) {
                return Err(format!("`aws` needs the secret `{secret}`"));
            }
        }
        let known = ["iam", "ec2"];
        if let Some(other) = site
            .settings
            .keys()
            .find(|key| !known.contains(&key.as_str()))
        {
            return Err(format!("`aws` has no setting `{other}`; known: iam, ec2"));
        }
        let url = |name: &str, usual: String| site.settings.get(name).cloned().unwrap_or(usual);
        Ok(Self {
            region: region.to_owned(),
            iam: url("iam", "https://iam.amazonaws.com".to_owned()),
            ec2: url("ec2", format!("https://ec2.{region}.amazonaws.com")),
            client: Client::new(&site)?,
            site,
        })
    }

    /// Calls IAM, which is one for all regions.
    pub(super) fn iam(
        &self,
        action: &str,
        of: &[(&str, &str)],
        until: Instant,
    ) -> Result<String, Failed> {
        let service = Service {
            url: &self.iam,
            name: "iam",
            region: "us-east-1",
            version: "2010-05-08",
        };
        self.called(&service, action, of, until)
    }

    fn ec2(&self, action: &str, of: &[(&str, &str)], until: Instant) -> Result<String, Failed> {
        let service = Service {
            url: &self.ec2,
            name: "ec2",
            region: &self.region,
            version: "2016-11-15",
        };
        self.called(&service, action, of, until)
    }

    fn called(
        &self,
        service: &Service<'_>,
        action: &str,
        of: &[(&str, &str)],
        until: Instant,
    ) -> Result<String, Failed> {
        let mut pairs = vec![
            ("Action", action.to_owned()),
            ("Version", service.version.to_owned()),
        ];
        pairs.extend(of.iter().map(|(key, value)| (*key, (*value).to_owned())));
        let body = form(&pairs);
        let headers = self.signed(service, &body)?;
        let sent = (headers.as_slice(), Some((FORM, body)));
        let reply = self.client.send(Method::Post, service.url, sent, until)?;
        judged(reply)
    }

    fn signed(&self, service: &Service<'_>, body: &str) -> Result<Vec<(String, String)>, Failed> {
        let secret = |name: &str| {
            let missing = || Failed::Refused {
                why: format!("there is no secret `{name}`"),
            };
            self.site.secrets.get(name).ok_or_else(missing)
        };
        let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let host = service.url.split('/').nth(2).unwrap_or_default();
        let mut headers = vec![
            ("content-type", FORM.to_owned()),
            ("host", host.to_owned()),
            ("x-amz-date", time.clone()),
        ];
        if let Some(token) = self.site.secrets.get("session_token") {
            headers.push(("x-amz-security-token", token.reveal().to_owned()));
        }
        let signer = Signer {
            id: secret("access_key_id")?.reveal(),
            secret: secret("secret_access_key")?,
            region: service.region,
            service: service.name,
        };
        let authorization = signer.authorization(&Signed {
            method: "POST",
            query: "",
            headers: &headers,
            body,
            time: &time,
        });
        // The client writes these two itself.
        headers.retain(|(name, _)| !["content-type", "host"].contains(name));
        headers.push(("authorization", authorization));
        let owned = headers.into_iter();
        Ok(owned
            .map(|(name, value)| (name.to_owned(), value))
            .collect())
    }

    /// Whether a key is active.
    pub(super) fn key_status(
        &self,
        user: &str,
        key: &str,
        until: Instant,
    ) -> Result<Value, Failed> {
        let text = self.iam("ListAccessKeys", &[("UserName", user)], until)?;
        let document = parsed(&text)?;
        let mut members = document
            .descendants()
            .filter(|node| node.tag_name().name() == "member");
        let member = members.find(|member| within(*member, "AccessKeyId") == Some(key));
        let none = || Failed::Refused {
            why: format!("user `{user}` has no key `{key}`"),
        };
        let status = within(member.ok_or_else(none)?, "Status");
        Ok(status.map_or(Value::Null, Value::from))
    }

    /// When a key was last used, and where.
    pub(super) fn last_used(&self, key: &str, until: Instant) -> Result<Value, Failed> {
        let text = self.iam("GetAccessKeyLastUsed", &[("AccessKeyId", key)], until)?;
        let document = parsed(&text)?;
        let root = document.root_element();
        let get = |name| within(root, name);
        Ok(json!({
            "last_used": get("LastUsedDate"),
            "service": get("ServiceName"),
            "region": get("Region"),
        }))
    }

    /// A policy of a user or role; null if there is none.
    pub(super) fn policy(
        &self,
        action: &str,
        of: &[(&str, &str)],
        until: Instant,
    ) -> Result<Value, Failed> {
        let text = match self.iam(action, of, until) {
            Ok(text) => text,
            Err(Failed::Refused { why }) if why.starts_with("NoSuchEntity") => {
                return Ok(Value::Null);
            }
            Err(other) => return Err(other),
        };
        let document = parsed(&text)?;
        let unfit = || Failed::Unknown {
            why: format!("{action} was answered without a policy"),
        };
        let encoded = within(document.root_element(), "PolicyDocument").ok_or_else(unfit)?;
        serde_json::from_str(&decoded(encoded)).map_err(|_why| unfit())
    }

    /// Writes a policy, or removes it where there is to be none.
    pub(super) fn set_policy(
        &self,
        (put, delete): (&str, &str),
        of: &[(&str, &str)],
        (policy, until): (&Value, Instant),
    ) -> Result<(), Failed> {
        if policy.is_null() {
            return match self.iam(delete, of, until) {
                Err(Failed::Refused { why }) if why.starts_with("NoSuchEntity") => Ok(()),
                other => other.map(drop),
            };
        }
        let text = policy.to_string();
        let mut of = of.to_vec();
        of.push(("PolicyDocument", &text));
        self.iam(put, &of, until).map(drop)
    }

    /// The security groups of a machine, sorted.
    pub(super) fn groups(&self, instance: &str, until: Instant) -> Result<Vec<String>, Failed> {
        let of = [("InstanceId", instance), ("Attribute", "groupSet")];
        let text = self.ec2("DescribeInstanceAttribute", &of, until)?;
        let document = parsed(&text)?;
        let nodes = document.descendants();
        let ids = nodes.filter(|node| node.tag_name().name() == "groupId");
        let mut ids: Vec<String> = ids.filter_map(|id| id.text()).map(str::to_owned).collect();
        ids.sort();
        if ids.is_empty() {
            return Err(Failed::Unknown {
                why: format!("`{instance}` was told without its security groups"),
            });
        }
        Ok(ids)
    }

    /// Gives a machine these security groups and no others.
    pub(super) fn set_groups(
        &self,
        instance: &str,
        groups: &Value,
        until: Instant,
    ) -> Result<(), Failed> {
        let ids: Vec<&str> = groups
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if ids.is_empty() {
            return Err(Failed::Refused {
                why: format!("`{instance}` cannot be without a security group"),
            });
        }
        let keys: Vec<String> = (1..=ids.len()).map(|n| format!("GroupId.{n}")).collect();
        let mut of = vec![("InstanceId", instance)];
        of.extend(keys.iter().map(String::as_str).zip(ids));
        self.ec2("ModifyInstanceAttribute", &of, until).map(drop)
    }
}

/// What an answer means. The code of an error decides, because AWS says "not now" with several numbers.
fn judged(reply: Reply) -> Result<String, Failed> {
    let status = reply.status;
    if (200..300).contains(&status) {
        return Ok(reply.body);
    }
    let document = Document::parse(&reply.body).ok();
    let code = document
        .as_ref()
        .and_then(|document| within(document.root_element(), "Code"))
        .unwrap_or_default();
    let message = document
        .as_ref()
        .and_then(|document| within(document.root_element(), "Message"));
    if ["Throttling", "ThrottlingException", "RequestLimitExceeded"].contains(&code) {
        return Err(Failed::Throttled { after_ms: PAUSE_MS });
    }
    if code.is_empty() || status >= 500 {
        return reply.judge(&[], None).map(|reply| reply.body);
    }
    let why = format!("{code}: {}", message.unwrap_or("without a message"));
    Err(Failed::Refused { why })
}

fn parsed(text: &str) -> Result<Document<'_>, Failed> {
    Document::parse(text).map_err(|why| Failed::Unknown {
        why: format!("expected XML: {why}"),
    })
}

/// The text of the first element of this name within another.
fn within<'d>(node: Node<'d, '_>, name: &str) -> Option<&'d str> {
    let mut within = node.descendants();
    within.find(|node| node.tag_name().name() == name)?.text()
}

/// Percent-encoding undone; what is no encoding stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten();
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = after
            .get(if byte.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn an_encoded_policy_is_read() {
        assert_eq!(decoded("%7B%22a%22%3A%201%7D"), r#"{"a": 1}"#);
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("%zz%C3%A9"), "%zzé");
    }
}
