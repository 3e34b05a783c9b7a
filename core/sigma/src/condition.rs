//! Conditions: how the selections of a rule combine.
//!
//! Precedence from low to high: `or`, `and`, `not`, `1 of` / `all of`, parentheses. Operators are
//! written in lower case. A pattern that matches no selection drops its operand, with a lint, as
//! pySigma does; a plain name that is no selection is an error.

use std::sync::Arc;

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

/// What is wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A condition read: its meaning, unless all its operands were dropped, and the patterns that
/// matched no selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) expr: Option<Expr>,
    pub(crate) unmatched: Vec<String>,
}

/// Reads a condition over selections of these names.
pub(crate) fn read(text: &str, names: &[Arc<str>]) -> Result<Read, Problem> {
    let mut parser = Parser {
        tokens: tokens(text),
        next: 0,
        names,
        unmatched: Vec::new(),
    };
    let expr = parser.or(0)?;
    if let Some(token) = parser.peek() {
        return Err(if token == "|" {
            problem(
                "aggregation-unsupported",
                "aggregations behind `|` left the Sigma language".to_owned(),
                "write a correlation of type `event_count` or `value_count` instead",
            )
        } else {
            let message = format!("expected `and`, `or` or the end, found `{token}`");
            problem(
                "bad-condition",
                message,
                "operators are written in lower case",
            )
        });
    }
    let unmatched = parser.unmatched;
    Ok(Read { expr, unmatched })
}

/// The names that a condition speaks of, each once, in the order in which it first does; none if it
/// chooses them by a pattern.
pub(crate) fn names(text: &str) -> Option<Vec<Arc<str>>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for token in tokens(text) {
        match token {
            "of" => return None,
            "(" | ")" | "|" | "and" | "or" | "not" => {}
            name if names.iter().any(|known| **known == *name) => {}
            name => names.push(Arc::from(name)),
        }
    }
    Some(names)
}

/// Splits at spaces, and around parentheses and `|`.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.find(['(', ')', '|']) {
            let (before, from) = rest.split_at(at);
            let (sign, after) = from.split_at(1);
            tokens.extend([before, sign].into_iter().filter(|t| !t.is_empty()));
            rest = after;
        }
        tokens.extend(Some(rest).filter(|t| !t.is_empty()));
    }
    tokens
}

fn problem(code: &'static str, message: String, help: &str) -> Problem {
    let help = help.to_owned();
    Problem {
        code,
        message,
        help,
    }
}

struct Parser<'t> {
    tokens: Vec<&'t str>,
    next: usize,
    names: &'t [Arc<str>],
    unmatched: Vec<String>,
}

/// An operand; none if it was dropped.
type Operand = Result<Option<Expr>, Problem>;

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t str> {
        self.tokens.get(self.next).copied()
    }

    fn take(&mut self) -> Option<&'t str> {
        let token = self.peek();
        self.next += 1;
        token
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
            return Err(problem(
                "bad-condition",
                message,
                "split the condition into a list",
            ));
        }
        if self.peek() == Some("not") {
            self.next += 1;
            let inner = self.not(depth + 1)?;
            return Ok(inner.map(|inner| Expr::Not(Box::new(inner))));
        }
        self.primary(depth)
    }

    fn primary(&mut self, depth: usize) -> Operand {
        let ends = "name a selection, or write `1 of selection_*`";
        let Some(token) = self.take() else {
            let message = "expected a selection, found the end of the condition".to_owned();
            return Err(problem("bad-condition", message, ends));
        };
        if token == "(" {
            let inner = self.or(depth + 1)?;
            let close = self.take();
            if close != Some(")") {
                let found = close.unwrap_or("the end of the condition");
                let message = format!("expected `)`, found `{found}`");
                return Err(problem("bad-condition", message, "close the parenthesis"));
            }
            return Ok(inner);
        }
        if self.peek() == Some("of") {
            self.next += 1;
            return self.of(token);
        }
        if matches!(token, ")" | "|" | "and" | "or" | "of") {
            let message = format!("expected a selection, found `{token}`");
            return Err(problem("bad-condition", message, ends));
        }
        if let Some(place) = self.names.iter().position(|name| **name == *token) {
            return Ok(Some(Expr::Selection(place)));
        }
        let message = format!("the condition names `{token}`, and there is no such selection");
        let help = format!("the selections are: {}", self.names.join(", "));
        Err(problem("unknown-selection", message, &help))
    }

    /// What stands behind `1 of`, `any of` or `all of`.
    fn of(&mut self, count: &str) -> Operand {
        let join = match count {
            "1" | "any" => Expr::Or,
            "all" => Expr::And,
            _ => {
                let message = format!("expected `1 of`, `any of` or `all of`, found `{count} of`");
                let help = "other numbers are not part of the Sigma language";
                return Err(problem("bad-condition", message, help));
            }
        };
        let Some(pattern) = self.take() else {
            let message = format!("expected a pattern after `{count} of`, found the end");
            return Err(problem(
                "bad-condition",
                message,
                "write `them` or `selection_*`",
            ));
        };
        let named = |name: &str| match pattern {
            "them" => !name.starts_with('_'),
            _ => fits(pattern, name),
        };
        let places = (0..).zip(self.names).filter(|(_, name)| named(name));
        let parts: Vec<_> = places.map(|(place, _)| Expr::Selection(place)).collect();
        if parts.is_empty() {
            self.unmatched.push(format!("{count} of {pattern}"));
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
