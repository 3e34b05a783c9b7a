//! What the format `estate/v1` means, what it refuses, and what it says then.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test whose world cannot be built should stop"
)]

mod accepted;
mod doubted;
mod laws;
mod lines;
mod pages;
mod refused;
mod several;

use std::fmt::Write;

use cordon_estate::{Pages, Read, read};
use cordon_model::Estate;
use cordon_text::{Report, Source};

const HEAD: &str = "cordon: estate/v1\nname: Northgate\ncurrency: GBP\n";

/// Two pages of steps and two of edges, so that tests do not hang on the content.
fn pages() -> Pages {
    let step = |kind: &str, back: &str| {
        let text = format!(
            "kind: {kind}\ntitle: t\ncuts: c\ntakes_down: d\n{back}\ncheck: page check\n\
             d3fend: [D3-AL]\nreferences: [r]\ndo: {{connector: dry, n: 1}}\nminutes: 9\n"
        );
        Source::new(format!("content/steps/{kind}.yml"), text)
    };
    let edge = |kind: &str| {
        let text = format!(
            "kind: {kind}\ntitle: t\ngives: g\nprecondition: p\neffort: e\nlikelihood: l\n\
             attack: [T1078]\nreferences: [r]\n"
        );
        Source::new(format!("content/reach/{kind}.yml"), text)
    };
    let steps = [
        step("disable-account", "undo: page undo"),
        step("reset-password", "irreversible: true"),
    ];
    let (pages, report) = Pages::parse(&steps, &[edge("admin-to"), edge("member-of")]);
    assert_eq!(report.diagnostics, []);
    pages
}

fn read_all(texts: &[(&str, &str)]) -> Result<Read, Report> {
    let sources: Vec<_> = texts
        .iter()
        .map(|(name, text)| Source::new(*name, *text))
        .collect();
    read(&sources, &pages())
}

/// The estate of a text without its head, which must be sound and without doubts.
fn estate(body: &str) -> Estate {
    let read = read_all(&[("e.yaml", &format!("{HEAD}{body}"))]);
    let read = read.unwrap_or_else(|report| panic!("{}", told(&report)));
    assert_eq!(told(&read.lints), "");
    read.estate
}

/// A report as a person would read it, one problem a line and its help below.
fn told(report: &Report) -> String {
    let mut text = String::new();
    for d in &report.diagnostics {
        let (line, column) = (d.span.line, d.span.column);
        let head = format!(
            "{}:{line}:{column} {} {}",
            d.file,
            d.severity.word(),
            d.code
        );
        writeln!(text, "{head}: {}", d.message).unwrap();
        if let Some(help) = &d.help {
            writeln!(text, "  {help}").unwrap();
        }
    }
    text
}

/// What is said about a text that is refused.
fn refused(texts: &[(&str, &str)]) -> String {
    match read_all(texts) {
        Ok(_) => panic!("this should be refused"),
        Err(report) => told(&report),
    }
}

/// What is said about a text that is read.
fn doubted(body: &str) -> String {
    let read = read_all(&[("e.yaml", &format!("{HEAD}{body}"))]);
    told(
        &read
            .unwrap_or_else(|report| panic!("{}", told(&report)))
            .lints,
    )
}
