//! The notebook: a toolbar of one line and cells on paper. One island; the server renders it with every last output, so it reads without JavaScript.
//!
//! * [`sheet`]: the notebook's state; [`cell_state`], [`run_state`]: a cell's and a run's.
//! * [`saving`], [`running`], [`arranging`]: what people do to it, each through the public API.
//! * [`history`], [`variables`]: what its kernel was and is; [`timeline`], [`confirm`], [`drawer`]: how that is shown.
//! * [`cell`], [`toolbar`], [`notices`], [`help`]: what it looks like.
//! * [`shortcuts`]: every key, in one table.

mod arranging;
mod cell;
pub(crate) mod cell_state;
mod confirm;
mod conflict;
mod drawer;
mod gutter;
mod help;
pub(crate) mod highlight;
mod history;
mod input;
mod keys;
mod notices;
pub(crate) mod outputs;
pub(crate) mod run_state;
pub(crate) mod running;
pub(crate) mod saving;
mod sheet;
mod shortcuts;
pub(crate) mod thread;
mod timeline;
mod toolbar;
mod variables;
mod waking;

use leptos::prelude::*;
use selvedge_contract::{Account, Notebook as Shown};
use serde::{Deserialize, Serialize};

pub(crate) use cell::CellView;
pub(crate) use sheet::Sheet;

/// Name of this island.
pub(crate) const ISLAND: &str = "notebook";

/// What the server hands over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Opened {
    /// Cells with their last outputs.
    pub(crate) notebook: Shown,
    /// The project's credits, when they could be read.
    pub(crate) account: Option<Account>,
    /// The visitor has no account: the page says how long this is kept.
    pub(crate) anonymous: bool,
}

/// The notebook.
#[component]
pub(crate) fn Notebook(
    /// From the server.
    opened: Opened,
) -> impl IntoView {
    let sheet = Sheet::new(&opened);
    waking::wake(sheet);
    let name = opened.notebook.name;
    let cells = move || sheet.cells.get();
    view! {
        <div class="notebook" class:with-drawer=move || sheet.panel.get().is_some() on:keydown=move |event| keys::press(sheet, &event)>
            <toolbar::Toolbar sheet name anonymous=opened.anonymous/>
            <notices::Notices sheet/>
            <main id="main" class="sheet" tabindex="-1">
                <Show when=move || sheet.cells.with(Vec::is_empty)>
                    <div class="empty">
                        <p>"This notebook has no cells. A cell holds Python; what one cell defines, the next ones know."</p>
                        <Show when=move || sheet.may_edit>
                            <button type="button" class="button primary" on:click=move |_| arranging::add_first(sheet)>"Add a cell"</button>
                        </Show>
                    </div>
                </Show>
                <For each=cells key=|cell| cell.id.clone() children=move |cell| view! { <CellView sheet cell/> }/>
            </main>
            <drawer::Drawer sheet/>
            <confirm::Confirm sheet/>
            <help::Help open=sheet.help/>
            <p class="announcer" role="status" aria-live="polite">{move || sheet.said.get()}</p>
        </div>
    }
}
