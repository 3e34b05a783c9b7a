//! What `--foothold ID[=CONFIDENCE]` and other names of nodes mean in an estate.
//!
//! An id may itself hold `=`, so the whole argument is tried as a name first, and only then is what
//! follows the last `=` taken for a confidence. Absent on purpose: judging whether the confidence is
//! enough to act on; who names a foothold by hand wants it cut off.

use std::collections::BTreeMap;

use cordon_model::{Confidence, Estate, Foothold, NodeIx};
use cordon_text::{Diagnostic, Source, Span, nearest};

use crate::{Failure, failure::Problems};

/// The footholds that arguments name, one entry a node, in the order of the estate. A node named
/// twice is held as surely as the surest says.
///
/// # Errors
/// When a name is unknown or ambiguous, or a confidence lies outside 0 to 1; all of them at once.
pub(crate) fn footholds(arguments: &[String], estate: &Estate) -> Result<Vec<Foothold>, Failure> {
    let mut held: BTreeMap<NodeIx, Confidence> = BTreeMap::new();
    let mut problems = Problems::default();
    for argument in arguments {
        match foothold(argument, estate) {
            Ok((node, confidence)) => {
                let known = held.entry(node).or_insert(confidence);
                *known = (*known).max(confidence);
            }
            Err(wrong) => problems.add("--foothold", argument, wrong),
        }
    }
    problems.none()?;
    let foothold = |(node, confidence)| Foothold::said(node, confidence);
    Ok(held.into_iter().map(foothold).collect())
}

/// The nodes that the arguments of an option name.
///
/// # Errors
/// When a name is unknown or ambiguous; all of them at once.
pub(crate) fn nodes(
    option: &str,
    arguments: &[String],
    estate: &Estate,
) -> Result<Vec<NodeIx>, Failure> {
    let mut nodes = Vec::new();
    let mut problems = Problems::default();
    for argument in arguments {
        let found = estate.resolve(argument);
        nodes.extend(found);
        if found.is_none() {
            let code = "unresolved-node";
            let wrong = unresolved(argument, estate);
            problems.add(option, argument, Wrong { code, ..wrong });
        }
    }
    problems.none()?;
    Ok(nodes)
}

/// What is held outside the estate, as the arguments name it.
///
/// # Errors
/// When the estate knows one of them; all of them at once.
pub(crate) fn outside(arguments: &[String], estate: &Estate) -> Result<Vec<String>, Failure> {
    let mut problems = Problems::default();
    for argument in arguments {
        if let Some(node) = estate.resolve(argument) {
            let id = &estate.node(node).id;
            let wrong = Wrong {
                code: "inside-the-estate",
                message: format!("the estate knows `{argument}`"),
                help: format!("give it as `--foothold {id}`, so that it is cut off"),
            };
            problems.add("--outside-estate", argument, wrong);
        }
    }
    problems.none()?;
    Ok(arguments.to_vec())
}

/// What is wrong with one argument.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    code: &'static str,
    message: String,
    help: String,
}

fn foothold(argument: &str, estate: &Estate) -> Result<(NodeIx, Confidence), Wrong> {
    if let Some(node) = estate.resolve(argument) {
        return Ok((node, Confidence::CERTAIN));
    }
    let Some((name, number)) = argument.rsplit_once('=') else {
        return Err(unresolved(argument, estate));
    };
    let parsed = number.parse::<f64>().ok();
    let node = estate.resolve(name).ok_or_else(|| {
        // Without a number, the whole may be an id that holds `=`.
        unresolved(if parsed.is_some() { name } else { argument }, estate)
    })?;
    // Negative zero is zero, and would be shown with its sign.
    let confidence = parsed.and_then(|number| Confidence::new(number + 0.0));
    let confidence = confidence.ok_or_else(|| Wrong {
        code: "foothold-confidence",
        message: format!("expected a confidence between 0 and 1, found `{number}`"),
        help: format!("write `{name}=0.9` for nine in ten"),
    })?;
    Ok((node, confidence))
}

/// Why a name means no node: too many bear it, or none does.
fn unresolved(name: &str, estate: &Estate) -> Wrong {
    let same = |other: &str| other.to_lowercase() == name.to_lowercase();
    let bearers: Vec<&str> = estate
        .nodes()
        .iter()
        .filter(|node| same(node.id.as_str()) || node.aliases.iter().any(|alias| same(alias)))
        .map(|node| node.id.as_str())
        .collect();
    if !bearers.is_empty() {
        return Wrong {
            code: "ambiguous-foothold",
            message: format!("the name `{name}` means more than one node"),
            help: format!("use one of the ids {}", bearers.join(", ")),
        };
    }
    let names = estate.nodes().iter().flat_map(|node| {
        std::iter::once(node.id.as_str()).chain(node.aliases.iter().map(String::as_str))
    });
    let help = match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a node of the estate by its id or one of its aliases; what the estate does not know can be \
                 listed with `--outside-estate`"
            .to_owned(),
    };
    let message = format!(
        "no node of the estate `{}` is called `{name}`",
        estate.name()
    );
    Wrong {
        code: "unknown-foothold",
        message,
        help,
    }
}

impl Problems {
    /// Nothing, if there are none.
    fn none(self) -> Result<(), Failure> {
        if self.report.has_errors() {
            return Err(Failure::Input(self));
        }
        Ok(())
    }

    fn add(&mut self, option: &str, argument: &str, wrong: Wrong) {
        let source = Source::new(format!("{option} {argument}"), argument);
        let width = u32::try_from(argument.chars().count()).unwrap_or(u32::MAX);
        let span = Span {
            end_column: width.saturating_add(1),
            ..Span::START
        };
        let problem = Diagnostic::error(&source, span, wrong.code, wrong.message).help(wrong.help);
        self.report.push(problem);
        self.sources.push(source);
    }
}

#[cfg(test)]
mod tests {
    use cordon_model::{EstateParts, Node, NodeId, NodeKind};

    use super::{Estate, foothold};

    fn estate() -> Estate {
        let node = |id: &str, aliases: &[&str]| Node {
            id: NodeId::new(id),
            kind: NodeKind::new("user"),
            name: None,
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            jewel: None,
        };
        Estate::new(EstateParts {
            name: "Test".to_owned(),
            currency: "GBP".to_owned(),
            nodes: vec![
                node("user:agent-7", &[r"NORTH\agent7", "shared"]),
                node("cn=a,dc=b", &["shared"]),
                node("x=1", &[]),
                node("x", &[]),
            ],
            edges: Vec::new(),
            services: Vec::new(),
            steps: Vec::new(),
        })
    }

    #[test]
    fn a_name_is_tried_whole_before_a_confidence_is_split_off() {
        let cases = [
            ("user:agent-7", (0, 1.0)),
            ("user:agent-7=0.97", (0, 0.97)),
            (r"north\AGENT7=.5", (0, 0.5)),
            ("cn=a,dc=b", (1, 1.0)),
            ("cn=a,dc=b=0.8", (1, 0.8)),
            ("x=1", (2, 1.0)),
            ("x=1=0.25", (2, 0.25)),
            ("x=0.5", (3, 0.5)),
            ("x=-0", (3, 0.0)),
        ];
        for (argument, expect) in cases {
            let (node, confidence) = foothold(argument, &estate()).unwrap();
            assert_eq!((node.0, confidence.get()), expect, "{argument}");
            assert!(confidence.get().is_sign_positive(), "{argument}");
        }
    }

    #[test]
    fn what_names_no_node_or_no_confidence_is_refused_with_a_way_out() {
        let cases = [
            (
                "user:agnt-7",
                "unknown-foothold",
                "did you mean `user:agent-7`?",
            ),
            (
                "user:agnt-7=0.9",
                "unknown-foothold",
                "did you mean `user:agent-7`?",
            ),
            (
                "user:agent-7=1.5",
                "foothold-confidence",
                "write `user:agent-7=0.9`",
            ),
            (
                "user:agent-7=NaN",
                "foothold-confidence",
                "write `user:agent-7=0.9`",
            ),
            (
                "user:agent-7=",
                "foothold-confidence",
                "write `user:agent-7=0.9`",
            ),
            ("x=high", "foothold-confidence", "write `x=0.9`"),
            ("x=0,9", "foothold-confidence", "write `x=0.9`"),
            ("cn=a,dc=c", "unknown-foothold", "did you mean `cn=a,dc=b`?"),
            ("shared", "ambiguous-foothold", "user:agent-7, cn=a,dc=b"),
        ];
        for (argument, code, help) in cases {
            let wrong = foothold(argument, &estate()).unwrap_err();
            assert_eq!(wrong.code, code, "{argument}");
            assert!(wrong.help.contains(help), "{argument}: {}", wrong.help);
        }
    }
}
