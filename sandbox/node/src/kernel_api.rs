//! What can be done with a kernel's checkpoints over HTTP: go back, fork, look, carry away.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use selvedge_checkpoint::{KernelId, StoreError};
use selvedge_protocol::kernels::{Diff, Difference, Export, FORKS_MAX, Fork, History, IMPORT_BYTES_MAX, Moment, Name, OfProject, Rewind};
use selvedge_protocol::limits::ORDER_BYTES_MAX;
use selvedge_protocol::order::Seal;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::admission::Fault;
use crate::answer::{self, Answer};
use crate::kernels::Owned;
use crate::log;
use crate::runs::Runs;
use crate::server::Server;
use crate::turn::Turn;

/// How long the body may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long an operation waits for the cells of its kernel to end: less than an edge waits for an answer.
const TURN_PATIENCE: Duration = Duration::from_secs(5);
/// 64 KiB pages.
const MEMORY_PAGE_BYTES: u64 = 64 << 10;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Rewind,
    Restart,
    Fork,
    Name,
    History,
    Diff,
    Export,
    Import,
    Remove,
}

impl Operation {
    const ALL: [Self; 9] = [
        Self::Rewind,
        Self::Restart,
        Self::Fork,
        Self::Name,
        Self::History,
        Self::Diff,
        Self::Export,
        Self::Import,
        Self::Remove,
    ];

    /// From the last part of the path.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// As the path and its tickets name it.
    const fn name(self) -> &'static str {
        match self {
            Self::Rewind => "rewind",
            Self::Restart => "restart",
            Self::Fork => "fork",
            Self::Name => "name",
            Self::History => "history",
            Self::Diff => "diff",
            Self::Export => "export",
            Self::Import => "import",
            Self::Remove => "remove",
        }
    }
}

impl Server {
    /// Do it, if the ticket is for this, for this kernel and this body.
    pub(crate) async fn operate(&self, operation: Operation, kernel: &str, request: Request<Incoming>) -> Result<Answer, Answer> {
        let ticket = self.ticket(&request).await?;
        let body = body(operation, request).await?;
        ticket.permits(operation.name(), kernel, &body)?;
        operate(&self.runs, operation, kernel, body).await
    }
}

async fn operate(runs: &Runs, operation: Operation, kernel: &str, body: Bytes) -> Result<Answer, Answer> {
    let kernels = runs.kernels();
    match operation {
        Operation::Rewind => {
            let Rewind { seal, number, .. } = parse(&body)?;
            let Owned { kernel, key } = owned(kernel, &seal)?;
            let _turn = turn(runs, kernel).await?;
            let now = kernels
                .with(move |store| store.rewind(kernel, &key, number))
                .await
                .map_err(refused)?;
            // Its memory is another one from now on; the next cell wakes it.
            runs.guests().forget(&kernel.to_string());
            Ok(answer::json(StatusCode::OK, &json!({ "number": now })))
        }
        Operation::Restart => {
            let Owned { kernel, .. } = of_project(kernel, &body)?;
            let _turn = turn(runs, kernel).await?;
            kernels.with(move |store| store.set_aside(kernel)).await.map_err(refused)?;
            runs.guests().forget(&kernel.to_string());
            Ok(done())
        }
        Operation::Fork => {
            let Fork {
                seal,
                number,
                kernels: into,
                ..
            } = parse(&body)?;
            let Owned { kernel, key } = owned(kernel, &seal)?;
            let ids: Result<Vec<KernelId>, _> = into.iter().map(|id| id.parse()).collect();
            let ids = ids.ok().filter(|ids| ids.len() <= FORKS_MAX);
            let ids = ids.ok_or_else(|| malformed("`kernels` are at most 1000 ids of kernels."))?;
            kernels
                .with(move |store| store.fork(kernel, &key, number, &ids))
                .await
                .map_err(refused)?;
            Ok(answer::json(StatusCode::OK, &json!({ "kernels": into })))
        }
        Operation::Name => {
            let Name {
                seal, number, name, keep, ..
            } = parse(&body)?;
            let Owned { kernel, .. } = owned(kernel, &seal)?;
            kernels
                .with(move |store| match keep {
                    true => store.name(kernel, number, &name),
                    false => store.unname(kernel, number, &name),
                })
                .await
                .map_err(refused)?;
            Ok(done())
        }
        Operation::History => {
            let Owned { kernel, .. } = of_project(kernel, &body)?;
            let (moments, newest) = kernels
                .with(move |store| Ok((store.history(kernel)?, store.newest(kernel)?)))
                .await
                .map_err(refused)?;
            let moments = moments.into_iter().map(|moment| Moment {
                number: moment.number,
                at: moment.at,
                parent: moment.parent.map(|(kernel, number)| (kernel.to_string(), number)),
                same: moment.same,
                bytes: moment.bytes,
                names: moment.names,
            });
            let history = History {
                checkpoints: moments.collect(),
                newest,
            };
            Ok(answer::json(StatusCode::OK, &json!(history)))
        }
        Operation::Diff => {
            let Diff { seal, a, b, .. } = parse(&body)?;
            let Owned { kernel, key } = owned(kernel, &seal)?;
            let found = kernels.with(move |store| store.diff(kernel, &key, a, b)).await.map_err(refused)?;
            let bytes = |pages| u64::from(pages) * MEMORY_PAGE_BYTES;
            let difference = Difference {
                memory_bytes: (bytes(found.memory_pages.0), bytes(found.memory_pages.1)),
                pages: found.pages,
                files: found.files,
            };
            Ok(answer::json(StatusCode::OK, &json!(difference)))
        }
        Operation::Export => {
            let Export { seal, most, .. } = parse(&body)?;
            let Owned { kernel, key } = owned(kernel, &seal)?;
            let file = kernels.with(move |store| store.export(kernel, &key)).await.map_err(refused)?;
            if most.is_some_and(|most| file.len() as u64 > most) {
                let message = format!("The file has {} bytes.", file.len());
                return Err(answer::error(StatusCode::PAYLOAD_TOO_LARGE, "kernel.too_large", &message, None));
            }
            let mut answer = Response::new(Full::from(file));
            let kind = HeaderValue::from_static("application/octet-stream");
            answer.headers_mut().insert(header::CONTENT_TYPE, kind);
            Ok(answer)
        }
        Operation::Import => {
            let line = body.iter().position(|byte| *byte == b'\n');
            let line = line.ok_or_else(|| malformed("An import is a line of JSON and a file."))?;
            let Owned { kernel, key } = of_project(kernel, body.get(..line).unwrap_or_default())?;
            let _turn = turn(runs, kernel).await?;
            kernels
                .with(move |store| store.import(kernel, &key, body.get(line + 1..).unwrap_or_default()))
                .await
                .map_err(refused)?;
            Ok(done())
        }
        Operation::Remove => {
            let Owned { kernel, .. } = of_project(kernel, &body)?;
            let _turn = turn(runs, kernel).await?;
            kernels.with(move |store| store.remove(kernel)).await.map_err(refused)?;
            runs.guests().forget(&kernel.to_string());
            Ok(done())
        }
    }
}

/// Waits until no cell of this kernel runs; none begins while what this returns is there.
async fn turn(runs: &Runs, kernel: KernelId) -> Result<Turn, Answer> {
    let mut turn = runs.turn(&kernel.to_string());
    match tokio::time::timeout(TURN_PATIENCE, turn.come()).await {
        Ok(()) => Ok(turn),
        Err(_) => {
            turn.give_up();
            Err(answer::error(
                StatusCode::CONFLICT,
                "kernel.busy",
                "A cell runs in this kernel. Nothing was changed; stop it or try again when it has ended.",
                None,
            ))
        }
    }
}

fn of_project(kernel: &str, body: &[u8]) -> Result<Owned, Fault> {
    let OfProject { seal, .. } = parse(body)?;
    owned(kernel, &seal)
}

fn owned(kernel: &str, seal: &Seal) -> Result<Owned, Fault> {
    Owned::new(kernel, seal).ok_or_else(|| malformed("That is not the id of a kernel, or not the key of a project."))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| malformed(&format!("What is asked of the kernel cannot be read: {error}.")))
}

fn malformed(message: &str) -> Fault {
    Fault {
        code: "kernel.malformed",
        message: message.to_owned(),
        field: None,
    }
}

fn done() -> Answer {
    answer::json(StatusCode::OK, &json!({}))
}

async fn body(operation: Operation, request: Request<Incoming>) -> Result<Bytes, Answer> {
    let most = if operation == Operation::Import {
        IMPORT_BYTES_MAX
    } else {
        ORDER_BYTES_MAX
    };
    let limited = Limited::new(request.into_body(), usize::try_from(most).unwrap_or(usize::MAX));
    match tokio::time::timeout(PATIENCE, limited.collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let message = format!("At most {most} bytes.");
            Err(answer::error(StatusCode::PAYLOAD_TOO_LARGE, "kernel.too_large", &message, None))
        }
        Ok(Err(_)) => Err(malformed("The body ended early.").into()),
        Err(_) => Err(answer::error(
            StatusCode::REQUEST_TIMEOUT,
            "kernel.slow",
            "The body took too long.",
            None,
        )),
    }
}

fn refused(error: StoreError) -> Answer {
    let (status, code) = match &error {
        StoreError::Nothing => (StatusCode::NOT_FOUND, "kernel.nothing"),
        StoreError::NoSuch { .. } => (StatusCode::NOT_FOUND, "kernel.no_such_checkpoint"),
        StoreError::Exists => (StatusCode::CONFLICT, "kernel.exists"),
        StoreError::NotNewest => (StatusCode::CONFLICT, "kernel.elsewhere"),
        StoreError::Name => (StatusCode::BAD_REQUEST, "kernel.name"),
        StoreError::NotAnExport => (StatusCode::BAD_REQUEST, "kernel.not_an_export"),
        StoreError::Unknown { .. } | StoreError::Sealed { .. } | StoreError::Broken { .. } | StoreError::Chain(_) => {
            (StatusCode::CONFLICT, "kernel.unreadable")
        }
        StoreError::Failed(_) | StoreError::Unclear(_) => (StatusCode::SERVICE_UNAVAILABLE, "node.disk"),
    };
    // What is wrong with the store is for its operator.
    let message = match &error {
        StoreError::Failed(_) => "The kernel's memory cannot be read or written at the moment. Nothing was changed; try again.".to_owned(),
        StoreError::Unclear(_) => {
            "The store did not answer, so it is not known whether this was done. Look before you try again.".to_owned()
        }
        error => format!("{error}."),
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        log::warn("checkpoints cannot be read or written", json!({ "error": error.to_string() }));
    }
    answer::error(status, code, &message, None)
}
