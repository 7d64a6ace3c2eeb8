//! Frames that are none, in both directions: to a worker, and from a worker that somebody has taken over.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context as _, Result, ensure};
use selvedge_harness::place;
use selvedge_protocol::worker::{FromWorker, ToWorker, read_frame, write_frame};
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::PROGRAM;
use crate::lane::Lane;

/// Tells this program that it is to be a worker, and which file says what it does. In the environment, because arguments are the node's.
pub(crate) const IMPOSTOR: &str = "SELVEDGE_HOSTILE_IMPOSTOR";
/// In the code of a run that makes the impostor show itself.
const SIGN: &str = "the impostor's turn";

/// A piece of what is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Piece {
    /// A frame with this JSON; `{run}` is the id of the run.
    frame: Option<String>,
    /// The size of what is attached to it.
    #[serde(default)]
    attached: usize,
    /// Bytes, as hexadecimal.
    bytes: Option<String>,
    /// How often.
    #[serde(default = "once")]
    times: usize,
}

const fn once() -> usize {
    1
}

impl Piece {
    fn said(&self, run: &str) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        if let Some(frame) = &self.frame {
            let json = frame.replace("{run}", run);
            out.extend(u32::try_from(json.len())?.to_le_bytes());
            out.extend(u32::try_from(self.attached)?.to_le_bytes());
            out.extend(json.as_bytes());
            out.resize(out.len() + self.attached, 0xA5);
        }
        if let Some(bytes) = &self.bytes {
            out.extend(hex::decode(bytes.replace(' ', ""))?);
        }
        Ok(out.repeat(self.times))
    }
}

/// Said to a worker of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToTheWorker {
    say: Vec<Piece>,
    /// It has to end itself with one line that says why; otherwise it goes on and runs a cell.
    ends: bool,
}

impl ToTheWorker {
    pub(crate) async fn run(&self) -> Result<()> {
        let (pieces, ends) = (self.say.clone(), self.ends);
        tokio::task::spawn_blocking(move || say(&pieces, ends)).await?
    }
}

fn say(pieces: &[Piece], ends: bool) -> Result<()> {
    let mut worker = Worker::start(&[])?;
    let ready = read_frame::<FromWorker>(&mut worker.output)?;
    ensure!(matches!(ready, Some((FromWorker::Ready { .. }, _))), "it is not ready: {ready:?}");
    for piece in pieces {
        // A worker that has ended takes no more.
        if worker
            .input
            .write_all(&piece.said("run_x")?)
            .and_then(|()| worker.input.flush())
            .is_err()
        {
            break;
        }
    }
    if !ends {
        worker.cell()?;
    }
    let Worker {
        mut child,
        input,
        output: _output,
    } = worker;
    drop(input);
    let mut errors = String::new();
    child.stderr.take().context("no stderr")?.read_to_string(&mut errors)?;
    let status = child.wait()?;
    let expected = if ends { Some(1) } else { Some(0) };
    ensure!(
        status.code() == expected && (!ends || errors.lines().count() == 1),
        "{status}: {errors}"
    );
    Ok(())
}

/// The real worker.
struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Worker {
    fn start(arguments: &[String]) -> Result<Self> {
        let mut command = Command::new(place::binary("selvedge-sandbox-worker")?);
        if arguments.is_empty() {
            command.args(selvedge_harness::node::image_arguments()?);
        }
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (input, output) = (child.stdin.take().context("no stdin")?, child.stdout.take().context("no stdout")?);
        Ok(Self { child, input, output })
    }

    /// A cell that it runs as if nothing had happened.
    fn cell(&mut self) -> Result<()> {
        let order = serde_json::json!({
            "type": "run", "run": "run_after", "kernel": null, "label": "cell", "language": "python", "code": "6 * 7", "stdin": null, "interactive": false,
            "limits": { "wall_ms": 10_000, "fuel": 1_000_000_000_000_u64, "memory_bytes": 256 << 20, "output_bytes": 1000 },
        });
        let order: ToWorker = without_unknown_fields(order)?;
        write_frame(&mut self.input, &order, &[])?;
        loop {
            match read_frame::<FromWorker>(&mut self.output)?.context("the worker has ended")?.0 {
                FromWorker::Ended { run, outcome, .. } if run == "run_after" => {
                    ensure!(outcome.error.is_none(), "{outcome:?}");
                    return Ok(());
                }
                _ => {}
            }
        }
    }
}

/// Fields that this version of the protocol does not have are left out.
fn without_unknown_fields(mut message: Value) -> Result<ToWorker> {
    loop {
        match serde_json::from_value(message.clone()) {
            Ok(message) => return Ok(message),
            Err(error) => {
                let text = error.to_string();
                let unknown = text.split('`').nth(1).filter(|_| text.starts_with("unknown field"));
                let removed = unknown.and_then(|unknown| message.as_object_mut()?.remove(unknown));
                removed.context(error)?;
            }
        }
    }
}

/// Said to the node, in the place of a run's end, by what should be its worker.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Impostor {
    say: Vec<Piece>,
    /// How the run may end at the edge, by the type of its error.
    ends: Vec<String>,
    /// It was believed, so the kernel is what it said.
    #[serde(default)]
    spoils_the_kernel: bool,
}

impl Impostor {
    /// A program that the node takes for its worker.
    pub(crate) fn program(case: &Path) -> Result<TempDir> {
        let folder = tempfile::tempdir()?;
        let program = folder.path().join("worker");
        let script = format!(
            "#!/bin/sh\nCARGO_TARGET_DIR='{}' {IMPOSTOR}='{}' exec '{}' \"$@\"\n",
            place::target().display(),
            case.display(),
            PROGRAM.get().context("this program does not know its name")?.display(),
        );
        std::fs::write(&program, script)?;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700))?;
        Ok(folder)
    }

    pub(crate) async fn run(&self, lane: &Lane) -> Result<()> {
        let tenant = lane.tenant();
        lane.cell(&tenant.kernel, "kept = 41").await?;
        let told = lane.run(&lane.order(Some(&tenant.kernel), &format!("print('{SIGN}')"))).await?;
        let kind = told.error();
        ensure!(self.ends.contains(&kind), "the run ends with {kind:?}: {told:?}");
        if self.spoils_the_kernel {
            return Ok(());
        }
        let kept = lane.cell(&tenant.kernel, "print(kept)").await.context("the kernel afterwards")?;
        ensure!(kept == "41\n", "the kernel has {kept:?}");
        Ok(())
    }
}

/// Be a worker that somebody has taken over: the real one, but for one run.
pub(crate) fn impersonate(case: &Path) -> Result<()> {
    let wire: toml::Table = toml::from_str(&std::fs::read_to_string(case)?)?;
    let impostor: Impostor = wire.get("impostor").context("no impostor")?.clone().try_into()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Worker {
        mut child,
        mut input,
        mut output,
    } = Worker::start(&arguments)?;
    let out = Mutex::new(std::io::stdout());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while let Ok(Some((message, attached))) = read_frame::<Value>(&mut output) {
                let mut out = out.lock().map_err(|_| anyhow::anyhow!("a thread is gone"))?;
                write_frame(&mut *out, &message, &attached)?;
            }
            anyhow::Ok(())
        });
        let mut stdin = std::io::stdin().lock();
        while let Ok(Some((message, attached))) = read_frame::<Value>(&mut stdin) {
            if !message["code"].as_str().is_some_and(|code| code.contains(SIGN)) {
                write_frame(&mut input, &message, &attached)?;
                continue;
            }
            for piece in &impostor.say {
                let bytes = piece.said(message["run"].as_str().unwrap_or_default())?;
                let mut out = out.lock().map_err(|_| anyhow::anyhow!("a thread is gone"))?;
                // The node may have had enough already.
                if out.write_all(&bytes).and_then(|()| out.flush()).is_err() {
                    break;
                }
            }
        }
        child.kill()?;
        child.wait()?;
        anyhow::Ok(())
    })
}
