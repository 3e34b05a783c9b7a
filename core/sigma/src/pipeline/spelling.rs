//! Spellings of names and values: lower, upper and title case, and snake case.

/// A spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    Lower,
    Upper,
    Title,
    Snake,
}

impl Spelling {
    /// The words for them, the usual one first.
    pub(crate) const WORDS: [(&'static str, Self); 4] = [
        ("lower", Self::Lower),
        ("upper", Self::Upper),
        ("title", Self::Title),
        ("snake_case", Self::Snake),
    ];

    /// A text in this spelling.
    pub(crate) fn of(self, text: &str) -> String {
        match self {
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Title => title(text),
            Self::Snake => snake(text),
        }
    }
}

/// Each first letter of a run of letters in upper case, the others in lower case.
fn title(text: &str) -> String {
    let mut titled = String::new();
    let mut inside = false;
    for c in text.chars() {
        if inside {
            titled.extend(c.to_lowercase());
        } else {
            titled.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    titled
}

/// An underscore before every capital letter but the first character, all in lower case.
fn snake(text: &str) -> String {
    let mut snaked = String::new();
    for (at, c) in text.chars().enumerate() {
        if at > 0 && c.is_ascii_uppercase() {
            snaked.push('_');
        }
        snaked.extend(c.to_lowercase());
    }
    snaked
}

#[cfg(test)]
mod tests {
    use super::Spelling;

    #[test]
    fn spellings_are_those_of_pipelines() {
        for (word, text, expect) in [
            ("lower", "CommandLine", "commandline"),
            ("upper", "CommandLine", "COMMANDLINE"),
            ("title", "command_LINE x2y", "Command_Line X2Y"),
            ("snake_case", "CommandLine", "command_line"),
            ("snake_case", "XMLData", "x_m_l_data"),
        ] {
            let (_, spelling) = Spelling::WORDS.iter().find(|(w, _)| *w == word).unwrap();
            assert_eq!(spelling.of(text), expect, "{word} {text}");
        }
    }
}
