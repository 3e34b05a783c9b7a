//! That every decoder which the page of logs lists is measured, on records that it reads.

use std::{collections::BTreeSet, fs, path::PathBuf, sync::LazyLock};

use cordon_drill::{DEFAULT_SEED, northgate};
use cordon_event::{Degradation, Event, Refusal, Sink, read};

use super::{hints, parts};

/// What a row of the table is about.
struct Row {
    name: String,
    /// `product` and `product/service` of its records.
    sources: BTreeSet<String>,
}

#[derive(Default)]
struct Sources {
    found: BTreeSet<String>,
    refused: Option<Refusal>,
}

impl Sink for Sources {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        let source = event.kind.source();
        let product = source.split('/').next().unwrap_or_default();
        self.found.insert(product.to_owned());
        self.found.insert(source.to_string());
    }

    fn refusal(&mut self, refusal: Refusal) {
        self.refused = Some(refusal);
    }
}

fn row(name: &str, bytes: &[u8]) -> Row {
    let mut sources = Sources::default();
    let mut input = bytes;
    read(&name.into(), &mut input, &hints().unwrap(), &mut sources).unwrap();
    assert!(sources.refused.is_none(), "{name}: {:?}", sources.refused);
    Row {
        name: name.to_owned(),
        sources: sources.found,
    }
}

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(rows);

/// All rows; the samples as they are measured, but twice only.
fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for log in northgate(DEFAULT_SEED).logs {
        rows.push(row(&log.path.replace('/', "-"), &log.bytes));
    }
    for entry in fs::read_dir(project().join("bench/samples")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (head, body) = parts(&text);
        let twice = format!("{head}{}", body.repeat(2)).replace("{n}", "1000000");
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        rows.push(row(&name, twice.as_bytes()));
    }
    rows
}

/// The rows of a table of the page, as its cells.
fn table(heading: &str) -> Vec<Vec<String>> {
    let page = fs::read_to_string(project().join("docs/reference/logs.md")).unwrap();
    let (_, section) = page.split_once(&format!("## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with("| `"));
    let cells = |line: &str| {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<_> = lines.map(cells).collect();
    assert!(rows.len() >= 6, "the table under {heading}");
    rows
}

/// How a name of a file ends.
fn ending(name: &str) -> Option<&str> {
    name.rsplit_once('.').map(|(_, ending)| ending)
}

/// The words of a cell that are set as code.
fn words(cell: &str) -> Vec<String> {
    let words = cell.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

#[test]
fn every_way_in_which_records_stand_in_a_file_is_measured() {
    let is = |word: &str, name: &str| match word {
        "json" | "csv" => ending(name) == Some(word),
        "lines" => ending(name) == Some("log"),
        _ => name.contains(word),
    };
    for cells in table("How records stand in a file") {
        for word in words(&cells[0]) {
            // Its files are made from recordings, where there are any.
            let has_one = word == "evtx" || ROWS.iter().any(|row| is(&word, &row.name));
            assert!(has_one, "no row for {word}");
        }
    }
}

#[test]
fn every_shape_of_lines_is_measured() {
    for cells in table("Lines of text") {
        for word in words(&cells[0]) {
            let is = |row: &Row| row.name.contains(&word) || row.sources.contains(&word);
            assert!(ROWS.iter().any(is), "no row for {word}");
        }
    }
}

#[test]
fn every_log_of_every_vendor_is_measured_in_every_shape_that_lifts_it() {
    let reads = |source: &str| {
        let fits = |found: &String| match source.strip_suffix('*') {
            Some(begin) => found.starts_with(begin),
            None => found == source,
        };
        ROWS.iter().any(|row| row.sources.iter().any(fits))
    };
    for cells in table("JSON of vendors") {
        let products = words(&cells[0]);
        let own = |word: &&String| reads(word.as_str());
        let products: Vec<_> = products
            .iter()
            .filter(|word| own(word) || word.as_str() != "duo")
            .collect();
        for product in &products {
            assert!(reads(product), "no row for {product}");
            for service in words(&cells[1]) {
                let source = format!("{product}/{service}");
                let is_read = reads(&source) || (**product == service && reads(product));
                assert!(is_read, "no row for {source}");
            }
            for (word, part) in [("ECS", "-ecs"), ("OCSF", "-ocsf"), ("CSV", ".csv")] {
                let is = |row: &Row| row.name.contains(part) && row.sources.contains(*product);
                let has_one = !cells[2].contains(word) || ROWS.iter().any(is);
                assert!(has_one, "no row for {product} from {word}");
            }
        }
    }
}
