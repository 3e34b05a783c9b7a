//! Where recordings, rules and everything made from them stand.

use std::{env, path::PathBuf};

use crate::Fault;

/// Folders and files of the benchmarks.
pub(crate) struct Places {
    data: PathBuf,
    made: PathBuf,
    built: PathBuf,
}

impl Places {
    /// As the environment says: recordings are in `CORDON_TEST_DATA`.
    pub(crate) fn here() -> Result<Self, Fault> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let data = env::var_os("CORDON_TEST_DATA")
            .map_or_else(|| root.join("../shared/data"), PathBuf::from);
        if !data.is_dir() {
            let data = data.display();
            return Err(format!("no recordings in {data}: set CORDON_TEST_DATA").into());
        }
        Ok(Self {
            data,
            made: root.join("target/bench-corpus"),
            built: root.join("target"),
        })
    }

    /// A folder or file of the recordings.
    pub(crate) fn recording(&self, inside: &str) -> PathBuf {
        self.data.join(inside)
    }

    /// A folder or file that the benchmarks make.
    pub(crate) fn made(&self, inside: &str) -> PathBuf {
        self.made.join(inside)
    }

    /// Lines in the shapes that vendors document.
    #[expect(clippy::unused_self, reason = "one of the places")]
    pub(crate) fn samples(&self) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples")
    }

    /// The public rules that everything is measured with.
    pub(crate) fn rules(&self) -> PathBuf {
        self.recording("sigma-rules/rules")
    }

    /// Ten times as many.
    pub(crate) fn ten_times_the_rules(&self) -> PathBuf {
        self.made("rules-10")
    }

    /// The events, repeated.
    pub(crate) fn events(&self) -> PathBuf {
        self.made("events.ndjson")
    }

    /// The events, each once.
    pub(crate) fn distinct_events(&self) -> PathBuf {
        self.made("distinct.ndjson")
    }

    /// The EVTX files, unpacked.
    pub(crate) fn evtx(&self) -> PathBuf {
        self.made("evtx")
    }

    /// The EVTX files, each several times.
    pub(crate) fn evtx_repeated(&self) -> PathBuf {
        self.made("evtx-repeated")
    }

    /// The binary as it is shipped.
    pub(crate) fn cordon(&self) -> PathBuf {
        self.built.join("release/cordon")
    }

    /// A binary of this workspace.
    pub(crate) fn lane(&self, name: &str) -> PathBuf {
        self.built.join("bench/release").join(name)
    }
}
