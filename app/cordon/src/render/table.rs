//! Tables for people.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, presets};

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

/// A table with a heading line, its cells made harmless; wrapped where a line is too narrow.
pub(crate) fn table<R: IntoIterator<Item = String>>(
    columns: &[Column],
    rows: impl IntoIterator<Item = R>,
    look: Look,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(look.width).unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|column| match column {
        Column::Text(title) | Column::Whole(title) => Cell::new(title),
        Column::Number(title) => Cell::new(title).set_alignment(CellAlignment::Right),
    }));
    for row in rows {
        table.add_row(columns.iter().zip(row).map(|(column, text)| {
            let cell = Cell::new(plain(&text));
            match column {
                Column::Text(_) | Column::Whole(_) => cell,
                Column::Number(_) => cell.set_alignment(CellAlignment::Right),
            }
        }));
    }
    for (column, shown) in columns.iter().zip(table.column_iter_mut()) {
        match column {
            Column::Text(_) => {}
            Column::Whole(_) | Column::Number(_) => {
                shown.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::{Column, Look, table};

    #[test]
    fn figures_stand_to_the_right_and_escapes_are_pictures() {
        let look = Look {
            terminal: false,
            colour: false,
            width: 80,
        };
        let rows = [
            ["a\x1b[2J".to_owned(), "5".to_owned()],
            ["bcd".to_owned(), "1200".to_owned()],
        ];
        let text = table(
            &[Column::Text("node"), Column::Number("minutes")],
            rows,
            look,
        );
        insta::assert_snapshot!(text, @r"
        node   minutes
        a␛[2J        5
        bcd       1200
        ");
    }
}
