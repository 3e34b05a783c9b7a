//! `cordon drill score`: an answer to a rehearsal beside what really happened.

use std::{collections::BTreeSet, fs, path::Path};

use cordon_drill::{Card, IntrusionCard, Told, ToldHeld, Truth, card};
use cordon_model::{Belief, LogRef, Timestamp};
use cordon_report::json::v1::{HeldEntity, Incidents, OneIncident, Plan};
use serde_json::{Value, json};

use crate::{
    Failure,
    console::Console,
    failure::Problems,
    render::{Column, table},
    typed::{self, Format},
};

/// Prints the card.
///
/// # Errors
/// When a file cannot be read, or is not what it should be.
pub(crate) fn run(asked: &typed::DrillScore, console: &mut Console) -> Result<(), Failure> {
    let text = read(&asked.truth)?;
    let truth = Truth::parse(&text).map_err(|why| {
        let message = format!("{}: {why}", asked.truth.display());
        let help = "give the truth.json that `cordon drill` wrote";
        Failure::Input(Problems::of_arguments("--truth", &message, help))
    })?;
    let parse = |text: &str| serde_json::from_str::<Incidents>(text);
    let incidents = document(&asked.answer.join("incidents.json"), parse)?;
    let parse = |text: &str| serde_json::from_str::<Plan>(text);
    let plan = document(&asked.answer.join("plan.json"), parse)?;
    let told: Vec<Told> = incidents.incidents.iter().map(told).collect();
    let card = card(&truth, &told);
    let planned = Planned::of(&truth, &plan);
    match console.format {
        Format::Table => console.result(&text_of(&card, &planned, console)),
        Format::Json | Format::Jsonl => {
            console.json_text(&format!("{}\n", json_of(&card, &planned)))
        }
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|cause| Failure::read(path, cause))
}

fn document<T>(
    path: &Path,
    parse: impl Fn(&str) -> Result<T, serde_json::Error>,
) -> Result<T, Failure> {
    parse(&read(path)?).map_err(|why| {
        let message = format!("{}: {why}", path.display());
        let help = "give the folder that `cordon respond --out` wrote";
        Failure::Input(Problems::of_arguments("--answer", &message, help))
    })
}

fn told(incident: &OneIncident) -> Told {
    let detections = incident.detections.iter();
    let records = detections.flat_map(|detection| &detection.records);
    let records = records.map(|record| LogRef {
        path: record.log.path.as_str().into(),
        record: record.log.record,
    });
    Told {
        id: incident.id.clone(),
        records: records.collect(),
        held: incident.held.iter().map(held).collect(),
    }
}

/// As sure as it is now, something was when the last of the words came that raised it so far.
fn held(held: &HeldEntity) -> ToldHeld {
    let belief = [Belief::Likely, Belief::Suspected]
        .into_iter()
        .find(|b| b.word() == held.belief);
    let raised = held
        .grounds
        .iter()
        .filter(|ground| ground.effect == "raised");
    let times = raised.filter_map(|ground| ground.time.as_ref()?.parse::<Timestamp>().ok());
    ToldHeld {
        node: held.id.clone(),
        belief: belief.unwrap_or(Belief::Unlikely),
        since: times.max(),
    }
}

/// What the plan does about what is really held.
struct Planned {
    admissible: bool,
    steps: usize,
    price: Option<String>,
    /// Really held, and no foothold of the plan.
    overlooked: Vec<String>,
    /// Jewels that the plan leaves reachable.
    reachable: Vec<String>,
}

impl Planned {
    fn of(truth: &Truth, plan: &Plan) -> Self {
        let planned: BTreeSet<&str> = plan.footholds.iter().map(|held| held.id.as_str()).collect();
        let held = truth.held.iter().map(|held| held.node.as_str());
        let overlooked = held.filter(|node| !planned.contains(node));
        let reachable = plan
            .targets
            .iter()
            .filter(|target| target.status == "reachable");
        Self {
            admissible: plan.price.is_some(),
            steps: plan.steps.len(),
            price: plan
                .price
                .as_ref()
                .map(|price| price.total.as_str().to_owned()),
            overlooked: overlooked.map(str::to_owned).collect(),
            reachable: reachable.map(|target| target.id.clone()).collect(),
        }
    }
}

fn text_of(card: &Card, planned: &Planned, console: &Console) -> String {
    let columns = [
        Column::Whole("intrusion"),
        Column::Whole("incident"),
        Column::Number("records told"),
        Column::Number("foreign"),
        Column::Number("held: likely"),
        Column::Number("or suspected"),
        Column::Number("wrongly likely"),
        Column::Whole("likely after"),
    ];
    let rows = card.intrusions.iter().map(|one| {
        let of = |number: usize, all: usize| format!("{number} of {all}");
        [
            one.profile.word().to_owned(),
            one.incident.clone().unwrap_or_else(|| "none".to_owned()),
            of(one.records_told, one.records),
            one.records_foreign.to_string(),
            of(one.believed(Belief::Likely), one.held.len()),
            of(one.believed(Belief::Suspected), one.held.len()),
            one.wrongly_likely.len().to_string(),
            after(one).map_or_else(|| "never".to_owned(), |minutes| format!("{minutes} min")),
        ]
    });
    let mut text = if card.intrusions.is_empty() {
        "Nobody broke in.\n".to_owned()
    } else {
        table(&columns, rows, console.look)
    };
    text.extend(["False alarms: ", &names(&card.false_alarms), "\n"]);
    let answer = match &planned.price {
        Some(price) => format!("{} steps for {price}", planned.steps),
        None => "no admissible plan".to_owned(),
    };
    for (what, told) in [
        ("Plan", answer),
        (
            "Really held, and not in the plan",
            names(&planned.overlooked),
        ),
        (
            "Jewels left reachable by the plan",
            names(&planned.reachable),
        ),
    ] {
        text.extend([what, ": ", told.as_str(), "\n"]);
    }
    text
}

fn names(names: &[String]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// How many minutes after the intruder began something held was likely.
fn after(one: &IntrusionCard) -> Option<i64> {
    Some(one.acted?.duration_since(one.began?).as_mins())
}

fn json_of(card: &Card, planned: &Planned) -> Value {
    let one = |one: &IntrusionCard| {
        let held = one.held.iter();
        let held: Vec<Value> = held
            .map(|(node, belief)| json!({ "node": node, "belief": belief.word() }))
            .collect();
        json!({
            "profile": one.profile.word(),
            "incident": one.incident,
            "records": one.records,
            "records_told": one.records_told,
            "records_foreign": one.records_foreign,
            "held": held,
            "wrongly_likely": one.wrongly_likely,
            "began": one.began.map(|time| time.to_string()),
            "likely_since": one.acted.map(|time| time.to_string()),
            "likely_after_minutes": after(one),
        })
    };
    let intrusions: Vec<Value> = card.intrusions.iter().map(one).collect();
    json!({
        "format": "cordon/card/v1",
        "intrusions": intrusions,
        "false_alarms": card.false_alarms,
        "plan": {
            "admissible": planned.admissible,
            "steps": planned.steps,
            "price": planned.price,
            "overlooked": planned.overlooked,
            "reachable": planned.reachable,
        },
    })
}
