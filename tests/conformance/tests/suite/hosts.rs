//! The hosts that the suite runs on, each started when its first scenario needs it and shared by all.

use std::any::Any;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Result, bail};
use selvedge_conformance::runner::Host;
use selvedge_harness::{Client, Native, Spin, Workerd};

/// Which host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Native,
    Workerd,
    Spin,
    /// The one at `BASE_URL`.
    Given,
}

/// A host, started or not yet.
pub(crate) struct Hosted {
    which: Which,
    state: OnceLock<State>,
}

enum State {
    /// The servers end when they are dropped.
    Running(Host, #[expect(dead_code, reason = "held to be dropped")] Box<dyn Any + Send + Sync>),
    Missing(&'static str),
    /// Why, and whether that was said.
    Broken(String, AtomicBool),
}

/// Can the host be tested?
pub(crate) enum Availability<'a> {
    Running(&'a Host),
    Missing(&'static str),
    Broken(&'a str),
}

impl Hosted {
    /// Those that the environment names; all by default.
    pub(crate) fn from_environment() -> Result<Vec<Self>> {
        if std::env::var_os("BASE_URL").is_some() {
            return Ok(vec![Self::new(Which::Given)]);
        }
        let Ok(names) = std::env::var("SELVEDGE_HOSTS") else {
            return Ok([Which::Native, Which::Workerd, Which::Spin].map(Self::new).into());
        };
        names.split(',').map(|name| Ok(Self::new(which(name.trim())?))).collect()
    }

    const fn new(which: Which) -> Self {
        Self {
            which,
            state: OnceLock::new(),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.which {
            Which::Native => "native",
            Which::Workerd => "workerd",
            Which::Spin => "spin",
            Which::Given => "given",
        }
    }

    /// Why it was not tested, when it was asked for and is not there.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        match self.state.get() {
            Some(State::Missing(why)) => Some(why),
            _ => None,
        }
    }

    /// The host; the first caller starts it, others wait for that.
    pub(crate) fn running(&self) -> Availability<'_> {
        let broken = |error: anyhow::Error| State::Broken(format!("{} did not start: {error:#}", self.name()), AtomicBool::new(false));
        match self.state.get_or_init(|| start(self.which).unwrap_or_else(broken)) {
            State::Running(host, _) => Availability::Running(host),
            State::Missing(why) => Availability::Missing(why),
            State::Broken(why, told) if !told.swap(true, Ordering::Relaxed) => Availability::Broken(why),
            State::Broken(..) => Availability::Broken("did not start; the reason is with the first test of this host"),
        }
    }
}

fn which(name: &str) -> Result<Which> {
    Ok(match name {
        "native" => Which::Native,
        "workerd" => Which::Workerd,
        "spin" => Which::Spin,
        other => bail!("SELVEDGE_HOSTS names the unknown host `{other}`; there are native, workerd and spin."),
    })
}

fn start(which: Which) -> Result<State> {
    let running = |url: &str, admin_key: Option<String>| Host {
        client: Client::new(url),
        admin_key,
    };
    Ok(match which {
        Which::Native => {
            let native = Native::start("conformance-native")?;
            State::Running(running(native.url(), Some(native.key().to_owned())), Box::new(native))
        }
        Which::Workerd => {
            let workerd = Workerd::start("conformance-workerd")?;
            State::Running(running(workerd.url(), None), Box::new(workerd))
        }
        Which::Spin if !Spin::installed() => State::Missing("skipped: the command `spin` is not on PATH"),
        Which::Spin => {
            let spin = Spin::start("conformance-spin")?;
            State::Running(running(spin.url(), None), Box::new(spin))
        }
        Which::Given => State::Running(running(&std::env::var("BASE_URL")?, std::env::var("ADMIN_KEY").ok()), Box::new(())),
    })
}
