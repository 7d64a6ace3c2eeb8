//! Live events of a run.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use selvedge_contract::Event;
use selvedge_ports::Error;
use serde::Deserialize;

use super::Refused;
use crate::request::Query;
use crate::{Caller, Failure, Platform, Streams, operations, present, sse};

/// Shortest and longest time between two looks at a silent log.
const LOOK_MS: (u64, u64) = (50, 500);
/// A silent run's lease is looked at this often.
const LEASE_LOOK_MS: u64 = 2_000;

/// Where to begin.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Start {
    /// Number of the last event seen, for clients that cannot send `Last-Event-ID`.
    #[serde(default)]
    after: Option<u64>,
}

/// Follow a run
///
/// Server-sent events: those stored after `Last-Event-ID`, then new ones as they happen, until `ended`. Asked again after that: 204, which
/// tells a browser to stop connecting.
#[utoipa::path(get, path = "/api/v1/runs/{run}/events", tag = "runs",
    params(("run" = String, Path, description = "`run_…`"), Start,
        ("Last-Event-ID" = Option<u64>, Header, description = "Number of the last event seen.")),
    responses((status = 200, body = Event, content_type = "text/event-stream"),
        (status = 204, description = "The run has ended and its last event has been seen."), Refused))]
pub(crate) async fn follow_run(
    State(platform): State<Arc<Platform>>,
    caller: Caller,
    Path(run): Path<String>,
    Query(start): Query<Start>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let after = after(&headers, &start)?;
    let run = operations::follow(&platform, &caller, &run).await?;
    if present::status(run.status).is_final() && after >= run.last_seq {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let headers = [(CONTENT_TYPE, sse::CONTENT_TYPE), (CACHE_CONTROL, "no-store")];
    Ok(match platform.config.streams {
        Streams::Offload => ([(sse::OFFLOAD_HEADER, format!("{} {after}", run.id))], ()).into_response(),
        Streams::Poll => {
            let stream = futures::stream::unfold(Some(Follower::new(platform, run.id, after)), Follower::next);
            (headers, Body::from_stream(stream)).into_response()
        }
    })
}

fn after(headers: &HeaderMap, start: &Start) -> Result<u64, Error> {
    match headers.get("last-event-id") {
        None => Ok(start.after.unwrap_or(0)),
        Some(id) => id.to_str().ok().and_then(|id| id.parse().ok()).ok_or_else(|| {
            Error::invalid(
                "Last-Event-ID",
                "request.last_event_id",
                "Last-Event-ID is the number of an event of this run.",
            )
        }),
    }
}

/// A client that looks at the log at intervals, slower while nothing happens.
struct Follower {
    platform: Arc<Platform>,
    run: String,
    after: u64,
    greeted: bool,
    pause_ms: u64,
    silent_ms: u64,
    lease_ms: u64,
}

impl Follower {
    const fn new(platform: Arc<Platform>, run: String, after: u64) -> Self {
        Self {
            platform,
            run,
            after,
            greeted: false,
            pause_ms: LOOK_MS.0,
            silent_ms: 0,
            lease_ms: LEASE_LOOK_MS,
        }
    }

    /// The next piece of the stream, and who goes on after it: nobody after `ended`, or when the log cannot be read (the client comes back
    /// and continues where it was).
    async fn next(follower: Option<Self>) -> Option<(Result<Bytes, Infallible>, Option<Self>)> {
        let mut this = follower?;
        if !this.greeted {
            this.greeted = true;
            return Some((Ok(Bytes::from_static(sse::RETRY.as_bytes())), Some(this)));
        }
        loop {
            let lease = this.lease_ms >= LEASE_LOOK_MS;
            if lease {
                this.lease_ms = 0;
            }
            let found = match operations::look(&this.platform, &this.run, this.after, lease).await {
                Ok(found) => found,
                Err(error) => {
                    this.platform
                        .log
                        .event("stream.failed", &[("run", &this.run), ("code", &error.code)]);
                    return None;
                }
            };
            if let Some(last) = found.events.last() {
                this.after = last.seq;
                (this.pause_ms, this.silent_ms, this.lease_ms) = (LOOK_MS.0, 0, 0);
                let mut piece = BytesMut::new();
                for event in &found.events {
                    piece.extend_from_slice(&sse::frame(&this.run, event));
                }
                return Some((Ok(piece.freeze()), (!found.ended).then_some(this)));
            }
            this.platform.clock.sleep(this.pause_ms).await;
            this.silent_ms += this.pause_ms;
            this.lease_ms += this.pause_ms;
            this.pause_ms = (this.pause_ms * 2).min(LOOK_MS.1);
            if this.silent_ms >= sse::KEEP_ALIVE_MS {
                this.silent_ms = 0;
                return Some((Ok(Bytes::from_static(sse::KEEP_ALIVE.as_bytes())), Some(this)));
            }
        }
    }
}
