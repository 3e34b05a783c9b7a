//! Rows of the portal's log of sign-ins, by the names of their columns alone: what of a value is worded for people is
//! made anew for each row.

use cordon_model::{Item, Key, Record, Scalar, Shape, Span};
use memchr::memrchr;

use super::{
    super::{
        has,
        recipe::{Make, Recipe},
    },
    Cell, Row, find,
};

/// A value as the portal words it, and as the log does.
const WORDS: [(&str, &str); 17] = [
    ("Single-factor authentication", "singleFactorAuthentication"),
    ("Multifactor authentication", "multiFactorAuthentication"),
    ("Multi-factor authentication", "multiFactorAuthentication"),
    ("Not Applied", "notApplied"),
    ("Device Code", "deviceCode"),
    ("Authentication Transfer", "authenticationTransfer"),
    ("ROPC", "ropc"),
    ("OAuth 2.0", "oAuth2"),
    ("SAML 2.0", "saml20"),
    ("WS-Federation", "wsFederation"),
    ("Refresh Token", "refreshToken"),
    ("Primary Refresh Token", "primaryRefreshToken"),
    ("None", "none"),
    ("Success", "success"),
    ("Failure", "failure"),
    ("Member", "member"),
    ("Guest", "guest"),
];

/// Gives a row of the log of sign-ins the shape of diagnostic settings.
pub(crate) fn unfold_sign_in(record: &Record, recipe: &mut Recipe) {
    let row = Row::of(record);
    let cells: Vec<_> = row.cells().collect();
    if !has(record, "operationName") && !recipe.has("operationName") {
        recipe.text("operationName", "Sign-in activity");
    }
    if !has(record, "properties") {
        recipe.open("properties", Shape::Map);
        put_sign_in(&cells, recipe);
        recipe.close();
    }
}

fn put_sign_in(cells: &[Cell<'_>], recipe: &mut Recipe) {
    for (name, column) in SIGN_IN {
        make(recipe, (name, put_word), find(cells, column));
    }
    recipe.open("status", Shape::Map);
    if let Some(place) = find(cells, "failure reason") {
        recipe.copy("failureReason", place);
    }
    let code = find(cells, "sign-in error code");
    make(recipe, ("errorCode", put_code), code);
    recipe.close();
    recipe.open("deviceDetail", Shape::Map);
    for (name, column) in DEVICE {
        if let Some(place) = find(cells, column) {
            recipe.copy(name, place);
        }
    }
    for (name, column) in [("isCompliant", "compliant"), ("isManaged", "managed")] {
        make(recipe, (name, put_truth), find(cells, column));
    }
    recipe.close();
    let location = find(cells, "location");
    if location.is_none() {
        recipe.open("location", Shape::Map);
        recipe.close();
    }
    make(recipe, ("location", put_location), location);
}

/// Has something made of a cell, if that says something.
fn make(recipe: &mut Recipe, (name, make): (&str, Make), place: Option<u32>) {
    if let Some(place) = place {
        recipe.make(name, make, place);
    }
}

/// What the cell at a place says.
fn told(record: &Record, place: u32) -> &str {
    let told = record.at(place).and_then(Item::as_str);
    told.unwrap_or_default()
}

/// Puts a word as the log has it, and any other text as it stands.
fn put_word(record: &mut Record, key: Key, place: u32) {
    let told = told(record, place);
    // Ids and addresses, which most cells are, begin with other signs.
    let may_be_one = told.starts_with(|c: char| c.is_ascii_uppercase());
    let known = WORDS.iter().find(|(words, _)| may_be_one && told == *words);
    match known {
        Some((_, word)) => record.put(key, Scalar::Text(word)),
        None => record.put_place(key, place),
    }
}

fn put_code(record: &mut Record, key: Key, place: u32) {
    if let Ok(code) = told(record, place).parse::<u32>() {
        record.put(key, Scalar::Number(&code.to_string()));
    }
}

fn put_truth(record: &mut Record, key: Key, place: u32) {
    let told = told(record, place);
    let is_one_of = |words: [&str; 2]| words.iter().any(|word| told.eq_ignore_ascii_case(word));
    if is_one_of(["yes", "true"]) {
        record.put(key, Scalar::Bool(true));
    } else if is_one_of(["no", "false"]) {
        record.put(key, Scalar::Bool(false));
    }
}

/// `London, London, GB` taken apart, from its end: a city may have a comma.
fn put_location(record: &mut Record, key: Key, place: u32) {
    let written = record.at(place).and_then(Item::span).unwrap_or_default();
    let open = record.open(key, Shape::Map);
    let mut end = written.range().end;
    for name in ["countryOrRegion", "state", "city"] {
        let from = written.range().start;
        let rest = record.text(Span::between(from, end));
        let comma = memrchr(b',', rest.as_bytes()).filter(|_| name != "city");
        let begin = comma.map_or(0, |comma| comma + 1);
        let part = rest.get(begin..).unwrap_or_default();
        let start = from + begin + part.len() - part.trim_start().len();
        let part = Span::between(start, start + part.trim().len());
        if !part.range().is_empty() {
            let key = record.name(name);
            record.put_text(key, part);
        }
        let Some(comma) = comma else { break };
        end = from + comma;
    }
    record.close(open);
}

const SIGN_IN: [(&str, &str); 26] = [
    ("id", "request id"),
    ("createdDateTime", "date (utc)"),
    ("correlationId", "correlation id"),
    ("userId", "user id"),
    ("userDisplayName", "user"),
    ("userPrincipalName", "username"),
    ("userType", "user type"),
    ("userAgent", "user agent"),
    ("appDisplayName", "application"),
    ("appId", "application id"),
    ("resourceDisplayName", "resource"),
    ("resourceId", "resource id"),
    ("resourceTenantId", "resource tenant id"),
    ("homeTenantId", "home tenant id"),
    ("ipAddress", "ip address"),
    ("clientAppUsed", "client app"),
    ("authenticationProtocol", "authentication protocol"),
    ("authenticationRequirement", "authentication requirement"),
    ("conditionalAccessStatus", "conditional access"),
    ("incomingTokenType", "incoming token type"),
    ("originalTransferMethod", "original transfer method"),
    ("crossTenantAccessType", "cross tenant access type"),
    ("autonomousSystemNumber", "autonomous system number"),
    ("sessionId", "session id"),
    ("servicePrincipalName", "service principal name"),
    ("servicePrincipalId", "service principal id"),
];

const DEVICE: [(&str, &str); 4] = [
    ("deviceId", "device id"),
    ("browser", "browser"),
    ("operatingSystem", "operating system"),
    ("trustType", "join type"),
];
