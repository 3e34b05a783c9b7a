//! Curves of loss over time.
//!
//! Time runs on an axis in pieces (an hour and a day are both wide enough to read), money on a
//! logarithmic one with room for nothing at the bottom. Lines carry their names at their ends.

use std::fmt::Write as _;

use cordon_model::{Hours, Money};
use maud::{Markup, html};

use super::page::Page;
use crate::amount;

/// Where the pieces of the time axis meet, in hours.
const TICKS: [f64; 6] = [0.0, 1.0, 6.0, 24.0, 72.0, 168.0];

/// What stands under them.
const TICK_WORDS: [&str; 6] = ["now", "1 h", "6 h", "24 h", "3 d", "7 d"];

/// Most decades of money drawn: below the lowest, losses are drawn as the lowest.
const DECADES_MAX: i32 = 6;

/// Height of a label.
const LABEL_HEIGHT: f64 = 16.0;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The plan.
    Chosen,
    /// Another answer.
    Other,
    /// What the intruder can take.
    Risk,
}

/// One line: hours and money.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    pub(crate) title: &'static str,
    pub(crate) mark: Mark,
    pub(crate) points: Vec<(f64, f64)>,
}

/// The frame of one drawing, in pixels.
struct Frame {
    class: &'static str,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    decades: std::ops::RangeInclusive<i32>,
}

/// The drawing twice: broad, and for a telephone.
pub(crate) fn drawn(page: &Page<'_>, curves: &[Curve], hold: &Hours) -> Markup {
    let decades = decades(curves);
    let wide = Frame {
        class: "plot wide",
        width: 720.0,
        height: 340.0,
        left: 52.0,
        right: 150.0,
        top: 26.0,
        bottom: 30.0,
        decades: decades.clone(),
    };
    let narrow = Frame {
        class: "plot narrow",
        width: 340.0,
        height: 320.0,
        left: 50.0,
        right: 86.0,
        top: 26.0,
        bottom: 30.0,
        decades,
    };
    html! { (plot(page, curves, hold, &wide)) (plot(page, curves, hold, &narrow)) }
}

/// The powers of ten that hold every loss that is not nothing.
fn decades(curves: &[Curve]) -> std::ops::RangeInclusive<i32> {
    let losses = curves.iter().flat_map(|curve| &curve.points);
    let (mut least, mut most) = (f64::INFINITY, 1.0_f64);
    for (_, loss) in losses.filter(|(_, loss)| *loss > 0.0) {
        least = least.min(*loss);
        most = most.max(*loss);
    }
    let top = power_above(most).max(1);
    let bottom = power_above(least.min(most)).saturating_sub(1).max(0);
    bottom.max(top - DECADES_MAX).min(top - 1)..=top
}

/// The lowest power of ten, none below one, that is not below a loss.
fn power_above(loss: f64) -> i32 {
    let reaches = |power: &i32| 10_f64.powi(*power) >= loss;
    (0..=30).find(reaches).unwrap_or(30)
}

impl Frame {
    fn x(&self, hours: f64) -> f64 {
        let pieces = TICKS.iter().zip(TICKS.iter().skip(1));
        let mut place = 0.0;
        for (from, to) in pieces {
            place += ((hours - from) / (to - from)).clamp(0.0, 1.0);
        }
        self.left + place / 5.0 * (self.width - self.left - self.right)
    }

    fn y(&self, loss: f64) -> f64 {
        let (bottom, top) = (
            f64::from(*self.decades.start()),
            f64::from(*self.decades.end()),
        );
        // Nothing stands one decade below the lowest.
        let level = if loss > 0.0 {
            (loss.log10() - bottom + 1.0).max(0.25)
        } else {
            0.0
        };
        let share = level / (top - bottom + 1.0);
        self.height - self.bottom - share * (self.height - self.top - self.bottom)
    }

    fn end(&self) -> f64 {
        self.width - self.right
    }
}

fn plot(page: &Page<'_>, curves: &[Curve], hold: &Hours, frame: &Frame) -> Markup {
    let (width, height) = (frame.width, frame.height);
    let end = frame.x(hold.to_f64());
    let base = frame.y(0.0);
    html! {
        svg class=(frame.class) viewBox=(format!("0 0 {width:.0} {height:.0}")) role="img"
            aria-label="loss over time of each answer; the table below has the numbers" {
            (grid(page, frame))
            line.hold x1=(px(end)) x2=(px(end)) y1=(px(frame.top - 6.0)) y2=(px(base)) {}
            text.hold x=(px(end)) y=(px(frame.top - 11.0)) { "hold " (amount::hours(hold)) }
            @for curve in curves { path class=(class(curve.mark)) d=(stroke(curve, frame)) {} }
            @for curve in curves.iter().filter(|curve| curve.mark != Mark::Risk) {
                @for (hours, loss) in &curve.points {
                    circle class=(class(curve.mark)) cx=(px(frame.x(*hours))) cy=(px(frame.y(*loss))) r="2.6" {}
                }
            }
            (names(curves, frame))
        }
    }
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Chosen => "curve chosen",
        Mark::Other => "curve",
        Mark::Risk => "curve risk",
    }
}

fn name_class(mark: Mark) -> &'static str {
    match mark {
        Mark::Chosen => "name chosen",
        Mark::Other => "name",
        Mark::Risk => "name risk",
    }
}

fn grid(page: &Page<'_>, frame: &Frame) -> Markup {
    let nothing = page.brief(&Money::zero());
    let levels = frame.decades.clone().map(|power| {
        let value = 10_i64.pow(power.clamp(0, 18).unsigned_abs());
        let at = frame.y(10_f64.powi(power));
        (at, page.brief(&Money::from_units(value)))
    });
    let levels = std::iter::once((frame.y(0.0), nothing)).chain(levels);
    html! {
        @for (y, words) in levels {
            line.grid x1=(px(frame.left)) x2=(px(frame.end())) y1=(px(y)) y2=(px(y)) {}
            text.money x=(px(frame.left - 8.0)) y=(px(y + 4.0)) { (words) }
        }
        @for (hours, words) in TICKS.iter().zip(TICK_WORDS) {
            text.time x=(px(frame.x(*hours))) y=(px(frame.height - 10.0)) { (words) }
        }
    }
}

fn stroke(curve: &Curve, frame: &Frame) -> String {
    let mut stroke = String::new();
    for (hours, loss) in &curve.points {
        let letter = if stroke.is_empty() { 'M' } else { 'L' };
        let (x, y) = (frame.x(*hours), frame.y(*loss));
        // Writing to a string cannot fail.
        let _ = write!(stroke, "{letter}{x:.1} {y:.1}");
    }
    stroke
}

/// Names at the ends of the lines, moved apart where they would overlap.
fn names(curves: &[Curve], frame: &Frame) -> Markup {
    let mut ends: Vec<(f64, &Curve)> = curves
        .iter()
        .filter_map(|curve| curve.points.last().map(|(_, loss)| (frame.y(*loss), curve)))
        .collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut least = frame.top;
    for (y, _) in &mut ends {
        *y = y.max(least);
        least = *y + LABEL_HEIGHT;
    }
    let mut most = frame.height - frame.bottom;
    for (y, _) in ends.iter_mut().rev() {
        *y = y.min(most);
        most = *y - LABEL_HEIGHT;
    }
    let x = frame.end() + 8.0;
    html! {
        @for (y, curve) in ends {
            text class=(name_class(curve.mark)) x=(px(x)) y=(px(y + 4.0)) {
                (if frame.right < 100.0 { brief(curve) } else { curve.title })
            }
        }
    }
}

/// A curve's name where there is little room.
fn brief(curve: &Curve) -> &'static str {
    match curve.title {
        "Contain what is held" => "What is held",
        "The cheapest cut" => "This cut",
        "Pull every plug" => "Every plug",
        other => other,
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::{Curve, Mark, decades};

    #[test]
    fn the_scale_holds_every_loss_and_not_much_more() {
        let check = |losses: &[f64], expect| {
            let points = losses.iter().map(|loss| (0.0, *loss)).collect();
            let curve = Curve {
                title: "t",
                mark: Mark::Other,
                points,
            };
            assert_eq!(decades(&[curve]), expect);
        };
        check(&[0.0], 0..=1);
        check(&[0.0, 250.0, 4e6], 2..=7);
        check(&[0.01, 5e9], 4..=10);
        check(&[1000.0], 2..=3);
    }
}
