//! Tables for people.
//!
//! Figures and names that are copied are never broken, and words never within. Where a line is too narrow
//! for all columns, the widest texts are set below their row instead of squeezed.

use unicode_width::UnicodeWidthStr as _;

use super::{Look, plain};

/// One column of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    /// Words, wrapped where the line is too narrow.
    Text(&'static str),
    /// Names that are copied, and so never wrapped.
    Whole(&'static str),
    /// Figures, set to the right.
    Number(&'static str),
}

/// Least width of words beside other columns: below it a column is read letter by letter.
const TEXT_WIDTH_MIN: usize = 12;

/// Lines that a text may take beside other columns: a higher one hides which row is which.
const TEXT_LINES_MAX: usize = 4;

/// Between two columns.
const GAP: &str = "  ";

/// Between two things that are set below one row.
const APART: &str = " · ";

/// Before what is set below a row.
const INDENT: &str = "     ";

/// A table with a heading line, its cells made harmless; wrapped where a line is too narrow.
pub(crate) fn table<R: IntoIterator<Item = String>>(
    columns: &[Column],
    rows: impl IntoIterator<Item = R>,
    look: Look,
) -> String {
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.into_iter().map(|cell| plain(&cell)).collect())
        .collect();
    let layout = Layout::of(columns, &rows, look.width);
    let titles: Vec<&str> = columns.iter().map(Column::title).collect();
    let mut text = layout.beside(&titles);
    for row in &rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        text.push_str(&layout.beside(&cells));
        text.push_str(&layout.below(&cells));
    }
    text
}

impl Column {
    fn title(&self) -> &'static str {
        match self {
            Self::Text(title) | Self::Whole(title) | Self::Number(title) => title,
        }
    }

    /// How narrow it may be to hold a cell.
    fn least(&self, cell: &str) -> usize {
        match self {
            Self::Text(_) => {
                let longest = cell.split(' ').map(str::width).max();
                longest.unwrap_or(0).max(TEXT_WIDTH_MIN.min(cell.width()))
            }
            Self::Whole(_) | Self::Number(_) => cell.width(),
        }
    }
}

/// A column with the place that it has in each row.
struct Shown {
    column: Column,
    place: usize,
    least: usize,
    /// With nothing wrapped.
    natural: usize,
    width: usize,
}

/// Which columns stand beside each other, and which are set below their row.
struct Layout {
    beside: Vec<Shown>,
    below: Vec<Shown>,
    /// Of a line.
    width: usize,
}

impl Layout {
    fn of(columns: &[Column], rows: &[Vec<String>], width: usize) -> Self {
        let shown = columns.iter().enumerate().map(|(place, column)| {
            let cells = || rows.iter().filter_map(|row| row.get(place));
            let most = |wide: &dyn Fn(&str) -> usize| {
                let cells = cells().map(|cell| wide(cell)).max();
                cells.unwrap_or(0).max(wide(column.title()))
            };
            let said = rows.is_empty() || cells().any(|cell| !cell.is_empty());
            let natural = most(&str::width);
            let (column, least) = (*column, most(&|cell| column.least(cell)));
            let shown = Shown {
                column,
                place,
                least,
                natural,
                width: natural,
            };
            (said, shown)
        });
        let all: Vec<(bool, Shown)> = shown.collect();
        let fits = line(all.iter().map(|(_, shown)| shown.natural)) <= width;
        let kept = all.into_iter().filter(|(said, _)| fits || *said);
        let mut layout = Self {
            beside: kept.map(|(_, shown)| shown).collect(),
            below: Vec::new(),
            width,
        };
        layout.set_below();
        layout.narrow();
        while let Some(place) = layout.too_high(rows) {
            layout.move_below(place);
            layout.narrow();
        }
        layout
    }

    /// A text, other than the first column, that would take too many lines.
    fn too_high(&self, rows: &[Vec<String>]) -> Option<usize> {
        let high = |shown: &Shown| {
            let cells = rows.iter().filter_map(|row| row.get(shown.place));
            let lines = cells.map(|cell| broken(cell, shown.width).len());
            lines.max().unwrap_or(0)
        };
        let beside = self.beside.iter().enumerate().skip(1);
        let mut texts = beside.filter(|(_, shown)| matches!(shown.column, Column::Text(_)));
        let found = texts.find(|(_, shown)| high(shown) > TEXT_LINES_MAX);
        found.map(|(place, _)| place)
    }

    fn move_below(&mut self, place: usize) {
        self.below.push(self.beside.remove(place));
        self.below.sort_by_key(|shown| shown.place);
    }

    /// Sets below what keeps the others from standing beside each other: texts before names and figures, wide ones
    /// before narrow ones, the first column last.
    fn set_below(&mut self) {
        while self.beside.len() > 1
            && line(self.beside.iter().map(|shown| shown.least)) > self.width
        {
            let widest = self
                .beside
                .iter()
                .enumerate()
                .skip(1)
                .max_by_key(|(_, shown)| {
                    let is_text = matches!(shown.column, Column::Text(_));
                    let is_name = matches!(shown.column, Column::Whole(_));
                    (is_text, is_name, shown.least)
                });
            let Some(place) = widest.map(|(place, _)| place) else {
                return;
            };
            self.move_below(place);
        }
    }

    /// Narrows texts, the widest most, until the line fits.
    fn narrow(&mut self) {
        for shown in &mut self.beside {
            shown.width = shown.natural;
        }
        let mut over = line(self.beside.iter().map(|shown| shown.width)).saturating_sub(self.width);
        while over > 0 {
            let spare = self
                .beside
                .iter_mut()
                .filter(|shown| shown.width > shown.least);
            let Some(widest) = spare.max_by_key(|shown| shown.width) else {
                return;
            };
            widest.width -= 1;
            over -= 1;
        }
    }

    /// The cells of a row, or the titles, that stand beside each other.
    fn beside(&self, cells: &[&str]) -> String {
        let lines: Vec<Vec<String>> = self
            .beside
            .iter()
            .map(|shown| broken(cells.get(shown.place).unwrap_or(&""), shown.width))
            .collect();
        let high = lines.iter().map(Vec::len).max().unwrap_or(0);
        let mut text = String::new();
        for number in 0..high {
            let mut line = String::new();
            for (shown, lines) in self.beside.iter().zip(&lines) {
                let cell = lines.get(number).map_or("", String::as_str);
                let space = " ".repeat(shown.width.saturating_sub(cell.width()));
                let gap = if line.is_empty() { " " } else { GAP };
                line.push_str(gap);
                match shown.column {
                    Column::Text(_) | Column::Whole(_) => {
                        line.push_str(cell);
                        line.push_str(&space);
                    }
                    Column::Number(_) => {
                        line.push_str(&space);
                        line.push_str(cell);
                    }
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The cells of a row that are set below it, each behind its title.
    fn below(&self, cells: &[&str]) -> String {
        let said = self.below.iter().filter_map(|shown| {
            let cell = cells.get(shown.place).filter(|cell| !cell.is_empty())?;
            Some(match shown.column.title() {
                "" => (*cell).to_owned(),
                title => format!("{title}: {cell}"),
            })
        });
        let said = said.collect::<Vec<_>>().join(APART);
        if said.is_empty() {
            return said;
        }
        let lines = broken(&said, self.width.saturating_sub(INDENT.len()));
        let lines = lines
            .iter()
            .map(|line| format!("{INDENT}{}\n", line.trim_end()));
        lines.collect()
    }
}

/// How wide a line of such columns is.
fn line(widths: impl ExactSizeIterator<Item = usize>) -> usize {
    let gaps = widths.len().saturating_sub(1) * GAP.len();
    1 + gaps + widths.sum::<usize>()
}

/// A text in lines of at most this width, broken between words; a wider word stands alone.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(last) = lines.last_mut() else {
            continue;
        };
        if last.is_empty() {
            last.push_str(word);
        } else if last.width() + 1 + word.width() <= width {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Column, Look, table};

    fn drawn<const N: usize>(columns: [Column; N], rows: &[[&str; N]], width: usize) -> String {
        let look = Look {
            terminal: false,
            colour: false,
            width,
        };
        let rows = rows.iter().map(|row| row.map(str::to_owned));
        let text = table(&columns, rows, look);
        let fits = |line: &str| line.chars().count() <= width || !line.trim().contains(' ');
        assert!(text.lines().all(fits), "{text}");
        text
    }

    #[test]
    fn figures_stand_to_the_right_and_escapes_are_pictures() {
        let columns = [Column::Text("node"), Column::Number("minutes")];
        let text = drawn(columns, &[["a\x1b[2J", "5"], ["bcd", "1200"]], 80);
        insta::assert_snapshot!(text, @r"
        node   minutes
        a␛[2J        5
        bcd       1200
        ");
    }

    const STEPS: [Column; 4] = [
        Column::Whole("step"),
        Column::Number("minutes"),
        Column::Text("stops"),
        Column::Text("not known whether"),
    ];

    #[test]
    fn words_are_wrapped_between_columns_that_are_not() {
        let row = [
            "isolate/web-1",
            "5",
            "Card and contactless payments in every shop",
            "",
        ];
        insta::assert_snapshot!(drawn(STEPS, &[row], 60), @r"
        step           minutes  stops
        isolate/web-1        5  Card and contactless payments in
                                every shop
        ");
    }

    #[test]
    fn what_does_not_fit_is_set_below_its_row() {
        let rows = [
            [
                "restrict/adm-thomas.iyer@northgate.example",
                "5",
                "Card and contactless payments",
                "anybody looked",
            ],
            ["x", "12", "Orders", ""],
        ];
        insta::assert_snapshot!(drawn(STEPS, &rows, 60), @r"
        step                                        minutes
        restrict/adm-thomas.iyer@northgate.example        5
            stops: Card and contactless payments · not known
            whether: anybody looked
        x                                                12
            stops: Orders
        ");
    }

    #[test]
    fn a_name_wider_than_the_line_stands_whole_and_the_rest_below() {
        let rows = [["a-name-of-a-thing-that-is-very-long", "5", "Orders", "or"]];
        insta::assert_snapshot!(drawn(STEPS, &rows, 30), @r"
        step
        a-name-of-a-thing-that-is-very-long
            minutes: 5 · stops:
            Orders · not known
            whether: or
        ");
    }

    #[test]
    fn a_text_that_would_take_many_lines_is_set_below() {
        let long = "give the desk's role its old resource set, and tell everybody who had it before by telephone";
        let rows = [
            ["restrict-resets/privileged", "12", long, ""],
            ["x", "1", "", ""],
        ];
        insta::assert_snapshot!(drawn(STEPS, &rows, 60), @r"
        step                        minutes
        restrict-resets/privileged       12
            stops: give the desk's role its old resource set, and
            tell everybody who had it before by telephone
        x                                 1
        ");
    }
}
