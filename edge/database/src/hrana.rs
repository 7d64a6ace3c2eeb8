//! libSQL over HTTP: Hrana 3 pipelines to sqld or any server that speaks it, one HTTP request per call.
//!
//! Needs only an [`Http`] port, so it runs on every target, Workers included.

mod answer;
mod ask;

use std::sync::Arc;

use async_trait::async_trait;
use selvedge_ports::shapes::{ResultSet, SqlError, Statement};
use selvedge_ports::{Http, HttpRequest, Sql};

/// A database at a URL.
pub struct Hrana {
    http: Arc<dyn Http>,
    pipeline: String,
    headers: Vec<(String, String)>,
}

impl Hrana {
    /// `url` is the server's origin (`http://`, `https://`, or `libsql://`, which means https). `token` is sent as a bearer token.
    pub fn new(http: Arc<dyn Http>, url: &str, token: Option<&str>) -> Self {
        let origin = url.trim_end_matches('/');
        let origin = origin
            .strip_prefix("libsql://")
            .map_or_else(|| origin.to_owned(), |host| format!("https://{host}"));
        let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        if let Some(token) = token.filter(|token| !token.is_empty()) {
            headers.push(("authorization".to_owned(), format!("Bearer {token}")));
        }
        Self {
            http,
            pipeline: format!("{origin}/v3/pipeline"),
            headers,
        }
    }

    async fn send(&self, body: Vec<u8>) -> Result<Vec<u8>, SqlError> {
        let request = HttpRequest {
            method: "POST".to_owned(),
            url: self.pipeline.clone(),
            headers: self.headers.clone(),
            body,
        };
        let response = self
            .http
            .send(request)
            .await
            .map_err(|error| SqlError::Unavailable(error.to_string()))?;
        match response.status {
            200..=299 => Ok(response.body),
            401 | 403 => Err(SqlError::Unavailable("the database server refused the token".to_owned())),
            status => Err(SqlError::Unavailable(format!("the database server answered {status}"))),
        }
    }
}

#[async_trait]
impl Sql for Hrana {
    async fn query(&self, statement: Statement) -> Result<ResultSet, SqlError> {
        let body = self.send(ask::one(statement)?).await?;
        answer::one(&body)
    }

    async fn batch(&self, statements: Vec<Statement>) -> Result<Vec<ResultSet>, SqlError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        let count = statements.len();
        let body = self.send(ask::transaction(statements)?).await?;
        answer::transaction(&body, count)
    }
}
