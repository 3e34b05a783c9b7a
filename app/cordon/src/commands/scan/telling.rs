//! Detections on their way out, in the form asked for, a batch at a time.

use cordon_model::{Detection, LogRef, Timestamp};
use cordon_report::{
    detections_csv_head, detections_csv_line,
    json::{Writer, ecs_line, ocsf_line, v1::detection_line},
};
use rayon::prelude::*;

use crate::{
    Failure,
    console::Console,
    render::{self, Look, plain_json},
    typed::DetectionFormat,
};

/// Results whose texts are made side by side before they are written: a few megabytes.
const WRITTEN_TOGETHER: usize = 1024;

/// What has been told so far.
pub(super) struct Telling {
    told: u64,
    written: Timestamp,
}

impl Telling {
    /// Begins, at a moment.
    ///
    /// # Errors
    /// When results cannot be written.
    pub(super) fn begin(written: Timestamp, console: &mut Console) -> Result<Self, Failure> {
        match console.detections {
            DetectionFormat::Csv => console.result(&detections_csv_head())?,
            DetectionFormat::Json => console.result("[")?,
            DetectionFormat::Table
            | DetectionFormat::Jsonl
            | DetectionFormat::Ecs
            | DetectionFormat::Ocsf => {}
        }
        Ok(Self { told: 0, written })
    }

    /// What is told from now on is written at this moment.
    pub(super) fn at(&mut self, written: Timestamp) {
        self.written = written;
    }

    /// Tells all there is.
    ///
    /// # Errors
    /// When results cannot be written.
    pub(super) fn tell(
        &mut self,
        detections: &[Detection],
        console: &mut Console,
    ) -> Result<(), Failure> {
        if console.detections == DetectionFormat::Table {
            self.told += count(detections);
            return console.result(&render::detections(detections, console.look));
        }
        self.tell_each(detections, console)
    }

    /// Tells some of what there is, each in a line by itself.
    ///
    /// # Errors
    /// When results cannot be written.
    pub(super) fn tell_each(
        &mut self,
        detections: &[Detection],
        console: &mut Console,
    ) -> Result<(), Failure> {
        let (format, look) = (console.detections, console.look);
        for some in detections.chunks(WRITTEN_TOGETHER) {
            let texts = some.par_iter().map(|one| self.text(one, format, look));
            for text in texts.collect::<Vec<_>>() {
                if format == DetectionFormat::Json {
                    console.result(if self.told == 0 { "\n" } else { ",\n" })?;
                }
                console.result(&text)?;
                self.told += 1;
            }
        }
        Ok(())
    }

    /// What is told of one; nothing in it makes a terminal act.
    fn text(&self, detection: &Detection, format: DetectionFormat, look: Look) -> String {
        let writer = Writer {
            version: env!("CARGO_PKG_VERSION"),
            written: self.written,
        };
        // Our own line is written without anything unseen in it.
        let json = |line: String| plain_json(&line).into_owned();
        match format {
            DetectionFormat::Table => render::detection(detection, look),
            DetectionFormat::Csv => detections_csv_line(detection),
            DetectionFormat::Jsonl => detection_line(detection),
            DetectionFormat::Ecs => json(ecs_line(detection, &writer)),
            DetectionFormat::Ocsf => json(ocsf_line(detection, &writer)),
            DetectionFormat::Json => detection_line(detection).trim_end().to_owned(),
        }
    }

    /// Ends; gives how many were told.
    ///
    /// # Errors
    /// When results cannot be written.
    pub(super) fn end(self, console: &mut Console) -> Result<u64, Failure> {
        if console.detections == DetectionFormat::Json {
            console.result("\n]\n")?;
        }
        console.flush()?;
        Ok(self.told)
    }
}

fn count(detections: &[Detection]) -> u64 {
    u64::try_from(detections.len()).unwrap_or(u64::MAX)
}

/// Oldest first, unknown times last, and within a moment in the order of the files.
pub(super) fn place(detection: &Detection) -> (bool, Option<Timestamp>, Option<&LogRef>, &str) {
    let log = detection.last().map(|record| &record.log);
    (
        detection.time.is_none(),
        detection.time,
        log,
        detection.rule.id.as_str(),
    )
}
