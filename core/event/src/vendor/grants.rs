//! What the policies in a record of AWS grant, so that a rule can ask for one statement of them.
//!
//! A policy is a text of JSON or lies open in the record, its statements and their fields in any
//! order. A rule over the text takes the `*` of a denial for that of a grant, and the condition of one
//! statement for that of another. So each statement that allows is given as one line under
//! `requestParameters.grants`, its words in this order, blanks within them as `+`:
//!
//! ```text
//! free to=anybody to=other:arn:aws:iam::999988887777:root do=s3:* on=*
//! ```
//!
//! `bound` in place of `free` says that a condition names who may use it or from where; one that only
//! asks for a way or a time does not. `own:` and `other:` say whose account a principal is of.
//! `NotAction` and `NotResource` leave out a little, and so stand as `*`.

use std::iter;

use cordon_model::{Item, Key, Record, Scalar, Shape, Value};

use super::text;
use crate::{Degradation, json};

/// Keys of conditions that say neither who nor from where: how, when, or what the caller says himself.
const NOT_WHO: [&str; 13] = [
    // Whoever guesses or steals this word fits.
    "sts:externalid",
    "aws:securetransport",
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:referer",
    "aws:requestedregion",
    "aws:useragent",
    "s3:tlsversion",
    "s3:signatureversion",
    "s3:x-amz-acl",
    "s3:x-amz-server-side-encryption",
];

/// Gives what the policies among a call's parameters grant. An error says that one was cut off.
pub(super) fn give(record: &mut Record) -> Result<(), Degradation> {
    let Some(parameters) = record.get("requestParameters") else {
        return Ok(());
    };
    let mut given = Ok(());
    let mut policies = Vec::new();
    for parameter in parameters.children() {
        // A queue has its policy among its attributes.
        let within = parameter.children().filter(|_| parameter.is_map());
        for one in iter::once(parameter).chain(within) {
            match policy(one) {
                Ok(policy) => policies.extend(policy),
                Err(lost) => given = Err(lost),
            }
        }
    }
    let own = text(record, "recipientAccountId").or_else(|| text(record, "userIdentity.accountId"));
    let own = own.unwrap_or_default();
    let statements = policies
        .iter()
        .flat_map(|policy| each(&policy["Statement"]));
    let grants: Vec<_> = statements.filter_map(|one| grant(one, own)).collect();
    if !grants.is_empty() {
        let key = record.name("requestParameters.grants");
        let open = record.open(key, Shape::List);
        for grant in &grants {
            record.put(Key::NONE, Scalar::Text(grant));
        }
        record.close(open);
    }
    given
}

/// The policy that a parameter is.
fn policy(parameter: Item<'_>) -> Result<Option<Value>, Degradation> {
    if parameter.get("Statement").is_some() {
        return Ok(Some(parameter.to_value()));
    }
    let written = parameter.as_str().map(str::trim_start).unwrap_or_default();
    if !written.starts_with('{') || !written.contains("\"Statement\"") {
        return Ok(None);
    }
    let parsed = json::parse(written.as_bytes())
        .ok()
        .ok_or(Degradation::NotCompared)?;
    Ok(Some(parsed.value))
}

/// The line of a statement that allows.
fn grant(statement: &Value, own: &str) -> Option<String> {
    if statement["Effect"] != "Allow" {
        return None;
    }
    let bound = each_condition(&statement["Condition"]).any(|one| binds(one));
    let mut line = String::from(if bound { "bound" } else { "free" });
    let mut say = |word: &str, what: &str| {
        line.extend([" ", word, "="]);
        line.extend(
            what.chars()
                .map(|c| if c.is_whitespace() { '+' } else { c }),
        );
    };
    if !statement["NotPrincipal"].is_null() {
        say("to", "anybody");
    }
    principals(&statement["Principal"], own).for_each(|whom| say("to", &whom));
    for (word, name, name_of_rest) in [
        ("do", "Action", "NotAction"),
        ("on", "Resource", "NotResource"),
    ] {
        if !statement[name_of_rest].is_null() {
            say(word, "*");
        }
        texts(&statement[name]).for_each(|what| say(word, what));
    }
    Some(line)
}

/// Whom a statement names, each with its kind.
fn principals<'v>(principal: &'v Value, own: &'v str) -> impl Iterator<Item = String> + 'v {
    let plain = texts(principal).map(move |whom| named("AWS", whom, own));
    let kinds = principal.as_object().into_iter().flatten();
    plain.chain(
        kinds.flat_map(move |(kind, whom)| texts(whom).map(move |whom| named(kind, whom, own))),
    )
}

fn named(kind: &str, whom: &str, own: &str) -> String {
    if whom == "*" {
        return "anybody".to_owned();
    }
    let kind = match account(whom) {
        Some(account) if kind == "AWS" && account == own => "own",
        Some(_) if kind == "AWS" && !own.is_empty() => "other",
        _ => kind,
    };
    format!("{kind}:{whom}")
}

/// The account in the name of a principal, which may be the account itself.
fn account(whom: &str) -> Option<&str> {
    let account = whom.split(':').nth(4).unwrap_or(whom);
    let is_one = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    is_one.then_some(account)
}

/// One key of a condition, with what it is compared by and to.
#[derive(Clone, Copy)]
struct Condition<'v> {
    operator: &'v str,
    key: &'v str,
    values: &'v Value,
}

fn each_condition(conditions: &Value) -> impl Iterator<Item = Condition<'_>> {
    let operators = conditions.as_object().into_iter().flatten();
    operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, values)| Condition {
            operator,
            key,
            values,
        })
    })
}

/// Whether a condition says who, or from where. What only leaves somebody out does not, nor does what
/// asks nothing of a caller who lacks the key, nor a pattern that everybody fits.
fn binds(condition: Condition<'_>) -> bool {
    let Condition {
        operator,
        key,
        values,
    } = condition;
    let key = key.to_ascii_lowercase();
    let says_who = !NOT_WHO.contains(&key.as_str()) && !is_anybodys_audience(&key);
    let leaves_out = operator.contains("Not") || operator == "Null";
    let may_lack = operator.ends_with("IfExists") || operator.starts_with("ForAllValues:");
    let asks_all = !may_lack || ALL_HAVE.iter().any(|end| key.ends_with(end));
    says_who && asks_all && !leaves_out && !texts(values).any(|value| fits_everybody(&key, value))
}

/// Ends of keys that every caller has of whom it can be asked.
const ALL_HAVE: [&str; 3] = ["aws:sourceip", "aws:principaltype", ":sub"];

/// Whether a key is the audience of a token, and the issuer gives everybody whatever he asks for. With
/// these two it is one's own application.
fn is_anybodys_audience(key: &str) -> bool {
    let issuer = key.strip_suffix(":aud");
    issuer.is_some_and(|issuer| {
        !["cognito-identity.amazonaws.com", "accounts.google.com"].contains(&issuer)
    })
}

/// Whether anybody can fit a pattern. Names of owners and numbers of accounts are free to take, so
/// that one with a wildcard is everybody's: `repo:northgate*/tills:*` as well as `repo:*`.
fn fits_everybody(key: &str, value: &str) -> bool {
    let first = if value.starts_with("arn:") {
        value.split(':').nth(4)
    } else if key.ends_with(":sub") {
        let subject = value.split_once(':').map_or(value, |(_, subject)| subject);
        subject.split(['/', ':']).next()
    } else {
        None
    };
    matches!(value, "*" | "o-*" | "0.0.0.0/0" | "::/0")
        || first.is_some_and(|owner| owner.contains(['*', '?']))
}

/// The members of a list, or what stands alone.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let (list, alone) = match value {
        Value::Array(list) => (list.as_slice(), None),
        Value::Null => (&[][..], None),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            (&[][..], Some(value))
        }
    };
    list.iter().chain(alone)
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    each(value).filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use cordon_model::Record;
    use serde_json::{Value, json};

    use crate::Degradation;

    fn given(parameters: &Value) -> (Value, Result<(), Degradation>) {
        let mut fields = Record::new();
        fields
            .fill(&json!({"recipientAccountId": "111122223333", "requestParameters": parameters}));
        let given = super::give(&mut fields);
        (fields.to_value()["requestParameters.grants"].clone(), given)
    }

    #[track_caller]
    fn check(statements: &Value, expect: &[&str]) {
        let policy = json!({"Version": "2012-10-17", "Statement": statements});
        let expect = if expect.is_empty() {
            Value::Null
        } else {
            json!(expect)
        };
        let open = json!({"bucketName": "b", "bucketPolicy": policy});
        assert_eq!(given(&open), (expect.clone(), Ok(())));
        let text = json!({"roleName": "r", "policyDocument": format!("{policy:#}")});
        assert_eq!(given(&text), (expect, Ok(())), "the same as text");
    }

    #[test]
    fn each_statement_that_allows_is_a_line() {
        let elsewhere = json!({"AWS": ["arn:aws:iam::111122223333:root", "999988887777", "*"],
            "Service": "ec2.amazonaws.com"});
        check(
            &json!([{"Effect": "Allow", "Principal": elsewhere, "Action": "sts:AssumeRole"},
                {"Effect": "Allow", "NotAction": "iam:*", "Resource": ["a b", "*"]}]),
            &[
                "free to=own:arn:aws:iam::111122223333:root to=other:999988887777 to=anybody \
                 to=Service:ec2.amazonaws.com do=sts:AssumeRole",
                "free do=* on=a+b on=*",
            ],
        );
        check(
            &json!({"Effect": "Allow", "Principal": "*", "NotResource": "x"}),
            &["free to=anybody on=*"],
        );
        check(
            &json!({"Effect": "Allow", "NotPrincipal": {"AWS": "x"}}),
            &["free to=anybody"],
        );
        check(
            &json!([{"Effect": "Deny", "Principal": "*", "Action": "*"}]),
            &[],
        );
    }

    #[test]
    fn a_condition_binds_if_it_says_who_or_from_where() {
        let cases = [
            ("StringEquals", "aws:PrincipalOrgID", "o-1", true),
            ("StringNotEquals", "aws:PrincipalOrgID", "o-1", false),
            ("IpAddress", "aws:SourceIp", "203.0.113.0/24", true),
            ("IpAddress", "aws:SourceIp", "0.0.0.0/0", false),
            ("Bool", "aws:SecureTransport", "true", false),
            ("StringLike", "idp.example:sub", "repo:northgate/*", true),
            ("StringLike", "idp.example:sub", "*", false),
            ("StringLike", "idp.example:sub", "repo:*/*:*", false),
            ("StringLike", "aws:userid", "AROAEXAMPLE:*", true),
            (
                "StringLike",
                "idp.example:sub",
                "repo:northgate*/tills:*",
                false,
            ),
            (
                "StringLike",
                "idp.example:sub",
                "repo:*/*:ref:refs/heads/main",
                false,
            ),
            (
                "ArnLike",
                "aws:PrincipalArn",
                "arn:aws:iam::*:role/backup",
                false,
            ),
            (
                "ArnLike",
                "aws:PrincipalArn",
                "arn:aws:iam::111122223333:role/*",
                true,
            ),
            ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", false),
            (
                "StringEqualsIfExists",
                "idp.example:sub",
                "repo:northgate/a",
                true,
            ),
            ("IpAddressIfExists", "aws:SourceIp", "203.0.113.0/24", true),
            (
                "ForAllValues:StringEquals",
                "aws:PrincipalOrgPaths",
                "o-1/*",
                false,
            ),
            (
                "ForAnyValue:StringLike",
                "aws:PrincipalOrgPaths",
                "o-1/r-1/*",
                true,
            ),
            (
                "StringEquals",
                "cognito-identity.amazonaws.com:aud",
                "eu-west-2:1",
                true,
            ),
            (
                "ForAnyValue:StringLike",
                "cognito-identity.amazonaws.com:amr",
                "authenticated",
                true,
            ),
            (
                "StringEquals",
                "idp.example:aud",
                "sts.amazonaws.com",
                false,
            ),
        ];
        for (operator, key, value, bound) in cases {
            let policy = json!({"Effect": "Allow", "Principal": "*",
                "Condition": {operator: {key: [value]}}});
            let expect = if bound { "bound" } else { "free" };
            check(&policy, &[&format!("{expect} to=anybody")]);
        }
    }

    #[test]
    fn the_policy_of_a_queue_is_among_its_attributes() {
        let policy = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:*"}]}"#;
        let (grants, given) = given(&json!({"attributes": {"Policy": policy}}));
        assert_eq!(
            (grants, given),
            (json!(["free to=anybody do=sqs:*"]), Ok(()))
        );
    }

    #[test]
    fn whose_account_it_is_is_not_said_where_the_record_does_not_say_its_own() {
        let mut fields = Record::new();
        let policy =
            json!({"Statement": {"Effect": "Allow", "Principal": {"AWS": "999988887777"}}});
        fields.fill(&json!({"requestParameters": {"policy": policy}}));
        assert_eq!(super::give(&mut fields), Ok(()));
        let grants = &fields.to_value()["requestParameters.grants"];
        assert_eq!(*grants, json!(["free to=AWS:999988887777"]));
    }

    #[test]
    fn a_policy_cut_off_grants_nothing_that_is_known_and_that_is_said() {
        let cut = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resour"#;
        let found = given(&json!({"policyDocument": cut}));
        assert_eq!(found, (Value::Null, Err(Degradation::NotCompared)));
        let none = given(&json!({"userName": "{", "tags": ["Statement"]}));
        assert_eq!(none, (Value::Null, Ok(())));
    }
}
