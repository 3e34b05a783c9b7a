//! The grammar of tags: a namespace, a dot, a name.

/// Whether a text is a tag: `^[a-z0-9_-]+\.[a-z0-9._-]+$`.
pub(crate) fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    text.split_once('.').is_some_and(|(space, name)| {
        let filled = !space.is_empty() && !name.is_empty();
        filled && space.chars().all(word) && name.chars().all(|c| word(c) || c == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::is_tag;

    #[test]
    fn a_tag_has_a_namespace_and_a_name_in_lower_case() {
        for (text, is) in [
            ("attack.t1098", true),
            ("cve.2021-44228", true),
            ("attack.t1003.006", true),
            ("attack", false),
            (".x", false),
            ("Attack.t1", false),
        ] {
            assert_eq!(is_tag(text), is, "{text}");
        }
    }
}
