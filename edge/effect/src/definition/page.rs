//! A definition as a page for people, in Markdown: what it does call by call, what it needs, and against what
//! it was tried.

use std::fmt::Write as _;

use cordon_act::Reversal;

use super::{Action, Definition, Request};

impl Definition {
    /// The page of this connector.
    pub fn page(&self) -> String {
        let mut text = format!("# {} (`{}`)\n\n", self.title, self.name);
        text.push_str(match self.tested.as_str() {
            "mock" => "**Tested against a mock** that was written from the documentation named below, never on the product itself.\n",
            _ => "Tested on the product.\n",
        });
        let seconds = |ms: u64| ms / 1000;
        let needs = if self.needs.is_empty() {
            "not known".to_owned()
        } else {
            self.needs.join(", ")
        };
        let _never_fails = write!(
            text,
            "\n| | |\n|---|---|\n| settings | {} |\n| secrets | {} |\n| rights it needs | {needs} |\n| documentation | {} |\n\
             | time | a call is answered within {} s or its outcome is unknown; it may take effect for {} s; without effect it is given up after {} s |\n",
            codes(&self.settings),
            codes(&self.secrets),
            self.documentation.join("; "),
            seconds(self.patience.answer_ms),
            seconds(self.patience.land_ms),
            seconds(self.patience.effect_ms),
        );
        for (name, action) in &self.actions {
            let _never_fails = write!(text, "\n## `{name}`\n\n{}", action.page());
        }
        text
    }
}

impl Action {
    fn page(&self) -> String {
        let mut text = format!(
            "For steps of the kind {}. The target is {}.\n",
            codes(&self.kinds),
            self.target
        );
        if let Some(beware) = &self.beware {
            let _never_fails = write!(text, "\n{beware}\n");
        }
        let _never_fails = write!(
            text,
            "\n| | |\n|---|---|\n| done when | {} |\n",
            self.wanted.words()
        );
        if !self.requires.0.is_empty() {
            let _never_fails = writeln!(text, "| works only while | {} |", self.requires.words());
        }
        for pending in &self.pending {
            let _never_fails = writeln!(text, "| on its way while | {} |", pending.words());
        }
        for read in &self.reads {
            text.push_str(&row("read", &read.request));
        }
        for (fact, request) in &self.evidence {
            text.push_str(&row(&format!("keep {fact}"), request));
        }
        for request in &self.does {
            text.push_str(&row("do", request));
        }
        match &self.probe {
            Some(probe) => text.push_str(&row("probe", &probe.read.request)),
            None => text.push_str("| probe | none: what is read back counts |\n"),
        }
        for request in &self.undoes {
            text.push_str(&row("undo", request));
        }
        text.push_str(match self.reversal {
            Reversal::Undo => "",
            Reversal::Passing => "| undo | none is needed |\n",
            Reversal::Never => "| undo | **none: it only goes forward** |\n",
        });
        text
    }
}

fn row(what: &str, request: &Request) -> String {
    // A bar ends a cell, in code too.
    let url = request.url.to_string().replace('|', "\\|");
    format!("| {what} | `{} {url}` |\n", request.method.word())
}

fn codes(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
