//! A plan in BloodHound's generic form, to be seen in the graph that it was made from.
//!
//! Nodes of the estate are there already and are only named; the plan adds itself, its steps and what they cut. Ids
//! and kinds are ours, so that one query takes the plan out again. Absent on purpose: any node or edge of the
//! estate itself, which `estate import --opengraph` writes.

use serde_json::{Map, Value, json};

use super::v1::{Plan, Step};

/// The document. `spelled` is how the estate's own graph spells an id.
pub fn opengraph_plan(plan: &Plan, spelled: fn(&str) -> String) -> String {
    let mut graph = Graph {
        spelled,
        nodes: Vec::new(),
        edges: Vec::new(),
    };
    let own = format!("cordon-plan-{}-{}", plan.estate, plan.generation);
    let price = plan.price.as_ref().map(|price| &price.total);
    graph.node(
        (&own, "CordonPlan"),
        json!({
            "name": format!("Plan {} for {}", plan.generation, plan.estate),
            "estate": plan.estate,
            "hold_hours": plan.hold_hours,
            "price": price,
            "admissible": plan.infeasible.is_none(),
        }),
    );
    for foothold in &plan.footholds {
        let told = json!({"confidence": foothold.confidence});
        graph.edge(("CordonHolds", &own, &foothold.id), told);
    }
    for target in &plan.targets {
        let told = json!({
            "status": target.status,
            "loss": target.loss,
            "minutes_before": target.minutes_before,
        });
        graph.edge(("CordonProtects", &own, &target.id), told);
    }
    for step in &plan.steps {
        graph.step(&own, step);
    }
    graph.document()
}

struct Graph {
    spelled: fn(&str) -> String,
    nodes: Vec<Value>,
    edges: Vec<Value>,
}

impl Graph {
    fn node(&mut self, (id, kind): (&str, &str), properties: Value) {
        let properties = plain(properties);
        self.nodes.push(
            json!({"id": (self.spelled)(id), "kinds": [kind, "Cordon"], "properties": properties}),
        );
    }

    /// An edge of the plan. An intruder does not walk along it.
    fn edge(&mut self, (kind, from, to): (&str, &str, &str), properties: Value) {
        let end = |id: &str| json!({"match_by": "id", "value": (self.spelled)(id)});
        let mut properties = plain(properties);
        properties.insert("traversable".to_owned(), json!(false));
        let (start, end) = (end(from), end(to));
        self.edges
            .push(json!({"kind": kind, "start": start, "end": end, "properties": properties}));
    }

    fn step(&mut self, plan: &str, step: &Step) {
        let own = format!("{plan}-step-{}", step.n);
        self.node(
            (&own, "CordonStep"),
            json!({
                "name": format!("{}. {}", step.n, step.id),
                "step": step.id,
                "step_kind": step.kind,
                "cost": step.cost,
                "minutes": step.minutes,
                "undo": step.undo,
                "check": step.check,
                "irreversible": step.irreversible,
            }),
        );
        self.edge(("CordonTakes", plan, &own), json!({"order": step.n}));
        for node in &step.removes.nodes {
            self.edge(("CordonCutsNode", &own, node), json!({}));
        }
        for cut in &step.removes.edges {
            let told = json!({"step": step.id, "order": step.n, "cut_kind": cut.kind});
            self.edge(("CordonCuts", &cut.from, &cut.to), told.clone());
            self.edge(("CordonClosesWayTo", &own, &cut.to), told);
        }
        for node in &step.takes_down {
            self.edge(("CordonTakesDown", &own, node), json!({}));
        }
    }

    /// One node or edge a line within the document.
    fn document(self) -> String {
        let lines = |list: Vec<Value>| {
            let lines: Vec<String> = list.iter().map(Value::to_string).collect();
            lines.join(",\n")
        };
        format!(
            "{{\"metadata\":{{\"source_kind\":\"Cordon\"}},\"graph\":{{\"nodes\":[\n{}\n],\"edges\":[\n{}\n]}}}}\n",
            lines(self.nodes),
            lines(self.edges)
        )
    }
}

/// Properties without those that say nothing, which the form does not know.
fn plain(properties: Value) -> Map<String, Value> {
    let mut map = match properties {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    };
    map.retain(|_, value| !value.is_null());
    map
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::opengraph_plan;
    use crate::json::v1::Plan;

    fn plan() -> Plan {
        let step = json!({
            "n": 1, "id": "disable:anna", "kind": "disable-account", "takes_down": ["S-1-5-21-1"], "cost": 50,
            "removes": {"nodes": ["S-1-5-21-1"], "edges": [{"from": "a:b", "to": "S-1-5-21-2", "kind": "admin-to"}]},
            "minutes": 2, "undo": "enable it", "check": null, "irreversible": false, "do": null,
        });
        let plan = json!({
            "format": "cordon/plan/v1", "estate": "North", "generation": 1, "hold_hours": 24,
            "footholds": [{"id": "S-1-5-21-1", "confidence": 0.9}], "outside_estate": [],
            "targets": [{"id": "S-1-5-21-2", "loss": 1000, "status": "cut_off", "path_before": [], "minutes_before": null}],
            "steps": [step], "price": null, "exposure": null, "proof": null, "loss_curve": [], "alternatives": [],
            "infeasible": null,
        });
        serde_json::from_value(plan).unwrap()
    }

    #[test]
    fn a_plan_joins_the_nodes_of_the_estate_by_id_and_adds_only_its_own() {
        let text = opengraph_plan(&plan(), |id| id.replace(':', "~3A"));
        let graph: Value = serde_json::from_str(&text).unwrap();
        let ids: Vec<&str> = graph["graph"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, ["cordon-plan-North-1", "cordon-plan-North-1-step-1"]);
        let edges: Vec<[&str; 3]> = graph["graph"]["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| {
                let end = |end: &str| edge[end]["value"].as_str().unwrap();
                [edge["kind"].as_str().unwrap(), end("start"), end("end")]
            })
            .collect();
        let (plan, step) = ("cordon-plan-North-1", "cordon-plan-North-1-step-1");
        let expect = [
            ["CordonHolds", plan, "S-1-5-21-1"],
            ["CordonProtects", plan, "S-1-5-21-2"],
            ["CordonTakes", plan, step],
            ["CordonCutsNode", step, "S-1-5-21-1"],
            ["CordonCuts", "a~3Ab", "S-1-5-21-2"],
            ["CordonClosesWayTo", step, "S-1-5-21-2"],
            ["CordonTakesDown", step, "S-1-5-21-1"],
        ];
        assert_eq!(edges, expect);
        let primitive =
            |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
        let all = ["nodes", "edges"].map(|list| graph["graph"][list].as_array().unwrap().clone());
        for thing in all.iter().flatten() {
            let properties = thing["properties"].as_object().unwrap();
            assert!(properties.values().all(primitive), "{thing}");
            assert!(!properties.contains_key("objectid"));
        }
    }
}
