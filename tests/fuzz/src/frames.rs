//! Frames between node and worker, read as both sides read them.

use selvedge_protocol::worker::{FromWorker, ToWorker, read_frame, write_frame};

/// Whatever reads as a message reads as the same message after being written again.
pub fn check(bytes: &[u8]) {
    let mut input = bytes;
    while let Ok(Some((message, attachment))) = read_frame::<ToWorker>(&mut input) {
        let mut again = Vec::new();
        if write_frame(&mut again, &message, &attachment).is_ok() {
            let read = read_frame::<ToWorker>(&mut again.as_slice());
            assert!(matches!(read, Ok(Some((same, attached))) if same == message && attached == attachment));
        }
    }
    let mut input = bytes;
    while let Ok(Some((message, attachment))) = read_frame::<FromWorker>(&mut input) {
        let mut again = Vec::new();
        if write_frame(&mut again, &message, &attachment).is_ok() {
            let read = read_frame::<FromWorker>(&mut again.as_slice());
            assert!(matches!(read, Ok(Some((same, attached))) if same == message && attached == attachment));
        }
    }
}
