//! Room on the disk: a build that ends with "No space left on device" half-way teaches nobody anything.
//!
//! Nothing is removed while there is enough. When there is not, what builds left behind goes, what is cheapest to make again first.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::{command, layout};

/// Bytes that a build of everything takes on a machine that never built.
const ENOUGH: u64 = 14 << 30;
/// Guests and images of each kind that stay: those of this checkout and of a few others.
const KEPT: usize = 8;
/// Folders of the cache that hold one entry for each content.
const BY_CONTENT: [&str; 4] = ["guests", "images", "code", "machine-code"];

/// What can go: its name for people, and where it is.
type Spare = (&'static str, fn(target: &Path, cache: &Path) -> Result<Vec<PathBuf>>);

const SPARES: [Spare; 2] = [
    ("what incremental compilation keeps", |target, _| incremental(target)),
    ("guests and images of earlier sources", |_, cache| older(cache)),
];

/// Make sure that there is room for a build, and say what went for it.
pub(crate) fn make() -> Result<()> {
    // A machine that cannot tell is taken at its best.
    let free = |path: &Path| free(path).unwrap_or(u64::MAX);
    let target = layout::target();
    let left = clear(&target, &layout::cache(), &|| free(layout::root()).min(free(&target)))?;
    if left < ENOUGH {
        println!(
            "There are {} GiB free for {}; building everything for the first time takes about {} GiB.",
            left >> 30,
            target.display(),
            ENOUGH >> 30
        );
    }
    Ok(())
}

/// Bytes that are free in the end.
fn clear(target: &Path, cache: &Path, free: &dyn Fn() -> u64) -> Result<u64> {
    for (what, list) in SPARES {
        if free() >= ENOUGH {
            break;
        }
        let found = list(target, cache)?;
        if !found.is_empty() {
            println!("the disk is nearly full: removing {what}");
        }
        for path in found {
            let removed = if path.is_dir() {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            removed.with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(free())
}

/// Of this machine's own profiles and of those of other targets.
fn incremental(target: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for profile in entries(target)? {
        found.extend(entries(&profile)?.into_iter().map(|inner| inner.join("incremental")));
        found.push(profile.join("incremental"));
    }
    found.retain(|path| path.is_dir());
    Ok(found)
}

/// All but the newest of each kind.
fn older(cache: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for kind in BY_CONTENT {
        let mut all = entries(&cache.join(kind))?;
        all.sort_by_key(|path| std::cmp::Reverse(path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH)));
        found.extend(all.into_iter().skip(KEPT));
    }
    Ok(found)
}

/// What is in a folder; nothing when it is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let listed = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    listed.map(|entry| Ok(entry?.path())).collect()
}

/// Bytes that are free where `path` is, as `df` tells.
fn free(path: &Path) -> Option<u64> {
    let told = command::read(command::command("df").args(["-P", "-k"]).arg(path))?;
    let kib: u64 = told.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::time::Duration;

    /// A target folder and a cache as builds leave them.
    fn left_by_builds() -> (PathBuf, PathBuf, PathBuf) {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let all = std::env::temp_dir().join(format!("selvedge-room-{}-{next}", std::process::id()));
        let (target, cache) = (all.join("target"), all.join("cache"));
        for folder in [
            "release/incremental/a",
            "release/deps",
            "wasm32-wasip2/wasm/incremental/b",
            "selvedge",
        ] {
            fs::create_dir_all(target.join(folder)).unwrap();
        }
        fs::create_dir_all(cache.join("images")).unwrap();
        for number in 0..KEPT as u64 + 3 {
            let image = cache.join("images").join(number.to_string());
            fs::write(&image, b"").unwrap();
            let made = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 + number);
            fs::File::options().write(true).open(image).unwrap().set_modified(made).unwrap();
        }
        (all, target, cache)
    }

    #[test]
    fn nothing_goes_while_there_is_enough() {
        let (all, target, cache) = left_by_builds();
        assert_eq!(clear(&target, &cache, &|| ENOUGH).unwrap(), ENOUGH);
        assert!(target.join("release/incremental/a").is_dir());
        assert!(cache.join("images/0").is_file());
        fs::remove_dir_all(all).unwrap();
    }

    #[test]
    fn what_is_cheapest_to_make_again_goes_first_and_only_until_there_is_enough() {
        let (all, target, cache) = left_by_builds();
        let asked = Cell::new(0);
        let free = || {
            asked.set(asked.get() + 1);
            if asked.get() == 1 { ENOUGH - 1 } else { ENOUGH }
        };
        clear(&target, &cache, &free).unwrap();
        assert!(!target.join("release/incremental").exists());
        assert!(!target.join("wasm32-wasip2/wasm/incremental").exists());
        assert!(target.join("release/deps").is_dir() && target.join("selvedge").is_dir());
        assert!(cache.join("images/0").is_file());
        fs::remove_dir_all(all).unwrap();
    }

    #[test]
    fn the_newest_guests_and_images_stay_whatever_happens() {
        let (all, target, cache) = left_by_builds();
        assert_eq!(clear(&target, &cache, &|| 0).unwrap(), 0);
        let there: Vec<bool> = (0..KEPT + 3)
            .map(|number| cache.join("images").join(number.to_string()).exists())
            .collect();
        assert_eq!(there, [vec![false; 3], vec![true; KEPT]].concat());
        fs::remove_dir_all(all).unwrap();
    }

    #[test]
    fn a_machine_tells_how_much_is_free() {
        assert!(free(Path::new("/")).unwrap() > 0);
    }
}
