//! Every scenario against every host, as `<host>::<area>::<title>`.
//!
//! `SELVEDGE_HOSTS=native,workerd` chooses hosts. `BASE_URL` (and `ADMIN_KEY`, if there is one) tests a deployment that runs already instead.

mod cron;
mod hosts;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use selvedge_conformance::runner;
use selvedge_conformance::scenario::{self, Scenario};
use selvedge_harness::place;

use hosts::{Availability, Hosted};

fn main() -> Result<ExitCode> {
    let arguments = Arguments::from_args();
    let hosts: Vec<Arc<Hosted>> = Hosted::from_environment()?.into_iter().map(Arc::new).collect();
    let scenarios = scenario::list(&place::root().join("tests/api/scenarios"))?;
    let mut trials = Vec::new();
    for host in &hosts {
        for (name, path) in &scenarios {
            let (host, path) = (Arc::clone(host), path.clone());
            trials.push(Trial::ignorable_test(format!("{}::{name}", host.name()), move || {
                let scenario = Scenario::read(&path).map_err(|error| failed(&error))?;
                match host.running() {
                    Availability::Running(running) => runner::run(&scenario, running).map_err(|error| failed(&error))?,
                    Availability::Missing(why) => return Ok(Completion::ignored_with(why)),
                    Availability::Broken(why) => return Err(Failed::from(why)),
                }
                Ok(Completion::Completed)
            }));
        }
    }
    if hosts.iter().any(|host| host.name() == "workerd") {
        let name = "workerd::cron::ends_runs_whose_node_died";
        trials.push(Trial::test(name, || {
            cron::ends_runs_whose_node_died().map_err(|error| failed(&error))
        }));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    // With `--quiet` the reasons beside the tests are not shown.
    for host in &hosts {
        if let Some(why) = host.missing() {
            writeln!(std::io::stdout(), "{}: {why}", host.name())?;
        }
    }
    // Ends the servers; `Conclusion::exit` would leave them behind.
    drop(hosts);
    Ok(conclusion.exit_code())
}

fn failed(error: &anyhow::Error) -> Failed {
    Failed::from(format!("{error:#}"))
}
