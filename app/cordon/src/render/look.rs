//! What a stream can show.

use std::env;

/// Width used where no terminal says otherwise, in columns: fits a mail and a ticket.
const WIDTH_ELSEWHERE: usize = 100;

/// Least width that anything is laid out in.
const WIDTH_MIN: usize = 40;

/// What a stream can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Whether a person watches it on a terminal.
    pub(crate) terminal: bool,
    /// Whether it may be coloured.
    pub(crate) colour: bool,
    /// How wide it is, in columns.
    pub(crate) width: usize,
}

/// How much a piece of text matters to the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A heading.
    Heading,
    /// Something bad.
    Bad,
    /// Something good.
    Good,
    /// Something beside the point.
    Dim,
    /// Text like any other.
    Plain,
}

impl Look {
    /// How a stream looks: coloured only on a terminal, and only if colour is wanted.
    #[expect(
        clippy::fn_params_excessive_bools,
        reason = "two independent facts about a stream"
    )]
    pub(crate) fn of_stream(terminal: bool, colour_wanted: bool) -> Self {
        let said = env::var("COLUMNS").ok().and_then(|said| columns(&said));
        let size = || terminal.then(terminal_size::terminal_size).flatten();
        let width = said.or_else(|| size().map(|(width, _)| usize::from(width.0)));
        Self {
            terminal,
            colour: terminal && colour_wanted,
            width: width.unwrap_or(WIDTH_ELSEWHERE).max(WIDTH_MIN),
        }
    }

    /// The text in a tone, where colour is allowed.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        if !self.colour || tone == Tone::Plain {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Heading => "1",
            Tone::Bad => "31",
            Tone::Good => "32",
            Tone::Dim => "2",
            Tone::Plain => "0",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// A width that somebody asks for; none if it is no number, or none of columns.
fn columns(said: &str) -> Option<usize> {
    said.trim().parse().ok().filter(|columns| *columns > 0)
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn a_width_is_asked_for_by_a_number_of_columns_and_by_nothing_else() {
        let cases = [
            ("160", Some(160)),
            (" 80 ", Some(80)),
            ("0", None),
            ("-1", None),
            ("wide", None),
            ("", None),
        ];
        for (said, expect) in cases {
            assert_eq!(columns(said), expect, "{said:?}");
        }
    }
}
