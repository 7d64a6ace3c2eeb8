//! The body of a component's answer.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

use super::guest::Guest;

/// Reads what the guest writes, and lets it write.
pub(crate) struct GuestBody {
    inner: HyperOutgoingBody,
    guest: Guest,
}

impl GuestBody {
    pub(super) fn new(inner: HyperOutgoingBody, guest: Guest) -> Self {
        Self { inner, guest }
    }

    /// The host answers in the guest's place: the instance has nothing left to do.
    pub(crate) fn take_over(mut self) {
        self.guest.end();
    }
}

impl Body for GuestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) {
            return Poll::Ready(frame);
        }
        // Whether or not it goes on later: it may have written something now.
        let _ = self.guest.poll(context);
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
