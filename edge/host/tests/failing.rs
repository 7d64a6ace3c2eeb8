//! What happens when something under the host fails.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking")]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};
use selvedge_harness::{Call, Client, Native, Process, sse};
use support::{children, ended, project, run, start_run, up, wait_for};
use tempfile::tempdir;

#[test]
fn when_the_node_is_killed_its_run_is_lost_and_the_next_one_works() {
    let mut native = Native::start("host-node-killed").unwrap();
    let (client, key) = (native.client(), native.key().to_owned());
    project(&client, &key);
    let id = start_run(&client, &key, "while True: pass");
    wait_for("the run's begin", || (run(&client, &key, &id)["status"] == "running").then_some(()));
    let node = children(native.process().id());
    assert_eq!(node.len(), 1, "one node: {node:?}");
    kill_process(Pid::from_raw(i32::try_from(node[0]).unwrap()).unwrap(), Signal::KILL).unwrap();
    let lost = ended(&client, &key, &id);
    assert_eq!((&lost["status"], &lost["cost"]), (&"lost".into(), &0.into()), "{lost}");
    // The new node serves as soon as it is there; until then runs are refused, not lost.
    let next = wait_for("a node that takes runs", || {
        let body = serde_json::json!({"language": "python", "code": "1 + 1"});
        let answer = client.send(&Call::new("POST", "/api/v1/runs").bearer(&key).json(&body)).unwrap();
        (answer.status == 202).then(|| answer.json().unwrap()["id"].as_str().unwrap().to_owned())
    });
    assert_eq!(ended(&client, &key, &next)["result"], "2");
}

/// A library that makes fsync fail while the file named by `FAIL_FSYNC` exists.
fn failing_fsync(folder: &Path) -> std::path::PathBuf {
    let library = folder.join("failing_fsync.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/failing_fsync.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(source)
        .arg("-ldl")
        .status()
        .unwrap();
    assert!(built.success(), "cc builds the library");
    library
}

#[test]
fn after_a_failed_fsync_writes_are_refused_and_readiness_says_so() {
    let folder = tempdir().unwrap();
    let broken = folder.path().join("the disk is broken");
    let key_file = folder.path().join("key");
    let mut command = up(&folder.path().join("data"));
    command
        .arg("--admin-key-file")
        .arg(&key_file)
        .env("LD_PRELOAD", failing_fsync(folder.path()))
        .env("FAIL_FSYNC", &broken);
    let (_process, line) = Process::start("host-fsync", "selvedge ready at", command).unwrap();
    let client = Client::new(line.rsplit(' ').next().unwrap());
    let key = fs::read_to_string(&key_file).unwrap();
    let project = project(&client, &key);
    assert_eq!(client.send(&Call::new("GET", "/health/ready")).unwrap().status, 200);

    fs::write(&broken, "").unwrap();
    let create = Call::new("POST", "/api/v1/projects")
        .bearer(&key)
        .json(&serde_json::json!({"name": "Never"}));
    assert_eq!(client.send(&create).unwrap().status, 503);
    fs::remove_file(&broken).unwrap();
    // The disk works again, but what it lost in between is unknown: only a restart helps.
    let refused = client.send(&create).unwrap();
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.json().unwrap()["error"]["code"], "store.read_only");
    let ready = client.send(&Call::new("GET", "/health/ready")).unwrap();
    assert_eq!((ready.status, &ready.json().unwrap()["database"]), (503, &"read-only".into()));
    assert_eq!(client.send(&Call::new("GET", "/health/live")).unwrap().status, 200);
    let read = client
        .send(&Call::new("GET", &format!("/api/v1/projects/{project}")).bearer(&key))
        .unwrap();
    assert_eq!(read.status, 200, "reads go on");
}

/// A node that takes every order and is never heard of again. Returns its origin; it lives as long as the test.
fn silent_node() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut reader = BufReader::new(connection.unwrap());
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).unwrap_or(0) > 2 {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            reader.read_exact(&mut vec![0; length]).unwrap();
            reader
                .get_mut()
                .write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
                .unwrap();
        }
    });
    origin
}

#[test]
fn a_run_whose_node_is_silent_is_lost_and_its_stream_says_so() {
    let folder = tempdir().unwrap();
    let key_file = folder.path().join("key");
    let mut command = up(&folder.path().join("data"));
    command.args(["--node-url", &silent_node(), "--admin-key-file"]).arg(&key_file);
    let (_process, line) = Process::start("host-silent-node", "selvedge ready at", command).unwrap();
    let client = Client::new(line.rsplit(' ').next().unwrap());
    let key = fs::read_to_string(&key_file).unwrap();
    project(&client, &key);
    let id = start_run(&client, &key, "1");
    let events = Call::new("GET", &format!("/api/v1/runs/{id}/events")).bearer(&key);
    let (_, seen) = sse::collect(&client, &events, |_| false).unwrap();
    assert_eq!(seen.last().unwrap().json().unwrap()["data"]["status"], "lost");
}
