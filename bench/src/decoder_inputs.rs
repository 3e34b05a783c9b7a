//! Logs to measure decoders on: Northgate's, and lines in the shapes that vendors document (`samples/`), each repeated
//! until there are enough, with a number that makes every line its own.
//!
//! Each stands beside the same records as JSON, for a parser that does nothing but parse. What is JSON already is
//! compared with itself, whatever else a decoder lifts out of it or puts beside it.

#[cfg(test)]
mod tests;

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use cordon_drill::{DEFAULT_SEED, northgate};
use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_source::list;
use serde_json::{Map, Value};

use crate::{Fault, limits::Limit, places::Places};

/// Records of each input at least: enough that starting a process costs nothing beside them.
const RECORDS_MIN: usize = 200_000;

/// Of samples whose records are long, so many bytes are enough.
const BYTES_ENOUGH: usize = 96_000_000;

/// How the name of a file ends whose lines are a JSON record each.
const LINES_OF_JSON: &str = ".ndjson";

/// What ends the head of a sample: lines that stand once in a file.
const END_OF_HEAD: &str = "----\n";

/// A moment not long after everything here was written, as `cordon scan` knows what time it is: without one, lines whose
/// time has no year have none, and are read as words.
const REFERENCE: &str = "2026-05-01T00:00:00Z";

/// What a reader is told of every input.
pub(crate) fn hints() -> Result<Hints, Fault> {
    Ok(Hints::at(REFERENCE.parse()?))
}

/// One decoder's input, and what it is compared with.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) native: PathBuf,
    pub(crate) other: (Limit, PathBuf),
}

/// Makes all inputs that are not there yet.
pub(crate) fn make(places: &Places) -> Result<Vec<Input>, Fault> {
    let folder = places.made("decoders");
    fs::create_dir_all(&folder)?;
    let mut inputs = Vec::new();
    for log in northgate(DEFAULT_SEED).logs {
        let name = log.path.replace('/', "-");
        let times = RECORDS_MIN.div_ceil(usize::try_from(log.records)?.max(1));
        let write = |out: &mut dyn Write| -> Result<(), Fault> {
            for _ in 0..times {
                out.write_all(&log.bytes)?;
            }
            Ok(())
        };
        inputs.push(input(&folder, &name, &write)?);
    }
    for sample in samples(places)? {
        let text = fs::read_to_string(&sample)?;
        let name = sample
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        inputs.push(input(&folder, &name, &|out| repeat(&text, out))?);
    }
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(inputs)
}

fn samples(places: &Places) -> Result<Vec<PathBuf>, Fault> {
    let entries = fs::read_dir(places.samples())?;
    let paths: Result<Vec<PathBuf>, _> =
        entries.map(|entry| Ok::<_, Fault>(entry?.path())).collect();
    paths
}

/// The head once, then the lines again and again, numbered.
fn repeat(text: &str, out: &mut dyn Write) -> Result<(), Fault> {
    let (head, body) = parts(text);
    out.write_all(head.as_bytes())?;
    let (mut number, mut bytes) = (1_000_000, 0);
    while number < 1_000_000 + RECORDS_MIN && bytes < BYTES_ENOUGH {
        for line in body.split_inclusive('\n') {
            let line = line.replace("{n}", &number.to_string());
            out.write_all(line.as_bytes())?;
            number += 1;
            bytes += line.len();
        }
    }
    Ok(())
}

/// A sample's head and its lines.
fn parts(text: &str) -> (&str, &str) {
    text.split_once(END_OF_HEAD).unwrap_or(("", text))
}

type Writing<'w> = dyn Fn(&mut dyn Write) -> Result<(), Fault> + 'w;

fn input(folder: &Path, name: &str, write: &Writing<'_>) -> Result<Input, Fault> {
    let native = folder.join(name);
    let is_made = folder.join(format!("{name}.made"));
    let json = if is_json_already(name) {
        native.clone()
    } else {
        folder.join(format!("{name}.as-json"))
    };
    if !is_made.is_file() {
        let mut out = BufWriter::new(File::create(&native)?);
        write(&mut out)?;
        out.flush()?;
        if json != native {
            write_as_json(&native, &json)?;
        }
        File::create(is_made)?;
    }
    Ok(Input {
        name: name.to_owned(),
        native,
        other: (Limit::SimdTape, json),
    })
}

/// Whether each line of a file is one record, written as JSON; an envelope of several is not.
fn is_json_already(name: &str) -> bool {
    name.ends_with(LINES_OF_JSON) && !ENVELOPES.contains(&name)
}

/// Samples in which a line holds several records.
const ENVELOPES: [&str; 2] = ["azure-event-hubs.ndjson", "azure-query.ndjson"];

/// Writes the records of a file as JSON, an object a line.
fn write_as_json(native: &Path, json: &Path) -> Result<(), Fault> {
    let head = BufReader::new(File::open(native)?).lines().next();
    let mut lines = Lines {
        out: BufWriter::new(File::create(json)?),
        columns: match (native.extension(), head) {
            (Some(end), Some(head)) if end == "csv" => {
                Some(head?.split(',').map(str::to_owned).collect())
            }
            (_, _) => None,
        },
        failed: None,
    };
    for member in list(&[native.to_owned()])?.members {
        member.read(&hints()?, &mut lines, &|_| {})?;
    }
    lines.out.flush()?;
    match lines.failed {
        Some(failed) => Err(failed),
        None => Ok(()),
    }
}

struct Lines {
    out: BufWriter<File>,
    /// The columns of a table, of which a record is written as JSON; what is made of them is not.
    columns: Option<Vec<String>>,
    failed: Option<Fault>,
}

impl Lines {
    /// A record as JSON: as it stands if it is that already, a row under the names of its columns, and of
    /// anything else what is read of it.
    fn as_json(&self, event: &Event, bytes: &[u8]) -> Value {
        if let Ok(record) = serde_json::from_slice::<Map<String, Value>>(bytes) {
            return Value::Object(record);
        }
        match (&self.columns, event.fields.to_value()) {
            (Some(columns), Value::Object(mut fields)) => {
                fields.retain(|name, _| columns.contains(name));
                Value::Object(fields)
            }
            (_, fields) => fields,
        }
    }
}

impl Sink for Lines {
    fn event(&mut self, _event: &Event, _degraded: &[Degradation]) {}

    fn record(&mut self, event: &Event, _degraded: &[Degradation], bytes: &[u8]) {
        if let Err(failed) = writeln!(self.out, "{}", self.as_json(event, bytes)) {
            self.failed = Some(failed.into());
        }
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.failed = Some(format!("a record cannot be read: {refusal:?}").into());
    }
}
