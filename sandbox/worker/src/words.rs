//! What this process says: frames to the node on stdout, complaints on stderr.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::process::exit;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use selvedge_protocol::worker::{FromWorker, encode};
use serde_json::json;

/// The node's ear.
#[derive(Debug)]
pub(crate) struct Words(Mutex<File>);

impl Words {
    /// Takes stdout, without the standard library's buffer: every frame is one write.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(Mutex::new(File::from(io::stdout().as_fd().try_clone_to_owned()?))))
    }

    /// Say something; returns how many bytes that were.
    pub(crate) fn say(&self, message: &FromWorker) -> usize {
        self.say_with(message, &[])
    }

    /// Say something with an attachment. The node always reads, so this does not wait for long; when it is gone, so are we.
    pub(crate) fn say_with(&self, message: &FromWorker, attachment: &[u8]) -> usize {
        let frame = match encode(message, attachment.len()) {
            Ok(frame) => frame,
            Err(error) => {
                complain(&format!("a message could not be sent: {error}"));
                exit(1);
            }
        };
        let mut output = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if output.write_all(&frame).and_then(|()| output.write_all(attachment)).is_err() {
            exit(0);
        }
        frame.len()
    }
}

/// One line for the node's log.
pub(crate) fn complain(message: &str) {
    let line = format!(
        "{}\n",
        json!({ "at": now_ms(), "level": "error", "source": "worker", "message": message })
    );
    // There is nowhere left to complain about this.
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// Milliseconds since the epoch.
pub(crate) fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}
