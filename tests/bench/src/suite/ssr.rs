//! Landing pages a second, each rendered by a fresh component instance. The load generator shares the machine's cores with the server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use selvedge_harness::Native;

use crate::http::Connection;
use crate::record::Recorder;
use crate::stats::Samples;

const CONNECTIONS: usize = 16;
const WARM_UP: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(5);

/// Closed loop over keep-alive connections.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let native = Native::start("bench-ssr")?;
    let pages = AtomicU64::new(0);
    let begin = Instant::now() + WARM_UP;
    let end = begin + MEASURED;
    let times = std::thread::scope(|scope| -> Result<Vec<Duration>> {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| -> Result<Vec<Duration>> {
                    let mut connection = Connection::open(native.url())?;
                    let mut times = Vec::new();
                    loop {
                        let started = Instant::now();
                        if started >= end {
                            return Ok(times);
                        }
                        let answer = connection.request("GET", "/", "", "")?;
                        if answer.status != 200 || !answer.body.ends_with(b"</html>") {
                            bail!(
                                "the landing page was answered with {} and {} bytes",
                                answer.status,
                                answer.body.len()
                            );
                        }
                        if started >= begin {
                            times.push(started.elapsed());
                            pages.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        let mut all = Vec::new();
        for thread in threads {
            all.extend(thread.join().map_err(|_| anyhow::anyhow!("a load thread panicked"))??);
        }
        Ok(all)
    })?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let rate = pages.load(Ordering::Relaxed) as f64 / MEASURED.as_secs_f64();
    recorder.figure("selvedge", "landing pages", rate, "1/s", times.len(), ">= 5,000/s")?;
    recorder.times("selvedge", "landing page", &Samples::milliseconds(&times), "")
}
