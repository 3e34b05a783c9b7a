//! Things without an id and relations without a name, wherever they were read: no estate has them.

use super::{Inventory, Ix, Rel, number};

impl Inventory {
    /// Leaves out what names nothing, and tells how much that is.
    pub(in crate::import) fn leave_out_nameless(&mut self) {
        let is_blank = |text: &str| text.trim().is_empty();
        let things: Vec<Ix> = self.indices().filter(|ix| is_blank(self.id(*ix))).collect();
        let rels: Vec<Rel> = (0..)
            .zip(&self.rels)
            .filter(|(_, name)| is_blank(name))
            .map(|(rel, _)| rel)
            .collect();
        if things.is_empty() && rels.is_empty() {
            return;
        }
        let before = self.links.len();
        let mut example = String::new();
        let mut links = std::mem::take(&mut self.links);
        links.retain(|link| {
            let kept = !things.contains(&link.from)
                && !things.contains(&link.to)
                && !rels.contains(&link.rel);
            if !kept {
                let [from, to] = [link.from, link.to].map(|ix| self.id(ix));
                example = format!("`{from}` `{}` `{to}`", self.rel_name(link.rel));
            }
            kept
        });
        let lost = number(before - links.len());
        self.links = links;
        for ix in things {
            if self.is_described(ix) {
                self.note("unreadable", "things whose id is blank", "");
            }
            if let Some(object) = self.get_mut(ix) {
                *object = super::Object::default();
            }
        }
        if lost > 0 {
            let what = "relations that have no name, or an end whose id is blank";
            self.note_many("unreadable", what, (lost.into(), &example));
        }
    }
}
