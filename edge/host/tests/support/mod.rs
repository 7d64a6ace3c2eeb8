//! What the tests of the real binary share.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "helpers of tests; each test program uses some of them"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use selvedge_harness::{Call, Client, place};
use serde_json::{Value, json};

/// The binary under test with the built assets.
pub(crate) fn selvedge() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selvedge"));
    command.env("SELVEDGE_ASSETS", assets()).stdin(Stdio::null());
    command
}

/// What `cargo xtask build native` made.
pub(crate) fn assets() -> PathBuf {
    place::existing(place::target().join("selvedge"), "cargo xtask build native").unwrap()
}

/// `selvedge up` on a free port with this data.
pub(crate) fn up(data: &Path) -> Command {
    let mut command = selvedge();
    command.args(["up", "--port", "0", "--data"]).arg(data);
    command
}

/// The binary refuses: exit code 1, nothing on standard output, and one line on standard error that says all of this.
pub(crate) fn refuses(command: &mut Command, says: &[&str]) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(stdout.is_empty(), "{}", String::from_utf8_lossy(&stdout));
    let lines: Vec<&str> = stderr.lines().filter(|line| !line.starts_with('{')).collect();
    assert_eq!(lines.len(), 1, "one line: {stderr}");
    for part in says {
        assert!(lines[0].contains(part), "`{part}` is not in: {}", lines[0]);
    }
}

/// Ask until the answer is as wanted. Waits for something that happens by itself; gives up after a minute.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "waited a minute for: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Start an isolated run and return its id.
pub(crate) fn start_run(client: &Client, key: &str, code: &str) -> String {
    let answer = client
        .send(
            &Call::new("POST", "/api/v1/runs")
                .bearer(key)
                .json(&json!({"language": "python", "code": code})),
        )
        .unwrap();
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json().unwrap()["id"].as_str().unwrap().to_owned()
}

/// A run as the API shows it.
pub(crate) fn run(client: &Client, key: &str, id: &str) -> Value {
    client
        .send(&Call::new("GET", &format!("/api/v1/runs/{id}")).bearer(key))
        .unwrap()
        .json()
        .unwrap()
}

/// Wait until the run has ended.
pub(crate) fn ended(client: &Client, key: &str, id: &str) -> Value {
    wait_for("the run's end", || {
        let shown = run(client, key, id);
        (!matches!(shown["status"].as_str(), Some("queued" | "running"))).then_some(shown)
    })
}

/// A project of the key's holder.
pub(crate) fn project(client: &Client, key: &str) -> String {
    let answer = client
        .send(&Call::new("POST", "/api/v1/projects").bearer(key).json(&json!({"name": "Test"})))
        .unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json().unwrap()["id"].as_str().unwrap().to_owned()
}

/// Processes whose parent is `id`.
pub(crate) fn children(id: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1))
            .and_then(|text| text.parse::<u32>().ok());
        if parent == Some(id) {
            found.push(pid);
        }
    }
    found
}

/// Is there still such a process?
pub(crate) fn is_alive(id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
