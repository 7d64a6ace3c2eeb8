//! pip as a tool: it resolves and downloads, and installs nothing. It is told that the machine is no machine, so it takes pure Python only.

use crate::lock::{Lock, Locked};
use crate::refusal::Refusal;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of the language that the guest speaks.
const PYTHON_VERSION: &str = "3.14";
const PURE_ONLY: [&str; 9] = [
    "--only-binary=:all:",
    "--platform",
    "any",
    "--implementation",
    "py",
    "--abi",
    "none",
    "--python-version",
    PYTHON_VERSION,
];

#[derive(Deserialize)]
struct Report {
    install: Vec<Chosen>,
}

#[derive(Deserialize)]
struct Chosen {
    metadata: Metadata,
    download_info: Download,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct Download {
    archive_info: Archive,
}

#[derive(Deserialize)]
struct Archive {
    hashes: Hashes,
}

#[derive(Deserialize)]
struct Hashes {
    sha256: String,
}

/// Chooses versions for what is asked, such as `attrs==25.3.0` or `python-dateutil`, and of everything that these need.
///
/// # Errors
/// `Unresolvable`; `Pip`; `Io`.
pub fn resolve(requirements: &[String]) -> Result<Lock, Refusal> {
    if let Some(option) = requirements.iter().find(|text| text.starts_with('-')) {
        return Err(Refusal::Unresolvable(format!("{option} is no package")));
    }
    let folder = tempfile::tempdir().map_err(|source| io("a temporary folder", source))?;
    let report = folder.path().join("report.json");
    let mut arguments: Vec<&OsStr> = ["install", "--dry-run", "--ignore-installed", "--quiet", "--report"]
        .map(OsStr::new)
        .to_vec();
    arguments.push(report.as_os_str());
    // Never used, but without it pip would insist on its own machine.
    arguments.extend([OsStr::new("--target"), folder.path().as_os_str()]);
    arguments.extend(PURE_ONLY.map(OsStr::new));
    arguments.extend(requirements.iter().map(OsStr::new));
    pip(&arguments)?;
    let text = fs::read(&report).map_err(|source| io(&report.to_string_lossy(), source))?;
    let report: Report = serde_json::from_slice(&text).map_err(|error| Refusal::Pip(format!("its report is not understood: {error}")))?;
    let lock = Lock {
        packages: report
            .install
            .into_iter()
            .map(|chosen| Locked {
                name: chosen.metadata.name,
                version: chosen.metadata.version,
                hashes: vec![chosen.download_info.archive_info.hashes.sha256],
            })
            .collect(),
    };
    // Through the same eye as a lock that somebody hands in.
    Lock::parse(&lock.to_string())
}

/// The wheels of a lock, by their file names: from the folder `cache`, or from the index into it. Each has a hash that the lock names.
///
/// # Errors
/// `Unresolvable`, `Pip`: it cannot be downloaded. `WrongHash`. `Io`.
pub fn fetch(lock: &Lock, cache: &Path) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
    let mut wheels = Vec::new();
    for package in &lock.packages {
        let folder = cache.join(package.hashes.first().map_or("", String::as_str));
        let path = match wheel_in(&folder) {
            Some(path) => path,
            None => {
                download(package, cache, &folder)?;
                wheel_in(&folder).ok_or_else(|| Refusal::Pip(format!("it downloaded no wheel of {}", package.name)))?
            }
        };
        let bytes = fs::read(&path).map_err(|source| io(&path.to_string_lossy(), source))?;
        let wheel = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if !package.hashes.contains(&found) {
            return Err(Refusal::WrongHash {
                wheel,
                expected: package.hashes.join(" or "),
                found,
            });
        }
        wheels.push((wheel, bytes));
    }
    Ok(wheels)
}

fn wheel_in(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.find(|path| path.extension() == Some(OsStr::new("whl")))
}

/// Into a folder of its own first, so that one that is there is whole.
fn download(package: &Locked, cache: &Path, to: &Path) -> Result<(), Refusal> {
    fs::create_dir_all(cache).map_err(|source| io(&cache.to_string_lossy(), source))?;
    let fresh = tempfile::tempdir_in(cache).map_err(|source| io(&cache.to_string_lossy(), source))?;
    let requirement = fresh.path().join("lock.txt");
    let lock = Lock {
        packages: vec![package.clone()],
    };
    fs::write(&requirement, lock.to_string()).map_err(|source| io(&requirement.to_string_lossy(), source))?;
    let mut arguments: Vec<&OsStr> = ["download", "--quiet", "--no-deps", "--require-hashes", "--dest"]
        .map(OsStr::new)
        .to_vec();
    arguments.push(fresh.path().as_os_str());
    arguments.extend(PURE_ONLY.map(OsStr::new));
    arguments.extend([OsStr::new("--requirement"), requirement.as_os_str()]);
    pip(&arguments)?;
    let fresh = fresh.keep();
    match fs::rename(&fresh, to) {
        // Somebody else was first.
        Err(_) if to.is_dir() => fs::remove_dir_all(&fresh).map_err(|source| io(&fresh.to_string_lossy(), source)),
        renamed => renamed.map_err(|source| io(&to.to_string_lossy(), source)),
    }
}

fn pip(arguments: &[&OsStr]) -> Result<(), Refusal> {
    let output = Command::new("python3")
        .args(["-m", "pip", "--disable-pip-version-check", "--no-input"])
        .args(arguments)
        .output()
        .map_err(|error| Refusal::Pip(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let words: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("ERROR: ")).collect();
    let why = words
        .iter()
        .max_by_key(|line| line.starts_with("No matching distribution") || line.starts_with("Cannot install"));
    match why {
        Some(why) => Err(Refusal::Unresolvable((*why).to_owned())),
        None => Err(Refusal::Pip(said.lines().last().unwrap_or("it says nothing").to_owned())),
    }
}

fn io(path: &str, source: std::io::Error) -> Refusal {
    Refusal::Io {
        path: path.to_owned(),
        source,
    }
}
