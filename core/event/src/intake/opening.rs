//! Taking the records of an envelope, each with its own place in the file.

use super::{Intake, Raw, Stands};
use crate::{
    RefusalReason,
    envelope::{
        self, Held,
        tables::{self, Table},
    },
    json,
    values::{Piece, Splitter},
    vendor::Asked,
};

impl Intake<'_> {
    /// Takes the rows of tables, if the draft, of which this text was scanned, is nothing else; whether it was.
    pub(super) fn opened_tables(&mut self, raw: Raw<'_>, text: &str) -> bool {
        if self.opened >= envelope::DEPTH_MAX {
            return false;
        }
        let Some(tables) = tables::of(&self.draft.fields, text) else {
            return false;
        };
        for Table { columns, rows } in &tables {
            for row in rows {
                let place = envelope::place(row, raw);
                let layouts = &mut self.memory.names.layouts;
                let fields = &mut self.draft.fields;
                if json::scan_row(row, columns, fields, layouts).is_none() {
                    let Some(fields) = envelope::fields(row, columns.names()) else {
                        self.refuse(place, RefusalReason::BrokenJson);
                        continue;
                    };
                    self.draft.fill(fields);
                }
                let understood = self.understood();
                self.accept(place, understood);
            }
        }
        true
    }

    /// Takes the records of an envelope, if the draft is one; whether it was.
    pub(super) fn opened(&mut self, raw: Raw<'_>) -> bool {
        let fields = &mut self.draft.fields;
        let looks = self.memory.names.looks(fields);
        if self.opened >= envelope::DEPTH_MAX
            || !looks.allow(Asked::Envelope)
            || !envelope::may_be_one(fields)
        {
            return false;
        }
        let held = str::from_utf8(raw.bytes).ok().and_then(envelope::open);
        let Some(held) = held else {
            return false;
        };
        self.opened += 1;
        match held {
            Held::Records(records) => {
                for record in records {
                    self.json(envelope::place(record, raw));
                }
            }
            Held::Rows(rows) => {
                for (row, fields) in rows {
                    self.draft.fill(fields);
                    let understood = self.understood();
                    self.accept(envelope::place(row, raw), understood);
                }
            }
            Held::Text(text) => {
                // None of its bytes stand in the file as they are, so that all its records stand where it does.
                let before = self.inside;
                let outer = *self.inside.get_or_insert(Stands::of(raw));
                let mut splitter = Splitter::new(0);
                let mut take = |piece: Piece<'_>| {
                    let raw = Raw {
                        bytes: piece.bytes,
                        offset: outer.offset,
                    };
                    match piece.refused {
                        Some(reason) => self.refuse(raw, reason),
                        None => self.json(raw),
                    }
                };
                splitter.feed(text.as_bytes(), &mut take);
                splitter.finish(&mut take);
                self.inside = before;
            }
        }
        self.opened -= 1;
        true
    }
}
