//! Resource limits.
//!
//! Address space cannot be bounded: every guest's memory reserves 4 GiB of it, most of which is never touched. What guests may touch is
//! bounded by the engine, and by the cgroup where there is one.

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::namespaces::Place;
use super::refused;

/// What this process still needs after the wall is closed.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// Open descriptors at a time.
    pub descriptors: u64,
    /// Threads at a time.
    pub threads: u64,
    /// Bytes of the largest file in memory that it makes.
    pub file_bytes: u64,
}

/// When memory is short, this process goes and not the node: it owns nothing.
pub(super) fn end_first_when_memory_is_short() {
    // Where this is not permitted, the system decides by size, and that is this process as well.
    let _ = fs::write("/proc/self/oom_score_adj", "1000");
}

/// Limits that cannot be raised again.
pub(super) fn set(needs: Needs, place: Place) -> Result<String, String> {
    let mut limits = vec![
        ("core files", Resource::Core, 0),
        ("locked memory", Resource::Memlock, 0),
        ("message queues", Resource::Msgqueue, 0),
        ("signals waiting", Resource::Sigpending, 64),
        ("descriptors", Resource::Nofile, needs.descriptors),
        ("file size", Resource::Fsize, needs.file_bytes),
    ];
    if place == Place::Alone {
        // Elsewhere this counts what the user runs beside this process.
        limits.push(("threads", Resource::Nproc, needs.threads));
    }
    let mut said = Vec::new();
    for (name, resource, most) in limits {
        let now = getrlimit(resource).maximum;
        let most = now.map_or(most, |now| now.min(most));
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit).map_err(|error| format!("{name}: {}", refused(error)))?;
        said.push(format!("{name} {most}"));
    }
    Ok(said.join(", "))
}
