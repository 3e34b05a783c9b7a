//! How documents are written: JSON whose strings hide nothing from whoever looks at it.
//!
//! Characters that are not seen (see [`is_unseen`]) are written as `\u` escapes. They mean the same
//! to every reader of JSON, and do nothing to a terminal.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::visible::is_unseen;

/// A document on many lines, for files and for people.
pub(in crate::json) fn document<T: Serialize>(value: &T) -> String {
    written(value, PrettyFormatter::new())
}

/// An object on one line, with its line end.
pub(in crate::json) fn line<T: Serialize>(value: &T) -> String {
    written(value, CompactFormatter)
}

fn written<T: Serialize>(value: &T, formatter: impl Formatter) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Shown(formatter));
    if let Err(why) = value.serialize(&mut serializer) {
        unreachable!("our own documents can always be written: {why}");
    }
    bytes.push(b'\n');
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(why) => unreachable!("JSON is text: {why}"),
    }
}

/// Another formatter, with unseen characters escaped.
struct Shown<F>(F);

macro_rules! as_before {
    ($($method:ident($($argument:ident: $kind:ty),*);)*) => {$(
        fn $method<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $kind)*) -> io::Result<()> {
            self.0.$method(writer $(, $argument)*)
        }
    )*};
}

impl<F: Formatter> Formatter for Shown<F> {
    as_before! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if fragment.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut units = [0; 2];
        for c in fragment.chars() {
            if is_unseen(c) {
                for unit in c.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            } else {
                write!(writer, "{c}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{document, line};

    #[test]
    fn what_is_not_seen_is_escaped_and_means_the_same() {
        for text in [
            "a\u{202e}b",
            "\u{7f}\u{200b}",
            "\u{e0041}",
            "Zoë \"£\" \\ \n",
            "",
        ] {
            let written = line(&text);
            assert!(
                written
                    .trim_end_matches('\n')
                    .chars()
                    .all(|c| !super::is_unseen(c))
            );
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
        assert_eq!(line(&"a\u{202e}b"), "\"a\\u202eb\"\n");
    }

    #[test]
    fn documents_are_laid_out_as_usual() {
        let value = serde_json::json!({"a": [1, {"b": []}], "c": {}, "d": "e"});
        let usual = serde_json::to_string_pretty(&value).unwrap() + "\n";
        assert_eq!(document(&value), usual);
    }
}
