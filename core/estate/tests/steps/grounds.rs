//! Edges that stand on something: read, written, and ended by a step when all of it ends.

use cordon_estate::{Read, make, read};
use cordon_text::Source;

use crate::{HEAD, asked, lines, page, shipped, told};

fn with_templates(edges: &str) -> Read {
    let nodes = "nodes: [{id: p, kind: group}, {id: q, kind: group}, {id: t, kind: cert-template}, \
                 {id: u, kind: cert-template}, {id: d, kind: domain, jewel: {loss: 1}}]";
    let text = format!("{HEAD}{nodes}\nedges: [{edges}]\n");
    read(&[Source::new("e.yaml", text)], shipped::pages()).unwrap()
}

#[test]
fn a_template_ends_only_ways_that_no_other_template_opens_and_all_templates_end_all() {
    let read = with_templates(
        "{from: p, to: d, kind: adcs-esc1, grounds: [t]}, {from: q, to: d, kind: adcs-esc1, grounds: [t, u]}, \
         {from: q, to: d, kind: adcs-esc4}",
    );
    let found = lines(&read);
    assert_eq!(
        found,
        [
            "unpublish-template/all | p adcs-esc1 d, q adcs-esc1 d | t, u | 400",
            "unpublish-template/t | p adcs-esc1 d | t | 150",
        ]
    );
}

#[test]
fn an_edge_given_again_stands_on_either_and_by_itself_if_one_of_them_does() {
    let edge = "{from: p, to: d, kind: adcs-esc1, grounds: [t]}";
    let again = with_templates(&format!("{edge}, {}", edge.replace("[t]", "[u]")));
    assert_eq!(
        again.grounds.values().map(Vec::len).collect::<Vec<_>>(),
        [2]
    );
    let bare = edge.replace(", grounds: [t]", "");
    for texts in [format!("{edge}, {bare}"), format!("{bare}, {edge}")] {
        let read = with_templates(&texts);
        assert_eq!(lines(&read), Vec::<String>::new(), "{texts}");
    }
}

#[test]
fn a_way_that_is_there_once_more_without_grounds_is_ended_by_no_template() {
    let read = with_templates(
        "{from: p, to: d, kind: adcs-esc1, minutes: 1, likelihood: 0.5, grounds: [t]}, {from: p, to: d, kind: adcs-esc1, minutes: 9}",
    );
    assert_eq!(read.estate.edges().len(), 2);
    assert_eq!(lines(&read), Vec::<String>::new());
}

#[test]
fn a_ground_that_is_no_node_is_refused() {
    let text = format!(
        "{HEAD}nodes: [{{id: a, kind: user}}]\nservices: [{{id: s, needs: a}}]\n\
         edges: [{{from: a, to: a, kind: owns, grounds: [s, zz]}}]\n"
    );
    let report = read(&[Source::new("e.yaml", text)], shipped::pages()).unwrap_err();
    let codes: Vec<&str> = report.diagnostics.iter().map(|p| p.code).collect();
    assert_eq!(codes, ["service-not-allowed", "unknown-id"]);
}

#[test]
fn a_page_of_ones_own_makes_steps_and_its_mistakes_are_told() {
    let read = crate::sketch("a:user -owns-> b:thing\nc:user -owns-> b\nb -owns-> !j:thing");
    let pages = page(
        "tidy-up",
        "  - {each: [to], given: [from owns to], unless: {from is thing: not these}, removes: [from owns to], takes_down: [to owns *], cost: 2, minutes: 1}\n",
    );
    let made = make((&read.estate, &read.grounds), &pages, asked());
    let found: Vec<String> = made
        .steps
        .iter()
        .map(|step| told(step, &read.estate))
        .collect();
    assert_eq!(found, ["tidy-up/b | a owns b, c owns b | j | 2"]);
    let left: Vec<&str> = made.left_out.keys().map(|left| left.why.as_str()).collect();
    assert_eq!(left, ["not these"]);
    let wrong = "  - {each: [x], given: [from owns], unless: {to is thing: w}, removes: [from owns to], cost: free}\n";
    let text = format!(
        "kind: k\ntitle: t\ncuts: c\ntakes_down: d\nundo: u\ncheck: k\nd3fend: [D3-AL]\nreferences: [r]\nmade:\n{wrong}"
    );
    let (_, report) = cordon_estate::Pages::parse(&[Source::new("k.yml", text)], &[]);
    let codes: Vec<&str> = report.diagnostics.iter().map(|p| p.code).collect();
    assert_eq!(
        codes,
        [
            "unclear-rule",
            "unclear-rule",
            "unclear-rule",
            "unclear-rule",
            "wrong-type"
        ]
    );
}
