//! The run once more, in a process behind the same wall as everybody's: whoever checks a receipt runs a stranger's code.

use std::io::BufReader;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use selvedge_protocol::{OrderLimits, Receipt, Status, Task, worker as frames};

/// The receipt of the same run, made here.
pub(super) fn again(worker: &Path, images: &Path, receipt: &Receipt, code: String, stdin: Option<String>, wall_s: u64) -> Result<Receipt> {
    let mut process = Command::new(worker)
        .arg("--image")
        .arg(images)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map(Process)
        .with_context(|| format!("{} does not start", worker.display()))?;
    let mut input = process.0.stdin.take().context("the worker has no standard input")?;
    let mut output = BufReader::new(process.0.stdout.take().context("the worker has no standard output")?);
    let cell = frames::RunCell {
        run: receipt.run.clone(),
        kernel: Some(frames::KernelStart {
            id: format!("krn_{}", "0".repeat(32)),
            memory: frames::KernelMemory::Empty,
            newest: 0,
        }),
        language: receipt.language.clone(),
        environment: None,
        label: receipt.label.clone(),
        code,
        task: Task::Certify(receipt.world.clone()),
        stdin,
        interactive: false,
        limits: OrderLimits {
            wall_ms: wall_s.saturating_mul(1000),
            ..receipt.limits
        },
    };
    frames::write_frame(&mut input, &frames::ToWorker::Run(cell), &[])?;
    while let Some((message, _)) = frames::read_frame(&mut output)? {
        match message {
            frames::FromWorker::Ready { version, .. } if version != frames::VERSION => {
                bail!(
                    "{} is of another version than this program; install both together",
                    worker.display()
                )
            }
            // What it says is in its receipt; heard, it may say more.
            frames::FromWorker::Event { run, .. } => frames::write_frame(&mut input, &frames::ToWorker::Taken { run, events: 1 }, &[])?,
            frames::FromWorker::Ended { outcome, .. } => {
                if let Some(again) = outcome.receipt {
                    return Ok(*again);
                }
                if outcome.status == Status::TimedOut {
                    bail!("run again, it was not over after {wall_s} seconds; allow more with --wall");
                }
                let why = outcome.error.map(|error| format!("{}: {}", error.kind, error.message));
                bail!(
                    "it cannot be run again here: {}",
                    why.unwrap_or_else(|| format!("{:?}", outcome.status))
                );
            }
            _ => {}
        }
    }
    bail!("the process that ran it again ended before the run did")
}

/// Ends with this value.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already when this fails.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
