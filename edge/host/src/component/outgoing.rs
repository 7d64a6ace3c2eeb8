//! Outgoing HTTP of the component: to the node that is in force at this moment, and to nowhere else.

use std::future::Future;

use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody, WasiHttpHooks};

use crate::node::Address;

/// Lets requests to this address through.
pub(super) struct ToNode(pub(super) Address);

type Finished = Box<dyn Future<Output = Result<()>> + Send>;
type Answered = Box<dyn Future<Output = Result<(Response<WasiBody>, Finished)>> + Send>;

impl WasiHttpHooks for ToNode {
    fn send_request(&mut self, request: Request<WasiBody>, options: Option<RequestOptions>, _sent: Finished) -> Answered {
        let allowed = self.0.get().is_some_and(|node| is_at(&node, request.uri()));
        let client = self.0.client();
        Box::new(async move {
            if !allowed {
                return Err(Error::HttpRequestDenied);
            }
            let limit = options.and_then(|options| options.first_byte_timeout);
            let answer = async { client.request(request).await.map_err(|_| Error::ConnectionRefused) };
            let response = match limit {
                Some(limit) => tokio::time::timeout(limit, answer)
                    .await
                    .map_err(|_| Error::ConnectionReadTimeout)??,
                None => answer.await?,
            };
            let nothing: Finished = Box::new(async { Ok(()) });
            Ok((response.map(|body| body.map_err(Error::from).boxed_unsync()), nothing))
        })
    }
}

fn is_at(node: &str, uri: &http::Uri) -> bool {
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    node.strip_prefix(scheme)
        .and_then(|rest| rest.strip_prefix("://"))
        .is_some_and(|origin| origin == authority.as_str())
}

/// Keeps connections to the node open between requests.
pub(crate) type NodeClient = Client<HttpConnector, WasiBody>;

/// A client.
pub(crate) fn client() -> NodeClient {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(std::time::Duration::from_secs(2)));
    Client::builder(TokioExecutor::new()).build(connector)
}

#[cfg(test)]
mod tests {
    use super::is_at;

    #[test]
    fn only_the_node_is_reached() {
        let node = "http://127.0.0.1:4010";
        assert!(is_at(node, &"http://127.0.0.1:4010/v1/runs".parse().unwrap()));
        for other in [
            "http://127.0.0.1:4011/",
            "https://127.0.0.1:4010/",
            "http://127.0.0.1:4010.example/",
            "http://127.0.0.1/",
            "http://u@127.0.0.1:4010/",
        ] {
            assert!(!is_at(node, &other.parse().unwrap()), "{other}");
        }
    }
}
