//! The way back, for people: stage by stage what is cleared, what is undone then, and what stays for a new reason.

use cordon_model::{Estate, NodeIx};
use cordon_plan::{Restoration, Stage, Why};

use super::{
    Column, Look, Tone,
    amount::{counted, hours, minutes},
    plain,
    prose::{path_within, wrap},
    table,
};

/// The way back as text.
pub(crate) fn restoration(estate: &Estate, back: &Restoration, look: Look) -> String {
    let mut text = String::new();
    for (node, path) in &back.taken_again {
        let ids = ids(estate, path);
        let words = format!(
            "{} was said to be cleared and can be taken again by {}: it counts as held.",
            estate.node(*node).id,
            ids.join(" → ")
        );
        text.push_str(&wrap(&plain(&words), look.width));
    }
    let mut undone = 0;
    for (number, stage) in back.stages.iter().enumerate() {
        if number > 0 || !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&page(estate, (back, stage), (number, undone), look));
        undone += stage.undo.len();
    }
    let stays = back.stays.iter();
    let stays: Vec<String> = stays
        .map(|step| estate.step(*step).id.to_string())
        .collect();
    let for_good = match stays.as_slice() {
        [] => "In the end nothing stays in place.".to_owned(),
        stays => format!("In the end stays in place: {}.", stays.join(", ")),
    };
    text.push('\n');
    text.push_str(&wrap(&plain(&for_good), look.width));
    text
}

fn ids(estate: &Estate, nodes: &[NodeIx]) -> Vec<String> {
    nodes
        .iter()
        .map(|node| estate.node(*node).id.to_string())
        .collect()
}

/// One stage, its number and how many steps were undone before it.
fn page(
    estate: &Estate,
    (back, stage): (&Restoration, &Stage),
    (number, before): (usize, usize),
    look: Look,
) -> String {
    let cleared = ids(estate, &stage.cleared).join(", ");
    let title = match (number, stage.cleared.is_empty()) {
        (0, true) => "Before anything is cleared".to_owned(),
        (0, false) => format!("Now that {cleared} is cleared"),
        (_, _) => format!("Once {cleared} is cleared"),
    };
    let still = match stage.held {
        0 => "nothing is held".to_owned(),
        many => format!("{} held still", counted(many, "foothold")),
    };
    let title = plain(&format!("{title} ({still})"));
    let mut text = format!("{}\n", look.paint(Tone::Heading, &title));
    if stage.undo.is_empty() {
        text.push_str("nothing can be undone\n");
    } else {
        text.push_str(&undo(estate, stage, before, look));
    }
    if !stage.stays.is_empty() {
        text.push_str(&stays(estate, (back, stage), look));
    }
    text
}

fn undo(estate: &Estate, stage: &Stage, before: usize, look: Look) -> String {
    let columns = [
        Column::Number("n"),
        Column::Whole("undo"),
        Column::Number("minutes"),
        Column::Number("loss that ends"),
        Column::Number("lifeline hours"),
        Column::Text("runs again"),
    ];
    let rows = (before + 1..).zip(&stage.undo).map(|(n, undo)| {
        let services = undo.services.iter();
        let services: Vec<String> = services
            .map(|ix| estate.service(*ix).id.to_string())
            .collect();
        [
            n.to_string(),
            estate.step(undo.step).id.to_string(),
            minutes(undo.minutes.as_ref()),
            cordon_report::money(&undo.returns, estate.currency()),
            hours(&undo.lifeline),
            services.join(", "),
        ]
    });
    table(&columns, rows, look)
}

fn stays(estate: &Estate, (back, stage): (&Restoration, &Stage), look: Look) -> String {
    let columns = [
        Column::Whole("stays"),
        Column::Text("because"),
        Column::Text("until"),
    ];
    let rows = stage.stays.iter().map(|stay| {
        let path = |path: &[NodeIx]| path_within(&ids(estate, path), look.width / 2);
        let why = match &stay.why {
            Why::OnlyForward => "it only goes forward".to_owned(),
            Why::OpensJewel(way) => format!("it would open {}", path(way)),
            Why::LetsBackIn(way) => format!("it would let the intruder back in by {}", path(way)),
        };
        let end = stay.until.and_then(|number| back.stages.get(number));
        let until = end.map_or_else(|| "for good".to_owned(), |end| until(estate, end));
        [estate.step(stay.step).id.to_string(), why, until]
    });
    table(&columns, rows, look)
}

/// What is cleared at the beginning of a stage, the first of it by name.
fn until(estate: &Estate, stage: &Stage) -> String {
    match stage.cleared.as_slice() {
        [] => "at once".to_owned(),
        [one] => format!("{} is cleared", estate.node(*one).id),
        [first, rest @ ..] => {
            let id = &estate.node(*first).id;
            format!("{id} and {} more are cleared", rest.len())
        }
    }
}
