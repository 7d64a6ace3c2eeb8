//! Frames over a worker's pipes, without blocking.

use bytes::Bytes;
use selvedge_protocol::worker::{FrameError, FrameHead, FromWorker, ToWorker, decode, encode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

/// An encoded message with its attachment.
#[derive(Clone)]
pub(crate) struct Frame {
    message: Bytes,
    attachment: Bytes,
}

impl Frame {
    /// Errors: too large. Nothing that passed an order's checks is.
    pub(crate) fn new(message: &ToWorker, attachment: Bytes) -> Result<Self, FrameError> {
        Ok(Self {
            message: encode(message, attachment.len())?.into(),
            attachment,
        })
    }
}

/// Write whatever comes until nothing can come any more or the worker takes nothing any more.
pub(crate) async fn write(mut output: impl AsyncWrite + Unpin, mut frames: mpsc::UnboundedReceiver<Frame>) {
    while let Some(Frame { message, attachment }) = frames.recv().await {
        if output.write_all(&message).await.is_err() || output.write_all(&attachment).await.is_err() {
            // The reading side sees the end of the worker and deals with it.
            return;
        }
    }
}

/// Read one frame; none when the worker has closed its side.
pub(crate) async fn read(input: &mut (impl AsyncRead + Unpin)) -> Result<Option<(FromWorker, Bytes)>, FrameError> {
    let mut head = [0; FrameHead::BYTES];
    match input.read_exact(&mut head).await {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    };
    let head = FrameHead::decode(head)?;
    let json = read_bytes(input, head.json).await?;
    let attachment = read_bytes(input, head.attachment).await?;
    Ok(Some((decode(&json)?, attachment.into())))
}

/// Makes room as bytes arrive, so that a length alone costs nothing.
async fn read_bytes(input: &mut (impl AsyncRead + Unpin), length: usize) -> Result<Vec<u8>, FrameError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(length).unwrap_or(u64::MAX);
    if input.take(most).read_to_end(&mut bytes).await? < length {
        return Err(FrameError::Broken(std::io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes)
}
