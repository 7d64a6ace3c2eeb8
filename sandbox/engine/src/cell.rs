use crate::answers::Answers;
use selvedge_protocol::{EventKind, OrderLimits, RunFailure, Status};
use serde_json::Value;
use std::task::{Context, Poll};
use std::time::Duration;

/// What to run.
#[derive(Clone, Debug, Default)]
pub struct CellRequest {
    /// Shown in tracebacks instead of a file name, for example `cell 3`.
    pub label: String,
    /// Source text.
    pub code: String,
    /// Standard input; reading past its end raises `EOFError`, or asks for more when there are `answers`.
    pub stdin: Option<String>,
    /// Where lines come from that `input()` and `sys.stdin` read while the cell runs. None: nobody is there to answer.
    pub answers: Option<Answers>,
}

/// Bounds of one cell: `wall_ms`, `fuel`, `memory_bytes` of linear memory, `output_bytes`.
///
/// Output is standard output, standard error, displays and the value together, in bytes of UTF-8. It is kept in full up to the bound; what comes
/// after is dropped, [`CellEnd::truncated`] says so, and no note is added to the output itself. Wall time stands still while the cell waits for
/// a line of its [`CellRequest::answers`] that its sink has passed on the question for; how long that may be is for whoever holds these.
pub type Limits = OrderLimits;

/// Takes events while a cell runs.
pub trait Sink: Send {
    /// One event, in the order in which things happened: `Stdout`, `Stderr` (`{"text"}`, at most 64 KiB each), `Display`, `Value` (`{"data","metadata"}`:
    /// a MIME bundle as in Jupyter, with a `display_id` when it can be replaced by one with `"update":true`, or `"clear":true`),
    /// `Error` (`{"type","message","traceback"}`, the last one when there is one), `Input` (`{"prompt","password"}`: the cell waits for a line).
    /// Called between steps of the guest: must not block.
    fn event(&mut self, kind: EventKind, data: Value);

    /// Ready when it takes another event. While it is not, the guest does not go on: a cell that prints faster than anybody reads is slowed
    /// down. Its wall time goes on.
    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let _ = context;
        Poll::Ready(())
    }
}

impl<F: FnMut(EventKind, Value) + Send> Sink for F {
    fn event(&mut self, kind: EventKind, data: Value) {
        self(kind, data);
    }
}

/// How a cell ended.
#[derive(Clone, Debug)]
pub struct CellEnd {
    /// `Succeeded`; `Failed`: an exception, or the limit of fuel or memory, or a crash; `TimedOut`; `Cancelled`, with an error when the cell ended by
    /// being interrupted. Never `Lost`.
    pub status: Status,
    /// Fuel used. The same program on the same state uses the same, unless it was stopped from outside or asked for time or randomness.
    pub fuel: u64,
    /// From the call to the end, without what the cell waited for its person.
    pub duration: Duration,
    /// Why it failed or timed out, or where it was interrupted; it was also sent as an `Error` event.
    pub error: Option<RunFailure>,
    /// Output was dropped at the limit.
    pub truncated: bool,
}
