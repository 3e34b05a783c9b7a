//! Which log a rule is for.

use std::sync::Arc;

use cordon_text::{Fields, Node};

use crate::reader::Reader;

/// Which log a rule is for, in lower case, spaces as `_`; at least one part is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LogSource {
    /// Such as `windows`.
    pub product: Option<Arc<str>>,
    /// Such as `security`.
    pub service: Option<Arc<str>>,
    /// Such as `process_creation`.
    pub category: Option<Arc<str>>,
}

impl LogSource {
    /// The field that a rule for this log means: names of Windows fields have no spaces.
    pub(crate) fn field(&self, name: &str) -> Arc<str> {
        if self.product.as_deref() == Some("windows") && name.contains(' ') {
            return Arc::from(name.replace(' ', ""));
        }
        Arc::from(name)
    }

    /// Whether everything that this log source gives is given alike by the other; what this one
    /// leaves out may be anything there.
    pub fn contains(&self, other: &Self) -> bool {
        let alike =
            |wide: &Option<Arc<str>>, narrow: &Option<Arc<str>>| wide.is_none() || wide == narrow;
        alike(&self.product, &other.product)
            && alike(&self.service, &other.service)
            && alike(&self.category, &other.category)
    }
}

/// Reads a log source; what is wrong with it is reported.
pub(crate) fn read(reader: &mut Reader<'_>, node: &Node) -> Option<LogSource> {
    let mut fields = reader.fields(node, "a logsource")?;
    let log_source = of_fields(reader, &mut fields);
    if let Some(definition) = fields.optional("definition") {
        reader.text(definition, "a text");
    }
    fields.finish(&mut reader.report);
    log_source
}

/// The log source that some keys among others give.
pub(crate) fn of_fields(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<LogSource> {
    let log_source = LogSource {
        product: word(reader, fields, "product"),
        service: word(reader, fields, "service"),
        category: word(reader, fields, "category"),
    };
    if log_source == LogSource::default() {
        let message = "a logsource names a product, a service or a category".to_owned();
        let help = "add at least one of them; a rule for every log would be wrong by accident";
        reader.problem(fields.span(), "empty-logsource", message, help);
        return None;
    }
    Some(log_source)
}

fn word(reader: &mut Reader<'_>, fields: &mut Fields<'_>, key: &'static str) -> Option<Arc<str>> {
    let word = reader.text(fields.optional(key)?, "a word")?;
    Some(Arc::from(word.trim().to_lowercase().replace(' ', "_")))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::LogSource;

    /// `product/service/category`, `-` for what is not given.
    fn source(text: &str) -> LogSource {
        let mut parts = text
            .split('/')
            .map(|part| (part != "-").then(|| Arc::from(part)));
        LogSource {
            product: parts.next().flatten(),
            service: parts.next().flatten(),
            category: parts.next().flatten(),
        }
    }

    #[test]
    fn what_is_left_out_contains_anything_and_what_is_given_only_itself() {
        for (wide, narrow, expect) in [
            ("windows/-/-", "windows/-/process_creation", true),
            ("windows/-/-", "windows/-/-", true),
            ("-/-/process_creation", "linux/-/process_creation", true),
            ("windows/-/process_creation", "windows/-/-", false),
            ("windows/sysmon/-", "windows/security/-", false),
            ("windows/-/-", "-/-/process_creation", false),
        ] {
            let found = source(wide).contains(&source(narrow));
            assert_eq!(found, expect, "{wide} {narrow}");
        }
    }
}
