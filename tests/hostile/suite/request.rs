//! What is sent to the node's port: requests with all kinds of tickets and bodies, and bytes that are no requests.

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::edge::{Key, claims, claims_to};
use crate::lane::Lane;

/// The node gives a slow head or body 15 seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// One request, possibly repeated.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    #[serde(default = "post")]
    method: String,
    /// `{run}` is the id of the order's run.
    #[serde(default = "runs")]
    path: String,
    #[serde(default)]
    ticket: Ticket,
    /// Replaces parts of a good order, by JSON pointer. The text `{big N}` is a text of N characters.
    #[serde(default)]
    order: toml::Table,
    /// Instead of an order.
    body: Option<String>,
    #[serde(default = "once")]
    times: usize,
    /// One of these has to be the answer, each time.
    status: Vec<u16>,
    /// The error's code.
    code: Option<String>,
    /// How often the order's cell is run by all this.
    #[serde(default)]
    runs: usize,
}

fn post() -> String {
    "POST".to_owned()
}

fn runs() -> String {
    "/v1/runs".to_owned()
}

const fn once() -> usize {
    1
}

/// What is shown at the node's door.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ticket {
    #[default]
    Good,
    None,
    Garbage,
    Huge,
    Unsigned,
    UnsignedInDisguise,
    /// Signed with HMAC, the public key as the secret.
    SignedWithThePublicKey,
    UnknownKey,
    ForeignKey,
    Expired,
    WithoutExpiry,
    ReportToken,
    AnotherBody,
    AnotherRun,
    WithoutDigest,
    ClaimsOfTheWrongKind,
    /// Of a cancellation.
    EmptyBody,
    /// For the history of the kernel in the path.
    History,
}

impl Ticket {
    fn made(self, lane: &Lane, run: &str, path: &str, body: &[u8]) -> Option<String> {
        let good = claims(run, body);
        let with = |name: &str, value: Value| {
            let mut changed = good.clone();
            changed[name] = value;
            lane.edge.key.sign(changed)
        };
        let part = |json: &Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        let dressed = |header: Value, signature: &str| format!("{}.{}.{signature}", part(&header), part(&good));
        Some(match self {
            Self::Good => lane.edge.key.sign(good),
            Self::None => return None,
            Self::Garbage => "\u{1}..==..%00".replace('\u{1}', "a"),
            Self::Huge => "a".repeat(60_000),
            Self::Unsigned => dressed(json!({ "alg": "none", "kid": "key-1" }), ""),
            Self::UnsignedInDisguise => dressed(json!({ "alg": "EdDSA", "kid": "key-1" }), ""),
            Self::SignedWithThePublicKey => dressed(json!({ "alg": "HS256", "kid": "key-1" }), &BASE64_URL_SAFE_NO_PAD.encode([7; 32])),
            Self::UnknownKey => Key::new("key-9", 9).sign(good),
            Self::ForeignKey => Key::new("key-1", 9).sign(good),
            Self::Expired => with("exp", json!(1_000_000_000)),
            Self::WithoutExpiry => {
                let mut changed = good;
                changed.as_object_mut().into_iter().for_each(|claims| drop(claims.remove("exp")));
                lane.edge.key.sign(changed)
            }
            Self::ReportToken => with("aud", json!("selvedge-report")),
            Self::AnotherBody => with("digest", claims(run, b"other")["digest"].clone()),
            Self::AnotherRun => with("run", json!(format!("run_{}", "f".repeat(32)))),
            Self::WithoutDigest => with("digest", json!("")),
            Self::ClaimsOfTheWrongKind => lane.edge.key.sign(json!({ "aud": [1], "run": {}, "digest": null, "exp": "never" })),
            Self::EmptyBody => lane.edge.key.sign(claims(run, b"")),
            Self::History => {
                let kernel = path.split('/').nth(3).unwrap_or_default();
                lane.edge.key.sign(claims_to("history", kernel, body))
            }
        })
    }
}

impl Request {
    pub(crate) async fn run(&self, lane: &Lane) -> Result<()> {
        let order = lane.order(None, "print('ran')");
        let body = match &self.body {
            Some(body) => body.clone().into_bytes(),
            None => {
                let mut json = serde_json::to_value(&order)?;
                for (pointer, value) in &self.order {
                    set(&mut json, pointer, grown(serde_json::to_value(value)?))?;
                }
                serde_json::to_vec(&json)?
            }
        };
        let path = self.path.replace("{run}", &order.run);
        let ticket = self.ticket.made(lane, &order.run, &path, &body);
        for _ in 0..self.times {
            let answer = lane.send(&self.method, &path, ticket.as_deref(), body.clone()).await?;
            ensure!(
                self.status.contains(&answer.status),
                "the answer is {} {}, not {:?}",
                answer.status,
                answer.text(),
                self.status
            );
            if let Some(code) = &self.code {
                let found = answer.json()?["error"]["code"].clone();
                ensure!(found == *code, "the code is {found}");
            }
            ensure!(!answer.text().contains("/src/"), "the answer shows a path: {}", answer.text());
        }
        if self.runs > 0 {
            let told = lane.edge.ended(&order.run).await;
            ensure!(told.stdout() == "ran\n".repeat(self.runs), "it ran otherwise: {told:?}");
        }
        // Whatever was placed before this one has been heard of by now.
        lane.serves_the_next().await?;
        let told = lane.edge.told(&order.run);
        ensure!(self.runs > 0 || told.events.is_empty(), "it ran: {told:?}");
        Ok(())
    }
}

fn set(json: &mut Value, pointer: &str, value: Value) -> Result<()> {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        bail!("{pointer:?} is no JSON pointer")
    };
    match json.pointer_mut(parent).and_then(Value::as_object_mut) {
        Some(fields) => drop(fields.insert(name.to_owned(), value)),
        None => bail!("the order has no {parent:?}"),
    }
    Ok(())
}

/// `{big N}`: a text of N characters.
fn grown(value: Value) -> Value {
    let size = value
        .as_str()
        .and_then(|text| text.strip_prefix("{big ")?.strip_suffix('}')?.parse().ok());
    size.map_or(value, |size| Value::String("x".repeat(size)))
}

/// Bytes that are no request, or not a whole one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Raw {
    #[serde(default)]
    send: String,
    /// Sent this often, one after the other.
    #[serde(default = "once")]
    times: usize,
    /// Connections that do this at the same time, and stay open while the next tenant is served.
    #[serde(default = "once")]
    connections: usize,
    /// The answer begins so; without it there need not be one.
    answers: Option<String>,
}

impl Raw {
    pub(crate) async fn run(&self, lane: &Lane) -> Result<()> {
        let address = lane.node.url().trim_start_matches("http://").to_owned();
        let mut open = Vec::new();
        for _ in 0..self.connections {
            let mut stream = TcpStream::connect(&address).await?;
            for _ in 0..self.times {
                // The node may have hung up already, which is an answer, too.
                if stream.write_all(self.send.as_bytes()).await.is_err() {
                    break;
                }
            }
            open.push(stream);
        }
        lane.serves_the_next().await?;
        let Some(expected) = &self.answers else { return Ok(()) };
        for mut stream in open {
            let mut answer = vec![0; expected.len()];
            let read = tokio::time::timeout(ANSWER_WITHIN, stream.read_exact(&mut answer)).await;
            let answer = String::from_utf8_lossy(&answer);
            ensure!(
                matches!(read, Ok(Ok(_))) && answer == *expected,
                "the answer begins with {answer:?}"
            );
        }
        Ok(())
    }
}
