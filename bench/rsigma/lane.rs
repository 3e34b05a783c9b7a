//! The published `rsigma-eval` over NDJSON, driven as its own command line drives it.
//!
//! One line, one `serde_json::Value`, one evaluation with its own log source routing, every result
//! written as JSON. What was done is told on standard error: `events matches bytes`. Given `pairs`
//! as a third argument, it writes record number and rule instead of results, for comparing verdicts.

use std::{
    env,
    error::Error,
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write, stdout},
    path::Path,
};

use rsigma_eval::{Engine, EvaluationResult, JsonEvent, LogSourceExtractor};
use rsigma_parser::parse_sigma_directory;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(rules), Some(input)) = (arguments.next(), arguments.next()) else {
        return Err("usage: RULES INPUT [pairs]".into());
    };
    let pairs = arguments.next().is_some();
    let engine = engine(Path::new(&rules))?;
    let mut out = BufWriter::with_capacity(1 << 16, stdout().lock());
    let (mut events, mut matches, mut bytes) = (0_u64, 0_u64, 0_usize);
    for line in BufReader::new(File::open(input)?).lines() {
        let line = line?;
        events += 1;
        bytes += line.len() + 1;
        let value: Value = serde_json::from_str(&line)?;
        for result in engine.evaluate(&JsonEvent::borrow(&value)) {
            matches += 1;
            if pairs {
                writeln!(out, "{events} {}", name(&result))?;
            } else {
                serde_json::to_writer(&mut out, &result)?;
                out.write_all(b"\n")?;
            }
        }
    }
    out.flush()?;
    eprintln!("{events} {matches} {bytes}");
    Ok(())
}

/// All rules of a folder, with routing by the fields `product`, `service` and `category`, which is
/// what its `--logsource-routing` does.
fn engine(rules: &Path) -> Result<Engine, Box<dyn Error>> {
    let mut engine = Engine::new();
    engine.set_logsource_extractor(Some(LogSourceExtractor::new()));
    let refused = engine.add_rules(&parse_sigma_directory(rules)?.rules);
    if !refused.is_empty() {
        eprintln!("{} rules could not be compiled", refused.len());
    }
    Ok(engine)
}

fn name(result: &EvaluationResult) -> &str {
    let header = &result.header;
    header.rule_id.as_deref().unwrap_or(&header.rule_title)
}
