//! A text that is one document of a format of ours, read to its end with all its problems.

use crate::{Diagnostic, Fields, Node, Report, Source, Span, parse};

/// One document being read, and what was found wrong with it so far.
#[derive(Debug)]
pub struct Page<'t> {
    /// The text that the document stands in.
    pub source: &'t Source,
    /// What is wrong with it.
    pub report: Report,
    /// The code of its problems.
    code: &'static str,
}

impl<'t> Page<'t> {
    /// Reads a text that holds one document; `what` names that in messages (`policy`), and `code` is that of its
    /// problems.
    ///
    /// # Errors
    /// Everything that is wrong with the text.
    pub fn read<T>(
        source: &Source,
        (what, code): (&str, &'static str),
        read: impl for<'n> FnOnce(&mut Page<'n>, &'n Node) -> Option<T>,
    ) -> Result<T, Report> {
        let (documents, mut report) = parse(source);
        let mut page = Page {
            source,
            report: Report::default(),
            code,
        };
        let found = if let [document] = documents.as_slice() {
            read(&mut page, document)
        } else {
            let message = format!("expected one {what}, found {} documents", documents.len());
            let help = format!("put each {what} into a file of its own");
            page.wrong(Span::START, message, &help);
            None
        };
        report.extend(page.report);
        match found.filter(|_| !report.has_errors()) {
            Some(found) => Ok(found),
            None => Err(report),
        }
    }

    /// Says that something is wrong at a place, and what to do.
    pub fn wrong(&mut self, span: Span, message: String, help: &str) {
        let problem = Diagnostic::error(self.source, span, self.code, message);
        self.report.push(problem.help(help));
    }

    /// Begins to read a mapping; `what` names it in messages (`a person`).
    pub fn fields(&mut self, node: &'t Node, what: &'static str) -> Option<Fields<'t>> {
        Fields::of(self.source, node, what, &mut self.report)
    }

    /// Checks the key `cordon`, which names the format.
    pub fn format(&mut self, fields: &mut Fields<'t>, format: &str) {
        if let Some(at) = fields.required("cordon", &mut self.report)
            && at.text() != Some(format)
        {
            let message = format!("expected `{format}`, found {}", at.describe());
            self.wrong(at.span, message, &format!("write `cordon: {format}`"));
        }
    }

    /// A text that is not empty.
    pub fn text(&mut self, at: &Node) -> Option<String> {
        let text = at.text().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            let message = format!("expected a text, found {}", at.describe());
            self.wrong(at.span, message, "write a text here");
        }
        text.map(str::to_owned)
    }

    /// The items of a list.
    pub fn list(&mut self, at: &'t Node) -> &'t [Node] {
        at.sequence().unwrap_or_else(|| {
            let message = format!("expected a list, found {}", at.describe());
            self.wrong(at.span, message, "put it in brackets: `[…]`");
            &[]
        })
    }

    /// A list of texts.
    pub fn texts(&mut self, at: &'t Node) -> Vec<String> {
        let items = self.list(at).iter();
        items.filter_map(|item| self.text(item)).collect()
    }

    /// Keys that a person chose, with their values.
    pub fn entries(&mut self, at: &'t Node) -> Vec<(String, &'t Node)> {
        let Some(entries) = at.mapping() else {
            let message = format!("expected keys and values, found {}", at.describe());
            self.wrong(at.span, message, "write them as in `key: …`");
            return Vec::new();
        };
        let named = entries.iter();
        named
            .filter_map(|(key, value)| Some((self.text(key)?, value)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::Source;

    #[test]
    fn everything_wrong_with_a_page_is_told_at_once() {
        for (text, wrong) in [
            ("cordon: page/v1\nname: a\nmore: [b, c]\n", 0),
            ("cordon: page/v2\nname: ''\nmore: b\nless: 1\n", 4),
            ("cordon: page/v1\nname: a\n---\ncordon: page/v1\n", 1),
            ("", 1),
        ] {
            let source = Source::new("p.yml", text);
            let read = Page::read(&source, ("page", "wrong-page"), |page, document| {
                let mut fields = page.fields(document, "a page")?;
                page.format(&mut fields, "page/v1");
                let name = fields.required("name", &mut page.report);
                let name = name.and_then(|at| page.text(at));
                let more = fields.optional("more").map(|at| page.texts(at));
                fields.finish(&mut page.report);
                Some((name?, more.unwrap_or_default()))
            });
            let told = read.as_ref().err().map_or(0, |r| r.diagnostics.len());
            assert_eq!(told, wrong, "{text}: {read:?}");
        }
    }
}
