//! Whether the beginning of a text is a table, and what parts its values.
//!
//! Lines of text have commas too. A table begins with names, and the rows below have as many values as
//! there are names.

use std::borrow::Cow;

use super::rows::{Rows, cells};
use crate::lines::text_of;

/// What may part values, in the order of trust where several fit equally well.
const BETWEEN: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many rows below the names are looked at.
const ROWS_LOOKED_AT_MAX: usize = 20;

/// How many columns make a table; fewer are found in sentences by chance.
const COLUMNS_MIN: usize = 3;

/// How many columns make a table of which no whole row is there.
const COLUMNS_ALONE_MIN: usize = 6;

/// Longest name of a column, in characters.
const NAME_CHARS_MAX: usize = 80;

/// What parts the values of a table that begins so; none if it is no table.
pub(crate) fn recognise(text: &[u8]) -> Option<u8> {
    let mut rest = text;
    let mut columns_min = COLUMNS_MIN;
    while let Some((line, after)) = preface(rest) {
        rest = after;
        columns_min = 1;
        let named = line.strip_prefix(b"sep=").and_then(<[u8]>::first);
        if let Some(between) = named.filter(|between| between.is_ascii()) {
            return Some(*between);
        }
    }
    BETWEEN
        .into_iter()
        .filter_map(|between| Some((columns(rest, between, columns_min)?, between)))
        .max_by_key(|(columns, _)| *columns)
        .map(|(_, between)| between)
}

/// A line that only announces a table, and what follows it.
fn preface(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|b| *b == b'\n')?;
    let (line, rest) = text.split_at_checked(end + 1)?;
    let announces = line.starts_with(b"sep=") || line.starts_with(b"#TYPE ");
    announces.then_some((line.trim_ascii_end(), rest))
}

/// How many columns a table has if this parts them; none if it is then no table.
fn columns(text: &[u8], between: u8, columns_min: usize) -> Option<usize> {
    let mut input = text;
    let mut rows = Rows::new(&mut input, 0, between);
    let names = rows.next().ok()??;
    let names = text_of(names.bytes);
    let names: Vec<_> = cells(&names, between).collect();
    let count = names.len();
    if count < columns_min || !are_names(&names) {
        return None;
    }
    let (mut even, mut seen, mut misquoted, mut cut) = (0, 0, 0, false);
    while let Ok(Some(row)) = rows.next() {
        // The last row may be cut off where the prefix ends.
        let last =
            row.offset + u64::try_from(row.bytes.len()).ok()? >= u64::try_from(text.len()).ok()?;
        if row.bytes.trim_ascii().is_empty() || (last && seen > 0) {
            continue;
        }
        let values = cells(&text_of(row.bytes), between).count();
        // A quote in the wrong place says nothing of the rows around it.
        if row.refused.is_some() || (values != count && row.bytes.contains(&b'"')) {
            misquoted += 1;
            cut = cut || last;
            continue;
        }
        if last && values < count {
            cut = true;
            continue;
        }
        seen += 1;
        if values == count {
            even += 1;
        }
        if seen >= ROWS_LOOKED_AT_MAX {
            break;
        }
    }
    let announced = columns_min < COLUMNS_MIN;
    let only_cut = cut && count >= COLUMNS_ALONE_MIN;
    // Sentences have no values in quotes that lines of a table could spoil.
    let spoilt = misquoted > 0 && even > 0 && even * 2 >= seen;
    let is_table = even * 2 > seen || spoilt || (seen == 0 && (announced || only_cut));
    is_table.then_some(count)
}

/// Names begin with a letter, are short, and say nothing.
fn are_names(cells: &[Cow<'_, str>]) -> bool {
    let is_name = |cell: &str| {
        let cell = cell.trim().trim_start_matches('\u{feff}');
        let begins = |c: char| c.is_alphabetic() || matches!(c, '_' | '@' | '#' | '$');
        let may_have = |c: char| c.is_alphanumeric() || " _-.()[]/@#$?%&'".contains(c);
        cell.chars().count() <= NAME_CHARS_MAX
            && cell.starts_with(begins)
            && cell.chars().all(may_have)
    };
    let named = cells.iter().filter(|cell| is_name(cell)).count();
    let blank = cells.iter().filter(|cell| cell.trim().is_empty()).count();
    named + blank == cells.len() && named > blank
}

#[cfg(test)]
mod tests {
    use super::recognise;

    #[test]
    fn tables_are_told_from_lines_with_commas() {
        let check = |text: &str, expect: Option<u8>| {
            assert_eq!(recognise(text.as_bytes()), expect, "{text}");
        };
        check(
            "number,caller_id,opened_at\nINC1,Bob,2026-04-17 08:13:04\n",
            Some(b','),
        );
        check(
            "\"Date (UTC)\";\"User\";\"IP address\"\n\"a\";\"b, c\";\"d\"\n",
            Some(b';'),
        );
        check(
            "RecordId,CreationDate,AuditData\n1,2,\"{\"\"a\"\":1,\"\"b\"\":2}\"\n",
            Some(b','),
        );
        check(
            "Number,Caller,Opened\nI1,Al,x\nI2,Bob,\"never ends,x\nI3,Al,x\nI4,Al\n",
            Some(b','),
        );
        check(
            "Number,Caller,Opened\nI1,\"Priya,\"x\"\nI2,Bob,\"never ends\nI3,Al,x\nI4,Al\n",
            Some(b','),
        );
        check("a,b,c,d,e,f\n1,2,3,\"4", Some(b','));
        check("Stopped, it says, for now\nand again, it says", None);
        check("a,b,c", None);
        check("a,b\n1,2\n", None);
        check(
            "Warning, the disk, is full\nIt is, by now, over\n1\n2\n3\n",
            None,
        );
        check(
            "1,2026/04/17 14:30:55,0111,SYSTEM\n1,2026/04/17 14:30:56,0111,SYSTEM\n",
            None,
        );
        check(
            "date=2026-04-17,time=09:37:04,a=b\ndate=2026-04-17,time=09:37:04,a=b\n",
            None,
        );
        check(
            "Apr 17 08:37:04 h sshd[1]: a, b, c\nApr 17 08:37:04 h sshd[1]: d, e, f\n",
            None,
        );
    }
}
