//! Recordings and public rules for tests: where they are, and what holds where they are not.
//!
//! They lie in the folder that `CORDON_TEST_DATA` names, by default beside the workspace. Where they are
//! missing a test is skipped and says so; where that variable or `CI` is set, it fails instead.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test that cannot reach its recordings must fail, and one that is skipped says so"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::Builder;

/// A file or folder of the recordings, or nothing where it may be absent.
///
/// # Panics
/// Where it is absent and must not be.
pub fn recording(path: &str) -> Option<PathBuf> {
    let given = env::var_os("CORDON_TEST_DATA");
    let data = given
        .as_ref()
        .map_or_else(|| workspace().join("../shared/data"), PathBuf::from);
    let found = data.join(path);
    if found.exists() {
        return Some(found);
    }
    let demanded = given.is_some() || env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!demanded, "no recordings at {}", found.display());
    eprintln!("SKIPPED: no recordings at {}", found.display());
    None
}

/// What a `.tar.xz` of the recordings holds, as a folder: unpacked once, below the build folder.
///
/// # Panics
/// Where the archive is absent and must not be, or cannot be unpacked.
pub fn unpacked(archive: &str) -> Option<PathBuf> {
    let packed = recording(archive)?;
    let name = archive.replace('/', "-");
    let folder = workspace()
        .join("target/tmp/recordings")
        .join(name.trim_end_matches(".tar.xz"));
    if !folder.exists() {
        unpack(&packed, &folder);
    }
    Some(folder)
}

/// Tests run side by side, in threads and in processes: whoever is first to be done gives its folder the
/// name, so that a folder of that name is always whole.
fn unpack(packed: &Path, folder: &Path) {
    let beside = folder.parent().expect("it is below the build folder");
    fs::create_dir_all(beside).expect("the build folder can be written");
    let fresh = Builder::new().prefix(".unpacking").tempdir_in(beside);
    let fresh = fresh.expect("the build folder can be written");
    let tar = Command::new("tar")
        .arg("-xf")
        .arg(packed)
        .arg("-C")
        .arg(fresh.path())
        .status();
    assert!(
        tar.expect("`tar` is installed").success(),
        "{} cannot be unpacked",
        packed.display()
    );
    if fs::rename(fresh.path(), folder).is_err() {
        assert!(folder.exists(), "{} cannot be written", folder.display());
    }
}

/// Every file below a folder whose name ends so, in any case, in order of their paths.
///
/// # Panics
/// Where a folder cannot be listed.
pub fn files_ending(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, ending, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of recordings can be listed") {
        let path = entry.expect("its entries can be read").path();
        let name = path.to_string_lossy().to_ascii_lowercase();
        if path.is_dir() {
            collect(&path, ending, found);
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[cfg(test)]
mod tests {
    use std::thread;

    use tempfile::TempDir;

    use super::{files_ending, recording, unpack};

    #[test]
    fn whoever_asks_at_once_gets_the_whole_folder() {
        let Some(packed) = recording("cloud/cloudtrail-raw.tar.xz") else {
            return;
        };
        let target = TempDir::new().unwrap();
        let folder = target.path().join("raw");
        let ask = || {
            unpack(&packed, &folder);
            files_ending(&folder, ".json").len()
        };
        let told: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert!(told.iter().all(|count| *count == told[0]), "{told:?}");
        assert_ne!(told[0], 0);
        assert_eq!(target.path().read_dir().unwrap().count(), 1);
    }
}
