//! An edge as a node sees it: publishes keys, signs tickets, takes reports.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use jwt_compact::Algorithm;
use jwt_compact::alg::{Ed25519, SigningKey as _};
use jwt_compact::prelude::*;
use selvedge_protocol::{Cordon, Event, EventKind, Order, OrderLimits, Outcome, Report, Seal, Task, limits};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// A signing key and its id.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: &'static str,
    secret: <Ed25519 as Algorithm>::SigningKey,
}

impl Key {
    pub(crate) fn new(id: &'static str, seed: u8) -> Self {
        Self {
            id,
            secret: <Ed25519 as Algorithm>::SigningKey::from_slice(&[seed; 32]).unwrap(),
        }
    }

    fn public(&self) -> Value {
        let x = BASE64_URL_SAFE_NO_PAD.encode(self.secret.to_verifying_key().as_bytes());
        json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.id, "alg": "EdDSA", "use": "sig" })
    }

    /// A token with these claims.
    pub(crate) fn sign(&self, claims: Value) -> String {
        Ed25519
            .token(&Header::empty().with_key_id(self.id), &Claims::new(claims), &self.secret)
            .unwrap()
    }
}

/// Claims of a good ticket.
pub(crate) fn claims(run: &str, body: &[u8]) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({ "aud": "selvedge-node", "run": run, "digest": hex::encode(Sha256::digest(body)), "iat": now, "exp": now + 60 })
}

/// Claims of a good ticket for something other than an order: the last part of the path.
pub(crate) fn claims_to(action: &str, subject: &str, body: &[u8]) -> Value {
    let mut claims = claims(subject, body);
    claims["action"] = json!(action);
    claims
}

/// What a run has told the edge.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// By number.
    pub(crate) events: BTreeMap<u64, Event>,
    pub(crate) outcome: Option<Outcome>,
    /// What it left of its kernel.
    pub(crate) checkpoint: Option<u64>,
    /// How many reports came, refused ones included.
    pub(crate) reports: usize,
}

impl Told {
    /// Everything written to standard output.
    pub(crate) fn stdout(&self) -> String {
        self.events
            .values()
            .filter(|event| event.kind == EventKind::Stdout)
            .filter_map(|event| event.data["text"].as_str())
            .collect()
    }

    /// The last expression's value as text.
    pub(crate) fn value(&self) -> Option<String> {
        let event = self.events.values().find(|event| event.kind == EventKind::Value)?;
        Some(event.data["data"]["text/plain"].as_str()?.to_owned())
    }

    /// The type of the error that ended it.
    pub(crate) fn error(&self) -> String {
        self.outcome
            .as_ref()
            .and_then(|outcome| outcome.error.as_ref())
            .map(|error| error.kind.clone())
            .unwrap_or_default()
    }
}

#[derive(Default)]
struct State {
    runs: HashMap<String, Told>,
    /// Statuses with which the next reports are refused.
    refusals: VecDeque<u16>,
    cancelled: Vec<String>,
    keys: Vec<Key>,
}

/// The edge.
pub(crate) struct Edge {
    pub(crate) url: String,
    pub(crate) key: Key,
    pub(crate) key_fetches: Arc<AtomicUsize>,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

impl Edge {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let key = Key::new("key-1", 7);
        let state = Arc::new(Mutex::new(State {
            keys: vec![key.clone()],
            ..State::default()
        }));
        let edge = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            key,
            key_fetches: Arc::default(),
            state,
            changed: Arc::default(),
        };
        let (state, changed, fetches) = (edge.state.clone(), edge.changed.clone(), edge.key_fetches.clone());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let (state, changed, fetches) = (state.clone(), changed.clone(), fetches.clone());
                let service = hyper::service::service_fn(move |request| {
                    let (state, changed, fetches) = (state.clone(), changed.clone(), fetches.clone());
                    async move { Ok::<_, Infallible>(answer(request, &state, &changed, &fetches).await) }
                });
                tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        edge
    }

    /// Publish one more key.
    pub(crate) fn publish(&self, key: &Key) {
        self.state.lock().unwrap().keys.push(key.clone());
    }

    /// Answer the next reports with these statuses.
    pub(crate) fn refuse(&self, statuses: &[u16]) {
        self.state.lock().unwrap().refusals.extend(statuses);
    }

    /// Say in the answer to the next report that this run shall stop.
    pub(crate) fn request_cancel(&self, run: &str) {
        self.state.lock().unwrap().cancelled.push(run.to_owned());
    }

    /// What is known of a run.
    pub(crate) fn told(&self, run: &str) -> Told {
        self.state.lock().unwrap().runs.get(run).cloned().unwrap_or_default()
    }

    /// Waits until what is known of a run satisfies this.
    pub(crate) async fn until(&self, run: &str, satisfied: impl Fn(&Told) -> bool) -> Told {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            let told = self.told(run);
            if satisfied(&told) {
                return told;
            }
            assert!(told.outcome.is_none(), "it ended before that: {told:?}");
            changed.await;
        }
    }

    /// Waits for a run's outcome; its events have no gaps then.
    pub(crate) async fn ended(&self, run: &str) -> Told {
        let told = self.until(run, |told| told.outcome.is_some()).await;
        assert!(
            told.events.keys().copied().eq(1..=told.events.len() as u64),
            "{:?}",
            told.events.keys()
        );
        told
    }

    /// An order with default limits; reports come here.
    pub(crate) fn order(&self, run: &str, kernel: Option<&str>, code: &str) -> Order {
        Order {
            run: run.to_owned(),
            project: format!("prj_{}", "1".repeat(32)),
            seal: Seal::from_hex("5e".repeat(32)),
            cordon: Cordon::SignedIn,
            kernel: kernel.map(str::to_owned),
            label: "cell 1".to_owned(),
            language: "python".to_owned(),
            environment: None,
            code: code.to_owned(),
            stdin: None,
            interactive: false,
            task: Task::Run,
            limits: OrderLimits {
                wall_ms: limits::WALL_MS_DEFAULT,
                fuel: limits::FUEL_DEFAULT,
                memory_bytes: limits::MEMORY_BYTES_DEFAULT,
                output_bytes: limits::OUTPUT_BYTES_DEFAULT,
            },
            report_url: format!("{}/reports/{run}", self.url),
            report_token: format!("token of {run}"),
        }
    }
}

async fn answer(request: Request<Incoming>, state: &Mutex<State>, changed: &Notify, fetches: &AtomicUsize) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if head.uri.path() == "/.well-known/jwks.json" {
        fetches.fetch_add(1, Ordering::Relaxed);
        let keys: Vec<_> = state.lock().unwrap().keys.iter().map(Key::public).collect();
        return Response::new(json!({ "keys": keys }).to_string().into());
    }
    let run = head.uri.path().strip_prefix("/reports/").unwrap().to_owned();
    assert_eq!(head.headers[header::AUTHORIZATION], format!("Bearer token of {run}"));
    let report: Report = serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap();
    let answer = {
        let mut state = state.lock().unwrap();
        let refusal = state.refusals.pop_front();
        let cancel_requested = state.cancelled.contains(&run);
        let told = state.runs.entry(run).or_default();
        told.reports += 1;
        let mut answer = Response::new(Full::from(json!({ "cancel_requested": cancel_requested }).to_string()));
        match refusal {
            Some(status) => *answer.status_mut() = http::StatusCode::from_u16(status).unwrap(),
            // As the real one: what has ended cannot end otherwise, and a repeated event cannot say something else.
            None if told.outcome.is_some() && told.outcome != report.outcome => *answer.status_mut() = http::StatusCode::CONFLICT,
            None => {
                for event in report.events {
                    let seq = event.seq;
                    let before = told.events.insert(seq, event.clone());
                    assert!(before.is_none_or(|before| before == event), "event {seq} has changed");
                }
                told.outcome = report.outcome;
                told.checkpoint = report.checkpoint;
            }
        }
        answer
    };
    changed.notify_waiters();
    answer
}
