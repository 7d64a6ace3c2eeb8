//! Live event streams. The component has authorized the request; from then on the host serves the stream from the event log, woken by
//! commits, and no instance is pinned.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{self, HeaderValue};
use http::{HeaderMap, Response};
use selvedge_api::operations::look;
use selvedge_api::{Platform, sse};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use crate::log;
use crate::stopping::Stopping;

/// A commit is looked at once; a stream for which the last ones held nothing waits a little for more, longer each time, up to this.
const PAUSE_MAX: Duration = Duration::from_millis(10);
/// The first such wait.
const PAUSE_FIRST: Duration = Duration::from_millis(1);
/// Frames that wait for a slow client; when it is full the stream waits too.
const FRAMES: usize = 16;

/// Serves streams.
#[derive(Clone)]
pub(crate) struct Streams {
    pub(crate) platform: Arc<Platform>,
    pub(crate) commits: watch::Receiver<u64>,
    pub(crate) stopping: Stopping,
}

/// Which stream the component wants to be served: a run's events after a number.
pub(crate) struct Wanted {
    run: String,
    after: u64,
}

impl Wanted {
    /// Takes the component's instruction out of its answer: it never leaves the host.
    pub(crate) fn take(headers: &mut HeaderMap) -> Option<Self> {
        let value = headers.remove(sse::OFFLOAD_HEADER)?;
        let (run, after) = value.to_str().ok()?.split_once(' ')?;
        Some(Self {
            run: run.to_owned(),
            after: after.parse().ok()?,
        })
    }
}

impl Streams {
    /// The stream as an answer. The component's headers (security, request id) stay.
    pub(crate) fn serve(&self, wanted: Wanted, mut headers: HeaderMap) -> Response<mpsc::Receiver<Bytes>> {
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sse::CONTENT_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // For proxies that would hold events back to fill a buffer.
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        let (frames, body) = mpsc::channel(FRAMES);
        let streams = self.clone();
        tokio::spawn(async move { streams.follow(wanted, frames).await });
        let mut response = Response::new(body);
        *response.headers_mut() = headers;
        response
    }

    async fn follow(mut self, wanted: Wanted, frames: mpsc::Sender<Bytes>) {
        let Wanted { run, mut after } = wanted;
        let keep_alive = Duration::from_millis(sse::KEEP_ALIVE_MS);
        if frames.send(Bytes::from_static(sse::RETRY.as_bytes())).await.is_err() {
            return;
        }
        let mut silent_since = Instant::now();
        let mut pause = Duration::ZERO;
        loop {
            // Everything committed before this look is seen by it; what comes later wakes it again.
            self.commits.borrow_and_update();
            let looked = Instant::now();
            // The timer ends runs whose lease has passed, so a look need not.
            match look(&self.platform, &run, after, false).await {
                Ok(seen) => {
                    if let Some(last) = seen.events.last() {
                        after = last.seq;
                        silent_since = Instant::now();
                        pause = Duration::ZERO;
                        let mut text = BytesMut::new();
                        for event in &seen.events {
                            text.extend_from_slice(&sse::frame(&run, event));
                        }
                        if frames.send(text.freeze()).await.is_err() || seen.ended {
                            return;
                        }
                        // There may be more than one look returns.
                        continue;
                    }
                }
                Err(error) => log::event("stream.look_failed", &[("run", &run), ("code", &error.code)]),
            }
            tokio::select! {
                () = frames.closed() => return,
                () = self.stopping.asked() => return,
                changed = self.commits.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    tokio::time::sleep_until(looked + pause).await;
                    pause = (pause * 2).clamp(PAUSE_FIRST, PAUSE_MAX);
                }
                () = tokio::time::sleep_until(silent_since + keep_alive) => {
                    if frames.send(Bytes::from_static(sse::KEEP_ALIVE.as_bytes())).await.is_err() {
                        return;
                    }
                    silent_since = Instant::now();
                }
            }
        }
    }
}
