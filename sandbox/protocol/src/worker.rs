//! Messages between a node and its guest worker process, and the frames that carry them over the worker's stdin and stdout.
//!
//! A frame is two lengths (JSON, attachment; 32 bits each, little-endian), the message as JSON, and the attachment: a kernel's checkpoint,
//! which is binary and can be large. Both sides check the lengths before they make room for anything, because either side may be talking
//! to a process that something has taken over.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ask::{Ask, AskReply};
use crate::hardening::Layer;
use crate::limits::{FRAME_ATTACHMENT_BYTES_MAX, FRAME_JSON_BYTES_MAX};
use crate::task::Task;
use crate::{EventKind, OrderLimits, Outcome};

/// Grows with every change of these messages. A worker says its number in [`FromWorker::Ready`]; a node takes only its own.
pub const VERSION: u32 = 6;

/// What a node tells its worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ToWorker {
    /// Run a cell. Runs of one kernel are done in the order in which they are sent.
    Run(RunCell),
    /// Stop a run, whether or not it has begun. A run that is not there is no error: it may just have ended.
    Cancel {
        /// `run_…`
        run: String,
    },
    /// Drop a kernel's live instance. Its checkpoint is the node's business.
    Forget {
        /// `krn_…`
        kernel: String,
    },
    /// The answer to a run that asked for a line ([`EventKind::Input`]).
    Input {
        /// `run_…`
        run: String,
        /// Without or with a line's end. None: nobody answers, and the run need not ask again.
        text: Option<String>,
        /// How long the run waited for it, in microseconds, from when the node heard the question: this is not of its wall time.
        waited_us: u64,
    },
    /// The oldest so many events of a run have reached whoever wants them: the run may say as much again.
    Taken {
        /// `run_…`
        run: String,
        /// How many.
        events: u64,
    },
    /// A question about a kernel's state.
    Ask(Ask),
}

/// One cell to be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunCell {
    /// `run_…`
    pub run: String,
    /// None: a fresh instance that is dropped afterwards.
    pub kernel: Option<KernelStart>,
    /// One of [`crate::LANGUAGES`].
    pub language: String,
    /// Hash of an environment image; none: the language without packages.
    #[serde(default)]
    pub environment: Option<String>,
    /// Shown in tracebacks instead of a file name.
    pub label: String,
    /// Source text.
    pub code: String,
    /// What to do with it.
    #[serde(default)]
    pub task: Task,
    /// Standard input.
    pub stdin: Option<String>,
    /// Somebody is there to answer when the cell asks for a line.
    pub interactive: bool,
    /// Bounds.
    pub limits: OrderLimits,
}

/// Which kernel, and what to do when it is not alive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelStart {
    /// `krn_…`
    pub id: String,
    /// Where its memory comes from.
    pub memory: KernelMemory,
    /// Number of the newest checkpoint that the node keeps of it: what the worker keeps next may be told as what differs from that one. 0: none.
    pub newest: u64,
}

/// Where a kernel's memory comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KernelMemory {
    /// The live instance; the worker answers [`FromWorker::Missing`] when there is none.
    Alive,
    /// Nothing was ever kept of this kernel: a fresh instance.
    Empty,
    /// The objects attached to this frame (`selvedge_checkpoint::join`), which make its newest checkpoint.
    Attached,
}

/// What a worker tells its node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromWorker {
    /// The image is open; runs can be sent. Always the first message.
    Ready {
        /// [`VERSION`] of the worker.
        version: u32,
        /// Hash of the image.
        image: String,
        /// The worker's wall, as far as this system permits it.
        layers: Vec<Layer>,
    },
    /// Something happened in a run. The node numbers these.
    Event {
        /// `run_…`
        run: String,
        /// What happened.
        kind: EventKind,
        /// Milliseconds since the epoch.
        at: u64,
        /// Depends on the kind.
        data: Value,
    },
    /// The guest has stopped; what is left to do is to keep its memory. From here on the run's wall-time limit no longer counts.
    Stopped {
        /// `run_…`
        run: String,
    },
    /// The last message of a run. Attached: the kernel's checkpoint as one object, when `kept`.
    Ended {
        /// `run_…`
        run: String,
        /// How it ended.
        outcome: Outcome,
        /// True when the kernel lives on, with its checkpoint attached. False for an isolated run, and when the instance was dropped: then
        /// the kernel is what it was before this run.
        kept: bool,
        /// The number of the checkpoint that the attached one is told as a difference from: the newest that the node keeps. None: it holds
        /// everything.
        after: Option<u64>,
    },
    /// Last message of a run that has not begun: its kernel is not alive, send it again with the checkpoint.
    Missing {
        /// `run_…`
        run: String,
    },
    /// Last message of a run that has not begun: the attached checkpoint cannot be restored.
    Unreadable {
        /// `run_…`
        run: String,
        /// Why.
        message: String,
    },
    /// The answer to [`ToWorker::Ask`], its only one.
    Answered {
        /// The node's number.
        ask: String,
        /// What came of it.
        reply: AskReply,
    },
}

/// Why a frame was refused. After any of these the stream is of no use.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// A length beyond its bound; nothing was read or written.
    #[error("a frame of {json} + {attachment} bytes is larger than allowed")]
    TooLarge {
        /// Bytes of JSON.
        json: usize,
        /// Bytes of attachment.
        attachment: usize,
    },
    /// The JSON is not a message.
    #[error("a frame holds no known message: {0}")]
    Malformed(#[from] serde_json::Error),
    /// The stream ended inside a frame, or failed.
    #[error("the stream broke: {0}")]
    Broken(#[from] io::Error),
}

/// The lengths at the start of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHead {
    /// Bytes of JSON.
    pub json: usize,
    /// Bytes of attachment.
    pub attachment: usize,
}

impl FrameHead {
    /// Size of the encoded head.
    pub const BYTES: usize = 8;

    /// Errors: a length beyond its bound.
    pub fn decode(bytes: [u8; Self::BYTES]) -> Result<Self, FrameError> {
        let [a, b, c, d, e, f, g, h] = bytes;
        let length = |bytes| usize::try_from(u32::from_le_bytes(bytes)).unwrap_or(usize::MAX);
        Self {
            json: length([a, b, c, d]),
            attachment: length([e, f, g, h]),
        }
        .checked()
    }

    fn encode(self) -> Result<[u8; Self::BYTES], FrameError> {
        let Self { json, attachment } = self.checked()?;
        let too_large = |_| FrameError::TooLarge { json, attachment };
        let [a, b, c, d] = u32::try_from(json).map_err(too_large)?.to_le_bytes();
        let [e, f, g, h] = u32::try_from(attachment).map_err(too_large)?.to_le_bytes();
        Ok([a, b, c, d, e, f, g, h])
    }

    fn checked(self) -> Result<Self, FrameError> {
        if self.json > FRAME_JSON_BYTES_MAX || self.attachment > FRAME_ATTACHMENT_BYTES_MAX {
            return Err(FrameError::TooLarge {
                json: self.json,
                attachment: self.attachment,
            });
        }
        Ok(self)
    }
}

/// The head and the JSON of a frame; the attachment, of the given length, follows it on the wire.
pub fn encode(message: &impl Serialize, attachment: usize) -> Result<Vec<u8>, FrameError> {
    let mut bytes = vec![0; FrameHead::BYTES];
    serde_json::to_writer(&mut bytes, message)?;
    let head = FrameHead {
        json: bytes.len() - FrameHead::BYTES,
        attachment,
    }
    .encode()?;
    for (place, byte) in bytes.iter_mut().zip(head) {
        *place = byte;
    }
    Ok(bytes)
}

/// The message in a frame's JSON.
pub fn decode<M: DeserializeOwned>(json: &[u8]) -> Result<M, FrameError> {
    Ok(serde_json::from_slice(json)?)
}

/// Write one frame and flush.
pub fn write_frame(output: &mut impl Write, message: &impl Serialize, attachment: &[u8]) -> Result<(), FrameError> {
    output.write_all(&encode(message, attachment.len())?)?;
    output.write_all(attachment)?;
    Ok(output.flush()?)
}

/// Read one frame; none when the stream ends before it.
pub fn read_frame<M: DeserializeOwned>(input: &mut impl Read) -> Result<Option<(M, Vec<u8>)>, FrameError> {
    let mut head = [0; FrameHead::BYTES];
    let mut first = [0; 1];
    loop {
        match input.read(&mut first) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    let (start, rest) = head.split_at_mut(1);
    start.copy_from_slice(&first);
    input.read_exact(rest)?;
    let head = FrameHead::decode(head)?;
    let json = read_bytes(input, head.json)?;
    let attachment = read_bytes(input, head.attachment)?;
    Ok(Some((decode(&json)?, attachment)))
}

/// Makes room as bytes arrive, so that a length alone costs nothing.
fn read_bytes(input: &mut impl Read, length: usize) -> Result<Vec<u8>, FrameError> {
    let mut bytes = Vec::new();
    input.take(u64::try_from(length).unwrap_or(u64::MAX)).read_to_end(&mut bytes)?;
    if bytes.len() < length {
        return Err(FrameError::Broken(io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes)
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
