//! The text of actors' profiles to [`Actors`], all problems at once.

use cordon_text::{Diagnostic, Fields, Node, Report, Source};
use jiff::SignedDuration;

use super::{Actor, Actors, Habit, Technique};

pub(super) fn parse(sources: &[Source]) -> (Actors, Report) {
    let (mut actors, mut report) = (Actors::default(), Report::default());
    for source in sources {
        let (documents, problems) = cordon_text::parse(source);
        report.extend(problems);
        for document in &documents {
            let report = &mut report;
            Reader { source, report }.document(document, &mut actors);
        }
    }
    actors.actors.sort_by(|a, b| a.name.cmp(&b.name));
    actors.usual.sort_by(|a, b| a.0.cmp(&b.0));
    report.sort();
    (actors, report)
}

struct Reader<'s> {
    source: &'s Source,
    report: &'s mut Report,
}

impl Reader<'_> {
    /// A profile, or the table of what is usual.
    fn document(&mut self, document: &Node, actors: &mut Actors) {
        let Some(mut keys) = Fields::of(self.source, document, "a profile", self.report) else {
            return;
        };
        if let Some(usual) = keys.optional("usual") {
            keys.optional("references");
            keys.finish(self.report);
            self.usual(usual, actors);
            return;
        }
        let name = keys.required("name", self.report);
        let also = keys.optional("also");
        let habits = keys.required("habits", self.report);
        keys.required("references", self.report);
        keys.optional("summary");
        keys.finish(self.report);
        let name = name.and_then(|name| self.text(name));
        let also = also.map_or_else(Vec::new, |list| self.list(list, Self::text));
        let habits = habits.map_or_else(Vec::new, |list| self.list(list, Self::habit));
        if let Some(name) = name {
            actors.actors.push(Actor { name, also, habits });
        }
    }

    fn usual(&mut self, node: &Node, actors: &mut Actors) {
        let Some(entries) = node.mapping() else {
            self.wrong(node, "techniques and their shares");
            return;
        };
        for (key, value) in entries {
            let technique = self.technique(key);
            if let (Some(technique), Some(share)) = (technique, self.share(value)) {
                actors.usual.push((technique, share));
            }
        }
    }

    fn habit(&mut self, node: &Node) -> Option<Habit> {
        let mut keys = Fields::of(self.source, node, "a habit", self.report)?;
        let does = keys.required("does", self.report);
        let techniques = keys.required("techniques", self.report);
        let share = keys.required("share", self.report);
        let within = keys.required("within", self.report);
        let look = keys.required("look", self.report);
        keys.finish(self.report);
        let does = does.and_then(|node| self.text(node));
        let techniques = techniques.map(|node| self.list(node, Self::technique));
        let share = share.and_then(|node| self.share(node));
        let within = within.and_then(|node| self.duration(node));
        let look = look.and_then(|node| self.text(node));
        Some(Habit {
            does: does?,
            techniques: techniques?,
            share: share?,
            within: within?,
            look: look?,
        })
    }

    fn technique(&mut self, node: &Node) -> Option<Technique> {
        let text = self.text(node)?.to_lowercase();
        let digits = text.strip_prefix('t').unwrap_or_default();
        let (main, sub) = digits.split_once('.').unwrap_or((digits, "001"));
        let all = |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
        if all(main, 4) && all(sub, 3) {
            return Some(Technique(text.into()));
        }
        self.wrong(node, "a technique, such as T1098.007");
        None
    }

    /// Above nought and below one, so that no single thing proves or refutes anything.
    fn share(&mut self, node: &Node) -> Option<f64> {
        let text = node.scalar().map_or("", |scalar| scalar.text.as_str());
        let share = text.parse::<f64>().ok().filter(|s| *s > 0.0 && *s < 1.0);
        if share.is_none() {
            self.wrong(node, "a share above 0 and below 1");
        }
        share
    }

    /// A whole number and `m`, `h` or `d`.
    fn duration(&mut self, node: &Node) -> Option<SignedDuration> {
        let text = node.scalar().map_or("", |scalar| scalar.text.as_str());
        let minutes = [('m', 1), ('h', 60), ('d', 1_440)]
            .into_iter()
            .find_map(|(unit, each)| {
                let count: i64 = text.strip_suffix(unit)?.parse().ok()?;
                count.checked_mul(each)
            });
        let span = minutes.filter(|m| (0..=5_256_000).contains(m));
        if span.is_none() {
            self.wrong(node, "a duration, such as 30m, 4h or 2d");
        }
        span.map(SignedDuration::from_mins)
    }

    fn text(&mut self, node: &Node) -> Option<String> {
        let text = node.text().map(str::to_owned);
        if text.is_none() {
            self.wrong(node, "a text");
        }
        text
    }

    fn list<T>(
        &mut self,
        node: &Node,
        mut read: impl FnMut(&mut Self, &Node) -> Option<T>,
    ) -> Vec<T> {
        let Some(items) = node.sequence() else {
            self.wrong(node, "a list");
            return Vec::new();
        };
        items.iter().filter_map(|item| read(self, item)).collect()
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        let message = format!("expected {wanted}, found {}", node.describe());
        let problem = Diagnostic::error(self.source, node.span, "wrong-type", message);
        self.report.push(problem);
    }
}
