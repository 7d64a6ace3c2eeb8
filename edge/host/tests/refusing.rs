//! What keeps the host from starting is said in one line, with exit code 1, and nothing is left running or broken.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking")]

mod support;

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use support::{assets, refuses, selvedge, up};
use tempfile::tempdir;

/// A folder of assets like the built one, with one part replaced.
fn altered(part: &str, with: impl FnOnce(&Path)) -> tempfile::TempDir {
    let folder = tempdir().unwrap();
    for entry in fs::read_dir(assets()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() != part {
            symlink(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    with(&folder.path().join(part));
    folder
}

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let data = tempdir().unwrap();
    refuses(
        selvedge().args(["up", "--port", &port, "--data"]).arg(data.path()),
        &["port", &port, "in use", "--port"],
    );
}

#[test]
fn an_unwritable_data_folder() {
    // A file where the folder should be: root may write anywhere else.
    let dir = tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    refuses(&mut up(&file.join("data")), &["cannot write to the data folder", "--data"]);
}

#[test]
fn a_database_that_is_none() {
    let data = tempdir().unwrap();
    let path = data.path().join("selvedge.db");
    let garbage = "this is not a database, it only looks like a file ".repeat(100);
    fs::write(&path, &garbage).unwrap();
    refuses(
        &mut up(data.path()),
        &["selvedge.db is not a usable database", "left as it is", "backup"],
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), garbage);
}

#[test]
fn a_damaged_guest_image() {
    let folder = altered("images", |images| {
        let python = images.join("python");
        fs::create_dir_all(&python).unwrap();
        for entry in fs::read_dir(assets().join("images/python")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), python.join(entry.file_name())).unwrap();
        }
        let image = python.join("image.cwasm");
        let mut bytes = fs::read(&image).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(image, bytes).unwrap();
    });
    let data = tempdir().unwrap();
    refuses(
        up(data.path()).arg("--assets").arg(folder.path()),
        &["image.cwasm", "altered", "cargo xtask"],
    );
}

#[test]
fn a_missing_guest_image() {
    let folder = altered("images", |_| {});
    let data = tempdir().unwrap();
    refuses(
        up(data.path()).arg("--assets").arg(folder.path()),
        &["images/python", "missing", "cargo xtask"],
    );
}

#[test]
fn missing_assets() {
    let empty = tempdir().unwrap();
    let data = tempdir().unwrap();
    refuses(
        up(data.path()).arg("--assets").arg(empty.path()),
        &["platform.cwasm is missing", "--assets"],
    );
}

#[test]
fn a_component_of_another_build() {
    let folder = altered("platform.cwasm", |file| fs::write(file, "not compiled code").unwrap());
    let data = tempdir().unwrap();
    refuses(
        up(data.path()).arg("--assets").arg(folder.path()),
        &["cannot load", "platform.cwasm", "cargo xtask build native"],
    );
}

#[test]
fn a_damaged_signing_key() {
    let data = tempdir().unwrap();
    fs::create_dir_all(data.path().join("secrets")).unwrap();
    fs::write(data.path().join("secrets/signing-key"), "short").unwrap();
    refuses(&mut up(data.path()), &["secrets/signing-key", "backup"]);
}

#[test]
fn a_key_for_data_that_is_not_there() {
    let data = tempdir().unwrap();
    refuses(
        selvedge().args(["key", "create", "--name", "n", "--data"]).arg(data.path()),
        &["no Selvedge data", "selvedge up"],
    );
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    for arguments in [
        &["up", "--port", "many"][..],
        &["up", "--public-url", "example.org/path"],
        &["fly"],
        &["key", "create"],
    ] {
        let output = selvedge().args(arguments).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn a_guest_process_that_does_not_start() {
    let place = tempdir().unwrap();
    let program = place.path().join("selvedge");
    fs::copy(env!("CARGO_BIN_EXE_selvedge"), &program).unwrap();
    let worker = place.path().join("selvedge-sandbox-worker");
    fs::write(&worker, "#!/bin/sh\necho 'no guests today' >&2\nexit 3\n").unwrap();
    fs::set_permissions(&worker, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(program);
    command
        .args(["up", "--port", "0", "--data"])
        .arg(place.path().join("data"))
        .arg("--assets")
        .arg(assets());
    refuses(&mut command, &["the local node did not start", "worker"]);
}
