//! One page being read: its keys, and the rules that all pages share.

use cordon_text::{Fields, Node, Report, ScalarKind, Source};

use crate::{scalar::Reader, spelling::is_kebab};

/// One page being read.
pub(super) struct PageReader<'t, 'r> {
    pub(super) read: Reader<'t, 'r>,
    pub(super) fields: Fields<'t>,
}

impl<'t, 'r> PageReader<'t, 'r> {
    pub(super) fn of(
        source: &'t Source,
        document: &'t Node,
        report: &'r mut Report,
    ) -> Option<Self> {
        let file = 0;
        let mut read = Reader {
            source,
            file,
            report,
        };
        let fields = read.fields(document, "a page")?;
        Some(Self { read, fields })
    }

    /// Reports every key that no page of its kind has.
    pub(super) fn finish(self) {
        self.fields.finish(self.read.report);
    }

    /// The kind, in kebab-case and like the name of the file.
    pub(super) fn kind(&mut self) -> Option<&'t str> {
        let at = self.fields.required("kind", self.read.report)?;
        let kind = self.read.text(at, "a kind")?;
        let file = stem(&self.read.source.name);
        if !is_kebab(kind) {
            let message = format!("expected a kind in kebab-case, found `{kind}`");
            let help = "use lower-case letters, digits and hyphens".to_owned();
            self.read.wrong(at.span, "kind-spelling", message, help);
            return None;
        }
        if kind != file {
            let message = format!("the page of `{kind}` stands in a file named `{file}`");
            let help = format!("name the file `{kind}.yml`, or correct the kind");
            self.read
                .wrong(at.span, "kind-differs-from-file", message, help);
            return None;
        }
        Some(kind)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        let at = self.fields.required(key, self.read.report)?;
        self.read.text(at, "a text").map(str::to_owned)
    }

    pub(super) fn optional_text(&mut self, key: &'static str) -> Option<String> {
        let at = self.fields.optional(key)?;
        self.read.text(at, "a text").map(str::to_owned)
    }

    /// Whether steps of this kind only go forward, and otherwise how they are taken back.
    pub(super) fn undo(&mut self) -> (bool, Option<String>) {
        let flag = self.fields.optional("irreversible");
        if flag.and_then(|flag| self.read.flag(flag)) != Some(true) {
            return (false, self.text("undo"));
        }
        if let Some(undo) = self.fields.optional("undo") {
            let message = "a step that only goes forward has no undo".to_owned();
            let help = "remove `undo`, or `irreversible` if there is a way back".to_owned();
            self.read
                .wrong(undo.span, "undo-of-irreversible", message, help);
        }
        (true, None)
    }

    /// What carries the step out if the estate does not say.
    pub(super) fn action(&mut self) -> Option<&'t Node> {
        let at = self.fields.optional("do")?;
        self.read.fields(at, "`do`").map(|_any_keys| at)
    }

    /// Texts of a list that is not empty, each of which passes `fits`.
    pub(super) fn texts(
        &mut self,
        key: &'static str,
        fits: fn(&str) -> bool,
        wanted: &str,
    ) -> Vec<String> {
        let at = self.fields.required(key, self.read.report);
        at.map(|at| self.words(at, fits, wanted))
            .unwrap_or_default()
    }

    /// The same of a list that is there.
    pub(super) fn words(
        &mut self,
        at: &'t Node,
        fits: fn(&str) -> bool,
        wanted: &str,
    ) -> Vec<String> {
        let items = self.read.list(at, "a list");
        if at.sequence().is_some_and(<[Node]>::is_empty) {
            let message = format!("expected {wanted}, found an empty list");
            self.read.wrong(
                at.span,
                "empty-list",
                message,
                "name at least one".to_owned(),
            );
        }
        let mut texts = Vec::new();
        for item in items {
            let Some(text) = self.read.text(item, wanted) else {
                continue;
            };
            let is_text = item
                .scalar()
                .is_some_and(|s| s.kind() == ScalarKind::String);
            if !is_text || !fits(text) {
                let message = format!("expected {wanted}, found {}", item.describe());
                self.read.wrong(
                    item.span,
                    "wrong-reference",
                    message,
                    "see the pages beside this one".to_owned(),
                );
            }
            texts.push(text.to_owned());
        }
        texts
    }
}

/// The name of a file without its folders and its ending.
fn stem(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.strip_suffix(".yml")
        .or_else(|| file.strip_suffix(".yaml"))
        .unwrap_or(file)
}

/// `D3-` and capital letters, as D3FEND writes its techniques.
pub(super) fn is_d3fend(id: &str) -> bool {
    id.strip_prefix("D3-")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_uppercase()))
}

/// What facts about a target are called: one word.
pub(super) fn is_fact(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())
}

/// `T`, four digits and perhaps a point and three more, as ATT&CK writes its techniques.
pub(super) fn is_attack(id: &str) -> bool {
    let digits = |text: &str, n| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = id.strip_prefix('T') else {
        return false;
    };
    match number.split_once('.') {
        None => digits(number, 4),
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_attack, is_d3fend, stem};

    #[test]
    fn identifiers_are_told_from_other_words() {
        for id in ["T1021", "T1021.001"] {
            assert!(is_attack(id), "{id}");
        }
        for id in ["1021", "T102", "T1021.1", "T1021.001.1", "TA0001", "D3-AL"] {
            assert!(!is_attack(id), "{id}");
        }
        assert!(is_d3fend("D3-AL"));
        assert!(!is_d3fend("D3-") && !is_d3fend("D3-al") && !is_d3fend("T1021"));
    }

    #[test]
    fn a_page_is_named_by_its_file_alone() {
        assert_eq!(stem("content/steps/close-vpn.yml"), "close-vpn");
        assert_eq!(stem("content\\reach\\owns.yaml"), "owns");
        assert_eq!(stem("owns"), "owns");
    }
}
