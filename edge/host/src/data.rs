//! The data folder: who may use it, its secrets, its places.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustix::fs::{FlockOperation, flock};

/// Bytes of the signing key's seed.
const KEY_BYTES: usize = 32;

/// An opened data folder.
pub(crate) struct Data {
    root: PathBuf,
    /// base64url of the signing key's seed.
    signing_key: String,
}

/// Held while a server uses the folder; the kernel lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held open for its lock")] File);

impl Data {
    /// Open the folder, making it and its secrets when they are missing.
    pub(crate) fn open(root: &Path) -> Result<Self> {
        let unwritable = || {
            format!(
                "cannot write to the data folder {}: give another one with --data DIR",
                root.display()
            )
        };
        for dir in [root.to_owned(), root.join("secrets")] {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&dir)
                .with_context(unwritable)?;
        }
        let signing_key = signing_key(&root.join("secrets/signing-key"))?;
        Ok(Self {
            root: root.to_owned(),
            signing_key,
        })
    }

    /// Open a folder that a server has used before.
    pub(crate) fn open_existing(root: &Path) -> Result<Self> {
        if !root.join("selvedge.db").is_file() {
            bail!(
                "there is no Selvedge data in {}: start once with `selvedge up`, or name the folder with --data DIR",
                root.display()
            );
        }
        Self::open(root)
    }

    /// Keep other servers out.
    pub(crate) fn lock(&self) -> Result<Lock> {
        let path = self.root.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| {
                format!(
                    "cannot write to the data folder {}: give another one with --data DIR",
                    self.root.display()
                )
            })?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Lock(file)),
            Err(rustix::io::Errno::WOULDBLOCK) => {
                bail!(
                    "another selvedge uses the data in {}: stop it first, or give another folder with --data DIR",
                    self.root.display()
                )
            }
            Err(error) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }

    /// The folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The database file.
    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("selvedge.db")
    }

    /// The local node's folder.
    pub(crate) fn node(&self) -> PathBuf {
        self.root.join("node")
    }

    /// base64url of the signing key's seed. Never logged.
    pub(crate) fn signing_key(&self) -> &str {
        &self.signing_key
    }

    /// Remember the origin for `selvedge link`.
    pub(crate) fn remember_origin(&self, origin: &str) -> Result<()> {
        write_private(&self.root.join("origin"), origin)
    }

    /// The origin of the newest start.
    pub(crate) fn origin(&self) -> Option<String> {
        fs::read_to_string(self.root.join("origin")).ok()
    }
}

/// Write a file that only its owner reads, whole or not at all.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<()> {
    let fresh = path.with_extension(format!("{}.new", std::process::id()));
    let written = (|| {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, path)
    })();
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn signing_key(path: &Path) -> Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let key = text.trim().to_owned();
            match URL_SAFE_NO_PAD.decode(&key) {
                Ok(bytes) if bytes.len() == KEY_BYTES => Ok(key),
                _ => bail!(
                    "{} does not hold a key (32 bytes, base64url): restore it from a backup, or remove it and sign in anew",
                    path.display()
                ),
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut seed = [0_u8; KEY_BYTES];
            getrandom::fill(&mut seed).map_err(|error| anyhow!("the system gives no random bytes: {error}"))?;
            let key = URL_SAFE_NO_PAD.encode(seed);
            write_private(path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("data");
        let first = Data::open(&root).unwrap();
        let again = Data::open(&root).unwrap();
        assert_eq!(first.signing_key(), again.signing_key());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&root), 0o700);
        assert_eq!(mode(&root.join("secrets/signing-key")), 0o600);
    }

    #[test]
    fn one_server_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let data = Data::open(dir.path()).unwrap();
        let held = data.lock().unwrap();
        assert!(
            Data::open(dir.path())
                .unwrap()
                .lock()
                .unwrap_err()
                .to_string()
                .contains("another selvedge")
        );
        drop(held);
        data.lock().unwrap();
    }

    #[test]
    fn a_damaged_key_is_named_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        Data::open(dir.path()).unwrap();
        let path = dir.path().join("secrets/signing-key");
        fs::write(&path, "not a key").unwrap();
        assert!(Data::open(dir.path()).err().unwrap().to_string().contains("signing-key"));
        assert_eq!(fs::read_to_string(path).unwrap(), "not a key");
    }
}
