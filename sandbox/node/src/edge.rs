//! The one place that a node calls: its edge.

use std::time::Duration;

use bytes::Bytes;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::connector::{Connector, SCHEMES, connector};
use crate::error::StartError;

/// How long one exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Answers are small: an acknowledgement, a key set.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// Keep-alive connections to the edge's origin, and to nothing else.
#[derive(Debug)]
pub(crate) struct Edge {
    scheme: Scheme,
    authority: Authority,
    client: Client<Connector, Full<Bytes>>,
}

/// The edge did not answer.
#[derive(Debug, thiserror::Error)]
#[error("the edge did not answer: {0}")]
pub(crate) struct NoAnswer(String);

impl Edge {
    /// Errors: the origin is not `http://host[:port]` (or `https:` in a build that has it).
    pub(crate) fn new(origin: &str) -> Result<Self, StartError> {
        let refuse = |reason| StartError::Edge {
            origin: origin.to_owned(),
            reason,
        };
        let uri: Uri = origin.parse().map_err(|_| refuse("it is not a URL"))?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(refuse("it has to look like http://127.0.0.1:3000"));
        };
        if parts.path_and_query.is_some_and(|path| path != "/") {
            return Err(refuse("it must not have a path"));
        }
        if authority.as_str().contains('@') {
            return Err(refuse("it must not have a user name"));
        }
        if !SCHEMES.contains(&scheme.as_str()) {
            return Err(refuse(match scheme.as_str() {
                "https" => "an edge under https needs a node built with the feature `tls`",
                _ => "only http and https are spoken",
            }));
        }
        let connector = connector().map_err(|_| refuse("the system's certificates cannot be read"))?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(60))
            .build(connector);
        Ok(Self { scheme, authority, client })
    }

    /// As a browser names it in `Origin`.
    pub(crate) fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }

    /// The path of a URL that lies under the edge's origin; none for any other.
    pub(crate) fn path_of(&self, url: &str) -> Option<PathAndQuery> {
        let parts = url.parse::<Uri>().ok()?.into_parts();
        (parts.scheme? == self.scheme && parts.authority? == self.authority).then_some(parts.path_and_query?)
    }

    /// Fetch a document.
    pub(crate) async fn get(&self, path: PathAndQuery) -> Result<(StatusCode, Bytes), NoAnswer> {
        self.exchange(path, |request| request.method(Method::GET).body(Full::default()))
            .await
    }

    /// Send JSON with a bearer token.
    pub(crate) async fn post(&self, path: PathAndQuery, token: &str, body: Bytes) -> Result<(StatusCode, Bytes), NoAnswer> {
        self.exchange(path, |request| {
            request
                .method(Method::POST)
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, format!("Bearer {token}"))
                .body(Full::new(body))
        })
        .await
    }

    async fn exchange(
        &self,
        path: PathAndQuery,
        complete: impl FnOnce(http::request::Builder) -> http::Result<Request<Full<Bytes>>>,
    ) -> Result<(StatusCode, Bytes), NoAnswer> {
        let failed = |error: &dyn std::error::Error| {
            let cause = error.source().map(|source| format!(" ({source})")).unwrap_or_default();
            NoAnswer(format!("{error}{cause}"))
        };
        let uri = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path)
            .build();
        let request = complete(Request::builder().uri(uri.map_err(|error| failed(&error))?)).map_err(|error| failed(&error))?;
        let exchange = async {
            let answer = self.client.request(request).await.map_err(|error| failed(&error))?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX)
                .collect()
                .await
                .map_err(|error| failed(&*error))?;
            Ok((status, body.to_bytes()))
        };
        tokio::time::timeout(PATIENCE, exchange)
            .await
            .map_err(|_| NoAnswer("it took longer than 10 s".to_owned()))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_of_the_edges_own_origin_have_a_path_here() {
        let edge = Edge::new("http://127.0.0.1:3000").unwrap();
        assert_eq!(
            edge.path_of("http://127.0.0.1:3000/internal/runs/1?a=b").unwrap(),
            "/internal/runs/1?a=b"
        );
        for foreign in [
            "http://127.0.0.1:3000.evil.example/r",
            "http://127.0.0.1:3000@evil.example/r",
            "http://u@127.0.0.1:3000/r",
            "http://127.0.0.1:3001/r",
            "https://127.0.0.1:3000/r",
            "http://127.0.0.1/r",
            "//127.0.0.1:3000/r",
            "/r",
            "",
        ] {
            assert!(edge.path_of(foreign).is_none(), "{foreign}");
        }
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_nothing_more() {
        assert!(Edge::new("http://edge.example").is_ok());
        assert!(Edge::new("http://edge.example/").is_ok());
        assert_eq!(Edge::new("https://edge.example").is_ok(), SCHEMES.contains(&"https"));
        for bad in [
            "edge.example",
            "http://",
            "ftp://edge.example",
            "http://edge.example/path",
            "http://user@edge.example",
            "",
        ] {
            assert!(matches!(Edge::new(bad), Err(StartError::Edge { .. })), "{bad}");
        }
    }
}
