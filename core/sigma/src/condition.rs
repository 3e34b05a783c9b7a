//! Conditions: how the selections of a rule combine.
//!
//! Precedence from low to high: `or`, `and`, `not`, `1 of` / `all of`, parentheses. Operators are
//! written in lower case. A pattern that matches no selection drops its operand, with a lint, as
//! pySigma does; a plain name that is no selection is an error.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use cordon_text::nearest;

/// Deepest nesting of parentheses and `not`: far beyond any rule, far below the stack.
const DEPTH_MAX: usize = 64;

/// How selections combine; the numbers are places in the rule's list of selections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// This selection.
    Selection(usize),
    /// Not this.
    Not(Box<Expr>),
    /// All of these; never empty.
    And(Vec<Expr>),
    /// One of these; never empty.
    Or(Vec<Expr>),
}

impl Expr {
    /// Which selections must not be there for this to hold: those under an odd number of `not`.
    pub fn absent(&self) -> BTreeSet<usize> {
        let mut places = BTreeSet::new();
        self.collect_absent(&mut places, Sign::Plain);
        places
    }

    fn collect_absent(&self, places: &mut BTreeSet<usize>, sign: Sign) {
        match (self, sign) {
            (Self::Selection(_), Sign::Plain) => {}
            (Self::Selection(place), Sign::Negated) => {
                places.insert(*place);
            }
            (Self::Not(inner), Sign::Plain) => inner.collect_absent(places, Sign::Negated),
            (Self::Not(inner), Sign::Negated) => inner.collect_absent(places, Sign::Plain),
            (Self::And(parts) | Self::Or(parts), _) => {
                for part in parts {
                    part.collect_absent(places, sign);
                }
            }
        }
    }

    /// Calls `visit` with the place of every selection spoken of.
    pub(crate) fn each_selection(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::Selection(place) => visit(*place),
            Self::Not(inner) => inner.each_selection(visit),
            Self::And(parts) | Self::Or(parts) => {
                for part in parts {
                    part.each_selection(visit);
                }
            }
        }
    }
}

/// Whether something stands under an odd number of `not`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    Plain,
    Negated,
}

/// What is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where in the text, in bytes.
    pub(crate) at: Range<usize>,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A pattern that matched none of the names, and where it stands in the text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unmatched {
    pub(crate) at: Range<usize>,
    pub(crate) pattern: String,
}

/// A condition read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    /// Its meaning; none if all its operands were dropped. Means nothing where there are problems.
    pub(crate) expr: Option<Expr>,
    pub(crate) unmatched: Vec<Unmatched>,
    /// Everything that is wrong with it, as far as a place behind which nothing can be understood.
    pub(crate) problems: Vec<Problem>,
}

/// What the names of a condition name, in the singular: a selection, a rule, a condition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noun(pub(crate) &'static str);

/// Reads a condition over these names.
pub(crate) fn read(text: &str, noun: Noun, names: &[Arc<str>]) -> Read {
    let mut parser = Parser {
        tokens: tokens(text),
        end: text.trim_end().len(),
        next: 0,
        names,
        noun,
        unmatched: Vec::new(),
        problems: Vec::new(),
    };
    let expr = parser.whole().unwrap_or_else(|problem| {
        parser.problems.push(problem);
        None
    });
    Read {
        expr,
        unmatched: parser.unmatched,
        problems: parser.problems,
    }
}

/// The names that a condition speaks of, each once, in the order in which it first does; none if it
/// chooses them by a pattern.
pub(crate) fn names(text: &str) -> Option<Vec<Arc<str>>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for Token { text: token, .. } in tokens(text) {
        match token {
            "of" => return None,
            "(" | ")" | "|" | "and" | "or" | "not" => {}
            name if names.iter().any(|known| **known == *name) => {}
            name => names.push(Arc::from(name)),
        }
    }
    Some(names)
}

/// A word or a sign, and where it begins in the text, in bytes.
#[derive(Debug, Clone, Copy)]
struct Token<'t> {
    text: &'t str,
    start: usize,
}

impl Token<'_> {
    fn at(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// Splits at spaces, and around parentheses and `|`.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '|');
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let length = rest.find(ends).filter(|at| *at > 0).unwrap_or_else(|| {
            if rest.starts_with(ends) {
                first
            } else {
                rest.len()
            }
        });
        let (text, _) = rest.split_at(length);
        if !text.trim().is_empty() {
            tokens.push(Token { text, start });
        }
        start += length;
    }
    tokens
}

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    end: usize,
    next: usize,
    names: &'t [Arc<str>],
    noun: Noun,
    unmatched: Vec<Unmatched>,
    /// Problems behind which reading goes on.
    problems: Vec<Problem>,
}

/// An operand; none if it was dropped.
type Operand = Result<Option<Expr>, Problem>;

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t str> {
        self.tokens.get(self.next).map(|token| token.text)
    }

    fn take(&mut self) -> Option<Token<'t>> {
        let token = self.tokens.get(self.next).copied();
        self.next += 1;
        token
    }

    /// What is wrong with a token, or with the end where there is none.
    fn problem(&self, token: Option<Token<'_>>, message: String, help: &str) -> Problem {
        Problem {
            at: token.map_or(self.end..self.end, |token| token.at()),
            code: "bad-condition",
            message,
            help: help.to_owned(),
        }
    }

    fn whole(&mut self) -> Operand {
        let expr = self.or(0)?;
        let Some(token) = self.take() else {
            return Ok(expr);
        };
        if token.text == "|" {
            let message = "aggregations behind `|` left the Sigma language".to_owned();
            let help = "write a correlation of type `event_count` or `value_count` instead";
            return Err(Problem {
                code: "aggregation-unsupported",
                ..self.problem(Some(token), message, help)
            });
        }
        let message = format!("expected `and`, `or` or the end, found `{}`", token.text);
        Err(self.problem(Some(token), message, "operators are written in lower case"))
    }

    fn or(&mut self, depth: usize) -> Operand {
        let first = self.and(depth)?;
        let mut parts = Vec::from_iter(first);
        while self.peek() == Some("or") {
            self.next += 1;
            parts.extend(self.and(depth)?);
        }
        Ok(joined(parts, Expr::Or))
    }

    fn and(&mut self, depth: usize) -> Operand {
        let first = self.not(depth)?;
        let mut parts = Vec::from_iter(first);
        while self.peek() == Some("and") {
            self.next += 1;
            parts.extend(self.not(depth)?);
        }
        Ok(joined(parts, Expr::And))
    }

    fn not(&mut self, depth: usize) -> Operand {
        if depth > DEPTH_MAX {
            let message = format!("nesting deeper than {DEPTH_MAX} levels");
            let here = self.tokens.get(self.next).copied();
            return Err(self.problem(here, message, "split the condition into a list"));
        }
        if self.peek() == Some("not") {
            self.next += 1;
            let inner = self.not(depth + 1)?;
            return Ok(inner.map(|inner| Expr::Not(Box::new(inner))));
        }
        self.primary(depth)
    }

    fn primary(&mut self, depth: usize) -> Operand {
        let Noun(noun) = self.noun;
        let ends = format!("name a {noun}, or write `1 of {noun}_*`");
        let Some(token) = self.take() else {
            let message = format!("expected a {noun}, found the end of the condition");
            return Err(self.problem(None, message, &ends));
        };
        if token.text == "(" {
            return self.closed(token, depth);
        }
        if self.peek() == Some("of") {
            self.next += 1;
            return self.of(token);
        }
        if matches!(token.text, ")" | "|" | "and" | "or" | "of") {
            let message = format!("expected a {noun}, found `{}`", token.text);
            return Err(self.problem(Some(token), message, &ends));
        }
        let place = self.names.iter().position(|name| **name == *token.text);
        if place.is_none() {
            self.unknown(token);
        }
        Ok(place.map(Expr::Selection))
    }

    /// A name that names nothing; reading goes on behind it.
    fn unknown(&mut self, token: Token<'t>) {
        let (Noun(noun), word) = (self.noun, token.text);
        let message = format!("the condition names `{word}`, and there is no such {noun}");
        let names = self.names.iter().map(|name| &**name);
        let help = nearest(word, names).map_or_else(
            || format!("the {noun}s are: {}", self.names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let problem = Problem {
            code: "unknown-selection",
            ..self.problem(Some(token), message, &help)
        };
        self.problems.push(problem);
    }

    /// What stands behind an opening parenthesis, and the closing one.
    fn closed(&mut self, open: Token<'t>, depth: usize) -> Operand {
        let inner = self.or(depth + 1)?;
        let close = self.take();
        if close.is_some_and(|close| close.text == ")") {
            return Ok(inner);
        }
        let found = close.map_or("the end of the condition".to_owned(), |token| {
            format!("`{}`", token.text)
        });
        let message = format!("expected `)`, found {found}");
        Err(self.problem(close.or(Some(open)), message, "close the parenthesis"))
    }

    /// What stands behind `1 of`, `any of` or `all of`.
    fn of(&mut self, count: Token<'t>) -> Operand {
        let Some(pattern) = self.take() else {
            let message = format!(
                "expected a pattern after `{} of`, found the end",
                count.text
            );
            let help = format!("write `them` or `{}_*`", self.noun.0);
            return Err(self.problem(None, message, &help));
        };
        let join = match count.text {
            "1" | "any" => Expr::Or,
            "all" => Expr::And,
            number => {
                let message = format!("expected `1 of`, `any of` or `all of`, found `{number} of`");
                let help = "other numbers are not part of the Sigma language";
                let problem = self.problem(Some(count), message, help);
                self.problems.push(problem);
                return Ok(None);
            }
        };
        let named = |name: &str| match pattern.text {
            "them" => !name.starts_with('_'),
            pattern => fits(pattern, name),
        };
        let places = (0..).zip(self.names).filter(|(_, name)| named(name));
        let parts: Vec<_> = places.map(|(place, _)| Expr::Selection(place)).collect();
        if parts.is_empty() {
            self.unmatched.push(Unmatched {
                at: count.start..pattern.at().end,
                pattern: format!("{} of {}", count.text, pattern.text),
            });
        }
        Ok(joined(parts, join))
    }
}

/// Operands under an operator; one stands for itself, none is dropped.
fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Option<Expr> {
    if parts.len() > 1 {
        return Some(join(parts));
    }
    parts.pop()
}

/// Whether a name fits a pattern in which `*` stands for any run of characters.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut tail) = name.strip_prefix(start) else {
        return false;
    };
    let Some((middle, end)) = rest.rsplit_once('*') else {
        return tail.ends_with(rest);
    };
    for part in middle.split('*') {
        let Some(at) = tail.find(part) else {
            return false;
        };
        tail = tail.split_at(at + part.len()).1;
    }
    tail.ends_with(end)
}

#[cfg(test)]
#[path = "condition/tests.rs"]
mod tests;
