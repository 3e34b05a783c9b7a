//! What the steps of pipelines can do, and their parameters.

use std::sync::Arc;

use cordon_text::{Fields, Node};

use super::{
    add_condition::AddCondition,
    extract::Extract,
    hashes::Hashes,
    kinds,
    placeholder::{Fill, With},
    plain::Plain,
    rename::{self, Rename},
    replace::Replace,
    spelling::Spelling,
    step::Step,
    value_change::ValueChange,
};
use crate::{Header, LogSource, log_source, reader::Reader};

/// Deepest nesting of steps: far beyond any pipeline, far below the stack.
const DEPTH_MAX: usize = 16;

/// The types of steps.
pub(crate) const TYPES: [&str; 31] = [
    "add_condition",
    "add_field",
    "case",
    "change_logsource",
    "command_placeholders",
    "convert_type",
    "detection_item_failure",
    "drop_detection_item",
    "extract_fields",
    "field_name_mapping",
    "field_name_prefix",
    "field_name_prefix_mapping",
    "field_name_suffix",
    "field_name_transform",
    "file_placeholders",
    "hashes_fields",
    "http_placeholders",
    "map_string",
    "nest",
    "query_expression_placeholders",
    "regex",
    "remove_field",
    "replace_string",
    "rule_failure",
    "set_custom_attribute",
    "set_field",
    "set_state",
    "set_value",
    "strict_field_mapping_failure",
    "value_placeholders",
    "wildcard_placeholders",
];

/// What a step does.
#[derive(Debug, Clone)]
pub(crate) enum Transformation {
    /// Something to each item.
    OnItems(OnItem),
    /// Other names for fields.
    Rename(Rename),
    /// Something more to ask for.
    AddCondition(AddCondition),
    /// Another log source.
    ChangeLogSource(LogSource),
    /// Other fields to be shown.
    ShownFields(ShownFields),
    /// Something for later conditions to ask for.
    SetState(Arc<str>, Plain),
    /// Something more that the rule says of itself.
    SetAttribute(Arc<str>, Plain),
    /// The rule is refused.
    FailRule(Arc<str>),
    /// The rule is refused if a field has no mapping.
    StrictMapping,
    /// Other steps.
    Nest(Vec<Step>),
}

/// What is done to an item.
#[derive(Debug, Clone)]
pub(crate) enum OnItem {
    Drop,
    Fail(Arc<str>),
    Hashes(Hashes),
    Extract(Extract),
    Fill(Fill),
    Change(ValueChange),
}

/// A change to the list of fields to be shown.
#[derive(Debug, Clone)]
pub(crate) enum ShownFields {
    Add(Vec<Arc<str>>),
    Remove(Vec<Arc<str>>),
    Set(Vec<Arc<str>>),
}

impl ShownFields {
    pub(crate) fn apply(&self, header: &mut Header) {
        let shown = &mut header.fields;
        match self {
            Self::Add(more) => shown.extend(more.iter().cloned()),
            Self::Remove(gone) => {
                for field in gone {
                    if let Some(place) = shown.iter().position(|known| known == field) {
                        shown.remove(place);
                    }
                }
            }
            Self::Set(fields) => shown.clone_from(fields),
        }
    }
}

/// Reads what a step of a known type does; all keys it does not know are reported.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    mut fields: Fields<'_>,
    kind: &str,
    depth: usize,
) -> Option<Transformation> {
    if let Some(why) = refused(kind) {
        let message = format!("`{kind}` is never carried out: {}", why.reason);
        reader.problem(fields.span(), why.code, message, why.help);
        return None;
    }
    let does = match kind {
        "nest" => nest(reader, &mut fields, depth).map(Transformation::Nest),
        "add_condition" => {
            AddCondition::read(reader, &mut fields).map(Transformation::AddCondition)
        }
        "change_logsource" => {
            log_source::of_fields(reader, &mut fields).map(Transformation::ChangeLogSource)
        }
        "rule_failure" => kinds::text(reader, &mut fields, "message").map(Transformation::FailRule),
        "strict_field_mapping_failure" => Some(Transformation::StrictMapping),
        "set_state" => pair(reader, &mut fields, ["key", "val"])
            .map(|(key, value)| Transformation::SetState(key, value)),
        "set_custom_attribute" => pair(reader, &mut fields, ["attribute", "value"])
            .map(|(key, value)| Transformation::SetAttribute(key, value)),
        _ => None,
    };
    let does = match does {
        Some(does) => Some(does),
        None => shown(reader, &mut fields, kind)
            .or_else(|| renaming(reader, &mut fields, kind))
            .or_else(|| on_items(reader, &mut fields, kind)),
    };
    fields.finish(&mut reader.report);
    does
}

/// Why a type of steps is refused.
struct Refused {
    code: &'static str,
    reason: &'static str,
    help: &'static str,
}

fn refused(kind: &str) -> Option<Refused> {
    match kind {
        "command_placeholders" | "http_placeholders" | "file_placeholders" => Some(Refused {
            code: "pipeline-fetches",
            reason: "a file that describes rules must not run, fetch or open anything",
            help: "write the values under `vars` and use `value_placeholders`",
        }),
        "query_expression_placeholders" => Some(Refused {
            code: "pipeline-query",
            reason: "it writes part of a query, and events are matched here without one",
            help: "write the values under `vars` and use `value_placeholders`",
        }),
        _ => None,
    }
}

fn nest(reader: &mut Reader<'_>, fields: &mut Fields<'_>, depth: usize) -> Option<Vec<Step>> {
    let node = fields.required("items", &mut reader.report)?;
    if depth >= DEPTH_MAX {
        let message = format!("steps are nested deeper than {DEPTH_MAX} levels");
        reader.error(node.span, "pipeline-depth", message);
        return None;
    }
    steps(reader, node, depth + 1)
}

/// Reads a list of steps.
pub(crate) fn steps(reader: &mut Reader<'_>, node: &Node, depth: usize) -> Option<Vec<Step>> {
    let Some(items) = node.sequence() else {
        let message = format!("expected a list of steps, found {}", node.describe());
        reader.error(node.span, "wrong-type", message);
        return None;
    };
    let steps: Vec<_> = items
        .iter()
        .filter_map(|n| Step::read(reader, n, depth))
        .collect();
    (steps.len() == items.len()).then_some(steps)
}

/// A key and a value for it.
fn pair(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    [key, value]: [&'static str; 2],
) -> Option<(Arc<str>, Plain)> {
    let key = kinds::text(reader, fields, key);
    let value = kinds::plain(reader, fields, value);
    Some((key?, value?))
}

fn shown(reader: &mut Reader<'_>, fields: &mut Fields<'_>, kind: &str) -> Option<Transformation> {
    let change = match kind {
        "add_field" => kinds::texts(reader, fields, "field").map(ShownFields::Add),
        "remove_field" => kinds::texts(reader, fields, "field").map(ShownFields::Remove),
        "set_field" => kinds::texts(reader, fields, "fields").map(ShownFields::Set),
        _ => None,
    };
    change.map(Transformation::ShownFields)
}

fn renaming(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    kind: &str,
) -> Option<Transformation> {
    let rename = match kind {
        "field_name_mapping" => rename::mapping(reader, fields).map(Rename::Names),
        "field_name_prefix_mapping" => rename::beginnings(reader, fields).map(Rename::Beginnings),
        "field_name_prefix" => kinds::text(reader, fields, "prefix").map(Rename::Prefix),
        "field_name_suffix" => kinds::text(reader, fields, "suffix").map(Rename::Suffix),
        "field_name_transform" => spelled(reader, fields),
        _ => None,
    };
    rename.map(Transformation::Rename)
}

fn spelled(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<Rename> {
    let function = fields.required("transform_func", &mut reader.report);
    let function = function.and_then(|node| kinds::word(reader, Some(node), &Spelling::WORDS));
    let mapping = match fields.optional("mapping") {
        Some(_) => rename::mapping(reader, fields),
        None => Some(rename::Mapping::new()),
    };
    let keywords = kinds::flag(reader, fields, "apply_keyword");
    let mut mapping = mapping?;
    if !keywords? {
        mapping.remove(&None);
    }
    Some(Rename::Spelling(mapping, function?))
}

fn on_items(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_>,
    kind: &str,
) -> Option<Transformation> {
    let on_item = match kind {
        "drop_detection_item" => Some(OnItem::Drop),
        "detection_item_failure" => kinds::text(reader, fields, "message").map(OnItem::Fail),
        "hashes_fields" => Hashes::read(reader, fields).map(OnItem::Hashes),
        "extract_fields" => Extract::read(reader, fields).map(OnItem::Extract),
        "wildcard_placeholders" => Fill::read(reader, fields, With::Wildcard).map(OnItem::Fill),
        "value_placeholders" => Fill::read(reader, fields, With::Values).map(OnItem::Fill),
        "replace_string" => {
            Replace::read(reader, fields).map(|r| OnItem::Change(ValueChange::Replace(r)))
        }
        "map_string" => ValueChange::read_map(reader, fields).map(OnItem::Change),
        "set_value" => ValueChange::read_set(reader, fields).map(OnItem::Change),
        "convert_type" => ValueChange::read_convert(reader, fields).map(OnItem::Change),
        "case" => ValueChange::read_case(reader, fields).map(OnItem::Change),
        "regex" => ValueChange::read_regex(reader, fields).map(OnItem::Change),
        _ => None,
    };
    on_item.map(Transformation::OnItems)
}
