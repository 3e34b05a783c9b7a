//! What `temporal_ordered` asks for: one of several orders of rules.
//!
//! An expression over rules is read from left to right. `and` means *and then*, `or` means that
//! either will do, `not` means that the rule is absent from the window altogether, early or late.
//! So `a and (b or c) and not d` is met by `a` then `b`, or by `a` then `c`, while no `d` is there.

use std::collections::BTreeSet;

use super::bound::Bound;
use crate::{Decimal, Expr, condition::Sign};

/// Most orders that one correlation stands for. Each is watched by itself.
pub(super) const ORDERS_MAX: usize = 64;

/// One order of rules; the numbers are places in [`super::Correlation::rules`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    /// The rules that must be met one after the other, each by a record of its own; never empty.
    pub sequence: Vec<usize>,
    /// The rules that must not be met in the window; none of them is in the sequence.
    pub absent: BTreeSet<usize>,
}

/// Why something stands for no orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// There are more than [`ORDERS_MAX`].
    TooMany,
    /// It can hold where no rule is met at all.
    Empty,
    /// It can never hold.
    Impossible,
    /// It speaks of a largest number of rules, or leaves numbers out.
    NotFromBelow,
}

/// The orders that an expression stands for.
pub(super) fn orders(expr: &Expr) -> Result<Vec<Order>, Refused> {
    let all = alternatives(expr, Sign::Plain)?;
    if all.iter().any(|order| order.sequence.is_empty()) {
        return Err(Refused::Empty);
    }
    let possible = |order: &Order| {
        !order
            .sequence
            .iter()
            .any(|place| order.absent.contains(place))
    };
    let possible: Vec<_> = all.into_iter().filter(possible).collect();
    if possible.is_empty() {
        return Err(Refused::Impossible);
    }
    Ok(possible)
}

/// The orders of at least as many of these rules as the bounds demand: all without bounds.
pub(super) fn counted(rules: usize, bounds: &[Bound]) -> Result<Vec<Order>, Refused> {
    let within = |count: &usize| {
        let count = u64::try_from(*count).unwrap_or(u64::MAX);
        bounds.iter().all(|bound| bound.holds(Decimal::from(count)))
    };
    let least = if bounds.is_empty() {
        rules
    } else {
        (1..=rules).find(within).ok_or(Refused::Impossible)?
    };
    if !(least..=rules).all(|count| within(&count)) {
        return Err(Refused::NotFromBelow);
    }
    let mut orders = vec![Order::default()];
    for place in 0..rules {
        let mut longer = orders.clone();
        for order in &mut longer {
            order.sequence.push(place);
        }
        orders.extend(longer);
        // What cannot become long enough any more, or is long enough already, is let go.
        let left = rules - place - 1;
        orders.retain(|order| {
            let length = order.sequence.len();
            length <= least && length + left >= least
        });
        if orders.len() > ORDERS_MAX {
            return Err(Refused::TooMany);
        }
    }
    Ok(orders)
}

fn alternatives(expr: &Expr, sign: Sign) -> Result<Vec<Order>, Refused> {
    match (expr, sign) {
        (Expr::Selection(place), Sign::Plain) => Ok(vec![Order {
            sequence: vec![*place],
            absent: BTreeSet::new(),
        }]),
        (Expr::Selection(place), Sign::Negated) => Ok(vec![Order {
            sequence: Vec::new(),
            absent: BTreeSet::from([*place]),
        }]),
        (Expr::Not(inner), Sign::Plain) => alternatives(inner, Sign::Negated),
        (Expr::Not(inner), Sign::Negated) => alternatives(inner, Sign::Plain),
        (Expr::And(parts), Sign::Plain) | (Expr::Or(parts), Sign::Negated) => joined(parts, sign),
        (Expr::Or(parts), Sign::Plain) | (Expr::And(parts), Sign::Negated) => either(parts, sign),
    }
}

/// One of each part, one behind the other.
fn joined(parts: &[Expr], sign: Sign) -> Result<Vec<Order>, Refused> {
    let mut orders = vec![Order::default()];
    for part in parts {
        let next = alternatives(part, sign)?;
        if orders.len() * next.len() > ORDERS_MAX {
            return Err(Refused::TooMany);
        }
        let behind = |order: &Order, next: &Order| Order {
            sequence: [order.sequence.as_slice(), &next.sequence].concat(),
            absent: order.absent.union(&next.absent).copied().collect(),
        };
        let pairs = orders
            .iter()
            .flat_map(|order| next.iter().map(move |n| (order, n)));
        orders = pairs.map(|(order, next)| behind(order, next)).collect();
    }
    Ok(orders)
}

/// Those of any part.
fn either(parts: &[Expr], sign: Sign) -> Result<Vec<Order>, Refused> {
    let mut orders: Vec<Order> = Vec::new();
    for part in parts {
        for order in alternatives(part, sign)? {
            if !orders.contains(&order) {
                orders.push(order);
            }
        }
        if orders.len() > ORDERS_MAX {
            return Err(Refused::TooMany);
        }
    }
    Ok(orders)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Order, Refused, counted, orders};
    use crate::{
        Decimal,
        condition::{self, Noun},
        correlation::bound::Bound,
        item::Comparison,
    };

    /// `0 1 -2` is rule 0, then rule 1, without rule 2.
    fn sketch(orders: &[Order]) -> Vec<String> {
        let one = |order: &Order| {
            let seen = order.sequence.iter().map(ToString::to_string);
            let absent = order.absent.iter().map(|place| format!("-{place}"));
            seen.chain(absent).collect::<Vec<_>>().join(" ")
        };
        orders.iter().map(one).collect()
    }

    #[test]
    fn expressions_stand_for_orders() {
        let names: Vec<Arc<str>> = ["a", "b", "c", "d"].map(Arc::from).to_vec();
        for (text, expect) in [
            ("a and b", Ok(vec!["0 1"])),
            ("b and a and b", Ok(vec!["1 0 1"])),
            ("a and (b or c) and not d", Ok(vec!["0 1 -3", "0 2 -3"])),
            ("a and not (b or c)", Ok(vec!["0 -1 -2"])),
            ("a and not (b and c)", Ok(vec!["0 -1", "0 -2"])),
            ("a or a", Ok(vec!["0"])),
            ("not not a", Ok(vec!["0"])),
            ("not a", Err(Refused::Empty)),
            ("a or not b", Err(Refused::Empty)),
            ("a and not a", Err(Refused::Impossible)),
        ] {
            let expr = condition::read(text, Noun("rule"), &names).expr.unwrap();
            let expect = expect.map(|e| e.into_iter().map(str::to_owned).collect());
            assert_eq!(orders(&expr).map(|o| sketch(&o)), expect, "{text}");
        }
        let wide = ["(a or b)"; 7].join(" and ");
        let expr = condition::read(&wide, Noun("rule"), &names).expr.unwrap();
        assert_eq!(orders(&expr), Err(Refused::TooMany));
    }

    #[test]
    fn a_count_stands_for_every_order_of_so_many() {
        let bound = |comparison, threshold: u64| Bound {
            comparison,
            threshold: Decimal::from(threshold),
        };
        for (rules, bounds, expect) in [
            (3, vec![], Ok(vec!["0 1 2"])),
            (
                3,
                vec![bound(Comparison::AtLeast, 2)],
                Ok(vec!["0 1", "0 2", "1 2"]),
            ),
            (2, vec![bound(Comparison::Equal, 2)], Ok(vec!["0 1"])),
            (
                2,
                vec![bound(Comparison::Equal, 1)],
                Err(Refused::NotFromBelow),
            ),
            (
                2,
                vec![bound(Comparison::AtMost, 1)],
                Err(Refused::NotFromBelow),
            ),
            (
                2,
                vec![bound(Comparison::Greater, 2)],
                Err(Refused::Impossible),
            ),
            (
                20,
                vec![bound(Comparison::AtLeast, 10)],
                Err(Refused::TooMany),
            ),
        ] {
            let found = counted(rules, &bounds).map(|orders| {
                let mut sketch = sketch(&orders);
                sketch.sort();
                sketch
            });
            let expect = expect.map(|e| e.into_iter().map(str::to_owned).collect());
            assert_eq!(found, expect, "{rules} {bounds:?}");
        }
    }
}
