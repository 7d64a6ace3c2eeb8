//! The landing page's cell.

pub(crate) mod first_look;
// A server never draws it: it sends the first look.
#[cfg(any(feature = "hydrate", test))]
pub(crate) mod trial;
