//! What a rule says about itself, whatever it detects.
//!
//! A wrong type refuses the rule; a value that is only badly spelled (a date, an id, a tag) is linted,
//! since what the rule detects does not depend on it. Keys that the specification does not know are
//! custom attributes: kept, and noted.

use std::{collections::BTreeMap, sync::Arc};

use cordon_text::{Fields, Node, Span, nearest};

use crate::{
    date::{Date, Spelling},
    reader::Reader,
    tag::is_tag,
    words::{Holds, Level, Relation, Status},
};

/// Longest title the specification allows, in characters.
const TITLE_CHARS_MAX: usize = 256;

/// Every key that a document may have at its top. The last three are Cordon's own and those of the
/// regression tests that `SigmaHQ` keeps beside its rules.
const KEYS: [&str; 24] = [
    "title",
    "id",
    "related",
    "name",
    "taxonomy",
    "status",
    "description",
    "license",
    "author",
    "references",
    "date",
    "modified",
    "logsource",
    "detection",
    "correlation",
    "filter",
    "fields",
    "falsepositives",
    "level",
    "tags",
    "scope",
    "cordon",
    "regression_tests_path",
    "simulation",
];

/// What a rule says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Name of the source.
    pub file: Arc<str>,
    /// Where its document stands in it.
    pub span: Span,
    /// Its title.
    pub title: String,
    /// Its id, usually a UUID.
    pub id: Option<Arc<str>>,
    /// A unique name that correlations and filters may refer to.
    pub name: Option<Arc<str>>,
    /// What it is to other rules.
    pub related: Vec<Related>,
    /// What it is about, for people.
    pub description: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Under which licence it is published, as an SPDX expression.
    pub license: Option<String>,
    /// The day it was written.
    pub date: Option<Date>,
    /// The day its meaning was last changed.
    pub modified: Option<Date>,
    /// How serious it is.
    pub level: Option<Level>,
    /// How far it has come.
    pub status: Option<Status>,
    /// Its tags, such as `attack.t1098`.
    pub tags: Vec<Arc<str>>,
    /// Harmless things that it also matches.
    pub false_positives: Vec<Arc<str>>,
    /// Where to read more.
    pub references: Vec<Arc<str>>,
    /// Fields worth looking at in what it matches.
    pub fields: Vec<Arc<str>>,
    /// Where it is meant to be used.
    pub scope: Vec<Arc<str>>,
    /// What the intruder holds if it is right; none if the rule is silent, which is not the same
    /// as an empty list.
    pub holds: Option<Vec<Holds>>,
    /// Whether a plain rule is told by itself, also where correlations count it.
    pub alone: bool,
    /// Everything that the specification does not know.
    pub custom: BTreeMap<Arc<str>, Node>,
}

/// Another rule, and what this one is to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The other rule's id.
    pub id: Arc<str>,
    /// What this rule is to it.
    pub relation: Relation,
}

/// Reads the header of a document; what is wrong is reported.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Header> {
    let mut fields = reader.fields(node, "a rule")?;
    taxonomy(reader, fields.optional("taxonomy"));
    Some(Header {
        file: Arc::clone(&reader.source.name),
        span: node.span,
        title: title(reader, &mut fields).unwrap_or_default(),
        id: id(reader, fields.optional("id")),
        name: scalar(reader, &mut fields, "name").map(Arc::from),
        related: related(reader, fields.optional("related")),
        description: scalar(reader, &mut fields, "description"),
        author: author(reader, fields.optional("author")),
        license: scalar(reader, &mut fields, "license"),
        date: date(reader, fields.optional("date")),
        modified: date(reader, fields.optional("modified")),
        level: level(reader, fields.optional("level")),
        status: status(reader, fields.optional("status")),
        tags: tags(reader, &mut fields),
        false_positives: list(reader, &mut fields, "falsepositives"),
        references: list(reader, &mut fields, "references"),
        fields: list(reader, &mut fields, "fields"),
        scope: list(reader, &mut fields, "scope"),
        holds: own(reader, node, fields.optional("cordon")),
        alone: alone(reader, node).unwrap_or_default(),
        custom: custom(reader, node),
    })
}

fn title(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<String> {
    let node = fields.required("title", &mut reader.report)?;
    let title = reader.text(node, "a title")?;
    if title.chars().count() > TITLE_CHARS_MAX {
        let message = format!("the title is longer than {TITLE_CHARS_MAX} characters");
        let help = "move its detail into the description";
        reader.warning(node.span, "long-title", message, help);
    }
    Some(title)
}

fn scalar(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<String> {
    let node = fields.optional(key)?;
    reader.text(node, "a text")
}

/// The texts under a key, each with its node.
fn entries<'n>(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'n>,
    key: &'static str,
) -> Vec<(Arc<str>, &'n Node)> {
    let Some(node) = fields.optional(key) else {
        return Vec::new();
    };
    reader.list(node, key, "a list of texts")
}

fn list(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Vec<Arc<str>> {
    let entries = entries(reader, fields, key).into_iter();
    entries.map(|(text, _)| text).collect()
}

/// Any text serves as an id, but only a UUID stays unique when rules of others are added.
fn id(reader: &mut Reader<'_>, node: Option<&Node>) -> Option<Arc<str>> {
    let node = node?;
    let text = reader.text(node, "an id")?;
    if !is_uuid(&text) {
        let message = format!("an id is a UUID, found {}", node.describe());
        let help = "make a random one (version 4); for a name to refer to, use the key `name`";
        reader.warning(node.span, "malformed-id", message, help);
    }
    Some(Arc::from(text))
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    let digits = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    groups == [8, 4, 4, 4, 12] && digits
}

/// Field names mean what the taxonomy says; under an unknown one they would match nothing, or worse,
/// something else.
fn taxonomy(reader: &mut Reader<'_>, node: Option<&Node>) {
    let Some(node) = node else { return };
    let Some(text) = reader.text(node, "the name of a taxonomy") else {
        return;
    };
    if text != "sigma" {
        let message = format!("the fields of this rule are named after the taxonomy `{text}`");
        let help = "rename its fields and its logsource to those of Sigma, and remove `taxonomy`";
        reader.problem(node.span, "taxonomy-unsupported", message, help);
    }
}

/// The specification has one text; a list of names is as clear.
fn author(reader: &mut Reader<'_>, node: Option<&Node>) -> Option<String> {
    let texts = reader.texts(node?, "who wrote it");
    let names: Vec<_> = texts.iter().map(|(text, _)| text.as_ref()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn date(reader: &mut Reader<'_>, node: Option<&Node>) -> Option<Date> {
    let node = node?;
    let text = reader.text(node, "a date")?;
    let found = Date::parse(&text);
    match found {
        Some((_, Spelling::Specified)) => {}
        Some((date, Spelling::Slashes)) => {
            let message = format!("a date is written with hyphens, found `{text}`");
            let help = format!("write `{date}`");
            reader.warning(node.span, "malformed-date", message, &help);
        }
        None => {
            let message = format!("expected a date, found {}", node.describe());
            let help = "write year, month and day as in `2025-04-19`";
            reader.warning(node.span, "malformed-date", message, help);
        }
    }
    found.map(|(date, _)| date)
}

fn related(reader: &mut Reader<'_>, node: Option<&Node>) -> Vec<Related> {
    let Some(node) = node else {
        return Vec::new();
    };
    let Some(entries) = node.sequence() else {
        let message = format!("`related` is a list, found {}", node.describe());
        let help = "write each entry behind `- `, with the keys `id` and `type`";
        reader.problem(node.span, "wrong-type", message, help);
        return Vec::new();
    };
    entries
        .iter()
        .filter_map(|entry| relative(reader, entry))
        .collect()
}

fn relative(reader: &mut Reader<'_>, node: &Node) -> Option<Related> {
    let mut fields = reader.fields(node, "a related rule")?;
    let id = fields.required("id", &mut reader.report);
    let id = id.and_then(|node| self::id(reader, Some(node)));
    let kind = fields.required("type", &mut reader.report);
    let relation = kind.and_then(|node| Relation::from_word(node.text().unwrap_or_default()));
    if let (Some(node), None) = (kind, relation) {
        let message = format!("there is no such relation, found {}", node.describe());
        let help = format!("known ones: {}", Relation::WORDS);
        reader.warning(node.span, "unknown-relation", message, help.trim_end());
    }
    fields.finish(&mut reader.report);
    Some(Related {
        id: id?,
        relation: relation?,
    })
}

fn level(reader: &mut Reader<'_>, node: Option<&Node>) -> Option<Level> {
    let node = node?;
    let level = node.text().and_then(Level::from_word);
    if level.is_none() {
        let message = format!("expected a level, found {}", node.describe());
        let help = format!("known levels: {}", Level::WORDS);
        reader.problem(node.span, "unknown-level", message, help.trim_end());
    }
    level
}

fn status(reader: &mut Reader<'_>, node: Option<&Node>) -> Option<Status> {
    let node = node?;
    let status = node.text().and_then(Status::from_word);
    if status.is_none() {
        let message = format!("expected a status, found {}", node.describe());
        let help = format!("known ones: {}", Status::WORDS);
        reader.warning(node.span, "unknown-status", message, help.trim_end());
    }
    status
}

fn tags(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Vec<Arc<str>> {
    let mut tags = Vec::new();
    for (tag, node) in entries(reader, fields, "tags") {
        if !is_tag(&tag) {
            let message = format!("`{tag}` is no tag: a namespace, a dot and a name in lower case");
            let help = "write it as in `attack.t1098`";
            reader.warning(node.span, "malformed-tag", message, help);
        }
        tags.push(tag);
    }
    tags
}

/// Reads `cordon: { alone: true }`, which only plain rules have.
fn alone(reader: &mut Reader<'_>, document: &Node) -> Option<bool> {
    let node = document.get("cordon")?.get("alone")?;
    reader.flag(node)
}

/// Reads `cordon: { holds: [actor] }`; what only correlations have is read with them.
fn own(reader: &mut Reader<'_>, document: &Node, node: Option<&Node>) -> Option<Vec<Holds>> {
    let mut fields = reader.fields(node?, "`cordon`")?;
    let listed = fields.optional("holds");
    let by_kind = match document.get("correlation") {
        Some(_) => "waits",
        None => "alone",
    };
    fields.optional(by_kind);
    fields.finish(&mut reader.report);
    let mut holds = Vec::new();
    for (word, node) in reader.texts(listed?, "a list of roles") {
        match Holds::from_word(&word) {
            Some(role) if holds.contains(&role) => {}
            Some(role) => holds.push(role),
            None => {
                let message = format!("there is no role `{word}`");
                let help = format!("known roles: {}", Holds::WORDS);
                reader.problem(node.span, "unknown-role", message, help.trim_end());
            }
        }
    }
    Some(holds)
}

/// What stands under keys that the specification does not know. A slip of the pen in a known one is
/// a warning, since what it was to say is lost.
fn custom(reader: &mut Reader<'_>, node: &Node) -> BTreeMap<Arc<str>, Node> {
    let mut custom = BTreeMap::new();
    for (key, value) in node.mapping().unwrap_or_default() {
        let name = key.scalar().map_or("", |scalar| scalar.text.as_str());
        if KEYS.contains(&name) {
            continue;
        }
        if let Some(near) = nearest(name, KEYS) {
            let message = format!("Sigma has no key `{name}`; it is kept as a custom attribute");
            let help = format!("did you mean `{near}`?");
            reader.warning(key.span, "misspelt-key", message, &help);
        } else {
            let message = format!("`{name}` is a custom attribute and changes nothing here");
            reader.note(key.span, "custom-attribute", message);
        }
        custom.insert(Arc::from(name), value.clone());
    }
    custom
}
