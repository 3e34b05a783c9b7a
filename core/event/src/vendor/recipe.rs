//! What a row of a table gains from the names of its columns: worked out once, and put behind every row that says
//! something in the same columns.
//!
//! A recipe asks for nothing that a row's values say but whether they are empty; what its values decide is made by
//! the functions that it names, for each row anew. Invariant: a row gains from a recipe that is remembered what it
//! gains from one that is made for it; a test compares the two.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, slice,
};

use cordon_model::{Heading, Key, NameHash, Record, Said, Shape, Span};

use super::{field, gain};

/// Most recipes that are remembered of one table.
const RECIPES_MAX: usize = 256;

/// Puts what the value at a place makes of a name.
pub(super) type Make = fn(&mut Record, Key, u32);

/// Puts what the text at a place holds under a name.
pub(super) type Read<'r> = &'r mut dyn FnMut(&mut Record, Key, u32);

/// What is put behind a record.
#[derive(Debug)]
pub(super) struct Recipe {
    /// All names and texts, one after another.
    written: String,
    steps: Vec<Step>,
    /// The names that were put into each object which is open, the outermost first.
    levels: Vec<BTreeSet<String>>,
}

#[derive(Debug, Clone, Copy)]
struct Step {
    name: Span,
    hash: NameHash,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Open(Shape),
    Close,
    /// The value at a place once more.
    Copy(u32),
    Text(Span),
    Make(Make, u32),
    /// What the text at a place holds.
    Read(u32),
}

impl fmt::Debug for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(shape) => write!(f, "open {shape:?}"),
            Self::Close => write!(f, "close"),
            Self::Copy(place) => write!(f, "copy {place}"),
            Self::Text(_) => write!(f, "text"),
            Self::Make(_, place) => write!(f, "make of {place}"),
            Self::Read(place) => write!(f, "read {place}"),
        }
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            written: String::new(),
            steps: Vec::new(),
            levels: vec![BTreeSet::new()],
        }
    }
}

impl Recipe {
    fn write(&mut self, text: &str) -> Span {
        let start = self.written.len();
        self.written.push_str(text);
        Span::between(start, self.written.len())
    }

    fn step(&mut self, name: &str, what: What) {
        let span = self.write(name);
        if let Some(level) = self.levels.last_mut() {
            level.insert(name.to_owned());
        }
        let hash = NameHash::of(name);
        let name = span;
        self.steps.push(Step { name, hash, what });
    }

    pub(super) fn open(&mut self, name: &str, shape: Shape) {
        self.step(name, What::Open(shape));
        self.levels.push(BTreeSet::new());
    }

    pub(super) fn close(&mut self) {
        self.levels.pop();
        let (name, hash) = (Span::between(0, 0), NameHash::of(""));
        let what = What::Close;
        self.steps.push(Step { name, hash, what });
    }

    pub(super) fn copy(&mut self, name: &str, place: u32) {
        self.step(name, What::Copy(place));
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        let text = self.write(text);
        self.step(name, What::Text(text));
    }

    pub(super) fn make(&mut self, name: &str, make: Make, place: u32) {
        self.step(name, What::Make(make, place));
    }

    pub(super) fn read(&mut self, name: &str, place: u32) {
        self.step(name, What::Read(place));
    }

    /// Whether all records that it is put behind gain the same names, lists and maps from it.
    pub(super) fn is_even(&self) -> bool {
        let is_even = |step: &Step| !matches!(step.what, What::Make(..) | What::Read(_));
        self.steps.iter().all(is_even)
    }

    /// Whether the object that is open has a value of this name by now.
    pub(super) fn has(&self, name: &str) -> bool {
        self.levels.last().is_some_and(|level| level.contains(name))
    }

    /// Gives a row its values under further names, as [`super::gain::gain`] does.
    pub(super) fn gain(&mut self, row: &Record, names: &[(&str, &str)]) {
        let mut nested = Vec::new();
        for (name, native) in names {
            let found = field(row, native).filter(|found| gain::says(*found));
            let Some(found) = found.filter(|_| field(row, name).is_none()) else {
                continue;
            };
            let head = name.split_once('.').map(|(head, _)| head);
            let is_nested = head.is_some_and(|head| row.get(head).is_none() && !self.has(head));
            if is_nested {
                nested.push((*name, found.place()));
            } else if !self.has(name) {
                self.copy(name, found.place());
            }
        }
        self.nest(&nested);
    }

    /// Puts values into objects within each other; the first of a name counts.
    fn nest(&mut self, names: &[(&str, u32)]) {
        for (at, (name, place)) in names.iter().enumerate() {
            let own = name.split('.').next().unwrap_or_default();
            let inside = |other: &'_ str| other.strip_prefix(own)?.strip_prefix('.').map(str::len);
            if self.has(own) {
                continue;
            }
            if own == *name {
                self.copy(name, *place);
                continue;
            }
            let from_here = names.get(at..).unwrap_or_default().iter();
            let inside = from_here.filter_map(|(name, place)| {
                let length = inside(name)?;
                Some((name.get(name.len() - length..)?, *place))
            });
            let inside: Vec<_> = inside.collect();
            self.open(own, Shape::Map);
            self.nest(&inside);
            self.close();
        }
    }

    /// Puts everything behind a record.
    pub(super) fn follow(&self, record: &mut Record) {
        self.follow_reading(record, &mut Record::put_place);
    }

    /// The same, where texts are read in some way.
    pub(super) fn follow_reading(&self, record: &mut Record, read: Read<'_>) {
        let written = record.mark();
        record.append(&self.written);
        put(&mut self.steps.iter(), (record, written), read);
    }
}

/// Puts what stands before the next end of an object or list that is open.
fn put(steps: &mut slice::Iter<'_, Step>, (record, written): (&mut Record, u32), read: Read<'_>) {
    while let Some(step) = steps.next() {
        let key = |record: &Record| record.named_as(step.name.behind(written), step.hash);
        match step.what {
            What::Close => return,
            What::Open(shape) => {
                let open = record.open(key(record), shape);
                put(steps, (record, written), read);
                record.close(open);
            }
            What::Copy(place) => record.put_place(key(record), place),
            What::Text(text) => record.put_text(key(record), text.behind(written)),
            What::Make(make, place) => make(record, key(record), place),
            What::Read(place) => read(record, key(record), place),
        }
    }
}

/// The recipes of the table read last, whose rows are of a known kind.
#[derive(Debug, Default)]
pub(crate) struct Table {
    heading: Option<(Heading, usize)>,
    recipes: BTreeMap<Said, Recipe>,
}

impl Table {
    /// Of which kind a row is, and what it says, if it is one of the table.
    pub(super) fn knows(&self, row: &Record) -> Option<(usize, Said)> {
        let (heading, kind) = self.heading.as_ref()?;
        Some((*kind, heading.said(row)?))
    }

    /// Begins another table, with a row of a kind; what that says, if it is a row.
    pub(super) fn begin(&mut self, row: &Record, kind: usize) -> Option<Said> {
        let heading = Heading::of(row)?;
        let said = heading.said(row);
        self.heading = Some((heading, kind));
        self.recipes.clear();
        said
    }

    /// The recipe for rows that say this.
    pub(super) fn recipe(&mut self, said: Said, make: impl FnOnce() -> Recipe) -> &Recipe {
        if self.recipes.len() >= RECIPES_MAX && !self.recipes.contains_key(&said) {
            self.recipes.clear();
        }
        self.recipes.entry(said).or_insert_with(make)
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{Record, Scalar};
    use proptest::prelude::*;

    use super::{Recipe, Table};
    use crate::{
        columns::{Cell, Columns},
        inner::Inner,
        vendor::{Names, exports, gain},
    };

    /// The columns of an export, and perhaps some others.
    fn columns() -> impl Strategy<Value = Vec<String>> {
        let okta = "event_type,actor.alternate_id,outcome.result,actor.display_name,target0.id,target0.type,target2.id,\
             target0.detail.a_b,client.user_agent.os,client.user_agent,actor,outcome,published";
        let sign_ins = "Date (UTC),Request ID,Username,User,Location,Status,Sign-in error code,Failure reason,Compliant,\
             Managed,Device ID,Authentication Protocol,operationName,properties,userPrincipalName,Application ID ";
        let trail = "Event name,Event source,Event time,Event ID,User name,AWS access key,userIdentity,awsRegion,AWS region";
        let tickets = "Number,Short description,Opened,Channel,Contact type,opened_at,state,State";
        let audit = "Date (UTC),Activity,ActorUserPrincipalName,ActorType,ActorServicePrincipalName,Target1Type,Category";
        prop::sample::select(vec![okta, sign_ins, trail, tickets, audit]).prop_flat_map(|names| {
            let names: Vec<String> = names
                .split(',')
                .map(|name| name.trim_end_matches('\n').to_owned())
                .collect();
            let count = names.len();
            prop::collection::vec(prop::bool::weighted(0.8), count).prop_map(move |keep| {
                let kept = names.iter().zip(&keep).enumerate();
                kept.filter(|(at, (_, keep))| **keep || *at < 3)
                    .map(|(_, (name, _))| name.clone())
                    .collect()
            })
        })
    }

    const WORDS: [&str; 8] = [
        "",
        "",
        "yes",
        "50126",
        "Device Code",
        "a, b, GB",
        ",",
        "ServicePrincipal",
    ];

    proptest! {
        #[test]
        fn a_row_gains_from_what_is_remembered_what_it_gains_by_itself(
            names in columns(),
            rows in prop::collection::vec(prop::collection::vec(prop::sample::select(&WORDS[..]), 16), 1..12),
        ) {
            let (mut table, mut known) = (Table::default(), Names::default());
            let names = Columns::new(names);
            for row in rows {
                let row: Vec<&str> = row.iter().take(names.names().len()).copied().collect();
                let line = row.join(";");
                let mut remembered = Record::new();
                names.fill(&mut remembered, &line, line.split(';').map(|cell| Cell::Text(cell.into())));
                let mut own = remembered.clone();
                let kind = exports::recognise(&mut remembered, &mut known, (&mut Inner::default(), &mut table));
                let kind_of_own = exports::recognise(&mut own, &mut Names::default(), (&mut Inner::default(), &mut Table::default()));
                prop_assert_eq!(kind.map(|kind| kind.kind), kind_of_own.map(|kind| kind.kind));
                prop_assert_eq!(&remembered, &own);
                prop_assert_eq!(&remembered, &Record::from(remembered.to_value()));
            }
        }

        // No table has a name that is also the beginning of another one.
        #[test]
        fn a_recipe_gives_further_names_as_they_are_given_by_hand(
            row in prop::collection::btree_map("[a-d]", "[x]{0,2}", 0..5),
            names in prop::collection::vec(("[h-j]|[a-g](\\.[a-c]){1,2}", "[a-f]"), 0..8),
        ) {
            let mut record = Record::new();
            for (name, text) in &row {
                let key = record.name(name);
                record.put(key, Scalar::Text(text));
            }
            let names: Vec<(&str, &str)> = names.iter().map(|(name, native)| (name.as_str(), native.as_str())).collect();
            let mut recipe = Recipe::default();
            recipe.gain(&record, &names);
            let mut by_hand = record.clone();
            recipe.follow(&mut record);
            gain::gain(&mut by_hand, &names);
            prop_assert_eq!(record, by_hand);
        }
    }
}
