//! One edge under test.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;
use selvedge_api::{Config, Platform, Streams};
use selvedge_database::Embedded;
use selvedge_ports::fake::{ManualClock, MapSettings, SeededEntropy};
use selvedge_ports::port::HttpError;
use selvedge_ports::shapes::Role;
use selvedge_ports::shapes::{ResultSet, SqlError, Statement};
use selvedge_ports::{Auth, Billing, Clock, Http, HttpRequest, HttpResponse, Log, Sql, Workspace};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

/// A Friday in November 2026.
const NOW: u64 = 1_795_169_820_000;

pub(crate) struct World {
    pub(crate) platform: Arc<Platform>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) node: Arc<FakeNode>,
    pub(crate) store: Arc<Breakable>,
    pub(crate) log: Arc<Lines>,
    site: axum::Router,
    _directory: TempDir,
}

/// Who and what `POST /api/v1/scratch` made.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) token: String,
    pub(crate) project: String,
    pub(crate) notebook: String,
    /// Of the notebook's first cell.
    pub(crate) cell: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(configure: impl FnOnce(&mut Config)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Arc::new(Breakable {
            sql: Embedded::open(&directory.path().join("edge.db")).unwrap(),
            broken: AtomicBool::new(false),
        });
        let clock = Arc::new(ManualClock::at(NOW));
        let entropy = Arc::new(SeededEntropy::new(7));
        let settings = Arc::new(MapSettings::default());
        let auth: Arc<dyn Auth> = Arc::new(selvedge_auth::Auth::new(store.clone(), clock.clone(), entropy.clone(), settings));
        let workspace: Arc<dyn Workspace> = Arc::new(selvedge_workspace::Workspace::new(store.clone(), clock.clone(), entropy.clone()));
        let billing: Arc<dyn Billing> = Arc::new(selvedge_billing::Billing::new(store.clone(), clock.clone(), entropy.clone()));
        auth.migrate().await.unwrap();
        workspace.migrate().await.unwrap();
        billing.migrate().await.unwrap();
        let node = Arc::new(FakeNode::default());
        node.says("/history", 200, json!({"checkpoints": [], "newest": null}));
        node.says("/diff", 200, json!({"memory_bytes": [1, 2], "pages": [3, 4], "files": true}));
        node.says("/ask", 200, json!({"status": "ok"}));
        let log = Arc::new(Lines::default());
        let mut config = Config {
            host: "native",
            public_url: "http://selvedge.test".to_owned(),
            node_url: Some("http://node.test".to_owned()),
            report_url: "http://edge.test".to_owned(),
            streams: Streams::Poll,
        };
        configure(&mut config);
        let platform = Arc::new(Platform {
            auth,
            workspace,
            billing,
            http: node.clone(),
            clock: clock.clone(),
            entropy,
            log: log.clone(),
            config,
        });
        let pages = axum::Router::new().route("/", axum::routing::get(async || axum::response::Html("<p>hello")));
        let site = selvedge_api::secure(selvedge_api::router(platform.clone()).merge(pages), platform.clone());
        Self {
            platform,
            clock,
            node,
            store,
            log,
            site,
            _directory: directory,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response {
        self.site.clone().oneshot(request).await.unwrap()
    }

    pub(crate) fn ask<'a>(&'a self, method: &str, path: &str) -> Ask<'a> {
        Ask {
            world: self,
            request: Request::builder().method(method).uri(path),
            body: Body::empty(),
        }
    }

    pub(crate) async fn visitor(&self) -> Visitor {
        let made = self.ask("POST", "/api/v1/scratch").answer().await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let text = |name: &str| made.json()[name].as_str().unwrap().to_owned();
        let (token, project, notebook) = (text("token"), text("project"), text("notebook"));
        let shown = self
            .ask("GET", &format!("/api/v1/notebooks/{notebook}"))
            .bearer(&token)
            .answer()
            .await;
        let cell = shown.json()["cells"][0]["id"].as_str().unwrap().to_owned();
        Visitor {
            token,
            project,
            notebook,
            cell,
        }
    }

    /// A key for the visitor's project with this role.
    pub(crate) async fn key(&self, visitor: &Visitor, role: &str) -> (String, String) {
        let path = format!("/api/v1/projects/{}/keys", visitor.project);
        let made = self
            .ask("POST", &path)
            .bearer(&visitor.token)
            .json(&json!({"name": role, "role": role}))
            .answer()
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        (
            made.json()["key"]["id"].as_str().unwrap().to_owned(),
            made.json()["secret"].as_str().unwrap().to_owned(),
        )
    }

    /// A key for all projects of somebody who has none yet.
    pub(crate) async fn administrators_key(&self) -> String {
        let auth = &self.platform.auth;
        let administrator = auth.administrator().await.unwrap();
        auth.create_key(&administrator, None, "test", Role::Owner, None)
            .await
            .unwrap()
            .secret
    }

    /// What a visitor is shown under a path.
    pub(crate) async fn shown(&self, visitor: &Visitor, path: &str) -> Value {
        self.ask("GET", path).bearer(&visitor.token).answer().await.json()
    }

    pub(crate) async fn notebook_shown(&self, visitor: &Visitor) -> Value {
        self.shown(visitor, &format!("/api/v1/notebooks/{}", visitor.notebook)).await
    }

    /// The answer to a visitor who wants to run something.
    pub(crate) async fn create_run(&self, visitor: &Visitor, body: &Value) -> Answer {
        self.ask("POST", "/api/v1/runs").bearer(&visitor.token).json(body).answer().await
    }

    /// A run that the node has taken, with its report token.
    pub(crate) async fn run(&self, visitor: &Visitor) -> (String, String) {
        let made = self.create_run(visitor, &json!({"language": "python", "code": "1"})).await;
        assert_eq!(made.status, StatusCode::ACCEPTED, "{}", made.text());
        let order = self.node.last_order();
        (
            order["run"].as_str().unwrap().to_owned(),
            order["report_token"].as_str().unwrap().to_owned(),
        )
    }

    pub(crate) async fn report(&self, run: &str, token: &str, report: &Value) -> Answer {
        self.ask("POST", &format!("/api/v1/internal/runs/{run}/report"))
            .bearer(token)
            .json(report)
            .answer()
            .await
    }

    pub(crate) async fn held(&self, visitor: &Visitor) -> i64 {
        self.account(visitor).await["held"].as_i64().unwrap()
    }

    pub(crate) async fn account(&self, visitor: &Visitor) -> Value {
        self.shown(visitor, &format!("/api/v1/projects/{}/account", visitor.project)).await
    }

    pub(crate) async fn run_shown(&self, visitor: &Visitor, run: &str) -> Value {
        self.shown(visitor, &format!("/api/v1/runs/{run}")).await
    }
}

/// A request being put together.
pub(crate) struct Ask<'a> {
    world: &'a World,
    request: axum::http::request::Builder,
    body: Body,
}

impl Ask<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub(crate) fn raw(self, kind: &str, body: impl Into<Body>) -> Self {
        let mut this = self.header("content-type", kind);
        this.body = body.into();
        this
    }

    pub(crate) async fn response(self) -> Response {
        self.world.send(self.request.body(self.body).unwrap()).await
    }

    pub(crate) async fn answer(self) -> Answer {
        let (parts, body) = self.response().await.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect()
    }

    /// The `Cookie` header of a browser that took this answer's cookies.
    pub(crate) fn as_cookie(&self) -> String {
        self.cookies()
            .iter()
            .map(|cookie| cookie.split(';').next().unwrap())
            .collect::<Vec<_>>()
            .join("; ")
    }

    /// Check that this is a whole error envelope with this status, code and field.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str, field: Option<&str>) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        let error = &self.json()["error"];
        assert_eq!(error["code"], code, "{error}");
        assert_eq!(error["field"].as_str(), field, "{error}");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|message| message.ends_with('.') && message.len() > 10),
            "{error}"
        );
        assert_eq!(error["request_id"], self.header("x-request-id"));
        assert!(error["request_id"].as_str().is_some_and(|id| id.starts_with("req_")), "{error}");
        assert_eq!(error["docs"], format!("http://selvedge.test/docs/errors/{code}"));
    }
}

/// The store, which can be taken away.
pub(crate) struct Breakable {
    sql: Embedded,
    broken: AtomicBool,
}

impl Breakable {
    pub(crate) fn is_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    fn check(&self) -> Result<(), SqlError> {
        if self.broken.load(Ordering::SeqCst) {
            Err(SqlError::Unavailable("taken away by a test".to_owned()))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Sql for Breakable {
    async fn query(&self, statement: Statement) -> Result<ResultSet, SqlError> {
        self.check()?;
        self.sql.query(statement).await
    }

    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<ResultSet>, SqlError> {
        self.check()?;
        self.sql.batch(statements).await
    }
}

/// A node that remembers what it is asked and answers as it is told.
#[derive(Default)]
pub(crate) struct FakeNode {
    /// 0: it is not there.
    answer: Mutex<Option<u16>>,
    /// By the end of the path.
    says: Mutex<Vec<(String, u16, Value)>>,
    asked: Mutex<Vec<HttpRequest>>,
}

impl FakeNode {
    /// From now on; 0 for no answer at all.
    pub(crate) fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = Some(status);
    }

    /// From now on, where the path ends like this.
    pub(crate) fn says(&self, path: &str, status: u16, answer: Value) {
        self.says.lock().unwrap().push((path.to_owned(), status, answer));
    }

    pub(crate) fn asked(&self) -> Vec<HttpRequest> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn last_order(&self) -> Value {
        let asked = self.asked();
        let order = asked.iter().rev().find(|request| request.url.ends_with("/v1/runs")).unwrap();
        serde_json::from_slice(&order.body).unwrap()
    }
}

#[async_trait]
impl Http for FakeNode {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let url = request.url.clone();
        self.asked.lock().unwrap().push(request);
        let says = self.says.lock().unwrap();
        if let Some((_, status, answer)) = says.iter().rev().find(|(path, ..)| url.ends_with(path)) {
            return Ok(HttpResponse {
                status: *status,
                body: answer.to_string().into_bytes(),
            });
        }
        match self.answer.lock().unwrap().unwrap_or(202) {
            0 => Err(HttpError("connection refused".to_owned())),
            status => Ok(HttpResponse { status, body: Vec::new() }),
        }
    }
}

/// What was logged.
#[derive(Default)]
pub(crate) struct Lines(Mutex<Vec<String>>);

impl Lines {
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Log for Lines {
    fn event(&self, name: &str, fields: &[(&str, &str)]) {
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.0.lock().unwrap().push(format!("{name} {}", fields.join(" ")));
    }
}

/// Seconds that the tests' clock is ahead of where it began.
pub(crate) fn elapsed(world: &World) -> u64 {
    (world.clock.now() - NOW) / 1_000
}

/// What this much fuel costs.
pub(crate) fn price(fuel: u64) -> i64 {
    selvedge_billing::price(selvedge_ports::shapes::Usage { fuel })
}
