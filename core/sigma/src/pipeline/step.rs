//! One step of a pipeline: when it applies, and what it does to a rule.

use std::sync::Arc;

use cordon_text::{Fields, Node};

use super::{
    draft::{Changed, Draft, DraftBody, DraftItem},
    gate::{Gate, Keys},
    item_condition::{FieldCondition, ItemCondition},
    kinds,
    refusal::Refusal,
    rule_condition::{RuleCondition, Subject},
    run::Run,
    transformation::{self, OnItem, Transformation},
    value_change::each_value,
};
use crate::reader::Reader;

/// A step.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    id: Option<Arc<str>>,
    rules: Gate<RuleCondition>,
    items: Gate<ItemCondition>,
    fields: Gate<FieldCondition>,
    pub(crate) does: Transformation,
}

impl Step {
    /// Its id, which later conditions may ask for.
    pub(crate) fn id(&self) -> Option<&Arc<str>> {
        self.id.as_ref()
    }

    /// Whether it applies to a rule or a correlation.
    pub(crate) fn takes(&self, subject: &Subject<'_>, run: &Run<'_>) -> Result<bool, Refusal> {
        if self.rules.conditions.is_empty() {
            return Ok(true);
        }
        self.rules
            .try_holds(|condition| condition.holds(subject, run))
    }

    /// Whether it applies to a field of this name.
    pub(crate) fn takes_field(&self, field: Option<&Arc<str>>, run: &Run<'_>) -> bool {
        self.fields.holds(|condition| condition.holds(field, run))
    }

    fn takes_item(&self, item: &DraftItem, run: &Run<'_>) -> bool {
        let items = &self.items;
        let fields = &self.fields;
        items.holds(|condition| condition.holds(item, run))
            && fields.holds(|condition| condition.holds_of_item(item, run))
    }

    /// Does to a rule what it does.
    pub(crate) fn apply(&self, draft: &mut Draft, run: &mut Run<'_>) -> Result<(), Refusal> {
        if !self.takes(&Subject::Rule(draft), run)? {
            return Ok(());
        }
        if !matches!(self.does, Transformation::AddCondition(_)) {
            draft.marks.extend(self.id.clone());
        }
        match &self.does {
            Transformation::OnItems(on_item) => self.apply_to_items(on_item, draft, run),
            Transformation::Rename(rename) => {
                let shown = draft.header.fields.iter();
                draft.header.fields = shown
                    .flat_map(|field| rename.outside(self, run, field))
                    .collect();
                draft.each_item(|item| {
                    if self.takes_item(&item, run) {
                        Ok(rename.item(self, run, item))
                    } else {
                        Ok(Some(DraftBody::Item(item)))
                    }
                })
            }
            Transformation::AddCondition(added) => added.apply(self, draft),
            Transformation::ChangeLogSource(log) => {
                draft.log_source = log.clone();
                Ok(())
            }
            Transformation::ShownFields(change) => {
                change.apply(&mut draft.header);
                Ok(())
            }
            Transformation::StrictMapping => strict(draft, run),
            Transformation::Nest(steps) => {
                let mut inner = run.nested();
                for step in steps {
                    step.apply(draft, &mut inner)?;
                }
                run.absorb(inner);
                Ok(())
            }
            Transformation::SetState(..)
            | Transformation::SetAttribute(..)
            | Transformation::FailRule(_) => self.apply_outside(run),
        }
    }

    /// What a step does that looks at no item; of rules and correlations alike.
    pub(crate) fn apply_outside(&self, run: &mut Run<'_>) -> Result<(), Refusal> {
        match &self.does {
            Transformation::SetState(key, value) => {
                run.state.insert(Arc::clone(key), value.clone());
            }
            Transformation::SetAttribute(key, value) => {
                run.custom.insert(Arc::clone(key), value.clone());
            }
            Transformation::FailRule(message) => return Err(failed(message)),
            Transformation::OnItems(_)
            | Transformation::Rename(_)
            | Transformation::AddCondition(_)
            | Transformation::ChangeLogSource(_)
            | Transformation::ShownFields(_)
            | Transformation::StrictMapping
            | Transformation::Nest(_) => {}
        }
        Ok(())
    }

    fn apply_to_items(
        &self,
        on_item: &OnItem,
        draft: &mut Draft,
        run: &Run<'_>,
    ) -> Result<(), Refusal> {
        draft.each_item(|item| {
            if self.takes_item(&item, run) {
                self.item(on_item, item, run)
            } else {
                Ok(Some(DraftBody::Item(item)))
            }
        })
    }

    fn item(&self, on_item: &OnItem, item: DraftItem, run: &Run<'_>) -> Changed {
        let changed = match on_item {
            OnItem::Drop => return Ok(None),
            OnItem::Fail(message) => return Err(failed(message)),
            OnItem::Hashes(hashes) => return hashes.item(self, item),
            OnItem::Extract(extract) => return Ok(extract.item(self, item)),
            OnItem::Fill(fill) => each_value(&item, |value| fill.value(value, run))?,
            OnItem::Change(change) => each_value(&item, |value| change.value(value))?,
        };
        let Some(mut changed) = changed else {
            return Ok(Some(DraftBody::Item(item)));
        };
        changed.mark(self.id());
        Ok(Some(changed))
    }

    /// Reads a step.
    pub(crate) fn read(reader: &mut Reader<'_>, node: &Node, depth: usize) -> Option<Self> {
        let mut fields = reader.fields(node, "a step of a pipeline")?;
        let id = fields.optional("id").map(|node| reader.text(node, "an id"));
        let rules = Gate::read(reader, &mut fields, &RULES, RuleCondition::read);
        let items = Gate::read(reader, &mut fields, &ITEMS, ItemCondition::read);
        let names = Gate::read(reader, &mut fields, &FIELDS, FieldCondition::read);
        let does = Self::read_does(reader, fields, depth);
        Some(Self {
            id: id
                .unwrap_or(Some(String::new()))
                .map(|id| (!id.is_empty()).then(|| Arc::from(id)))?,
            rules: rules?,
            items: items?,
            fields: names?,
            does: does?,
        })
    }

    fn read_does(
        reader: &mut Reader<'_>,
        mut fields: Fields<'_>,
        depth: usize,
    ) -> Option<Transformation> {
        let kind = kinds::read(
            reader,
            &mut fields,
            "transformation",
            &transformation::TYPES,
        )?;
        // Known keys that only say what a reader may allow; here nothing is fetched or run.
        for key in [
            "allow_template_vars",
            "vars_allowed_paths",
            "allow_external_sources",
        ] {
            fields.optional(key);
        }
        transformation::read(reader, fields, kind, depth)
    }
}

const RULES: Keys = Keys {
    conditions: "rule_conditions",
    op: "rule_cond_op",
    not: "rule_cond_not",
    expr: "rule_cond_expr",
};

const ITEMS: Keys = Keys {
    conditions: "detection_item_conditions",
    op: "detection_item_cond_op",
    not: "detection_item_cond_not",
    expr: "detection_item_cond_expr",
};

const FIELDS: Keys = Keys {
    conditions: "field_name_conditions",
    op: "field_name_cond_op",
    not: "field_name_cond_not",
    expr: "field_name_cond_expr",
};

fn failed(message: &Arc<str>) -> Refusal {
    let message = format!("the pipeline refuses this rule: {message}");
    Refusal::new(
        "pipeline-refused",
        message,
        "correct the rule, or leave it out",
    )
}

fn strict(draft: &Draft, run: &Run<'_>) -> Result<(), Refusal> {
    let mut unmapped: Vec<&str> = Vec::new();
    for field in draft.items().iter().filter_map(|item| item.field.as_ref()) {
        if !run.is_mapped(field) && !unmapped.contains(&&**field) {
            unmapped.push(field);
        }
    }
    if unmapped.is_empty() {
        return Ok(());
    }
    let message = format!("no step of the pipeline maps `{}`", unmapped.join("`, `"));
    let help = "add them to a mapping, or leave `strict_field_mapping_failure` out";
    Err(Refusal::new("pipeline-refused", message, help))
}
