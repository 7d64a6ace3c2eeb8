//! Nothing that was open in the process that started this one stays open here.

use std::fs;
use std::os::fd::RawFd;

/// Close everything but the three standard streams. Only for a process that has opened nothing itself.
pub(super) fn close_inherited() -> Result<String, String> {
    let open: Vec<RawFd> = fs::read_dir("/proc/self/fd")
        .map_err(|error| format!("/proc/self/fd: {error}"))?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|number| *number > 2)
        .collect();
    for number in &open {
        // SAFETY: nothing in this process has opened anything yet, so nobody relies on it. The one that listed the folder is closed already,
        // and closing it again fails.
        #[expect(unsafe_code, reason = "an inherited descriptor has no owner that could be dropped")]
        unsafe {
            rustix::io::close(*number);
        }
    }
    Ok("the three standard streams only".to_owned())
}
