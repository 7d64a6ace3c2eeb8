//! The domains linked in, for what the host does itself: migrations, commands, streams, timers. Requests go to the component's own.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use selvedge_api::{Config, Platform, Streams};
use selvedge_auth::Auth;
use selvedge_billing::Billing;
use selvedge_database::Embedded;
use selvedge_ports::{Clock, Entropy, Error, Settings, Sql};
use selvedge_workspace::Workspace;

use crate::data::Data;
use crate::log::Stderr;
use crate::node::Address;
use crate::ports::{NoHttp, System};
use crate::settings::HostSettings;

/// The three domains on one database.
pub(crate) struct Domains {
    pub(crate) auth: Arc<dyn selvedge_ports::Auth>,
    pub(crate) workspace: Arc<dyn selvedge_ports::Workspace>,
    pub(crate) billing: Arc<dyn selvedge_ports::Billing>,
}

impl Domains {
    /// On this database.
    pub(crate) fn new(sql: &Arc<dyn Sql>, settings: &HostSettings) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(System);
        let entropy: Arc<dyn Entropy> = Arc::new(System);
        let settings: Arc<dyn Settings> = Arc::new(settings.clone());
        Self {
            auth: Arc::new(Auth::new(Arc::clone(sql), Arc::clone(&clock), Arc::clone(&entropy), settings)),
            workspace: Arc::new(Workspace::new(Arc::clone(sql), Arc::clone(&clock), Arc::clone(&entropy))),
            billing: Arc::new(Billing::new(Arc::clone(sql), clock, entropy)),
        }
    }

    /// Bring every domain's tables up to date.
    pub(crate) async fn migrate(&self) -> Result<()> {
        let all = async {
            self.auth.migrate().await?;
            self.workspace.migrate().await?;
            self.billing.migrate().await
        };
        all.await
            .map_err(failed)
            .context("the database could not be brought up to date; it was left as it is")
    }

    /// The platform that the host's own work stands on.
    pub(crate) fn platform(&self, settings: &HostSettings) -> Platform {
        Platform {
            auth: Arc::clone(&self.auth),
            workspace: Arc::clone(&self.workspace),
            billing: Arc::clone(&self.billing),
            http: Arc::new(NoHttp),
            clock: Arc::new(System),
            entropy: Arc::new(System),
            log: Arc::new(Stderr),
            config: Config::from_settings(settings, "native", Streams::Offload),
        }
    }
}

/// Do something with the domains while no server need run; one may.
pub(crate) fn at_rest<T>(data: &Data, work: impl AsyncFnOnce(&Domains) -> Result<T>) -> Result<T> {
    let sql: Arc<dyn Sql> = Arc::new(Embedded::open(&data.database())?);
    let nowhere: Arc<str> = Arc::from("");
    let settings = HostSettings {
        public_url: Arc::clone(&nowhere),
        report_url: nowhere,
        signing_key: Arc::from(data.signing_key()),
        node: Address::fixed(""),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start a runtime")?;
    runtime.block_on(async {
        let domains = Domains::new(&sql, &settings);
        domains.migrate().await?;
        work(&domains).await
    })
}

/// A domain's refusal as the command's one line.
pub(crate) fn failed(error: Error) -> anyhow::Error {
    anyhow!("{} ({})", error.message, error.code)
}
