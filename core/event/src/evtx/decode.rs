//! One record's binary XML straight into its fields: the fast way, which may give up.
//!
//! A record is one instance of a template: the values that differ from record to record, and where
//! in the chunk the template stands. Each template becomes a program once for each chunk; a
//! record's values then run through it. A record without a template is a program of its own. Whatever is out of the ordinary makes this way give up, and
//! the careful one reads the record. So this never reports anything, and it may never read a record
//! differently; tests compare the two. Limits bound what a chunk can cost.

use std::{mem, ops::Range, sync::Arc};

use cordon_model::{Key, Open, Record, Scalar, Shape, Span};

use super::{
    bytes::{place, u32_at},
    compile::compile,
    known::Programs,
    program::{Empty, Field, Naming, Program, Role, Source, Step},
    template::{self, Template},
    utf16,
    value::{self, Kind, Spelled},
};

/// Fragments within fragments; real logs have one.
const NESTING_MAX: usize = 4;

/// Most values of one instance; real ones have up to fifty.
const VALUES_MAX: usize = 1024;

/// Most bytes of fields of one record: a value is never longer than 64 KiB, but a template can
/// use it often.
const FIELD_BYTES_MAX: u32 = 1 << 20;

/// Most bytes of definitions that are looked at for one chunk: they stand in its 64 KiB, but
/// could overlap.
const DEFINITION_BYTES_MAX: usize = 1 << 20;

/// Most bytes of fields of one chunk, for the same reason as in one record.
const CHUNK_FIELD_BYTES_MAX: u64 = 1 << 26;

/// Turns the records of one chunk after another into fields.
pub(super) struct Decoder {
    /// The chunk's templates so far; those without a program are left to the careful way.
    programs: Vec<(u32, Role, Option<Arc<Program>>)>,
    known: Programs,
    values: Vec<Value>,
    /// The one that is being read.
    template: Template,
    definition_bytes: usize,
    field_bytes: u64,
}

/// One value of an instance.
#[derive(Debug, Clone, Copy)]
struct Value {
    kind: Kind,
    is_empty: bool,
    start: usize,
    end: usize,
}

/// A use of a template.
struct Instance {
    program: Arc<Program>,
    /// Where its values stand among all of the record.
    values: Range<usize>,
    /// How many values are not scalars, and so must each find their place.
    compound: usize,
}

impl Decoder {
    /// One that has met templates before.
    pub(super) fn new(known: Programs) -> Self {
        Self {
            known,
            programs: Vec::with_capacity(16),
            values: Vec::with_capacity(64),
            template: Template::roomy(),
            definition_bytes: 0,
            field_bytes: 0,
        }
    }

    /// Gives the templates that it met.
    pub(super) fn give_known(&mut self) -> Programs {
        mem::take(&mut self.known)
    }

    /// Forgets what belongs to the chunk before.
    pub(super) fn begin_chunk(&mut self) {
        self.programs.clear();
        self.definition_bytes = 0;
        self.field_bytes = 0;
    }

    /// Fills a record from its binary XML; none if the careful way must look at it.
    pub(super) fn fill(
        &mut self,
        chunk: &[u8],
        body: Range<usize>,
        record: &mut Record,
    ) -> Option<()> {
        if self.field_bytes > CHUNK_FIELD_BYTES_MAX {
            return None;
        }
        let root = record.begin();
        self.values.clear();
        let instance = self.instance(chunk, body, Role::Record)?;
        let mut run = Run {
            decoder: self,
            chunk,
            record,
            root,
            names: 0,
        };
        let filled = run.instance(&instance, 0);
        self.field_bytes += u64::from(record.mark());
        filled
    }

    /// The one use of a template that a stretch of bytes holds.
    fn instance(&mut self, chunk: &[u8], bytes: Range<usize>, role: Role) -> Option<Instance> {
        let stream = chunk.get(..bytes.end)?;
        let token = match stream.get(bytes.start..)? {
            [0x0f, _, _, _, 0x0c, _, ..] => bytes.start + 4,
            [0x0c, ..] => bytes.start,
            _ => return self.written_out(chunk, bytes, role),
        };
        // After the token come a version, the template's number and its place.
        let definition = u32_at(stream, token + 6)?;
        let mut at = token + 10;
        if at == place(definition) {
            at += template::length(chunk, at)?;
        }
        let first = self.values.len();
        let (end, compound) = self.read_values(stream, at)?;
        let whole = matches!(stream.get(end..)?, [] | [0x00, ..]);
        let program = self.program(chunk, definition, role).filter(|_| whole)?;
        Some(Instance {
            program,
            values: first..self.values.len(),
            compound,
        })
    }

    /// A stretch of bytes that uses no template.
    fn written_out(&mut self, chunk: &[u8], bytes: Range<usize>, role: Role) -> Option<Instance> {
        self.charge(bytes.len())?;
        self.template.read_record(chunk, bytes)?;
        let program = compile(&self.template, role)?;
        Some(Instance {
            program: Arc::new(program),
            values: 0..0,
            compound: 0,
        })
    }

    /// Notes the values of an instance: their number, a size and a kind for each, then their bytes.
    /// Gives the place behind them and how many are no scalars.
    fn read_values(&mut self, stream: &[u8], at: usize) -> Option<(usize, usize)> {
        let count = place(u32_at(stream, at)?);
        if count > VALUES_MAX {
            return None;
        }
        let heads = stream.get(at + 4..at + 4 + 4 * count)?.as_chunks::<4>().0;
        let mut start = at + 4 + 4 * count;
        let mut compound = 0;
        for [low, high, number, _] in heads {
            let end = start + usize::from(u16::from_le_bytes([*low, *high]));
            let bytes = stream.get(start..end)?;
            let kind = value::kind(*number, bytes)?;
            let is_empty = value::is_empty(kind, bytes);
            let is_compound = matches!(kind, Kind::Fragment | Kind::Texts) && !is_empty;
            compound += usize::from(is_compound);
            self.values.push(Value {
                kind,
                is_empty,
                start,
                end,
            });
            start = end;
        }
        Some((start, compound))
    }

    /// The program of the template at a place.
    fn program(&mut self, chunk: &[u8], at: u32, role: Role) -> Option<Arc<Program>> {
        let known = |(place, for_role, _): &&(u32, Role, _)| *place == at && *for_role == role;
        if let Some((_, _, program)) = self.programs.iter().find(known) {
            return program.clone();
        }
        let compiled = self.compiled(chunk, place(at), role);
        self.programs.push((at, role, compiled.clone()));
        compiled
    }

    fn compiled(&mut self, chunk: &[u8], at: usize, role: Role) -> Option<Arc<Program>> {
        self.charge(template::length(chunk, at)?)?;
        self.template.read(chunk, at)?;
        self.known.of(&self.template, role)
    }

    /// Counts the bytes of a definition that is looked at; none if there were too many.
    fn charge(&mut self, bytes: usize) -> Option<()> {
        self.definition_bytes += bytes;
        (self.definition_bytes <= DEFINITION_BYTES_MAX).then_some(())
    }
}

/// A record on its way from values to fields.
struct Run<'r> {
    decoder: &'r mut Decoder,
    chunk: &'r [u8],
    record: &'r mut Record,
    root: Open,
    /// Where the names of the program that runs begin in the record's text.
    names: u32,
}

impl Run<'_> {
    /// Runs the program of an instance over its values.
    fn instance(&mut self, instance: &Instance, nesting: usize) -> Option<()> {
        let program = &instance.program;
        let around = self.names;
        self.names = self.record.mark();
        self.record.append(&program.names);
        let mut compound = 0;
        let mut steps = program.steps.iter();
        while let Some(step) = steps.next() {
            match step {
                Step::Field(field) => compound += self.field(instance, field)?,
                Step::Fragment { slot, role } => {
                    let Some(value) = self.value(instance, *slot) else {
                        continue;
                    };
                    self.fragment(instance, value, (*role, nesting + 1))?;
                    compound += 1;
                }
                Step::Unless { slot, steps: count } => {
                    if self.is_null(instance, *slot) {
                        steps.by_ref().take(*count).for_each(|_left_out| {});
                    }
                }
            }
            if self.record.mark() > FIELD_BYTES_MAX {
                return None;
            }
        }
        self.names = around;
        // A list or fragment in a place that has none means something else.
        (compound == instance.compound).then_some(())
    }

    fn fragment(
        &mut self,
        around: &Instance,
        value: Value,
        (role, nesting): (Role, usize),
    ) -> Option<()> {
        if value.kind != Kind::Fragment || nesting > NESTING_MAX {
            return None;
        }
        let bytes = value.start..value.end;
        let inner = self.decoder.instance(self.chunk, bytes, role)?;
        if around.program.has_sibling_of(&inner.program) {
            return None;
        }
        self.instance(&inner, nesting)
    }

    /// A value, unless it is empty.
    #[inline]
    fn value(&self, instance: &Instance, slot: u16) -> Option<Value> {
        let values = self.decoder.values.get(instance.values.clone())?;
        let value = values.get(usize::from(slot)).copied()?;
        (!value.is_empty).then_some(value)
    }

    /// Whether what depends on a value is left out.
    fn is_null(&self, instance: &Instance, slot: u16) -> bool {
        let values = self.decoder.values.get(instance.values.clone());
        let value = values.and_then(|values| values.get(usize::from(slot)));
        value.is_some_and(|value| match value.kind {
            Kind::Null => true,
            Kind::Fragment => value.is_empty,
            Kind::Text
            | Kind::Ansi
            | Kind::Signed
            | Kind::Unsigned
            | Kind::Bool
            | Kind::Binary
            | Kind::Guid
            | Kind::FileTime
            | Kind::SystemTime
            | Kind::Sid
            | Kind::Hex
            | Kind::Texts => false,
        })
    }

    /// Puts one field; how many compound values it took.
    #[inline]
    fn field(&mut self, instance: &Instance, field: &Field) -> Option<usize> {
        let program = &instance.program;
        match &field.source {
            Source::Nothing => self.absent(program, field)?,
            Source::Text(text) => self.constant(program, field, program.text(*text))?,
            Source::Slot(slot) => match self.value(instance, *slot) {
                Some(value) => self.scalar(program, field, value)?,
                None => self.absent(program, field)?,
            },
            Source::Texts(slot) => match self.value(instance, *slot) {
                Some(value) if value.kind == Kind::Texts => {
                    let key = self.key(program, field)?;
                    self.texts(key, value)?;
                    return Some(1);
                }
                Some(value) => self.scalar(program, field, value)?,
                None => self.absent(program, field)?,
            },
            Source::List(parts) => self.list(instance, field, parts)?,
        }
        Some(0)
    }

    /// The field's name, of which there is none yet.
    #[inline]
    fn key(&mut self, program: &Program, field: &Field) -> Option<Key> {
        let name = field.name.span.behind(self.names);
        let key = self.record.named_as(name, field.name.hash);
        match field.naming {
            Naming::System | Naming::Number => Some(key),
            Naming::Alone => (!self.record.has(&self.root, key)).then_some(key),
            Naming::Data if !self.record.has(&self.root, key) => Some(key),
            Naming::Data => {
                let mark = self.record.mark();
                self.record.append("EventData_");
                self.record.append(program.name(field.name));
                let key = self.record.named(self.record.since(mark));
                (!self.record.has(&self.root, key)).then_some(key)
            }
        }
    }

    fn absent(&mut self, program: &Program, field: &Field) -> Option<()> {
        let value = match field.empty {
            Empty::Skip => return Some(()),
            Empty::Null => Scalar::Null,
            Empty::Text => Scalar::Text(""),
        };
        let key = self.key(program, field)?;
        self.record.put(key, value);
        Some(())
    }

    fn constant(&mut self, program: &Program, field: &Field, text: &str) -> Option<()> {
        let key = self.key(program, field)?;
        let mark = self.record.mark();
        self.record.append(text);
        self.put(field, key, (mark, Spelled::Text));
        Some(())
    }

    #[inline]
    fn scalar(&mut self, program: &Program, field: &Field, value: Value) -> Option<()> {
        let key = self.key(program, field)?;
        let mark = self.record.mark();
        let bytes = self.chunk.get(value.start..value.end)?;
        let spelled = value::spell(value.kind, bytes, self.record)?;
        self.put(field, key, (mark, spelled));
        Some(())
    }

    /// Puts what was spelled since a mark.
    #[inline]
    fn put(&mut self, field: &Field, key: Key, (mark, spelled): (u32, Spelled)) {
        let text = self.record.since(mark);
        match spelled {
            Spelled::Text if field.naming == Naming::Number => self.put_number(key, text),
            Spelled::Text => self.record.put_text(key, text),
            Spelled::Number => self.record.put_number(key, text),
            Spelled::Bool(truth) => self.record.put(key, Scalar::Bool(truth)),
        }
    }

    /// A number that is written as text.
    fn put_number(&mut self, key: Key, text: Span) {
        match self.record.text(text).trim().parse::<u64>() {
            Ok(number) => self.record.put(key, Scalar::Number(&number.to_string())),
            Err(_) => self.record.put_text(key, text),
        }
    }

    /// Texts with a zero behind each: one is a text, several are a list.
    fn texts(&mut self, key: Key, value: Value) -> Option<()> {
        let bytes = self.chunk.get(value.start..value.end)?;
        let (units, _) = bytes.as_chunks::<2>();
        let (_last_zero, units) = units.split_last()?;
        if !units.contains(&[0, 0]) {
            let text = self.text(units)?;
            self.record.put_text(key, text);
            return Some(());
        }
        let list = self.record.open(key, Shape::List);
        for units in units.split(|unit| *unit == [0, 0]) {
            let text = self.text(units)?;
            self.record.put_text(Key::NONE, text);
        }
        self.record.close(list);
        Some(())
    }

    fn text(&mut self, units: &[[u8; 2]]) -> Option<Span> {
        let mark = self.record.mark();
        utf16::decode(units.as_flattened(), |piece| self.record.append(piece))?;
        Some(self.record.since(mark))
    }

    fn list(&mut self, instance: &Instance, field: &Field, sources: &[Source]) -> Option<()> {
        let program = &instance.program;
        let key = self.key(program, field)?;
        let list = self.record.open(key, Shape::List);
        for source in sources {
            let value = match source {
                Source::Text(text) => {
                    let text = Scalar::Text(program.text(*text));
                    self.record.put(Key::NONE, text);
                    continue;
                }
                Source::Slot(slot) => self.value(instance, *slot),
                Source::Nothing | Source::Texts(_) | Source::List(_) => None,
            };
            let Some(value) = value else {
                self.record.put(Key::NONE, Scalar::Text(""));
                continue;
            };
            let mark = self.record.mark();
            let bytes = self.chunk.get(value.start..value.end)?;
            let spelled = value::spell(value.kind, bytes, self.record)?;
            self.put(field, Key::NONE, (mark, spelled));
        }
        self.record.close(list);
        Some(())
    }
}
