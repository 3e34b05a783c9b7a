//! A likeness in words, no finer than it is known: one wording wherever it is told.

use cordon_incident::Likeness;

/// Such as `about 40 times likelier than with an unknown intruder`.
pub fn likeness_words(likeness: &Likeness) -> String {
    let times = match likeness.ratio {
        ratio if likeness.at_least => format!("at least {ratio:.0} times"),
        ratio if ratio >= 10.0 => format!("about {:.0} times", (ratio / 10.0).round() * 10.0),
        ratio => format!("about {ratio:.0} times"),
    };
    format!("{times} likelier than with an unknown intruder")
}

#[cfg(test)]
mod tests {
    use cordon_incident::Likeness;

    use super::likeness_words;

    #[test]
    fn a_ratio_is_told_no_finer_than_it_is_known() {
        for (ratio, at_least, words) in [
            (3.4, false, "about 3 times"),
            (44.0, false, "about 40 times"),
            (100.0, true, "at least 100 times"),
        ] {
            let likeness = Likeness {
                actor: "A".to_owned(),
                also: Vec::new(),
                ratio,
                at_least,
                not_told_apart: Vec::new(),
                speaks_for: Vec::new(),
                speaks_against: Vec::new(),
                next: Vec::new(),
                unseen: Vec::new(),
            };
            let expect = format!("{words} likelier than with an unknown intruder");
            assert_eq!(likeness_words(&likeness), expect);
        }
    }
}
