//! `cordon respond`: the main job, once, over files.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use cordon_engine::{Decision, Engine, Goal, Input, Output, Repeats, Setup, suspected};
use cordon_incident::{Incident, Knowledge, Mark};
use cordon_model::{Hours, Thresholds, Timestamp};
use cordon_plan::{Beside, Effort};
use cordon_report::{
    Case, Reading,
    json::v1::{incidents_document, plan_document, timeline_document},
    report_html, timeline_csv,
};

use super::plan::verdict;
use crate::{
    Failure,
    console::Console,
    estate::estate,
    failure::Problems,
    left_out::remark_left_out,
    marks::{self, Word},
    moment::Period,
    reading::{Wanted, read},
    render,
    rule_set::{field_map, knowledge, usable_rules},
    sources::Sources,
    summary::remark_summary,
    typed::{self, Format, Judging, RuleFiles, SourceFiles, UsualFiles},
    usual::usual,
};

/// What to respond to, and where to put the answer.
#[derive(Debug)]
pub(crate) struct Meant {
    /// Estate files.
    pub(crate) estate: Vec<PathBuf>,
    /// Logs.
    pub(crate) logs: Vec<PathBuf>,
    /// Rules; the built-in ones if none.
    pub(crate) rules: RuleFiles,
    /// What is known of the logs.
    pub(crate) sources: SourceFiles,
    /// What is usual of whom.
    pub(crate) usual: UsualFiles,
    /// How findings are judged.
    pub(crate) judging: Judging,
    /// Where the results go.
    pub(crate) out: PathBuf,
    /// How long a cut is expected to stay.
    pub(crate) hold: Hours,
}

/// Does the main job and prints the story.
///
/// # Errors
/// When the input is wrong, the world fails, or no admissible plan exists.
pub(crate) fn run(asked: &typed::Respond, console: &mut Console) -> Result<(), Failure> {
    let meant = Meant {
        estate: asked.estate.estate.clone(),
        logs: asked.logs.clone(),
        rules: asked.rules.clone(),
        sources: asked.sources.clone(),
        usual: asked.usual.clone(),
        judging: asked.judging.clone(),
        out: asked.out.clone(),
        hold: asked.hold.hold.clone(),
    };
    respond(&meant, console)
}

/// The main job, whoever asks for it.
///
/// # Errors
/// When the input is wrong, the world fails, or no admissible plan exists.
pub(crate) fn respond(meant: &Meant, console: &mut Console) -> Result<(), Failure> {
    let estate = Arc::new(estate(&meant.estate, console)?);
    let thresholds = thresholds(&meant.judging)?;
    let words = marks::read(&meant.judging.marks, (&estate, thresholds))?;
    let rules = usable_rules(&meant.rules, console)?;
    let rules_in_use = rules.set.len();
    fs::create_dir_all(&meant.out).map_err(|cause| Failure::write(&meant.out, cause))?;
    let wanted = Wanted {
        sources: Sources::read(&meant.sources)?,
        period: Period::default(),
    };
    let fields = field_map();
    let usual = usual(&meant.usual, (&wanted.sources, &fields), console)?;
    let mut setup = Setup {
        estate,
        rules: Arc::new(rules.set),
        fields: Arc::new(fields),
        knowledge: Arc::default(),
        hold: meant.hold.clone(),
        effort: Effort::DEFAULT,
        lateness: Setup::LATENESS,
        repeats: Repeats::Once,
        goal: Goal::Decision,
    };
    let mut read = read(&meant.logs, &setup, &wanted, console)?;
    read.note_silent(&rules.products, console);
    setup.knowledge = Arc::new(Knowledge {
        usual,
        thresholds,
        watched: rules.techniques.watched(&read.products),
        ..knowledge()
    });
    let progress = console.progress("working out the cheapest cut");
    let mut engine = engine(setup, &words);
    let mut outputs = engine.advance(
        Timestamp::MIN,
        Input::Screened(std::mem::take(&mut read.screened)),
    );
    outputs.extend(engine.advance(Timestamp::MIN, Input::End));
    drop(progress);
    read.note_coverage(&engine);
    remark_summary(&read.reading, console);
    remark_tally(&engine, console);
    let found = Found::of(outputs);
    let Some(mut decision) = found.decision else {
        unreachable!("an engine that is told that no more will come gives a decision");
    };
    let progress = console.progress("looking at what else could be done");
    decision.look_around(
        &engine.setup().estate,
        &beside(&found.incidents, thresholds),
    );
    drop(progress);
    let said: Vec<_> = words.into_iter().map(|w| (w.entity, w.mark)).collect();
    let answered = Answered {
        setup: engine.setup(),
        reading: &read.reading,
        rules: rules_in_use,
        incidents: &found.incidents,
        marks: &said,
        decision: &decision,
    };
    answered.write(&meant.out)?;
    answered.print(console)?;
    console.remark(&format!(
        "wrote plan.json, incidents.json, timeline.csv, timeline.json and report.html to {}",
        meant.out.display()
    ));
    read.complete()?;
    verdict(&decision)
}

/// What is weighed beside what is held.
fn beside(incidents: &[Incident], thresholds: Thresholds) -> Beside {
    Beside {
        suspected: suspected(incidents, thresholds),
        approved: None,
    }
}

/// An engine that has heard what people said.
fn engine(setup: Setup, words: &[Word]) -> Engine {
    let mut engine = Engine::new(setup);
    for word in words {
        let mark = Input::Mark(word.marked.clone(), word.mark.clone());
        engine.advance(Timestamp::MIN, mark);
    }
    engine
}

/// From which confidence on which word is used.
fn thresholds(judging: &Judging) -> Result<Thresholds, Failure> {
    judging.thresholds().ok_or_else(|| {
        let message = "expected suspicion to begin above 0 and not above what is likely";
        let help = "give --suspected-from a number below that of --likely-from";
        Failure::Input(Problems::of_arguments("--suspected-from", message, help))
    })
}

/// Says what of the matches was told twice, or left out.
fn remark_tally(engine: &Engine, console: &mut Console) {
    remark_repeated(engine, console);
    remark_left_out(engine, console);
}

/// Says how many matches were told twice, if any were.
fn remark_repeated(engine: &Engine, console: &mut Console) {
    let tally = engine.tally();
    if tally.duplicates > 0 {
        console.remark(&format!(
            "  {} matches came twice and count once",
            tally.duplicates
        ));
    }
}

/// What an engine said last.
#[derive(Default)]
struct Found {
    incidents: Vec<Incident>,
    decision: Option<Decision>,
}

impl Found {
    fn of(outputs: Vec<Output>) -> Self {
        let mut found = Self::default();
        for output in outputs {
            match output {
                Output::Detections(_) | Output::Changes(_) => {}
                Output::Incidents(incidents) => found.incidents = incidents,
                Output::Decision(decision) => found.decision = Some(*decision),
            }
        }
        found
    }
}

/// Everything that the documents are written from.
struct Answered<'a> {
    setup: &'a Setup,
    reading: &'a Reading,
    rules: usize,
    incidents: &'a [Incident],
    marks: &'a [(String, Mark)],
    decision: &'a Decision,
}

impl Answered<'_> {
    fn write(&self, out: &Path) -> Result<(), Failure> {
        let estate = &*self.setup.estate;
        let question = self.decision.question(estate);
        let case = Case {
            estate,
            question: &question,
            answer: Some(&self.decision.answer),
            incidents: self.incidents,
            marks: self.marks,
            reading: self.reading,
            rules: u64::try_from(self.rules).unwrap_or(u64::MAX),
            generated: Timestamp::now(),
            version: env!("CARGO_PKG_VERSION"),
        };
        let write = |name: &str, text: String| {
            let path = out.join(name);
            fs::write(&path, text).map_err(|cause| Failure::write(path, cause))
        };
        write("plan.json", plan_document(&question, &self.decision.answer))?;
        write(
            "incidents.json",
            incidents_document(self.incidents, self.marks),
        )?;
        write("timeline.csv", timeline_csv(self.incidents, self.reading))?;
        write(
            "timeline.json",
            timeline_document(self.incidents, self.reading),
        )?;
        write("report.html", report_html(&case))
    }

    fn print(&self, console: &mut Console) -> Result<(), Failure> {
        let estate = &*self.setup.estate;
        match console.format {
            Format::Table => {
                let story = render::story(
                    (estate, self.reading),
                    self.incidents,
                    self.decision,
                    console.look,
                );
                console.result(&story)
            }
            Format::Json | Format::Jsonl => {
                let question = self.decision.question(estate);
                console.json_text(&plan_document(&question, &self.decision.answer))
            }
        }
    }
}
