//! Patterns, and what is typed and written.

use cordon_text::Source;

use super::{Sources, fits, setting::Setting, typed_one, yaml};

#[test]
fn a_pattern_fits_a_path_or_its_end() {
    for (pattern, path, expect) in [
        ("fw*.log", "logs/vpn/fw1.log", true),
        ("fw*.log", "logs/vpn/afw1.log", false),
        ("vpn/*", "logs/vpn/fw1.log", true),
        ("logs/*", "logs/vpn/fw1.log", true),
        ("*", "x", true),
        ("x?", "logs/xy", true),
        ("x?", "x", false),
        ("a.json", "case.zip!deep/a.json", true),
        ("a.json", "case.zip!a.json", true),
        ("*a*b*c", "aXbXbc", true),
        ("*a*b*c", "aXbXb", false),
        ("vpn\\*", "logs/vpn/fw1.log", true),
        ("-", "-", true),
    ] {
        assert_eq!(fits(pattern, path), expect, "{pattern} {path}");
    }
}

fn typed(text: &str) -> Result<(String, Vec<String>), String> {
    match typed_one(text) {
        Ok(declared) => {
            let words = declared.settings.iter().map(Setting::words);
            Ok((declared.pattern, words.collect()))
        }
        Err(wrong) => Err(wrong.to_string()),
    }
}

#[test]
fn what_is_typed_may_hold_colons_and_commas_of_its_own() {
    let (pattern, words) =
        typed(r"C:\logs\*.csv:zone=Europe/London,time=dd/MM/yyyy, HH:mm:ss,clock=-90s").unwrap();
    assert_eq!(pattern, r"C:\logs\*.csv");
    assert_eq!(
        words,
        [
            "times without a zone are of Europe/London",
            "times are written dd/MM/yyyy, HH:mm:ss",
            "clock 1m30s behind"
        ]
    );
    assert_eq!(typed("a:zone=+02:00,format=lines").unwrap().1.len(), 2);
    for (text, why) in [
        ("a", "expected one of zone"),
        (":zone=UTC", "expected a pattern"),
        ("a:zone=Nowhere/City", "found `Nowhere/City`"),
        ("a:zone=Europe/Londn", "did you mean Europe/London?"),
        ("a:zone=Europe/London,clok=3", "no setting `clok`"),
        ("a:clock=3", "expected a number and s, m, h or d"),
        ("a:format=word", "expected a log format"),
    ] {
        let wrong = typed(text).unwrap_err();
        assert!(wrong.contains(why), "{text}: {wrong}");
    }
}

#[test]
fn all_that_is_wrong_in_a_file_is_said_at_its_place() {
    let text = "sources:\n  - { path: a, zone: Nowhere }\n  - { zone: UTC, clok: +3h }\n";
    let (_, report) = yaml::read(&Source::new("s.yml", text));
    let said: Vec<_> = report
        .diagnostics
        .iter()
        .map(|d| (d.span.line, d.code))
        .collect();
    assert_eq!(
        said,
        [(2, "wrong-setting"), (3, "missing-key"), (3, "unknown-key")]
    );
}

#[test]
fn what_is_said_later_counts_and_the_rest_stays() {
    let text = "sources:\n  - { path: '*', zone: Europe/London, clock: +3h }\n  - { path: fw.log, clock: -1h }\n";
    let (declared, report) = yaml::read(&Source::new("s.yml", text));
    assert!(!report.has_errors(), "{report:?}");
    let sources = Sources(declared);
    let settings = sources.settings("logs/fw.log");
    assert_eq!(settings.clock_offset.as_hours(), -1);
    assert_eq!(settings.zone.unwrap().iana_name(), Some("Europe/London"));
    assert_eq!(sources.settings("logs/x").clock_offset.as_hours(), 3);
    let files: Vec<u64> = sources
        .facts(&["logs/fw.log", "logs/x"])
        .iter()
        .map(|fact| fact.files)
        .collect();
    assert_eq!(files, [2, 1]);
}
