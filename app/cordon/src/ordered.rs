//! A plan that was written to an order: read back, checked anew, every target named.
//!
//! Of the plan only the choice of steps is believed, and only if the estate still says the same of each
//! step and the checker of plans passes them again. What it costs is computed anew.

use std::{collections::BTreeSet, path::Path};

use cordon_act::{
    Ability, Asked, Digest, KindFacts, Limits, MANUAL, Means, Order, Origin, Policy, PublicKey,
    Stake, Stop,
};
use cordon_effect::Registry;
use cordon_estate::StepPage;
use cordon_model::{Estate, StepIx};
use cordon_plan::{Price, Question, ServiceLoss, inadmissible, price};
use cordon_report::json::v1::Plan;
use cordon_text::Source;

use crate::{
    Failure,
    connecting::{For, one, registry},
    console::Console,
    content,
    estate::estate,
    failure::Problems,
    typed,
    written::{self, Understood, Written, understood},
};

/// An order with everything that it was made of.
pub(crate) struct Ordered {
    pub(crate) order: Order,
    pub(crate) policy: Option<Policy>,
    pub(crate) registry: Registry,
    /// The plan's exact bytes.
    pub(crate) plan: Vec<u8>,
}

/// Makes an order of a plan.
///
/// # Errors
/// When a text is wrong, the plan does not hold for this estate, or a step cannot be carried out.
pub(crate) fn ordered(
    asked: &typed::Ordered,
    policy: Option<Policy>,
    confirmations: &Path,
    purpose: For,
    console: &Console,
) -> Result<Ordered, Failure> {
    let Written { bytes, plan } = written::read(&asked.plan)?;
    let estate = estate(&asked.estate.estate, console)?;
    let (asked_then, steps) = vetted(&plan, &estate)?;
    let registry = registry(&asked.connectors, confirmations, purpose)?;
    let paid = price(&estate, &steps, &asked_then.hold);
    let pages = content::pages();
    let facts = |page: &StepPage| KindFacts {
        lasting: page.irreversible,
        wide: page.wide,
        volatile: page.volatile.clone(),
    };
    let origin = Origin {
        plan: Digest::of(&bytes),
        generation: plan.generation,
        stake: Stake {
            stops: stops(&estate, &paid),
            hold_hours: asked_then.hold.clone(),
            price: paid.total,
            currency: estate.currency().to_owned(),
            footholds: plan.footholds.iter().map(|held| held.id.clone()).collect(),
            on_one_word: on_one_word(&plan),
        },
        policy: policy.as_ref().map_or(Digest::NONE, |policy| policy.digest),
        limits: policy
            .as_ref()
            .map_or_else(Limits::default, |policy| policy.limits.clone()),
        kinds: pages
            .steps()
            .map(|page| (page.kind.clone(), facts(page)))
            .collect(),
    };
    let catalogue = Catalogue {
        registry: &registry,
        asked: &asked.connectors,
    };
    let order = Order::of(&estate, &steps, &catalogue, origin);
    let mut order = order.map_err(|flaws| {
        let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        let help = "name connectors with --connectors, or add --by-hand or --rehearse";
        Failure::Input(Problems::of_arguments("PLAN", &flaws.join("; "), help))
    })?;
    for effect in &mut order.effects {
        effect.connector = catalogue.stands_for(&effect.connector).to_owned();
    }
    Ok(Ordered {
        order,
        policy,
        registry,
        plan: bytes,
    })
}

/// Services that stop if the cut stays, the first ones first.
fn stops(estate: &Estate, paid: &Price) -> Vec<Stop> {
    let stop = |lost: &ServiceLoss| {
        let service = estate.service(lost.service);
        Some(Stop {
            service: service.id.to_string(),
            after_hours: lost.start.clone()?,
            protected: service.protected,
        })
    };
    let mut stops: Vec<Stop> = paid.services.iter().filter_map(stop).collect();
    stops.sort_by(|a, b| a.after_hours.cmp(&b.after_hours));
    stops
}

/// What is believed to be held on the word of one product's logs alone.
fn on_one_word(plan: &Plan) -> Vec<String> {
    let believed = plan.footholds.iter().filter(|held| {
        let sources = held.sources.as_ref();
        sources.is_some_and(|sources| sources.iter().collect::<BTreeSet<_>>().len() < 2)
    });
    believed.map(|held| held.id.clone()).collect()
}

/// Who may approve what.
///
/// # Errors
/// When the file cannot be read, or what is wrong with it.
pub(crate) fn policy(file: &Path) -> Result<Policy, Failure> {
    read(one(file)?)
}

/// Who may approve what, as an anchor signed it: the bytes that are checked are those that are read.
///
/// # Errors
/// When a file cannot be read, the signature is another's, or what is wrong with the policy.
pub(crate) fn signed_policy(file: &Path, anchor: &PublicKey) -> Result<Policy, Failure> {
    let mut name = file.as_os_str().to_owned();
    name.push(".sig");
    let signature = one(Path::new(&name))?;
    let source = one(file)?;
    if anchor.signed(source.text.as_bytes(), &signature.text) {
        return read(source);
    }
    let message = "the policy is not signed with the anchor's key, or was changed since";
    let help = "sign it anew: openssl pkeyutl -sign -rawin -inkey ANCHOR -in POLICY | base64 -w0 > POLICY.sig";
    Err(Failure::Input(Problems::of_arguments(
        "--policy", message, help,
    )))
}

fn read(source: Source) -> Result<Policy, Failure> {
    Policy::parse(&source).map_err(|report| {
        Failure::Input(Problems {
            report,
            sources: vec![source],
        })
    })
}

/// Connectors, with what stands in for those that the site does not have.
struct Catalogue<'r> {
    registry: &'r Registry,
    asked: &'r typed::SiteFiles,
}

impl Catalogue<'_> {
    fn stands_for<'n>(&self, connector: &'n str) -> &'n str {
        if self.asked.rehearse {
            "dry"
        } else if self.asked.by_hand && self.registry.get(connector).is_none() {
            MANUAL
        } else {
            connector
        }
    }
}

impl cordon_act::Catalogue for Catalogue<'_> {
    fn ability(&self, connector: &str, asked: Asked<'_>) -> Result<Ability, String> {
        self.registry.ability(self.stands_for(connector), asked)
    }

    fn means(&self, connector: &str, action: &str) -> Means {
        self.registry.means(self.stands_for(connector), action)
    }

    fn digest(&self, connector: &str) -> Option<Digest> {
        self.registry.digest(self.stands_for(connector))
    }
}

/// What a plan answers and its steps, once nothing speaks against them.
fn vetted<'e>(plan: &Plan, estate: &'e Estate) -> Result<(Question<'e>, Vec<StepIx>), Failure> {
    if plan.infeasible.is_some() {
        return Err(Failure::No(
            "the document says that no admissible plan exists".to_owned(),
        ));
    }
    let Understood {
        question,
        steps,
        differs,
    } = understood(plan, estate);
    if !differs.is_empty() {
        let help = "make the plan anew with `cordon plan --format json` or `cordon respond`";
        let problems = Problems::of_arguments("PLAN", &differs.join("; "), help);
        return Err(Failure::Input(problems));
    }
    let flaws = inadmissible(&question, &steps);
    if flaws.is_empty() {
        return Ok((question, steps));
    }
    let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    Err(Failure::No(format!(
        "the plan does not hold: {}",
        flaws.join("; ")
    )))
}
