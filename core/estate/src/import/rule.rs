//! Rules that derive relations from others, as pages write them.
//!
//! `given` binds names to objects along relations (`template PublishedTo ca`, `domain is domain`), `if`
//! asks for properties of them, and the derived relation leads from whoever is named by `from` (where `victim` lists
//! rights, for each user or computer that has them all), from every `holder` of all the rights listed, through groups
//! too, or from everybody who controls a `victim` of them, to `to`. Conditions are true, false or unknown: a property that was not collected is no "no".

use cordon_text::{Fields, Node, Report, Source};

use crate::scalar::Reader;

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Names that stand for objects; all else refers to them by number.
    pub(crate) names: Vec<String>,
    pub(crate) given: Vec<Pattern>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) source: From,
    pub(crate) to: usize,
    /// The object whose change closes what is derived, if the rule names one.
    pub(crate) ground: Option<usize>,
}

/// How names are bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Along a relation of one of these names.
    Along(usize, Vec<String>, usize),
    /// To each object of a kind.
    Kind(usize, String),
}

/// Rights of one of these names on what a name stands for.
pub(crate) type Right = (Vec<String>, usize);

/// Whom the derived relation comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum From {
    /// What a name stands for.
    Name(usize),
    /// The same, for each user or computer that has all these rights, bound to the second number.
    Beside(usize, Vec<Right>, usize),
    /// Whoever has all these rights, alone or through groups, bound to the number.
    Holder(Vec<Right>, usize),
    /// Whoever has one of these rights on a user or computer that has all those rights.
    Controller(Vec<String>, Vec<Right>, usize),
}

/// Any of these must hold.
pub(crate) type Condition = Vec<Atom>;

/// One thing asked of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Atom {
    pub(crate) negated: bool,
    pub(crate) name: usize,
    pub(crate) asked: Asked,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Kind(String),
    /// A flag that is set.
    Flag(String),
    /// A property that equals one of these.
    Equals(String, Vec<String>),
    /// A text with this somewhere in it.
    Names(String, String),
    /// A list with this item, or a number with this bit.
    Has(String, String),
    /// A list with no items but these.
    Within(String, Vec<String>),
    /// A list without items.
    Empty(String),
    /// A flag that is only written where it is set, so that its absence is a "no".
    Marked(String),
    /// That another name stands for the same object.
    Same(usize),
}

impl Asked {
    /// The property that is asked for, or what is asked instead of one.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Kind(key)
            | Self::Flag(key)
            | Self::Equals(key, _)
            | Self::Names(key, _)
            | Self::Has(key, _)
            | Self::Within(key, _)
            | Self::Empty(key)
            | Self::Marked(key) => key,
            Self::Same(_) => "same",
        }
    }
}

impl Atom {
    /// Whether everything that it asks about is bound.
    pub(crate) fn is_bound(&self, bound: impl Fn(usize) -> bool) -> bool {
        let other = if let Asked::Same(other) = self.asked {
            other
        } else {
            self.name
        };
        bound(self.name) && bound(other)
    }
}

/// Reads the rules of a page.
pub(crate) fn rules<'t>(read: &mut Reader<'t, '_>, at: &'t Node) -> Vec<Rule> {
    let items = read.list(at, "a list of rules").iter();
    items.filter_map(|item| rule(read, item)).collect()
}

fn rule<'t>(read: &mut Reader<'t, '_>, at: &'t Node) -> Option<Rule> {
    let mut fields = read.fields(at, "a rule")?;
    let mut names = Names::default();
    let given = texts(read, &mut fields, "given")
        .into_iter()
        .filter_map(|(text, at)| ask(read, at, text, |text| pattern(&mut names, text)))
        .collect();
    let source = source(read, &mut fields, &mut names);
    let conditions = texts(read, &mut fields, "if")
        .into_iter()
        .filter_map(|(text, at)| ask(read, at, text, |text| condition(&mut names, text)))
        .collect();
    let to = fields.required("to", read.report);
    let to = to
        .and_then(|to| read.text(to, "a name"))
        .map(|to| names.of(to));
    let ground = fields.optional("ground");
    let ground = ground
        .and_then(|at| read.text(at, "a name"))
        .map(|name| names.of(name));
    fields.finish(read.report);
    Some(Rule {
        given,
        conditions,
        source: source?,
        to: to?,
        ground,
        names: names.0,
    })
}

fn source<'t>(
    read: &mut Reader<'t, '_>,
    fields: &mut Fields<'t>,
    names: &mut Names,
) -> Option<From> {
    let from = fields.optional("from");
    let from = from.and_then(|from| read.text(from, "a name"));
    let from = from.map(|from| names.of(from));
    let mut rights = |read: &mut Reader<'t, '_>, fields: &mut Fields<'t>, key| -> Vec<Right> {
        let texts = texts(read, fields, key).into_iter();
        texts
            .filter_map(|(text, at)| ask(read, at, text, |text| right(names, text)))
            .collect()
    };
    let holder = rights(read, fields, "holder");
    let victim = rights(read, fields, "victim");
    if let Some(from) = from {
        let every = victim.is_empty().then_some(From::Name(from));
        return Some(every.unwrap_or_else(|| From::Beside(from, victim, names.of("victim"))));
    }
    if !holder.is_empty() {
        return Some(From::Holder(holder, names.of("holder")));
    }
    if victim.is_empty() {
        let message = "a rule needs one of `from`, `holder` and `victim`".to_owned();
        let help = "say whom the derived edge comes from".to_owned();
        read.wrong(fields.span(), "missing-key", message, help);
        return None;
    }
    let by = fields.required("by", read.report)?;
    let by = read.text(by, "names of rights")?;
    Some(From::Controller(
        alternatives(by),
        victim,
        names.of("victim"),
    ))
}

/// The texts of a list that may be left out.
pub(crate) fn texts<'t>(
    read: &mut Reader<'t, '_>,
    fields: &mut Fields<'t>,
    key: &'static str,
) -> Vec<(&'t str, &'t Node)> {
    let Some(at) = fields.optional(key) else {
        return Vec::new();
    };
    let items = read.list(at, "a list of texts").iter();
    let texts = items.filter_map(|item| Some((read.text(item, "a text")?, item)));
    texts.collect()
}

/// Reads one text, or says that it cannot be read.
pub(crate) fn ask<T>(
    read: &mut Reader<'_, '_>,
    at: &Node,
    text: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let parsed = parse(text);
    if parsed.is_none() {
        let message = format!("cannot read `{text}` as a part of a rule");
        let help = "see the rules beside this one; `docs/guides/add-an-edge-kind.md` has the forms";
        read.wrong(at.span, "unclear-rule", message, help.to_owned());
    }
    parsed
}

/// Names of one rule, in the order of being used.
#[derive(Debug, Default)]
pub(crate) struct Names(pub(crate) Vec<String>);

impl Names {
    pub(crate) fn of(&mut self, name: &str) -> usize {
        if let Some(known) = self.0.iter().position(|known| known == name) {
            return known;
        }
        self.0.push(name.to_owned());
        self.0.len() - 1
    }
}

pub(crate) fn alternatives(names: &str) -> Vec<String> {
    names.split('|').map(str::to_owned).collect()
}

fn pattern(names: &mut Names, text: &str) -> Option<Pattern> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [name, "is", kind] => Some(Pattern::Kind(names.of(name), (*kind).to_owned())),
        [from, rel, to] => {
            let from = names.of(from);
            Some(Pattern::Along(from, alternatives(rel), names.of(to)))
        }
        _ => None,
    }
}

fn right(names: &mut Names, text: &str) -> Option<Right> {
    let (rel, on) = text.split_once(' ')?;
    Some((alternatives(rel), names.of(on.trim())))
}

fn condition(names: &mut Names, text: &str) -> Option<Condition> {
    text.split(" or ").map(|text| atom(names, text)).collect()
}

fn atom(names: &mut Names, text: &str) -> Option<Atom> {
    let text = text.trim();
    let (negated, text) = match text.strip_prefix("not ") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let (first, rest) = words.split_first()?;
    let (name, asked) = match (first.split_once('.'), rest) {
        (None, ["is", kind]) => (*first, Asked::Kind((*kind).to_owned())),
        (None, ["same", other]) => (*first, Asked::Same(names.of(other))),
        (Some((name, key)), rest) => (name, asked(key, rest)?),
        (None, _) => return None,
    };
    Some(Atom {
        negated,
        name: names.of(name),
        asked,
    })
}

fn asked(key: &str, rest: &[&str]) -> Option<Asked> {
    let key = key.to_owned();
    match rest {
        [] => Some(Asked::Flag(key)),
        ["empty"] => Some(Asked::Empty(key)),
        ["marked"] => Some(Asked::Marked(key)),
        ["names", part] => Some(Asked::Names(key, (*part).to_lowercase())),
        ["has", item] => Some(Asked::Has(key, (*item).to_owned())),
        ["within", items] => Some(Asked::Within(key, alternatives(items))),
        ["=", values] => Some(Asked::Equals(key, alternatives(values))),
        _ => None,
    }
}

/// Relations that collectors write and that lead nobody on by themselves, and rules that derive more of
/// them: one file of `content/relations`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Relations {
    /// Names, each with what it means.
    pub(crate) silent: Vec<(String, String)>,
    /// Rules, each with the name of what it derives.
    pub(crate) rules: Vec<(String, Rule)>,
}

impl Relations {
    /// Reads one file.
    pub(crate) fn read(&mut self, source: &Source, document: &Node, report: &mut Report) {
        let file = 0;
        let read = &mut Reader {
            source,
            file,
            report,
        };
        let Some(mut fields) = read.fields(document, "a file of relations") else {
            return;
        };
        if let Some(at) = fields.required("relations", read.report) {
            for (name, why) in at.mapping().unwrap_or_default() {
                let said = read
                    .text(name, "a name")
                    .zip(read.text(why, "what it means"));
                self.silent
                    .extend(said.map(|(name, why)| (name.to_owned(), why.to_owned())));
            }
        }
        if let Some(at) = fields.optional("derived") {
            for (name, rules_at) in at.mapping().unwrap_or_default() {
                let Some(name) = read.text(name, "a name") else {
                    continue;
                };
                let found = rules(read, rules_at).into_iter();
                self.rules.extend(found.map(|rule| (name.to_owned(), rule)));
            }
        }
        fields.finish(read.report);
    }
}
