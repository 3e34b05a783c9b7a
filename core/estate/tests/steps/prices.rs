//! The price list.

use cordon_estate::Prices;
use cordon_text::Source;

use crate::{Asked, asked, left_out, made_as, shipped, sketch, told};

const SKETCH: &str = "a:user -admin-to-> !d:domain-controller\na -admin-to-> !j:server\nb:user -admin-to-> !k:server";

fn priced(list: &str) -> Result<Asked, Vec<String>> {
    let read = sketch(SKETCH);
    let source = Source::new("p.yaml", format!("cordon: prices/v1\nprices:\n{list}"));
    let prices = Prices::parse(&source, &read.estate, shipped::pages());
    let told = |report: cordon_text::Report| {
        let problems = report.diagnostics.into_iter();
        problems
            .map(|p| format!("{}: {}", p.span.line, p.message))
            .collect::<Vec<_>>()
    };
    Ok(Asked {
        prices: prices.map_err(told)?,
        ..asked()
    })
}

#[test]
fn the_last_row_that_fits_says_what_a_step_costs_and_how_long_it_takes() {
    let read = sketch(SKETCH);
    let list = "  - {step: isolate-host, cost: 10, minutes: 3}\n  - {step: isolate-host, of: domain-controller, cost: 99.5}\n\
                \x20 - {node: [j, a], cost: 1}\n  - {step: isolate-host, node: k, never: true}\n  - {step: close-vpn, cost: 4}\n";
    let made = made_as(&read, priced(list).unwrap());
    let mut hosts: Vec<String> = made
        .steps
        .iter()
        .map(|step| told(step, &read.estate))
        .collect();
    hosts.retain(|line| line.starts_with("isolate-host") || line.starts_with("disable"));
    assert_eq!(
        hosts,
        [
            "disable-account/a | a | a | 1",
            "disable-account/b | b | b | 100",
            "isolate-host/j | j | j | 1",
            "isolate-host/d | d | d | 99.5",
        ]
    );
    let minutes = made
        .steps
        .iter()
        .find(|s| s.id.as_str() == "isolate-host/d")
        .unwrap();
    assert_eq!(minutes.minutes.as_ref().unwrap().rounded(), "3");
    assert_eq!(
        left_out(&made),
        ["close-vpn price-unused 1", "isolate-host never 1"]
    );
}

#[test]
fn everything_that_is_wrong_with_a_price_list_is_told_at_once() {
    let list = "  - {step: isolate-hosts, cost: 10}\n  - {node: nobody, cost: -1}\n  - {step: isolate-host, price: 3, never: 1}\n  - {step: reset-password, cost: x}\n";
    assert_eq!(
        priced(list).unwrap_err(),
        [
            "3: no steps of the kind `isolate-hosts` are made from an estate",
            "4: no node has the id `nobody`, and no single one the alias",
            "4: expected a number that is not negative, found `-1`",
            "5: expected `true` or `false`, found `1`",
            "5: a price has no key `price`",
            "6: no steps of the kind `reset-password` are made from an estate",
            "6: expected an amount of money, found the text \"x\"",
        ]
    );
}
