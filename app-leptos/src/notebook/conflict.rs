//! Two versions of a cell: both are shown, nothing is overwritten before somebody chooses.

use leptos::prelude::*;

use super::cell_state::{CellState, Saving};
use super::{Sheet, saving};
use crate::icon::{Glyph, icon};

/// The choice, while there is one to make.
#[component]
pub(crate) fn Conflict(
    /// The notebook.
    sheet: Sheet,
    /// The cell.
    cell: CellState,
) -> impl IntoView {
    move || {
        let Saving::Conflict(theirs) = cell.saving.get() else { return None };
        let (mine_cell, theirs_cell) = (cell.clone(), cell.clone());
        let (mine_saved, theirs_saved) = (theirs.clone(), theirs.clone());
        Some(view! {
            <div class="conflict" role="group" aria-label="Two versions of this cell">
                <p class="conflict-title">
                    {icon(Glyph::TriangleAlert)}
                    <span>"This cell was changed elsewhere while you typed. Yours is in the editor above; this is the other one:"</span>
                </p>
                <pre class="text" tabindex="0" role="group" aria-label="The other version">{theirs.code}</pre>
                <p class="conflict-choice">
                    <button type="button" class="button" on:click=move |_| saving::keep_mine(sheet, &mine_cell, mine_saved.clone())>"Keep mine"</button>
                    <button type="button" class="button" on:click=move |_| saving::take_theirs(&theirs_cell, theirs_saved.clone())>"Take the other"</button>
                </p>
            </div>
        })
    }
}
