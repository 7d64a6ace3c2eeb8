//! A user, a network, a mount table and names of its own.

use std::fs;

use rustix::io::Errno;
use rustix::process::{getgid, getuid};
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::refused;

/// Who this process is in its own user namespace: nobody.
const NOBODY: u32 = 65_534;

/// Where this process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the machine's namespaces.
    Outside,
    /// In its own, but as the user who started it.
    Apart,
    /// In its own, as a user of its own.
    Alone,
}

/// Leave the machine's namespaces. The new network has no interface but an unconnected loopback.
pub(super) fn enter(place: &mut Place) -> Result<String, String> {
    let (user, group) = (getuid().as_raw(), getgid().as_raw());
    let apart = UnshareFlags::NEWNET | UnshareFlags::NEWNS | UnshareFlags::NEWIPC | UnshareFlags::NEWUTS | UnshareFlags::NEWCGROUP;
    if let Err(error) = leave(apart | UnshareFlags::NEWUSER) {
        // Root in a container may have the rest without a user of its own.
        leave(apart).map_err(|_| match error {
            Errno::NOSPC => "the system gives no more user namespaces".to_owned(),
            error => refused(error),
        })?;
        *place = Place::Apart;
        return Ok("network, mounts, IPC and host names of its own".to_owned());
    }
    *place = Place::Alone;
    // Without a mapping this process is nobody as well, only without a name for it.
    let _ = fs::write("/proc/self/setgroups", "deny");
    let _ = fs::write("/proc/self/uid_map", format!("{NOBODY} {user} 1"));
    let _ = fs::write("/proc/self/gid_map", format!("{NOBODY} {group} 1"));
    Ok("user, network, mounts, IPC and host names of its own".to_owned())
}

fn leave(namespaces: UnshareFlags) -> rustix::io::Result<()> {
    // SAFETY: descriptors stay shared, and there are no other threads.
    #[expect(unsafe_code, reason = "unsafe for the sake of flags that are not used here")]
    unsafe {
        unshare_unsafe(namespaces)
    }
}
