//! A small made retailer, an intrusion into it, and what a planner answers: the ground of every
//! test of a document.

use std::sync::Arc;

use cordon_incident::{Incident, incidents};
use cordon_model::{
    Care, Confidence, Detection, Edge, EdgeKind, EdgePattern, Entity, EntityKind, Estate,
    EstateParts, EventId, Evidence, FieldMatch, Foothold, Hours, Jewel, Level, Likelihood, LogRef,
    Minutes, Money, Need, Node, NodeId, NodeIx, NodeKind, Role, RuleFacts, RuleId, Service,
    ServiceId, Step, StepId, StepKind, Timestamp, Value,
};
use cordon_plan::{Effort, Question};
use cordon_report::{Counted, Reading, Silent, SourceFacts};

/// `id | name | aliases | loss | why`
const NODES: &str = "
user:priya | Priya Nair, infrastructure | NORTHGATE\\pnair, priya.nair@northgate.example
user:agent-7 | Agent 7, service desk | NORTHGATE\\agent7
gateway:edi | Supplier order gateway | EDI-GW-01
group:infra-admins | Infrastructure admins
app:remote-access | Remote access
right:reset | Right to reset passwords
user:svc-backup | Backup service account
host:jump-1 | Jump host 1 | JUMP01
host:vcenter | vCenter | vcsa.northgate.example
host:dc1 | Domain controller 1 | DC01 | 3000000 | every identity in the estate
cluster:head-office | Head office hypervisors | | 4000000 | 640 virtual machines, online shop included
host:backup | Backup server | | 1200000 | nothing can be restored without it
db:members | Member records | | 2500000 | names and addresses of six million members
host:payment-switch | Payment switch
zone:store-wan | Store network
host:call-centre | Call centre
host:till-archive | Till archive | | 90000
";

/// `from to kind minutes`
const EDGES: &str = "
user:priya group:infra-admins member-of 0
user:priya app:remote-access has-access 4
group:infra-admins host:jump-1 admin-to 10
app:remote-access host:jump-1 can-reach 15
host:jump-1 host:vcenter admin-to 20
host:jump-1 host:dc1 admin-to 30
host:vcenter cluster:head-office controls 25
host:dc1 db:members dc-sync 45
user:agent-7 right:reset member-of 0
right:reset user:svc-backup reset-password 6
user:svc-backup host:backup admin-to 10
user:svc-backup host:vcenter admin-to 12
gateway:edi db:members reads ?
gateway:edi host:jump-1 has-session 35
";

/// `kind/name | removes | takes down | cost | minutes | undo`; an edge is `a>b`.
const STEPS: &str = "
disable-account/priya | user:priya | user:priya | 50 | 2 | enable the account again
disable-account/agent-7 | user:agent-7 | user:agent-7 host:call-centre | 50 | 2 | enable the account again
suspend-right/reset | right:reset>user:svc-backup | right:reset | 300 | 5 | restore the delegation
pause-zone/edi | gateway:edi | gateway:edi | 200 | 8 | lift the deny rule
isolate-host/jump-1 | host:jump-1 | host:jump-1 | 900 | 4 | release the host
rotate-secret/svc-backup | user:svc-backup | user:svc-backup | 2500 | 40 |
cut-store-wan | zone:store-wan | zone:store-wan host:payment-switch | 0 | 10 | bring the links up
power-off/head-office | cluster:head-office host:vcenter | cluster:head-office host:vcenter host:call-centre gateway:edi | 5000 | 30 | start the cluster
";

/// `id | name | needs all of | loss per hour | cover | ramp | marks`
const SERVICES: &str = "
service:contactless | Contactless payments | host:payment-switch zone:store-wan | 40000 | 0h | 0h | protected
service:island-stores | Tills of the island stores | zone:store-wan | 1500 | 2h | 0h | protected lifeline
service:online | Online shop | cluster:head-office | 158000 | 0h | 6h |
service:orders | Supplier orders and store replenishment | gateway:edi | 100000 | 20h | 2d |
service:calls | Call centre | host:call-centre user:agent-7 | 6500 | 0h | 0h |
service:desk | Password resets by telephone | right:reset | 40 | 0h | 0h |
service:admin | Out-of-hours administration | user:priya | 15 | 12h | 0h |
";

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| line.split('|').map(str::trim).collect())
}

fn cell<'a>(row: &[&'a str], at: usize) -> Option<&'a str> {
    row.get(at).copied().filter(|text| !text.is_empty())
}

fn node_of(row: &[&str]) -> Node {
    let aliases = cell(row, 2).unwrap_or_default().split(", ");
    Node {
        id: NodeId::new(row[0]),
        kind: NodeKind::new(row[0].split(':').next().unwrap()),
        name: cell(row, 1).map(str::to_owned),
        aliases: aliases
            .filter(|a| !a.is_empty())
            .map(str::to_owned)
            .collect(),
        jewel: cell(row, 3).map(|loss| Jewel {
            loss: Money::parse(loss).unwrap(),
            why: cell(row, 4).map(str::to_owned),
        }),
    }
}

struct Names(Vec<Node>);

impl Names {
    fn ix(&self, id: &str) -> NodeIx {
        let place = self.0.iter().position(|node| node.id.as_str() == id);
        NodeIx(u32::try_from(place.unwrap_or_else(|| panic!("no node {id}"))).unwrap())
    }

    fn all(&self, ids: &str) -> Vec<NodeIx> {
        ids.split_whitespace().map(|id| self.ix(id)).collect()
    }

    fn edge(&self, line: &str) -> Edge {
        let words: Vec<&str> = line.split_whitespace().collect();
        Edge {
            from: self.ix(words[0]),
            to: self.ix(words[1]),
            kind: EdgeKind::new(words[2]),
            minutes: Minutes::parse(words[3]).ok(),
            likelihood: Likelihood::certain(),
            unknown: (words[3] == "?")
                .then(|| "the inventory has no rights of databases".to_owned()),
        }
    }

    fn step(&self, row: &[&str]) -> Step {
        let (edges, nodes): (Vec<&str>, Vec<&str>) = row[1]
            .split_whitespace()
            .partition(|removes| removes.contains('>'));
        let pattern = |edge: &str| {
            let (from, to) = edge.split_once('>').unwrap();
            EdgePattern {
                from: self.ix(from),
                to: self.ix(to),
                kind: None,
            }
        };
        let irreversible = row[0].starts_with("rotate");
        Step {
            id: StepId::new(row[0]),
            kind: StepKind::new(row[0].split('/').next().unwrap()),
            removes_nodes: self.all(&nodes.join(" ")),
            removes_edges: edges.into_iter().map(pattern).collect(),
            takes_down: self.all(row[2]),
            cost: Money::parse(row[3]).unwrap(),
            minutes: Minutes::parse(row[4]).ok(),
            undo: cell(row, 5).map(Into::into),
            check: (!irreversible).then(|| "the next attempt is refused and logged".into()),
            irreversible,
            action: serde_json::from_str(&format!(
                r#"{{"connector":"made","target":"{}"}}"#,
                row[0]
            ))
            .ok(),
        }
    }

    fn service(&self, row: &[&str]) -> Service {
        let marks = cell(row, 6).unwrap_or_default();
        let needs = self.all(row[2]).into_iter().map(Need::Node);
        Service {
            id: ServiceId::new(row[0]),
            name: cell(row, 1).map(str::to_owned),
            needs: Need::All(needs.collect()),
            loss_per_hour: Money::parse(row[3]).unwrap(),
            cover: Hours::parse(row[4]).unwrap(),
            ramp: Hours::parse(row[5]).unwrap(),
            protected: marks.contains("protected"),
            care: if marks.contains("lifeline") {
                Care::Lifeline
            } else {
                Care::None
            },
            probe: None,
        }
    }
}

/// Northgate, with these of its steps.
pub(crate) fn estate(keep: impl Fn(&str) -> bool) -> Estate {
    let names = Names(rows(NODES).map(|row| node_of(&row)).collect());
    let steps = rows(STEPS).filter(|row| keep(row[0]));
    Estate::new(EstateParts {
        name: "Northgate".to_owned(),
        currency: "GBP".to_owned(),
        edges: rows(EDGES).map(|row| names.edge(row[0])).collect(),
        services: rows(SERVICES).map(|row| names.service(&row)).collect(),
        steps: steps.map(|row| names.step(&row)).collect(),
        nodes: names.0,
    })
}

/// Northgate with so many jewels more behind its jump host.
pub(crate) fn crowded(jewels: u32) -> Estate {
    let base = estate(|_| true);
    let mut nodes = base.nodes().to_vec();
    let mut edges = base.edges().to_vec();
    let jump = base.resolve("JUMP01").unwrap();
    for n in 0..jewels {
        let row = format!("store:{n:03} | Store server {n} | | {} |", 1000 + n);
        edges.push(Edge {
            from: jump,
            to: NodeIx(u32::try_from(nodes.len()).unwrap()),
            kind: EdgeKind::new("admin-to"),
            minutes: Minutes::parse("5").ok(),
            likelihood: Likelihood::certain(),
            unknown: None,
        });
        nodes.extend(rows(&row).map(|row| node_of(&row)));
    }
    Estate::new(EstateParts {
        name: base.name().to_owned(),
        currency: base.currency().to_owned(),
        nodes,
        edges,
        services: base.services().to_vec(),
        steps: base.steps().to_vec(),
    })
}

/// Northgate where every step takes so many minutes.
pub(crate) fn slow(minutes: &str) -> Estate {
    let base = estate(|_| true);
    let mut steps = base.steps().to_vec();
    for step in &mut steps {
        step.minutes = Minutes::parse(minutes).ok();
    }
    Estate::new(EstateParts {
        name: base.name().to_owned(),
        currency: base.currency().to_owned(),
        nodes: base.nodes().to_vec(),
        edges: base.edges().to_vec(),
        services: base.services().to_vec(),
        steps,
    })
}

/// `time | source | rule | level | tag | holds | entities | fields`, an entity being `role kind name`;
/// `%RLO%` is the character that turns the direction of text.
const RECORDS: &str = r#"
14:03:11 | service-desk | reset-admin | high | initial-access | target | actor account NORTHGATE\agent7, target account priya.nair@northgate.example, means ticket INC-20418 | {"ticket":"INC-20418","action":"factor reset","caller":"Priya Nair <script>alert(1)</script>","note":"=cmd|'/c calc'!A1"}
14:09:40 | okta | factor-enrolled | high | persistence | actor | actor account priya.nair@northgate.example, origin address 198.51.100.7 | {"eventType":"user.mfa.factor.activate","outcome":{"result":"SUCCESS"},"client":{"ipAddress":"198.51.100.7"}}
14:14:02 | okta | new-device | medium | initial-access | actor | actor account priya.nair@northgate.example, origin address 198.51.100.7, means device iPhone%RLO%tset | {"eventType":"user.session.start","device":"iPhone%RLO%tset"}
14:23:55 | okta | app-burst | medium | discovery | actor | actor account priya.nair@northgate.example, origin address 198.51.100.7 | {"eventType":"user.authentication.sso","apps":["vault","vpn","wiki"]}
15:20:31 | windows/security | directory-read | medium | discovery | actor | actor account NORTHGATE\pnair, host host JUMP01 | {"EventID":4662,"SubjectUserName":"pnair","Computer":"JUMP01"}
15:41:09 | windows/sysmon | remote-tool | critical | command-and-control | host | actor account NORTHGATE\pnair, host host EDI-GW-01 | {"EventID":1,"Image":"C:\\ProgramData\\assist.exe","Computer":"EDI-GW-01"}
15:44:50 | okta | desk-abroad | critical | credential-access | actor | actor account NORTHGATE\agent7, origin address 198.51.100.7 | {"eventType":"user.session.start","geo":"unknown"}
15:52:00 | okta | forgotten-tenant | critical | lateral-movement | target | actor account priya.nair@northgate.example, target account svc-legacy@old-tenant.example | {"eventType":"user.account.update_password"}
? | vault | vault-export | low | collection | target | actor account priya.nair@northgate.example, target host DC01 | {"path":"infra/dc","op":"export"}
"#;

/// Titles of the rules above.
const TITLES: [(&str, &str); 9] = [
    (
        "reset-admin",
        "Second factor of an administrator reset after a call",
    ),
    (
        "factor-enrolled",
        "New second factor enrolled minutes after a reset",
    ),
    (
        "new-device",
        "Sign-in on a new device through a residential network",
    ),
    ("app-burst", "Many applications opened in a burst"),
    ("directory-read", "Directory read in bulk"),
    ("remote-tool", "Remote control tool started on a gateway"),
    (
        "desk-abroad",
        "Service desk account used from an intruder's address",
    ),
    (
        "forgotten-tenant",
        "Password set in a tenant that nobody watches",
    ),
    ("vault-export", "Secrets exported from the vault"),
];

fn rule(id: &str, title: &str, level: &str, tag: &str, holds: &str) -> Arc<RuleFacts> {
    Arc::new(RuleFacts {
        id: RuleId::new(id),
        title: title.to_owned(),
        level: Level::from_word(level).unwrap(),
        tags: vec![format!("attack.{tag}"), "attack.t1078".to_owned()],
        holds: holds.split('+').filter_map(Role::from_word).collect(),
    })
}

fn entity(words: &str) -> Entity {
    let mut words = words.trim().splitn(3, ' ');
    Entity {
        role: Role::from_word(words.next().unwrap()).unwrap(),
        kind: EntityKind::from_word(words.next().unwrap()).unwrap(),
        id: words.next().unwrap().into(),
    }
}

/// What was done, where a field map of the log would find it.
fn action(fields: &Value) -> Option<Arc<str>> {
    let names = ["eventType", "action", "eventName", "event_type"];
    names
        .iter()
        .find_map(|name| fields[name].as_str().map(Arc::from))
}

fn detection(record: u64, row: &[&str]) -> Detection {
    let time: Option<Timestamp> = format!("2025-04-22T{}Z", row[0]).parse().ok();
    let title = TITLES.iter().find(|(id, _)| *id == row[2]).unwrap().1;
    let hostile = |text: &str| text.replace("%RLO%", "\u{202e}");
    let fields: Value = serde_json::from_str(&hostile(&row[7..].join("|"))).unwrap();
    let entities: Vec<Entity> = hostile(row[6]).split(',').map(entity).collect();
    Detection {
        rule: rule(row[2], title, row[3], row[4], row[5]),
        time,
        matched: [FieldMatch {
            field: (record != 3).then(|| "action".into()),
            value: entities[0].id.to_string(),
        }]
        .into(),
        records: vec![Evidence {
            id: EventId::new(format!("e-{record:04}")),
            log: LogRef {
                path: format!("logs/{}.json", row[1].replace('/', "-")).into(),
                record,
            },
            time,
            raw: cordon_model::RawPlace {
                offset: record * 100,
                length: 80,
                sha256: Some([9; 32]),
            },
            clock: Arc::default(),
            source: row[1].into(),
            deed: cordon_model::Deed {
                action: action(&fields),
                outcome: cordon_model::Outcome::Success,
            },
            entities,
            fields: Arc::new(fields.into()),
        }],
        group: Vec::new(),
    }
}

/// What rules found in Northgate's logs: nine records, and a correlation of the first three.
pub(crate) fn detections() -> Vec<Detection> {
    let plain = (1..).zip(rows(RECORDS));
    let mut found: Vec<Detection> = plain.map(|(record, row)| detection(record, &row)).collect();
    let title = "Reset, new factor and new device within a quarter of an hour";
    let records: Vec<Evidence> = found.iter().take(3).map(|d| d.records[0].clone()).collect();
    found.push(Detection {
        rule: rule(
            "reset-to-device",
            title,
            "critical",
            "initial-access",
            "none",
        ),
        time: records[2].time,
        matched: found[2].matched.clone(),
        records,
        group: vec!["user:priya".into()],
    });
    found
}

/// A correlation of so many records, each on an application of its own.
pub(crate) fn chain(records: u64) -> Detection {
    let row = |n: u64| {
        format!(
            "14:{n:02}:00 | okta | app-burst | medium | discovery | actor | \
             actor account priya.nair@northgate.example, target application app-{n} | {{}}"
        )
    };
    let plain = |n| detection(n, &rows(&row(n)).next().unwrap());
    let mut chain = plain(records);
    chain.records = (1..=records).flat_map(|n| plain(n).records).collect();
    chain
}

/// The incidents of Northgate.
pub(crate) fn found(estate: &Estate) -> Vec<Incident> {
    let estate = Arc::new(estate.clone());
    incidents(&estate, &Arc::default(), detections())
}

/// What a planner is asked once these incidents are found.
pub(crate) fn question<'e>(estate: &'e Estate, found: &[Incident]) -> Question<'e> {
    let likely = || {
        let held = found.iter().flat_map(|incident| &incident.held);
        held.filter(|held| held.confidence.get() >= 0.8)
    };
    let footholds = likely().filter_map(|held| {
        Some(Foothold {
            evidence: held.evidence.clone(),
            ..Foothold::said(held.node?, held.confidence)
        })
    });
    let outside = likely().filter(|held| held.node.is_none());
    Question {
        estate,
        footholds: footholds.collect(),
        outside_estate: outside.map(|held| held.id.to_string()).collect(),
        hold: Hours::from_units(24),
        effort: Effort::DEFAULT,
    }
}

/// The same where a person says that one node is held.
pub(crate) fn question_of<'e>(estate: &'e Estate, held: &str) -> Question<'e> {
    Question {
        estate,
        footholds: vec![Foothold::said(
            estate.resolve(held).unwrap(),
            Confidence::CERTAIN,
        )],
        outside_estate: Vec::new(),
        hold: Hours::from_units(24),
        effort: Effort::DEFAULT,
    }
}

/// What was read.
pub(crate) fn reading() -> Reading {
    let source = |path: &str, kind: &str, records, hours: [&str; 2]| SourceFacts {
        path: path.to_owned(),
        kind: kind.to_owned(),
        records,
        first: format!("2025-04-22T{}Z", hours[0]).parse().ok(),
        last: format!("2025-04-22T{}Z", hours[1]).parse().ok(),
    };
    Reading {
        records: 184_213,
        events: 184_209,
        refused: vec![Counted {
            reason: "not a JSON object".to_owned(),
            count: 4,
            sample: "{\"eventType\": \"user.sess\u{202e}".to_owned(),
        }],
        degraded: vec![Counted {
            reason: "no time in the record".to_owned(),
            count: 17,
            sample: "{\"path\":\"infra/dc\"}".to_owned(),
        }],
        sources: vec![
            source("logs/okta.json", "okta", 91_002, ["00:00:04", "15:59:59"]),
            source(
                "logs/windows-security.json",
                "windows/security",
                93_211,
                ["00:00:00", "16:00:00"],
            ),
        ],
        silent: vec![Silent {
            product: "vmware".to_owned(),
            rules: 12,
        }],
        ..Reading::default()
    }
}
