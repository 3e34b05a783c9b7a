//! A list of all techniques, as somebody has it at hand.

use std::{collections::BTreeMap, fs, path::Path};

use cordon_sigma::Technique;
use cordon_text::{Diagnostic, Report, Source, Span};
use serde_json::Value;

use crate::{Failure, failure::Problems};

/// Techniques with their names and tactics.
pub(crate) type TechniqueList = BTreeMap<Technique, Listed>;

/// A technique as a list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Its name.
    pub(crate) name: String,
    /// Its tactics, in words joined by `-`.
    pub(crate) tactics: Vec<String>,
}

/// Reads a list: MITRE's own bundle, or a table split by tabs with the columns id, name, tactics.
///
/// # Errors
/// When the file cannot be read, or is no such list.
pub(crate) fn read_list(path: &Path) -> Result<TechniqueList, Failure> {
    let text = fs::read_to_string(path).map_err(|cause| Failure::read(path, cause))?;
    let list = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_or_else(|_| BTreeMap::new(), |bundle| of_bundle(&bundle))
    } else {
        text.lines().filter_map(of_row).collect()
    };
    if list.is_empty() {
        return Err(Failure::Input(no_list(path)));
    }
    Ok(list)
}

fn no_list(path: &Path) -> Problems {
    let source = Source::new(path.display().to_string(), "");
    let message = "expected a list of ATT&CK techniques, found none in this file".to_owned();
    let help = "give MITRE's enterprise-attack.json, or id, name and tactics split by tabs";
    let problem = Diagnostic::error(&source, Span::START, "no-techniques", message).help(help);
    Problems {
        report: Report {
            diagnostics: vec![problem],
        },
        sources: vec![source],
    }
}

fn of_row(line: &str) -> Option<(Technique, Listed)> {
    let mut cells = line.split('\t');
    let technique = Technique::parse(cells.next()?.trim())?;
    let name = cells.next().unwrap_or_default().trim().to_owned();
    let tactics = cells.next().unwrap_or_default().split(',');
    let tactics = tactics.map(|tactic| tactic.trim().to_lowercase().replace([' ', '_'], "-"));
    Some((
        technique,
        Listed {
            name,
            tactics: tactics.filter(|tactic| !tactic.is_empty()).collect(),
        },
    ))
}

/// The techniques of a STIX bundle that are neither revoked nor deprecated.
fn of_bundle(bundle: &Value) -> TechniqueList {
    let objects = bundle.get("objects").and_then(Value::as_array);
    let objects = objects.into_iter().flatten();
    objects.filter_map(of_object).collect()
}

fn of_object(object: &Value) -> Option<(Technique, Listed)> {
    let text = |value: &Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
    let is = |key: &str| object.get(key).and_then(Value::as_bool) == Some(true);
    if text(object, "type")? != "attack-pattern" || is("revoked") || is("x_mitre_deprecated") {
        return None;
    }
    let references = object.get("external_references")?.as_array()?;
    let mut ids = references
        .iter()
        .filter(|reference| text(reference, "source_name").as_deref() == Some("mitre-attack"));
    let technique = Technique::parse(&text(ids.next()?, "external_id")?)?;
    let phases = object.get("kill_chain_phases").and_then(Value::as_array);
    let phases = phases.into_iter().flatten();
    Some((
        technique,
        Listed {
            name: text(object, "name").unwrap_or_default(),
            tactics: phases
                .filter_map(|phase| text(phase, "phase_name"))
                .collect(),
        },
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Listed, Technique, of_bundle, of_row};

    #[test]
    fn a_bundle_and_a_table_say_the_same() {
        let pattern = |id: &str, revoked: bool| {
            json!({
                "type": "attack-pattern", "name": "N", "revoked": revoked,
                "external_references": [{"source_name": "mitre-attack", "external_id": id}],
                "kill_chain_phases": [{"kill_chain_name": "mitre-attack", "phase_name": "impact"}],
            })
        };
        let bundle =
            json!({"objects": [pattern("T1001", false), pattern("T1002", true), {"type": "x"}]});
        let listed = Listed {
            name: "N".to_owned(),
            tactics: vec!["impact".to_owned()],
        };
        let expect = (Technique::parse("T1001").unwrap(), listed);
        let read: Vec<_> = of_bundle(&bundle).into_iter().collect();
        assert_eq!(read, std::slice::from_ref(&expect));
        assert_eq!(of_row("T1001\tN\tImpact"), Some(expect));
        assert_eq!(of_row("id\tname\ttactics"), None);
    }
}
