//! Talking to a node: placing an order, asking a run to stop.

use selvedge_ports::shapes::{Run, RunClaims, RunTicket};
use selvedge_ports::{Error, HttpRequest, Result};
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

/// Place the order of a stored run. `seal` is its project's key; `label` stands for the file name in tracebacks.
pub async fn place(platform: &Platform, run: &Run, cordon: Cordon, seal: String, label: &str) -> Result<(), PlaceError> {
    let node = platform.config.node_url.as_deref().ok_or(PlaceError::NoNode)?;
    // The report token is in the order, and the ticket binds the order: so two tickets, one of them for its report token only.
    let report = ticket(platform, run, "").await?.report;
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
        interactive: false,
        task: Task::Run,
        limits: OrderLimits {
            wall_ms: run.limits.wall_ms,
            fuel: run.limits.fuel,
            memory_bytes: run.limits.memory_bytes,
            output_bytes: run.limits.output_bytes,
        },
        report_url: format!("{}/api/v1/internal/runs/{}/report", platform.config.report_url, run.id),
        report_token: report,
    };
    let body = serde_json::to_vec(&order).map_err(|error| defect("run.order", &error))?;
    let ticket = ticket(platform, run, &digest(&body)).await?.order;
    post(platform, format!("{node}/v1/runs"), &ticket, body).await
}

/// Tell the node to stop a run.
pub async fn cancel(platform: &Platform, run: &Run) -> Result<(), PlaceError> {
    let node = platform.config.node_url.as_deref().ok_or(PlaceError::NoNode)?;
    let ticket = ticket(platform, run, &digest(&[])).await?.order;
    post(platform, format!("{node}/v1/runs/{}/cancel", run.id), &ticket, Vec::new()).await
}

async fn ticket(platform: &Platform, run: &Run, digest: &str) -> Result<RunTicket, PlaceError> {
    let claims = RunClaims {
        run: run.id.clone(),
        digest: digest.to_owned(),
        wall_ms: run.limits.wall_ms,
    };
    platform.auth.issue_run_ticket(&claims).await.map_err(PlaceError::Defect)
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

fn digest(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}

fn defect(code: &str, why: &dyn std::fmt::Display) -> PlaceError {
    PlaceError::Defect(Error::internal(code, why.to_string()))
}
