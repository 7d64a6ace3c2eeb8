//! One cell on paper.

use leptos::prelude::*;

use super::arranging::{self, Side, Then};
use super::cell_state::{CellState, Saving};
use super::conflict::Conflict;
use super::gutter::Gutter;
use super::input::InputLine;
use super::outputs::Outputs;
use super::thread::{Thread, thread};
use super::{Sheet, highlight, keys, saving};
use crate::browser::editor::{self, Edit};
use crate::icon::{Glyph, icon};

/// A cell: thread, gutter, source, outputs.
#[component]
pub(crate) fn CellView(
    /// The notebook.
    sheet: Sheet,
    /// The cell.
    cell: CellState,
) -> impl IntoView {
    attach_editor(sheet, &cell);
    let id = StoredValue::new(cell.id.clone());
    let number = Memo::new(move |_| sheet.number(&id.get_value()));
    let word = {
        let cell = cell.clone();
        Memo::new(move |_| Thread::of(&cell).word())
    };
    let is_selected = move || sheet.selected.with(|selected| selected.as_deref() == Some(&*id.get_value()));
    let label = move || format!("Cell {}", number.get());
    let source = highlight::lines(&cell.code.get_untracked());
    let refusal = {
        let saving = cell.saving.clone();
        move || match saving.get() {
            Saving::Refused(why) => {
                Some(view! { <p class="note note-danger">{icon(Glyph::CircleAlert)}<span>"Not saved. "{why}</span></p> })
            }
            _ => None,
        }
    };
    let (above, below, removed) = (cell.clone(), cell.clone(), cell.clone());
    view! {
        <section
            class="cell"
            id=arranging::element_id(&cell.id)
            tabindex="0"
            aria-label=label
            data-thread=word
            class:selected=is_selected
            on:focusin=move |_| sheet.selected.set(Some(id.get_value()))
        >
            {thread()}
            <Gutter sheet cell=cell.clone()/>
            <div class="cell-body">
                <div class="editor" data-editor=cell.id.clone()>
                    <pre class="source" inner_html=source></pre>
                </div>
                {refusal}
                <Conflict sheet cell=cell.clone()/>
                <Outputs run=cell.run.clone() around=sheet.around() label=Signal::derive(move || format!("Output of cell {}", number.get()))/>
                <InputLine sheet cell=cell.clone()/>
            </div>
            <div class="cell-actions" role="group" aria-label="Cell actions">
                <button type="button" class="button quiet square" aria-label="Add a cell above" title="Add a cell above (A)" disabled=!sheet.may_edit
                    on:click=move |_| arranging::add_beside(sheet, &above, Side::Above, Then::Edit)>{icon(Glyph::ArrowUp)}</button>
                <button type="button" class="button quiet square" aria-label="Add a cell below" title="Add a cell below (B)" disabled=!sheet.may_edit
                    on:click=move |_| arranging::add_beside(sheet, &below, Side::Below, Then::Edit)>{icon(Glyph::Plus)}</button>
                <button type="button" class="button quiet square" aria-label="Remove this cell" title="Remove this cell (D D)" disabled=!sheet.may_edit
                    on:click=move |_| arranging::remove(sheet, &removed)>{icon(Glyph::Trash)}</button>
            </div>
        </section>
    }
}

/// Once the cell is on the page, the editor takes its place over the source.
fn attach_editor(sheet: Sheet, cell: &CellState) {
    let cell = cell.clone();
    let id = cell.id.clone();
    Effect::new(move |_| {
        let heard = cell.clone();
        let label = format!(
            "Source of cell {}. Escape, then Tab, leaves the text.",
            untrack(|| sheet.number(&cell.id))
        );
        editor::attach(
            &cell.id,
            &cell.code.get_untracked(),
            &label,
            !sheet.may_edit,
            &format!("{}/kernel", sheet.path()),
            move |edit| match edit {
                Edit::Said(words) => sheet.said.set(words),
                Edit::Changed(text) => saving::typed(sheet, &heard, text),
                Edit::Focused => sheet.selected.set(Some(heard.id.clone())),
                Edit::Key(kind) => keys::from_editor(sheet, &heard, &kind),
            },
        );
    });
    on_cleanup(move || editor::detach(&id));
}
