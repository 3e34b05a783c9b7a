//! A price list for steps that are made: `cordon/prices/v1`, in YAML.
//!
//! Each row says of which steps it speaks, by kind of step, kind of node and node, and what they cost, how long
//! they take, or that they are never to be made. Of the rows that fit, the last that says a thing counts.

use std::collections::BTreeSet;

use cordon_model::{Estate, Minutes, Money, NodeIx, StepKind};
use cordon_text::{Node, Page, Report, Source};

use crate::{Pages, StepPage, scalar::Reader, spelling::nearest_kind};

/// A price list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prices {
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    line: u32,
    /// Only steps of this kind; any if none.
    step: Option<StepKind>,
    /// Only steps made for a node of one of these kinds; any if none.
    of: BTreeSet<String>,
    /// Only steps made for one of these nodes; any if none.
    nodes: BTreeSet<NodeIx>,
    says: Priced,
    used: bool,
}

/// What a price list says of a step.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Priced {
    pub(crate) cost: Option<Money>,
    pub(crate) minutes: Option<Minutes>,
    pub(crate) never: bool,
}

impl Prices {
    /// Reads a price list for an estate.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(source: &Source, estate: &Estate, pages: &Pages) -> Result<Self, Report> {
        let rows = Page::read(source, ("price list", "wrong-prices"), |page, document| {
            let mut fields = page.fields(document, "a price list")?;
            page.format(&mut fields, "prices/v1");
            let list = fields.required("prices", &mut page.report);
            fields.finish(&mut page.report);
            let rows = list.map_or(&[][..], |at| page.list(at)).iter();
            Some(rows.filter_map(|at| row(page, at, estate, pages)).collect())
        });
        rows.map(|rows| Self { rows })
    }

    /// What the list says of a step of a kind, made for these nodes.
    pub(crate) fn of(&mut self, estate: &Estate, kind: &StepKind, each: &[NodeIx]) -> Priced {
        let mut priced = Priced::default();
        for row in &mut self.rows {
            if !row.fits(estate, kind, each) {
                continue;
            }
            row.used = true;
            priced.cost = row.says.cost.clone().or(priced.cost);
            priced.minutes = row.says.minutes.clone().or(priced.minutes);
            priced.never = row.says.never;
        }
        priced
    }

    /// Rows that spoke of no step: their lines and kinds.
    pub(crate) fn unused(&self) -> Vec<(u32, String)> {
        let unused = self.rows.iter().filter(|row| !row.used);
        let kind = |row: &Row| row.step.as_ref().map_or(String::new(), ToString::to_string);
        unused.map(|row| (row.line, kind(row))).collect()
    }
}

impl Row {
    fn fits(&self, estate: &Estate, kind: &StepKind, each: &[NodeIx]) -> bool {
        let of = |node: &NodeIx| self.of.contains(estate.node(*node).kind.as_str());
        self.step.as_ref().is_none_or(|step| step == kind)
            && (self.of.is_empty() || each.iter().any(of))
            && (self.nodes.is_empty() || each.iter().any(|node| self.nodes.contains(node)))
    }
}

fn row<'t>(page: &mut Page<'t>, at: &'t Node, estate: &Estate, pages: &Pages) -> Option<Row> {
    let mut fields = page.fields(at, "a price")?;
    let step = fields.optional("step");
    let step = step.and_then(|at| kind(page, at, pages));
    let of = fields.optional("of").map(|at| words(page, at));
    let nodes = fields.optional("node").map(|at| named(page, at, estate));
    let (cost, minutes, never) = (
        fields.optional("cost"),
        fields.optional("minutes"),
        fields.optional("never"),
    );
    let mut read = Reader {
        source: page.source,
        file: 0,
        report: &mut page.report,
    };
    let cost = cost.and_then(|at| read.money(at));
    let minutes = minutes.and_then(|at| read.minutes(at));
    let never = never.and_then(|at| read.flag(at)).unwrap_or(false);
    fields.finish(&mut page.report);
    if cost.is_none() && minutes.is_none() && !never && !page.report.has_errors() {
        let message = "this price says neither `cost` nor `minutes` nor `never`".to_owned();
        page.wrong(at.span, message, "add one of them, or leave the row out");
    }
    Some(Row {
        line: at.span.line,
        step,
        of: of.unwrap_or_default().into_iter().collect(),
        nodes: nodes.unwrap_or_default(),
        says: Priced {
            cost,
            minutes,
            never,
        },
        used: false,
    })
}

fn kind(page: &mut Page<'_>, at: &Node, pages: &Pages) -> Option<StepKind> {
    let word = page.text(at)?;
    if pages.step(&word).is_some_and(StepPage::is_made) {
        return Some(StepKind::new(word));
    }
    let made = pages.steps().filter(|page| page.is_made());
    let meant = nearest_kind(&word, made.map(|step| step.kind.as_str()));
    let message = format!("no steps of the kind `{word}` are made from an estate");
    let list = || "`cordon estate steps --preview` lists the kinds that are".to_owned();
    let help = meant.map_or_else(list, |meant| format!("did you mean `{meant}`?"));
    page.wrong(at.span, message, &help);
    None
}

/// One text, or a list of them.
fn words<'t>(page: &mut Page<'t>, at: &'t Node) -> Vec<String> {
    if at.scalar().is_some() {
        return page.text(at).into_iter().collect();
    }
    page.texts(at)
}

fn named<'t>(page: &mut Page<'t>, at: &'t Node, estate: &Estate) -> BTreeSet<NodeIx> {
    let mut found = BTreeSet::new();
    for name in words(page, at) {
        if let Some(node) = estate.resolve(&name) {
            found.insert(node);
        } else {
            let message = format!("no node has the id `{name}`, and no single one the alias");
            page.wrong(at.span, message, "name it as the estate does");
        }
    }
    found
}
