//! Services: what the business sells or needs, and what it loses without them.

use cordon_model::{Care, Heartbeat, Hours, Money, Need, Probe, Service, ServiceId, ServiceIx};
use cordon_text::{Fields, Node as Text, Source, nearest, parse};

use crate::{
    cycle::cycles,
    names::{Named, Names},
    need::{need, resolved},
    place::Place,
    scalar::Reader,
};

/// All services read so far; like nodes, each entry keeps its place.
#[derive(Debug, Default)]
pub(crate) struct Services {
    declared: u32,
    list: Vec<Option<Service>>,
    places: Vec<Place>,
}

impl Services {
    /// Gives a service its id before any other part is read, so that services may stand in any order.
    pub(crate) fn declare(&mut self, read: &mut Reader<'_, '_>, names: &mut Names, at: &Text) {
        let ix = ServiceIx(self.declared);
        self.declared += 1;
        if let Some(id) = at.get("id")
            && let Some(text) = id.text().filter(|text| !text.trim().is_empty())
        {
            let place = read.place(id.span);
            names.declare(read, text, place, Named::Service(ix));
        }
    }

    /// Reads a service, in the order of declaring.
    pub(crate) fn read<'t>(&mut self, read: &mut Reader<'t, '_>, names: &mut Names, at: &'t Text) {
        self.places.push(read.place(at.span));
        let service = entry(read, names, at);
        self.list.push(service);
    }

    /// Settles what the ids in needs mean, now that everything was read.
    pub(crate) fn resolve(&mut self, names: &Names) {
        for service in self.list.iter_mut().flatten() {
            let needs = std::mem::replace(&mut service.needs, Need::All(Vec::new()));
            service.needs = resolved(names, needs);
        }
    }

    /// Refuses services that need each other in a circle.
    pub(crate) fn refuse_cycles(&self, names: &Names, report: &mut cordon_text::Report) {
        let needs: Vec<_> = self
            .list
            .iter()
            .map(|service| needed(service.as_ref()))
            .collect();
        for cycle in cycles(&needs) {
            let id = |n: &usize| self.list.get(*n)?.as_ref().map(|s| s.id.as_str());
            let mut ids: Vec<_> = cycle.iter().filter_map(id).collect();
            ids.extend(cycle.first().and_then(id));
            let Some(place) = cycle.first().and_then(|n| self.places.get(*n)) else {
                continue;
            };
            let message = format!("services need each other in a circle: {}", ids.join(" → "));
            let help = "remove one of these needs: none of them could ever start".to_owned();
            let said = ("service-cycle", message, help);
            names.files.wrong(*place, said, report);
        }
    }

    pub(crate) fn finish(self) -> Vec<Service> {
        self.list.into_iter().flatten().collect()
    }
}

/// What is wrong with a service that a table describes, but for its id and needs.
pub(crate) fn problems(said: &serde_json::Map<String, serde_json::Value>) -> Vec<String> {
    let mut whole = said.clone();
    for key in ["id", "needs"] {
        whole.insert(key.to_owned(), serde_json::Value::from("x"));
    }
    let source = Source::new("table", serde_json::Value::Object(whole).to_string());
    let (parsed, mut report) = parse(&source);
    if let Some(at) = parsed.first() {
        let read = &mut Reader {
            source: &source,
            file: 0,
            report: &mut report,
        };
        entry(read, &mut Names::default(), at);
    }
    let wrong = report.diagnostics.into_iter();
    wrong.map(|problem| problem.message).collect()
}

/// Places of the services that a service needs, each once.
fn needed(service: Option<&Service>) -> Vec<usize> {
    let mut found = std::collections::BTreeSet::new();
    if let Some(service) = service {
        service.needs.for_each_service(&mut |ix| {
            found.insert(ix.index());
        });
    }
    found.into_iter().collect()
}

fn entry<'t>(read: &mut Reader<'t, '_>, names: &mut Names, at: &'t Text) -> Option<Service> {
    let mut fields = read.fields(at, "a service")?;
    let id = fields
        .required("id", read.report)
        .and_then(|id| read.text(id, "an id"));
    let name = fields
        .optional("name")
        .and_then(|name| read.text(name, "a name"));
    let needs = fields.required("needs", read.report);
    let needs: Option<Need> = needs.and_then(|needs| need(read, names, needs));
    let loss_per_hour = fields
        .optional("loss_per_hour")
        .and_then(|loss| read.money(loss));
    let cover = fields.optional("cover").and_then(|cover| read.hours(cover));
    let ramp = fields.optional("ramp").and_then(|ramp| read.hours(ramp));
    let protected = fields
        .optional("protected")
        .and_then(|flag| read.flag(flag));
    let care = fields.optional("care").and_then(|word| care(read, word));
    let probe = fields.optional("probe").and_then(|at| probe(read, at));
    fields.finish(read.report);
    Some(Service {
        id: ServiceId::new(id?),
        name: name.map(str::to_owned),
        needs: needs?,
        loss_per_hour: loss_per_hour.unwrap_or_else(Money::zero),
        cover: cover.unwrap_or_else(Hours::zero),
        ramp: ramp.unwrap_or_else(Hours::zero),
        protected: protected.unwrap_or(false),
        care: care.unwrap_or(Care::None),
        probe,
    })
}

fn care<'t>(read: &mut Reader<'t, '_>, at: &'t Text) -> Option<Care> {
    match read.text(at, "`none` or `lifeline`")? {
        "none" => Some(Care::None),
        "lifeline" => Some(Care::Lifeline),
        word => {
            let message = format!("expected `none` or `lifeline`, found `{word}`");
            let meant = nearest(word, ["none", "lifeline"]);
            let explain = || "`lifeline` counts the hours lost beside money".to_owned();
            let help = meant.map_or_else(explain, |meant| format!("did you mean `{meant}`?"));
            read.wrong(at.span, "unknown-care", message, help);
            None
        }
    }
}

fn probe<'t>(read: &mut Reader<'t, '_>, at: &'t Text) -> Option<Probe> {
    let mut fields = read.fields(at, "a probe")?;
    let http = fields.optional("http").map(|at| {
        read.text(at, "a URL")
            .map(|url| Probe::Http(url.to_owned()))
    });
    let tcp = fields.optional("tcp").map(|at| {
        read.text(at, "an address")
            .map(|address| Probe::Tcp(address.to_owned()))
    });
    let log = fields
        .optional("log")
        .map(|at| heartbeat(read, at, &mut fields));
    fields.finish(read.report);
    let mut ways = [http, tcp, log].into_iter().flatten();
    if let (Some(probe), None) = (ways.next(), ways.next()) {
        return probe;
    }
    let message = "expected exactly one of `http`, `tcp` and `log`".to_owned();
    let help = "name the one thing that shows whether the service runs".to_owned();
    read.wrong(at.span, "unclear-probe", message, help);
    None
}

/// Any line within a minute, unless more is said.
fn heartbeat<'t>(
    read: &mut Reader<'t, '_>,
    at: &'t Text,
    fields: &mut Fields<'t>,
) -> Option<Probe> {
    let log = read.text(at, "a log")?.to_owned();
    let holds = fields.optional("holds");
    let holds = holds.and_then(|at| read.text(at, "a text"));
    let at_least = fields.optional("at_least");
    let at_least = at_least.and_then(|at| whole(read, at, "how many lines there are at least"));
    let within = fields.optional("within_seconds");
    let within = within.and_then(|at| whole(read, at, "a number of seconds"));
    Some(Probe::Log(Heartbeat {
        log,
        holds: holds.map(str::to_owned),
        at_least: at_least.unwrap_or(1),
        within_seconds: within.unwrap_or(60),
    }))
}

fn whole<'t>(read: &mut Reader<'t, '_>, at: &'t Text, wanted: &str) -> Option<u32> {
    let number = at.text().and_then(|text| text.parse().ok());
    let number = number.filter(|number| *number > 0);
    if number.is_none() {
        let message = format!("expected {wanted}, found {}", at.describe());
        let help = "write a whole number from 1".to_owned();
        read.wrong(at.span, "wrong-number", message, help);
    }
    number
}
