//! What keeps trading while the cut stands, and what stops when.

use cordon_model::{Care, Hours, Service};
use cordon_plan::ServiceLoss;
use maud::{Markup, html};

use super::page::{Page, section as framed};
use crate::amount;

/// Most services listed one by one of those that go on.
const GOING_ON_MAX: usize = 24;

/// Most services listed one by one of those that stop.
const STOPPING_MAX: usize = 60;

pub(crate) fn section(page: &Page<'_>) -> Markup {
    let Some(draft) = page.draft() else {
        return html! {};
    };
    let hold = &page.case.question.hold;
    let stops = |lost: &&ServiceLoss| lost.start.as_ref().is_some_and(|start| start < hold);
    let services = draft.price.services.iter();
    let (mut stopping, mut going): (Vec<&ServiceLoss>, Vec<&ServiceLoss>) =
        services.partition(stops);
    stopping.sort_by(|a, b| a.start.cmp(&b.start).then(b.loss.cmp(&a.loss)));
    going.sort_by_key(|lost| {
        let service = page.case.estate.service(lost.service);
        (!service.protected, service.care != Care::Lifeline)
    });
    if stopping.is_empty() && going.is_empty() {
        return html! {};
    }
    let (stopping_beyond, going_beyond) = (
        stopping.len().saturating_sub(STOPPING_MAX),
        going.len().saturating_sub(GOING_ON_MAX),
    );
    let body = html! {
        @if stopping.is_empty() { p { "Nothing stops within " (amount::hours(hold)) "." } }
        @else {
            h3 { "Stops" }
            ul.services { @for lost in stopping.iter().take(STOPPING_MAX) { (row(page, lost)) } }
            @if stopping_beyond > 0 { p.soft { "and " (amount::count(stopping_beyond)) " more" } }
        }
        @if !going.is_empty() {
            p { (keeps_trading(page, &stopping, &going)) }
            details {
                summary { "Those that keep trading for " (amount::hours(hold)) }
                ul.services { @for lost in going.iter().take(GOING_ON_MAX) { (row(page, lost)) } }
                @if going_beyond > 0 { p.soft { "and " (amount::count(going_beyond)) " more" } }
            }
        }
    };
    framed("trading", "What keeps trading, and what stops", &body)
}

/// How many go on, and whether that is all that must.
fn keeps_trading(page: &Page<'_>, stopping: &[&ServiceLoss], going: &[&ServiceLoss]) -> String {
    let protected = |lost: &&&ServiceLoss| page.case.estate.service(lost.service).protected;
    let all = amount::plural(stopping.len() + going.len(), "service", "services");
    let verb = if going.len() == 1 { "keeps" } else { "keep" };
    let sure = match (
        stopping.iter().filter(protected).count(),
        going.iter().filter(protected).count(),
    ) {
        (0, 1..) => ", all protected among them",
        (0, 0) | (1.., _) => "",
    };
    format!(
        "{} of {all} {verb} trading{sure}.",
        amount::count(going.len())
    )
}

fn row(page: &Page<'_>, lost: &ServiceLoss) -> Markup {
    let service = page.case.estate.service(lost.service);
    html! {
        li {
            p.name { (page.service(lost.service)) (marks(service)) }
            p.when { (when(lost.start.as_ref(), &page.case.question.hold)) }
            p.num { @if !lost.loss.is_zero() { (page.money(&lost.loss)) } }
        }
    }
}

fn marks(service: &Service) -> Markup {
    html! {
        @if service.protected { " " span.tag { "protected" } }
        @match service.care {
            Care::Lifeline => { " " span.tag { "lifeline" } }
            Care::None => {}
        }
    }
}

fn when(start: Option<&Hours>, hold: &Hours) -> Markup {
    match start {
        None => html! { span.soft { "not touched" } },
        Some(start) if start.is_zero() => html! { b { "at once" } },
        Some(start) if start < hold => html! { b { "after " (amount::hours(start)) } },
        Some(start) => html! { "carries on for " (amount::hours(start)) },
    }
}
