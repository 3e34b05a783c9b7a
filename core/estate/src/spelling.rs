//! How kinds are written, and which one somebody probably meant.

use cordon_text::nearest;

/// Whether a word is in kebab-case: lower-case letters and digits, joined by single hyphens.
pub(crate) fn is_kebab(word: &str) -> bool {
    let plain = |part: &str| {
        let mut bytes = part.bytes();
        !part.is_empty() && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    word.split('-').all(plain)
}

/// A word as it would be in kebab-case: `AdminTo` and `admin_to` are `admin-to`.
pub(crate) fn to_kebab(word: &str) -> String {
    let mut kebab = String::new();
    let mut after_capital = true;
    for c in word.chars() {
        let capital = c.is_uppercase();
        let joined = c == '_' || c == ' ' || c == '-';
        if (joined || capital && !after_capital) && !kebab.is_empty() && !kebab.ends_with('-') {
            kebab.push('-');
        }
        if !joined {
            kebab.extend(c.to_lowercase());
        }
        after_capital = capital;
    }
    kebab
}

/// The known kind that was probably meant.
pub(crate) fn nearest_kind<'k>(
    word: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Option<&'k str> {
    let kebab = to_kebab(word);
    let same = known.clone().find(|kind| **kind == kebab);
    same.or_else(|| nearest(&kebab, known))
}

#[cfg(test)]
mod tests {
    use super::{is_kebab, nearest_kind, to_kebab};

    #[test]
    fn kinds_of_other_tools_are_recognised_in_kebab_case() {
        let cases = [
            ("AdminTo", "admin-to"),
            ("admin_to", "admin-to"),
            ("DCSync", "dcsync"),
            ("CanRDP", "can-rdp"),
            ("admin-to", "admin-to"),
            ("Close VPN", "close-vpn"),
        ];
        for (word, kebab) in cases {
            assert_eq!(to_kebab(word), kebab);
            assert!(is_kebab(kebab));
            assert_eq!(is_kebab(word), word == kebab);
        }
        assert!(!is_kebab("a--b") && !is_kebab("") && !is_kebab("a-"));
        assert_eq!(
            nearest_kind("AdminTo", ["admin-to"].into_iter()),
            Some("admin-to")
        );
        assert_eq!(
            nearest_kind("admin-too", ["admin-to"].into_iter()),
            Some("admin-to")
        );
        assert_eq!(nearest_kind("owns", ["admin-to"].into_iter()), None);
    }
}
