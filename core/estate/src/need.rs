//! What a service needs: an id, or `all`, `any` or `at_least … of` of further needs.
//!
//! What an id means may be known only when every text was read. Until [`resolved`], each is a node by
//! the number of its symbol.

use cordon_model::{Need, NodeIx};
use cordon_text::{Node as Text, ScalarKind, Value};

use crate::{
    names::{Named, Names, Symbol, Wanted},
    scalar::Reader,
};

const FORMS: &str = "write an id, `all: […]`, `any: […]`, or `at_least: 2` with `of: […]`";

/// Reads one expression; nesting is bounded by the parser of texts.
pub(crate) fn need<'t>(read: &mut Reader<'t, '_>, names: &mut Names, at: &'t Text) -> Option<Need> {
    match &at.value {
        Value::Scalar(_) => names
            .used(read, at, Wanted::Any)
            .map(|symbol| Need::Node(NodeIx(symbol.0))),
        Value::Sequence(_) => {
            let message = "expected one need, found a list".to_owned();
            let help = "say how many of the list must be up: `all: […]`, `any: […]`, or `at_least: 2` with `of: […]`";
            read.wrong(at.span, "wrong-type", message, help.to_owned());
            None
        }
        Value::Mapping(_) => operator(read, names, at),
    }
}

/// The same expression with what its ids turned out to mean; unknown ones stay, and are errors.
pub(crate) fn resolved(names: &Names, need: Need) -> Need {
    let all = |needs: Vec<Need>| needs.into_iter().map(|n| resolved(names, n)).collect();
    match need {
        Need::Node(NodeIx(symbol)) => match names.meaning(Symbol(symbol)) {
            Some(Named::Service(ix)) => Need::Service(ix),
            Some(Named::Node(ix)) => Need::Node(ix),
            None => Need::Node(NodeIx(symbol)),
        },
        Need::Service(ix) => Need::Service(ix),
        Need::All(needs) => Need::All(all(needs)),
        Need::Any(needs) => Need::Any(all(needs)),
        Need::AtLeast { k, of } => Need::AtLeast { k, of: all(of) },
    }
}

fn operator<'t>(read: &mut Reader<'t, '_>, names: &mut Names, at: &'t Text) -> Option<Need> {
    let mut fields = read.fields(at, "a need")?;
    let (all, any) = (fields.optional("all"), fields.optional("any"));
    let (at_least, of) = (fields.optional("at_least"), fields.optional("of"));
    let before = read.report.diagnostics.len();
    fields.finish(read.report);
    match (all, any, at_least, of) {
        (Some(list), None, None, None) => children(read, names, list).map(Need::All),
        (None, Some(list), None, None) => children(read, names, list).map(Need::Any),
        (None, None, Some(k), Some(list)) => {
            let k = count(read, k, list.sequence().map_or(0, <[Text]>::len));
            let of = children(read, names, list);
            Some(Need::AtLeast { k: k?, of: of? })
        }
        (all, any, at_least, of) => {
            let known = [all, any, at_least, of].iter().any(Option::is_some);
            if known || read.report.diagnostics.len() == before {
                let message = "expected exactly one of `all`, `any`, or `at_least` with `of`";
                read.wrong(
                    at.span,
                    "unclear-need",
                    message.to_owned(),
                    FORMS.to_owned(),
                );
            }
            None
        }
    }
}

fn children<'t>(read: &mut Reader<'t, '_>, names: &mut Names, list: &'t Text) -> Option<Vec<Need>> {
    let problems = read.report.diagnostics.len();
    let items = read.list(list, "a list of needs");
    if items.is_empty() && read.report.diagnostics.len() == problems {
        let message = "expected at least one need, found an empty list".to_owned();
        let help = "name what the service needs: of nothing, neither all nor any can be up";
        read.wrong(list.span, "empty-list", message, help.to_owned());
    }
    let mut whole = !items.is_empty();
    let mut needs = Vec::with_capacity(items.len());
    for item in items {
        let child = need(read, names, item);
        whole &= child.is_some();
        needs.extend(child);
    }
    whole.then_some(needs)
}

/// How many of `n` must be up.
fn count(read: &mut Reader<'_, '_>, at: &Text, n: usize) -> Option<usize> {
    let integer = at
        .scalar()
        .filter(|scalar| scalar.kind() == ScalarKind::Integer);
    let k = integer.and_then(|scalar| scalar.text.parse().ok());
    let fits = k.filter(|k| (1..=n).contains(k));
    if fits.is_none() && n > 0 {
        let message = format!(
            "expected a whole number from 1 to {n}, found {}",
            at.describe()
        );
        let help = "it says how many of the list under `of` must be up".to_owned();
        read.wrong(at.span, "count-out-of-range", message, help);
    }
    fits
}
