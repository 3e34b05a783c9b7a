//! The two streams of the terminal: results on one, everything else on the other.

use std::{
    env,
    error::Error,
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Write},
    path::{Path, PathBuf},
};

use cordon_text::Diagnostic;

use crate::{
    Failure,
    failure::Problems,
    progress::Progress,
    render::{self, Look, plain},
    typed::{DetectionFormat, Format},
};

/// Where results and remarks go, and how they look there.
pub(crate) struct Console {
    out: BufWriter<Box<dyn Write>>,
    /// What is written to, for when that fails.
    target: PathBuf,
    /// How results are printed.
    pub(crate) format: Format,
    /// How detections are printed.
    pub(crate) detections: DetectionFormat,
    /// How standard output shows things.
    pub(crate) look: Look,
    err_look: Look,
}

impl Console {
    /// The process's own streams.
    pub(crate) fn new(detections: DetectionFormat) -> Self {
        let colour_wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && env::var_os("TERM").is_none_or(|term| term != "dumb");
        let look = |terminal| Look::of_stream(terminal, colour_wanted);
        Self {
            out: BufWriter::new(Box::new(io::stdout().lock())),
            target: PathBuf::from("standard output"),
            format: detections.common().unwrap_or(Format::Jsonl),
            detections,
            look: look(io::stdout().is_terminal()),
            err_look: look(io::stderr().is_terminal()),
        }
    }

    /// Lets results go into a file from now on.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write_to(&mut self, path: &Path) -> Result<(), Failure> {
        let file = File::create(path).map_err(|cause| Failure::write(path, cause))?;
        self.flush()?;
        self.out = BufWriter::new(Box::new(file));
        path.clone_into(&mut self.target);
        self.look = Look::of_stream(false, false);
        Ok(())
    }

    /// Prints a piece of the result.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn result(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Prints bytes as they are: whoever asks for them wants to check them, not to read them.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.out.write_all(bytes);
        written.map_err(|cause| Failure::output(&self.target, cause))
    }

    /// Prints what is written piece by piece, and may be larger than memory.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn written(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let written = write(&mut self.out);
        written.map_err(|cause| Failure::output(&self.target, cause))
    }

    /// Prints a JSON document as `--format` wants it: as it is for `json`, on one line for `jsonl`.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn json_text(&mut self, document: &str) -> Result<(), Failure> {
        match self.format {
            Format::Jsonl => self.result(&render::json_on_one_line(document)),
            Format::Json | Format::Table => self.result(&render::plain_json(document)),
        }
    }

    /// Makes sure that all results have left.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        let flushed = self.out.flush();
        flushed.map_err(|cause| Failure::output(&self.target, cause))
    }

    /// Says something beside the result. On a terminal, items of a list (which begin with blanks) end at its
    /// edge; everything else may be a command to be copied, and stays on one line.
    pub(crate) fn remark(&self, text: &str) {
        let text = plain(text);
        if self.err_look.terminal && text.starts_with(' ') {
            say(&render::hung(&text, self.err_look.width));
        } else {
            say(&format!("{text}\n"));
        }
    }

    /// Says what is wrong, or doubtful, with the user's texts.
    pub(crate) fn problems(&self, problems: &Problems) {
        say(&render::diagnostics(problems, self.err_look));
    }

    /// Says on one line what does not stop the work.
    pub(crate) fn doubt(&self, doubt: &Diagnostic) {
        self.remark(&render::doubt(doubt));
    }

    /// Says why a command failed.
    pub(crate) fn failure(&self, failure: &Failure) {
        match failure {
            Failure::World(error) => self.remark(&chain(error.as_ref())),
            Failure::Input(problems) => self.problems(problems),
            Failure::No(why) => self.remark(why),
            Failure::InputTold | Failure::ReaderLeft => {}
        }
    }

    /// Shows that work goes on, if it takes over a second and somebody watches.
    pub(crate) fn progress(&self, doing: &'static str) -> Progress {
        if self.err_look.terminal {
            Progress::watched(doing)
        } else {
            Progress::unwatched()
        }
    }
}

/// An error and its causes on one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    format!("error: {}", causes(error))
}

/// An error and its causes, in words.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    let words: Vec<String> = causes.map(ToString::to_string).collect();
    words.join(": ")
}

/// Writes to standard error. Nobody is left to be told when that fails.
fn say(text: &str) {
    let _nobody_to_tell = io::stderr().lock().write_all(text.as_bytes());
}
