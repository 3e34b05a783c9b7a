//! What a connector would do, said so that other tools can do it: requests and commands instead of words.
//!
//! Invariants: no secret is in it; what stands for the state before, which has to be read first, is a variable.
//! Absent on purpose: the languages of other tools.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{Shell, Ssh};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// In words, for a person.
    Words(String),
    /// A request.
    Http {
        /// `GET`, `POST`, …
        method: &'static str,
        /// Where.
        url: String,
        /// Headers without those that hold secrets.
        headers: Vec<(String, String)>,
        /// What it carries, and what that is.
        body: Option<(&'static str, String)>,
    },
    /// A command for the shell of a machine: this one, if none is named.
    Shell {
        /// Which.
        machine: Option<Ssh>,
        /// What.
        command: String,
    },
}

/// What it would do for one effect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoken {
    /// To see how it stands.
    pub reads: Vec<Said>,
    /// To do it.
    pub does: Vec<Said>,
    /// To take it back; nothing if it only goes forward.
    pub undoes: Vec<Said>,
}

impl Spoken {
    /// From a preview, for a person.
    pub(crate) fn in_words(preview: &[String]) -> Self {
        let mut spoken = Self::default();
        for line in preview {
            let (list, words) = if let Some(words) = line.strip_prefix("undo: ") {
                (&mut spoken.undoes, words)
            } else if let Some(words) = line.strip_prefix("read: ") {
                (&mut spoken.reads, words)
            } else {
                let words = line.strip_prefix("do: ").unwrap_or(line);
                (&mut spoken.does, words)
            };
            if !words.starts_with("none: ") {
                list.push(Said::Words(words.to_owned()));
            }
        }
        spoken
    }
}

/// The variable that stands for a part of the state before, and whose value is what was read.
pub(crate) fn before(name: &str) -> String {
    format!("__before_{name}__:value")
}

impl Shell {
    /// Words with a text on their standard input, as one command of a shell.
    pub(crate) fn said(&self, words: &[&str], input: &str) -> Said {
        let words: Vec<&str> = self
            .become_
            .iter()
            .map(String::as_str)
            .chain(words.iter().copied())
            .collect();
        // In Base64 no sign of it means anything to a shell.
        let command = format!(
            "echo {} | base64 -d | {}",
            STANDARD.encode(input),
            words.join(" ")
        );
        Said::Shell {
            machine: self.ssh.clone(),
            command,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, Spoken};

    #[test]
    fn words_of_a_preview_fall_into_their_places_and_what_cannot_be_undone_has_no_undo() {
        let preview = [
            "read: a",
            "do: b",
            "undo: none: it only goes forward",
            "a person does c",
        ];
        let spoken = Spoken::in_words(&preview.map(str::to_owned));
        let words = |text: &str| Said::Words(text.to_owned());
        assert_eq!(spoken.reads, [words("a")]);
        assert_eq!(spoken.does, [words("b"), words("a person does c")]);
        assert_eq!(spoken.undoes, []);
    }
}
