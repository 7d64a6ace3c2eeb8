//! The host's ports as a domain component sees them: `selvedge:sql` and `selvedge:settings` imports, WASI's clock and random numbers.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use selvedge_ports::shapes::{ResultSet, SqlError, Statement};
use selvedge_ports::{Clock, Entropy, Settings, Sql, TimestampMs};

pub mod bindings {
    //! The imports, generated. A component's own bindings take them from here by `wit_bindgen`'s `with` option.
    #![allow(
        missing_docs,
        unsafe_code,
        unreachable_pub,
        clippy::all,
        clippy::pedantic,
        reason = "generated from wit/, documented there"
    )]
    wit_bindgen::generate!({
        path: [
            "../../wit/types/0.1.0",
            "../../wit/sql/0.1.0",
            "../../wit/settings/0.1.0",
            "../../wit/auth/0.1.0",
            "../../wit/workspace/0.1.0",
            "../../wit/billing/0.1.0",
            "../../wit/platform/0.1.0",
        ],
        world: "selvedge:platform/host-ports",
        with: { "selvedge:sql/sql-types@0.1.0": selvedge_ports::shapes::wit::sql_types },
        generate_all,
    });
}

use bindings::selvedge::settings::settings;
use bindings::selvedge::sql::sql;

/// All ports of one host.
pub struct Host;

/// Shared, as a domain takes its ports.
pub fn host() -> Arc<Host> {
    Arc::new(Host)
}

#[async_trait]
impl Sql for Host {
    async fn query(&self, statement: Statement) -> Result<ResultSet, SqlError> {
        sql::query(&statement)
    }

    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<ResultSet>, SqlError> {
        sql::batch(&statements)
    }
}

#[async_trait]
impl Clock for Host {
    fn now(&self) -> TimestampMs {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    async fn sleep(&self, ms: u64) {
        std::thread::sleep(Duration::from_millis(ms));
    }
}

impl Entropy for Host {
    fn fill(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_err() {
            // Without randomness there are no keys and no tokens: end this instance rather than go on with weak ones.
            std::process::abort();
        }
    }
}

impl Settings for Host {
    fn get(&self, name: &str) -> Option<String> {
        settings::get(name)
    }
}

/// The result of a domain's call. Imports are synchronous, so such a future is ready when it is first looked at.
pub fn now<T>(call: impl Future<Output = T>) -> T {
    let mut call = std::pin::pin!(call);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = call.as_mut().poll(&mut context) {
            return value;
        }
    }
}
