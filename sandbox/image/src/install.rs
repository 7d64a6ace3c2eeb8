use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use tempfile::TempDir;

use crate::build::BuildError;

/// Copies the image in the folder `from` to the folder `place`. Whoever opens that at any moment finds the old image or the new one, whole.
///
/// # Errors
/// `Write`; the old image is still there.
pub fn install(from: &Path, place: &Path) -> Result<(), BuildError> {
    let fresh = beside(place)?;
    let copied = fs::read_dir(from).and_then(|entries| {
        for entry in entries {
            let path = entry?.path();
            if let (true, Some(name)) = (path.is_file(), path.file_name()) {
                fs::copy(&path, fresh.path().join(name))?;
            }
        }
        Ok(())
    });
    copied.map_err(cannot_write(fresh.path()))?;
    put(&fresh, place)
}

/// A new folder beside `place`, on the same disk; its name begins with a dot, so nobody takes it for an image.
pub(crate) fn beside(place: &Path) -> Result<TempDir, BuildError> {
    let parent = place.parent().unwrap_or(Path::new("/"));
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let make = || {
        fs::create_dir_all(parent)?;
        let fresh = tempfile::Builder::new().prefix(&format!(".{name}.")).tempdir_in(parent)?;
        fs::set_permissions(fresh.path(), fs::Permissions::from_mode(0o755))?;
        Ok(fresh)
    };
    make().map_err(cannot_write(parent))
}

/// Puts the folder `fresh`, whose files are all written, in place of the folder `place`; what was there before goes with `fresh`.
pub(crate) fn put(fresh: &TempDir, place: &Path) -> Result<(), BuildError> {
    let swapped = match renameat_with(CWD, fresh.path(), CWD, place, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        Err(Errno::NOENT) => fs::rename(fresh.path(), place),
        // A file system that cannot swap: for a moment nothing is there.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => fs::remove_dir_all(place).and_then(|()| fs::rename(fresh.path(), place)),
        Err(error) => Err(error.into()),
    };
    swapped.map_err(cannot_write(place))
}

fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> BuildError {
    let path = path.to_owned();
    move |source| BuildError::Write { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selvedge_engine::{CONFIG_ID, Image, MANIFEST_FILE};
    use serde_json::json;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// What is an image as far as opening one goes.
    fn image(folder: &Path, byte: u8) {
        fs::create_dir_all(folder).unwrap();
        let mut files = serde_json::Map::new();
        for (name, len) in [("image.cwasm", 200_000), ("memory.img", 1 << 16)] {
            let content = vec![byte; len];
            fs::write(folder.join(name), &content).unwrap();
            let hash = blake3::hash(&content).to_hex().to_string();
            files.insert(name.to_owned(), json!({ "blake3": hash, "bytes": len }));
        }
        let manifest = json!({
            "name": "test", "module": format!("{byte}"), "guest": "", "engine": CONFIG_ID, "arch": std::env::consts::ARCH,
            "memory_pages": 1, "globals": [], "exports": [], "files": files,
        });
        fs::write(folder.join(MANIFEST_FILE), manifest.to_string()).unwrap();
    }

    #[test]
    fn whoever_opens_an_image_while_others_are_installed_finds_a_whole_one() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other, place) = (folder.path().join("one"), folder.path().join("other"), folder.path().join("place"));
        image(&one, 1);
        image(&other, 2);
        install(&one, &place).unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let mut seen = [0_u32; 2];
                while !done.load(Ordering::Relaxed) {
                    let image = Image::open(&place).unwrap();
                    seen[usize::from(image.hash() == "2")] += 1;
                }
                seen
            });
            for _ in 0..100 {
                install(&other, &place).unwrap();
                install(&one, &place).unwrap();
            }
            done.store(true, Ordering::Relaxed);
            let seen = reader.join().unwrap();
            assert!(seen[0] + seen[1] > 0);
        });
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left.len(), 3, "{left:?}");
    }

    #[test]
    fn an_image_that_cannot_be_copied_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let (one, place) = (folder.path().join("one"), folder.path().join("place"));
        image(&one, 1);
        install(&one, &place).unwrap();
        assert!(install(&folder.path().join("nothing"), &place).is_err());
        assert_eq!(Image::open(&place).unwrap().hash(), "1");
    }
}
