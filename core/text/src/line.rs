//! One line of a longer text, read by itself.

use crate::{Node, Report, Source, Span, Value, parse};

/// Parses one line of a longer text, given as a source of its own; places are those in the longer
/// text, whose lines count from 1.
pub fn parse_line(source: &Source, line: u32) -> (Vec<Node>, Report) {
    let (mut documents, mut report) = parse(source);
    for document in &mut documents {
        move_node(document, line);
    }
    for problem in &mut report.diagnostics {
        problem.span = moved(problem.span, line);
    }
    (documents, report)
}

fn move_node(node: &mut Node, line: u32) {
    node.span = moved(node.span, line);
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(|item| move_node(item, line)),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                move_node(key, line);
                move_node(value, line);
            }
        }
    }
}

fn moved(span: Span, line: u32) -> Span {
    Span {
        line,
        end_line: line,
        ..span
    }
}

#[cfg(test)]
mod tests {
    use super::parse_line;
    use crate::Source;

    #[test]
    fn places_are_those_of_the_longer_text() {
        let (documents, report) = parse_line(&Source::new("t", "{a: [1, {b: 2}], a: 3}"), 7);
        let b = &documents[0].get("a").unwrap().sequence().unwrap()[1];
        assert_eq!((b.span.line, b.get("b").unwrap().span.end_line), (7, 7));
        assert_eq!(report.diagnostics[0].span.line, 7);
    }
}
