//! Forty services, eight of them protected: what they need, and what they lose.

use std::io;

use super::{
    Sizes,
    lines::Lines,
    servers::{controller, server, zone},
    shops::region,
};

fn joined(ids: impl Iterator<Item = String>) -> String {
    let ids: Vec<String> = ids.map(|id| format!(r#""{id}""#)).collect();
    ids.join(",")
}

pub(super) fn write<W: io::Write>(lines: &mut Lines<W>, sizes: Sizes) -> io::Result<()> {
    let controllers = joined((0..Sizes::CONTROLLERS).map(controller));
    let regions = joined((0..Sizes::REGIONS).map(region));
    let at = |nth: u32| server(nth * 61 % sizes.servers);
    let (a, b, c, d) = (at(1), at(2), at(3), at(4));
    let protected = [
        (
            "contactless",
            format!(r#"{{"all":["host:payment-switch",{{"any":["{a}","{b}"]}}]}}"#),
        ),
        (
            "sign-in",
            format!(r#"{{"at_least":8,"of":[{controllers}]}}"#),
        ),
        ("tills", format!(r#"{{"at_least":34,"of":[{regions}]}}"#)),
        ("ordering", format!(r#"{{"any":["{c}","{d}"]}}"#)),
        (
            "pharmacy",
            format!(
                r#"{{"all":["service:sign-in",{{"at_least":2,"of":["{a}","{c}","{}"]}}]}}"#,
                at(5)
            ),
        ),
        (
            "fuel",
            format!(r#"{{"all":["service:contactless","{}"]}}"#, at(6)),
        ),
        (
            "cold-chain",
            format!(
                r#"{{"at_least":2,"of":["{}","{}","{}"]}}"#,
                at(7),
                at(8),
                at(9)
            ),
        ),
        (
            "island-supply",
            format!(r#"{{"all":["service:ordering","{}"]}}"#, at(10)),
        ),
    ];
    for (number, (name, needs)) in protected.iter().enumerate() {
        let cover = if number == 7 { "6h" } else { "0h" };
        let rest = format!(r#","loss_per_hour":30000,"cover":"{cover}","protected":true"#);
        lines.service(&format!("service:{name}"), needs, &rest)?;
    }
    (0..32).try_for_each(|number| other(lines, sizes, number))
}

/// A service of the second rank: some servers, a zone, perhaps another service.
fn other<W: io::Write>(lines: &mut Lines<W>, sizes: Sizes, number: u32) -> io::Result<()> {
    let at = |nth: u32| server((number * 83 + nth * 29) % sizes.servers);
    let mut needs = vec![
        format!(r#""{}","{}""#, at(1), zone(number % Sizes::ZONES)),
        format!(r#"{{"any":["{}","{}"]}}"#, at(2), at(3)),
    ];
    if number > 4 && number.is_multiple_of(3) {
        needs.push(format!(r#""service:back-office-{}""#, number / 2));
    }
    if number < Sizes::FLOORS {
        needs.push(format!(r#""zone:floor-{number}""#));
    }
    let needs = format!(r#"{{"all":[{}]}}"#, needs.join(","));
    let rate = match number % 4 {
        0 => 150,
        1 => 400,
        2 => 1_200,
        _ => 5_000,
    };
    let cover = 2 * (number % 3);
    let ramp = 12 * (number % 2);
    let care = if number == 9 { "lifeline" } else { "none" };
    let rest =
        format!(r#","loss_per_hour":{rate},"cover":"{cover}h","ramp":"{ramp}h","care":"{care}""#);
    lines.service(&format!("service:back-office-{number}"), &needs, &rest)
}
