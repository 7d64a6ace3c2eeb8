//! What a user is told when a cell ended otherwise than by its own doing: what happened, what was kept, what to do.

use crate::cell::Limits;
use crate::host::{Exited, Host};
use selvedge_protocol::RunFailure;
use wasmtime::Trap;

/// Some panics tell their life story.
const PANIC_MESSAGE_BYTES_MAX: usize = 200;
const KEPT: &str = "The kernel goes back to how it was before this cell";

pub(crate) fn wall(limits: &Limits) -> RunFailure {
    failure(
        "WallLimit",
        format!(
            "The cell ran longer than its limit of {}. {KEPT}; a run can ask for a higher `wall_ms`.",
            time(limits.wall_ms)
        ),
    )
}

pub(crate) fn unusable() -> RunFailure {
    failure(
        "Crash",
        "The kernel stopped in an earlier cell and was not restored. Nothing was run.".to_owned(),
    )
}

/// `trap` is none when the guest's own handler failed.
pub(crate) fn of(trap: Option<wasmtime::Error>, host: &Host, limits: &Limits) -> RunFailure {
    let last_words = host.take_last_words();
    let code = trap.as_ref().and_then(|error| error.downcast_ref::<Trap>().copied());
    if code == Some(Trap::OutOfFuel) {
        return failure(
            "FuelLimit",
            format!(
                "The cell used all of its {} units of fuel. {KEPT}; a run can ask for more `fuel`.",
                limits.fuel
            ),
        );
    }
    if let Some(Exited(code)) = trap.as_ref().and_then(|error| error.downcast_ref::<Exited>()) {
        return failure(
            "Crash",
            format!("The cell ended the interpreter with exit code {code}. {KEPT}; `sys.exit()` ends only the cell."),
        );
    }
    if host.memory_limit.refused() {
        return failure(
            "MemoryLimit",
            format!(
                "The cell needed more than its limit of {} MiB of memory. {KEPT}; a run can ask for more `memory_bytes`.",
                limits.memory_bytes >> 20
            ),
        );
    }
    // The guest's own stack ends at address zero: beyond it there is no memory.
    if matches!(code, Some(Trap::StackOverflow | Trap::MemoryOutOfBounds)) {
        return failure("Crash", format!("The cell recursed too deeply for the interpreter. {KEPT}."));
    }
    let Some(trap) = trap else {
        return failure(
            "Crash",
            format!("The cell changed something that the interpreter's own parts rely on. {KEPT}."),
        );
    };
    let reason = panic_message(&last_words).map_or_else(
        || code.map_or_else(|| trap.root_cause().to_string(), |code| code.to_string()),
        str::to_owned,
    );
    failure("Crash", format!("The interpreter crashed ({reason}). {KEPT}."))
}

/// What comes after the line that says where a panic happened.
fn panic_message(last_words: &str) -> Option<&str> {
    let (_, after) = last_words.rsplit_once(" panicked at ")?;
    let line = after.lines().nth(1)?.trim();
    line.get(..line.floor_char_boundary(PANIC_MESSAGE_BYTES_MAX))
        .filter(|message| !message.is_empty())
}

fn failure(kind: &str, message: String) -> RunFailure {
    RunFailure {
        kind: kind.to_owned(),
        message: message.replace('\n', " "),
        traceback: String::new(),
    }
}

fn time(millis: u64) -> String {
    if millis.is_multiple_of(1_000) {
        format!("{} s", millis / 1_000)
    } else {
        format!("{millis} ms")
    }
}
