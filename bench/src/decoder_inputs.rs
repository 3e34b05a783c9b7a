//! Logs to measure decoders on: Northgate's, and lines in the shapes that vendors document (`samples/`), each repeated
//! until there are enough, with a number that makes every line its own.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use cordon_drill::{DEFAULT_SEED, northgate};
use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_source::list;

use crate::{Fault, limits::Limit, places::Places};

/// Records of each input at least: enough that starting a process costs nothing beside them.
const RECORDS_MIN: usize = 200_000;

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
    let (head, body) = text.split_once(END_OF_HEAD).unwrap_or(("", text));
    out.write_all(head.as_bytes())?;
    let mut number = 1_000_000;
    while number < 1_000_000 + RECORDS_MIN {
        for line in body.split_inclusive('\n') {
            out.write_all(line.replace("{n}", &number.to_string()).as_bytes())?;
            number += 1;
        }
    }
    Ok(())
}

type Writing<'w> = dyn Fn(&mut dyn Write) -> Result<(), Fault> + 'w;

fn input(folder: &Path, name: &str, write: &Writing<'_>) -> Result<Input, Fault> {
    let (native, json) = (folder.join(name), folder.join(format!("{name}.as-json")));
    if !json.is_file() {
        let mut out = BufWriter::new(File::create(&native)?);
        write(&mut out)?;
        out.flush()?;
        write_as_json(&native, &json)?;
    }
    Ok(Input {
        name: name.to_owned(),
        native,
        other: (Limit::SimdTape, json),
    })
}

/// Writes what is read of a file as JSON, an object a line.
fn write_as_json(native: &Path, json: &Path) -> Result<(), Fault> {
    let unfinished = json.with_extension("unfinished");
    let mut lines = Lines {
        out: BufWriter::new(File::create(&unfinished)?),
        failed: None,
    };
    for member in list(&[native.to_owned()])?.members {
        member.read(&hints()?, &mut lines, &|_| {})?;
    }
    lines.out.flush()?;
    if let Some(failed) = lines.failed {
        return Err(failed);
    }
    Ok(fs::rename(unfinished, json)?)
}

struct Lines {
    out: BufWriter<File>,
    failed: Option<Fault>,
}

impl Sink for Lines {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        if let Err(failed) = writeln!(self.out, "{}", event.fields.to_value()) {
            self.failed = Some(failed.into());
        }
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.failed = Some(format!("a record cannot be read: {refusal:?}").into());
    }
}
