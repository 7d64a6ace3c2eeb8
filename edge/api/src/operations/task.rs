//! What is to be done with a run's code: checked here, because a stored run whose order the node refuses would be a defect.

use selvedge_contract as contract;
use selvedge_ports::{Error, Result};
use selvedge_protocol::limits::{CODE_BYTES_MAX, MEASURE_N_MAX};
use selvedge_protocol::{Certify, Measure, Task};

use crate::Platform;

/// As an order says it. A certified run gets its seed here.
pub(super) fn order(platform: &Platform, task: &contract::Task, interactive: bool) -> Result<Task> {
    if interactive && *task != contract::Task::Run {
        return Err(Error::invalid(
            "interactive",
            "run.task_interactive",
            "Nobody can answer a run that is certified or measured. Give what it reads as `stdin`.",
        ));
    }
    Ok(match task {
        contract::Task::Run => Task::Run,
        contract::Task::Certify => {
            let mut seed = [0; 32];
            platform.entropy.fill(&mut seed);
            Task::Certify(Certify {
                seed: hex::encode(seed),
                time_ms: platform.clock.now(),
            })
        }
        contract::Task::Measure(contract::Measure { setup, least, most }) => {
            if setup.len() as u64 > CODE_BYTES_MAX {
                return Err(Error::invalid(
                    "task.measure.setup",
                    "run.setup_too_large",
                    format!("At most {CODE_BYTES_MAX} bytes of UTF-8; these are {}.", setup.len()),
                ));
            }
            if *least < 1 || least > most || *most > MEASURE_N_MAX {
                return Err(Error::invalid(
                    "task.measure.least",
                    "run.measure_sizes",
                    format!("Sizes go from 1 to {MEASURE_N_MAX}, `least` before `most`; these are {least} and {most}."),
                ));
            }
            Task::Measure(Measure {
                setup: setup.clone(),
                least: *least,
                most: *most,
            })
        }
    })
}

/// As an Idempotency-Key stands for it.
pub(super) fn named(task: &contract::Task) -> String {
    serde_json::json!(task).to_string()
}
