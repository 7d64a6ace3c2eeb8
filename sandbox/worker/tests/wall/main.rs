//! Proof that the wall holds: a process stands behind the very wall of the worker and tries to get out, one way at a time.
//!
//! This program is both the test runner and, when it is called with [`BEHIND`], that process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test, which the compiler does not know as one because it is its own runner"
)]

mod behind;
mod calls;
mod deeds;

use std::os::fd::AsRawFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

use libtest_mimic::{Arguments, Failed, Trial};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::io::{FdFlags, fcntl_setfd};
use selvedge_protocol::hardening::{Layer, LayerName};

use behind::{BEHIND, GOT_OUT, REFUSED};
use deeds::{DEEDS, Deed, Expected};

/// Walls that miss their strongest layers, so that what is behind those has to hold.
const WALLS: [(&str, &[LayerName]); 4] = [
    ("whole", &[]),
    ("without-seccomp", &[LayerName::Seccomp]),
    ("landlock-alone", &[LayerName::Seccomp, LayerName::Namespaces, LayerName::Root]),
    ("namespaces-alone", &[LayerName::Seccomp, LayerName::Landlock]),
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(BEHIND) {
        let (wall, what) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
        let wanted: Vec<_> = arguments.map(|number| number.parse().unwrap()).collect();
        behind::stand(&wall, &what, &wanted);
    }
    let mut trials: Vec<Trial> = DEEDS
        .iter()
        .flat_map(|deed| deed.expected.iter().map(move |(wall, expected)| (deed, *wall, *expected)))
        .map(|(deed, wall, expected)| Trial::test(format!("{wall}::{}", deed.name), move || hold(deed, wall, expected)))
        .collect();
    trials.push(Trial::test(
        "whole::every_call_that_is_not_on_the_list_ends_the_process",
        calls::not_on_the_list,
    ));
    trials.push(Trial::test("a_thread_that_starts_too_early_is_noticed", || {
        let output = send("whole", behind::EARLY_THREAD)?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if said.contains("had 2 threads") { Ok(()) } else { Err(said.into()) }
    }));
    trials.push(Trial::test("of_what_was_open_only_sealed_memory_that_is_wanted_stays", inherited));
    trials.push(Trial::test("the_worker_shows_its_wall", || {
        let output = Command::new(env!("CARGO_BIN_EXE_selvedge-sandbox-worker"))
            .arg("--show-wall")
            .output()?;
        let layers: Vec<Layer> = serde_json::from_slice(&output.stdout)?;
        if layers.len() + 1 == LayerName::ALL.len() {
            Ok(())
        } else {
            Err(format!("{layers:?}").into())
        }
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A process behind a wall that does one thing and ends; what it was given must not reach it.
fn send(wall: &str, what: &str) -> std::io::Result<std::process::Output> {
    Command::new(std::env::current_exe()?)
        .args([BEHIND, wall, what])
        .env_clear()
        .stdin(Stdio::null())
        .output()
}

/// Starts a process behind the wall with descriptors that it wants and must not get, and one that it may keep.
fn inherited() -> Result<(), Failed> {
    let all = SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL;
    // These are inherited: they do not close by themselves.
    let memory = |seals| {
        let file = memfd_create(c"memory", MemfdFlags::ALLOW_SEALING)?;
        ftruncate(&file, 4096)?;
        fcntl_add_seals(&file, seals)?;
        std::io::Result::Ok(file)
    };
    let (wanted, open, unwanted) = (memory(all)?, memory(all - SealFlags::WRITE)?, memory(all)?);
    let disk = tempfile::tempfile()?;
    fcntl_setfd(&disk, FdFlags::empty())?;
    let numbers = [wanted.as_raw_fd(), open.as_raw_fd(), disk.as_raw_fd()];
    let output = Command::new(std::env::current_exe()?)
        .args([BEHIND, "whole", "only_what_may_stay_was_inherited"])
        .args(numbers.map(|number| number.to_string()))
        .env_clear()
        .stdin(Stdio::null())
        .output()?;
    drop(unwanted);
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stdout).into_owned().into())
}

fn hold(deed: &Deed, wall: &str, expected: Expected) -> Result<(), Failed> {
    let output = send(wall, deed.name)?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let right = match expected {
        Expected::Killed => output.status.signal() == Some(libc::SIGSYS),
        Expected::Refused => output.status.code() == Some(REFUSED),
        Expected::Works => output.status.success(),
        Expected::Ends(how) => ends(output.status) == how,
    };
    if right {
        Ok(())
    } else if output.status.code() == Some(GOT_OUT) {
        Err(format!("it got out: {said}").into())
    } else {
        Err(format!("{expected:?} was expected, and not {}: {said}", output.status).into())
    }
}

/// Exit code, or the signal below zero.
fn ends(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| -status.signal().unwrap_or_default())
}
