//! Figures as a Markdown table.

use std::time::Duration;

use crate::{
    measured::{Spread, Used, spread},
    told::Told,
};

/// One line: what ran, and its rounds with the start taken off.
pub(crate) struct Line {
    pub(crate) words: String,
    pub(crate) told: Told,
    pub(crate) rounds: Vec<Used>,
    pub(crate) start: Vec<Used>,
}

impl Line {
    /// Events for each second of CPU.
    pub(crate) fn rate(&self) -> Spread {
        self.per_second(self.told.events, |used| used.cpu)
    }

    /// Seconds on the clock without the start.
    pub(crate) fn wall(&self) -> Spread {
        let start = middle(&self.start, |used| used.wall);
        spread(
            self.rounds
                .iter()
                .map(|used| used.wall.as_secs_f64() - start)
                .collect(),
        )
    }

    fn per_second(&self, amount: u64, time: fn(&Used) -> Duration) -> Spread {
        let start = middle(&self.start, time);
        let rate = |used: &Used| as_f64(amount) / (time(used).as_secs_f64() - start).max(1e-6);
        spread(self.rounds.iter().map(rate).collect())
    }

    fn row(&self, first: f64) -> String {
        let rate = self.rate();
        let bytes = self.per_second(self.told.bytes, |used| used.cpu).median;
        let peak = self
            .rounds
            .iter()
            .map(|used| used.peak)
            .max()
            .unwrap_or_default();
        format!(
            "| {} | {} | {} – {} | {:.0} | {:.2} | {:.2} | {:.0} | {} | {:.2} |",
            self.words,
            thousands(rate.median),
            thousands(rate.least),
            thousands(rate.most),
            bytes / 1e6,
            self.wall().median,
            middle(&self.start, |used| used.cpu),
            as_f64(peak) / 1024.0 / 1024.0,
            self.told.matches,
            rate.median / first,
        )
    }
}

fn middle(rounds: &[Used], time: fn(&Used) -> Duration) -> f64 {
    spread(rounds.iter().map(|used| time(used).as_secs_f64()).collect()).median
}

/// All lines; the last column compares with the first of them.
pub(crate) fn table(lines: &[Line]) -> String {
    let first = lines.first().map_or(1.0, |line| line.rate().median);
    let mut rows = vec![
        "| lane | k events / CPU-s | least – most | MB / CPU-s | wall s | start CPU-s | peak MiB | matches | × first |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    rows.extend(lines.iter().map(|line| line.row(first)));
    rows.join("\n") + "\n"
}

fn thousands(rate: f64) -> String {
    format!("{:.1}", rate / 1000.0)
}

#[expect(clippy::cast_precision_loss, reason = "for showing only")]
pub(crate) fn as_f64(number: u64) -> f64 {
    number as f64
}
