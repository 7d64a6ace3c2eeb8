//! Which accepted runs the edge still has to hear the end of. One small file per run, so that a node that is killed can tell the edge at its
//! next start that these runs are lost.
//!
//! Entries are replaced atomically but not forced to disk: they outlive the process. When the whole machine goes down, an entry that was
//! not written yet is covered by the run's lease at the edge, and accepting a run costs no disk flush.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use selvedge_protocol::id;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::log;

/// What is needed to report on a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// `run_…`
    pub(crate) run: String,
    /// Where to.
    pub(crate) report_url: String,
    /// With which token.
    pub(crate) report_token: String,
}

/// The folder of entries.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: PathBuf,
}

impl Journal {
    /// Open or make the journal under the node's data folder.
    pub(crate) fn open(data: &Path) -> io::Result<Self> {
        let folder = data.join("journal");
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        Ok(Self { folder })
    }

    /// Remember a run before it is accepted. The run's id must have been checked: it becomes a file name.
    pub(crate) fn record(&self, entry: &Entry) -> io::Result<()> {
        let partial = self.folder.join(format!(".{}", entry.run));
        // It holds a token.
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&partial)?;
        file.write_all(&serde_json::to_vec(entry)?)?;
        fs::rename(&partial, self.folder.join(&entry.run))
    }

    /// The edge knows how this run ended.
    pub(crate) fn remove(&self, run: &str) {
        if let Err(error) = fs::remove_file(self.folder.join(run)) {
            log::warn(
                "a journal entry could not be removed; the run will be reported again",
                json!({ "run": run, "error": error.to_string() }),
            );
        }
    }

    /// Runs that an earlier process left unreported. What cannot be read is removed: the edge ends such a run when its lease passes.
    pub(crate) fn leftovers(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let path = file?.path();
            let whole = path.file_name().and_then(|name| name.to_str()).is_some_and(id::is_run);
            match fs::read(&path).map(|bytes| serde_json::from_slice(&bytes)) {
                Ok(Ok(entry)) if whole => entries.push(entry),
                _ => {
                    log::warn("a journal entry cannot be read and was removed", json!({ "file": path }));
                    fs::remove_file(&path)?;
                }
            }
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_and_not_removed_is_left_over_and_half_written_entries_are_not() {
        let data = tempfile::tempdir().unwrap();
        let journal = Journal::open(data.path()).unwrap();
        let entry = |digit: char| Entry {
            run: format!("run_{}", String::from(digit).repeat(32)),
            report_url: "http://edge/r".to_owned(),
            report_token: "t".to_owned(),
        };
        journal.record(&entry('1')).unwrap();
        journal.record(&entry('2')).unwrap();
        journal.remove(&entry('1').run);
        fs::write(data.path().join("journal").join(entry('3').run), b"{\"run\":").unwrap();
        fs::write(data.path().join("journal").join(format!(".{}", entry('4').run)), b"").unwrap();

        let journal = Journal::open(data.path()).unwrap();
        assert_eq!(journal.leftovers().unwrap(), [entry('2')]);
        assert_eq!(fs::read_dir(data.path().join("journal")).unwrap().count(), 1);
    }
}
