//! Talking to a node: placing an order, asking a run to stop, and what it keeps of a [`kernel`].

pub mod kernel;

use selvedge_ports::shapes::{Run, TicketClaims};
use selvedge_ports::{Error, HttpRequest, Result};
use selvedge_protocol::limits::LINES_WAIT_MS_MAX;
use selvedge_protocol::{Cordon, Order, OrderLimits, Seal, Task};
use sha2::{Digest, Sha256};

use crate::Platform;

/// Why an order was not placed.
#[derive(Clone, Debug)]
pub enum PlaceError {
    /// The operator named no node.
    NoNode,
    /// The node answered that it cannot take orders now.
    Busy(u16),
    /// There was no answer.
    Unreachable(String),
    /// The order was refused or could not be made: a defect of ours.
    Defect(Error),
}

impl std::fmt::Display for PlaceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoNode => f.write_str("no node is configured"),
            Self::Busy(status) => write!(f, "the node answered {status}"),
            Self::Unreachable(why) => write!(f, "the node cannot be reached: {why}"),
            Self::Defect(error) => write!(f, "{}: {}", error.code, error.message),
        }
    }
}

/// What an order says beside its run.
#[derive(Clone)]
pub struct Terms<'a> {
    /// With whom it may share a process.
    pub cordon: Cordon,
    /// The project's key.
    pub seal: String,
    /// Stands for the file name in tracebacks.
    pub label: &'a str,
    /// Somebody is there to answer when it asks for a line.
    pub interactive: bool,
    /// What is done with its code.
    pub task: Task,
}

/// Place the order of a stored run.
pub async fn place(platform: &Platform, run: &Run, terms: Terms<'_>) -> Result<(), PlaceError> {
    let Terms {
        cordon,
        seal,
        label,
        interactive,
        task,
    } = terms;
    let node = platform.config.node_url.as_deref().ok_or(PlaceError::NoNode)?;
    let waits_ms = if interactive { LINES_WAIT_MS_MAX } else { 0 };
    let report_token = platform
        .auth
        .issue_report_token(&run.id, run.limits.wall_ms + waits_ms)
        .await
        .map_err(PlaceError::Defect)?;
    let order = Order {
        run: run.id.clone(),
        project: run.project.clone(),
        seal: Seal::from_hex(seal),
        cordon,
        kernel: run.kernel.clone(),
        label: label.to_owned(),
        language: run.language.clone(),
        environment: None,
        code: run.code.clone(),
        stdin: run.stdin.clone(),
        interactive,
        task,
        limits: OrderLimits {
            wall_ms: run.limits.wall_ms,
            fuel: run.limits.fuel,
            memory_bytes: run.limits.memory_bytes,
            output_bytes: run.limits.output_bytes,
        },
        report_url: format!("{}/api/v1/internal/runs/{}/report", platform.config.report_url, run.id),
        report_token,
    };
    let body = serde_json::to_vec(&order).map_err(|error| defect("run.order", &error))?;
    let ticket = ticket(platform, &run.id, "", &body).await.map_err(PlaceError::Defect)?;
    post(platform, format!("{node}/v1/runs"), &ticket, body).await
}

/// Tell the node to stop a run.
pub async fn cancel(platform: &Platform, run: &Run) -> Result<(), PlaceError> {
    let node = platform.config.node_url.as_deref().ok_or(PlaceError::NoNode)?;
    let ticket = ticket(platform, &run.id, "", &[]).await.map_err(PlaceError::Defect)?;
    post(platform, format!("{node}/v1/runs/{}/cancel", run.id), &ticket, Vec::new()).await
}

/// The permission to ask a node for `action` of a run or a kernel with exactly this body; an order and a cancellation have no action.
async fn ticket(platform: &Platform, subject: &str, action: &str, body: &[u8]) -> Result<String> {
    let claims = TicketClaims {
        subject: subject.to_owned(),
        action: action.to_owned(),
        digest: hex::encode(Sha256::digest(body)),
    };
    platform.auth.issue_ticket(&claims).await
}

async fn post(platform: &Platform, url: String, ticket: &str, body: Vec<u8>) -> Result<(), PlaceError> {
    let headers = vec![
        ("authorization".to_owned(), format!("Bearer {ticket}")),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    let answer = platform
        .http
        .send(HttpRequest {
            method: "POST".to_owned(),
            url,
            headers,
            body,
        })
        .await;
    match answer.map_err(|error| PlaceError::Unreachable(error.0))?.status {
        200..=299 => Ok(()),
        status @ (429 | 500..) => Err(PlaceError::Busy(status)),
        status => Err(defect("run.order_refused", &format!("the node refused an order with {status}"))),
    }
}

fn defect(code: &str, why: &dyn std::fmt::Display) -> PlaceError {
    PlaceError::Defect(Error::internal(code, why.to_string()))
}

/// The run takes nothing more.
pub(crate) fn ended() -> Error {
    Error::new(
        selvedge_ports::ErrorKind::Conflict,
        "run.ended",
        "The run has ended, so nobody reads this any more. Nothing was sent.",
    )
}
