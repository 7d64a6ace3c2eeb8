//! The Spin artifact, run by a stand-in that offers what Spin offers (`examples/spin_stand_in.rs`).

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail by panicking")]

mod support;

use std::path::Path;
use std::process::Command;

use selvedge_harness::{Call, Client, Process, place, sse};
use support::{assets, ended, selvedge, start_run};
use tempfile::{TempDir, tempdir};

struct Spin {
    url: String,
    _spin: Process,
    _node: Process,
    _state: TempDir,
}

impl Spin {
    fn start(name: &str) -> Self {
        let state = tempdir().unwrap();
        let component = state.path().join("spin.cwasm");
        let artifact = place::existing(assets().join("spin.wasm"), "cargo xtask build spin").unwrap();
        let compiled = Command::new(place::binary("selvedge-packager").unwrap())
            .arg("aot")
            .arg("--out")
            .arg(&component)
            .arg(artifact)
            .output();
        assert!(compiled.unwrap().status.success());
        let port = place::free_port().unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let mut node = selvedge();
        node.args(["node", "--listen", "127.0.0.1:0", "--edge", &url, "--data"])
            .arg(state.path().join("node"));
        let (node, line) = Process::start(&format!("{name}-node"), "selvedge-node ready at http://", node).unwrap();
        let node_url = line.rsplit(' ').next().unwrap().to_owned();
        let stand_in = Path::new(env!("CARGO_BIN_EXE_selvedge"))
            .with_file_name("examples")
            .join("spin_stand_in");
        let stand_in = place::existing(stand_in, "cargo build --release -p selvedge --examples").unwrap();
        let mut spin = Command::new(stand_in);
        spin.arg("--component").arg(&component).arg("--site").arg(assets().join("site"));
        spin.arg("--database")
            .arg(state.path().join("spin.db"))
            .args(["--listen", &format!("127.0.0.1:{port}")]);
        for (name, value) in [
            ("public_url", url.as_str()),
            ("node_url", &node_url),
            ("report_url", ""),
            ("signing_key", ""),
        ] {
            spin.args(["--variable", &format!("{name}={value}")]);
        }
        let (spin, _) = Process::start(name, "spin stand-in ready at http://", spin).unwrap();
        Self {
            url,
            _spin: spin,
            _node: node,
            _state: state,
        }
    }
}

#[test]
fn a_stranger_runs_python_and_finds_it_again() {
    let spin = Spin::start("spin-stranger");
    let client = Client::new(&spin.url);
    assert_eq!(client.send(&Call::new("GET", "/")).unwrap().status, 200);
    let ready = client.send(&Call::new("GET", "/health/ready")).unwrap();
    assert_eq!(ready.status, 200, "{}", ready.text());
    assert_eq!(client.send(&Call::new("GET", "/version")).unwrap().json().unwrap()["host"], "spin");
    let scratch = client.send(&Call::new("POST", "/api/v1/scratch")).unwrap();
    assert_eq!(scratch.status, 201, "{}", scratch.text());
    let token = scratch.json().unwrap()["token"].as_str().unwrap().to_owned();
    let id = start_run(&client, &token, "print('here')\n6 * 7");
    // On Spin the component itself keeps the stream open, looking at the log.
    let events = Call::new("GET", &format!("/api/v1/runs/{id}/events")).bearer(&token);
    let (answer, seen) = sse::collect(&client, &events, |event| event.event == "ended").unwrap();
    assert_eq!((answer.status, answer.header("x-selvedge-stream")), (200, None));
    assert_eq!(seen.last().unwrap().event, "ended");
    let run = ended(&client, &token, &id);
    assert_eq!((&run["result"], &run["stdout"]), (&"42".into(), &"here\n".into()));
    assert_eq!(
        client.send(&Call::new("GET", "/api/v1/me").bearer("not.a.token")).unwrap().status,
        401
    );
}

#[test]
fn files_of_the_site_are_served_from_the_mount() {
    let spin = Spin::start("spin-site");
    let client = Client::new(&spin.url);
    let file = std::fs::read_dir(assets().join("site/pkg"))
        .unwrap()
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().ends_with(".css"));
    let name = file.expect("the site has a style sheet").file_name().into_string().unwrap();
    let path = format!("/pkg/{name}");
    let plain = client.send(&Call::new("GET", &path).header("accept-encoding", "identity")).unwrap();
    assert_eq!((plain.status, plain.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert_eq!(plain.body, std::fs::read(assets().join("site/pkg").join(&name)).unwrap());
    let again = Call::new("GET", &path)
        .header("accept-encoding", "identity")
        .header("if-none-match", plain.header("etag").unwrap());
    assert_eq!(client.send(&again).unwrap().status, 304);
    for wrong in ["/pkg/../spin.db", "/pkg/nothing.css", "/pkg/"] {
        assert_eq!(client.send(&Call::new("GET", wrong)).unwrap().status, 404, "{wrong}");
    }
}
