//! Reading requests: JSON bodies, queries, forms and headers, each refusal naming the field at fault.

mod body;
mod conditions;
mod form;
mod json;
mod query;

pub(crate) use body::too_large;
pub use body::{BODY_BYTES_MAX, FileBody, KERNEL_FILE_BYTES_MAX, body_bytes_max};
pub use conditions::{ExpectedVersion, IdempotencyKey};
pub use form::FormBody;
pub use json::{JsonBody, OptionalBody};
pub use query::Query;
