//! Requests and responses of LDAP as bytes and back.

use std::collections::BTreeMap;

use super::ber::{self, BOOLEAN, ENUMERATED, INTEGER, OCTETS, SEQUENCE, SET};

const BIND: u8 = 0x60;
const BIND_RESPONSE: u8 = 0x61;
const UNBIND: u8 = 0x42;
const SEARCH: u8 = 0x63;
const SEARCH_ENTRY: u8 = 0x64;
const SEARCH_DONE: u8 = 0x65;
const SEARCH_REFERENCE: u8 = 0x73;
const MODIFY: u8 = 0x66;
const MODIFY_RESPONSE: u8 = 0x67;
const EXTENDED_RESPONSE: u8 = 0x78;
/// A password in the clear, within TLS.
const SIMPLE: u8 = 0x80;
const FILTER_EQUALS: u8 = 0xa3;
const FILTER_PRESENT: u8 = 0x87;

/// An entry's attributes, names in lower case.
pub(crate) type Entry = BTreeMap<String, Vec<Vec<u8>>>;

/// What is done with values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// They are added.
    Add,
    /// They are deleted; all of them if none is given.
    Delete,
    /// They take the place of all.
    Replace,
}

/// One change of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) operation: Operation,
    pub(crate) attribute: &'static str,
    pub(crate) values: Vec<Vec<u8>>,
}

/// What a server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Response {
    /// The outcome of a bind, a search or a modify.
    Done { code: u32, text: String },
    /// An entry that was found.
    Found(Entry),
    /// Where else one might look.
    Elsewhere,
    /// It ends the session, and why.
    Disconnects { text: String },
}

/// A name and a password.
pub(super) fn bind(name: &str, password: &str) -> Vec<u8> {
    let version = ber::number(INTEGER, 3);
    let name = ber::tlv(OCTETS, name.as_bytes());
    let password = ber::tlv(SIMPLE, password.as_bytes());
    ber::all(BIND, &[version, name, password])
}

/// Goodbye.
pub(super) fn unbind() -> Vec<u8> {
    ber::tlv(UNBIND, &[])
}

/// One entry's attributes; with a pair, only if it has that value of that attribute.
pub(super) fn search(dn: &str, attributes: &[&str], having: Option<(&str, &[u8])>) -> Vec<u8> {
    let filter = match having {
        None => ber::tlv(FILTER_PRESENT, b"objectClass"),
        Some((name, value)) => {
            let name = ber::tlv(OCTETS, name.as_bytes());
            ber::all(FILTER_EQUALS, &[name, ber::tlv(OCTETS, value)])
        }
    };
    let names = attributes
        .iter()
        .map(|name| ber::tlv(OCTETS, name.as_bytes()));
    let names: Vec<Vec<u8>> = names.collect();
    ber::all(
        SEARCH,
        &[
            ber::tlv(OCTETS, dn.as_bytes()),
            // This entry alone; aliases are not followed; neither size nor time is limited.
            ber::number(ENUMERATED, 0),
            ber::number(ENUMERATED, 0),
            ber::number(INTEGER, 0),
            ber::number(INTEGER, 0),
            ber::tlv(BOOLEAN, &[0]),
            filter,
            ber::all(SEQUENCE, &names),
        ],
    )
}

/// Changes of one entry, all or none.
pub(super) fn modify(dn: &str, changes: &[Change]) -> Vec<u8> {
    let changes: Vec<Vec<u8>> = changes.iter().map(change).collect();
    let dn = ber::tlv(OCTETS, dn.as_bytes());
    ber::all(MODIFY, &[dn, ber::all(SEQUENCE, &changes)])
}

fn change(change: &Change) -> Vec<u8> {
    let operation = match change.operation {
        Operation::Add => 0,
        Operation::Delete => 1,
        Operation::Replace => 2,
    };
    let values: Vec<Vec<u8>> = change
        .values
        .iter()
        .map(|value| ber::tlv(OCTETS, value))
        .collect();
    let name = ber::tlv(OCTETS, change.attribute.as_bytes());
    let attribute = ber::all(SEQUENCE, &[name, ber::all(SET, &values)]);
    ber::all(SEQUENCE, &[ber::number(ENUMERATED, operation), attribute])
}

/// A request with its number.
pub(super) fn numbered(id: u32, request: Vec<u8>) -> Vec<u8> {
    ber::all(SEQUENCE, &[ber::number(INTEGER, id), request])
}

/// Reads a message: its number and what it says.
pub(super) fn parse(bytes: &[u8]) -> Option<(u32, Response)> {
    let (message, _) = ber::expect(SEQUENCE, bytes)?;
    let (id, rest) = ber::expect(INTEGER, message)?;
    let (tag, content, _) = ber::read(rest)?;
    let response = match tag {
        BIND_RESPONSE | SEARCH_DONE | MODIFY_RESPONSE => {
            let (code, text) = result(content)?;
            Response::Done { code, text }
        }
        SEARCH_ENTRY => Response::Found(entry(content)?),
        SEARCH_REFERENCE => Response::Elsewhere,
        EXTENDED_RESPONSE => Response::Disconnects {
            text: result(content)?.1,
        },
        _ => return None,
    };
    Some((ber::to_number(id)?, response))
}

/// The code of an outcome, and what the server says of it.
fn result(content: &[u8]) -> Option<(u32, String)> {
    let (code, rest) = ber::expect(ENUMERATED, content)?;
    let (_matched, rest) = ber::expect(OCTETS, rest)?;
    let (text, _) = ber::expect(OCTETS, rest)?;
    Some((
        ber::to_number(code)?,
        String::from_utf8_lossy(text).into_owned(),
    ))
}

fn entry(content: &[u8]) -> Option<Entry> {
    let (_dn, rest) = ber::expect(OCTETS, content)?;
    let (mut attributes, _) = ber::expect(SEQUENCE, rest)?;
    let mut entry = Entry::new();
    while !attributes.is_empty() {
        let (attribute, rest) = ber::expect(SEQUENCE, attributes)?;
        attributes = rest;
        let (name, set) = ber::expect(OCTETS, attribute)?;
        let (mut set, _) = ber::expect(SET, set)?;
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let values = entry.entry(name).or_default();
        while !set.is_empty() {
            let (value, rest) = ber::expect(OCTETS, set)?;
            values.push(value.to_vec());
            set = rest;
        }
    }
    Some(entry)
}

#[cfg(test)]
mod tests {
    use super::{Change, Operation, Response, modify, numbered, parse, search};

    #[test]
    fn a_search_is_written_as_the_standard_writes_it() {
        let bytes = numbered(2, search("dc=x", &["cn"], None));
        let wanted = b"\x30\x2d\x02\x01\x02\x63\x28\x04\x04dc=x\x0a\x01\x00\x0a\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00\x87\x0bobjectClass\x30\x04\x04\x02cn";
        assert_eq!(bytes, wanted);
    }

    #[test]
    fn a_modify_is_written_as_the_standard_writes_it() {
        let change = Change {
            operation: Operation::Replace,
            attribute: "a",
            values: vec![b"1".to_vec()],
        };
        let bytes = modify("dc=x", &[change]);
        let wanted =
            b"\x66\x17\x04\x04dc=x\x30\x0f\x30\x0d\x0a\x01\x02\x30\x08\x04\x01a\x31\x03\x04\x011";
        assert_eq!(bytes, wanted);
    }

    #[test]
    fn an_entry_is_read_with_names_in_lower_case() {
        let bytes =
            b"\x30\x17\x02\x01\x02\x64\x12\x04\x04dc=x\x30\x0a\x30\x08\x04\x01A\x31\x03\x04\x01v";
        let (id, response) = parse(bytes).unwrap();
        assert_eq!(id, 2);
        let Response::Found(entry) = response else {
            panic!("{response:?}");
        };
        assert_eq!(entry["a"], [b"v"]);
    }

    #[test]
    fn an_outcome_is_read_and_what_is_cut_off_is_not() {
        let bytes = b"\x30\x0f\x02\x01\x01\x61\x0a\x0a\x01\x31\x04\x00\x04\x03bad";
        let done = Response::Done {
            code: 49,
            text: "bad".to_owned(),
        };
        assert_eq!(parse(bytes), Some((1, done)));
        for end in 0..bytes.len() {
            assert_eq!(parse(&bytes[..end]), None, "{end}");
        }
    }
}
