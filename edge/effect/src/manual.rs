//! Steps that a person does and confirms.
//!
//! A confirmation is a file in the run's folder: its presence is the state, so that a restart forgets
//! none. A step that nobody confirmed is pending, for as long as people may take.

use std::{fs, io, path::PathBuf};

use cordon_act::{
    Ability, Act, Answer, Asked, Effect, Evidence, Means, Patience, Reversal, Standing,
};
use cordon_model::Value;

use crate::{Connector, Job};

/// How long a person may take: a shift.
const SHIFT_MS: u64 = 8 * 60 * 60 * 1000;

/// What a person confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// That it was done.
    Done,
    /// That it was taken back.
    Undone,
}

impl Confirmation {
    fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Undone => "undone",
        }
    }
}

/// People, who confirm in a folder.
#[derive(Debug)]
pub struct Manual {
    folder: PathBuf,
}

impl Manual {
    /// People who confirm in this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Confirms that a target was done or taken back.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn confirm(&self, target: &str, what: Confirmation, by: &str) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let other = match what {
            Confirmation::Done => Confirmation::Undone,
            Confirmation::Undone => Confirmation::Done,
        };
        fs::write(self.file(target, what), format!("{by}\n"))?;
        match fs::remove_file(self.file(target, other)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// A file of its own for each target, whatever characters its name has.
    fn file(&self, target: &str, what: Confirmation) -> PathBuf {
        let name = cordon_act::Digest::of(target.as_bytes());
        self.folder.join(format!("{name}.{}", what.word()))
    }

    /// What was confirmed, and by whom.
    fn confirmed(&self, target: &str) -> io::Result<Option<(Confirmation, String)>> {
        for what in [Confirmation::Done, Confirmation::Undone] {
            match fs::read_to_string(self.file(target, what)) {
                Ok(by) => return Ok(Some((what, by.trim().to_owned()))),
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(None)
    }

    /// What was confirmed as done is to be confirmed as taken back.
    fn ask_again(&self, target: &str) -> Answer {
        match fs::remove_file(self.file(target, Confirmation::Done)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Answer::Unknown {
                why: format!("the confirmation cannot be removed: {cause}"),
            },
            Ok(()) | Err(_) => Answer::Accepted,
        }
    }

    fn read(&self, target: &str) -> Answer {
        let (standing, state) = match self.confirmed(target) {
            Ok(None) => (Standing::Pending, Value::Null),
            Ok(Some((Confirmation::Done, by))) => (Standing::AsWanted, by.into()),
            Ok(Some((Confirmation::Undone, by))) => (Standing::AsBefore, by.into()),
            Err(cause) => {
                return Answer::Unknown {
                    why: format!("the confirmation cannot be read: {cause}"),
                };
            }
        };
        Answer::Stands { standing, state }
    }
}

impl Connector for Manual {
    fn ability(&self, asked: Asked<'_>) -> Result<Ability, String> {
        Ok(Ability {
            action: asked.action.unwrap_or("by-hand").to_owned(),
            reversal: Reversal::Undo,
            patience: Patience {
                // A file is read or it is not.
                answer_ms: 1_000,
                land_ms: 0,
                effect_ms: SHIFT_MS,
                ..Patience::default()
            },
        })
    }

    fn means(&self, _action: &str) -> Means {
        Means::Nothing
    }

    fn call(&self, job: Job<'_>) -> Answer {
        match job.act {
            Act::Capture => Answer::Captured {
                prior: Value::Null,
                already: false,
                evidence: Evidence::default(),
            },
            // The instruction is given by whoever shows the journal; nothing is called.
            Act::Do => Answer::Accepted,
            Act::Undo => self.ask_again(&job.effect.target),
            Act::ReadBack => self.read(&job.effect.target),
            Act::Probe => Answer::CannotTell {
                why: "a person confirmed it".to_owned(),
            },
        }
    }

    fn preview(&self, effect: &Effect) -> Vec<String> {
        vec![format!(
            "a person carries out `{}` on `{}` and confirms it",
            effect.step, effect.target
        )]
    }
}
