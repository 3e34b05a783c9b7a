//! `cordon record`: one record of a log, as it was understood or as its bytes stand there.

use std::sync::Arc;

use cordon_model::{Evidence, RawPlace};
use cordon_report::json::v1::{OneRecord, one_record_document};

use crate::{
    Failure,
    console::Console,
    one_event::{OneEvent, one_event},
    render,
    rule_set::field_map,
    sources::Sources,
    typed::{self, Format},
};

/// Prints the record.
///
/// # Errors
/// When it cannot be found.
pub(crate) fn run(asked: &typed::Record, console: &mut Console) -> Result<(), Failure> {
    let sources = Sources::read(&asked.sources)?;
    let found = one_event(&asked.event, asked.number, &sources)?;
    if asked.raw {
        return console.bytes(&found.raw);
    }
    let told = told(&found);
    if console.format == Format::Table {
        console.result(&render::one_record(&told, console.look))
    } else {
        console.json_text(&one_record_document(&told))
    }
}

fn told(
    OneEvent {
        event,
        degraded,
        raw,
    }: &OneEvent,
) -> OneRecord {
    let fields = field_map();
    let evidence = Evidence {
        id: event.id(),
        log: event.log.clone(),
        raw: RawPlace {
            offset: event.offset,
            length: event.length,
            sha256: Some(cordon_event::sha256(raw)),
        },
        time: event.time,
        clock: Arc::clone(&event.clock),
        source: event.kind.source(),
        deed: fields.deed(event),
        entities: fields.entities(event),
        fields: Arc::new(event.fields.clone()),
    };
    let degraded = degraded.iter().map(|lost| lost.words().to_owned());
    OneRecord::of(&evidence, degraded.collect())
}
