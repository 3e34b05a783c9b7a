//! The fields of one record as one flat tree.
//!
//! Logs are trees of named values. Held as a tree of allocations, a record costs more to build than
//! to judge; so all names and texts of a record stand one after another in one text, and its nodes
//! in the order in which they are written, each knowing where its last descendant ends. A record
//! can be cleared and filled again without allocating.
//!
//! Invariants: the first node is the record itself, a map; each name stands once in its map, which
//! whoever fills a record sees to; a number keeps the spelling of its log, so that none is ever
//! rounded. Absent on purpose: what any name means.

use std::{fmt, sync::Arc};

use serde_json::Value;

mod copy;
mod graft;
mod heading;
mod index;
mod item;
mod json;
mod layout;
mod learned;
mod name;
mod span;
mod trail;

pub use graft::Adopted;
pub use heading::{Heading, Said};
use index::Index;
pub use item::{Children, Item};
pub use layout::{Layout, Layouts, Likely};
pub use learned::Learned;
pub use name::{Key, NameHash};
pub use span::Span;
use trail::Trail;
pub use trail::{Followed, Mark};

/// The fields of one record. Empty until something is put into it.
#[derive(Clone)]
pub struct Record {
    nodes: Vec<Node>,
    text: String,
    /// Where its fields are, by their names.
    index: Index,
    /// What its names are, in order, if somebody keeps account of that.
    layout: Option<Arc<Layout>>,
    /// Whether they are that; if not, they were when it was filled before, and probably will be.
    is_laid_out: bool,
    /// How far its layout was followed.
    trail: Trail,
    /// How many lists and maps are open.
    depth: u32,
}

/// One value, with its name if it stands in a map.
#[derive(Debug, Clone, Copy)]
struct Node {
    key: Span,
    /// The text of a text or number.
    text: Span,
    /// The place after its last descendant.
    end: u32,
    /// Of its name, so that most other names are told from it without looking at them.
    hash: NameHash,
    kind: Kind,
    /// The field that the index knew before by this part of the hash.
    before: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    False,
    True,
    Number,
    Text,
    List,
    Map,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar<'r> {
    /// Explicitly nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number as the log spells it.
    Number(&'r str),
    /// A text.
    Text(&'r str),
}

/// What holds other values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Values in order.
    List,
    /// Values with names.
    Map,
}

/// A list or map that is still open for values.
#[derive(Debug)]
#[must_use = "what is opened must be closed"]
pub struct Open(u32);

/// A record with more names and texts than this, in bytes, is refused by every reader long before.
const TEXT_BYTES_MAX: usize = u32::MAX as usize;

impl Default for Record {
    fn default() -> Self {
        let mut record = Self {
            nodes: Vec::new(),
            text: String::new(),
            index: Index::default(),
            layout: None,
            is_laid_out: false,
            trail: Trail::START,
            depth: 0,
        };
        record.clear();
        record
    }
}

impl Record {
    /// An empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets all fields, and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.nodes.clear();
        self.index.clear();
        self.is_laid_out = false;
        self.trail = Trail::START;
        self.depth = 0;
        self.nodes.push(Node {
            key: Span::default(),
            text: Span::default(),
            end: 1,
            hash: NameHash::of(""),
            kind: Kind::Map,
            before: 0,
        });
    }

    /// The record as a value.
    #[inline]
    pub fn root(&self) -> Item<'_> {
        let Some(node) = self.nodes.first() else {
            unreachable!("a record has its root from the beginning");
        };
        Item {
            record: self,
            at: 0,
            node,
        }
    }

    /// The field of this very name.
    #[inline]
    pub fn get(&self, name: &str) -> Option<Item<'_>> {
        self.field(NameHash::of(name), name)
    }

    /// The field of a name whose hash is known.
    #[inline]
    fn field(&self, hash: NameHash, name: &str) -> Option<Item<'_>> {
        let mut at = self.index.last(hash);
        while at != 0 {
            let field = self.at(u32::from(at))?;
            if field.node.hash == hash && field.key() == name {
                return Some(field);
            }
            at = field.node.before;
        }
        let mut beyond = Children {
            record: self,
            at: self.index.beyond()?,
            end: small(self.nodes.len()),
        };
        beyond.find(|field| field.node.hash == hash && field.key() == name)
    }

    /// What its names are, in order, if that was said and nothing was put into it since.
    #[inline]
    pub fn layout(&self) -> Option<&Arc<Layout>> {
        let nodes = self.nodes.len();
        let layout = self.layout.as_ref().filter(|_| self.is_laid_out);
        layout.filter(|layout| layout.places == nodes)
    }

    /// Says what its names are, in order.
    #[inline]
    fn laid_out(&mut self, layout: &Arc<Layout>) {
        debug_assert!(
            layout.places == self.nodes.len(),
            "a layout is that of the whole record"
        );
        if !self
            .layout
            .as_ref()
            .is_some_and(|own| Arc::ptr_eq(own, layout))
        {
            self.layout = Some(Arc::clone(layout));
        }
        self.is_laid_out = true;
    }

    /// Whether it has no field.
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    /// All names and texts, one after another, and perhaps some that nothing refers to any more.
    #[inline]
    pub fn all_text(&self) -> &str {
        &self.text
    }

    /// How many values it holds, itself included; every [`Item::place`] is smaller.
    pub fn places(&self) -> usize {
        self.nodes.len()
    }

    /// Every value, itself first, those that hold others before what they hold.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        (0..).zip(&self.nodes).map(|(at, node)| Item {
            record: self,
            at,
            node,
        })
    }

    /// The value at a place.
    #[inline]
    pub fn at(&self, place: u32) -> Option<Item<'_>> {
        let node = self.nodes.get(large(place))?;
        Some(Item {
            record: self,
            at: place,
            node,
        })
    }

    /// How many bytes of memory its content takes.
    pub fn size_bytes(&self) -> usize {
        self.text.len() + self.nodes.len() * size_of::<Node>()
    }

    /// Where the next text will begin; what is appended after it ends with [`Record::since`].
    #[inline]
    pub fn mark(&self) -> u32 {
        small(self.text.len())
    }

    /// Appends to the text that was begun at a mark.
    ///
    /// # Panics
    /// When the record grows beyond four gigabytes, far below which readers refuse it.
    #[inline]
    pub fn append(&mut self, text: &str) {
        self.text.push_str(text);
        assert!(
            self.text.len() <= TEXT_BYTES_MAX,
            "readers refuse records far below four gigabytes"
        );
    }

    /// Appends one character to the text that was begun at a mark.
    #[inline]
    pub fn append_char(&mut self, c: char) {
        self.text.push(c);
    }

    /// The text since a mark.
    #[inline]
    pub fn since(&self, mark: u32) -> Span {
        Span {
            start: mark,
            end: small(self.text.len()),
        }
    }

    /// The text of a span.
    #[inline]
    pub fn text(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Keeps a text, to be a value.
    pub fn keep(&mut self, text: &str) -> Span {
        let mark = self.mark();
        self.append(text);
        self.since(mark)
    }

    /// Keeps a text, to be the name of a value.
    pub fn name(&mut self, name: &str) -> Key {
        let span = self.keep(name);
        self.named(span)
    }

    /// A text that is kept already as the name of a value; an empty one for members of lists.
    #[inline]
    pub fn named(&self, span: Span) -> Key {
        let hash = NameHash::of(self.text(span));
        Key { span, hash }
    }

    /// The same, where the hash of the name is known already.
    #[inline]
    pub fn named_as(&self, span: Span, hash: NameHash) -> Key {
        debug_assert!(
            hash == NameHash::of(self.text(span)),
            "the hash of its name"
        );
        Key { span, hash }
    }

    /// Puts a value behind all others; in a list its name is [`Key::NONE`].
    pub fn put(&mut self, key: Key, value: Scalar<'_>) {
        let (kind, text) = match value {
            Scalar::Null => (Kind::Null, Span::default()),
            Scalar::Bool(false) => (Kind::False, Span::default()),
            Scalar::Bool(true) => (Kind::True, Span::default()),
            Scalar::Number(text) => (Kind::Number, self.keep(text)),
            Scalar::Text(text) => (Kind::Text, self.keep(text)),
        };
        self.push(key, kind, text);
    }

    /// Puts a text, number or truth value that is there already behind all others, under a second
    /// name; nothing if there is none.
    pub fn put_again(&mut self, key: &str, name: &str) {
        let Some(node) = self.get(name).map(|item| *item.node) else {
            return;
        };
        if !matches!(node.kind, Kind::List | Kind::Map) {
            let key = self.name(key);
            self.push(key, node.kind, node.text);
        }
    }

    /// Puts a text that was kept before.
    #[inline]
    pub fn put_text(&mut self, key: Key, text: Span) {
        self.push(key, Kind::Text, text);
    }

    /// Gives a field of this name, if there is one, a text that was kept before; a list or map stays what it is.
    /// Whether there is one.
    #[inline]
    pub fn change_text(&mut self, (name, hash): (&str, NameHash), text: Span) -> bool {
        let known = self.field(hash, name).map(|item| item.at);
        known.is_some_and(|at| {
            self.change(at, Kind::Text, text);
            true
        })
    }

    /// Puts a number whose spelling was kept before.
    #[inline]
    pub fn put_number(&mut self, key: Key, spelled: Span) {
        self.push(key, Kind::Number, spelled);
    }

    /// Puts a number whose spelling was kept before, in the place of what has this name already.
    #[inline]
    pub fn set_number(&mut self, key: Key, spelled: Span) {
        let known = self.field(key.hash, self.text(key.span));
        match known.map(|item| item.at) {
            Some(at) => self.change(at, Kind::Number, spelled),
            None => self.push(key, Kind::Number, spelled),
        }
    }

    /// Opens a list or map behind all other values.
    pub fn open(&mut self, key: Key, shape: Shape) -> Open {
        let at = small(self.nodes.len());
        let kind = match shape {
            Shape::List => Kind::List,
            Shape::Map => Kind::Map,
        };
        self.push(key, kind, Span::default());
        self.depth += 1;
        Open(at)
    }

    /// Forgets all fields, and opens the record itself; it need not be closed.
    pub fn begin(&mut self) -> Open {
        self.clear();
        Open(0)
    }

    /// Whether an open map has a value of this name. Whatever was opened in it must be closed.
    #[inline]
    pub fn has(&self, open: &Open, key: Key) -> bool {
        if open.0 == 0 {
            return self.field(key.hash, self.text(key.span)).is_some();
        }
        let mut inside = Children {
            record: self,
            at: open.0 + 1,
            end: small(self.nodes.len()),
        };
        inside.any(|item| item.node.hash == key.hash && item.key() == self.text(key.span))
    }

    /// Closes what was opened.
    pub fn close(&mut self, Open(at): Open) {
        let end = small(self.nodes.len());
        if let Some(node) = self.nodes.get_mut(large(at)) {
            node.end = end;
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// Gives the field at a place another text or number; a list or map stays what it is.
    #[inline]
    fn change(&mut self, at: u32, kind: Kind, text: Span) {
        if let Some(node) = self.nodes.get_mut(large(at))
            && !matches!(node.kind, Kind::List | Kind::Map)
        {
            (node.kind, node.text) = (kind, text);
        }
    }

    #[inline]
    fn push(&mut self, key: Key, kind: Kind, text: Span) {
        let place = self.nodes.len();
        let before = match self.depth {
            0 => self.index.add(key.hash, place),
            _ => 0,
        };
        self.nodes.push(Node {
            key: key.span,
            text,
            end: small(place + 1),
            hash: key.hash,
            kind,
            before,
        });
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root().fmt(f)
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.root() == other.root()
    }
}

impl From<&Value> for Record {
    fn from(value: &Value) -> Self {
        let mut record = Self::new();
        record.fill(value);
        record
    }
}

impl From<Value> for Record {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

/// A place in the record's text or nodes.
#[inline]
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The same as an index.
#[inline]
fn large(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}
