//! What is measured on, made from the recordings: EVTX files, and the same records as NDJSON.
//!
//! Each record becomes one line in the flat form that public rules expect. `product`, `service` and
//! `category` are added, because that is where the peer looks for the log source; an event of
//! several categories names the most particular one, an event of none names `none`, so that the
//! peer's routing leaves out every rule it can.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    process::Command,
};

use cordon_event::{Degradation, Event, Hints, Refusal, Sink};
use cordon_source::list;
use serde_json::{Map, Value};

use crate::{Fault, places::Places, walk::files};

/// How often the EVTX files are repeated: enough that reading takes seconds, not moments.
const EVTX_TIMES: usize = 10;

/// Makes everything, unless it is there.
pub(crate) fn make(places: &Places, events_min: u64) -> Result<(), Fault> {
    if !places.evtx().is_dir() {
        unpack(places)?;
    }
    if !places.evtx_repeated().is_dir() {
        repeat_files(&places.evtx(), &places.evtx_repeated())?;
    }
    let records = write_distinct(places)?;
    let times = events_min.div_ceil(records.max(1));
    repeat_lines(places, times)?;
    println!(
        "{records} distinct events, {times} times: {} events, {} bytes in {}",
        records * times,
        fs::metadata(places.events())?.len(),
        places.events().display(),
    );
    Ok(())
}

fn unpack(places: &Places) -> Result<(), Fault> {
    for name in ["evtx-attack", "evtx-to-mitre"] {
        let into = places.evtx().join(name);
        fs::create_dir_all(&into)?;
        let archive = places.recording(&format!("evtx/{name}.tar.xz"));
        let status = Command::new("tar")
            .arg("-xJf")
            .arg(&archive)
            .arg("-C")
            .arg(&into)
            .status()?;
        if !status.success() {
            return Err(format!("tar could not unpack {}", archive.display()).into());
        }
    }
    Ok(())
}

/// Links every EVTX file several times, which costs no disk.
fn repeat_files(from: &Path, into: &Path) -> Result<(), Fault> {
    let files = files(from, "evtx")?;
    for time in 0..EVTX_TIMES {
        let folder = into.join(time.to_string());
        fs::create_dir_all(&folder)?;
        for (number, file) in files.iter().enumerate() {
            fs::hard_link(file, folder.join(format!("{number}.evtx")))?;
        }
    }
    Ok(())
}

/// Writes each record once; gives how many there are.
fn write_distinct(places: &Places) -> Result<u64, Fault> {
    let mut lines = Lines {
        out: BufWriter::new(File::create(places.distinct_events())?),
        count: 0,
        failed: None,
    };
    for member in list(&[places.evtx()])?.members {
        member.read(&Hints::default(), &mut lines, &|_| {})?;
    }
    lines.out.flush()?;
    match lines.failed {
        Some(failed) => Err(failed.into()),
        None => Ok(lines.count),
    }
}

fn repeat_lines(places: &Places, times: u64) -> Result<(), Fault> {
    let once = fs::read(places.distinct_events())?;
    let mut out = BufWriter::new(File::create(places.events())?);
    for _ in 0..times {
        out.write_all(&once)?;
    }
    out.flush()?;
    Ok(())
}

struct Lines {
    out: BufWriter<File>,
    count: u64,
    failed: Option<std::io::Error>,
}

impl Sink for Lines {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        let line = flat(event);
        self.count += 1;
        if let Err(failed) = writeln!(self.out, "{line}") {
            self.failed = Some(failed);
        }
    }

    fn refusal(&mut self, _refusal: Refusal) {}
}

/// Of a cleared log's record, `Channel` as it stood in the record and not as rules mean it.
fn restore_channel(fields: &mut Map<String, Value>) {
    if let Some(own) = fields.remove("System_Channel")
        && let Some(cleared) = fields.insert("Channel".to_owned(), own)
    {
        fields.insert("EventData_Channel".to_owned(), cleared);
    }
}

fn flat(event: &Event) -> Value {
    let mut fields = match event.fields.to_value() {
        Value::Object(fields) => fields,
        other => Map::from_iter([("message".to_owned(), other)]),
    };
    restore_channel(&mut fields);
    let category = event
        .kind
        .categories
        .last()
        .map_or("none", |category| category);
    let parts = [
        ("product", event.kind.product.as_deref().unwrap_or("none")),
        ("service", event.kind.service.as_deref().unwrap_or("none")),
        ("category", category),
    ];
    for (name, value) in parts {
        fields.entry(name).or_insert_with(|| Value::from(value));
    }
    Value::Object(fields)
}
