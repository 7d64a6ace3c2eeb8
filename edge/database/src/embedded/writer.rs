//! The one thread that writes.

use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use selvedge_ports::shapes::{ResultSet, SqlError, Statement};
use tokio::sync::{mpsc, oneshot, watch};

use super::connection::Connection;
use super::failure::Failure;

/// Batches that wait for the writer before callers have to wait for room.
const QUEUE: usize = 1_024;
/// Most batches that share one commit, and so one fsync.
const GROUP: usize = 64;

type Answer = Result<Vec<ResultSet>, SqlError>;

struct Job {
    statements: Vec<Statement>,
    reply: oneshot::Sender<Answer>,
}

/// The handle to the thread.
pub(super) struct Writer {
    /// None only while dropping.
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    commits: watch::Receiver<u64>,
    stopped: Arc<OnceLock<String>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let (committed, commits) = watch::channel(0);
        let stopped = Arc::new(OnceLock::new());
        let state = State {
            connection,
            committed,
            stopped: Arc::clone(&stopped),
        };
        let thread = thread::Builder::new()
            .name("libsql-writer".to_owned())
            .spawn(move || state.serve(queue))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            commits,
            stopped,
        })
    }

    pub(super) fn commits(&self) -> watch::Receiver<u64> {
        self.commits.clone()
    }

    pub(super) fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    pub(super) async fn run(&self, statements: Vec<Statement>) -> Answer {
        let gone = || SqlError::Unavailable("the database is closing".to_owned());
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(Job { statements, reply }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has nothing more to say here: its callers were told that the database is closing.
            let _ = thread.join();
        }
    }
}

struct State {
    connection: Connection,
    committed: watch::Sender<u64>,
    stopped: Arc<OnceLock<String>>,
}

impl State {
    fn serve(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.blocking_recv() {
            let mut jobs = vec![first];
            while jobs.len() < GROUP
                && let Ok(job) = queue.try_recv()
            {
                jobs.push(job);
            }
            self.answer(jobs);
        }
    }

    fn answer(&mut self, jobs: Vec<Job>) {
        if jobs.len() > 1
            && let Some(answers) = self.together(&jobs)
        {
            for (job, answer) in jobs.into_iter().zip(answers) {
                // A caller that has gone away does not need its answer.
                let _ = job.reply.send(answer);
            }
            return;
        }
        for job in jobs {
            let answer = self.alone(&job.statements);
            let _ = job.reply.send(answer);
        }
    }

    /// One transaction for one batch.
    fn alone(&mut self, statements: &[Statement]) -> Answer {
        self.refuse_when_stopped()?;
        self.transaction(|connection| statements.iter().map(|statement| connection.run(statement)).collect())
            .map_err(|failure| self.understand(failure))
    }

    /// One transaction for all, a savepoint for each. None when it did not come to a commit; then nothing has happened.
    fn together(&mut self, jobs: &[Job]) -> Option<Vec<Answer>> {
        self.refuse_when_stopped().ok()?;
        let answers = self.transaction(|connection| jobs.iter().map(|job| savepoint(connection, &job.statements)).collect());
        match answers {
            Ok(answers) => Some(answers),
            // The file's state is unknown: no second try, and `alone` refuses each with the reason.
            Err(failure) if failure.ends_writing() => {
                let error = self.understand(failure);
                Some(jobs.iter().map(|_| Err(error.clone())).collect())
            }
            Err(_) => None,
        }
    }

    fn transaction<T>(&mut self, work: impl FnOnce(&mut Connection) -> Result<T, Failure>) -> Result<T, Failure> {
        let changed = self.connection.total_changes();
        self.connection.command("BEGIN IMMEDIATE")?;
        let done = work(&mut self.connection).and_then(|done| self.connection.command("COMMIT").map(|()| done));
        if done.is_err() && !self.connection.is_autocommit() {
            // SQLite ends some failed transactions by itself; this one it left open. Should this fail too, the next BEGIN says so.
            let _ = self.connection.command("ROLLBACK");
        }
        if done.is_ok() && self.connection.total_changes() != changed {
            self.committed.send_modify(|commits| *commits += 1);
        }
        done
    }

    fn refuse_when_stopped(&self) -> Result<(), SqlError> {
        self.stopped.get().map_or(Ok(()), |why| Err(SqlError::ReadOnly(why.clone())))
    }

    fn understand(&self, failure: Failure) -> SqlError {
        if failure.ends_writing() {
            let _ = self.stopped.set(format!(
                "the file failed earlier ({failure}); a restart reads again what is on disk"
            ));
        }
        failure.into()
    }
}

/// One batch inside the shared transaction. The outer error means that the whole transaction is gone.
fn savepoint(connection: &mut Connection, statements: &[Statement]) -> Result<Answer, Failure> {
    connection.command("SAVEPOINT batch")?;
    let done: Result<Vec<ResultSet>, Failure> = statements.iter().map(|statement| connection.run(statement)).collect();
    match done {
        Ok(results) => {
            connection.command("RELEASE batch")?;
            Ok(Ok(results))
        }
        Err(failure) if connection.is_autocommit() || failure.ends_writing() => Err(failure),
        Err(failure) => {
            connection.command("ROLLBACK TO batch")?;
            connection.command("RELEASE batch")?;
            Ok(Err(failure.into()))
        }
    }
}
