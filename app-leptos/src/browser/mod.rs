//! What the islands need of a browser. `absent.rs` has the same items for a server, where none of it is ever reached.

pub(crate) mod editor;
pub(crate) mod events;
pub(crate) mod fetch;
pub(crate) mod islands;
pub(crate) mod page;
pub(crate) mod store;
pub(crate) mod task;
