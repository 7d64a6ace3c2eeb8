//! A control group (v2) of its own for each worker, under a folder that somebody has delegated to the node.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use selvedge_protocol::hardening::{Layer, LayerName, LayerState};

/// Processes and threads that a worker has at most: one process, a thread per core, those that pack checkpoints.
const TASKS_MAX: u64 = 256;

/// What a worker gets of the machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    /// Bytes of memory; beyond it the worker is ended by the system.
    pub(super) memory_bytes: u64,
    /// Share of the processors when they are all busy; 100 is everybody else's.
    pub(super) cpu_weight: u64,
}

/// A worker's group; removed when this is dropped, after the worker has ended.
#[derive(Debug)]
pub(super) struct Group(PathBuf);

/// Put a worker into a group of its own. Without a delegated folder it stays in the node's, and that is said.
pub(super) fn enter(delegated: Option<&Path>, pid: Option<u32>, share: Share) -> (Option<Group>, Layer) {
    let layer = |state, why: String| Layer {
        layer: LayerName::Cgroup,
        state,
        why,
    };
    let (Some(folder), Some(pid)) = (delegated, pid) else {
        return (None, layer(LayerState::Off, "no folder was given with --cgroup".to_owned()));
    };
    match make(folder, pid, share) {
        Ok((group, what)) => (Some(group), layer(LayerState::On, what)),
        Err(why) => (None, layer(LayerState::Unavailable, why)),
    }
}

fn make(folder: &Path, pid: u32, share: Share) -> Result<(Group, String), String> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let said = |what: &Path| {
        let what = what.display().to_string();
        move |error: io::Error| format!("{what}: {error}")
    };
    // Controllers that are not there cannot be switched on; that shows when the limits are set.
    for controller in ["+memory", "+pids", "+cpu"] {
        let _ = fs::write(folder.join("cgroup.subtree_control"), controller);
    }
    let name = format!("worker-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let path = folder.join(name);
    fs::create_dir(&path).map_err(said(&path))?;
    let group = Group(path);
    let set = |file: &str, value: u64| {
        let path = group.0.join(file);
        fs::write(&path, value.to_string()).map_err(said(&path))
    };
    set("memory.max", share.memory_bytes)?;
    set("pids.max", TASKS_MAX)?;
    // The order of service when everybody is busy; nothing breaks without it.
    let _ = set("cpu.weight", share.cpu_weight);
    // There may be no swap to forbid.
    let _ = set("memory.swap.max", 0);
    set("cgroup.procs", u64::from(pid))?;
    let what = format!("at most {} MiB and {TASKS_MAX} threads", share.memory_bytes >> 20);
    Ok((group, what))
}

impl Drop for Group {
    fn drop(&mut self) {
        // One that still has a process in it stays; it does no harm.
        let _ = fs::remove_dir(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Share = Share {
        memory_bytes: 1 << 30,
        cpu_weight: 50,
    };

    #[test]
    fn without_a_folder_it_is_off_and_a_folder_that_is_no_cgroup_says_why() {
        assert_eq!(enter(None, Some(1), SHARE).1.state, LayerState::Off);
        let (group, layer) = enter(Some(Path::new("/nowhere/at/all")), Some(1), SHARE);
        assert_eq!((group.is_none(), layer.state), (true, LayerState::Unavailable));
        assert!(layer.why.contains("/nowhere/at/all/worker-"), "{}", layer.why);
    }

    #[test]
    fn a_worker_gets_its_limits_before_it_enters_and_its_group_goes_with_it() {
        // A folder like any other takes the same writes; that the kernel heeds them is the kernel's promise.
        let folder = tempfile::tempdir().unwrap();
        let (group, layer) = enter(Some(folder.path()), Some(4242), SHARE);
        assert_eq!(layer.state, LayerState::On, "{}", layer.why);
        let path = group.as_ref().unwrap().0.clone();
        for (file, value) in [
            ("memory.max", "1073741824"),
            ("pids.max", "256"),
            ("cpu.weight", "50"),
            ("cgroup.procs", "4242"),
        ] {
            assert_eq!(fs::read_to_string(path.join(file)).unwrap(), value);
            fs::remove_file(path.join(file)).unwrap();
        }
        fs::remove_file(path.join("memory.swap.max")).unwrap();
        drop(group);
        assert!(!path.exists());
    }
}
