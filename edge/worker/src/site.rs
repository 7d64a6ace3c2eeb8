//! What an isolate makes once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use any_spawner::Executor;
use axum::Router;
use selvedge_api::{Config, Platform, Streams};
use selvedge_auth::Auth;
use selvedge_billing::Billing;
use selvedge_database::Hrana;
use selvedge_ports::{Error, Log as _, Settings, Sql};
use selvedge_workspace::Workspace;
use worker::Env;

use crate::outgoing::Fetch;
use crate::ports::{Bindings, Console, JsClock, JsEntropy};

/// Where `sqld` listens when it was started without arguments.
const DATABASE_URL: &str = "http://127.0.0.1:8080";

/// Platform and router of this isolate.
pub(crate) struct Site {
    platform: Arc<Platform>,
    router: Router,
    migrated: AtomicBool,
}

impl Site {
    /// This isolate's; made by its first request.
    pub(crate) fn of(env: Env) -> &'static Self {
        static SITE: OnceLock<Site> = OnceLock::new();
        SITE.get_or_init(|| Self::new(env))
    }

    fn new(env: Env) -> Self {
        // Before the first page is rendered. An error says that a page's own code was faster with the same one.
        let _ = Executor::init_wasm_bindgen();
        let settings = Arc::new(Bindings(env));
        let http = Arc::new(Fetch);
        let (clock, entropy) = (Arc::new(JsClock), Arc::new(JsEntropy));
        let database = settings.get("database-url").unwrap_or_else(|| DATABASE_URL.to_owned());
        let sql: Arc<dyn Sql> = Arc::new(Hrana::new(http.clone(), &database, settings.get("database-token").as_deref()));
        let platform = Arc::new(Platform {
            config: Config::from_settings(&*settings, "workers", Streams::Poll),
            auth: Arc::new(Auth::new(sql.clone(), clock.clone(), entropy.clone(), settings)),
            workspace: Arc::new(Workspace::new(sql.clone(), clock.clone(), entropy.clone())),
            billing: Arc::new(Billing::new(sql, clock.clone(), entropy.clone())),
            http,
            clock,
            entropy,
            log: Arc::new(Console),
        });
        Self {
            router: selvedge_app::site(platform.clone()),
            platform,
            migrated: AtomicBool::new(false),
        }
    }

    /// Everything that operations stand on.
    pub(crate) const fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    /// The pages and the API.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Bring the database up to date, until that has worked once. Requests that come meanwhile do the same, which is harmless; a failure is
    /// not the request's: what needs the database will say so itself, and the next request tries again.
    pub(crate) async fn migrate(&self) {
        if self.migrated.load(Ordering::Relaxed) {
            return;
        }
        match self.migrate_all().await {
            Ok(()) => self.migrated.store(true, Ordering::Relaxed),
            Err(error) => Console.event("migration.failed", &[("code", &error.code), ("message", &error.message)]),
        }
    }

    async fn migrate_all(&self) -> Result<(), Error> {
        self.platform.auth.migrate().await?;
        self.platform.workspace.migrate().await?;
        self.platform.billing.migrate().await
    }
}
