//! What a line of a rule wants, spelled as a rule would write it.
//!
//! The spelling follows from what the line was understood to mean, not from its text: that is what
//! an event is compared with. So `*\cmd.exe` and `endswith: \cmd.exe` read alike here.

use cordon_sigma::{
    Comparison, FieldRelation, Item, Number, Part, Pattern, Quantifier, Test, TimePart,
};

/// The modifiers of a line, and its values under them, in the order written.
pub(super) fn wanted(item: &Item) -> (Vec<&'static str>, Vec<String>) {
    let mut forms: Vec<Form> = item.tests.iter().map(form).collect();
    let alike = forms.windows(2).all(|pair| match pair {
        [one, other] => one.modifiers == other.modifiers,
        _ => true,
    });
    if !alike {
        forms = item.tests.iter().map(plain_form).collect();
    }
    let shared = forms.first().map(|form| form.modifiers.clone());
    let mut modifiers = shared.unwrap_or_default();
    if item.field.is_none() {
        modifiers.retain(|modifier| *modifier != "contains");
    }
    let counted = match item.quantifier {
        Quantifier::Any => [None, None],
        Quantifier::All => [Some("all"), None],
        Quantifier::None => [None, Some("neq")],
        Quantifier::NotAll => [Some("all"), Some("neq")],
    };
    modifiers.extend(counted.into_iter().flatten());
    (
        modifiers,
        forms.into_iter().map(|form| form.value).collect(),
    )
}

/// One value and its modifiers.
struct Form {
    modifiers: Vec<&'static str>,
    value: String,
}

fn of(modifiers: &[&'static str], value: String) -> Form {
    Form {
        modifiers: modifiers.to_vec(),
        value,
    }
}

fn form(test: &Test) -> Form {
    match test {
        Test::Text(pattern) => pattern_form(pattern),
        Test::OneOf(tests) => joined(tests.iter().map(form)),
        Test::Number { text, .. } => of(&[], text.clone()),
        Test::Bool(value) => of(&[], value.to_string()),
        Test::Null => of(&[], "null".to_owned()),
        Test::Exists(wanted) => of(&["exists"], wanted.to_string()),
        Test::Regex(regex) => of(&["re"], regex.0.as_str().to_owned()),
        Test::Cidr { address, prefix } => of(&["cidr"], format!("{address}/{prefix}")),
        Test::Compare(comparison, with) => of(&[comparison_word(*comparison)], number(*with)),
        Test::Time(part, comparison, with) => of(
            &[time_word(*part), comparison_word(*comparison)],
            number(*with),
        ),
        Test::Field {
            field,
            relation,
            cased,
        } => {
            let mut modifiers = vec!["fieldref"];
            modifiers.extend(relation_word(*relation));
            modifiers.extend(cased.then_some("cased"));
            of(&modifiers, field.to_string())
        }
    }
}

/// The form with the fewest modifiers: openness of a text is written with wildcards.
fn plain_form(test: &Test) -> Form {
    match test {
        Test::Text(pattern) => of(kept_modifiers(pattern), spell(&pattern.parts)),
        Test::OneOf(tests) => joined(tests.iter().map(plain_form)),
        Test::Number { .. }
        | Test::Bool(_)
        | Test::Null
        | Test::Exists(_)
        | Test::Regex(_)
        | Test::Cidr { .. }
        | Test::Compare(..)
        | Test::Time(..)
        | Test::Field { .. } => form(test),
    }
}

/// Several forms of one value: the encodings of a text, or what a placeholder stands for.
fn joined(forms: impl Iterator<Item = Form>) -> Form {
    let mut all = of(&[], String::new());
    for form in forms {
        if !all.value.is_empty() {
            all.value.push_str(" or ");
        }
        all.value.push_str(&form.value);
        all.modifiers = form.modifiers;
    }
    all
}

fn pattern_form(pattern: &Pattern) -> Form {
    let (modifier, parts) = match pattern.parts.as_slice() {
        [Part::AnyRun, inner @ .., Part::AnyRun] if !inner.is_empty() => (Some("contains"), inner),
        [Part::AnyRun, inner @ ..] if !inner.is_empty() => (Some("endswith"), inner),
        [inner @ .., Part::AnyRun] if !inner.is_empty() => (Some("startswith"), inner),
        whole => (None, whole),
    };
    let mut modifiers: Vec<_> = modifier.into_iter().collect();
    modifiers.extend_from_slice(kept_modifiers(pattern));
    of(&modifiers, spell(parts))
}

/// The modifiers of a pattern that no wildcard can express.
fn kept_modifiers(pattern: &Pattern) -> &'static [&'static str] {
    match (pattern.parts.contains(&Part::Dash), pattern.cased) {
        (false, false) => &[],
        (false, true) => &["cased"],
        (true, false) => &["windash"],
        (true, true) => &["windash", "cased"],
    }
}

/// Parts of a pattern as a rule would write them.
pub(super) fn spell(parts: &[Part]) -> String {
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::AnyRun => out.push('*'),
            Part::AnyChar => out.push('?'),
            Part::Dash => out.push('-'),
            Part::Text(text) => spell_text(text, parts.get(at + 1), &mut out),
        }
    }
    out
}

/// A text with what would be read as a wildcard or an escape escaped.
fn spell_text(text: &str, next: Option<&Part>, out: &mut String) {
    let before_wildcard = matches!(next, Some(Part::AnyRun | Part::AnyChar));
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = match (c, chars.peek()) {
            ('*' | '?', _) | ('\\', Some('*' | '?' | '\\')) => true,
            ('\\', None) => before_wildcard,
            (_, _) => false,
        };
        if escaped {
            out.push('\\');
        }
        out.push(c);
    }
}

fn number(number: Number) -> String {
    match number {
        Number::Integer(whole) => whole.to_string(),
        Number::Decimal(value) => value.to_string(),
    }
}

fn comparison_word(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "lt",
        Comparison::AtMost => "lte",
        Comparison::Greater => "gt",
        Comparison::AtLeast => "gte",
        Comparison::Equal => "eq",
        Comparison::NotEqual => "neq",
    }
}

fn time_word(part: TimePart) -> &'static str {
    match part {
        TimePart::Minute => "minute",
        TimePart::Hour => "hour",
        TimePart::Day => "day",
        TimePart::Week => "week",
        TimePart::Month => "month",
        TimePart::Year => "year",
    }
}

fn relation_word(relation: FieldRelation) -> Option<&'static str> {
    match relation {
        FieldRelation::Equals => None,
        FieldRelation::Contains => Some("contains"),
        FieldRelation::StartsWith => Some("startswith"),
        FieldRelation::EndsWith => Some("endswith"),
    }
}
