//! Detections on their way out, in the form asked for, a batch at a time.

use cordon_model::{Detection, LogRef, Timestamp};
use cordon_report::{
    detections_csv_head, detections_csv_line,
    json::{Writer, ecs_line, ocsf_line, v1::detection_line},
};

use crate::{
    Failure,
    console::Console,
    render::{self, plain_json},
    typed::DetectionFormat,
};

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
        for detection in detections {
            let text = self.text(detection, console);
            console.result(&text)?;
            self.told += 1;
        }
        Ok(())
    }

    fn text(&self, detection: &Detection, console: &Console) -> String {
        let writer = Writer {
            version: env!("CARGO_PKG_VERSION"),
            written: self.written,
        };
        let json = |line: String| plain_json(&line).into_owned();
        match console.detections {
            DetectionFormat::Table => render::detection(detection, console.look),
            DetectionFormat::Csv => detections_csv_line(detection),
            DetectionFormat::Jsonl => json(detection_line(detection)),
            DetectionFormat::Ecs => json(ecs_line(detection, &writer)),
            DetectionFormat::Ocsf => json(ocsf_line(detection, &writer)),
            DetectionFormat::Json => {
                let line = json(detection_line(detection));
                let between = if self.told == 0 { "\n" } else { ",\n" };
                format!("{between}{}", line.trim_end())
            }
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
