//! A real sqld and an HTTP port to reach it.

use async_trait::async_trait;
use selvedge_ports::port::HttpError;
use selvedge_ports::{Http, HttpRequest, HttpResponse};

/// Blocking HTTP, which is enough for a test.
pub(crate) struct Ureq(ureq::Agent);

impl Default for Ureq {
    fn default() -> Self {
        Self(ureq::Agent::config_builder().http_status_as_error(false).build().new_agent())
    }
}

#[async_trait]
impl Http for Ureq {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let failed = |error: ureq::Error| HttpError(error.to_string());
        let mut call = self.0.post(&request.url);
        for (name, value) in &request.headers {
            call = call.header(name, value);
        }
        let mut response = call.send(&request.body[..]).map_err(failed)?;
        Ok(HttpResponse {
            status: response.status().as_u16(),
            body: response.body_mut().read_to_vec().map_err(failed)?,
        })
    }
}
