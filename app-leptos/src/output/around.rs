//! What outputs may ask of the place that they are shown in.

use leptos::prelude::*;

/// A place in the source of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The cell as tracebacks name it: `cell 3`.
    pub(crate) label: String,
    /// From 1.
    pub(crate) line: u32,
    /// In characters, from 0.
    pub(crate) column: u32,
}

/// The place around outputs.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    /// Puts the caret there.
    pub(crate) go_to: Callback<Spot>,
    /// `/api/v1/notebooks/<id>`, when its kernel can be asked for the rest of a large table.
    pub(crate) notebook: StoredValue<Option<String>>,
}
