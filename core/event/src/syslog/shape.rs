//! What is understood of a line, straight into the fields of its record.
//!
//! The record keeps the whole line, and names and values that are parts of it are not copied again.
//! What the header says is put first; a shape adds its own, and what it puts under a name of the
//! header's takes that one's place. Invariant: each name stands once. Which of two values under one name
//! counts is the shape's to say: where its writer escapes what strangers chose, or has the last word, the
//! last ([`Shape::put`]); where the writer's own words come first, the first ([`Shape::put_first`]).

use std::{borrow::Cow, sync::LazyLock};

use cordon_model::{Item, NameHash, Open, Record, Shape as Holder, Span, Value};

use super::{header::Header, pairs};
use crate::{
    Degradation,
    columns::{self, Columns},
    intake::{Draft, Kind, Understood},
    time::When,
};

/// Most fields that are told apart in a line: looking for a name costs a little more with each.
/// Records of real life have below two hundred.
pub(super) const FIELDS_MAX: usize = 1024;

/// What a header says of its line, and the rest of the line.
static HEADER: LazyLock<Columns> = LazyLock::new(|| {
    let names = [
        "host", "app", "pid", "msgid", "facility", "severity", "message",
    ];
    Columns::new(names.map(str::to_owned).to_vec())
});

/// A line on its way to become a record.
pub(crate) struct Shape<'r> {
    pub(super) kind: Kind,
    /// The line's own time, where it is better than the header's.
    pub(super) when: Option<When>,
    /// Whether there were more fields than are told apart.
    pub(super) crowded: bool,
    /// Whether the line says a time of its own that cannot be understood.
    pub(super) unreadable: bool,
    line: &'r str,
    draft: &'r mut Draft,
    /// How many values the header gave.
    of_header: usize,
    /// Which of the header's values the shape has taken the places of: a bit for each place.
    taken: u32,
}

impl<'r> Shape<'r> {
    /// A line of which nothing but its header is understood.
    pub(super) fn new(line: &'r str, header: &Header<'_>, draft: &'r mut Draft) -> Self {
        let mut shape = Self {
            kind: Kind::default(),
            when: None,
            crowded: false,
            unreadable: false,
            line,
            draft,
            of_header: 0,
            taken: 0,
        };
        shape.begin(header);
        shape
    }

    /// Forgets what a shape put before it found that the line is none of its own.
    pub(super) fn begin(&mut self, header: &Header<'_>) {
        self.kind = Kind::default();
        self.when = None;
        self.crowded = false;
        self.unreadable = false;
        self.taken = 0;
        if self.of_header == 0 || self.fields().places() > self.of_header {
            self.draft.id.clear();
            self.put_header(header);
            self.of_header = self.fields().places();
        }
    }

    fn put_header(&mut self, header: &Header<'_>) {
        let told = [
            header.host,
            header.app,
            header.pid,
            header.msgid,
            header.facility(),
            header.severity(),
            Some(header.message),
        ];
        HEADER.fill_told(&mut self.draft.fields, self.line, told);
        if !header.structured.is_empty() {
            self.put_elements("structured_data", header.structured);
        }
    }

    pub(super) fn is(&mut self, product: &'static str, service: &'static str) {
        self.kind = Kind::new(product, service);
    }

    /// The vendor's own unique id.
    pub(super) fn is_known_as(&mut self, id: Span) {
        let Draft {
            fields, id: own, ..
        } = &mut *self.draft;
        own.clear();
        own.push_str(fields.text(id));
    }

    /// What came of it.
    pub(super) fn understood(self, header: &Header<'_>) -> Understood {
        let crowded = self.crowded.then_some(Degradation::Crowded);
        let unreadable = self.unreadable.then_some(Degradation::TimeUnreadable);
        Understood {
            kind: self.kind,
            when: self.when.map_or(header.when, Ok),
            degraded: crowded.into_iter().chain(unreadable).collect(),
        }
    }

    fn fields(&self) -> &Record {
        &self.draft.fields
    }

    /// Where a text stands in the record: in the line, if it is a part of that.
    fn kept(&mut self, text: &str) -> Span {
        columns::kept(&mut self.draft.fields, self.line, text)
    }

    pub(super) fn put(&mut self, name: &str, value: &str) {
        let value = self.kept(value);
        self.put_place(name, value);
    }

    /// Puts a value under a name that its writer gives once, before anything that a stranger chose: a
    /// further one does not take its place and is kept as `name_2`, `name_3`.
    pub(super) fn put_first(&mut self, name: &str, value: &str) {
        let Some(known) = self.fields().get(name).map(Item::place) else {
            let value = self.kept(value);
            return self.put_new(name, value);
        };
        let of_header = usize::try_from(known).is_ok_and(|known| known < self.of_header);
        let bit = 1_u32
            .checked_shl(known)
            .filter(|bit| of_header && self.taken & bit == 0);
        if let Some(bit) = bit {
            self.taken |= bit;
            return self.put(name, value);
        }
        let mut nth = 2;
        while self.fields().places() <= FIELDS_MAX {
            let further = format!("{name}_{nth}");
            if self.fields().get(&further).is_none() {
                return self.put(&further, value);
            }
            nth += 1;
        }
        self.crowded = true;
    }

    pub(super) fn put_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Puts a text that is kept already under a name that is new.
    fn put_new(&mut self, name: &str, value: Span) {
        if self.fields().places() > FIELDS_MAX {
            self.crowded = true;
            return;
        }
        let name = self.kept(name);
        let key = self.fields().named(name);
        self.draft.fields.put_text(key, value);
    }

    /// Puts a text that is kept already.
    pub(super) fn put_place(&mut self, name: &str, value: Span) {
        if self.fields().places() > FIELDS_MAX {
            self.crowded = true;
            return;
        }
        let hash = NameHash::of(name);
        if !self.draft.fields.change_text((name, hash), value) {
            let name = self.kept(name);
            let key = self.fields().named_as(name, hash);
            self.draft.fields.put_text(key, value);
        }
    }

    /// Puts any value under a name, unless one is there that cannot give way.
    pub(super) fn put_value(&mut self, name: &str, value: &Value) {
        match value.as_str() {
            Some(text) => self.put(name, text),
            None if self.fields().get(name).is_none() => {
                let key = self.draft.fields.name(name);
                self.draft.fields.put_value(key, value);
            }
            None => {
                let spelled = value.to_string();
                self.put(name, &spelled);
            }
        }
    }

    /// Puts several texts as a list, under a name that is new.
    pub(super) fn put_list<'l>(&mut self, name: &str, values: impl Iterator<Item = Cow<'l, str>>) {
        let key = self.draft.fields.name(name);
        let open = self.draft.fields.open(key, Holder::List);
        for value in values {
            let text = self.kept(&value);
            self.draft.fields.put_text(cordon_model::Key::NONE, text);
        }
        self.draft.fields.close(open);
    }

    /// Puts a whole number.
    pub(super) fn put_number(&mut self, name: &str, number: u32) {
        let key = self.draft.fields.name(name);
        let spelled = self.draft.fields.keep(&number.to_string());
        self.draft.fields.set_number(key, spelled);
    }

    /// The text of a field that was put.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.fields().get(name).and_then(Item::as_str)
    }

    /// Where the text of a field that was put stands.
    pub(super) fn place(&self, name: &str) -> Option<Span> {
        self.fields()
            .get(name)
            .filter(|item| item.as_str().is_some())?
            .span()
    }

    /// The names of fields that end so, without that end, and their texts.
    pub(super) fn ending<'s>(&'s self, end: &'s str) -> impl Iterator<Item = (&'s str, Span)> {
        let fields = self.fields().root().children();
        fields.filter_map(move |field| Some((field.key().strip_suffix(end)?, field.span()?)))
    }

    /// Gives a text that is kept a name that is kept, unless that is taken or empty.
    pub(super) fn put_again(&mut self, name: Span, value: Span) {
        let fields = &mut self.draft.fields;
        let name = fields.text(name);
        if !name.is_empty() && fields.get(name).is_none() {
            let name = name.to_owned();
            self.put_place(&name, value);
        }
    }

    /// Puts structured data: a map for each of its elements.
    fn put_elements(&mut self, name: &str, text: &str) {
        let key = self.draft.fields.name(name);
        let all = self.draft.fields.open(key, Holder::Map);
        for (id, params) in pairs::elements(text) {
            let Some(key) = self.inner_key(&all, id) else {
                continue;
            };
            let element = self.draft.fields.open(key, Holder::Map);
            for (name, value) in pairs::pairs(params) {
                if let Some(key) = self.inner_key(&element, name) {
                    let value = self.kept(&value);
                    self.draft.fields.put_text(key, value);
                }
            }
            self.draft.fields.close(element);
        }
        self.draft.fields.close(all);
    }

    /// The name of a new value in an open map: a second one of a name is `name_2`, a third `name_3`.
    fn inner_key(&mut self, open: &Open, name: &str) -> Option<cordon_model::Key> {
        if self.fields().places() > FIELDS_MAX {
            self.crowded = true;
            return None;
        }
        let own = self.kept(name);
        let mut key = self.fields().named(own);
        let mut nth = 1;
        while self.fields().has(open, key) {
            nth += 1;
            key = self.draft.fields.name(&format!("{name}_{nth}"));
        }
        Some(key)
    }
}
