//! An empty file system: paths lead nowhere, not even to a file's name or size, which landlock does not hide.

use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_change, unmount};
use rustix::process::{chdir, chroot, pivot_root};

use super::namespaces::Place;
use super::refused;

/// A folder that is there wherever this process runs, to put the new root on.
const PLACE: &str = "/proc";

/// Replace the root by an empty, read-only folder. Takes a mount namespace and the rights over it.
pub(super) fn empty(place: Place) -> Result<String, String> {
    if place == Place::Outside {
        return Err("this takes namespaces of its own".to_owned());
    }
    mount_change("/", MountPropagationFlags::REC | MountPropagationFlags::PRIVATE).map_err(refused)?;
    let flags = MountFlags::RDONLY | MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    mount("none", PLACE, "tmpfs", flags, Some(c"size=4k,nr_inodes=2,mode=0")).map_err(refused)?;
    chdir(PLACE).map_err(refused)?;
    // The old root ends up on top of the new one, and is taken away from there.
    let pivoted = pivot_root(".", ".").and_then(|()| unmount(".", UnmountFlags::DETACH));
    if pivoted.is_ok() {
        chdir("/").map_err(refused)?;
        return Ok("an empty folder, read-only".to_owned());
    }
    // A machine whose root is its start-up file system cannot swap it.
    chroot(".").and_then(|()| chdir("/")).map_err(refused)?;
    Ok("an empty folder, read-only, by chroot".to_owned())
}
