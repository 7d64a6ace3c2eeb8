//! The host's life: it is ready, it is asked to end, it goes on with what it knew.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking")]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

use selvedge_harness::{Call, Native, Process, sse};
use support::{children, ended, is_alive, project, run, selvedge, start_run, wait_for};
use tempfile::tempdir;

/// All processes that stem from `id`.
fn family(id: u32) -> Vec<u32> {
    children(id)
        .into_iter()
        .flat_map(|child| [vec![child], family(child)].concat())
        .collect()
}

#[test]
fn a_second_start_goes_on_with_what_the_first_one_knew() {
    let first = Native::start("host-first").unwrap();
    let key = first.key().to_owned();
    let project = project(&first.client(), &key);
    let id = start_run(&first.client(), &key, "6 * 7");
    assert_eq!(ended(&first.client(), &key, &id)["result"], "42");
    let data = first.stop().unwrap();
    let second = Native::start_on("host-second", data).unwrap();
    assert_eq!(second.key(), key, "the key in the file works, so it stays");
    assert_eq!(run(&second.client(), &key, &id)["result"], "42");
    assert_eq!(
        second
            .client()
            .send(&Call::new("GET", &format!("/api/v1/projects/{project}")).bearer(&key))
            .unwrap()
            .status,
        200
    );
}

#[test]
fn asked_to_end_it_ends_in_order_and_leaves_nothing_running() {
    let mut native = Native::start("host-term").unwrap();
    let client = native.client();
    let key = native.key().to_owned();
    project(&client, &key);
    let id = start_run(&client, &key, "while True: pass");
    wait_for("the run's begin", || (run(&client, &key, &id)["status"] == "running").then_some(()));
    // A stream under way, too.
    let stream = client
        .open(
            &Call::new("GET", &format!("/api/v1/runs/{id}/events"))
                .bearer(&key)
                .header("accept", "text/event-stream"),
        )
        .unwrap();
    let processes = family(native.process().id());
    assert!(processes.len() >= 2, "a node and its guest process: {processes:?}");
    // Success means that it ended by itself: the harness kills what takes long. That it takes two seconds at most is asserted where the
    // bounds are (`stopping.rs`).
    let status = native.process().stop().unwrap();
    assert!(status.success(), "{status}");
    for id in processes {
        assert!(!is_alive(id), "process {id} is left");
    }
    drop(stream);
}

#[test]
fn killed_it_takes_its_processes_along() {
    let mut native = Native::start("host-kill").unwrap();
    let processes = family(native.process().id());
    // By its own id: the harness would end the whole group.
    let id = rustix::process::Pid::from_raw(i32::try_from(native.process().id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    for id in processes {
        wait_for("the end of the host's processes", || (!is_alive(id)).then_some(()));
    }
}

#[test]
fn one_server_at_a_time_uses_the_data() {
    let native = Native::start("host-one").unwrap();
    support::refuses(
        &mut support::up(&native.data().join("data")),
        &["another selvedge uses the data", "--data"],
    );
    assert_eq!(native.client().send(&Call::new("GET", "/health/ready")).unwrap().status, 200);
}

#[test]
fn only_its_owner_reads_what_it_keeps() {
    let native = Native::start("host-modes").unwrap();
    let mode = |name: &str| fs::metadata(native.data().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("data"), 0o700);
    assert_eq!(mode("data/secrets/signing-key"), 0o600);
    assert_eq!(mode("data/selvedge.db"), 0o600);
    assert_eq!(mode("admin.key"), 0o600);
}

#[test]
fn commands_work_beside_the_running_server() {
    let native = Native::start("host-commands").unwrap();
    let data = native.data().join("data");
    let made = selvedge()
        .args(["key", "create", "--name", "second", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let key = String::from_utf8(made.stdout).unwrap();
    assert_eq!(
        native
            .client()
            .send(&Call::new("GET", "/api/v1/me").bearer(key.trim()))
            .unwrap()
            .status,
        200
    );

    let link = selvedge().args(["link", "--data"]).arg(&data).output().unwrap();
    let link = String::from_utf8(link.stdout).unwrap();
    let path = link
        .trim()
        .strip_prefix(native.url())
        .unwrap_or_else(|| panic!("{link} is not below {}", native.url()));
    assert_eq!(native.client().send(&Call::new("GET", path)).unwrap().status, 200, "{path}");

    let doctor = selvedge().args(["doctor", "--port", "0", "--data"]).arg(&data).output().unwrap();
    let said = String::from_utf8(doctor.stdout).unwrap();
    assert!(doctor.status.success(), "{said}");
    assert!(said.contains("wall, seccomp: ") && said.contains("wall, landlock: "), "{said}");
    let checks = said.lines().filter(|line| line.starts_with("ok ") && !line.contains(" wall, "));
    assert_eq!(checks.count(), 6, "{said}");
}

#[test]
fn a_refused_request_does_not_cost_the_connection() {
    let native = Native::start("host-refused").unwrap();
    let mut connection = TcpStream::connect(native.url().strip_prefix("http://").unwrap()).unwrap();
    let body = "x".repeat(10_000);
    let head = "host: x\r\nauthorization: Bearer wrong\r\ncontent-type: application/json";
    write!(
        connection,
        "POST /api/v1/runs HTTP/1.1\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    write!(connection, "GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answers = String::new();
    connection.read_to_string(&mut answers).unwrap();
    let statuses: Vec<&str> = answers
        .match_indices("HTTP/1.1 ")
        .filter_map(|(at, _)| answers.get(at + 9..at + 12))
        .collect();
    assert_eq!(statuses, ["401", "200"], "{answers}");
}

#[test]
fn a_stream_is_served_from_the_log_and_resumes_where_it_was_left() {
    let native = Native::start("host-stream").unwrap();
    let (client, key) = (native.client(), native.key());
    project(&client, key);
    let id = start_run(&client, key, "for i in range(5): print(i)");
    let events = Call::new("GET", &format!("/api/v1/runs/{id}/events")).bearer(key);
    let (answer, seen) = sse::collect(&client, &events, |_| false).unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("x-selvedge-stream"),
        None,
        "what the component tells the host stays inside"
    );
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    let numbers: Vec<u64> = seen.iter().map(|event| event.id.parse().unwrap()).collect();
    assert_eq!(numbers, (1..=u64::try_from(seen.len()).unwrap()).collect::<Vec<_>>());
    assert_eq!(seen.last().unwrap().event, "ended");
    let (_, rest) = sse::collect(&client, &events.header("last-event-id", "2"), |_| false).unwrap();
    assert_eq!(rest, seen[2..]);
}

#[test]
fn no_secret_is_logged() {
    let native = Native::start("host-secrets").unwrap();
    let (client, key) = (native.client(), native.key().to_owned());
    project(&client, &key);
    let scratch = client.send(&Call::new("POST", "/api/v1/scratch")).unwrap().json().unwrap();
    let token = scratch["token"].as_str().unwrap().to_owned();
    let id = start_run(&client, &key, "print('the user wrote this line')\n1/0");
    ended(&client, &key, &id);
    for wrong in ["slv_not_a_key_but_secret_all_the_same", "a.b.c"] {
        assert_eq!(client.send(&Call::new("GET", "/api/v1/me").bearer(wrong)).unwrap().status, 401);
    }
    let signing_key = fs::read_to_string(native.data().join("data/secrets/signing-key")).unwrap();
    let data = native.stop().unwrap();
    let log = fs::read_to_string(selvedge_harness::place::log("host-secrets").unwrap()).unwrap();
    for secret in [
        key.as_str(),
        &token,
        signing_key.trim(),
        "slv_not_a_key",
        "the user wrote this line",
    ] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
    drop(data);
}

#[test]
fn a_node_of_somebody_else_is_used_instead() {
    let data = tempdir().unwrap();
    let mut command = support::up(data.path());
    command.args(["--node-url", "http://127.0.0.1:9"]);
    let (process, _) = Process::start("host-remote-node", "selvedge ready at", command).unwrap();
    assert_eq!(children(process.id()), Vec::<u32>::new());
}
