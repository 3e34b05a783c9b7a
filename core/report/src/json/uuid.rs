//! Identifiers that other formats want to be UUIDs, made from a digest so that the same plan gives the same.

/// One in the form of a random UUID (RFC 9562, version 4), which some formats ask for: 100 bits of the digest, and a number.
pub(super) fn uuid(digest: &str, number: usize) -> String {
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-4{}-8{}-{}{number:05x}",
        part(0, 8),
        part(8, 12),
        part(12, 15),
        part(15, 18),
        part(18, 25)
    )
}

#[cfg(test)]
mod tests {
    use super::uuid;

    #[test]
    fn ids_have_the_form_of_a_random_uuid() {
        let digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        assert_eq!(uuid(digest, 10), "01234567-89ab-4cde-8f01-23456780000a");
    }
}
