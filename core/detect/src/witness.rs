//! What a record must have for a rule to have any chance.
//!
//! A rule's witnesses are statements of which at least one is true of every record that the rule
//! matches. They may be true of others too. Among the parts of a rule that must all hold, the one
//! is taken whose witnesses are guessed to be true least often by accident.

mod literals;

use std::collections::{BTreeMap, BTreeSet};

use cordon_sigma::{Body, Expr, Item, Part as Sign, Pattern, Quantifier, Rule, Test};
use regex_syntax::ParserBuilder;

use crate::{
    fold::fold,
    names::{Names, Scope},
};

/// A statement about a record, texts without case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Witness {
    pub(crate) scope: Scope,
    pub(crate) claim: Claim,
}

/// What is true of one of the values there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Claim {
    /// There is one, be it empty or null.
    Present,
    /// It is this text, or a number that is this whole number.
    Is(String),
    /// It begins with this text.
    Starts(String),
    /// It ends with this text.
    Ends(String),
    /// This text is somewhere in it.
    Has(String),
}

impl Claim {
    /// The same of all values taken together, between which nothing is known to stand.
    fn somewhere(self) -> Self {
        match self {
            Self::Is(text) | Self::Starts(text) | Self::Ends(text) => Self::Has(text),
            Self::Present | Self::Has(_) => self,
        }
    }
}

/// Witnesses of one rule; one of them is true.
pub(crate) type Witnesses = BTreeSet<Witness>;

/// The witnesses of each rule; none for one that can match a record that has nothing in particular.
pub(crate) fn witnesses(rules: &[Rule], names: &mut Names) -> Vec<Option<Witnesses>> {
    let parts: Vec<_> = rules
        .iter()
        .map(|rule| Part::of_rule(rule, names))
        .collect();
    let mut common = Common::default();
    for part in &parts {
        part.count(&mut common);
    }
    parts.iter().map(|part| part.choose(&common)).collect()
}

/// How many rules make a claim. What many rules speak of (an event id, a shell) is common in logs
/// too, so that among its claims a rule is best known by the one that few others make.
type Common = BTreeMap<Witness, u64>;

/// What can be claimed of the records that a part of a rule holds for.
#[derive(Debug)]
enum Part {
    /// Nothing.
    Nothing,
    /// One of these is true.
    OneOf(Vec<Witness>),
    /// One of these holds.
    Any(Vec<Part>),
    /// All of these hold.
    All(Vec<Part>),
}

impl Part {
    fn of_rule(rule: &Rule, names: &mut Names) -> Self {
        let mut finder = Finder { rule, names };
        Self::Any(
            rule.conditions
                .iter()
                .map(|expr| finder.expr(expr))
                .collect(),
        )
    }

    fn count(&self, common: &mut Common) {
        match self {
            Self::Nothing => {}
            Self::OneOf(witnesses) => {
                for witness in witnesses {
                    *common.entry(witness.clone()).or_default() += 1;
                }
            }
            Self::Any(parts) | Self::All(parts) => parts.iter().for_each(|p| p.count(common)),
        }
    }

    /// The witnesses that are true least often by accident.
    fn choose(&self, common: &Common) -> Option<Witnesses> {
        match self {
            Self::Nothing => None,
            Self::OneOf(witnesses) => Some(witnesses.iter().cloned().collect()),
            Self::Any(parts) => {
                let mut all = Witnesses::new();
                for part in parts {
                    all.extend(part.choose(common)?);
                }
                Some(all)
            }
            Self::All(parts) => {
                let chosen = parts.iter().filter_map(|part| part.choose(common));
                chosen.min_by_key(|witnesses| {
                    let costs = witnesses.iter().map(|witness| {
                        let rules = common.get(witness).copied().unwrap_or(1);
                        cost(&witness.claim).saturating_mul(rules.saturating_mul(rules))
                    });
                    costs.fold(0_u64, u64::saturating_add)
                })
            }
        }
    }
}

struct Finder<'r> {
    rule: &'r Rule,
    names: &'r mut Names,
}

impl Finder<'_> {
    fn expr(&mut self, expr: &Expr) -> Part {
        match expr {
            Expr::Selection(place) => match self.rule.selections.get(*place) {
                Some(selection) => self.body(&selection.body),
                None => Part::Nothing,
            },
            Expr::Not(_) => Part::Nothing,
            Expr::And(parts) => Part::All(parts.iter().map(|part| self.expr(part)).collect()),
            Expr::Or(parts) => Part::Any(parts.iter().map(|part| self.expr(part)).collect()),
        }
    }

    fn body(&mut self, body: &Body) -> Part {
        match body {
            Body::All(parts) => Part::All(parts.iter().map(|part| self.body(part)).collect()),
            Body::Any(parts) => Part::Any(parts.iter().map(|part| self.body(part)).collect()),
            Body::Item(item) => self.item(item),
        }
    }

    fn item(&mut self, item: &Item) -> Part {
        let scope = match &item.field {
            Some(field) => Scope::Field(self.names.place(field)),
            None => Scope::Everything,
        };
        let tests = || item.tests.iter().map(|test| of_test(test, scope)).collect();
        match item.quantifier {
            Quantifier::Any => Part::Any(tests()),
            Quantifier::All => Part::All(tests()),
            Quantifier::None | Quantifier::NotAll => Part::Nothing,
        }
    }
}

fn of_test(test: &Test, scope: Scope) -> Part {
    let claims = match test {
        Test::Text(pattern) => vec![of_pattern(pattern)],
        Test::OneOf(tests) => {
            return Part::Any(tests.iter().map(|test| of_test(test, scope)).collect());
        }
        // A number is matched by its value, and a text that spells it by its spelling.
        Test::Number { number, text } => match number.whole() {
            Some(whole) => vec![
                Claim::Is(whole.to_string()),
                Claim::Is(fold(text).into_owned()),
            ],
            None => vec![Claim::Present],
        },
        Test::Bool(value) => vec![Claim::Is(value.to_string())],
        Test::Regex(regex) => {
            let texts = literals::required(regex.0.as_str(), &ParserBuilder::new());
            match texts {
                Some(texts) => texts.into_iter().map(Claim::Has).collect(),
                None => vec![Claim::Present],
            }
        }
        Test::Exists(true)
        | Test::Cidr { .. }
        | Test::Compare(..)
        | Test::Time(..)
        | Test::Field { .. } => vec![Claim::Present],
        Test::Null | Test::Exists(false) => return Part::Nothing,
    };
    // Every record has some value, so that there is one says nothing.
    if scope == Scope::Everything && claims.contains(&Claim::Present) {
        return Part::Nothing;
    }
    let witness = |claim| Witness {
        scope,
        claim: match scope {
            Scope::Field(_) => claim,
            Scope::Everything => claim.somewhere(),
        },
    };
    Part::OneOf(claims.into_iter().map(witness).collect())
}

fn of_pattern(pattern: &Pattern) -> Claim {
    let folded = |text: &str| fold(text).into_owned();
    match pattern.parts.as_slice() {
        [] => Claim::Is(String::new()),
        [Sign::Text(all)] => Claim::Is(folded(all)),
        [Sign::Text(start), Sign::AnyRun] => Claim::Starts(folded(start)),
        [Sign::AnyRun, Sign::Text(end)] => Claim::Ends(folded(end)),
        parts => {
            let literals = parts.iter().filter_map(|part| match part {
                Sign::Text(literal) => Some(literal),
                Sign::AnyRun | Sign::AnyChar | Sign::Dash => None,
            });
            let longest = literals.max_by_key(|literal| literal.len());
            longest.map_or(Claim::Present, |literal| Claim::Has(folded(literal)))
        }
    }
}

/// A guess at how often a claim is true by accident, in millionths. It only steers the choice.
fn cost(claim: &Claim) -> u64 {
    let by_length = |length: usize| match length {
        0..=1 => 900_000,
        2..=3 => 400_000,
        4..=6 => 40_000,
        7..=11 => 4_000,
        _ => 1_000,
    };
    match claim {
        Claim::Present => 700_000,
        // Event ids, logon types, truth values: few different ones, each in many records.
        Claim::Is(text) if text.len() <= 5 => 20_000,
        Claim::Is(text) | Claim::Has(text) => by_length(text.len()),
        // A value has one beginning and one end, and those are more alike than what is between.
        Claim::Starts(text) | Claim::Ends(text) => by_length(text.len()).min(20_000),
    }
}
