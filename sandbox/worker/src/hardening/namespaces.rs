//! A user, a network, a mount table and names of its own.

use std::fs;

use rustix::process::{getgid, getuid};
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::refused;

/// Who this process is in its own user namespace: nobody.
const NOBODY: u32 = 65_534;

/// Leave the machine's namespaces. The new network has no interface but an unconnected loopback.
pub(super) fn enter() -> Result<String, String> {
    let (user, group) = (getuid().as_raw(), getgid().as_raw());
    let apart = UnshareFlags::NEWNET | UnshareFlags::NEWNS | UnshareFlags::NEWIPC | UnshareFlags::NEWUTS | UnshareFlags::NEWCGROUP;
    // SAFETY: descriptors stay shared, and there are no other threads.
    #[expect(unsafe_code, reason = "unsafe for the sake of flags that are not used here")]
    let left = unsafe { unshare_unsafe(apart | UnshareFlags::NEWUSER) };
    left.map_err(refused)?;
    // Without a mapping this process is nobody as well, only without a name for it.
    let _ = fs::write("/proc/self/setgroups", "deny");
    let _ = fs::write("/proc/self/uid_map", format!("{NOBODY} {user} 1"));
    let _ = fs::write("/proc/self/gid_map", format!("{NOBODY} {group} 1"));
    Ok("user, network, mounts, IPC and host names of its own".to_owned())
}
