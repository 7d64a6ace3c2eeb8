//! HTML forms.

use axum::extract::{FromRequest, Request};
use selvedge_ports::Error;

use super::body::read;
use crate::Failure;

/// The fields of an HTML form, in order.
#[derive(Clone, Debug)]
pub struct FormBody(Vec<(String, String)>);

impl FormBody {
    /// The first value of a field; an error when the form has none.
    pub fn field(&self, name: &str) -> Result<&str, Error> {
        self.0
            .iter()
            .find_map(|(found, value)| (found == name).then_some(value.as_str()))
            .ok_or_else(|| Error::invalid(name, "request.missing_field", format!("The field `{name}` is missing.")))
    }
}

impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let bytes = read(request.into_body()).await?;
        Ok(Self(form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}
