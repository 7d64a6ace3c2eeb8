//! A defect ends the instance and leaves one structured line: where it was. What it says may hold a user's data, so that is left out.

use selvedge_ports::Log as _;

use crate::ports::Wasi;

/// Instead of the standard library's words on standard error.
pub(crate) fn log_structured() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        Wasi.event("component.panicked", &[("at", &place)]);
    }));
}
