//! Where cells are run: takes what the node asks for, and sees that cells of one kernel come one after the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use selvedge_protocol::worker::RunCell;
use tokio::runtime::Handle;

use crate::bench::{Bench, Job, Live};
use crate::images::Images;
use crate::kernels::Kernels;
use crate::line::Line;
use crate::words::Words;

/// All runs and all live kernels of this process.
pub(crate) struct Floor {
    bench: Bench,
    kernels: Mutex<Kernels<Live, Job>>,
    /// Of the runs that have not ended.
    lines: Mutex<HashMap<String, Line>>,
}

impl Floor {
    /// Nothing runs yet.
    pub(crate) fn new(images: Images, words: Arc<Words>, idle_max: usize) -> Self {
        Self {
            bench: Bench { images, words },
            kernels: Mutex::new(Kernels::new(idle_max)),
            lines: Mutex::default(),
        }
    }

    /// Run a cell, now or after those of the same kernel that came before.
    pub(crate) fn run(self: &Arc<Self>, cell: RunCell, checkpoint: Vec<u8>, runtime: &Handle) {
        let line = Line::default();
        self.lines().insert(cell.run.clone(), line.clone());
        let kernel = cell.kernel.as_ref().map(|kernel| kernel.id.clone());
        let job = Job { cell, checkpoint, line };
        let floor = self.clone();
        match kernel {
            None => {
                runtime.spawn(async move {
                    floor.work(job, None).await;
                });
            }
            Some(kernel) => {
                let begun = self.kernels().begin(&kernel, job);
                if let Some((job, live)) = begun {
                    runtime.spawn(async move { floor.work_in(&kernel, job, live).await });
                }
            }
        }
    }

    /// Stop a run; one that waits ends as soon as its turn comes.
    pub(crate) fn cancel(&self, run: &str) {
        if let Some(line) = self.lines().get(run) {
            line.token.cancel();
        }
    }

    /// A line for a run that asked for one, or the end of its input.
    pub(crate) fn input(&self, run: &str, text: Option<&str>, waited: Duration) {
        if let Some(line) = self.lines().get(run) {
            match text {
                // Only a run that is told more than it asks for refuses one.
                Some(text) => {
                    line.answers.send(text, Some(waited));
                }
                None => line.answers.end(),
            }
        }
    }

    /// So many events of a run have reached their reader.
    pub(crate) fn taken(&self, run: &str, events: u64) {
        if let Some(line) = self.lines().get(run) {
            line.window.taken(events);
        }
    }

    /// Keep this kernel alive no longer.
    pub(crate) fn forget(&self, kernel: &str) {
        let gone = self.kernels().forget(kernel);
        drop(gone);
    }

    pub(crate) async fn work_in(&self, kernel: &str, mut job: Job, mut live: Option<Live>) {
        loop {
            let lives_on = self.work(job, live).await;
            let (next, gone) = self.kernels().end(kernel, lives_on);
            drop(gone);
            match next {
                Some(next) => (job, live) = next,
                None => return,
            }
        }
    }

    async fn work(&self, job: Job, live: Option<Live>) -> Option<Live> {
        let run = job.cell.run.clone();
        let lives_on = self.bench.run(job, live).await;
        self.lines().remove(&run);
        lives_on
    }

    pub(crate) fn bench(&self) -> &Bench {
        &self.bench
    }

    pub(crate) fn kernels(&self) -> MutexGuard<'_, Kernels<Live, Job>> {
        self.kernels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<String, Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
