//! An engine, a kernel, and what a cell showed.

use selvedge_engine::{CancelToken, CellEnd, CellRequest, Engine, EventKind, Image, Kernel, Limits, PoolSize, RunFailure, Status};
use serde_json::{Value, json};
use std::path::PathBuf;

pub(crate) fn image_dir() -> PathBuf {
    let dir = std::env::var_os("SELVEDGE_IMAGE").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/selvedge/images/python")),
        PathBuf::from,
    );
    assert!(
        dir.join("manifest.json").exists(),
        "there is no guest image in {}; build it with `cargo xtask build guests`",
        dir.display()
    );
    dir
}

pub(crate) fn engine() -> Engine {
    let image = Image::open(&image_dir()).unwrap_or_else(|error| panic!("{error}"));
    Engine::new(image, PoolSize::kernels(8)).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn limits() -> Limits {
    Limits {
        wall_ms: 60_000,
        fuel: 1_000_000_000_000,
        memory_bytes: 256 << 20,
        output_bytes: 1 << 20,
    }
}

/// A kernel, and the engine that it lives in.
pub(crate) struct Lab {
    pub(crate) engine: Engine,
    pub(crate) kernel: Kernel,
}

/// What one cell did.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) end: CellEnd,
    pub(crate) events: Vec<(EventKind, Value)>,
}

impl Lab {
    pub(crate) async fn new() -> Self {
        let engine = engine();
        let kernel = engine.start([1; 32]).await.unwrap();
        Self { engine, kernel }
    }

    pub(crate) async fn run(&mut self, code: &str) -> Seen {
        self.run_with(code, None, limits()).await
    }

    pub(crate) async fn run_with(&mut self, code: &str, stdin: Option<&str>, limits: Limits) -> Seen {
        run_in(&mut self.kernel, code, stdin, limits, &CancelToken::new()).await
    }

    /// Runs a cell that has ten seconds to do what it can to its interpreter. The kernel lives on.
    pub(crate) async fn is_attacked(&mut self, code: &str) {
        let wall_ms = 10_000;
        self.run_with(code, None, Limits { wall_ms, ..limits() }).await;
        assert!(self.kernel.usable(), "{code}");
    }

    /// After a cell that went too deep: it failed as one of these, and the kernel has what it `kept`.
    pub(crate) async fn is_contained(&mut self, code: &str, seen: &Seen, kinds: &[&str]) {
        let failure = seen.failure();
        assert!(
            kinds.contains(&failure.kind.as_str()),
            "{code}: {} {}",
            failure.kind,
            failure.message
        );
        self.kept(code).await;
    }

    /// The kernel lives on, and has what it kept before.
    pub(crate) async fn kept(&mut self, code: &str) {
        assert!(self.kernel.usable(), "{code}");
        assert_eq!(self.value("kept").await, "41", "{code}");
    }

    /// The page of a filter that one row of [`Seen::long_table`] passes, and of a table that is not there.
    pub(crate) async fn pages_are_filtered_and_gone(&mut self, id: Value) {
        let filtered = self.ask(json!({"page": {"table": id, "filter": "P1234"}})).await;
        assert_eq!(
            (&filtered["total"], &filtered["of"], &filtered["rows"][0][1]),
            (&json!(1), &json!(2_500), &json!("p1234"))
        );
        assert_eq!(self.ask(json!({"page": {"table": "t99"}})).await["status"], "gone");
    }

    /// The text of the value of a cell that has to succeed.
    pub(crate) async fn value(&mut self, code: &str) -> String {
        self.run(code).await.value()
    }
}

pub(crate) async fn run_in(kernel: &mut Kernel, code: &str, stdin: Option<&str>, limits: Limits, cancel: &CancelToken) -> Seen {
    let cell = CellRequest {
        label: "cell 1".to_owned(),
        code: code.to_owned(),
        stdin: stdin.map(str::to_owned),
        answers: None,
    };
    let mut events = Vec::new();
    let mut sink = |kind, data| events.push((kind, data));
    let end = kernel.run(&cell, &limits, &mut sink, cancel).await;
    Seen { end, events }
}

impl Seen {
    pub(crate) fn text(&self, wanted: EventKind) -> String {
        self.events
            .iter()
            .filter(|(kind, _)| *kind == wanted)
            .filter_map(|(_, data)| data["text"].as_str())
            .collect()
    }

    pub(crate) fn stdout(&self) -> String {
        self.text(EventKind::Stdout)
    }

    /// The one bundle of this kind.
    pub(crate) fn bundle(&self, wanted: EventKind) -> Value {
        let mut bundles = self.events.iter().filter(|(kind, _)| *kind == wanted);
        let (_, bundle) = bundles.next().unwrap_or_else(|| panic!("no {wanted:?} in {self:?}"));
        assert!(bundles.next().is_none(), "more than one {wanted:?} in {self:?}");
        bundle["data"].clone()
    }

    /// What was printed, complained, displayed, printed and the value came in this order.
    pub(crate) fn came_in_order(&self) {
        let kinds: Vec<EventKind> = self.events.iter().map(|(kind, _)| *kind).collect();
        let order = [
            EventKind::Stdout,
            EventKind::Stderr,
            EventKind::Display,
            EventKind::Stdout,
            EventKind::Value,
        ];
        assert_eq!(kinds, order, "{self:?}");
    }

    /// The value is a table of 2,500 rows, of which a thousand are shown; the id by which its pages are asked for.
    pub(crate) fn long_table(&self) -> Value {
        let shown = &self.bundle(EventKind::Value)["application/vnd.selvedge.table+json"];
        assert_eq!((&shown["total"], shown["rows"].as_array().unwrap().len()), (&json!(2_500), 1_000));
        shown["id"].clone()
    }

    pub(crate) fn value(&self) -> String {
        assert_eq!(self.end.status, Status::Succeeded, "{self:?}");
        self.bundle(EventKind::Value)["text/plain"]
            .as_str()
            .unwrap_or_else(|| panic!("no text in {self:?}"))
            .to_owned()
    }

    /// The error of a cell that has to fail. It must have been sent as the last event, too.
    pub(crate) fn failure(&self) -> RunFailure {
        let failure = self.end.error.clone().unwrap_or_else(|| panic!("no error in {self:?}"));
        let (kind, mut data) = self.events.last().unwrap().clone();
        data.as_object_mut().unwrap().remove("data");
        assert_eq!((kind, data), (EventKind::Error, serde_json::to_value(&failure).unwrap()));
        failure
    }

    /// What the error of a cell that has to fail says as data.
    pub(crate) fn traceback(&self) -> Value {
        self.failure();
        let (_, data) = self.events.last().unwrap();
        data["data"]["application/vnd.selvedge.traceback+json"].clone()
    }
}
