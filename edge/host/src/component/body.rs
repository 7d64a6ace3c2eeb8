//! The body of a component's answer.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::oneshot;
use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

/// Reads what the guest writes.
pub(crate) struct GuestBody {
    inner: HyperOutgoingBody,
    stop: oneshot::Sender<()>,
}

impl GuestBody {
    pub(super) fn new(inner: HyperOutgoingBody, stop: oneshot::Sender<()>) -> Self {
        Self { inner, stop }
    }

    /// The host answers in the guest's place: end the instance.
    pub(crate) fn take_over(self) {
        // It may have ended by itself.
        let _ = self.stop.send(());
    }
}

impl Body for GuestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
