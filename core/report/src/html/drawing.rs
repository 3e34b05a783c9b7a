//! The attack paths, drawn, with the cut marked.
//!
//! Two drawings of the same places: footholds left and jewels right where there is room for it,
//! footholds above and jewels below on a telephone.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::{
    attack::{Attack, Line, Thing, attack},
    layers::{Flow, Place, Placed, place},
    page::{Page, section as framed, words},
};
use crate::{amount, record::name, visible::clipped};

/// Which way the drawing runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Left to right.
    Across,
    /// Above to below.
    Down,
}

/// Sizes in pixels, and how many characters fit a line of a label.
struct Sizes {
    box_width: f64,
    box_height: f64,
    layer_gap: f64,
    along_gap: f64,
    chars: usize,
}

/// Room around the drawing for badges and strokes.
const MARGIN: f64 = 14.0;

/// Least scale of the drawing, before it has to be scrolled: smaller letters cannot be read.
const SHRINK_MIN: f64 = 0.74;

/// Largest scale of the drawing.
const GROW_MAX: f64 = 1.15;

/// A line that strays less than this from its ends is drawn straight, not through its bends.
const STRAIGHT_SPREAD_MAX: f64 = 0.4;

/// Half the height of a badge.
const BADGE: f64 = 10.0;

/// Most lines of a label, what it is below not counted.
const LABEL_LINES_MAX: usize = 2;

impl Way {
    fn sizes(self) -> Sizes {
        match self {
            Self::Across => Sizes {
                box_width: 140.0,
                box_height: 58.0,
                layer_gap: 206.0,
                along_gap: 76.0,
                chars: 18,
            },
            Self::Down => Sizes {
                box_width: 98.0,
                box_height: 62.0,
                layer_gap: 108.0,
                along_gap: 104.0,
                chars: 13,
            },
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Across => "graph wide",
            Self::Down => "graph narrow",
        }
    }
}

/// A point in the drawing.
type Point = (f64, f64);

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let attack = attack(page);
    if attack.things.is_empty() {
        return html! {};
    }
    let first = place(&flow(&attack));
    let layer: Vec<usize> = first.things.iter().map(|place| place.layer).collect();
    let attack = attack.folded(&layer);
    let placed = place(&flow(&attack));
    let body = html! {
        figure.graph-figure {
            (svg(page, &attack, &placed, Way::Across))
            (svg(page, &attack, &placed, Way::Down))
            (legend(&attack))
        }
    };
    framed("paths", "The paths and the cut", &body)
}

fn flow(attack: &Attack) -> Flow {
    let last = attack.things.iter().enumerate();
    Flow {
        count: attack.things.len(),
        lines: attack
            .lines
            .iter()
            .map(|line| (line.from, line.to))
            .collect(),
        last: last.filter(|(_, t)| t.jewel).map(|(at, _)| at).collect(),
    }
}

/// Where places become pixels.
struct Canvas {
    way: Way,
    sizes: Sizes,
    /// Where each layer begins: all alike across; downwards each at the left edge, so that a narrow
    /// screen begins with the footholds in sight.
    least: Vec<f64>,
    width: f64,
    height: f64,
}

impl Canvas {
    fn new(way: Way, placed: &Placed) -> Self {
        let sizes = way.sizes();
        let all = || placed.things.iter().chain(placed.bends.iter().flatten());
        let of_layer = |layer: usize| all().filter(move |place| place.layer == layer);
        let low = |low: f64, place: &Place| low.min(place.along);
        let least_of_all = all().fold(f64::INFINITY, low);
        let least: Vec<f64> = (0..placed.layers)
            .map(|layer| match way {
                Way::Across => least_of_all,
                Way::Down => of_layer(layer).fold(f64::INFINITY, low),
            })
            .collect();
        let right =
            |place: &Place| place.along - least.get(place.layer).copied().unwrap_or_default();
        let widest = all().map(right).fold(0.0, f64::max);
        let layers = u32::try_from(placed.layers.saturating_sub(1)).map_or(0.0, f64::from);
        let (deep, broad) = (layers * sizes.layer_gap, widest * sizes.along_gap);
        let (width, height) = match way {
            Way::Across => (deep, broad),
            Way::Down => (broad, deep),
        };
        Self {
            way,
            least,
            width: width + sizes.box_width + 2.0 * MARGIN,
            height: height + sizes.box_height + 2.0 * MARGIN,
            sizes,
        }
    }

    /// The middle of a place.
    fn point(&self, place: Place) -> Point {
        let layer = u32::try_from(place.layer).map_or(0.0, f64::from);
        let deep = layer * self.sizes.layer_gap;
        let least = self.least.get(place.layer).copied().unwrap_or_default();
        let along = (place.along - least) * self.sizes.along_gap;
        let (x, y) = match self.way {
            Way::Across => (deep, along),
            Way::Down => (along, deep),
        };
        (
            x + self.sizes.box_width / 2.0 + MARGIN,
            y + self.sizes.box_height / 2.0 + MARGIN,
        )
    }

    /// From a middle to the side where lines leave (`1.0`) or arrive (`-1.0`).
    fn side(&self, (x, y): Point, direction: f64) -> Point {
        match self.way {
            Way::Across => (x + direction * self.sizes.box_width / 2.0, y),
            Way::Down => (x, y + direction * self.sizes.box_height / 2.0),
        }
    }

    /// The points a line passes, first to last.
    fn points(&self, line: &Line, bends: &[Place], placed: &Placed) -> Option<Vec<Point>> {
        let from = placed.things.get(line.from)?;
        let to = placed.things.get(line.to)?;
        let mut points = vec![self.side(self.point(*from), 1.0)];
        let all = || [from, to].into_iter().chain(bends).map(|place| place.along);
        let spread = all().fold(f64::NEG_INFINITY, f64::max) - all().fold(f64::INFINITY, f64::min);
        let straight = spread < STRAIGHT_SPREAD_MAX;
        for bend in bends.iter().filter(|_| !straight) {
            let middle = self.point(*bend);
            points.push(self.side(middle, -1.0));
            points.push(self.side(middle, 1.0));
        }
        points.push(self.side(self.point(*to), -1.0));
        Some(points)
    }

    /// A smooth stroke through points.
    fn stroke(&self, points: &[Point]) -> String {
        let mut stroke = String::new();
        let mut previous: Option<Point> = None;
        for (x, y) in points {
            // Writing to a string cannot fail.
            let _ = match (previous, self.way) {
                (None, _) => write!(stroke, "M{x:.1} {y:.1}"),
                (Some((a, b)), Way::Across) => {
                    let mid = f64::midpoint(a, *x);
                    write!(stroke, "C{mid:.1} {b:.1} {mid:.1} {y:.1} {x:.1} {y:.1}")
                }
                (Some((a, b)), Way::Down) => {
                    let mid = f64::midpoint(b, *y);
                    write!(stroke, "C{a:.1} {mid:.1} {x:.1} {mid:.1} {x:.1} {y:.1}")
                }
            };
            previous = Some((*x, *y));
        }
        stroke
    }
}

fn svg(page: &Page<'_>, attack: &Attack, placed: &Placed, way: Way) -> Markup {
    let canvas = Canvas::new(way, placed);
    let lines = attack.lines.iter().zip(&placed.bends);
    let (width, height) = (canvas.width, canvas.height);
    let marker = match way {
        Way::Across => "head-across",
        Way::Down => "head-down",
    };
    html! {
        div.scroll {
            svg class=(way.class()) viewBox=(format!("0 0 {width:.0} {height:.0}"))
                style=(format!("min-width:{:.0}px;max-width:{:.0}px", width * SHRINK_MIN, width * GROW_MAX))
                role="img" aria-label="the attack paths and where the plan cuts them" {
                defs {
                    (head(marker, "head"))
                    (head(&format!("{marker}-cut"), "head cut"))
                }
                @for (line, bends) in lines.clone() {
                    @if let Some(points) = canvas.points(line, bends, placed) {
                        path class=(line_class(line)) d=(canvas.stroke(&points))
                            marker-end=(format!("url(#{marker}{})", if line.cut { "-cut" } else { "" })) {}
                    }
                }
                @for (thing, place) in attack.things.iter().zip(&placed.things) {
                    (drawn(page, thing, &canvas, canvas.point(*place)))
                }
                @for (line, bends) in lines {
                    @if let Some(points) = canvas.points(line, bends, placed) {
                        (line_badge(attack, line, &points))
                    }
                }
            }
        }
    }
}

fn head(id: &str, class: &str) -> Markup {
    html! {
        marker id=(id) viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto" {
            path class=(class) d="M0.5 0.5 7.5 4 0.5 7.5" {}
        }
    }
}

fn line_class(line: &Line) -> &'static str {
    match (line.cut, line.unknown) {
        (true, _) => "line cut",
        (false, true) => "line unsure",
        (false, false) => "line",
    }
}

fn drawn(page: &Page<'_>, thing: &Thing, canvas: &Canvas, (x, y): Point) -> Markup {
    let Sizes {
        box_width,
        box_height,
        chars,
        ..
    } = canvas.sizes;
    let (left, top) = (x - box_width / 2.0, y - box_height / 2.0);
    let (lines, below) = label(page, thing, chars);
    let rows = u32::try_from(lines.len() + 1).map_or(2.0, f64::from);
    let first = y - (rows - 1.0) * 7.5 + 4.5;
    html! {
        g class=(thing_class(thing)) {
            title { (thing.node.map_or_else(|| below.clone(), |node| page.node_id(node))) }
            rect x=(px(left)) y=(px(top)) width=(px(box_width)) height=(px(box_height)) rx="7" {}
            @for (row, text) in (0_u32..).zip(&lines) {
                text.label x=(px(x)) y=(px(first + f64::from(row) * 15.0)) { (text) }
            }
            text.sub x=(px(x)) y=(px(first + (rows - 1.0) * 15.0)) { (below) }
            @if !thing.cut_by.is_empty() { (badge(&thing.cut_by, (left + 4.0, top + 2.0))) }
        }
    }
}

fn thing_class(thing: &Thing) -> String {
    let mut class = "thing".to_owned();
    let marks = [
        (thing.held, " held"),
        (thing.jewel, " jewel"),
        (thing.reached_after, " still"),
        (!thing.cut_by.is_empty(), " cut"),
        (thing.node.is_none(), " fold"),
    ];
    for (holds, mark) in marks {
        if holds {
            class.push_str(mark);
        }
    }
    class
}

/// What is written in a thing: its name on one or two lines, and what it is below.
fn label(page: &Page<'_>, thing: &Thing, chars: usize) -> (Vec<String>, String) {
    let Some(ix) = thing.node else {
        let many = format!("{} more", amount::count(thing.stands_for));
        return (vec![many], "folded".to_owned());
    };
    let node = page.case.estate.node(ix);
    let called = node.name.as_deref().unwrap_or(node.id.as_str());
    let below = match &node.jewel {
        Some(jewel) => page.brief(&jewel.loss),
        None => clipped(&words(node.kind.as_str()).to_lowercase(), chars),
    };
    (wrapped(&name(called), chars, LABEL_LINES_MAX), below)
}

/// A text broken between words into lines of so many characters; what is over is left out.
fn wrapped(text: &str, chars: usize, lines_max: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive([' ', '-', '/', '@', '.', ':', ',']) {
        let full = lines.len() == lines_max;
        let Some(line) = lines.last_mut() else { break };
        let fits = line.chars().count() + word.trim_end().chars().count() <= chars;
        if fits || line.is_empty() || full {
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
        .iter()
        .map(|line| clipped(line.trim(), chars))
        .collect()
}

/// The numbers of the steps that cut a line, unless a removed end already shows them.
fn line_badge(attack: &Attack, line: &Line, points: &[Point]) -> Markup {
    let ends = [attack.things.get(line.from), attack.things.get(line.to)];
    let at_ends = |n: &usize| ends.iter().flatten().any(|end| end.cut_by.contains(n));
    let numbers: Vec<usize> = line
        .cut_by
        .iter()
        .copied()
        .filter(|n| !at_ends(n))
        .collect();
    let middle = points.len() / 2;
    match (points.get(middle.saturating_sub(1)), points.get(middle)) {
        (Some((a, b)), Some((c, d))) if !numbers.is_empty() => {
            badge(&numbers, (f64::midpoint(*a, *c), f64::midpoint(*b, *d)))
        }
        (Some(_) | None, Some(_) | None) => html! {},
    }
}

fn badge(numbers: &[usize], (x, y): Point) -> Markup {
    let texts: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let text = texts.join(" ");
    let extra = u32::try_from(text.len().saturating_sub(1)).map_or(0.0, f64::from) * 6.0;
    let width = 2.0 * BADGE + extra;
    html! {
        g.badge {
            rect x=(px(x - width / 2.0)) y=(px(y - BADGE)) width=(px(width)) height=(px(2.0 * BADGE)) rx=(px(BADGE)) {}
            text x=(px(x)) y=(px(y + 4.0)) { (text) }
        }
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

fn legend(attack: &Attack) -> Markup {
    let any_cut = attack.lines.iter().any(|line| line.cut);
    let unsure = attack.lines.iter().any(|line| line.unknown);
    let folded = attack.things.iter().any(|thing| thing.node.is_none());
    let still = any_cut && attack.things.iter().any(|t| t.reached_after && !t.held);
    html! {
        figcaption {
            (key("held-key", "held"))
            (key("jewel-key", "priced"))
            @if any_cut { (key("cut-key", "cut by the step of that number")) }
            @if still { (key("still-key", "within reach even then")) }
            @if unsure { (key("unsure-key", "not known to exist, taken as there")) }
            span.soft {
                "The fastest way to each jewel, and a way through what each step cuts."
                @if folded { " Things that tell little are folded." }
            }
        }
    }
}

fn key(class: &str, words: &str) -> Markup {
    html! { span.item { span class=(format!("key {class}")) {} (words) } " " }
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn labels_break_between_words_and_end() {
        let check = |text: &str, lines: usize, expect: &[&str]| {
            assert_eq!(wrapped(text, 10, lines), expect);
        };
        check("Domain controller 1", 2, &["Domain", "controller…"]);
        check("Tills", 2, &["Tills"]);
        check("host:dc1.northgate", 1, &["host:dc1.n…"]);
        check("", 1, &[""]);
    }
}
