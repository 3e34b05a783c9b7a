//! The definition of a template: what the records that use it have in common.
//!
//! A chunk holds the definition where it is used first. Names stand in the chunk's table of
//! strings, or right behind the place that refers to them. Only what templates of real logs are
//! made of is read; anything else leaves the records of the template to the careful way. A record
//! that was forwarded from another machine is written out without a template, and is read as one
//! without places for values.

use std::ops::Range;

use cordon_model::Span;

use super::{
    bytes::{place, u16_at, u32_at},
    utf16, value,
};

/// Next definition, identifier and size come before the definition itself.
const HEADER_BYTES: usize = 24;

/// Where the size stands in it.
const SIZE_AT: usize = 20;

/// Deeper elements are left to the careful way; those of real logs are six deep.
const DEPTH_MAX: usize = 16;

/// Before the text of a name stand the next name's place and a hash.
const NAME_LINK_BYTES: usize = 6;

/// An element that depends on no value says so with this number.
const INDEPENDENT: u16 = 0xffff;

/// A template's one element with all in it, and the text of all names and constants.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Template {
    text: String,
    /// Each before those in it.
    elements: Vec<Head>,
    attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq)]
struct Head {
    name: Span,
    depends: Option<u16>,
    attributes: Range<usize>,
    part: Part,
    elements_before_part: usize,
    /// The place after the last element in it.
    end: usize,
}

/// One element of a template.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'t> {
    template: &'t Template,
    at: usize,
    head: &'t Head,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attribute {
    pub(super) name: Span,
    pub(super) value: Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Nothing,
    /// A constant that is not empty.
    Text(Span),
    /// A value of the record.
    Slot(u16),
}

impl Template {
    /// Reads the definition at a place; none if the careful way must look at it.
    pub(super) fn read(&mut self, chunk: &[u8], at: usize) -> Option<()> {
        let bytes = at + HEADER_BYTES..at + length(chunk, at)?;
        self.read_elements(chunk, bytes, Form::Template)
    }

    /// Reads a record that is written out; none if the careful way must look at it.
    pub(super) fn read_record(&mut self, chunk: &[u8], bytes: Range<usize>) -> Option<()> {
        self.read_elements(chunk, bytes, Form::Record)
    }

    fn read_elements(&mut self, chunk: &[u8], bytes: Range<usize>, form: Form) -> Option<()> {
        self.text.clear();
        self.elements.clear();
        self.attributes.clear();
        let mut reader = Reader {
            chunk,
            at: bytes.start,
            end: bytes.end,
            form,
            template: self,
        };
        reader.whole()
    }

    pub(super) fn root(&self) -> Option<Element<'_>> {
        self.element(0)
    }

    pub(super) fn text(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The text of all names and constants.
    pub(super) fn all_text(&self) -> &str {
        &self.text
    }

    /// How many bytes of memory it takes.
    pub(super) fn size_bytes(&self) -> usize {
        self.text.len()
            + self.elements.len() * size_of::<Head>()
            + self.attributes.len() * size_of::<Attribute>()
    }

    /// One with room for most templates.
    pub(super) fn roomy() -> Self {
        Self {
            text: String::with_capacity(1024),
            elements: Vec::with_capacity(48),
            attributes: Vec::with_capacity(48),
        }
    }

    /// How many bytes of text it has, and how many fields there will be, roughly.
    pub(super) fn size(&self) -> (usize, usize) {
        let most = self.elements.len().max(self.attributes.len());
        (self.text.len(), most)
    }

    /// Every value that it uses, as often as it uses it.
    pub(super) fn slots(&self) -> impl Iterator<Item = u16> {
        let attributes = self.attributes.iter().map(|attribute| attribute.value);
        let parts = self.elements.iter().map(|head| head.part);
        attributes.chain(parts).filter_map(|part| match part {
            Part::Slot(slot) => Some(slot),
            Part::Text(_) | Part::Nothing => None,
        })
    }

    fn element(&self, at: usize) -> Option<Element<'_>> {
        let head = self.elements.get(at)?;
        Some(Element {
            template: self,
            at,
            head,
        })
    }
}

impl<'t> Element<'t> {
    pub(super) fn name(self) -> &'t str {
        self.template.text(self.head.name)
    }

    /// The value without which it is left out.
    pub(super) fn depends(self) -> Option<u16> {
        self.head.depends
    }

    pub(super) fn attributes(self) -> &'t [Attribute] {
        let range = self.head.attributes.clone();
        self.template.attributes.get(range).unwrap_or_default()
    }

    /// What it holds beside elements.
    pub(super) fn part(self) -> Part {
        self.head.part
    }

    /// How many elements come before that.
    pub(super) fn elements_before_part(self) -> usize {
        self.head.elements_before_part
    }

    pub(super) fn elements(self) -> impl Iterator<Item = Element<'t>> + Clone {
        let end = self.head.end;
        let first = self.template.element(self.at + 1);
        let next = move |element: &Element<'t>| element.template.element(element.head.end);
        std::iter::successors(first, next).take_while(move |element| element.at < end)
    }
}

/// How many bytes of the chunk the definition at a place takes; none if it is not whole.
pub(super) fn length(chunk: &[u8], at: usize) -> Option<usize> {
    let bytes = HEADER_BYTES.checked_add(place(u32_at(chunk, at.checked_add(SIZE_AT)?)?))?;
    (at.checked_add(bytes)? <= chunk.len()).then_some(bytes)
}

/// How elements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// With places for values, on which elements may depend.
    Template,
    /// As they are.
    Record,
}

struct Reader<'c> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
    form: Form,
    template: &'c mut Template,
}

impl Reader<'_> {
    /// The one element there is.
    fn whole(&mut self) -> Option<()> {
        if self.peek() == Some(0x0f) {
            self.skip(4);
        }
        self.element(0)?;
        matches!(self.peek(), None | Some(0x00)).then_some(())
    }

    /// The next token, if there is more.
    fn peek(&self) -> Option<u8> {
        (self.at < self.end)
            .then(|| self.chunk.get(self.at))?
            .copied()
    }

    fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    fn u16(&mut self) -> Option<u16> {
        let number = u16_at(self.chunk, self.at)?;
        self.at += 2;
        Some(number)
    }

    /// An element and all in it.
    fn element(&mut self, depth: usize) -> Option<()> {
        let token = self.peek()?;
        if !matches!(token, 0x01 | 0x41) || depth > DEPTH_MAX {
            return None;
        }
        self.skip(1);
        let depends = match self.form {
            Form::Template => Some(self.u16()?).filter(|slot| *slot != INDEPENDENT),
            Form::Record => None,
        };
        // How long the element is, is seen from where it closes.
        self.skip(4);
        let name = self.name()?;
        if token == 0x41 {
            self.skip(4);
        }
        let attributes = self.attributes()?;
        let at = self.template.elements.len();
        self.template.elements.push(Head {
            name,
            depends,
            attributes,
            part: Part::Nothing,
            elements_before_part: 0,
            end: at + 1,
        });
        let opens = self.peek()?;
        self.skip(1);
        match opens {
            0x02 => self.content(at, depth)?,
            0x03 => {}
            _ => return None,
        }
        let end = self.template.elements.len();
        self.template.elements.get_mut(at)?.end = end;
        Some(())
    }

    fn attributes(&mut self) -> Option<Range<usize>> {
        let start = self.template.attributes.len();
        while let Some(0x06 | 0x46) = self.peek() {
            self.skip(1);
            let name = self.name()?;
            let value = self.part()?;
            if value != Part::Nothing {
                self.template.attributes.push(Attribute { name, value });
            }
        }
        Some(start..self.template.attributes.len())
    }

    /// Elements and at most one thing beside them, up to the end of the element around.
    fn content(&mut self, around: usize, depth: usize) -> Option<()> {
        let mut elements = 0;
        loop {
            match self.peek()? {
                0x01 | 0x41 => {
                    self.element(depth + 1)?;
                    elements += 1;
                }
                0x04 => {
                    self.skip(1);
                    return Some(());
                }
                _ => {
                    let before = self.at;
                    let part = self.part()?;
                    let head = self.template.elements.get_mut(around)?;
                    if self.at == before || head.part != Part::Nothing {
                        return None;
                    }
                    (head.part, head.elements_before_part) = (part, elements);
                }
            }
        }
    }

    /// The constants or the value up to the next token of another kind; none if there is more than
    /// one value, or a value beside constants. Constants in a row are one, and an empty one counts
    /// as not there.
    fn part(&mut self) -> Option<Part> {
        let start = self.template.text.len();
        let mut constants = 0;
        let mut value = Part::Nothing;
        while let Some(token) = self.peek() {
            match token {
                0x0d | 0x0e if self.form == Form::Template => {
                    self.skip(1);
                    let slot = Part::Slot(self.u16()?);
                    // The kind that the definition expects; the record says its own.
                    let kind = *self.chunk.get(self.at)?;
                    self.skip(1);
                    if value != Part::Nothing || !value::is_known(kind) {
                        return None;
                    }
                    value = slot;
                }
                0x05 | 0x45 | 0x07 | 0x47 | 0x08 | 0x48 | 0x09 | 0x49 => {
                    self.constant(token)?;
                    constants += 1;
                }
                _ => break,
            }
        }
        let end = self.template.text.len();
        match (value, constants) {
            (Part::Slot(_), 1..) => None,
            (Part::Nothing, _) if end > start => Some(Part::Text(Span::between(start, end))),
            (value, _) => Some(value),
        }
    }

    fn constant(&mut self, token: u8) -> Option<()> {
        self.skip(1);
        match token {
            0x05 | 0x45 => {
                if self.chunk.get(self.at) != Some(&0x01) {
                    return None;
                }
                self.skip(1);
                self.counted().map(|_| ())
            }
            0x07 | 0x47 => self.counted().map(|_| ()),
            0x08 | 0x48 => {
                let character = char::from_u32(u32::from(self.u16()?))?;
                self.template.text.push(character);
                Some(())
            }
            _ => self.entity(),
        }
    }

    /// One of the characters that XML writes with a name.
    fn entity(&mut self) -> Option<()> {
        let name = self.name()?.range();
        let character = match self.template.text.get(name.clone())? {
            "quot" => '"',
            "apos" => '\'',
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            _ => return None,
        };
        self.template.text.truncate(name.start);
        self.template.text.push(character);
        Some(())
    }

    /// A text with its length before it.
    fn counted(&mut self) -> Option<Span> {
        let length = 2 * usize::from(self.u16()?);
        let bytes = self.chunk.get(self.at..self.at + length)?;
        self.at += length;
        let start = self.template.text.len();
        utf16::decode(bytes, |piece| self.template.text.push_str(piece))?;
        Some(Span::between(start, self.template.text.len()))
    }

    /// A name, by its place in the chunk.
    fn name(&mut self) -> Option<Span> {
        let at = place(u32_at(self.chunk, self.at)?);
        self.at += 4;
        let behind = self.at;
        self.at = at.checked_add(NAME_LINK_BYTES)?;
        let name = self.counted()?;
        // The zero behind it must be there too.
        self.u16()?;
        if at != behind {
            self.at = behind;
        }
        let text = self.template.text.get(name.range())?;
        // The careful way writes names into JSON as they are. No name of XML has a space, and only names of data lose
        // theirs.
        let plain = !text.contains(|sign: char| sign <= ' ' || matches!(sign, '"' | '\\'));
        (plain && !text.is_empty()).then_some(name)
    }
}

#[cfg(test)]
mod tests;
