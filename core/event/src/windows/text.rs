//! A Windows event as XML text straight into its fields: the fast way, which may give up.
//!
//! Plain events, which nearly all are, have their system data first, then named or unnamed data or
//! one element of a provider's own. Whatever is out of the ordinary (sections without markup,
//! comments, elements within elements, a name twice) makes this way give up, and the tree of all
//! elements is built. So this never reports anything, and it may never read an event differently;
//! tests compare the two.

mod few;
mod signs;
#[cfg(test)]
mod tests;

use std::mem;

use cordon_model::{Key, NameHash, Open, Record, Scalar, Shape, Span};
use memchr::memchr;

use super::xml::is_number_field;
use crate::{
    words::is_in,
    xml::{LISTED, unescaped},
};
use few::Few;
use signs::{NAME_SIGNS, is_number};

/// Most fields of an event taken here: looking for a name costs a little more with each.
const FIELDS_MAX: usize = 1024;

/// Fills a record from an event's text; none if the careful way must look at it. What follows the
/// event is not looked at.
pub(crate) fn fill(text: &str, record: &mut Record) -> Option<()> {
    let root = record.begin();
    record.append(text);
    let has_entities = memchr(b'&', text.as_bytes()).is_some();
    Reader {
        text,
        at: 0,
        has_entities,
        record,
        root,
    }
    .event()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    has_entities: bool,
    record: &'t mut Record,
    root: Open,
}

/// What comes next in a start tag.
enum Next<'t> {
    Attribute(&'t str, &'t str),
    /// The tag ends, and what is in the element begins.
    Inside,
    /// The tag ends, and the element with it.
    Closed,
}

/// A value, which an element without an end tag has none of.
type Told<'t> = Option<&'t str>;

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.rest().first() {
            self.at += 1;
        }
    }

    /// Takes this text, if it stands here.
    #[inline]
    fn take(&mut self, wanted: &str) -> bool {
        let is_there = self.rest().starts_with(wanted.as_bytes());
        if is_there {
            self.at += wanted.len();
        }
        is_there
    }

    /// Takes the end tag of an element.
    fn ends(&mut self, name: &str) -> bool {
        let end = self.rest().strip_prefix(b"</");
        let end = end.and_then(|rest| rest.strip_prefix(name.as_bytes()));
        let ends = end.is_some_and(|rest| rest.first() == Some(&b'>'));
        if ends {
            self.at += name.len() + 3;
        }
        ends
    }

    fn name(&mut self) -> Option<&'t str> {
        let is_sign = |b: &&u8| is_in(&NAME_SIGNS, **b);
        let length = self.rest().iter().take_while(is_sign).count();
        let name = self.text.get(self.at..self.at + length)?;
        self.at += length;
        (!name.is_empty()).then_some(name)
    }

    /// The name of the element whose start tag is next.
    fn begins(&mut self) -> Option<&'t str> {
        self.blanks();
        self.take("<").then(|| self.name())?
    }

    #[inline]
    fn in_tag(&mut self) -> Option<Next<'t>> {
        self.blanks();
        match self.rest() {
            [b'>', ..] => {
                self.at += 1;
                return Some(Next::Inside);
            }
            [b'/', b'>', ..] => {
                self.at += 2;
                return Some(Next::Closed);
            }
            _ => {}
        }
        let name = self.name()?;
        let quote = match self.rest() {
            [b'=', quote @ (b'\'' | b'"'), ..] => *quote,
            _ => return None,
        };
        self.at += 2;
        let value = self.up_to(quote)?;
        self.at += 1;
        Some(Next::Attribute(name, value))
    }

    /// What stands here before a sign.
    fn up_to(&mut self, sign: u8) -> Option<&'t str> {
        let length = memchr(sign, self.rest())?;
        let text = self.text.get(self.at..self.at + length)?;
        self.at += length;
        Some(text)
    }

    /// The rest of an element that has no attributes but these, nor elements in it.
    fn leaf(
        &mut self,
        name: &str,
        mut attribute: impl FnMut((&'t str, &'t str)) -> Option<()>,
    ) -> Option<Told<'t>> {
        loop {
            match self.in_tag()? {
                Next::Attribute(name, value) => attribute((name, value))?,
                Next::Closed => return Some(None),
                Next::Inside => {
                    let text = self.up_to(b'<')?;
                    return self.ends(name).then_some(Some(text));
                }
            }
        }
    }

    /// The rest of a start tag whose attributes say nothing.
    fn opens(&mut self, attributes: &str) -> Option<()> {
        loop {
            match self.in_tag()? {
                Next::Attribute(name, _) if name.starts_with(attributes) => {}
                Next::Attribute(..) | Next::Closed => return None,
                Next::Inside => return Some(()),
            }
        }
    }

    fn event(mut self) -> Option<()> {
        (self.begins()? == "Event").then_some(())?;
        self.opens("")?;
        (self.begins()? == "System").then_some(())?;
        self.opens("-")?;
        self.system()?;
        let (mut has_data, mut has_provider) = (false, false);
        loop {
            self.blanks();
            if self.ends("Event") {
                return Some(());
            }
            match self.begins()? {
                "EventData" if !mem::replace(&mut has_data, true) => self.data()?,
                "UserData" if !mem::replace(&mut has_provider, true) => self.of_provider()?,
                _ => return None,
            }
        }
    }

    fn system(&mut self) -> Option<()> {
        let (mut names, mut attributes) = (Few::default(), Few::default());
        // A bit for each name; one that has none of its own may be a second one.
        let mut seen = 0_u64;
        loop {
            self.blanks();
            if self.ends("System") {
                return (!names.all().is_empty()).then_some(());
            }
            let name = self.begins()?;
            let is_plain = name != LISTED && !name.ends_with("_attributes");
            let bit = 1 << (NameHash::of(name).number() % 64);
            let is_second = seen & bit != 0 && names.all().contains(&name);
            seen |= bit;
            (is_plain && !is_second).then(|| names.push(name))??;
            attributes.clear();
            let text = self.leaf(name, |attribute| attributes.push(attribute))?;
            if let Some(text) = text {
                let span = self.kept(name)?;
                let key = self.record.named(span);
                self.put_system(key, text)?;
            }
            for (attribute, value) in attributes.all() {
                let mark = self.record.mark();
                for part in [name, "_", attribute] {
                    self.record.append(part);
                }
                let joined = self.record.since(mark);
                let key = self.record.named(joined);
                self.put_system(key, value)?;
            }
        }
    }

    /// Named data, then what has no names as one list, then elements under their own names.
    fn data(&mut self) -> Option<()> {
        self.opens("-")?;
        let mut unnamed: Vec<Told<'t>> = Vec::new();
        let (mut is_empty, mut is_behind) = (true, false);
        loop {
            self.blanks();
            if !is_behind && let Some((name, text)) = self.usual_data() {
                is_empty = false;
                self.put(name, Some(text))?;
                continue;
            }
            if self.ends("EventData") {
                self.put_list(&mut unnamed)?;
                return (!is_empty).then_some(());
            }
            is_empty = false;
            let element = self.begins()?;
            if element != LISTED {
                is_behind = true;
                self.put_list(&mut unnamed)?;
                let text = self.leaf(element, |_| None)?;
                self.put(element, text)?;
                continue;
            }
            let mut named = None;
            let text = self.leaf(element, |(attribute, value)| {
                let is_name = attribute == "Name" && named.is_none() && !is_behind;
                is_name.then(|| named = Some(value))
            })?;
            match named {
                Some(name) => self.put(name, text)?,
                None => (!is_behind).then(|| unnamed.push(text))?,
            }
        }
    }

    /// `<Data Name='A'>B</Data>`, as nearly all data are written; nothing is taken if something else stands here.
    fn usual_data(&mut self) -> Option<(&'t str, &'t str)> {
        let begin = self.at;
        let mut usual = || {
            let is_quoted_once = self.take("<Data Name='");
            let quote = if is_quoted_once { b'\'' } else { b'"' };
            (is_quoted_once || self.take("<Data Name=\"")).then_some(())?;
            let name = self.up_to(quote)?;
            self.at += 1;
            self.take(">").then_some(())?;
            let text = self.up_to(b'<')?;
            self.take("</Data>").then_some((name, text))
        };
        let found = usual();
        if found.is_none() {
            self.at = begin;
        }
        found
    }

    /// Puts the data without names, if there are any.
    fn put_list(&mut self, unnamed: &mut Vec<Told<'t>>) -> Option<()> {
        if unnamed.is_empty() {
            return Some(());
        }
        let name = self.record.keep(LISTED);
        let key = self.not_yet(self.record.named(name))?;
        let list = self.record.open(key, Shape::List);
        for text in unnamed.drain(..) {
            self.put_under(Key::NONE, text)?;
        }
        self.record.close(list);
        Some(())
    }

    /// One element of a provider's own, whose name says nothing, and the elements in it.
    fn of_provider(&mut self) -> Option<()> {
        self.opens("-")?;
        let root = self.begins().filter(|root| *root != LISTED)?;
        self.opens("xmlns")?;
        let mut is_empty = true;
        loop {
            self.blanks();
            if self.ends(root) {
                break;
            }
            is_empty = false;
            let name = self.begins().filter(|name| *name != LISTED)?;
            let text = self.leaf(name, |_| None)?;
            self.put(name, text)?;
        }
        self.blanks();
        (self.ends("UserData") && !is_empty).then_some(())
    }

    /// A part of the text without escapes, where it stands in the record.
    fn kept(&mut self, part: &'t str) -> Option<Span> {
        if self.has_entities && memchr(b'&', part.as_bytes()).is_some() {
            return Some(self.record.keep(&unescaped(part)));
        }
        let start = part
            .as_ptr()
            .addr()
            .checked_sub(self.text.as_ptr().addr())?;
        Some(Span::between(start, start + part.len()))
    }

    fn put_system(&mut self, key: Key, value: &'t str) -> Option<()> {
        let key = self.not_yet(key)?;
        let text = self.kept(value)?;
        let spelled = self.record.text(text);
        // A number ends with a digit, but for what is trimmed.
        let last = spelled.as_bytes().last();
        let may_be_number = last.is_some_and(|b| b.is_ascii_digit() || !b.is_ascii_graphic());
        if may_be_number && is_number_field(self.record.text_of(key)) && is_number(spelled) {
            // Any other spelling of it is not the one that the careful way keeps.
            let is_usual = spelled == "0" || !spelled.starts_with('0');
            let is_usual = is_usual && spelled.bytes().all(|b| b.is_ascii_digit());
            return is_usual.then(|| self.record.put_number(key, text));
        }
        self.record.put_text(key, text);
        Some(())
    }

    fn put(&mut self, name: &'t str, text: Told<'t>) -> Option<()> {
        let key = self.key(name)?;
        self.put_under(key, text)
    }

    fn put_under(&mut self, key: Key, text: Told<'t>) -> Option<()> {
        match text {
            Some(text) => {
                let text = self.kept(text)?;
                self.record.put_text(key, text);
            }
            None => self.record.put(key, Scalar::Null),
        }
        Some(())
    }

    /// A name of data, which means the same when the careful way is done with it.
    fn key(&mut self, name: &'t str) -> Option<Key> {
        let is_plain = !name.is_empty() && !name.bytes().any(|b| matches!(b, b' ' | b'&'));
        let name = self.kept(name).filter(|_| is_plain)?;
        self.not_yet(self.record.named(name))
    }

    /// A name that no field has yet.
    fn not_yet(&self, key: Key) -> Option<Key> {
        let fits = self.record.places() <= FIELDS_MAX;
        (fits && !self.record.has(&self.root, key)).then_some(key)
    }
}
