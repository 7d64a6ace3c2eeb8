//! Request bodies on their way to the component.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use wasmtime_wasi_http::Error;

/// Bodies up to this size are read before an instance is taken: a slow client holds none, and a refused body does not cost the connection.
const WHOLE_BYTES_MAX: u64 = 64 << 10;
/// How long a client may take to send such a body.
const WHOLE_WITHIN: Duration = Duration::from_secs(20);

/// A request's body.
pub(crate) enum Upload {
    /// Here already.
    Whole(Full<Bytes>),
    /// Read as the component reads it.
    Stream(Incoming),
}

/// The client did not send what it announced, or not in time.
#[derive(Debug)]
pub(crate) struct Incomplete;

impl Upload {
    /// Take a request's body in.
    pub(crate) async fn take(request: Request<Incoming>) -> Result<Request<Self>, Incomplete> {
        let (head, body) = request.into_parts();
        let upload = match body.size_hint().upper() {
            Some(0) => Self::Whole(Full::default()),
            Some(size) if size <= WHOLE_BYTES_MAX => {
                let read = tokio::time::timeout(WHOLE_WITHIN, body.collect()).await;
                let body = read.map_err(|_| Incomplete)?.map_err(|_| Incomplete)?;
                Self::Whole(Full::new(body.to_bytes()))
            }
            _ => Self::Stream(body),
        };
        Ok(Request::from_parts(head, upload))
    }

    /// May be left unread, and then the connection cannot be used again.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self, Self::Stream(_))
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body).poll_frame(context).map_err(|never| match never {}),
            Self::Stream(body) => Pin::new(body).poll_frame(context).map_err(Error::from),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Stream(body) => body.size_hint(),
        }
    }
}
