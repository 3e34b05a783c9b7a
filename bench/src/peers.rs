//! The comparison: in one run, in rounds, each lane once a round.

use std::path::{Path, PathBuf};

use crate::{
    Fault,
    lane::{Engine, RSIGMA, nothing},
    limits::Limit,
    machine,
    measured::Used,
    places::Places,
    table::{Line, table},
    told::Told,
};

/// Measures everything and prints it as Markdown.
pub(crate) fn run(places: &Places, rounds: usize) -> Result<(), Fault> {
    println!(
        "{}- rounds: {rounds}; the middle one is shown\n",
        machine::described()
    );
    let lines = on_lines(places, rounds)?;
    println!("## NDJSON, {} events\n\n{}", events(&lines), table(&lines));
    say_ratio(
        "two threads against one, wall",
        &lines,
        [ONE, TWO],
        |line| line.wall().median,
    );
    say_ratio("ten times the rules, CPU", &lines, [TEN, ONE], |line| {
        1.0 / line.rate().median
    });
    let lines = on_evtx(places, rounds)?;
    println!(
        "\n## EVTX files, {} events\n\n{}",
        events(&lines),
        table(&lines)
    );
    say_ratio(
        "two threads against one, wall",
        &lines,
        [ONE, TWO],
        |line| line.wall().median,
    );
    Ok(())
}

const ONE: &str = "`cordon scan`";
const TWO: &str = "`cordon scan`, two threads";
const TEN: &str = "`cordon scan`, ten times the rules";

fn cordon(places: &Places, name: &'static str, threads: usize) -> Engine {
    let rules = places.rules();
    Engine::Cordon {
        threads,
        rules,
        name,
    }
}

fn on_lines(places: &Places, rounds: usize) -> Result<Vec<Line>, Fault> {
    let mut engines: Vec<Engine> = RSIGMA.map(Engine::Rsigma).to_vec();
    engines.push(cordon(places, ONE, 1));
    engines.push(cordon(places, TWO, 2));
    engines.push(Engine::Cordon {
        threads: 1,
        rules: places.ten_times_the_rules(),
        name: TEN,
    });
    engines.extend(Limit::OF_LINES.map(Engine::Limit));
    let input = places.events();
    let split = Engine::Limit(Limit::Split);
    measure(places, &engines, &Input::of(places, &split, input)?, rounds)
}

fn on_evtx(places: &Places, rounds: usize) -> Result<Vec<Line>, Fault> {
    let mut engines = vec![Engine::Limit(Limit::EvtxWalk)];
    engines.push(cordon(places, ONE, 1));
    engines.push(cordon(places, TWO, 2));
    engines.push(Engine::Limit(Limit::Read));
    let input = places.evtx_repeated();
    let read = Engine::Limit(Limit::Read);
    measure(places, &engines, &Input::of(places, &read, input)?, rounds)
}

/// What is read, and how much it is.
struct Input {
    path: PathBuf,
    size: Told,
}

impl Input {
    fn of(places: &Places, counting: &Engine, path: PathBuf) -> Result<Self, Fault> {
        let run = counting.run(places, &path, None)?;
        let size = Told::read(&run.said)?;
        Ok(Self { path, size })
    }
}

fn measure(
    places: &Places,
    engines: &[Engine],
    input: &Input,
    rounds: usize,
) -> Result<Vec<Line>, Fault> {
    let nothing = nothing(places)?;
    let line = |engine: &Engine| Line {
        words: engine.words(),
        told: Told::default(),
        rounds: Vec::new(),
        start: Vec::new(),
    };
    let mut lines: Vec<Line> = engines.iter().map(line).collect();
    for round in 1..=rounds {
        for (engine, line) in engines.iter().zip(&mut lines) {
            eprintln!("round {round}: {}", line.words);
            line.start.push(start(places, engine, &nothing)?);
            let run = engine.run(places, &input.path, None)?;
            line.rounds.push(run.used);
            line.told = engine.told(&run.said, input.size)?;
        }
    }
    Ok(lines)
}

fn start(places: &Places, engine: &Engine, nothing: &Path) -> Result<Used, Fault> {
    if engine.loads_rules() {
        return Ok(engine.run(places, nothing, None)?.used);
    }
    Ok(Used::default())
}

fn events(lines: &[Line]) -> u64 {
    lines.first().map_or(0, |line| line.told.events)
}

fn say_ratio(words: &str, lines: &[Line], of: [&str; 2], value: fn(&Line) -> f64) {
    let find = |words: &str| lines.iter().find(|line| line.words == words).map(value);
    if let (Some(upper), Some(lower)) = (find(of[0]), find(of[1])) {
        println!("- {words}: {:.2}", upper / lower);
    }
}
