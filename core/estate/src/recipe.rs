//! How steps of a kind are made from an estate, as the section `made` of a page says it.
//!
//! `given` binds names to nodes along attack edges (`member member-of group`) or by kind (`host is
//! server|database`); all bindings that agree in the names under `each` are one step, so that one switch
//! may close many edges. Invariant: a recipe names only what it binds.

use cordon_model::{Minutes, Money};
use cordon_text::{Fields, Node};

use crate::{
    import::rule::{Names, alternatives, ask, texts},
    scalar::Reader,
};

/// One way to make steps of a kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recipe {
    /// How many names there are; all else refers to them by number.
    pub(crate) names: usize,
    /// Bindings that agree in these are one step; of none, all are.
    pub(crate) each: Vec<usize>,
    pub(crate) given: Vec<Given>,
    pub(crate) unless: Vec<Unless>,
    pub(crate) removes: Vec<Cut>,
    pub(crate) takes_down: Vec<Down>,
    pub(crate) cost: Money,
    /// None if the page's own count.
    pub(crate) minutes: Option<Minutes>,
}

/// How names are bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given {
    /// To each node of one of these kinds.
    Kind(usize, Vec<String>),
    /// Along attack edges of one of these kinds.
    Along(usize, Vec<String>, usize),
}

/// What no step is made for, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unless {
    pub(crate) name: usize,
    pub(crate) of: Which,
    pub(crate) why: String,
}

/// Which nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Which {
    /// Of one of these kinds.
    Kind(Vec<String>),
    /// With an id or alias that ends like this, as well-known accounts and groups have.
    Ends(Vec<String>),
}

/// What a step removes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Every edge of a node, but for those of these kinds that lead to it.
    Node(usize, Vec<String>),
    /// Edges of these kinds between two nodes.
    Edges(usize, Vec<String>, usize),
    /// Edges that stand on this node and others of the same step only.
    Standing(usize),
}

/// What a step takes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Down {
    Node(usize),
    /// What edges of these kinds lead to from a node.
    Along(usize, Vec<String>),
}

/// Reads the recipes of a page.
pub(crate) fn recipes<'t>(read: &mut Reader<'t, '_>, at: &'t Node) -> Vec<Recipe> {
    let items = read.list(at, "a list of ways to make steps").iter();
    items.filter_map(|item| recipe(read, item)).collect()
}

fn recipe<'t>(read: &mut Reader<'t, '_>, at: &'t Node) -> Option<Recipe> {
    let mut fields = read.fields(at, "a way to make steps")?;
    let mut names = Names::default();
    let given = each_text(read, &mut fields, "given", &mut |text| {
        given(&mut names, text)
    });
    let bound = names.0.len();
    let each = each_text(read, &mut fields, "each", &mut |text| {
        Some(names.of(text)).filter(|_| all_bound(&mut names, bound))
    });
    let removes = each_text(read, &mut fields, "removes", &mut |text| {
        cut(&mut names, text).filter(|_| all_bound(&mut names, bound))
    });
    let takes_down = each_text(read, &mut fields, "takes_down", &mut |text| {
        down(&mut names, text).filter(|_| all_bound(&mut names, bound))
    });
    let unless = fields.optional("unless");
    let unless = unless.map(|at| exceptions(read, at, &mut names, bound));
    let cost = fields.required("cost", read.report);
    let cost = cost.and_then(|cost| read.money(cost));
    let minutes = fields.optional("minutes");
    let minutes = minutes.and_then(|minutes| read.minutes(minutes));
    for key in ["given", "removes"] {
        fields.required(key, read.report);
    }
    fields.finish(read.report);
    Some(Recipe {
        names: bound,
        each,
        given,
        unless: unless.unwrap_or_default(),
        removes,
        takes_down,
        cost: cost?,
        minutes,
    })
}

/// Reads each text of a list, or says that it cannot be read.
fn each_text<'t, T>(
    read: &mut Reader<'t, '_>,
    fields: &mut Fields<'t>,
    key: &'static str,
    parse: &mut dyn FnMut(&str) -> Option<T>,
) -> Vec<T> {
    let texts = texts(read, fields, key).into_iter();
    texts
        .filter_map(|(text, at)| ask(read, at, text, &mut *parse))
        .collect()
}

/// Reads what no step is made for, each with its reason.
fn exceptions<'t>(
    read: &mut Reader<'t, '_>,
    at: &'t Node,
    names: &mut Names,
    bound: usize,
) -> Vec<Unless> {
    let mut found = Vec::new();
    for (text, why) in at.mapping().unwrap_or_default() {
        let said = read.text(text, "whom").zip(read.text(why, "why"));
        let Some((said, why)) = said else { continue };
        let parsed = ask(read, text, said, |said| {
            which(names, said).filter(|_| all_bound(names, bound))
        });
        found.extend(parsed.map(|(name, of)| Unless {
            name,
            of,
            why: why.to_owned(),
        }));
    }
    found
}

/// Whether no name was used that nothing binds; if one was, it is forgotten again.
fn all_bound(names: &mut Names, bound: usize) -> bool {
    let all = names.0.len() == bound;
    names.0.truncate(bound);
    all
}

fn given(names: &mut Names, text: &str) -> Option<Given> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [name, "is", kinds @ ..] => Some(Given::Kind(names.of(name), listed(kinds)?)),
        [from, kinds @ .., to] => {
            let from = names.of(from);
            Some(Given::Along(from, listed(kinds)?, names.of(to)))
        }
        _ => None,
    }
}

fn which(names: &mut Names, text: &str) -> Option<(usize, Which)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [name, "is", kinds @ ..] => Some((names.of(name), Which::Kind(listed(kinds)?))),
        [name, "ends", ends @ ..] => Some((names.of(name), Which::Ends(listed(ends)?))),
        _ => None,
    }
}

fn cut(names: &mut Names, text: &str) -> Option<Cut> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [name] => Some(Cut::Node(names.of(name), Vec::new())),
        [name, "but", kinds @ ..] => Some(Cut::Node(names.of(name), listed(kinds)?)),
        ["on", name] => Some(Cut::Standing(names.of(name))),
        [from, kinds @ .., to] => {
            let from = names.of(from);
            Some(Cut::Edges(from, listed(kinds)?, names.of(to)))
        }
        [] => None,
    }
}

fn down(names: &mut Names, text: &str) -> Option<Down> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [name] => Some(Down::Node(names.of(name))),
        [name, kinds @ .., "*"] => Some(Down::Along(names.of(name), listed(kinds)?)),
        _ => None,
    }
}

/// Words joined by bars, with or without spaces at the bars; none if there are none.
fn listed(words: &[&str]) -> Option<Vec<String>> {
    let words = alternatives(&words.concat());
    (!words.iter().any(String::is_empty)).then_some(words)
}
