use crate::host::Host;
use selvedge_checkpoint::Blob;
use selvedge_files::{Files, FilesState};

/// A checkpoint's files cannot be those of this image's kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this checkpoint's files cannot be read")]
pub struct FilesLost;

/// The files as the last checkpoint has them: while nothing changes, the next one has the same.
#[derive(Default)]
pub(in crate::host) struct KeptFiles {
    state: FilesState,
    kept: selvedge_checkpoint::Files,
}

impl Host {
    /// Its kernel's files, for a checkpoint; the same as before, not only equal, when nothing was written since.
    ///
    /// # Errors
    /// `FilesLost` when a checkpoint cannot hold them.
    pub(crate) fn keep_files(&mut self) -> Result<selvedge_checkpoint::Files, FilesLost> {
        let state = self.files.state();
        if !self.kept.state.is_same(state) {
            let kept = if *state == FilesState::default() {
                selvedge_checkpoint::Files::default()
            } else {
                let blobs = state
                    .blobs()
                    .map(|blob| Blob::known(*blob.hash(), blob.bytes().clone()).ok_or(FilesLost))
                    .collect::<Result<Vec<_>, _>>()?;
                selvedge_checkpoint::Files::new(state.encode().into(), blobs).map_err(|_| FilesLost)?
            };
            self.kept = KeptFiles {
                state: state.clone(),
                kept,
            };
        }
        Ok(self.kept.kept.clone())
    }

    /// Gives its kernel the files of a checkpoint.
    ///
    /// # Errors
    /// `FilesLost`.
    pub(crate) fn restore_files(&mut self, kept: &selvedge_checkpoint::Files) -> Result<(), FilesLost> {
        let state = if kept.tree().is_empty() {
            FilesState::default()
        } else {
            let blob = |hash: &[u8; 32]| Some(selvedge_files::Blob::known(*hash, kept.blob(hash)?.bytes().clone()));
            FilesState::decode(kept.tree(), blob).map_err(|_| FilesLost)?
        };
        self.files = Files::new(state.clone(), self.files.environment().clone()).map_err(|_| FilesLost)?;
        self.kept = KeptFiles { state, kept: kept.clone() };
        Ok(())
    }
}
