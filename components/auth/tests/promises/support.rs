//! An auth domain on a real libSQL file.

use std::collections::HashMap;
use std::sync::Arc;

use selvedge_auth::Auth;
use selvedge_database::Embedded;
use selvedge_ports::fake::{ManualClock, MapSettings, SeededEntropy};
use selvedge_ports::{Auth as _, Error, ErrorKind};
use tempfile::TempDir;

pub(crate) const NOW: u64 = 1_700_000_000_000;
pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

pub(crate) struct Fixture {
    pub(crate) sql: Arc<Embedded>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) auth: Arc<Auth>,
    _directory: TempDir,
}

impl Fixture {
    /// Another instance over the same database, as on another edge or after a restart.
    pub(crate) fn another(&self, settings: &[(&str, &str)]) -> Auth {
        let settings: HashMap<String, String> = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Auth::new(
            self.sql.clone(),
            self.clock.clone(),
            Arc::new(SeededEntropy::new(99)),
            Arc::new(MapSettings(settings)),
        )
    }
}

pub(crate) async fn fixture() -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let sql = Arc::new(Embedded::open(&directory.path().join("test.db")).unwrap());
    let clock = Arc::new(ManualClock::at(NOW));
    let auth = Auth::new(
        sql.clone(),
        clock.clone(),
        Arc::new(SeededEntropy::new(1)),
        Arc::new(MapSettings::default()),
    );
    auth.migrate().await.unwrap();
    Fixture {
        sql,
        clock,
        auth: Arc::new(auth),
        _directory: directory,
    }
}

/// The one answer to whatever is not good.
pub(crate) fn assert_unauthenticated<T: std::fmt::Debug>(answer: Result<T, Error>, what: &str) {
    let refused = answer.expect_err(what);
    assert_eq!(
        (refused.kind, refused.code.as_str(), refused.message.as_str(), refused.field),
        (
            ErrorKind::Unauthenticated,
            "auth.unauthenticated",
            "Sign in, or send a valid access token or API key.",
            None
        ),
        "{what}"
    );
}
