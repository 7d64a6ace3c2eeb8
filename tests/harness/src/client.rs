//! HTTP as a test sees it: every status is an answer, redirects are not followed, cookies are only those that were given.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

/// No answer takes longer, event streams included.
const ANSWER_WITHIN: Duration = Duration::from_secs(180);

/// How often and at which intervals a starting server is asked whether it is ready.
const READY_ATTEMPTS: u32 = 600;
const READY_PAUSE: Duration = Duration::from_millis(50);

/// Speaks to one server.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
}

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// `GET`, `POST`, …
    pub method: String,
    /// From the leading slash on.
    pub path: String,
    /// In order.
    pub headers: Vec<(String, String)>,
    /// Empty for none.
    pub body: Vec<u8>,
}

impl Call {
    /// A request without headers and body.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            ..Self::default()
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this bearer token or key.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, value: &Value) -> Self {
        self.body = value.to_string().into_bytes();
        self.header("content-type", "application/json")
    }
}

/// A whole answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All headers of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("the answer ({}) is not JSON: {}", self.status, self.text()))
    }
}

impl Client {
    /// For the server at this origin.
    pub fn new(base: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .proxy(None)
            .timeout_global(Some(ANSWER_WITHIN))
            .build()
            .new_agent();
        Self {
            agent,
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// The server's origin.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Send and read the whole answer.
    pub fn send(&self, call: &Call) -> Result<Answer> {
        let response = self.open(call)?;
        let (status, headers) = head(&response);
        let body = response
            .into_body()
            .into_with_config()
            .limit(256 << 20)
            .read_to_vec()
            .with_context(|| format!("read the answer to {} {}", call.method, call.path))?;
        Ok(Answer { status, headers, body })
    }

    /// Ask for `path` until the answer is 2xx.
    pub fn wait_until_ready(&self, path: &str) -> Result<()> {
        let mut last = String::new();
        for _ in 0..READY_ATTEMPTS {
            match self.send(&Call::new("GET", path)) {
                Ok(answer) if (200..300).contains(&answer.status) => return Ok(()),
                Ok(answer) => last = format!("it answers {} {}", answer.status, answer.text()),
                Err(error) => last = format!("{error:#}"),
            }
            std::thread::sleep(READY_PAUSE);
        }
        bail!("{}{path} is not ready: {last}", self.base)
    }

    /// Send, and leave the answer's body to be read as it comes.
    pub fn open(&self, call: &Call) -> Result<Response<Body>> {
        let mut request = Request::builder()
            .method(call.method.as_str())
            .uri(format!("{}{}", self.base, call.path));
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let sent = if call.body.is_empty() {
            self.agent.run(request.body(())?)
        } else {
            self.agent.run(request.body(call.body.as_slice())?)
        };
        sent.with_context(|| format!("{} {}{}", call.method, self.base, call.path))
    }
}

/// Status and headers of an answer.
pub(crate) fn head(response: &Response<Body>) -> (u16, Vec<(String, String)>) {
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    (response.status().as_u16(), headers)
}
