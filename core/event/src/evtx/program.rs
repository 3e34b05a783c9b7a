//! A short list of steps that turn a record's values into its fields.
//!
//! Whether a name is taken already is asked when the program runs, because data of one template
//! meet the `System` fields of another.

use cordon_model::{NameHash, Span};

use super::template::Template;

/// What a template stands for where it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A whole record.
    Record,
    /// A part of a record beside `System`.
    Part,
    /// The element in `UserData`.
    Root,
}

#[derive(Debug, Default)]
pub(super) struct Program {
    /// The names of all fields, to be put into a record at once.
    pub(super) names: String,
    /// Constants and names of elements.
    text: String,
    pub(super) steps: Vec<Step>,
    /// The name of the template's element.
    pub(super) root: Span,
    /// The names of the elements beside a fragment.
    pub(super) siblings: Vec<Span>,
}

#[derive(Debug)]
pub(super) enum Step {
    Field(Field),
    /// The fields of the fragment that a value holds.
    Fragment {
        slot: u16,
        role: Role,
    },
    /// Leaves the next steps out where a value is null.
    Unless {
        slot: u16,
        steps: usize,
    },
}

#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: Name,
    pub(super) naming: Naming,
    pub(super) source: Source,
    pub(super) empty: Empty,
}

/// A name among those of the program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    pub(super) span: Span,
    pub(super) hash: NameHash,
}

/// How a field is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// As it is: no other `System` field has the name.
    System,
    /// The same, and a number even if it is written as text.
    Number,
    /// As it is, and nothing else may have the name.
    Alone,
    /// As it is, or if that is taken with `EventData_` before it.
    Data,
}

#[derive(Debug)]
pub(super) enum Source {
    Nothing,
    Text(Span),
    Slot(u16),
    /// A value that may be a list of texts.
    Texts(u16),
    /// One list of all.
    List(Vec<Source>),
}

/// What a field is whose value is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    Skip,
    Null,
    Text,
}

impl Program {
    /// An empty one with room for what a template needs nearly always.
    pub(super) fn sized(template: &Template) -> Self {
        let (text_bytes, fields) = template.size();
        Self {
            names: String::with_capacity(text_bytes + text_bytes / 4),
            text: String::with_capacity(192),
            steps: Vec::with_capacity(fields),
            ..Self::default()
        }
    }

    #[inline]
    pub(super) fn text(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Whether a fragment of another template has the name of an element beside it, so that the
    /// careful way numbers them.
    pub(super) fn has_sibling_of(&self, fragment: &Self) -> bool {
        let name = fragment.text(fragment.root);
        self.siblings.iter().any(|span| self.text(*span) == name)
    }

    #[inline]
    pub(super) fn name(&self, name: Name) -> &str {
        self.names.get(name.span.range()).unwrap_or_default()
    }

    /// Keeps a text made of parts.
    pub(super) fn keep(&mut self, parts: &[&str]) -> Span {
        let start = self.text.len();
        for part in parts {
            self.text.push_str(part);
        }
        Span::between(start, self.text.len())
    }

    /// Keeps a name made of parts, without spaces.
    pub(super) fn keep_name(&mut self, parts: &[&str]) -> Name {
        let start = self.names.len();
        for piece in parts.iter().flat_map(|part| part.split(' ')) {
            self.names.push_str(piece);
        }
        let span = Span::between(start, self.names.len());
        let hash = NameHash::of(self.names.get(span.range()).unwrap_or_default());
        Name { span, hash }
    }
}
