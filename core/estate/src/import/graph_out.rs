//! An imported estate as BloodHound reads it, in its generic form.

use std::io::{self, Write};

use serde_json::json;

use super::write::Imported;

/// Writes nodes and edges, one a line within the document, so that its size does not matter.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(imported: &Imported, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"{\"metadata\":{\"source_kind\":\"Cordon\"},\"graph\":{\"nodes\":[\n")?;
    let mut first = true;
    imported.each_node(&mut |id, kind, name| {
        separate(out, &mut first)?;
        let node = json!({"id": clean(id), "kinds": [word(kind), "Cordon"], "properties": {"name": name, "cordon_id": id}});
        serde_json::to_writer(&mut *out, &node)?;
        Ok(())
    })?;
    out.write_all(b"\n],\"edges\":[\n")?;
    first = true;
    imported.each_edge(&mut |edge| {
        separate(out, &mut first)?;
        let end = |id: &str| json!({"match_by": "id", "value": clean(id)});
        let mut properties = json!({"traversable": true});
        if let (Some(why), Some(map)) = (edge.why, properties.as_object_mut()) {
            map.insert("unknown".to_owned(), json!(why));
        }
        let edge = json!({"kind": word(edge.kind), "start": end(edge.from), "end": end(edge.to), "properties": properties});
        serde_json::to_writer(&mut *out, &edge)?;
        Ok(())
    })?;
    out.write_all(b"\n]}}\n")
}

fn separate(out: &mut impl Write, first: &mut bool) -> io::Result<()> {
    if std::mem::take(first) {
        return Ok(());
    }
    out.write_all(b",\n")
}

/// An id without the colons that the form forbids.
fn clean(id: &str) -> String {
    id.replace(':', "_")
}

/// A kind as the form wants it: letters, digits and underscores.
fn word(kind: &str) -> String {
    let parts = kind.split('-').map(|part| {
        let mut chars = part.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    let word: String = parts.collect();
    word.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect()
}
