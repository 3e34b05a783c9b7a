//! What is wrong with the user's texts, shown in place.
//!
//! All problems are shown, each with file, line, the line itself and what to do next, then a count.
//! A text is indexed once, and of a very long line only the part around the problem is shown.

use std::{collections::BTreeMap, fmt};

use cordon_text::{Diagnostic, Severity, Source, Span};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use super::{Look, plain, plain_lines};
use crate::failure::Problems;

/// Longest excerpt shown around a problem, in bytes before and after it: a few lines of a terminal.
const EXCERPT_BYTES_MAX: usize = 240;

/// All problems, then a count.
pub(crate) fn diagnostics(problems: &Problems, look: Look) -> String {
    let texts: BTreeMap<&str, Indexed> = problems
        .sources
        .iter()
        .map(|s| (s.name.as_ref(), Indexed::new(s)))
        .collect();
    let handler = handler(look);
    let mut out = String::new();
    for diagnostic in &problems.report.diagnostics {
        let shown = Shown::new(diagnostic, texts.get(diagnostic.file.as_ref()));
        // Writing to a string cannot fail, and an excerpt that could not be cut out is left out.
        let mut text = String::new();
        if handler.render_report(&mut text, &shown).is_err() {
            text = format!("{}: {}\n", shown.place(), shown.message);
        }
        out.push_str(text.trim_start_matches('\n'));
        out.push('\n');
    }
    out.push_str(&count(problems));
    out
}

/// A diagnostic on one line, for what does not stop anybody.
pub(crate) fn doubt(diagnostic: &Diagnostic) -> String {
    let help = diagnostic
        .help
        .as_deref()
        .map(|help| format!(" ({help})"))
        .unwrap_or_default();
    let word = diagnostic.severity.word();
    plain(&format!(
        "{word}: {}: {}{help}",
        place(diagnostic),
        diagnostic.message
    ))
}

fn handler(look: Look) -> GraphicalReportHandler {
    let theme = match (look.terminal, look.colour) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, _) => GraphicalTheme::none(),
    };
    GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(look.width)
        .with_context_lines(1)
        .without_syntax_highlighting()
}

fn count(problems: &Problems) -> String {
    let of = |severity| {
        let all = &problems.report.diagnostics;
        all.iter().filter(|d| d.severity == severity).count()
    };
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (of(severity), severity.word()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}{}", if number == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("{}\n", parts.join(", "))
    }
}

/// A diagnostic as miette wants it.
struct Shown<'a> {
    diagnostic: &'a Diagnostic,
    message: String,
    text: Option<&'a Indexed>,
}

impl<'a> Shown<'a> {
    fn new(diagnostic: &'a Diagnostic, text: Option<&'a Indexed>) -> Self {
        let message = format!(
            "{}: {}",
            diagnostic.severity.word(),
            plain(&diagnostic.message)
        );
        let message = match text {
            Some(_) => message,
            None if is_of_arguments(diagnostic) => {
                let (word, option) = (diagnostic.severity.word(), plain(&diagnostic.file));
                format!("{word}: {option}: {}", plain(&diagnostic.message))
            }
            None if diagnostic.span == Span::START => {
                format!("{}: {message}", plain(&diagnostic.file))
            }
            None => format!("{}: {message}", place(diagnostic)),
        };
        Self {
            diagnostic,
            message,
            text,
        }
    }

    fn place(&self) -> String {
        place(self.diagnostic)
    }
}

/// Whether it is about an option of the command, which is no text that has places.
fn is_of_arguments(diagnostic: &Diagnostic) -> bool {
    diagnostic.span == Span::START && diagnostic.file.starts_with("--")
}

fn place(diagnostic: &Diagnostic) -> String {
    let Span { line, column, .. } = diagnostic.span;
    format!("{}:{line}:{column}", plain(&diagnostic.file))
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        // Of an option its name says enough; the code is for programs.
        (!is_of_arguments(self.diagnostic))
            .then(|| Box::new(self.diagnostic.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.diagnostic.help.as_deref()?;
        Some(Box::new(plain_lines(help)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.text.map(|text| text as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (start, length) = self.text?.label(self.diagnostic.span);
        Some(Box::new(std::iter::once(LabeledSpan::new(
            None, start, length,
        ))))
    }
}

/// A harmless text and where its lines begin.
struct Indexed {
    name: String,
    text: String,
    line_starts: Vec<usize>,
}

impl Indexed {
    fn new(source: &Source) -> Self {
        let text = plain_lines(source.text.strip_prefix('\u{feff}').unwrap_or(&source.text));
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let line_starts = std::iter::once(0).chain(ends).collect();
        Self {
            name: plain(&source.name),
            text,
            line_starts,
        }
    }

    /// Where a line, counted from 0, begins; past the last line, where the text ends.
    fn line_start(&self, line: usize) -> usize {
        self.line_starts
            .get(line)
            .copied()
            .unwrap_or(self.text.len())
    }

    /// A line, counted from 0, without its end.
    fn line(&self, line: usize) -> &str {
        let range = self.line_start(line)..self.line_start(line.saturating_add(1));
        self.text
            .get(range)
            .unwrap_or_default()
            .trim_end_matches('\n')
    }

    /// The bytes of a span on its first line: where they begin, and how many.
    fn label(&self, span: Span) -> (usize, usize) {
        let line = index(span.line.saturating_sub(1));
        let row = self.line(line);
        let byte = |column: u32| {
            let skipped = index(column.saturating_sub(1));
            row.char_indices()
                .nth(skipped)
                .map_or(row.len(), |(at, _)| at)
        };
        let start = byte(span.column);
        let end = if span.end_line > span.line {
            row.len()
        } else {
            byte(span.end_column)
        };
        let length = end.saturating_sub(start).min(EXCERPT_BYTES_MAX);
        (
            self.line_start(line) + start,
            row_boundary(row, start, length),
        )
    }

    /// The line, counted from 0, that holds a byte.
    fn line_of(&self, offset: usize) -> usize {
        self.line_starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A length that ends between two characters, not longer than wanted.
fn row_boundary(row: &str, start: usize, length: usize) -> usize {
    row.floor_char_boundary(start + length)
        .saturating_sub(start)
}

impl SourceCode for Indexed {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (offset, last) = (span.offset(), span.offset() + span.len());
        let line = self.line_of(offset);
        let wanted = if lines_before == 0 {
            offset
        } else {
            self.line_start(line.saturating_sub(lines_before))
        };
        let start = wanted.max(
            self.text
                .floor_char_boundary(offset.saturating_sub(EXCERPT_BYTES_MAX)),
        );
        let last_line = self.line_of(last).saturating_add(lines_after);
        let line_end = self.line_start(last_line) + self.line(last_line).len();
        let most = self
            .text
            .floor_char_boundary(last.saturating_add(EXCERPT_BYTES_MAX));
        let end = if lines_after == 0 {
            last
        } else {
            line_end.min(most)
        };
        let first_line = self.line_of(start);
        let before = self
            .text
            .get(self.line_start(first_line)..start)
            .unwrap_or_default();
        let data = self
            .text
            .get(start..end.max(start))
            .ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data.as_bytes(),
            (start, data.len()).into(),
            first_line,
            before.chars().count(),
            last_line.saturating_sub(first_line) + 1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use cordon_text::{Diagnostic, Report, Source, Span};

    use super::{Look, diagnostics};
    use crate::failure::Problems;

    const LOOK: Look = Look {
        terminal: false,
        colour: false,
        width: 80,
    };

    fn shown(text: &str, span: Span, help: &str) -> String {
        let source = Source::new("estate.yaml", text);
        let problem = Diagnostic::error(&source, span, "unknown-key", "no key `knd`".to_owned());
        let report = Report {
            diagnostics: vec![problem.help(help)],
        };
        diagnostics(
            &Problems {
                report,
                sources: vec![source],
            },
            LOOK,
        )
    }

    fn span(line: u32, column: u32, end_column: u32) -> Span {
        Span {
            line,
            column,
            end_line: line,
            end_column,
        }
    }

    #[test]
    fn a_problem_is_shown_in_its_place_with_help_and_a_count() {
        let text = "nodes:\n  - id: a\n    knd: user\n    name: A\n";
        insta::assert_snapshot!(shown(text, span(3, 5, 8), "did you mean `kind`?"), @r"
        unknown-key

          x error: no key `knd`
           ,-[estate.yaml:3:5]
         2 |   - id: a
         3 |     knd: user
           :     ^^^
         4 |     name: A
           `----
          help: did you mean `kind`?

        1 error
        ");
    }

    #[test]
    fn columns_count_characters_and_controls_are_pictures() {
        let text = "é\x1b[2Jü knd: 1\n";
        insta::assert_snapshot!(shown(text, span(1, 8, 11), "remove it"), @r"
        unknown-key

          x error: no key `knd`
           ,-[estate.yaml:1:8]
         1 | é␛[2Jü knd: 1
           :        ^^^
           `----
          help: remove it

        1 error
        ");
    }

    #[test]
    fn of_a_very_long_line_only_the_place_is_shown() {
        let text = format!("{}knd{}", "é".repeat(100_000), "x".repeat(100_000));
        let text = shown(&text, span(1, 100_001, 100_004), "shorten it");
        assert!(text.contains("estate.yaml:1:100001"), "{text}");
        assert!(text.len() < 3_000, "{}", text.len());
    }

    #[test]
    fn a_place_past_the_end_is_still_shown() {
        let text = shown("a: 1\n", span(9, 1, 4), "check the end");
        assert!(text.contains("no key `knd`"), "{text}");
    }

    #[test]
    fn an_empty_text_can_be_wrong() {
        let text = shown("", Span::START, "write something");
        assert!(text.contains("estate.yaml"), "{text}");
    }

    #[test]
    fn what_is_wrong_with_an_option_is_one_message() {
        let problems = Problems::of_arguments("--source", "`x`: no pattern", "write one");
        let text = diagnostics(&problems, LOOK);
        assert!(text.contains("error: --source: `x`: no pattern"), "{text}");
        assert!(!text.contains("wrong-argument"), "{text}");
        assert!(!text.contains(": error:"), "{text}");
    }

    #[test]
    fn without_its_text_a_problem_still_names_its_place() {
        let source = Source::new("a.yml", "");
        let problem = Diagnostic::error(&source, span(4, 2, 3), "x", "bad".to_owned()).warning();
        let report = Report {
            diagnostics: vec![problem],
        };
        let text = diagnostics(
            &Problems {
                report,
                sources: Vec::new(),
            },
            LOOK,
        );
        assert!(text.contains("a.yml:4:2: warning: bad"), "{text}");
        assert!(text.contains("1 warning\n"), "{text}");
    }
}
