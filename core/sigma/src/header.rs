//! What a rule says about itself, whatever it detects.

use std::sync::Arc;

use cordon_text::{Fields, Node, Span};

use crate::{reader::Reader, tag::is_tag};

/// Longest title the specification allows, in characters.
const TITLE_CHARS_MAX: usize = 256;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$case_doc])* $case,)* }

        impl $name {
            const WORDS: &'static str = concat!($("`", $word, "` "),*);

            /// The word used in rules.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word,)* }
            }

            fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$case),)* _ => None }
            }
        }
    };
}

words! {
    /// How serious a rule says its matches are.
    Level {
        /// Of interest only beside other things.
        Informational = "informational",
        /// Rarely malicious by itself.
        Low = "low",
        /// Worth a look.
        Medium = "medium",
        /// Needs a look soon.
        High = "high",
        /// An incident by itself.
        Critical = "critical",
    }
}

words! {
    /// How far a rule has come.
    Status {
        /// In use without trouble.
        Stable = "stable",
        /// Needs little tuning.
        Test = "test",
        /// May match much.
        Experimental = "experimental",
        /// Replaced by another.
        Deprecated = "deprecated",
        /// Cannot be used as it is.
        Unsupported = "unsupported",
    }
}

words! {
    /// Which of the entities that a record names the intruder holds if the rule is right
    /// (`cordon: { holds: [actor] }`).
    Holds {
        /// Who did it.
        Actor = "actor",
        /// To whom or to what it was done.
        Target = "target",
        /// Where it happened.
        Host = "host",
        /// Where it came from.
        Origin = "origin",
        /// With what it was done.
        Means = "means",
    }
}

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
    /// A unique name that correlations may refer to.
    pub name: Option<Arc<str>>,
    /// What it is about, for people.
    pub description: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
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
    /// What the intruder holds if it is right; none if the rule is silent, which is not the same
    /// as an empty list.
    pub holds: Option<Vec<Holds>>,
}

/// Reads the header of a document; what is wrong is reported.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<Header> {
    let mut fields = reader.fields(node, "a rule")?;
    let title = fields
        .required("title", &mut reader.report)
        .and_then(|node| reader.text(node, "a title"));
    if let Some(title) = &title
        && title.chars().count() > TITLE_CHARS_MAX
    {
        let message = format!("the title is longer than {TITLE_CHARS_MAX} characters");
        reader.warning(
            node.span,
            "long-title",
            message,
            "move its detail into the description",
        );
    }
    Some(Header {
        file: Arc::clone(&reader.source.name),
        span: node.span,
        title: title.unwrap_or_default(),
        id: scalar(reader, &mut fields, "id").map(Arc::from),
        name: scalar(reader, &mut fields, "name").map(Arc::from),
        description: scalar(reader, &mut fields, "description"),
        author: fields
            .optional("author")
            .and_then(Node::text)
            .map(str::to_owned),
        level: level(reader, fields.optional("level")),
        status: status(reader, fields.optional("status")),
        tags: tags(reader, fields.optional("tags")),
        false_positives: list(reader, &mut fields, "falsepositives"),
        references: list(reader, &mut fields, "references"),
        holds: holds(reader, fields.optional("cordon")),
    })
}

fn scalar(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<String> {
    let node = fields.optional(key)?;
    reader.text(node, "a text")
}

fn list(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Vec<Arc<str>> {
    let node = fields.optional(key);
    let texts = node.map(|node| reader.texts(node, "a list of texts"));
    texts
        .unwrap_or_default()
        .into_iter()
        .map(|(text, _)| text)
        .collect()
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

fn tags(reader: &mut Reader<'_>, node: Option<&Node>) -> Vec<Arc<str>> {
    let Some(node) = node else {
        return Vec::new();
    };
    let mut tags = Vec::new();
    for (tag, node) in reader.texts(node, "a list of tags") {
        if !is_tag(&tag) {
            let message = format!("`{tag}` is no tag: a namespace, a dot and a name in lower case");
            reader.warning(
                node.span,
                "malformed-tag",
                message,
                "write it as in `attack.t1098`",
            );
        }
        tags.push(tag);
    }
    tags
}

/// Reads `cordon: { holds: [actor] }`.
fn holds(reader: &mut Reader<'_>, node: Option<&Node>) -> Option<Vec<Holds>> {
    let mut fields = reader.fields(node?, "`cordon`")?;
    let listed = fields.optional("holds");
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
