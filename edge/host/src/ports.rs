//! Ports of the operating system, for the domains that are linked in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use selvedge_ports::port::HttpError;
use selvedge_ports::{Clock, Entropy, Http, HttpRequest, HttpResponse, TimestampMs};

/// Time and randomness of the operating system.
pub(crate) struct System;

#[async_trait]
impl Clock for System {
    fn now(&self) -> TimestampMs {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    async fn sleep(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

impl Entropy for System {
    #[expect(
        clippy::expect_used,
        reason = "a process that gets no randomness must not go on with keys that can be guessed"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the system gives no random bytes");
    }
}

/// What the host does itself sends no requests: orders are placed by the component.
pub(crate) struct NoHttp;

#[async_trait]
impl Http for NoHttp {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, HttpError> {
        Err(HttpError("the host itself sends no requests".to_owned()))
    }
}
