//! The worker with memory that somebody else has read for it, as its node gives it.
#![cfg(test)]

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use selvedge_protocol::worker::{FromWorker, read_frame};

fn image() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/selvedge/images/javascript");
    let assets = std::env::var_os("SELVEDGE_ASSETS").map(|assets| Path::new(&assets).join("images/javascript"));
    let image = assets.unwrap_or_else(built);
    assert!(
        image.is_dir(),
        "no guest image in {}: run `cargo xtask build guests`",
        image.display()
    );
    image
}

/// What a worker says first, and its last words, with an image whose memory is only in the descriptor that it is given.
fn start(seals: SealFlags) -> (Option<FromWorker>, String) {
    let folder = tempfile::tempdir().unwrap();
    for name in ["manifest.json", "image.cwasm"] {
        fs::copy(image().join(name), folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("memory.img"), "nothing").unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.path().join("manifest.json")).unwrap()).unwrap();
    let hash = manifest["files"]["memory.img"]["blake3"].as_str().unwrap();
    // Inherited: it does not close by itself.
    let mut memory = File::from(memfd_create(c"memory", MemfdFlags::ALLOW_SEALING).unwrap());
    memory.write_all(&fs::read(image().join("memory.img")).unwrap()).unwrap();
    fcntl_add_seals(&memory, seals).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_selvedge-sandbox-worker"))
        .arg("--image")
        .arg(folder.path())
        .args(["--memory", &format!("{hash}:{}", memory.as_raw_fd())])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let first = read_frame(child.stdout.as_mut().unwrap()).unwrap();
    drop(child.stdin.take());
    let words = io::read_to_string(child.stderr.take().unwrap()).unwrap();
    child.wait().unwrap();
    (first.map(|(first, _)| first), words)
}

#[test]
fn sealed_memory_is_used_and_memory_that_can_still_be_changed_is_not() {
    let all = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    let (first, words) = start(all);
    assert!(matches!(first, Some(FromWorker::Ready { .. })), "{words}");
    for missing in [SealFlags::WRITE, SealFlags::GROW, SealFlags::SHRINK, SealFlags::SEAL] {
        let (first, words) = start(all - missing);
        assert!(
            first.is_none() && words.contains("memory.img was altered or is incomplete"),
            "{missing:?}: {words}"
        );
    }
}
