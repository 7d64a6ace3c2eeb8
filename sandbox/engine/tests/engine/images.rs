use crate::lab::image_dir;
use selvedge_engine::{Image, ImageError};
use std::fs;
use std::path::Path;

fn copy(to: &Path) {
    for name in ["image.cwasm", "memory.img", "manifest.json"] {
        fs::copy(image_dir().join(name), to.join(name)).unwrap();
    }
}

fn refusal(change: impl FnOnce(&Path)) -> (ImageError, String) {
    let dir = tempfile::tempdir().unwrap();
    copy(dir.path());
    change(dir.path());
    let error = Image::open(dir.path()).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("cargo xtask build guests"), "{text}");
    (error, text)
}

#[test]
fn an_image_that_is_not_there_names_the_file_and_the_command() {
    let (error, text) = refusal(|dir| fs::remove_file(dir.join("image.cwasm")).unwrap());
    assert!(
        matches!(error, ImageError::Missing { .. }) && text.contains("image.cwasm"),
        "{text}"
    );
    let (error, text) = refusal(|dir| fs::remove_file(dir.join("manifest.json")).unwrap());
    assert!(
        matches!(error, ImageError::Missing { .. }) && text.contains("manifest.json"),
        "{text}"
    );
}

#[test]
fn an_image_that_was_altered_or_cut_is_refused() {
    let (error, text) = refusal(|dir| {
        let path = dir.join("image.cwasm");
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    });
    assert!(
        matches!(error, ImageError::WrongHash { .. }) && text.contains("image.cwasm"),
        "{text}"
    );
    let (error, _) = refusal(|dir| fs::write(dir.join("image.cwasm"), b"").unwrap());
    assert!(matches!(error, ImageError::WrongHash { .. }));
    let (error, _) = refusal(|dir| fs::write(dir.join("manifest.json"), b"{").unwrap());
    assert!(matches!(error, ImageError::Manifest { .. }));
}

#[test]
fn an_image_for_another_engine_is_refused() {
    let (error, text) = refusal(|dir| {
        let path = dir.join("manifest.json");
        let manifest = fs::read_to_string(&path).unwrap();
        fs::write(&path, manifest.replace("wasmtime-48", "wasmtime-47")).unwrap();
    });
    assert!(
        matches!(error, ImageError::Incompatible { .. }) && text.contains("wasmtime-47"),
        "{text}"
    );
}
