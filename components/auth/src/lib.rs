//! Identity and authorization.
