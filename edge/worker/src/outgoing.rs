//! Outgoing HTTP with `fetch`: to the database and to nodes.

use std::pin::pin;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::{Either, select};
use selvedge_ports::port::HttpError;
use selvedge_ports::{Http, HttpRequest, HttpResponse};
use worker::js_sys::Uint8Array;
use worker::send::SendFuture;
use worker::{Delay, Headers, Method, Request, RequestInit, RequestRedirect};

/// How long a peer may take to answer. Nodes only queue, and a statement that takes longer would have no one left to read it.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// The runtime's `fetch`.
pub(crate) struct Fetch;

#[async_trait]
impl Http for Fetch {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        // What JavaScript gives out is not `Send`; a Worker has one thread.
        SendFuture::new(async {
            let answer = pin!(send(request));
            match select(answer, Delay::from(ANSWER_WITHIN)).await {
                Either::Left((answer, _)) => answer.map_err(|error| HttpError(error.to_string())),
                Either::Right(_) => Err(HttpError(format!("no answer within {ANSWER_WITHIN:?}"))),
            }
        })
        .await
    }
}

async fn send(request: HttpRequest) -> worker::Result<HttpResponse> {
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.append(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::from(request.method))
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual);
    if !request.body.is_empty() {
        init.with_body(Some(Uint8Array::from(request.body.as_slice()).into()));
    }
    let request = Request::new_with_init(&request.url, &init)?;
    let mut response = worker::Fetch::Request(request).send().await?;
    let body = response.bytes().await?;
    Ok(HttpResponse {
        status: response.status_code(),
        body,
    })
}
