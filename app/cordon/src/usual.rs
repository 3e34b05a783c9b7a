//! What is usual of whom: learned from history, read and saved.
//!
//! History is read once and judged by nobody. What of it cannot be read is told and counts for nothing: less is
//! usual then, and of those who are not known for long nothing is called new.

use std::fs;

use cordon_event::{Degradation, Event, FieldMap, Hints, Refusal, Sink};
use cordon_incident::baseline::{Baseline, snapshot::v1};
use cordon_source::list;
use jiff::Timestamp;

use crate::{
    Failure,
    console::{Console, causes},
    failure::Problems,
    reading::wrong,
    sources::Sources,
    typed::UsualFiles,
};

/// Reads what was learned before, learns from history, and saves it if asked to.
///
/// # Errors
/// When a file cannot be read or written, or is no snapshot.
pub(crate) fn usual(
    asked: &UsualFiles,
    (sources, fields): (&Sources, &FieldMap),
    console: &Console,
) -> Result<Baseline, Failure> {
    let mut learner = Learner {
        fields,
        usual: before(asked)?,
        events: 0,
        refused: 0,
    };
    if !asked.history.is_empty() {
        learner.learn(asked, sources, console)?;
    }
    let usual = learner.usual;
    if usual.left_out() > 0 {
        console.remark(&format!(
            "  {} times there was no room to learn of one more account",
            usual.left_out()
        ));
    }
    if let Some(path) = &asked.save_baseline {
        fs::write(path, v1::save(&usual)).map_err(|cause| Failure::write(path, cause))?;
    }
    Ok(usual)
}

fn before(asked: &UsualFiles) -> Result<Baseline, Failure> {
    let Some(path) = &asked.baseline else {
        return Ok(Baseline::default());
    };
    let text = fs::read_to_string(path).map_err(|cause| Failure::read(path, cause))?;
    v1::restore(&text).map_err(|broken| {
        let message = format!("{}: {broken}", path.display());
        let help = "give a file that --save-baseline wrote, or learn from --history again";
        Failure::Input(Problems::of_arguments("baseline", &message, help))
    })
}

/// Takes what events say of those who did them, and forgets the events.
struct Learner<'f> {
    fields: &'f FieldMap,
    usual: Baseline,
    events: u64,
    refused: u64,
}

impl Learner<'_> {
    fn learn(
        &mut self,
        asked: &UsualFiles,
        sources: &Sources,
        console: &Console,
    ) -> Result<(), Failure> {
        let listing = list(&asked.history).map_err(wrong)?;
        let progress = console.progress("learning what is usual");
        progress.expect(listing.size());
        let hints = Hints::at(Timestamp::now());
        let mut failed = listing.failed;
        for member in &listing.members {
            let hints = sources.hints(member.name(), &hints);
            let read = member.read(&hints, self, &|bytes| progress.advance(bytes));
            failed.extend(read.err());
        }
        drop(progress);
        console.remark(&format!(
            "learned from {} events of history, {} refused: {} habits",
            self.events,
            self.refused,
            self.usual.len()
        ));
        for failed in &failed {
            console.remark(&format!(
                "  history not read to its end: {}",
                causes(failed)
            ));
        }
        Ok(())
    }
}

impl Sink for Learner<'_> {
    fn event(&mut self, event: &Event, _degraded: &[Degradation]) {
        self.events += 1;
        if let Some(time) = event.time {
            self.usual.learn_record(&self.fields.entities(event), time);
        }
    }

    fn refusal(&mut self, _refusal: Refusal) {
        self.refused += 1;
    }
}
