//! `add_condition`: something more that a rule asks for.

use std::sync::Arc;

use cordon_text::{Fields, Node, Report, Source, Value as Yaml};

use super::{
    draft::{Draft, DraftBody, DraftSelection, Origin},
    kinds,
    refusal::Refusal,
    step::Step,
};
use crate::{Expr, LogSource, Placeholders, reader::Reader, selection};

/// A selection to be joined to every condition.
#[derive(Debug, Clone)]
pub(crate) struct AddCondition {
    source: Source,
    asks: Node,
    name: Option<Arc<str>>,
    /// Whether `$product` and the like stand for the rule's log source.
    template: bool,
    negated: bool,
}

impl AddCondition {
    pub(crate) fn apply(&self, step: &Step, draft: &mut Draft) -> Result<(), Refusal> {
        let mut asks = self.asks.clone();
        if self.template {
            fill_values(&mut asks, &draft.log_source)?;
        }
        let mut body = self.body(&asks, &draft.log_source)?;
        body.mark(step.id());
        draft.marks.extend(step.id().cloned());
        let name = self.name.clone().unwrap_or_else(|| unused_name(draft));
        let known = draft.selections.iter().position(|s| s.name == name);
        let place = known.unwrap_or(draft.selections.len());
        if let Some(known) = draft.selections.get_mut(place) {
            known.body = Some(body);
            known.origin = Origin::Pipeline;
        } else {
            draft.selections.push(DraftSelection {
                name,
                span: draft.header.span,
                body: Some(body),
                origin: Origin::Pipeline,
            });
        }
        for condition in &mut draft.conditions {
            let mut added = Expr::Selection(place);
            if self.negated {
                added = Expr::Not(Box::new(added));
            }
            *condition = Expr::And(vec![added, condition.clone()]);
        }
        Ok(())
    }

    fn body(&self, asks: &Node, log: &LogSource) -> Result<DraftBody, Refusal> {
        let placeholders = Placeholders::none().left_open();
        let mut reader = Reader {
            source: &self.source,
            placeholders: &placeholders,
            report: Report::default(),
        };
        let body = selection::body(&mut reader, asks, log);
        let body = body.ok_or_else(|| Refusal::of(reader.report))?;
        Ok(DraftBody::of(&body))
    }

    pub(crate) fn read(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Self> {
        let asks = fields.required("conditions", &mut reader.report);
        let name = fields
            .optional("name")
            .map(|node| reader.text(node, "a name"));
        let template = kinds::flag(reader, fields, "template");
        let negated = kinds::flag(reader, fields, "negated");
        let asks = asks?;
        if asks.mapping().is_none() {
            let message = format!(
                "expected fields and their values, found {}",
                asks.describe()
            );
            reader.error(asks.span, "wrong-type", message);
            return None;
        }
        let open = Placeholders::none().left_open();
        let mut trial = Reader {
            source: reader.source,
            placeholders: &open,
            report: Report::default(),
        };
        let readable = selection::body(&mut trial, asks, &LogSource::default()).is_some();
        reader.report.extend(trial.report);
        readable.then_some(())?;
        Some(Self {
            source: reader.source.clone(),
            asks: asks.clone(),
            name: name
                .unwrap_or(Some(String::new()))
                .map(|name| (!name.is_empty()).then(|| Arc::from(name)))?,
            template: template?,
            negated: negated?,
        })
    }
}

/// A name that no pattern of a condition means, and that is not taken.
fn unused_name(draft: &Draft) -> Arc<str> {
    let taken = |name: &str| draft.selections.iter().any(|s| *s.name == *name);
    let names = (1_usize..).map(|number| format!("_cond_{number}"));
    let free = names.into_iter().find(|name| !taken(name));
    Arc::from(free.unwrap_or_default())
}

/// Fills the values below the fields of a mapping; the names of fields stay.
fn fill_values(node: &mut Node, log: &LogSource) -> Result<(), Refusal> {
    let Yaml::Mapping(entries) = &mut node.value else {
        return Ok(());
    };
    for (_, value) in entries {
        match &mut value.value {
            Yaml::Scalar(scalar) => scalar.text = filled(&scalar.text, log)?,
            Yaml::Sequence(items) => {
                for item in items {
                    if let Yaml::Scalar(scalar) = &mut item.value {
                        scalar.text = filled(&scalar.text, log)?;
                    }
                }
            }
            Yaml::Mapping(_) => {}
        }
    }
    Ok(())
}

/// A text with `$product`, `$service` and `$category` filled; `$$` is a dollar sign, and any other
/// name stays as it is.
fn filled(text: &str, log: &LogSource) -> Result<String, Refusal> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let (name, behind) = name_of(after);
        let part = match name {
            "product" => &log.product,
            "service" => &log.service,
            "category" => &log.category,
            _ => {
                out.push('$');
                rest = after;
                continue;
            }
        };
        let Some(part) = part else {
            return Err(Refusal::new(
                "pipeline-template",
                format!("the pipeline speaks of the rule's {name}, and its logsource has none"),
                "restrict the step with a `logsource` condition",
            ));
        };
        out.push_str(part);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

/// The name that a text begins with, in braces or not, and what stands behind it.
fn name_of(text: &str) -> (&str, &str) {
    let braced = text.strip_prefix('{').and_then(|text| text.split_once('}'));
    braced.unwrap_or_else(|| {
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        text.split_at(text.find(|c| !letter(c)).unwrap_or(text.len()))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::filled;
    use crate::LogSource;

    #[test]
    fn a_template_knows_the_log_source_and_leaves_all_else() {
        let log = LogSource {
            product: Some(Arc::from("windows")),
            service: None,
            category: Some(Arc::from("process_creation")),
        };
        for (text, expect) in [
            ("logs-$product", Some("logs-windows")),
            (
                "${category}x $productx",
                Some("process_creationx $productx"),
            ),
            ("$$product $other $ ${no", Some("$product $other $ ${no")),
            ("$service", None),
        ] {
            assert_eq!(filled(text, &log).ok().as_deref(), expect, "{text}");
        }
    }
}
