//! Where Cordon and its peer disagree, rule by rule, on each event once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    path::Path,
};

use serde_json::Value;

use crate::{Fault, lane::Engine, measured::run, places::Places, told::Told, walk::files};

/// A record's number and a rule's id.
type Pairs = BTreeSet<(u64, String)>;

/// Most records named for a rule.
const EXAMPLES_MAX: usize = 3;

/// The version of the peer that verdicts are compared with.
const PEER: &str = "21";

/// Prints a table of the rules on which verdicts differ.
pub(crate) fn run_and_print(places: &Places) -> Result<(), Fault> {
    let ours = ours(places)?;
    let theirs = theirs(places)?;
    let mut rules: BTreeMap<&str, [Vec<u64>; 2]> = BTreeMap::new();
    for (record, rule) in ours.difference(&theirs) {
        rules.entry(rule).or_default()[0].push(*record);
    }
    for (record, rule) in theirs.difference(&ours) {
        rules.entry(rule).or_default()[1].push(*record);
    }
    println!(
        "{} verdicts of Cordon, {} of rsigma 0.{PEER}, {} of both; {} rules differ\n",
        ours.len(),
        theirs.len(),
        ours.intersection(&theirs).count(),
        rules.len(),
    );
    println!(
        "Cordon on the EVTX files themselves: {}\n",
        on_evtx(places)?
    );
    println!("| rule | only Cordon | only rsigma | records |\n|---|---|---|---|");
    let names = names(&places.rules())?;
    for (rule, [only_ours, only_theirs]) in &rules {
        let examples: Vec<String> = only_ours
            .iter()
            .take(EXAMPLES_MAX)
            .chain(only_theirs.iter().take(EXAMPLES_MAX))
            .map(u64::to_string)
            .collect();
        println!(
            "| {} | {} | {} | {} |",
            names.get(*rule).map_or(*rule, String::as_str),
            only_ours.len(),
            only_theirs.len(),
            examples.join(", "),
        );
    }
    Ok(())
}

/// How many verdicts Cordon has on the files that the events were made from.
fn on_evtx(places: &Places) -> Result<u64, Fault> {
    let run = cordon(places).run(places, &places.evtx(), None)?;
    Ok(cordon(places).told(&run.said, Told::default())?.matches)
}

fn cordon(places: &Places) -> Engine {
    Engine::Cordon {
        threads: 1,
        rules: places.rules(),
        name: "cordon",
    }
}

fn ours(places: &Places) -> Result<Pairs, Fault> {
    let out = places.made("cordon.jsonl");
    cordon(places).run(places, &places.distinct_events(), Some(File::create(&out)?))?;
    let mut pairs = Pairs::new();
    for line in fs::read_to_string(out)?.lines() {
        let told: Value = serde_json::from_str(line)?;
        let record = told.pointer("/log/record").and_then(Value::as_u64);
        let rule = told.pointer("/rule/id").and_then(Value::as_str);
        let (Some(record), Some(rule)) = (record, rule) else {
            return Err(format!("no record or no rule in {line}").into());
        };
        pairs.insert((record, rule.to_owned()));
    }
    Ok(pairs)
}

fn theirs(places: &Places) -> Result<Pairs, Fault> {
    let out = places.made("rsigma.pairs");
    let mut command = Engine::Rsigma(PEER).command(places, &places.distinct_events())?;
    run(command.arg("pairs"), Some(File::create(&out)?))?;
    let mut pairs = Pairs::new();
    for line in fs::read_to_string(out)?.lines() {
        let (record, rule) = line.split_once(' ').ok_or("expected `record rule`")?;
        pairs.insert((record.parse()?, rule.to_owned()));
    }
    Ok(pairs)
}

/// The file name of each rule, by id.
fn names(rules: &Path) -> Result<BTreeMap<String, String>, Fault> {
    let mut names = BTreeMap::new();
    for path in files(rules, "yml")? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        for line in fs::read_to_string(&path)?.lines() {
            if let Some(id) = line.strip_prefix("id: ") {
                names.insert(id.trim().to_owned(), name.clone().into_owned());
            }
        }
    }
    Ok(names)
}
